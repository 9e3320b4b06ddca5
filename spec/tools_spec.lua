-- Tools without a dialogue: every call gets an answer, whatever happens to it; what has finished
-- never runs again.

local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lualogue = require "lualogue"
local trim = require "lualogue.trim"

local messages = { { role = "user", content = "What is the weather?" } }
local server

local function call(id, name, arguments)
  return { id = id, type = "function", ["function"] = { name = name, arguments = arguments or "{}" } }
end

--- A reply that calls tools.
local function calls(...)
  return fixture.json(200, fixture.chat_reply(nil, { choices = { {
    index = 0, finish_reason = "tool_calls", message = { role = "assistant", tool_calls = { ... } },
  } } }))
end

local words = fixture.json(200, fixture.chat_reply "It is sunny.")

--- A tool that counts how often it ran.
local function counting(name, more)
  local tool = { name = name, n = 0 }
  local spec = { name = name, run = function() tool.n = tool.n + 1 return name .. " says hello" end }
  for key, value in pairs(more or {}) do spec[key] = value end
  tool.spec = spec
  return tool
end

--- Run against a script; returns what came, and the requests as they were sent.
local function run(script, options, params)
  local base_url = server:script(script)
  local client = lualogue.new { base_url = base_url, api_key = false, max_retries = 0 }
  local all = { model = "m", messages = messages }
  for key, value in pairs(params or {}) do all[key] = value end
  local result, err = client:run_tools(all, options)
  local sent = {}
  for i, request in ipairs(server:requests(base_url)) do
    sent[i] = request:json()
    -- Whatever was sent, an API would take it.
    local ok, why = trim.check(sent[i].messages)
    assert(ok, why and why.why)
  end
  return result, err, sent, client
end

local function raised(body)
  local ok, message = pcall(body)
  assert.is_false(ok)
  return (assert(message:match "^[^:]*spec/tools_spec%.lua:%d+: (.*)", tostring(message)))
end

