-- Tools in a dialogue: rounds of a turn, what becomes of them when it fails, and that nothing that
-- has finished runs again.

local dialogue = require "lualogue.dialogue"
local lualogue = require "lualogue"
local script_client = require "spec.support.script_client"
local trim = require "lualogue.trim"

local say = script_client.say

local function call(id, name, arguments)
  return { id = id, type = "function", ["function"] = { name = name or "look", arguments = arguments or "{}" } }
end

--- An answer that calls tools.
local function calls(...)
  local list = { ... }
  local text = type(list[1]) == "string" and table.remove(list, 1) or nil
  return function()
    local copies = {}
    for i, one in ipairs(list) do copies[i] = call(one.id, one["function"].name, one["function"].arguments) end
    return { content = text, tool_calls = copies }
  end
end

local BROKEN = { err = { kind = "connection", message = "gone" } }

--- A dialogue of a script, whose tool `look` counts how often it ran.
local function new(script, options, more)
  local client = script_client.new(script)
  local d = dialogue.new(client, options)
  local ran = { n = 0 }
  local spec = { name = "look", run = function(_, info)
    ran.n = ran.n + 1
    ran[#ran + 1] = info.id
    return "seen " .. ran.n
  end }
  for key, value in pairs(more or {}) do spec[key] = value end
  d:tool(spec)
  return d, client, ran
end

--- What was sent, each time, is what an API would take; so is the history.
local function check_sound(d, client)
  for i, request in ipairs(client.requests) do
    local ok, why = trim.check(request.messages)
    assert(ok, ("request %d: %s"):format(i, why and why.why or ""))
  end
  local ok, why = trim.check((d:history()))
  assert(ok, why and why.why)
end

local function raised(body)
  local ok, message = pcall(body)
  assert.is_false(ok)
  return (assert(message:match "^[^:]*spec/dialogue_tools_spec%.lua:%d+: (.*)", tostring(message)))
end

describe("a dialogue with tools", function()
  it("runs what is called, and has it all in its history", function()
    local d, client, ran = new { calls(call "a", call "b"), calls("Once more.", call "c"), "It is sunny." }
    local text, answer = d:ask "What is it like?"
    assert.equal("It is sunny.", text)
    assert.equal(3, ran.n)
    assert.equal(2, answer.rounds)
    assert.equal(3, #answer.calls)
    assert.same({ "done", "seen 1", 1, 1 }, { answer.calls[1].status, answer.calls[1].content, answer.calls[1].round, answer.calls[1].index })
    assert.equal("u:What is it like? a:nil t:seen 1 t:seen 2 a:Once more. t:seen 3 a:It is sunny.", say((d:history())))
    assert.equal("look", client.requests[1].tools[1]["function"].name)
    assert.equal("u:What is it like? a:nil t:seen 1 t:seen 2", say(client.requests[2].messages))
    assert.is_nil(d.pending)
    check_sound(d, client)
    -- The next turn begins anew.
    text, answer = d:ask "And now?"
    assert.equal("It is sunny.", text)
    assert.equal(0, answer.rounds)
    assert.same({}, answer.calls)
  end)

  it("counts what the tools take of the budget, and shows them", function()
    local d = new({ "x" }, { trim = trim.tokens(1000), model = "gpt-4o-mini" })
    local request, parts = d:preview "hello"
    assert.equal("look", request.tools[1]["function"].name)
    assert.is_true(parts.tools > 0)
  end)

  it("answers in the order of the calls (85)", function()
    local d, client = new { calls(call("a", "nothing"), call("b", "look", '{"x":'), call("c", "look", '{"a":1}{"b":2}'), call("d", "look", ""), call("e", "__index")), "ok" }
    assert.equal("ok", (d:ask "?"))
    local told = {}
    for i = 3, 7 do told[#told + 1] = client.requests[2].messages[i].tool_call_id .. client.requests[2].messages[i].content:sub(1, 26) end
    assert.same({
      "aError: there is no tool 'n", "bError: the arguments are n", "cError: the arguments are m", "dseen 1", "eError: there is no tool '_",
    }, told)
    check_sound(d, client)
  end)

  it("forces a call in the first round of a turn only", function()
    local d, client = new({ calls(call "a"), "x", calls(call "b"), "y" }, { tool_choice = "required" })
    d:ask "one"
    d:ask "two"
    local choices = {}
    for i, request in ipairs(client.requests) do choices[i] = tostring(request.tool_choice) end
    assert.same({ "required", "nil", "required", "nil" }, choices)
  end)

  it("tells what happens", function()
    local seen = {}
    local d = new({ calls(call "a"), "x" }, { on_event = function(event) seen[#seen + 1] = event.type end })
    d:ask "one"
    assert.same({ "call", "result", "round" }, seen)
  end)

  it("leaves calls of definitions that it was only given to the caller", function()
    local client = script_client.new { calls(call "a"), "x" }
    local d = dialogue.new(client, { tools = { { type = "function", ["function"] = { name = "look" } } } })
    local _, answer = d:ask "one"
    assert.equal("a", answer.message.tool_calls[1].id)
    d:append { role = "tool", tool_call_id = "a", content = "seen" }
    assert.equal("x", (d:retry()))
  end)

  it("shares its tools with a branch, which may have more", function()
    local d, client = new { calls(call("a", "other")), "x" }
    local fork = d:fork()
    local other = 0
    fork:tool { name = "other", run = function() other = other + 1 return "o" end }
    assert.equal("x", (fork:ask "one"))
    assert.equal(1, other)
    assert.equal(2, #client.requests[1].tools)
    local request = d:preview "?"
    assert.equal(1, #request.tools)
  end)

  it("replaces a tool of the same name", function()
    local d, client = new { calls(call "a"), "x" }
    assert.equal(d, d:tool { name = "look", run = function() return "new" end })
    d:ask "one"
    assert.equal("new", client.requests[2].messages[3].content)
    assert.equal(1, #client.requests[1].tools)
  end)

  it("is busy for its own tools", function()
    local d, inner
    d = new({ calls(call "a"), "x" }, nil, { run = function() inner = { d:ask "in between" } return "ok" end })
    assert.equal("x", (d:ask "one"))
    assert.equal("busy", inner[2].kind)
    assert.equal("u:one a:nil t:ok a:x", say((d:history())))
    inner = nil
    d = new({ calls(call "a"), "x" }, nil, { approve = function() inner = { d:ask "in between" } return true end })
    assert.equal("x", (d:ask "one"))
    assert.equal("busy", inner[2].kind)
    assert.equal("x", (d:ask "two"))
  end)

  describe("that fails", function()
    it("after two rounds goes on from there, and no tool runs again (78)", function()
      local d, client, ran = new { calls(call "a", call "b"), calls(call "c"), BROKEN, "done" }
      d:append { role = "user", content = "before" }
      local before = d:export "jsonl"
      local text, err = d:ask "one"
      assert.is_nil(text)
      assert.equal("connection", err.kind)
      assert.equal(before, d:export "jsonl")
      assert.equal(2, d.pending.rounds)
      assert.equal(3, #d.pending.calls)
      assert.equal(3, ran.n)
      local _, answer = assert(d:retry())
      assert.equal(3, ran.n)
      assert.equal(3, #answer.calls)
      assert.equal(2, answer.rounds)
      check_sound(d, client)
    end)

    it("in a tool or an approval does not fail at all (77)", function()
      local d, client = new({ calls(call "a"), "x" }, nil, { run = function() error "boom" end })
      assert.equal("x", (d:ask "one"))
      assert.matches("^Error: .*boom", client.requests[2].messages[3].content)
      d, client = new({ calls(call "a"), "x" }, nil, { approve = function() return false, "never" end })
      assert.equal("x", (d:ask "one"))
      assert.equal("Error: never", client.requests[2].messages[3].content)
    end)

    it("with its rounds used up holds them, and goes on with more (84)", function()
      local d, client, ran = new({ calls(call "a"), calls(call "b"), calls(call "c"), calls(call "d"), calls(call "e"), "done" }, { max_rounds = 3 })
      local before = d:export "jsonl"
      local text, err = d:ask "one"
      assert.is_nil(text)
      assert.equal("limit (rounds): the model wants tools called after 3 rounds of them (max_rounds)", tostring(err))
      assert.equal(3, ran.n)
      assert.equal(3, d.pending.rounds)
      assert.equal("d", d.pending.waiting.tool_calls[1].id)
      assert.equal(before, d:export "jsonl")
      assert.equal("rounds", (select(2, d:retry())).code)
      assert.equal(4, #client.requests)
      assert.equal("done", (d:retry { max_rounds = 6 }))
      assert.equal(6, #client.requests)
      assert.equal(5, ran.n)
      check_sound(d, client)
    end)

    it("takes a limit of rounds from a single turn, and allows ten else", function()
      local d, _, ran = new { calls(call "a") }
      assert.equal("rounds", (select(2, d:ask("one", { max_rounds = 2 }))).code)
      assert.equal(2, ran.n)
      assert.equal("rounds", (select(2, d:ask "two")).code)
      assert.equal(12, ran.n)
    end)

    it("at the limit may be kept, without an orphan, or discarded", function()
      local d, client = new({ calls("Let me see.", call "a"), calls("Again.", call "b") }, { max_rounds = 1 })
      d:ask "one"
      assert.equal("Again.", assert(d:keep()).content)
      assert.equal("u:one a:Let me see. t:seen 1 a:Again.", say((d:history())))
      check_sound(d, client)
      d:ask "two"
      assert.is_true((d:discard()))
      assert.equal("u:one a:Let me see. t:seen 1 a:Again.", say((d:history())))
    end)

    it("waits for a person, and keeps the answers of the others, also in a file", function()
      local verdict, guarded = "wait", 0
      local function guard(d)
        return d:tool { name = "guarded", approve = function() return verdict end, run = function() guarded = guarded + 1 return "done" end }
      end
      local d, client, ran = new { calls(call("a", "guarded"), call "b"), "fine" }
      guard(d)
      local _, err = d:ask "one"
      assert.equal("busy (approval): 'guarded' waits for approval", tostring(err))
      assert.equal(1, ran.n)
      assert.equal(0, #(d:history()))
      local path = os.tmpname()
      assert(d:save(path))
      local again = script_client.new { "fine" }
      local loaded = assert(dialogue.new(again, { load = path }))
      os.remove(path)
      assert.equal("bad use of 'retry' (calls wait, and no tool is declared: see dialogue:tool)", raised(function() loaded:retry() end))
      loaded:tool { name = "look", run = function() ran.n = ran.n + 1 return "twice" end }
      guard(loaded)
      verdict = true
      assert.equal("fine", (loaded:retry()))
      assert.equal("u:one a:nil t:done t:seen 1 a:fine", say((loaded:history())))
      check_sound(loaded, again)
      assert.equal("fine", (d:retry()))
      assert.equal(1, ran.n)
      assert.equal(2, guarded)
      check_sound(d, client)
    end)

    it("is in a file with its rounds", function()
      local d, _, ran = new({ calls(call "a"), calls(call "b") }, { max_rounds = 1 })
      d:ask "one"
      local path = os.tmpname()
      assert(d:save(path))
      local client = script_client.new { "done" }
      local loaded = assert(dialogue.new(client, { load = path }))
      os.remove(path)
      loaded:tool { name = "look", run = function() return "new" end }
      local text, answer = loaded:retry { max_rounds = 2 }
      assert.equal("done", text)
      assert.equal(2, #answer.calls)
      assert.equal("seen 1", answer.calls[1].content)
      assert.equal("u:one a:nil t:seen 1 t:new", (say(client.requests[1].messages):gsub(" a:nil t:new", " t:new")))
      assert.equal(1, ran.n)
      check_sound(loaded, client)
    end)
  end)

  describe("that streams", function()
    local TEXT_THEN_CALL = { pieces = { "Let ", "me see. " }, tool_calls = { call("a", "look", '{"x":1}') } }

    it("gives its text, round after round", function()
      local d = new { TEXT_THEN_CALL, { pieces = { "It is ", "sunny." } } }
      local words = {}
      local stream = lualogue.assert(d:stream "one")
      for text in stream do words[#words + 1] = text end
      assert.same({ "Let ", "me see. ", "It is ", "sunny." }, words)
      assert.equal(1, stream.answer.rounds)
      assert.equal("It is sunny.", stream.message.content)
    end)

    it("gives everything through one iterator, each with its type", function()
      local d = new({ TEXT_THEN_CALL, { pieces = { "Sunny." } } }, nil, { parameters = { type = "object" } })
      local seen = {}
      for event in lualogue.assert(d:stream "one"):events() do
        seen[#seen + 1] = event.type .. ":" .. tostring(event.text or event.call and (event.call.content or event.call.text) or event.round)
      end
      assert.same({ "text:Let ", "text:me see. ", 'call:{"x":1}', "result:seen 1", "round:1", "text:Sunny." }, seen)
    end)

    it("is pending where the loop is left, and finished tools are kept (79, 80)", function()
      local d, client, ran = new { TEXT_THEN_CALL, { pieces = { "It is ", "sunny." } }, "done" }
      local stream = lualogue.assert(d:stream "one")
      for text in stream do if text == "It is " then break end end
      stream:close()
      assert.equal(1, d.pending.rounds)
      assert.equal("It is ", d.pending.partial.content)
      local rest = {}
      for text in lualogue.assert(d:retry()) do rest[#rest + 1] = text end
      assert.equal("done", table.concat(rest))
      assert.equal(1, ran.n)
      check_sound(d, client)
    end)

    it("raises what went wrong out of the iterator", function()
      local d = new({ TEXT_THEN_CALL }, { max_rounds = 1 })
      local n = 0
      local ok, err = pcall(function()
        for _ in lualogue.assert(d:stream "one"):events() do n = n + 1 end
      end)
      assert.is_false(ok)
      assert.equal("rounds", err.code)
      assert.equal(7, n)
      assert.equal(1, d.pending.rounds)
    end)
  end)

  it("raises for wrong arguments, at the caller's line", function()
    local d = new { "x" }
    assert.equal("bad argument 'spec' to 'tool' (table expected, got nil)", raised(function() d:tool() end))
    assert.equal("bad argument 'spec.run' to 'tool' (function expected, got nothing)", raised(function() d:tool { name = "a" } end))
    assert.equal("bad argument 'max_rounds' to 'ask' (a whole number from 1 expected)", raised(function() d:ask("x", { max_rounds = 0 }) end))
    assert.equal("bad argument 'max_rounds' to 'dialogue' (a whole number from 1 expected)", raised(function() dialogue.new(script_client.new {}, { max_rounds = 1.5 }) end))
    assert.matches("call it with a colon", raised(function() d.tool({}) end))
  end)
end)
