-- What is shown of a run: nothing of an answer acts on a terminal, a page or a spreadsheet, and all of
-- it stands in JSONL.
local json = require "lualogue.json"
local lab = require "lualogue.lab"
local program = require "spec.support.program"
local terminal = require "lualogue.terminal"

local csv = require "lualogue.lab.csv"

local NASTY = "\27[31mred\r\7 \226\128\174abc </script><script>alert(1)</script> | `x` \"q\"\nnext, line"

--- A run of these texts: { { prompt, label, text, more? }... }.
local function run_of(list)
  local lines = { json.encode { lualogue_lab = 1, lab = "x", prompts = { p = "Hi" }, n = #list } }
  for _, item in ipairs(list) do
    local line = { prompt = item[1], model = "m", vary = {}, input = item[2], nth = 1, label = item[2], verdict = "pass",
      checks = json.array {}, message = { role = "assistant", content = item[3] }, finish_reason = "stop",
      usage = { prompt_tokens = 3, completion_tokens = 4, total_tokens = 7 }, latency = 0.5, cost = 0.01 }
    for name, value in pairs(item[4] or {}) do line[name] = value end
    lines[#lines + 1] = json.encode(line)
  end
  lines[#lines + 1] = '{"end":true}\n'
  local result
  program.with_folder(function(folder)
    local file = assert(io.open(folder .. "/run.jsonl", "wb"))
    file:write(table.concat(lines, "\n"))
    file:close()
    result = assert(lab.read(folder .. "/run.jsonl"))
  end)
  return result
end

describe("a table", function()
  it("has nothing that acts on the terminal (42, 46)", function()
    local result = run_of { { "p", NASTY, NASTY }, { NASTY, "b", "fine", { verdict = "error", error = { kind = "api", message = NASTY } } } }
    for _, options in ipairs { {}, { rules = true, width = 200 } } do
      local text = result:table(options)
      assert.is_nil(text:find "[%z\1-\9\11-\31\127]", text)
      assert.is_nil(text:find "\226\128\174")
      assert.matches("\\x1b[31mred", text, 1, true)
    end
    -- With colors, no escape but our own.
    assert.is_nil(result:table({ color = true }):gsub("\27%[[%d;]*m", ""):find "\27")
    assert.equal(NASTY, json.decode(result:jsonl():match "^[^\n]+").message.content)
  end)

  it("has columns under each other, whatever the script (43)", function()
    local result = run_of {
      { "p", "日本語", "東京は首都です" }, { "q", "日本語", "x" }, { "p", "emoji 👩‍👩‍👧 🇩🇪", "👍🏽 yes" }, { "q", "emoji 👩‍👩‍👧 🇩🇪", "x" },
      { "p", "cafe\204\129", "a\tb" }, { "q", "cafe\204\129", "x" },
    }
    local at
    for line in result:table({ rules = true, width = 70 }):gmatch "[^\n]+" do
      local first, second = line:match "^(.-)│(.-)│"
      if first then
        local place = { terminal.width(first), terminal.width(second) }
        at = at or place
        assert.same(at, place, line)
      end
    end
    assert.is_table(at)
  end)

  it("cuts long answers and shows the repeats that passed", function()
    local result = run_of { { "p", "a", ("word "):rep(100) }, { "p", "a", "bad", { nth = 2, verdict = "fail" } } }
    local text = result:table { width = 60 }
    assert.matches("1/2  bad", text, 1, true)
    for line in text:gmatch "[^\n]+" do assert.is_true(terminal.width(line) <= 100) end
  end)

  it("has columns below each other where they do not fit beside each other", function()
    local list = {}
    for i = 1, 7 do list[i] = { "prompt " .. i, "a", "answer " .. i } end
    for _, options in ipairs { { width = 60 }, { width = 60, rules = true } } do
      local text = run_of(list):table(options)
      for i = 1, 7 do assert.matches("answer " .. i, text, 1, true) end
      for line in text:match "^(.-)\nprompt 1":gmatch "[^\n]+" do assert.is_true(terminal.width(line) <= 60, line) end
    end
  end)

  it("has bars of cost and latency in a terminal", function()
    local text = run_of({ { "p", "a", "x" }, { "q", "a", "x", { cost = 0.02, latency = 1 } } }):table { rules = true }
    assert.matches("cost of an answer\np · m                 " .. ("█"):rep(15) .. ("·"):rep(15) .. "  0.0100\n", text:gsub(" +█", "                 █"), 1, true)
    assert.matches("latency, median\n", text, 1, true)
  end)
end)

describe("CSV", function()
  it("is what RFC 4180 says, and reads back", function()
    local text = run_of({ { "p", "a,b", NASTY } }):csv()
    local rows = assert(csv.rows(text))
    assert.equal(1, #rows)
    assert.equal(NASTY, rows[1].text)
    assert.equal("a,b", rows[1].input)
    assert.equal("0.5", rows[1].latency)
    assert.is_nil(text:gsub("\r\n", ""):gsub('"[^"]*"', ""):find "[\r\n]")
  end)

  it("reads whatever it has written", function()
    local seed = 7
    local function random(n)
      seed = (seed * 1103515245 + 12345) % 2147483648
      return math.floor(seed / 65536) % n + 1
    end
    local parts = { "a", '"', ",", "\r", "\n", "\r\n", " ", "é", "'", "\t", "" }
    for _ = 1, 500 do
      local written, lines, n = {}, {}, random(4)
      for i = 1, random(4) do
        written[i] = {}
        for j = 1, n do
          local field = {}
          for k = 1, random(5) - 1 do field[k] = parts[random(#parts)] end
          written[i][j] = table.concat(field)
        end
        lines[i] = csv.line(written[i])
      end
      local records = assert(csv.records(table.concat(lines)))
      for _, record in ipairs(records) do record.line = nil end
      assert.same(written, records)
    end
  end)

  it("has no formulas for a spreadsheet that asks for none", function()
    local list = { { "p", "=1+1", "=HYPERLINK(1)" }, { "p", "b", "+1" }, { "p", "c", "-1" }, { "p", "d", "@x" } }
    local plain, excel = assert(csv.rows(run_of(list):csv())), assert(csv.rows(run_of(list):csv { excel = true }))
    assert.equal("=HYPERLINK(1)", plain[1].text)
    for _, row in ipairs(excel) do
      assert.matches("^'", row.text)
      assert.matches("^[^=+@-]", row.input)
    end
    assert.equal("0.01", excel[1].cost)
  end)
end)

describe("Markdown", function()
  it("is a table of one line for each row, and answers are code (44)", function()
    local text = run_of({ { "p", "a | b", NASTY }, { "p", "c", "![x](http://x) `a ``b`` <b>" } }):markdown()
    local n = 0
    for line in text:gmatch "[^\n]+" do
      n = n + 1
      local _, bars = line:gsub("\\|", ""):gsub("|", "")
      assert.equal(3, bars, line)
    end
    assert.equal(5, n)
    assert.matches("pass ``` ![x](http://x) `a ``b`` <b> ```", text, 1, true)
    assert.matches("| pass `\\x1b[31mred", text, 1, true)
    local change = run_of({ { "p", "a", NASTY, { verdict = "fail" } } }):markdown { against = run_of { { "p", "a", "old" } } }
    assert.matches("\n\n- `p · m`: lost 1, won 0, shaky 0, same 0; unclear (p = 1)\n- **lost** `a` `p · m` `old` → `\\x1b[31mred", change, 1, true)
    assert.matches("`` <b> \\| `x` ``", run_of({ { "p", "a", "<b> | `x`" } }):markdown(), 1, true)
  end)
end)

describe("the page", function()
  it("has no script, loads nothing, and every text in it is inert (44)", function()
    local before = run_of { { "p", "a", "old words" }, { "q", "a", "x" } }
    local result = run_of { { "p", "a", NASTY, { verdict = "fail", checks = { { name = "<b>", ok = false, reason = NASTY } } } },
      { "q", "a", "x", { cost = 0.02 } }, { '"><img src=x onerror=alert(1)>', "b", "x", { verdict = "error", error = { kind = "api", message = NASTY } } } }
    local page = result:html { against = before }
    assert.is_nil(page:find("<script", 1, true))
    assert.is_nil(page:find("<img", 1, true))
    assert.is_nil(page:find("<b>:", 1, true))
    assert.is_nil(page:find "[%z\1-\9\11-\31\127]")
    assert.matches("default-src 'none'", page, 1, true)
    assert.is_nil(page:find "https?://")
    assert.matches("&lt;/script&gt;&lt;script&gt;alert(1)", page, 1, true)
    assert.matches('aria-label="cost of an answer against the share that passed"', page, 1, true)
    assert.matches('aria-label="latency of the answers in seconds"', page, 1, true)
    assert.matches("<del>old words</del><ins>", page, 1, true)
    -- Every element is closed, in order.
    local open, empty = {}, { meta = true, line = true }
    for close, name, rest in page:gsub("<!doctype html>", ""):gmatch "<(/?)(%a[%w]*)([^<>]*)>" do
      if close == "/" then
        assert.equal(name, table.remove(open))
      elseif not empty[name] and rest:sub(-1) ~= "/" then
        open[#open + 1] = name
      end
    end
    assert.same({}, open)
  end)

  it("has a point and a strip for each column", function()
    local page = run_of({ { "p", "a", "x" }, { "q", "a", "x", { cost = 0.02 } } }):html()
    local _, points = page:gsub("<circle", "")
    local _, ticks = page:gsub('class="tick"', "")
    assert.same({ 2, 2 }, { points, ticks })
    local bare = run_of({ { "p", "a", "x", { cost = json.null, latency = json.null, usage = json.null } } })
    bare.cells[1].cost, bare.cells[1].latency, bare.cells[1].usage = nil, nil, nil
    assert.matches("<h1>x</h1>", bare:html(), 1, true)
  end)
end)

describe("an example of the docstrings", function()
  local sources = require "spec.support.sources"

  it("runs", function()
    local n = 0
    program.with_folder(function(folder)
      local result = run_of { { "p", "a", "x" }, { "q", "a", "y" } }
      local spec = lab { models = "gpt-4o-mini", prompts = "${question}", inputs = { { question = "Q", expect = "A", city = "Rome", fact = "F" } } }
      assert(result:bless(folder .. "/lab.baseline.jsonl"))
      local environment = setmetatable({
        lab = setmetatable({ run = function() return result end }, { __index = lab, __call = function(_, given) return lab(given) end }),
        spec = spec, result = result, before = result, print = function() end, require = require,
        io = { write = function() end, open = function() return { write = function() end } end }, os = { exit = function() end },
      }, { __index = _G })
      for _, path in ipairs { "lua/lualogue/lab.lua", "lua/lualogue/lab/result.lua", "lua/lualogue/lab/compare.lua", "lua/lualogue/lab/estimate.lua" } do
        local text = {}
        for row in (sources.read(path) .. "\n"):gmatch "([^\n]*)\n" do text[#text + 1] = row:match "^%s*%-%-%- ?(.*)$" or "" end
        for code in table.concat(text, "\n"):gmatch "```lua\n(.-)\n```" do
          code = code:gsub('"%.lualogue/runs/[^"]*"', '"' .. folder .. '/lab.baseline.jsonl"'):gsub('"lab.baseline.jsonl"', '"' .. folder .. '/lab.baseline.jsonl"')
          local chunk
          if setfenv then chunk = setfenv(assert(loadstring(code, "=" .. path)), environment) else chunk = assert(load(code, "=" .. path, "t", environment)) end
          chunk()
          n = n + 1
        end
      end
    end)
    assert.is_true(n >= 18, n .. " examples")
  end)
end)

describe("an estimate", function()
  it("counts the tokens that the server would, and what they cost", function()
    local tokens = require "lualogue.tokens"
    local spec = lab {
      models = { { name = "known", model = "gpt-4o-mini" }, { name = "unknown", model = "qwen" } }, prompts = { p = "Say ${q}" },
      inputs = { { q = "one" }, { q = "two words" }, { id = "x" } }, repeats = 2, params = { max_tokens = 10 }, prices = { known = { 1e6, 2e6 } },
    }
    program.with_folder(function(folder)
      local estimate = assert(lab.estimate(spec, { folder = folder }))
      local n = 0
      for _, text in ipairs { "Say one", "Say two words" } do
        n = n + 2 * tokens.count_messages({ { role = "user", content = text } }, "gpt-4o-mini")
      end
      local known, unknown = estimate.columns[1], estimate.columns[2]
      assert.same({ 6, 4, 2, n, true, n, n + 4 * 10 * 2 }, { known.n, known.n_sent, known.n_bad, known.tokens, known.is_exact, known.cost, known.most })
      assert.same({ n, false }, { unknown.tokens, unknown.is_exact })
      assert.is_nil(unknown.cost)
      assert.matches(("known +6 cells  4 to send  %d prompt tokens  2 cannot be made  cost"):format(n), estimate:table())
      assert.matches("about " .. n .. " prompt tokens", estimate:table(), 1, true)
      assert.is_nil(io.open(folder .. "/cache"))
    end)
  end)
end)
