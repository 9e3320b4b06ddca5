-- A turn that fails, whatever fails and whenever: the history is what it was, and the turn can be
-- asked for again, kept or thrown away.
local dialogue = require "lualogue.dialogue"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local script_client = require "spec.support.script_client"

local say = script_client.say

local GOOD = fixture.sse(fixture.words { "Hel", "lo" })
local PLAIN = fixture.json(200, fixture.chat_reply "Hello")

describe("a turn against a server", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- What goes wrong: the answer of the server, for streams or for both.
  local FAILURES = {
    { "401", fixture.json(401, fixture.error_body("no", { code = "invalid_api_key" })), kind = "api" },
    { "429", fixture.json(429, fixture.error_body "slow down"), kind = "api" },
    { "500", fixture.json(500, fixture.error_body "oops"), kind = "api" },
    { "reset before the first byte", { { reset = true } }, kind = "connection" },
    { "silence before the first byte", { { stall = true } }, kind = "timeout" },
    { "cut in the text", fixture.sse({ fixture.chunk "Hel" }, { done = false }), kind = "truncated", streams = true },
    { "reset in the text", fixture.sse({ fixture.chunk "Hel" }, { done = false, ending = "reset" }), kind = "truncated", streams = true },
    { "silence in the text", fixture.sse({ fixture.chunk "Hel" }, { done = false, ending = "stall" }), kind = "timeout", streams = true },
    { "an error in the text", fixture.sse({ fixture.chunk "Hel", { error = { message = "overloaded", type = "server_error" } } }), kind = "api", streams = true },
    { "cut in the arguments of a tool", fixture.sse({ fixture.chunk { tool_calls = { { index = 0, id = "a", type = "function",
      ["function"] = { name = "f", arguments = '{"x"' } } } } }, { done = false }), kind = "truncated", streams = true },
    { "no JSON", fixture.html(200), kind = "protocol" },
  }

  local function begin(answer)
    local base_url = server:script { routes = { ["*"] = answer } }
    local client = lualogue.new { base_url = base_url, model = "m", max_retries = 0, timeout = 5, first_byte_timeout = 0.3, idle_timeout = 0.3 }
    local d = client:dialogue { system = "S" }
    d:append { role = "user", content = "one" }
    d:append { role = "assistant", content = "1" }
    return d, base_url
  end

  --- To its end, in a way in which a task of every Lua can wait.
  local function drain(stream, err)
    if not stream then return nil, err end
    local words, text = {}, nil
    repeat
      words[#words + 1] = text
      text, err = stream:next()
    until not text
    if err then return nil, err end
    return table.concat(words)
  end

  local function read(d, question) return drain(d:stream(question)) end

  --- The test itself, or within a task.
  local function in_task(how, test)
    if not how:find "task" then return test end
    return function() lualogue.task(test):wait() end
  end

  for _, row in ipairs(FAILURES) do
    for _, how in ipairs { "ask", "stream", "ask in a task", "stream in a task" } do
      local way = how:match "^%a+"
      if way == "stream" or not row.streams then
        it(("77: %s (%s)"):format(row[1], how), in_task(how, function()
          local d, base_url = begin(row[2])
          local before = d:export "jsonl"
          local ask = way == "ask" and d.ask or read
          local text, err = ask(d, "two")
          assert.is_nil(text)
          assert.equal(row.kind, err.kind, tostring(err))
          assert.equal(before, d:export "jsonl")
          assert.equal("u:two", say(d.pending.messages))
          assert.equal(err, d.pending.err)
          if row.streams and not row[1]:find "arguments" then assert.equal("Hel", d.pending.partial.content) end

          server:rescript(base_url, { routes = { ["*"] = way == "ask" and PLAIN or GOOD } })
          if way == "ask" then
            assert.equal("Hello", (d:retry()))
          else
            assert.equal("Hello", drain(d:retry()))
          end
          assert.equal(before .. '{"content":"two","role":"user"}\n{"content":"Hello","role":"assistant"}\n', d:export "jsonl")
          assert.is_nil(d.pending)
        end))
      end
    end
  end

  it("77: no server at all", function()
    local client = lualogue.new { base_url = server:refused(), model = "m", max_retries = 0 }
    local d = client:dialogue()
    for _, ask in ipairs { d.ask, read } do
      local _, err = ask(d, "one")
      assert.equal("connection", err.kind)
      assert.equal("", d:export "jsonl")
      assert.is_truthy(d.pending)
    end
  end)

  it("77: of a task that is cancelled, before the first byte and in the text", function()
    for _, answer in ipairs { { { stall = true } }, fixture.sse({ fixture.chunk "Hel" }, { done = false, ending = "stall" }) } do
      for _, way in ipairs { "ask", "stream" } do
        local d, base_url = begin(answer)
        local before = d:export "jsonl"
        lualogue.task(function()
          local task = lualogue.task(function()
            if way == "ask" then return d:ask "two" end
            return read(d, "two")
          end)
          for _ = 1, 250 do
            lualogue.sleep(0.02)
            if server:counts(base_url).requests > 0 then break end
          end
          lualogue.sleep(0.02)
          local _, err = d:ask "three"
          assert.equal("busy", err.kind)
          task:cancel()
          task:wait()
          assert.equal("cancelled", task:status())
          assert.equal(before, d:export "jsonl")
          assert.equal("u:two", say(d.pending.messages))
          server:rescript(base_url, { routes = { ["*"] = way == "ask" and PLAIN or GOOD } })
          local result = assert(d:retry())
          if way == "stream" then assert.equal("Hello", drain(result)) end
        end):wait()
        assert.equal(4, #(d:history()))
        assert.is_nil(d.pending)
      end
    end
  end)

  it("that the caller's own loop breaks with an error", function()
    local d = begin(GOOD)
    local before = d:export "jsonl"
    local ok, why = pcall(function()
      for _ in assert(d:stream "two") do error("mine", 0) end
    end)
    assert.is_false(ok)
    assert.equal("mine", why)
    assert.equal(before, d:export "jsonl")
    assert.equal("u:two", say(d.pending.messages))
    local words = {}
    for piece in assert(d:retry()) do words[#words + 1] = piece end
    assert.equal("Hello", table.concat(words))
    assert.equal(4, #(d:history()))
  end)

  it("that the caller's loop leaves is pending, and drops its connection", function()
    local d, base_url = begin(fixture.sse { fixture.chunk "Hel", { hold = "gate" }, fixture.chunk "lo" })
    for text in assert(d:stream "two") do
      assert.equal("Hel", text)
      break
    end
    assert.equal("u:two", say(d.pending.messages))
    assert.equal("Hel", d:keep().content)
    server:wait(base_url, { open = 0 })
    assert.equal("u:one a:1 u:two a:Hel", say((d:history())))
    assert.same({ [4] = "interrupted" }, (select(2, d:history())))
  end)
end)

describe("a turn", function()
  local function new(script, options)
    local client = script_client.new(script)
    return dialogue.new(client, options), client
  end

  local function stop(d, question)
    local stream = assert(d:stream(question))
    local text = stream:next()
    stream:close()
    return text
  end

  it("79: that was stopped is discarded, or kept, and the next question alternates", function()
    local d, client = new { { pieces = { "Hel", "lo" } } }
    assert.equal("Hel", stop(d, "one"))
    assert.equal("cancelled", d.pending.err.kind)
    assert.is_true(d:discard())
    assert.is_nil(d.pending)
    assert.is_false(d:discard())
    assert.equal("", say((d:history())))
    stop(d, "one")
    assert.equal("Hel", d:keep().content)
    assert.same({ [2] = "interrupted" }, (select(2, d:history())))
    stop(d, "two")
    assert.equal("u:one a:Hel u:two", say(client.requests[3].messages))
  end)

  it("79: keeps what had come when the next attempt brings nothing", function()
    local gone = { err = { kind = "connection", message = "gone" } }
    local d = new { { pieces = { "Hel", "lo" } }, gone, gone, { pieces = { "", "He" }, err = gone.err } }
    stop(d, "one")
    assert.is_nil((d:retry()))
    assert.is_nil((d:retry { stream = false }))
    assert.equal("Hel", d.pending.partial.content)
    local stream = d:retry { stream = true }
    repeat until not stream:next()
    assert.equal("He", d:keep().content)
    assert.equal("u:one a:He", say((d:history())))
  end)

  it("79: that is pending is discarded by the next question", function()
    local d, client = new { { pieces = { "Hel", "lo" } } }
    stop(d, "one")
    d:ask "two"
    assert.equal("u:two", say(client.requests[2].messages))
  end)

  it("80: that was stopped among calls keeps its text and no calls", function()
    local call = { id = "a", type = "function", ["function"] = { name = "f", arguments = "{" } }
    local d = new { { pieces = { "Hel", "lo" } } }
    local stream = d:stream "one"
    stream:next()
    stream.source.snapshot = function() return { role = "assistant", content = "Hel", tool_calls = { call } } end
    stream:close()
    local kept = d:keep()
    assert.equal("Hel", kept.content)
    assert.is_nil(kept.tool_calls)
    stream = d:stream "two"
    stream.source.snapshot = function() return { role = "assistant", tool_calls = { call } } end
    stream:close()
    assert.is_nil(d:keep())
    assert.is_nil(d.pending)
    assert.equal("u:one a:Hel", say((d:history())))
  end)

  it("81: is one at a time", function()
    local d, client = new { { pieces = { "a ", "b ", "c" } }, "second" }
    local words = {}
    for text in assert(d:stream "one") do
      words[#words + 1] = text
      local verbs = {
        { d.ask, "two" }, { d.stream, "two" }, { d.regenerate }, { d.undo }, { d.redo }, { d.reset }, { d.edit, 1, "x" },
        { d.append, { role = "user", content = "x" } }, { d.hear, "x" }, { d.import, {} }, { d.select, 1 }, { d.compact },
      }
      d.inside.head = d.inside.tree:add(0, { role = "user", content = "x" })
      d.inside.head = d.inside.tree:add(d.inside.head, { role = "assistant", content = "y" })
      for _, verb in ipairs(verbs) do
        local result, err = verb[1](d, (table.unpack or unpack)(verb, 2))
        assert.is_nil(result)
        assert.equal("busy", err.kind)
      end
      d.inside.head = 0
      assert.equal("", say((d:fork():history())))
    end
    assert.same({ "a ", "b ", "c" }, words)
    assert.equal("u:one a:a b c", say((d:history())))
    assert.equal(1, #client.requests)
    assert.equal("second", (d:ask "two"))
  end)

  it("is busy for its own callbacks, and for other coroutines", function()
    local d, inner
    d = new({ "x" }, { trim = function(list) inner = { d:ask "two" } return list end })
    assert.equal("x", (d:ask "one"))
    assert.equal("busy", inner[2].kind)

    local client = script_client.new { "x" }
    local plain = client.chat
    function client.chat(...) coroutine.yield() return plain(...) end
    d = dialogue.new(client)
    local first = coroutine.create(function() return d:ask "one" end)
    coroutine.resume(first)
    local _, err = d:ask "two"
    assert.equal("busy", err.kind)
    local _, text = coroutine.resume(first)
    assert.equal("x", text)
  end)

  it("of a coroutine that ended, or that an error went through, is only pending", function()
    local client = script_client.new { "x" }
    local plain, broken = client.chat, true
    function client.chat(...)
      if broken then error("lost", 0) end
      return plain(...)
    end
    local d = dialogue.new(client)
    assert.is_false(pcall(d.ask, d, "one"))
    assert.equal("u:one", say(d.pending.messages))
    broken = false
    assert.equal("x", (d:retry()))
    broken = true
    local dead = coroutine.create(function() d:ask "two" end)
    assert.is_false(coroutine.resume(dead))
    broken = false
    assert.equal("x", (d:retry()))
    assert.equal("u:one a:x u:two a:x", say((d:history())))
  end)

  it("retries with other options", function()
    local d, client = new { { err = { kind = "timeout", message = "slow" } }, { err = { kind = "timeout", message = "slow" } }, "x" }
    d:ask("one", { temperature = 1, top_p = 0.5 })
    d:retry { temperature = 2 }
    assert.equal("x", (d:retry()))
    assert.equal(2, client.requests[3].temperature)
    assert.equal(0.5, client.requests[3].top_p)
  end)

  it("that is pending is previewed as it would be sent", function()
    local d, client = new { { err = { kind = "timeout", message = "slow" } }, "x" }
    d:ask("one", { temperature = 1 })
    local request = d:preview()
    d:retry()
    assert.same(client.requests[2], request)
    assert.equal(1, request.temperature)
  end)

  it("that there is not cannot be retried, kept or gone on with", function()
    local d = new { "x" }
    for _, verb in ipairs { "retry", "keep", "continue", "regenerate" } do
      local _, err = d[verb](d)
      assert.equal("nothing", err.code)
    end
    d:ask "one"
    assert.equal("nothing", (select(2, d:retry())).code)
  end)

  it("answers a history that ends with a question", function()
    local d, client = new { "x" }
    d:append { role = "user", content = "one" }
    assert.equal("x", (d:retry()))
    assert.equal("u:one", say(client.requests[1].messages))
    assert.equal("u:one a:x", say((d:history())))
  end)

  it("78: goes on from its last finished round of tools, also when it was saved", function()
    local call = { id = "a", type = "function", ["function"] = { name = "f", arguments = "{}" } }
    local runs = 0
    local tool = { name = "f", run = function()
      runs = runs + 1
      return "done " .. runs
    end }
    local function calls() return { tool_calls = { call }, content = "" } end
    local d, client = new { calls, calls, { err = { kind = "connection", message = "gone" } }, "finished" }
    d:tool(tool)
    local _, err = d:ask "one"
    assert.equal("connection", err.kind)
    assert.equal(2, d.pending.rounds)
    assert.equal(0, #(d:history()))
    local path = os.tmpname()
    assert(d:save(path))
    local loaded = assert(dialogue.new(script_client.new { "finished" }, { load = path }))
    os.remove(path)
    loaded:tool(tool)
    for _, each in ipairs { loaded, d } do
      assert.equal("finished", (each:retry()))
      assert.equal(2, runs)
      assert.equal(6, #(each:history()))
    end
    assert.equal("done 2", client.requests[4].messages[5].content)
    assert.equal(5, #client.requests[4].messages)
  end)

  it("with rounds of tools is streamed as one", function()
    local call = { id = "a", type = "function", ["function"] = { name = "f", arguments = "{}" } }
    local d = new { { pieces = { "let me ", "see" }, tool_calls = { call } }, { pieces = { " it is ", "42" } } }
    d:tool { name = "f", run = function() return 42 end }
    local words = {}
    for text in assert(d:stream "one") do words[#words + 1] = text end
    assert.equal("let me see it is 42", table.concat(words))
    assert.equal(4, #(d:history()))
  end)
end)

describe("an answer that was cut", function()
  local function cut(script, options)
    local client = script_client.new(script)
    local d = dialogue.new(client, options)
    d:ask "count"
    return d, client
  end

  it("is gone on with, by a note that asks", function()
    local d, client = cut { { content = "one two three", finish = "length" }, " four five" }
    assert.same({ [2] = "length" }, (select(2, d:history())))
    assert.equal("one two three four five", (d:continue()))
    assert.equal("u:count a:one two three four five", say((d:history())))
    assert.equal(3, #client.requests[2].messages)
    assert.equal("user", client.requests[2].messages[3].role)
    assert.equal(2, #(d:alternatives()))
    assert.equal("nothing", (select(2, d:continue())).code)
  end)

  it("is joined without what the server said twice", function()
    local d = cut { { content = "The quick brown fox jumps", finish = "length" }, "brown fox jumps over" }
    assert.equal("The quick brown fox jumps over", (d:continue()))
    d = cut { { content = "Hel", finish = "length" }, "lo" }
    assert.equal("Hello", (d:continue()))
  end)

  it("is given to the server in its own way", function()
    for way, more in pairs { plain = {}, vllm = { continue_final_message = true, add_generation_prompt = false }, mistral = {} } do
      local d, client = cut { { content = "Hel", finish = "length" }, "lo" }
      d:continue { prefill = way }
      local request = client.requests[2]
      assert.equal("u:count a:Hel", say(request.messages))
      for name, value in pairs(more) do assert.equal(value, request[name]) end
      assert.equal(way == "mistral" or nil, request.messages[2].prefix)
      assert.is_nil(request.prefill)
      assert.is_nil(d:history()[2].prefix)
    end
  end)

  it("keeps what there was when going on fails", function()
    local d = cut { { content = "Hel", finish = "length" }, { err = { kind = "timeout", message = "slow" } }, "lo" }
    assert.is_nil((d:continue()))
    assert.equal("u:count a:Hel", say((d:history())))
    assert.equal("Hello", (d:continue()))
    local s = dialogue.new(script_client.new { { pieces = { "Hel", "lo" } }, "lo" })
    local stream = s:stream "one"
    stream:next()
    stream:close()
    assert.equal("Hello", (s:continue()))
    assert.equal("u:one a:Hello", say((s:history())))
  end)
end)
