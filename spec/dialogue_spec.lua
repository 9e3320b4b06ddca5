-- What a dialogue remembers, and the moves on its tree.
local dialogue = require "lualogue.dialogue"
local script_client = require "spec.support.script_client"
local trim = require "lualogue.trim"

local say = script_client.say
local HERE = "^spec/dialogue_spec%.lua:%d+: "

--- What a call raised, without the position, which must be a line of this file.
local function raised(f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(message):find(HERE), message)
  return (message:gsub(HERE, ""))
end

local function echo(params) return "re " .. params.messages[#params.messages].content end

local function new(options, script)
  local client = script_client.new(script or { echo }, { model = "gpt-4o" })
  return dialogue.new(client, options), client
end

local function history(d) return say((d:history())) end

describe("a dialogue", function()
  it("asks, answers and remembers", function()
    local d, client = new { system = "S", temperature = 0.5 }
    local text, answer = d:ask "one"
    assert.equal("re one", text)
    assert.equal("re one", answer.message.content)
    assert.equal("stop", answer.finish_reason)
    assert.equal("[13 + 5 tokens, stop]", tostring(answer))
    assert.equal("re two", (d:ask({ role = "user", content = "two", name = "Ann" }, { temperature = 1, top_p = 0.9 })))
    assert.equal("u:one a:re one u:two a:re two", history(d))
    assert.equal("s:S u:one a:re one u:two", say(client.requests[2].messages))
    assert.equal(1, client.requests[2].temperature)
    assert.equal(0.9, client.requests[2].top_p)
    assert.equal("Ann", client.requests[2].messages[4].name)
    assert.equal(0.5, client.requests[1].temperature)
    assert.is_nil(client.requests[1].model)
    assert.is_nil(d.pending)
    d:ask "three"
    assert.equal(0.5, client.requests[3].temperature)
  end)

  it("streams, and remembers what was read to its end", function()
    local d, client = new({}, { "one two three" })
    local words = {}
    local stream, _, _, closing = d:stream "go"
    assert.equal(stream, closing)
    for text in stream do words[#words + 1] = text end
    assert.same({ "one ", "two ", "three" }, words)
    assert.equal("u:go a:one two three", history(d))
    assert.equal("one two three", stream.message.content)
    assert.equal("stop", stream.finish_reason)
    assert.is_truthy(stream.usage.total_tokens)
    assert.same({ include_usage = true }, client.requests[1].stream_options)
    d:stream("go", { stream_options = false }):close()
    assert.is_nil(client.requests[2].stream_options)
    assert.is_nil(stream:next())
  end)

  it("has a system message that can be changed at any time", function()
    local d, client = new { system = "S" }
    d:ask "one"
    d.system = { { role = "developer", content = "D1" }, { role = "system", content = "S2" } }
    d:ask "two"
    d.system, d.params.model = nil, "other"
    d:ask "three"
    assert.equal("s:S u:one", say(client.requests[1].messages))
    assert.equal("d:D1 s:S2 u:one a:re one u:two", say(client.requests[2].messages))
    assert.equal("u:one a:re one u:two a:re two u:three", say(client.requests[3].messages))
    assert.equal("other", client.requests[3].model)
  end)

  it("82: sends back what it does not know", function()
    local d, client = new({}, { { content = "x", reasoning_content = "hm", vendor = { a = 1 } }, "y" })
    d:ask "one"
    d:ask "two"
    assert.equal("hm", client.requests[2].messages[2].reasoning_content)
    assert.same({ a = 1 }, client.requests[2].messages[2].vendor)
  end)

  it("shows exactly what it would send, and what each part costs", function()
    local d, client = new { system = "S", trim = trim.turns(2), max_tokens = 50 }
    for _, word in ipairs { "one", "two", "three" } do d:ask(word) end
    local request, parts, total, info = d:preview "four"
    d:ask "four"
    assert.same(client.requests[4], request)
    assert.equal(total, parts.system + parts.tools + parts.history + parts.newest + parts.recall + parts.summary)
    assert.equal(4, info.dropped)
    assert.equal(3, #client.requests[3].messages - 1)
    assert.equal("s:S u:three a:re three u:four a:re four", say((d:history { sent = true })))
  end)

  it("adds up what it has cost", function()
    local d = new({ prices = { input = 2, cached = 1, output = 10 } }, { { content = "x", usage = {
      prompt_tokens = 1000, completion_tokens = 100, total_tokens = 1100,
      prompt_tokens_details = { cached_tokens = 400 }, completion_tokens_details = { reasoning_tokens = 60 } } } })
    d:ask "one"
    d:ask "two"
    assert.same({ prompt_tokens = 2000, completion_tokens = 200, total_tokens = 2200, cached_tokens = 800,
      reasoning_tokens = 120, calls = 2, turns = 2, cost = (1200 * 2 + 800 * 1 + 200 * 10) / 1e6 }, d:usage())
    assert.is_nil(new():usage().cost)
  end)
end)

describe("the tree", function()
  it("undoes and redoes turns", function()
    local d = new()
    for _, word in ipairs { "one", "two", "three" } do d:ask(word) end
    assert.equal(1, d:undo())
    assert.equal("u:one a:re one u:two a:re two", history(d))
    assert.is_true(d:redo())
    assert.equal(2, d:undo(2))
    assert.equal("u:one a:re one", history(d))
    assert.equal(1, d:undo(9))
    assert.equal("", history(d))
    assert.equal(0, d:undo())
    assert.is_true(d:redo())
    assert.is_true(d:redo())
    assert.equal("u:one a:re one u:two a:re two u:three a:re three", history(d))
    assert.is_false(d:redo())
    d:undo()
    d:ask "four"
    assert.is_false(d:redo())
  end)

  it("resets, and takes it back", function()
    local d, client = new { system = "S" }
    d:ask "one"
    assert.is_true(d:reset())
    d:preview()
    assert.equal("", history(d))
    assert.is_true(d:redo())
    d:reset()
    d:ask "two"
    assert.equal("s:S u:two", say(client.requests[2].messages))
  end)

  it("83: keeps every answer", function()
    local n = 0
    local d, client = new({}, { function() n = n + 1 return "answer " .. n end })
    d:ask "one"
    d:regenerate { temperature = 2 }
    d:regenerate()
    local list, current = d:alternatives()
    assert.equal("a:answer 1 a:answer 2 a:answer 3", say(list))
    assert.equal(3, current)
    assert.equal(2, client.requests[2].temperature)
    assert.equal("u:one", say(client.requests[3].messages))
    d:select(1)
    d:ask "two"
    assert.equal("u:one a:answer 1 u:two", say(client.requests[4].messages))
    d:undo()
    d:redo()
    assert.equal(3, #(d:alternatives(2)))
    assert.equal("u:one a:answer 1 u:two a:answer 4", history(d))
    d:select(3, 2)
    assert.equal("u:one a:answer 3", history(d))
    d:select(1, 2)
    assert.equal("u:one a:answer 1 u:two a:answer 4", history(d))
    d:redo()
    assert.equal("u:one a:answer 3", history(d))
  end)

  it("edits on a branch of its own", function()
    local d = new()
    d:ask "one"
    d:ask "two"
    assert.is_true(d:edit(3, "2"))
    assert.equal("u:one a:re one u:2", history(d))
    assert.equal("re 2", (d:retry()))
    assert.equal("u:one a:re one u:2 a:re 2", history(d))
    assert.equal("u:two u:2", say((d:alternatives(3))))
    d:select(1, 3)
    assert.equal("u:one a:re one u:two a:re two", history(d))
    d:edit(2, "no")
    assert.equal("a:re one a:no", say((d:alternatives())))
  end)

  it("forks without copying", function()
    local d, client = new { system = "S" }
    d:ask "one"
    d:ask "two"
    local fork = d:fork(2)
    fork:ask "other"
    d:ask "three"
    assert.equal("u:one a:re one u:other a:re other", history(fork))
    assert.equal("u:one a:re one u:two a:re two u:three a:re three", history(d))
    assert.equal(d:history()[1], fork:history()[1])
    assert.equal("s:S u:one a:re one u:other", say(client.requests[3].messages))
    local branches, current = d:branches()
    assert.equal(2, #branches)
    local shown = { history(branches[1]), history(branches[2]) }
    table.sort(shown)
    assert.same({ history(fork), history(d) }, shown)
    assert.equal(history(d), history(branches[current]))
    fork.system = "T"
    assert.equal("S", d.system)
  end)

  it("takes messages and lists of them", function()
    local d, client = new()
    d:import { { role = "system", content = "S" }, { role = "user", content = "one" }, { role = "assistant", content = "1" } }
    d:append { role = "assistant", content = "and 2" }
    d:hear "a dog barks"
    assert.equal("S", d.system[1].content)
    d:ask "two"
    assert.equal("s:S u:one a:1 a:and 2 u:[You notice: a dog barks] u:two", say(client.requests[1].messages))
  end)

  it("mends what a server would refuse, where such was put in", function()
    local d, client = new()
    local call = { id = "a", type = "function", ["function"] = { name = "f", arguments = "{}" } }
    d:import { { role = "user", content = "one" }, { role = "assistant", tool_calls = { call } } }
    d:ask "two"
    assert.is_true(trim.check(client.requests[1].messages))
    assert.equal(4, #client.requests[1].messages)
    assert.equal(4, #(d:history()))
  end)

  it("sends notes at their depth until they are taken away", function()
    local d, client = new { system = "S" }
    d:ask "one"
    local id = d:inject { text = "N", depth = 1 }
    d:inject { id = "far", text = "F", depth = 99, role = "system" }
    d:ask "two"
    assert.equal("s:S s:F u:one a:re one u:N u:two", say(client.requests[2].messages))
    d:inject { id = "far", text = "G", depth = 0 }
    d:inject { id = id }
    assert.equal("s:S u:one a:re one u:two a:re two u:three u:G", say(d:preview("three").messages))
    assert.equal("u:one a:re one u:two a:re two", history(d))
    assert.equal(5, #d:fork():preview("x").messages - 2)
  end)

  it("pins", function()
    local d, client = new { trim = trim.turns(1) }
    for _, word in ipairs { "one", "two", "three" } do d:ask(word) end
    d:pin(2)
    d:ask "four"
    assert.equal("u:one a:re one u:four", say(client.requests[4].messages))
    d:pin(2, false)
    d:ask "five"
    assert.equal("u:five", say(client.requests[5].messages))
  end)

  it("exports", function()
    local d = new { system = "S" }
    d:ask "one"
    d:append { role = "user", content = "`x` ```y```" }
    assert.equal("## System\n\nS\n\n## User\n\none\n\n## Assistant\n\nre one\n\n## User\n\n`x` ```y```\n", d:export "markdown")
    assert.equal('{"content":"S","role":"system"}\n{"content":"one","role":"user"}\n{"content":"re one","role":"assistant"}\n'
      .. '{"content":"`x` ```y```","role":"user"}\n', d:export "jsonl")
  end)
end)

describe("the sent prefix", function()
  it("changes only at a cut", function()
    local d, client = new({ trim = trim.tokens(4000), system = "You are a guide." }, { ("word "):rep(40) })
    local cuts, changes, last = 0, 0, nil
    d:ask "begin"
    d = dialogue.new(client, { trim = trim.tokens(4000), system = "You are a guide.", on_event = function(event)
      if event.type == "trimmed" then cuts = cuts + 1 end
    end })
    for turn = 1, 200 do
      assert(d:ask("Question number " .. turn .. ": " .. ("and more "):rep(turn % 20)))
      local sent = client.requests[#client.requests].messages
      if last then
        local same = true
        for i = 1, #last do same = same and sent[i] ~= nil and sent[i].content == last[i].content end
        if not same then changes = changes + 1 end
      end
      last = sent
    end
    print(("      200 turns with tokens(4000): the sent prefix changed %d times"):format(changes))
    assert.equal(cuts, changes)
    assert.is_true(changes > 2 and changes < 20, changes)
  end)
end)

describe("bad input", function()
  it("raises at the caller's line and changes nothing", function()
    local d = new()
    d:ask "one"
    for _, row in ipairs {
      { "bad argument 'message' to 'ask' (table expected, got number)", d.ask, d, 7 },
      { "bad argument 'message' to 'ask' (a message of the user without content)", d.ask, d, {} },
      { "bad argument 'message' to 'stream' (content: a string or a list expected, got boolean)", d.stream, d, { content = true } },
      { "bad argument 'trim' to 'ask' (a policy, a function or false expected, got number)", d.ask, d, "x", { trim = 4000 } },
      { "bad argument 'messages' to 'ask' (messages are given with import)", d.ask, d, "x", { messages = {} } },
      { "bad argument 'i' to 'edit' (no message 3: the history has 2)", d.edit, d, 3, "x" },
      { "bad argument 'i' to 'edit' (a place in the history expected, got string)", d.edit, d, "1", "x" },
      { "bad argument 'i' to 'fork' (no message 0: the history has 2)", d.fork, d, 0 },
      { "bad argument 'i' to 'pin' (no message 9: the history has 2)", d.pin, d, 9 },
      { "bad argument 'alternative' to 'select' (there are 1)", d.select, d, 2 },
      { "bad argument 'turns' to 'undo' (a whole number from 1 expected)", d.undo, d, 0 },
      { "bad argument 'message' to 'append' (a role expected, got nil)", d.append, d, { content = "x" } },
      { "bad argument 'message' to 'import (messages[2])' (table expected, got string)", d.import, d, { { role = "user", content = "x" }, "y" } },
      { "bad argument 'depth' to 'inject' (a whole number from 0 expected)", d.inject, d, { text = "x", depth = -1 } },
      { "bad argument 'note' to 'inject' (unknown field 'at')", d.inject, d, { text = "x", at = 1 } },
      { "bad argument 'format' to 'export' (\"markdown\" or \"jsonl\" expected)", d.export, d, "html" },
      { "bad argument 'prefill' to 'continue' (one of ask, plain, vllm, mistral expected)", d.continue, d, { prefill = "x" } },
      { "bad argument 'self' to 'ask' (call it with a colon: dialogue:ask)", d.ask, "x" },
      { "bad argument 'client' to 'dialogue.new' (it has no method 'stream')", dialogue.new, { chat = print } },
      { "bad argument 'on_event' to 'dialogue' (function expected, got string)", dialogue.new, script_client.new {}, { on_event = "x" } },
      { "bad argument 'system' to 'dialogue' (system[1]: a system or developer message expected)", dialogue.new, script_client.new {}, { system = { { role = "user", content = "" } } } },
    } do
      assert.equal(row[1], raised(row[2], (table.unpack or unpack)(row, 3, 6)))
      assert.equal("u:one a:re one", history(d))
    end
  end)

  it("of a policy or a counter sends nothing", function()
    for _, options in ipairs {
      { trim = function() error "boom" end }, { trim = function() return 7 end }, { count = function() return nil end },
      { cost = function() error "x" end }, { trim = trim.tokens(5), system = ("long "):rep(20) },
    } do
      local d, client = new(options)
      local text, err = d:ask "one"
      assert.is_nil(text)
      assert.is_truthy(err.kind == "policy" or err.code == "context", tostring(err))
      assert.equal(0, #client.requests)
      assert.equal("", history(d))
      assert.equal("u:one", say(d.pending.messages))
      d.system = nil
      d.params = { }
      assert.is_truthy(d:retry { trim = false } or err.kind == "policy")
    end
  end)
end)