describe("client:run_tools", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("runs what is called, and asks again until there are words", function()
    local seen = {}
    local weather = {
      name = "weather", description = "The weather in a city.", parameters = "city: in English",
      run = function(arguments, info)
        seen = { arguments, info }
        return { city = arguments.city, degrees = 21 }
      end,
    }
    local result, _, sent = run({ calls(call("c1", "weather", '{"city":"Oslo"}')), words }, { tools = { weather } })
    assert.equal("It is sunny.", result.text)
    assert.equal("stop", result.finish_reason)
    assert.equal(1, result.rounds)
    assert.equal(16, result.usage.total_tokens)
    assert.equal("It is sunny.", result.reply.text)
    assert.same({ city = "Oslo" }, seen[1])
    assert.same({ id = "c1", name = "weather", index = 1, round = 1, text = '{"city":"Oslo"}' }, seen[2])

    local record = result.calls[1]
    assert.equal("done", record.status)
    assert.same({ city = "Oslo" }, record.arguments)
    assert.same({ city = "Oslo", degrees = 21 }, record.value)
    assert.equal('{"city":"Oslo","degrees":21}', record.content)
    assert.is_true(record.seconds >= 0 and record.seconds < 5)

    assert.equal(2, #sent)
    local f = sent[1].tools[1]["function"]
    assert.equal("weather", f.name)
    assert.equal("The weather in a city.", f.description)
    assert.same({ type = "string", description = "in English" }, f.parameters.properties.city)
    assert.same(sent[1].tools, sent[2].tools)
    assert.same({ "user", "assistant", "tool" }, { sent[2].messages[1].role, sent[2].messages[2].role, sent[2].messages[3].role })
    assert.equal("c1", sent[2].messages[3].tool_call_id)
    assert.equal(record.content, sent[2].messages[3].content)
    assert.equal(4, #result.messages)
    assert.equal(1, #messages)
  end)

  it("needs no round where nothing is called", function()
    local tool = counting "look"
    local result = run(words, { tools = { tool.spec } })
    assert.equal("It is sunny.", result.text)
    assert.equal(0, result.rounds)
    assert.same({}, result.calls)
  end)

  it("answers in the order of the calls", function()
    local result, _, sent = run({ calls(call("b", "two"), call("a", "one"), call("c", "two")), words },
      { tools = { counting("one").spec, counting("two").spec } })
    local answers = {}
    for i = 3, 5 do answers[#answers + 1] = sent[2].messages[i].tool_call_id .. " " .. sent[2].messages[i].content end
    assert.same({ "b two says hello", "a one says hello", "c two says hello" }, answers)
    assert.equal(3, #result.calls)
  end)

  describe("tells the model, and lets the others run:", function()
    --- What the model is told of one call beside a good one.
    local function told(bad, tool, status)
      local good = counting "good"
      local result, _, sent = run({ calls(bad, call("g", "good")), words }, { tools = { good.spec, tool or counting("other").spec } })
      assert.equal("It is sunny.", result.text)
      assert.equal(1, good.n)
      assert.equal(status, result.calls[1].status)
      assert.equal("good says hello", sent[2].messages[4].content)
      assert.equal(result.calls[1].content, sent[2].messages[3].content)
      return sent[2].messages[3].content, result.calls[1]
    end

    it("a name that is unknown (85)", function()
      local content, record = told(call("x", "nothing"), nil, "invalid")
      assert.equal("Error: there is no tool 'nothing'; the tools are: good, other", content)
      assert.equal("there is no tool 'nothing'; the tools are: good, other", record.error)
    end)

    for _, name in ipairs { "__index", "toString", "__newindex", "by_name" } do
      it("the name " .. name .. ", which is no tool, and runs no metamethod (86)", function()
        assert.matches("there is no tool '" .. name, told(call("x", name), nil, "invalid"), 1, true)
      end)
    end

    it("broken JSON (85)", function()
      assert.matches("^Error: the arguments are not valid JSON %(.*it ends after", told(call("x", "other", '{"a":'), nil, "invalid"))
    end)

    it("two objects glued together (85)", function()
      for _, text in ipairs { '{"a":1}{"b":2}', '{"a":1}\n{"b":2}' } do
        assert.equal("Error: the arguments are more than one JSON value; send one object for each call",
          told(call("x", "other", text), nil, "invalid"))
      end
    end)

    it("what is no object", function()
      assert.equal("Error: the arguments must be one JSON object", told(call("x", "other", '"a"'), nil, "invalid"))
      assert.matches("do not fit", told(call("x", "other", "[1]"), nil, "invalid"))
    end)

    it("arguments that do not fit", function()
      local tool = counting("other", { parameters = "city, days int" })
      assert.equal('Error: the arguments do not fit: days: an integer expected, got "two"',
        told(call("x", "other", '{"city":"Oslo","days":"two"}'), tool.spec, "invalid"))
      assert.equal("Error: the arguments do not fit: city: is missing", told(call("x", "other"), tool.spec, "invalid"))
      assert.equal(0, tool.n)
    end)

    it("an error of the tool, of any kind", function()
      local content, record = told(call("x", "other"), counting("other", { run = function() error "no such place" end }).spec, "failed")
      assert.matches("^Error: .*tools_spec%.lua:%d+: no such place$", content)
      assert.matches("no such place", record.error)
      local object = setmetatable({}, { __tostring = function() return "an object" end })
      assert.equal("Error: an object", told(call("x", "other"), counting("other", { run = function() error(object) end }).spec, "failed"))
      local broken = setmetatable({}, { __tostring = function() error "no" end })
      assert.equal("Error: it failed", told(call("x", "other"), counting("other", { run = function() error(broken) end }).spec, "failed"))
      assert.equal("Error: it failed", told(call("x", "other"), counting("other", { run = function() error() end }).spec, "failed"))
    end)

    it("a nil and a reason", function()
      local content, record = told(call("x", "other"), counting("other", { run = function() return nil, "not today" end }).spec, "failed")
      assert.equal("Error: not today", content)
      assert.equal("not today", record.error)
    end)

    it("what cannot be sent", function()
      assert.matches("^Error: what it gave cannot be sent: ", told(call("x", "other"), counting("other", { run = function() return { print } end }).spec, "failed"))
    end)

    it("a refusal, with its reason", function()
      local tool = counting("other", { approve = function() return false, "not on Sundays" end })
      assert.equal("Error: not on Sundays", told(call("x", "other"), tool.spec, "refused"))
      assert.equal(0, tool.n)
      for _, answer in ipairs { false, "yes", 1 } do
        tool = counting("other", { approve = function() return answer end })
        assert.equal("Error: it was not allowed", told(call("x", "other"), tool.spec, "refused"))
        assert.equal(0, tool.n)
      end
      tool = counting("other", { approve = function() error "oh" end })
      assert.matches("^Error: the approval failed: .*oh", told(call("x", "other"), tool.spec, "refused"))
    end)
  end)

  it("takes empty arguments for {} (85)", function()
    for _, text in ipairs { "", " ", "{}" } do
      local got
      local tool = { name = "look", run = function(arguments) got = arguments return "x" end }
      run({ calls(call("c", "look", text)), words }, { tools = { tool } })
      assert.same({}, got)
    end
  end)

  it("has text of whatever a tool gives", function()
    local function content(value, more)
      local tool = { name = "look", run = function() return value end }
      for key, one in pairs(more or {}) do tool[key] = one end
      local _, _, sent = run({ calls(call("c", "look")), words }, { tools = { tool } })
      return sent[2].messages[3].content
    end
    assert.equal("text", content "text")
    assert.equal("", content "")
    assert.equal("done", content(nil))
    assert.equal("false", content(false))
    assert.equal("12", content(12))
    assert.equal('[1,2]', content { 1, 2 })
    assert.equal("\239\191\189a\239\191\189\239\191\189é", content "\255a\195\237\160é":gsub("\239\191\189\239\191\189\239\191\189é", "\239\191\189\239\191\189é"))
    assert.equal("ab\n[cut: the first 2 of 5 bytes]", content("abcde", { max_result = 2 }))
    assert.equal("ä\n[cut: the first 2 of 6 bytes]", content("äöü", { max_result = 3 }))
    assert.equal("abcde", content("abcde", { max_result = 5 }))
    assert.equal(100000 + #"\n[cut: the first 100000 of 100001 bytes]", #content(("x"):rep(100001)))
  end)

  it("gives a call an id of its own where it has none", function()
    local result, _, sent = run({ calls(call(nil, "look"), call("", "look"), call("a", "look"), call("a", "look")), words }, { tools = { counting("look").spec } })
    local ids = {}
    for i = 3, 6 do ids[#ids + 1] = sent[2].messages[i].tool_call_id end
    assert.same({ "call_1_1", "call_1_2", "a", "call_1_4" }, ids)
    assert.equal(4, #result.calls)
  end)

  it("answers calls that are not whole, and sends them back as an API wants them", function()
    local odd = { { id = "a", ["function"] = { name = "look" } }, { ["function"] = {} }, "x", { id = "d", type = "function" } }
    local message = { role = "assistant", tool_calls = odd }
    local script = fixture.json(200, fixture.chat_reply(nil, { choices = { { index = 0, finish_reason = "tool_calls", message = message } } }))
    local tool = counting "look"
    local result, _, sent = run({ script, words }, { tools = { tool.spec } })
    assert.equal("It is sunny.", result.text)
    assert.equal(1, tool.n)
    local ids = {}
    for i, one in ipairs(sent[2].messages[2].tool_calls) do
      ids[i] = one.id
      assert.equal("function", one.type)
      assert.is_string(one["function"].name)
      assert.equal("{}", one["function"].arguments)
      assert.equal(one.id, sent[2].messages[2 + i].tool_call_id)
    end
    assert.same({ "a", "call_1_2", "call_1_3", "d" }, ids)
  end)

  it("takes arguments that came as an object", function()
    local got
    local one = call("c", "look")
    one["function"].arguments = { city = "Oslo" }
    run({ calls(one), words }, { tools = { { name = "look", parameters = "city", run = function(arguments) got = arguments end } } })
    assert.same({ city = "Oslo" }, got)
  end)

  it("forces a call in the first round only", function()
    local function choices(choice)
      local _, _, sent = run({ calls(call("c", "look")), calls(call("d", "look")), words }, { tools = { counting("look").spec } }, { tool_choice = choice })
      return sent[1].tool_choice, sent[2].tool_choice, sent[3].tool_choice
    end
    assert.same({ "required" }, { choices "required" })
    local named = { type = "function", ["function"] = { name = "look" } }
    assert.same({ named }, { choices(named) })
    assert.same({ "auto", "auto", "auto" }, { choices "auto" })
    assert.same({ "none", "none", "none" }, { choices "none" })
    local allowed = { type = "allowed_tools", allowed_tools = { mode = "auto", tools = { named } } }
    assert.same({ allowed, allowed, allowed }, { choices(allowed) })
  end)

  it("stops after max_rounds, and goes on with more (84)", function()
    local tool = counting "look"
    local script = { calls(call("a", "look")), calls(call("b", "look")), calls(call("c", "look")), calls(call("d", "look")), words }
    local result, err, sent, client = run(script, { tools = { tool.spec }, max_rounds = 3 })
    assert.is_nil(result)
    assert.equal("limit", err.kind)
    assert.equal("rounds", err.code)
    assert.equal("limit (rounds): the model wants tools called after 3 rounds of them (max_rounds)", tostring(err))
    assert.equal(3, tool.n)
    assert.equal(4, #sent)
    assert.equal(3, err.pending.rounds)
    assert.equal(3, #err.pending.calls)
    assert.equal("d", err.pending.message.tool_calls[1].id)
    -- A copy of it, as it comes out of a file, does as well.
    local pending = json.decode(json.encode(err.pending))
    result = lualogue.assert(client:run_tools({ model = "m", messages = messages }, { tools = { tool.spec }, max_rounds = 6, resume = pending }))
    assert.equal("It is sunny.", result.text)
    assert.equal(4, tool.n)
    assert.equal(4, result.rounds)
    assert.equal(4, #result.calls)
    assert.equal(40, result.usage.total_tokens)
    assert.equal(10, #result.messages)
  end)

  it("allows ten rounds unless it is told otherwise", function()
    local tool = counting "look"
    local _, err = run(calls(call("a", "look")), { tools = { tool.spec } })
    assert.equal("rounds", err.code)
    assert.equal(10, tool.n)
  end)

  it("never runs a finished tool again after a failure (78)", function()
    local tool = counting "look"
    local broken = fixture.json(500, fixture.error_body "Oh.")
    local script = { calls(call("a", "look")), calls(call("b", "look")), broken, words }
    local result, err, sent, client = run(script, { tools = { tool.spec } })
    assert.is_nil(result)
    assert.equal("api", err.kind)
    assert.equal(500, err.status)
    assert.equal(2, err.pending.rounds)
    assert.equal(3, #sent)
    result = lualogue.assert(client:run_tools({ model = "m", messages = messages }, { tools = { tool.spec }, resume = err.pending }))
    assert.equal("It is sunny.", result.text)
    assert.equal(2, tool.n)
    assert.equal(2, result.rounds)
  end)

  it("waits for a person, keeps the answers of the others, and asks again", function()
    local free = counting "free"
    local verdict, asked = "wait", 0
    local guarded = counting("guarded", { approve = function() asked = asked + 1 return verdict end })
    local script = { calls(call("a", "guarded"), call("b", "free")), words }
    local result, err, sent, client = run(script, { tools = { free.spec, guarded.spec } })
    assert.is_nil(result)
    assert.equal("busy (approval): 'guarded' waits for approval", tostring(err))
    assert.equal(1, #sent)
    assert.equal(1, free.n)
    assert.equal(0, guarded.n)
    assert.equal("free says hello", err.pending.answers[2].content)
    assert.is_nil(err.pending.answers[1])
    local again = { tools = { free.spec, guarded.spec }, resume = err.pending }
    local params = { model = "m", messages = messages }
    local _, still = client:run_tools(params, again)
    assert.equal("approval", still.code)
    verdict = true
    result = lualogue.assert(client:run_tools(params, { tools = again.tools, resume = still.pending }))
    assert.equal(1, free.n)
    assert.equal(1, guarded.n)
    assert.equal(3, asked)
    assert.same({ "guarded", "free" }, { result.calls[1].name, result.calls[2].name })
  end)

  it("tells what happens as it happens", function()
    local seen = {}
    local tool = counting "look"
    run({ calls(call("a", "look"), call("b", "nothing")), words }, { tools = { tool.spec }, on_event = function(event)
      seen[#seen + 1] = event.type .. " " .. tostring(event.call and event.call.id or event.round)
      error "what a listener raises changes nothing"
    end })
    assert.same({ "result b", "call a", "result a", "round 1" }, { seen[1], seen[2], seen[3], seen[4] })
  end)

  it("streams, and tells of text and calls as they grow", function()
    local stream = fixture.sse {
      fixture.chunk { role = "assistant", content = "Let me see. " },
      fixture.chunk { tool_calls = { { index = 0, id = "a", type = "function", ["function"] = { name = "look", arguments = "" } } } },
      fixture.chunk { tool_calls = { { index = 0, ["function"] = { arguments = '{"city":"Os' } } } },
      fixture.chunk { tool_calls = { { index = 1, id = "b", type = "function", ["function"] = { name = "look", arguments = '{"city":' } } } },
      fixture.chunk { tool_calls = { { index = 0, ["function"] = { arguments = 'lo"}' } } } },
      fixture.chunk { tool_calls = { { index = 1, ["function"] = { arguments = '"Rome"}' } } } },
      fixture.chunk({}, { finish_reason = "tool_calls" }),
    }
    local log, cities = {}, {}
    local result = run({ stream, fixture.sse(fixture.words { "Sun", "ny" }) }, {
      tools = { { name = "look", parameters = "city", run = function(arguments)
        cities[#cities + 1] = arguments.city
        return "x"
      end } },
      on_event = function(event)
        if event.type == "text" then log[#log + 1] = event.text end
        if event.type == "piece" then
          log[#log + 1] = ("%d %s %s"):format(event.index, event.name, tostring((event.reader:value() or {}).city))
        end
      end,
    }, { stream = true })
    assert.equal("Sunny", result.text)
    assert.same({ "Oslo", "Rome" }, cities)
    assert.same({ "Let me see. ", "1 look nil", "1 look Os", "2 look nil", "1 look Oslo", "2 look Rome", "Sun", "ny" }, log)
    assert.equal("Let me see. ", result.messages[2].content)
  end)

  it("sends the caller's own definitions as well", function()
    local _, _, sent = run(words, { tools = { counting("look").spec } }, { tools = { { type = "web_search" } } })
    assert.equal("web_search", sent[1].tools[1].type)
    assert.equal("look", sent[1].tools[2]["function"].name)
  end)

  it("sends a JSON schema as it is, and a strict one where it is asked to", function()
    local form = { type = "object", properties = { a = { type = "string" } } }
    local _, _, sent = run(words, { tools = { { name = "a", parameters = form, run = print }, { name = "b", parameters = form, strict = true, run = print }, { name = "c", run = print } } })
    local f = {}
    for i = 1, 3 do f[i] = sent[1].tools[i]["function"] end
    assert.same(form, f[1].parameters)
    assert.is_nil(f[1].strict)
    assert.is_true(f[2].strict)
    assert.same({ "a" }, f[2].parameters.required)
    assert.same({ type = "object", properties = {} }, f[3].parameters)
  end)

  it("raises for wrong arguments, at the caller's line", function()
    local client = lualogue.new { base_url = "http://127.0.0.1:1/v1" }
    local good = { name = "look", run = print }
    local params = { model = "m", messages = messages }
    local function with(options, more)
      local all = { model = "m", messages = messages }
      for key, value in pairs(more or {}) do all[key] = value end
      return raised(function() client:run_tools(all, options) end)
    end
    local function tool(more)
      local spec = { name = "look", run = print }
      for key, value in pairs(more) do spec[key] = value ~= json.null and value or nil end
      return (with { tools = { spec } }:gsub("^bad argument ", ""):gsub(" to 'run_tools'", ""))
    end
    assert.equal("bad argument 'options' to 'run_tools' (table expected, got nothing)", raised(function() client:run_tools(params) end))
    assert.equal("bad argument 'params' to 'run_tools' (table expected, got string)", raised(function() client:run_tools("x", {}) end))
    assert.equal("bad argument 'tools' to 'run_tools' (table expected, got nothing)", with {})
    assert.equal("bad argument 'tools' to 'run_tools' (it is empty)", with { tools = {} })
    assert.equal("bad argument 'tools[2].name' to 'run_tools' (this name is there twice)", with { tools = { good, good } })
    assert.equal("bad argument 'max_rounds' to 'run_tools' (a whole number from 1 expected)", with { tools = { good }, max_rounds = 0 })
    assert.equal("bad argument 'n' to 'run_tools' (tools go on from one answer)", with({ tools = { good } }, { n = 2 }))
    assert.equal("bad argument 'on_event' to 'run_tools' (function expected, got string)", with { tools = { good }, on_event = "x" })
    assert.equal("bad argument 'resume.messages' to 'run_tools' (table expected, got nothing)", with { tools = { good }, resume = {} })
    assert.equal("'tools[1].name' (at most 64 letters, digits, \"_\" and \"-\" expected)", tool { name = "a b" })
    assert.equal("'tools[1].run' (function expected, got table)", tool { run = {} })
    assert.equal("'tools[1].run' (function expected, got nothing)", tool { run = json.null })
    assert.equal("'tools[1].nonsense' (no such field)", tool { nonsense = 1 })
    assert.equal("'tools[1].timeout' (more than 0 expected)", tool { timeout = 0 })
    assert.equal("'tools[1].parameters' (a schema expected, got number)", tool { parameters = 1 })
    assert.matches("no such type: 'foo'", with { tools = { { name = "a", run = print, parameters = "a foo" } } })
    assert.matches("bad argument 'nonsense' to 'chat'", with { tools = { good }, nonsense = 1 })
  end)
end)
