-- The lab: what is asked, what is kept, what is made of the answers. Numbers in parentheses are those
-- of the plan's test vectors.
local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lab = require "lualogue.lab"
local program = require "spec.support.program"

local quote = program.quote

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  file:close()
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

--- What a function raises, as text.
local function raised(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return tostring(err)
end

local function with(fields, more)
  local all = { models = { { model = "m", base_url = "http://127.0.0.1:9/v1", api_key = false } }, prompts = "Hi" }
  for _, from in ipairs { fields or {}, more or {} } do
    for name, value in pairs(from) do all[name] = value end
  end
  return all
end

local function content_of(cell) return cell.params.messages[1].content end

describe("a lab's templates", function()
  local function filled(text, row)
    return content_of(lab.cells(with { prompts = text, inputs = { row } })[1])
  end

  it("put values in as they are (1, 2, 4, 6)", function()
    assert.equal("Hi ${x}", filled("Hi ${name}", { name = "${x}" }))
    assert.equal("{{7*7}} <b> &amp;", filled("${name}", { name = "{{7*7}} <b> &amp;" }))
    assert.equal("${name}", filled("$${name}", { name = "x" }))
    assert.equal("3", filled("${n}", { n = 3 }))
  end)

  it("are in every message, and only in texts", function()
    local cell = lab.cells(with { inputs = { { q = "Q", s = "S" } }, prompts = { a = {
      { role = "system", content = "${s}" },
      { role = "user", content = { { type = "text", text = "${q}" }, { type = "image_url", image_url = { url = "${q}" } } } },
    } } })[1]
    assert.equal("S", cell.params.messages[1].content)
    assert.equal("Q", cell.params.messages[2].content[1].text)
    assert.equal("${q}", cell.params.messages[2].content[2].image_url.url)
  end)

  it("keep what a CSV has: 3.0 is not 3 (6)", function()
    program.with_folder(function(folder)
      write(folder .. "/in.csv", "n\n3.0\n")
      assert.equal("3.0", content_of(lab.cells(with { prompts = "${n}", inputs = folder .. "/in.csv" })[1]))
    end)
  end)

  it("name prompt, row and variable where no row has it (3)", function()
    local message = raised(lab.cells, with { prompts = { terse = "${question}" }, inputs = { { id = "a", name = "x" } } })
    assert.matches("prompts.terse: ${question} is missing in every row, such as a", message, 1, true)
    assert.matches("^spec/lab_spec.lua:%d+: ", message)
  end)

  it("warn of one that is not closed, which is literal (5)", function()
    local spec = lab(with { prompts = "a ${name", inputs = { { name = "x" } } })
    assert.equal("a ${name", content_of(lab.cells(spec)[1]))
    assert.matches("prompt prompt: a ${ that is not closed: ${name", spec.warnings[1], 1, true)
  end)

  it("fail one row alone where only that has no value (7)", function()
    local cells = lab.cells(with { prompts = { p = "${q}" }, inputs = { { id = "a", q = "x" }, { id = "b" } } })
    assert.is_nil(cells[1].error)
    assert.equal("prompt p, row b: ${q} is missing", cells[2].error.message)
  end)
end)

describe("a lab's cells", function()
  it("are all there are, in an order that never changes (8)", function()
    local spec = with {
      prompts = { b = "B ${q}", a = "A ${q}" }, models = { "x", "y", { name = "z", model = "zz" } },
      inputs = { { q = "1" }, { q = "2" }, { q = "3" }, { q = "4" } }, vary = { temperature = { 0, 1 } }, repeats = 3,
    }
    local cells = lab.cells(spec)
    assert.equal(144, #cells)
    local keys, known = {}, {}
    for i, cell in ipairs(cells) do
      assert.is_nil(known[cell.key])
      known[cell.key], keys[i] = true, cell.key
    end
    for i, cell in ipairs(lab.cells(spec)) do assert.equal(keys[i], cell.key) end
    assert.same({ "a", "x", { temperature = 0 }, 1 }, { cells[1].prompt, cells[1].model, cells[1].vary, cells[1].nth })
    assert.same({ temperature = 0, model = "x", messages = { { role = "user", content = "A 1" } } }, cells[1].params)
    assert.equal("zz", cells[13].params.model)
  end)

  it("are of one row without variables where there are no inputs (9)", function()
    assert.equal(1, #lab.cells(with {}))
    assert.equal(1, #lab.cells(with { inputs = {} }))
  end)

  it("have parameters of the model, the lab, the prompt and what varies, the last one wins", function()
    local cell = lab.cells(with {
      models = { { model = "m", params = { a = 1, b = 1, c = 1, d = 1 } } }, params = { b = 2, c = 2, d = 2 },
      prompts = { p = { user = "x", params = { c = 3, d = 3 } } }, vary = { d = { 4 } },
    })[1]
    assert.same({ 1, 2, 3, 4 }, { cell.params.a, cell.params.b, cell.params.c, cell.params.d })
  end)

  it("are errors where the prompt's function raises, with its line (11)", function()
    local cells = lab.cells(with {
      inputs = { { id = "a" }, { id = "b" } },
      prompts = { fn = function(row) return row.id == "a" and "fine" or error "no way" end },
    })
    assert.equal("fine", content_of(cells[1]))
    assert.matches("prompt fn, row b: spec/lab_spec.lua:%d+: no way", cells[2].error.message)
  end)

  it("know a row by its id or by what is in it (37)", function()
    local before = lab.cells(with { prompts = "${q}", inputs = { { q = "1" }, { q = "2" } } })
    local after = lab.cells(with { prompts = "${q}", inputs = { { q = "0" }, { q = "1" }, { q = "2" } } })
    assert.equal(before[1].key, after[2].key)
    assert.equal(before[2].key, after[3].key)
    local twins = lab.cells(with { prompts = "${q}", inputs = { { q = "1" }, { q = "1" } } })
    assert.are_not.equal(twins[1].key, twins[2].key)
  end)
end)

describe("a bad lab", function()
  for what, case in pairs {
    ["a name twice (10)"] = { { models = { "a", { name = "a", model = "b" } } }, "models: the name a comes twice" },
    ["a prompt twice (10)"] = { { prompts = { { name = "p", user = "x" }, { name = "p", user = "y" } } }, "prompts: the name p comes twice" },
    ["no model"] = { { models = {} }, "models: at least one expected" },
    ["a field that is none"] = { { input = "x.csv" }, "unknown field 'input'" },
    ["repeats of nothing"] = { { repeats = 0 }, "repeats: a whole number from 1 expected" },
    ["an axis without values"] = { { vary = { temperature = 1 } }, "vary.temperature: a list of values expected" },
    ["a check that is none"] = { { check = { "Paris" } }, "check[1]: a check or a function expected, got string" },
    ["a check that was not called"] = { { check = { lab.contains } }, "check[1]: call it: lab.contains(...)" },
    ["no such file"] = { { inputs = "none.csv" }, "inputs: spec/none.csv: No such file or directory" },
    ["a prompt of a number"] = { { prompts = { p = 3 } }, "prompts.p: a text or messages expected, got number" },
    ["a message without a role"] = { { prompts = { p = { { content = "x" } } } }, "prompts.p: messages[1] has no role" },
    ["the same id twice"] = { { inputs = { { id = 1 }, { id = "1" } } }, "inputs[2]: the id 1 comes twice" },
    ["parameters that cannot be sent"] = { { params = { x = function() end } }, "params: x: a function cannot be sent as JSON" },
    ["a value that cannot be sent"] = { { vary = { x = { 1, 0 / 0 } } }, "vary: x: " },
    ["bytes that are no UTF-8"] = { { prompts = { p = "a\255b" } }, "prompts.p: [1].content: " },
    ["prices in words"] = { { prices = { m = "cheap" } }, 'prices["m"]: { input, output, cached = ... } per million tokens expected' },
  } do
    it("with " .. what .. " is refused at its line", function()
      local message = raised(lab, with(case[1]))
      assert.matches("^spec/lab_spec.lua:%d+: bad argument 'spec' to 'lab' ", message)
      assert.matches(case[2], message, 1, true)
    end)
  end

  it("file is an error with its line, whatever is wrong with it (10)", function()
    program.with_folder(function(folder)
      local path = folder .. "/bad.lua"
      local function why(text)
        write(path, text)
        local spec, err = lab.load(path)
        assert.is_nil(spec)
        return err.message
      end
      assert.matches("/bad.lua:2: ", why "local x = 1\nreturn lab {")
      assert.matches("/bad.lua:2: attempt to call", why "\nreturn nothing()")
      assert.matches("/bad.lua:2: bad argument 'spec' to 'lab' %(models: at least one expected%)", why 'local lab = require "lualogue.lab"\nreturn lab { prompts = "x" }')
      assert.matches("/bad.lua: it returns no lab: return lab { ... } expected, got nil", why "local x = 1", 1, true)
      assert.matches("No such file", select(2, lab.load(folder .. "/none.lua")).message)
    end)
  end)
end)

describe("rows of a CSV (12)", function()
  local function rows(text)
    local path = os.tmpname()
    write(path, text)
    local ok, spec = pcall(lab, with { inputs = path })
    os.remove(path)
    if not ok then return nil, spec end
    local list = {}
    for i, input in ipairs(spec.inputs) do list[i] = input.row end
    return list
  end

  it("may be quoted, span lines, end with CRLF and begin with a mark", function()
    assert.same({ { a = "1", b = 'say "hi", then' }, { a = "two\r\nlines", b = "" }, { a = "", b = " x " } },
      rows('\239\187\191a,b\r\n1,"say ""hi"", then"\r\n"two\r\nlines",\r\n\r\n"", x \r\n'))
    assert.same({ { a = "1" }, { a = "2" } }, rows "a\n1\n2")
  end)

  it("are refused with the line where they are none", function()
    local function why(text) return (select(2, rows(text))) end
    assert.matches("line 4: 1 fields, and the header has 2", why 'a,b\n"x\ny",2\n3\n', 1, true)
    assert.matches("it has a header and no rows", why "a,b\n", 1, true)
    assert.matches("it is empty", why "", 1, true)
    assert.matches("line 2: a quote that is not closed", why 'a\n"x\n', 1, true)
    assert.matches("line 2: text behind a quoted field", why 'a\n"x"y\n', 1, true)
    assert.matches("line 2: a quote within a field", why 'a\nx"y"\n', 1, true)
    assert.matches("the column a comes twice", why "a,a\n1,2\n", 1, true)
  end)

  it("may be JSON or JSON lines instead", function()
    program.with_folder(function(folder)
      write(folder .. "/in.jsonl", '{"q":"1"}\n\n{"q":{"x":[1]}}\n')
      local cells = lab.cells(with { prompts = "${q}", inputs = folder .. "/in.jsonl" })
      assert.equal('{"x":[1]}', content_of(cells[2]))
      write(folder .. "/in.jsonl", '{"q":"1"}\n{"q":\n')
      assert.matches("in.jsonl: line 2: ", raised(lab, with { inputs = folder .. "/in.jsonl" }), 1, true)
      write(folder .. "/in.json", '[{"q":"1"}]')
      assert.equal(1, #lab.cells(with { prompts = "${q}", inputs = folder .. "/in.json" }))
    end)
  end)
end)

describe("a run of a lab", function()
  local server, folder
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)
  before_each(function()
    local pipe = assert(io.popen("mktemp -d", "r"))
    folder = pipe:read "*l"
    pipe:close()
  end)
  after_each(function() os.execute("rm -r " .. quote(folder)) end)

  local function reply(text, more) return fixture.json(200, fixture.chat_reply(text, more)) end
  local hello = reply "Hello Lua"

  --- A lab whose models are all on a server with this script.
  local function of(script, fields)
    local url = server:script(script)
    return with({ models = { { model = "m", base_url = url, api_key = false, concurrency = 4 } } }, fields), url
  end

  local function run(spec, options)
    local all = { folder = folder .. "/lab" }
    for name, value in pairs(options or {}) do all[name] = value end
    return assert(lab.run(spec, all))
  end

  local rows = {}
  for i = 1, 10 do rows[i] = { id = ("r%02d"):format(i), q = "Q" .. i } end

  it("asks everything once, and nothing the second time (13, 24)", function()
    local spec, url = of(fixture.join({ sleep = 0.05 }, hello), { prompts = "${q}", inputs = rows, check = lab.contains "Lua" })
    local first = run(spec)
    assert.same({ 10, 10, 10, 0 }, { first.n_sent, first.total.pass, #server:requests(url), first.total.cached })
    local second = run(spec)
    assert.same({ 0, 10, 10, 10 }, { second.n_sent, second.total.pass, #server:requests(url), second.total.cached })
    assert.is_true(second.cells[1].latency >= 0.045)
    assert.near(first.cells[1].latency, second.cells[1].latency, 0.001)
    assert.same({}, second.total.latencies)
    assert.matches(" ok c  Hello Lua", second:table(), 1, true)
    assert.matches("100% cached", second:table(), 1, true)
    assert.equal(10, run(spec, { fresh = true }).n_sent)
    assert.equal(10, run(spec, { cache = false, log = false }).n_sent)
  end)

  it("asks so many at a time of each server, and one of this machine's if nobody says otherwise", function()
    local slow = fixture.join({ sleep = 0.02 }, hello)
    for _, case in ipairs { { 3, jobs = 3 }, { 4, concurrency = 4 }, { 1 }, { 2, jobs = 2, concurrency = 4 } } do
      local first, second = server:script(slow), server:script(slow)
      local spec = with { prompts = "${q}", inputs = rows, models = {
        { name = "a", model = "m", base_url = first, api_key = false, concurrency = case.concurrency },
        { name = "b", model = "m", base_url = second, api_key = false, concurrency = case.concurrency } } }
      run(spec, { jobs = case.jobs })
      assert.same({ case[1], case[1] }, { server:counts(first).accepted, server:counts(second).accepted })
    end
  end)

  it("knows an answer by all that was sent (14-19)", function()
    local url = server:script(hello)
    local function sent(fields, model)
      local one = { model = "m", base_url = url, api_key = false }
      for name, value in pairs(model or {}) do one[name] = value end
      return run(with({ models = { one } }, fields), { log = false }).n_sent
    end
    assert.equal(1, sent { params = { temperature = 0, max_tokens = 5 } })
    assert.equal(0, sent { params = { max_tokens = 5, temperature = 0 } }) -- 17
    assert.equal(0, sent({ params = { max_tokens = 5, temperature = 0 } }, { api_key = "sk-another-0123456789" })) -- 16
    assert.equal(0, sent({ params = { max_tokens = 5, temperature = 0.0 } })) -- 18: the same bytes
    assert.equal(1, sent({ params = { max_tokens = 5, temperature = json.raw "0.0" } })) -- and these are others
    assert.equal(1, sent { params = { max_tokens = 5 } }) -- 14
    assert.equal(1, sent { params = { max_tokens = 6 } }) -- 15
    assert.equal(1, sent({ params = { max_tokens = 6 } }, { base_url = server:script(hello) })) -- 16
    assert.equal(3, sent { params = { n = 1 }, repeats = 3 }) -- 19
    assert.equal(2, sent { params = { n = 1 }, repeats = 5 })
    assert.equal(0, sent { params = { n = 1 }, repeats = 4 })
  end)

  it("keeps no answer that is none (20)", function()
    local bad = {
      ["500"] = fixture.json(500, fixture.error_body "oops"),
      length = reply("Hel", { choices = { { index = 0, finish_reason = "length", message = { role = "assistant", content = "Hel" } } } }),
      filter = reply("", { choices = { { index = 0, finish_reason = "content_filter", message = { role = "assistant", content = "" } } } }),
      refusal = reply("", { choices = { { index = 0, finish_reason = "stop", message = { role = "assistant", refusal = "No." } } } }),
      ["200 with an error"] = fixture.json(200, { error = { message = "No." } }),
    }
    for name, script in pairs(bad) do
      local spec = of(script)
      run(spec, { max_retries = 0 })
      assert.equal(1, run(spec, { max_retries = 0 }).n_sent, name)
    end
  end)

  it("takes a file of the cache for nothing that is not one of ours (21)", function()
    local spec = of(hello)
    run(spec)
    local path = io.popen("find " .. quote(folder .. "/lab/cache") .. " -name '*.json'"):read "*l"
    local whole = read(path)
    for _, text in ipairs { whole:sub(1, 50), "", "[]", '{"lualogue":1,"digest":"x"}', whole:gsub('"digest":"..', '"digest":"zz') } do
      write(path, text)
      local result = run(spec)
      assert.same({ 1, 1 }, { result.n_sent, result.total.pass })
      assert.equal(whole:match '"digest":"%x+"', read(path):match '"digest":"%x+"')
      assert.equal(0, run(spec).n_sent)
    end
  end)

  it("writes answers that can be played as cassettes", function()
    run((of(hello)))
    local path = io.popen("find " .. quote(folder .. "/lab/cache") .. " -name '*.json'"):read "*l"
    local lualogue = require "lualogue"
    local client = lualogue.new { cassette = path, record = "none" }
    assert.equal("Hello Lua", assert(client:chat { model = "m", messages = { { role = "user", content = "Hi" } } }).text)
  end)

  it("asks equal requests that are under way once (23)", function()
    local spec, url = of(fixture.join({ sleep = 0.1 }, hello), { prompts = { a = "Hi", b = "Hi", c = "Hi" } })
    local result = run(spec)
    assert.same({ 3, 1, 1, 2 }, { result.total.pass, result.n_sent, #server:requests(url), result.total.cached })
  end)

  it("takes from its log what a run before had done (25, 26)", function()
    local spec = of(hello, { prompts = "${q}", inputs = rows, check = lab.contains "Lua" })
    local whole = run(spec, { cache = false })
    local lines = {}
    for line in read(whole.path):gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert.equal(12, #lines)
    write(whole.path, table.concat(lines, "\n", 1, 5) .. "\n" .. lines[6]:sub(1, 40)) -- four cells, and a torn one
    local again = run(spec, { cache = false })
    assert.equal(whole.path, again.path)
    assert.same({ 6, 10, 10, 10 }, { again.n_sent, again.total.n, again.total.pass, #assert(lab.read(again.path)).cells })
    assert.matches("4 cells were done before", again:table(), 1, true)
    assert.are_not.equal(again.path, run(spec).path) -- that one came to its end
  end)

  it("does not go on with a run of something else, and says why (27)", function()
    local spec, url = of(hello, { prompts = { p = "${q}" }, inputs = rows })
    local whole = run(spec, { cache = false })
    write(whole.path, read(whole.path):match "^[^\n]+\n[^\n]+\n")
    spec.prompts = { p = "Please: ${q}" }
    local other = run(spec, { cache = false })
    assert.equal(10, other.n_sent)
    assert.matches("stopped after 1 of 10 cells, and is not gone on with: the prompt p changed", other:table(), 1, true)
    spec.models = { { model = "n", base_url = url, api_key = false } }
    write(other.path, read(other.path):match "^[^\n]+\n[^\n]+\n")
    assert.matches("the model m, the model n changed", run(spec):table(), 1, true)
    local _, err = lab.run(spec, { folder = folder .. "/lab", resume = true })
    assert.equal("lab: there is no run to go on with", tostring(err))
    run(spec)
  end)

  it("lets all wait for a server that asks for it, and nobody else (29)", function()
    local refusal = fixture.json(429, fixture.error_body "slow down", { ["retry-after"] = "2" })
    local slow, fast = server:script { refusal, hello }, server:script(hello)
    local spec = with { inputs = rows, prompts = "${q}", models = {
      { name = "slow", model = "m", base_url = slow, api_key = false, concurrency = 2 },
      { name = "fast", model = "m", base_url = fast, api_key = false, concurrency = 2 },
    } }
    local core, order = require "lualogue.core", {}
    local began = core.now()
    local result = run(spec, { on_cell = function(cell) order[#order + 1] = { cell.model, core.now() - began } end })
    assert.equal(20, result.total.pass)
    local n_before = 0
    for _, one in ipairs(order) do
      if one[1] == "slow" and one[2] < 1.95 then n_before = n_before + 1 end
    end
    assert.is_true(n_before <= 1) -- the one that was beside the refused one
    -- All of the other server's came before the first of those that had to wait.
    for i = 1, 10 + n_before do
      assert.is_true(order[i][1] == "fast" or order[i][2] < 1.95, i)
    end
    assert.equal(11, #server:requests(slow))
  end)

  it("waits for no server once nothing more is sent", function()
    local core = require "lualogue.core"
    local began = core.now()
    local result = run(with { inputs = rows, prompts = "${q}", models = {
      { name = "slow", model = "m", base_url = server:script(fixture.json(429, fixture.error_body "no", { ["retry-after"] = "60" })), api_key = false },
      { name = "bad", model = "m", base_url = server:script(fixture.join({ sleep = 0.1 }, fixture.json(400, fixture.error_body "no"))), api_key = false },
    } }, { max_errors = 2 })
    assert.same({ "errors", 2, 18 }, { result.stopped, result.total.error, result.n_left })
    assert.is_true(core.now() - began < 10)
  end)

  it("tries again what may go well the next time, and only that", function()
    local once = function(answer) return { answer, hello } end
    assert.equal(1, run((of(once(fixture.json(500, fixture.error_body "oops"))))).total.pass)
    assert.equal(1, run((of(once(fixture.faults["reset without a word"])))).total.pass)
    for _, answer in ipairs { fixture.json(400, fixture.error_body "no"), fixture.json(429, fixture.error_body("paid?", { code = "insufficient_quota" })) } do
      local result = run((of(once(answer))))
      assert.same({ 1, "api" }, { result.n_sent, result.cells[1].error.kind })
    end
  end)

  it("does not try a server again that was never there", function()
    local core = require "lualogue.core"
    local began = core.now()
    local result = run(with { inputs = rows, prompts = "${q}", models = { { model = "m", base_url = server:refused(), api_key = false } } })
    assert.same({ 10, 10 }, { result.total.error, result.n_sent })
    assert.is_true(core.now() - began < 20)
    assert.matches("errors: connection 10", result:table(), 1, true)
  end)

  it("stops before it costs more, and says what is left (30)", function()
    local spec = of(hello, { prompts = "${q}", inputs = rows, prices = { m = { 1e6, 1e6 } } }) -- 8 for each answer
    spec.models[1].concurrency = 1
    local result = run(spec, { max_cost = 20 })
    assert.same({ "cost", 3, 7, 24, false }, { result.stopped, result.total.n, result.n_left, result.spent, result:ok() })
    assert.matches("stopped: the most that it may cost is spent; 7 of 10 cells are left undone", result:table(), 1, true)
    local rest = run(spec)
    assert.same({ 7, 10, 56 }, { rest.n_sent, rest.total.n, rest.spent })
    spec.prices = {}
    local _, err = lab.run(spec, { folder = folder .. "/lab", max_cost = 1, fresh = true })
    assert.equal("lab: max_cost: the prices have no m", tostring(err))
  end)

  it("stops after too many errors", function()
    local result = run(of(fixture.json(400, fixture.error_body "no"), { prompts = "${q}", inputs = rows }), { max_errors = 2, jobs = 1 })
    assert.same({ "errors", 2, 8 }, { result.stopped, result.total.error, result.n_left })
    assert.matches("errors: api 400 2", result:table(), 1, true)
  end)

  it("counts what its answers cost by the caller's prices, cached tokens apart", function()
    local usage = { prompt_tokens = 100, completion_tokens = 10, total_tokens = 110, prompt_tokens_details = { cached_tokens = 60 } }
    local function cost(prices) return run(of(reply("x", { usage = usage }), { prices = prices }), { log = false }).cells[1].cost end
    assert.near((40 * 2 + 60 * 1 + 10 * 8) / 1e6, cost { m = { 2, 8, cached = 1 } }, 1e-12)
    assert.near((100 * 2 + 10 * 8) / 1e6, cost { m = { 2, 8 } }, 1e-12)
    assert.is_nil(cost { other = { 2, 8 } })
  end)

  it("needs no key for what is there already, and says which model needs one", function()
    local spec = of(hello)
    run(spec)
    spec.models[1].api_key = nil
    assert.equal(0, run(spec).n_sent)
    local _, err = lab.run(with { models = { "gpt-4o-mini" } }, { folder = folder .. "/lab" })
    assert.matches("^lab: model gpt%-4o%-mini: no API key: set OPENAI_API_KEY", tostring(err))
  end)

  it("writes no key anywhere (key in no file)", function()
    local key = "sk-secret-key-0123456789"
    local url = server:script {
      fixture.json(401, fixture.error_body("Incorrect API key provided: " .. key)), reply("your key is " .. key),
    }
    local asked = 0
    local spec = with { prompts = "${q}", inputs = { { q = "1" }, { q = "2" }, { q = "3" } }, models = {
      { model = "m", base_url = url, headers = { ["X-Own"] = "header-secret-0123" }, api_key = function() asked = asked + 1 return key end },
    }, check = function(cell) return false, cell.text end }
    local result = run(spec)
    assert.equal(3, asked)
    write(folder .. "/out.csv", result:csv())
    write(folder .. "/out.jsonl", result:jsonl())
    write(folder .. "/out.md", result:markdown())
    write(folder .. "/out.html", result:html())
    write(folder .. "/out.txt", result:table())
    local found = io.popen(("grep -rlE %s %s"):format(quote(key .. "|header-secret"), quote(folder)))
    assert.equal("", found:read "*a")
    found:close()
    assert.matches("your key is ****", read(folder .. "/out.jsonl"), 1, true)
  end)

  it("says before anything is sent where it cannot write, or whom it cannot ask", function()
    local spec, url = of(hello)
    local _, err = lab.run(spec, { folder = "/proc/none" })
    assert.matches("^file: cannot make the folder '/proc/none'", tostring(err))
    spec.models[1].base_ur = "x"
    _, err = lab.run(spec, { folder = folder .. "/lab" })
    assert.matches("^lab: model m: bad argument 'base_ur'", tostring(err))
    assert.equal(0, #server:requests(url))
  end)

  it("reads what OpenAI's evals are kept in", function()
    write(folder .. "/evals.jsonl", '{"input":[{"role":"system","content":"One word."},{"role":"user","content":"Hi"}],"ideal":"Lua"}\n')
    local spec, url = of(hello, { inputs = folder .. "/evals.jsonl", prompts = function(row) return row.input end, check = lab.contains "${ideal}" })
    assert.equal(1, run(spec).total.pass)
    assert.equal("One word.", server:requests(url)[1]:json().messages[1].content)
  end)

  it("asks with a client that there is, where that is", function()
    local lualogue = require "lualogue"
    local function client_of(text) return lualogue.new { base_url = server:script(reply(text)), api_key = false } end
    local spec, one, other = lab { models = "m", prompts = "Hi" }, client_of "one", client_of "other"
    assert.equal("one", run(spec, { client = one }).cells[1].text)
    assert.equal("other", run(spec, { client = other }).cells[1].text)
    assert.same({ "one", 0 }, (function(result) return { result.cells[1].text, result.n_sent } end)(run(spec, { client = one })))
    assert.is_table(one:chat { model = "m", messages = { { role = "user", content = "Hi" } } }) -- it is still the caller's
  end)

  it("makes an error of a prompt that cannot be sent", function()
    local cell = run(with { prompts = function() return { { role = "user", content = 0 / 0 } } end }).cells[1]
    assert.same({ "error", "prompt" }, { cell.verdict, cell.error.kind })
    assert.matches("messages[1].content", cell.error.message, 1, true)
  end)

  it("asks for some of the cells alone", function()
    local spec = of(hello, { prompts = { a = "${q}", b = "B ${q}" }, inputs = rows, check = function(_, row) return row.id ~= "r03" end })
    assert.equal(10, run(spec, { only = "a" }).total.n)
    assert.equal(2, run(spec, { only = "r07" }).total.n)
    local _, err = lab.run(spec, { folder = folder .. "/lab", only = "nothing" })
    assert.equal("lab: no cell is left to be asked", tostring(err))
    local function sampled(seed)
      local ids = {}
      for _, cell in ipairs(run(spec, { sample = 3, seed = seed, only = "a" }).cells) do ids[#ids + 1] = cell.input end
      return table.concat(ids, " ")
    end
    assert.equal(sampled(1), sampled(1))
    assert.are_not.equal(sampled(1), sampled(2))
    run(spec)
    local again = run(spec, { failing = true })
    assert.same({ 2, "r03" }, { again.total.n, again.cells[1].input })
  end)

  it("works within a task, beside others, and ends with it", function()
    local lualogue = require "lualogue"
    local spec = of(fixture.join({ sleep = 0.05 }, hello), { prompts = "${q}", inputs = rows })
    local ticks, result = 0, nil
    assert(lualogue.task(function()
      local clock = lualogue.task(function()
        while true do
          ticks = ticks + 1
          lualogue.sleep(0.01)
        end
      end)
      result = run(spec)
      clock:cancel()
      return true
    end):wait())
    assert.equal(10, result.total.pass)
    assert.is_true(ticks > 5)
    local stopped = lualogue.task(run, spec, { fresh = true })
    lualogue.task(function()
      lualogue.sleep(0.02)
      stopped:cancel()
    end)
    stopped:wait()
    assert.equal("cancelled", stopped:status())
    assert.equal(10, run(spec).total.pass)
  end)
end)

describe("options of a run", function()
  it("are refused where they are none", function()
    local spec = lab(with {})
    assert.matches("bad argument 'concurrency' to 'run' (unknown option)", raised(lab.run, spec, { concurrency = 2 }), 1, true)
    assert.matches("bad argument 'jobs' to 'run' (a number from 1 expected)", raised(lab.run, spec, { jobs = 0 }), 1, true)
    assert.matches("bad argument 'only' to 'run' (string expected, got number)", raised(lab.run, spec, { only = 1 }), 1, true)
  end)
end)
