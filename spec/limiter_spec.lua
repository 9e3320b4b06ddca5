-- A client's own limits: who comes too early waits for its turn, and nobody else.

local estimate = require "lualogue.limiter.estimate"
local fixture = require "spec.support.fixture"
local limiter = require "lualogue.limiter"
local lualogue = require "lualogue"
local program = require "spec.support.program"
local tokens = require "lualogue.tokens"

local messages = { { role = "user", content = "Hi" } }
local hello = fixture.json(200, fixture.chat_reply "Hello")
local BASE = 1e9
local server

--- Run within a task, to its end.
local function in_task(fn) return lualogue.task(fn):wait() end

describe("limits", function()
  local now, limits

  --- Limits on a clock that the test sets.
  local function new(given)
    now = BASE -- so far ahead that nobody waits for it on the real clock
    limits = limiter.new(given, nil, { now = function() return now end, window = 60 })
    return limits
  end

  --- Tasks that each take a turn, in the order in which they got it.
  local function ask(n, cost)
    local got = {}
    local tasks = {}
    for i = 1, n do
      tasks[i] = lualogue.task(function()
        local turn = lualogue.assert(limits:enter(cost or 0))
        got[#got + 1] = i
        return turn
      end)
    end
    return got, tasks
  end

  --- Let the tasks go on: their turns come by what the test does.
  local function turns()
    limits:admit()
    for _ = 1, 5 do lualogue.sleep(0) end
  end

  it("let no more requests go than any minute may have, in their order", function()
    in_task(function()
      new { requests_per_minute = 3 }
      local got, tasks = ask(7)
      turns()
      assert.same({ 1, 2, 3 }, got)
      now = BASE + 59
      turns()
      assert.equal(3, #got)
      now = BASE + 60
      turns()
      assert.same({ 1, 2, 3, 4, 5, 6 }, got)
      now = BASE + 119.9
      turns()
      assert.equal(6, #got)
      now = BASE + 200
      turns()
      assert.equal(7, #got)
      for _, task in ipairs(tasks) do task:wait() end
    end)
  end)

  it("hold for every sixty seconds, whenever the requests came", function()
    in_task(function()
      new { requests_per_minute = 10 }
      local random, times = 12345, {}
      for i = 1, 300 do
        random = (random * 16807) % 2147483647
        now = now + random / 2147483647 * 9
        lualogue.task(function()
          lualogue.assert(limits:enter(0))
          times[#times + 1] = now
        end)
        turns()
        if #times < i then
          now = limits.queue[limits.first].look_at
          turns()
        end
        assert.equal(i, #times)
      end
      for i = 11, #times do assert.is_true(times[i] - times[i - 10] >= 60) end
    end)
  end)

  it("count tokens, and what they really were once that is known", function()
    in_task(function()
      new { tokens_per_minute = 100 }
      local got, tasks = ask(3, 60)
      turns()
      assert.same({ 1 }, got)
      local turn = tasks[1]:wait()
      turn:correct(30)
      turn:close()
      turns()
      assert.same({ 1, 2 }, got)
      now = BASE + 60
      turns()
      assert.same({ 1, 2, 3 }, got)
      turn:correct(1000) -- its minute is over
      assert.equal(60, limits.tokens)
    end)
  end)

  it("count what is tried again", function()
    in_task(function()
      new { requests_per_minute = 2 }
      local turn = lualogue.assert(limits:enter(0))
      turn:again()
      local got = ask(1)
      turns()
      assert.equal(0, #got)
      now = BASE + 61
      turns()
      assert.equal(1, #got)
    end)
  end)

  it("have as many calls at once as they say", function()
    in_task(function()
      new { concurrent = 2 }
      local got, tasks = ask(5)
      turns()
      assert.same({ 1, 2 }, got)
      tasks[2]:wait():close()
      turns()
      assert.same({ 1, 2, 3 }, got)
      tasks[2]:wait():close()
      turns()
      assert.equal(3, #got)
      tasks[1]:wait():close()
      tasks[3]:wait():close()
      turns()
      assert.same({ 1, 2, 3, 4, 5 }, got)
    end)
  end)

  it("do not wait for who left", function()
    in_task(function()
      new { concurrent = 1 }
      local got, tasks = ask(4)
      turns()
      tasks[2]:cancel()
      tasks[3]:cancel()
      turns()
      assert.same({ 1 }, got)
      tasks[1]:wait():close()
      turns()
      assert.same({ 1, 4 }, got)
      assert.equal("cancelled", tasks[2]:status())
    end)
  end)

  it("refuse what could never go", function()
    new { tokens_per_minute = 100 }
    local turn, err = limits:enter(101)
    assert.is_nil(turn)
    assert.equal("limit", err.kind)
    assert.equal("tokens_per_minute", err.code)
    assert.matches("101 tokens, and tokens_per_minute allows 100", err.message)
  end)

  it("are whole numbers", function()
    for name, limit in pairs {
      ["limit"] = 3, ["limit.concurrent"] = { concurrent = 0 },
      ["limit.requests_per_minute"] = { requests_per_minute = 1.5 },
      ["limit.tokens_per_minute"] = { tokens_per_minute = "9" },
    } do
      local ok, err = pcall(lualogue.new, { api_key = false, base_url = "http://127.0.0.1:1/v1", limit = limit })
      assert.is_false(ok)
      assert.is_truthy(err:find(("limiter_spec.lua"), 1, true), err)
      assert.is_truthy(err:find(("bad argument '%s' to 'new'"):format(name), 1, true), err)
    end
    local ok, err = pcall(lualogue.new, { api_key = false, limit = { per_minute = 1 } })
    assert.is_false(ok)
    assert.matches("got per_minute", err)
  end)

  it("take little, however many there are", function()
    in_task(function()
      new { requests_per_minute = 1000000 }
      for i = 1, 20000 do
        now = BASE + i / 1000
        lualogue.assert(limits:enter(1)):close()
      end
      assert.is_true(limits.newest - limits.oldest < 400)
      assert.equal(20000, limits.requests)
    end)
  end)
end)

describe("an estimate", function()
  it("is what is sent, exactly, and as many as the answer may have", function()
    local body = { model = "gpt-4o", messages = messages }
    local n = lualogue.assert(tokens.count_messages(messages, "gpt-4o"))
    assert.equal(n, estimate(body))
    body.max_tokens = 50
    assert.equal(n + 50, estimate(body))
    body.max_completion_tokens, body.n = 70, 3
    assert.equal(n + 210, estimate(body))
    assert.equal(n, estimate({ messages = messages }, "gpt-4o"))
  end)

  it("counts other endpoints' texts, and nothing of what has none", function()
    local enc = tokens.for_model "text-embedding-3-small"
    assert.equal(enc:count "one two" + enc:count "three",
      estimate { model = "text-embedding-3-small", input = { "one two", "three" } })
    assert.equal(3, estimate { model = "text-embedding-3-small", input = { 1, 2, 3 } })
    assert.equal(tokens.for_model "gpt-4o":count "Hello" + 20,
      estimate { model = "gpt-4o", input = "Hello", max_output_tokens = 20 })
    assert.equal(0, estimate(nil))
    assert.equal(0, estimate "bytes")
    assert.equal(0, estimate { purpose = "batch" })
    assert.is_true(estimate { messages = { "odd" } } > 0)
  end)
end)

describe("a client with limits", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client_of(script, limit, options)
    local base_url = server:script(script)
    local settings = { base_url = base_url, api_key = false, model = "gpt-4o", limit = limit }
    for name, value in pairs(options or {}) do settings[name] = value end
    return lualogue.new(settings), base_url
  end

  it("has so many calls at once, and all of them in the end", function()
    local at_once, most = 0, 0
    local client = client_of(hello, { concurrent = 3 }, { on_event = function(event)
      if event.type == "request" then at_once = at_once + 1 end
      if event.type == "done" then at_once = at_once - 1 end
      most = math.max(most, at_once)
    end })
    local list = {}
    for i = 1, 20 do list[i] = i end
    local replies = lualogue.assert(lualogue.map(list, function()
      return client:chat { messages = messages }
    end, { concurrency = 20 }))
    assert.equal(20, #replies)
    assert.equal(3, most)
  end)

  it("makes tasks wait, and nobody else", function()
    local now = BASE
    local limits = limiter.new({ requests_per_minute = 2 }, nil, { now = function() return now end, window = 60 })
    local client, url = client_of(hello, limits)
    local other = client_of(hello)
    local order = {}
    in_task(function()
      local tasks = {}
      for i = 1, 4 do
        tasks[i] = lualogue.task(function()
          lualogue.assert(client:chat { messages = messages })
          order[#order + 1] = i
        end)
      end
      while #order < 2 do lualogue.sleep(0.005) end
      lualogue.assert(other:chat { messages = messages })
      order[#order + 1] = "other"
      assert.equal(2, server:counts(url).requests)
      now = BASE + 60
      limits:admit()
      for _, task in ipairs(tasks) do task:wait() end
    end)
    assert.equal(5, #order)
    assert.equal("other", order[3])
    assert.equal(4, server:counts(url).requests)
  end)

  it("makes who blocks wait, while the tasks go on", function()
    local now, waited = BASE, {}
    local limits = limiter.new({ requests_per_minute = 1 }, nil, { now = function() return now end, window = 60 })
    local client = client_of(hello, limits, { on_event = function(event)
      if event.type == "request" then waited[#waited + 1] = event.waited end
    end })
    lualogue.assert(client:chat { messages = messages })
    local task = lualogue.task(function()
      for _ = 1, 3 do lualogue.sleep(0.005) end
      now = BASE + 60 -- without its turns the call would wait for ever
      limits:admit()
    end)
    lualogue.assert(client:chat { messages = messages })
    task:wait()
    assert.same({ 0, 60 }, waited)
  end)

  it("lets a blocking call have the place of a task that ends", function()
    local client = client_of(fixture.json(200, fixture.chat_reply "Hello", nil, { delay = 0.01, split = 40 }),
      { concurrent = 1 })
    local task = lualogue.task(function() return client:chat { messages = messages } end)
    in_task(function() lualogue.sleep(0.01) end)
    assert.equal("Hello", lualogue.assert(client:chat { messages = messages }).text)
    assert.equal("Hello", lualogue.assert(task:wait()).text)
  end)

  it("has a place for a stream until it was read, closed or forgotten", function()
    local client = client_of(fixture.sse(fixture.words { "a", "b" }), { concurrent = 1 })
    for how = 1, 4 do
      local stream = lualogue.assert(client:stream { messages = messages })
      if how == 1 then lualogue.assert(stream:message()) end
      if how == 2 then stream:close() end
      if how == 3 then for _ in stream:chunks() do end end
      stream = nil -- luacheck: ignore 311
    end
    lualogue.assert(client:stream { messages = messages }):close()
  end)

  it("says so where a call waits for what only its caller could end", function()
    -- In a program of its own: here there may be other tasks, which might end it.
    local output = program.lua(([[
      local lualogue = require "lualogue"
      local client = lualogue.new { base_url = %q, api_key = false, limit = { concurrent = 1 } }
      local function try()
        local stream = lualogue.assert(client:stream { messages = { { role = "user", content = "Hi" } } })
        local reply, err = client:chat { messages = { { role = "user", content = "Hi" } } }
        print(reply, err.kind, err.code, lualogue.assert(stream:message()).content)
      end
      try()
      lualogue["run"](try) -- spelt so that the specs in tasks have this file too
    ]]):format(server:script(fixture.sse(fixture.words { "a", "b" }))))
    assert.equal(("nil\tlimit\tconcurrent\tab\n"):rep(2), output)
  end)

  it("shares them with what goes on from it", function()
    local client = client_of(fixture.sse(fixture.words { "a", "b" }), { concurrent = 1 })
    local other = client:with { max_retries = 0 }
    local stream = lualogue.assert(client:stream { messages = messages })
    local order = {}
    local task = lualogue.task(function()
      lualogue.assert(other:stream { messages = messages }):close()
      order[#order + 1] = "other"
    end)
    in_task(function() lualogue.sleep(0.02) end)
    order[#order + 1] = "closed"
    stream:close()
    task:wait()
    assert.same({ "closed", "other" }, order)
    local free = client:with { limit = false }
    stream = lualogue.assert(client:stream { messages = messages })
    lualogue.assert(free:stream { messages = messages }):close()
    stream:close()
  end)

  it("loses no place to a call that is wrong, fails or is cancelled", function()
    local client = client_of({ fixture.json(400, fixture.error_body "no"), { { stall = true } }, hello },
      { concurrent = 1 })
    local ok, err = pcall(client.chat, client, {})
    assert.is_false(ok)
    assert.matches("limiter_spec.lua:%d+: bad argument 'messages'", err)
    assert.is_nil((client:chat { messages = messages }))
    local task = lualogue.task(function() return client:chat { messages = messages } end)
    in_task(function() lualogue.sleep(0.05) end)
    task:cancel()
    task:wait()
    assert.equal("Hello", lualogue.assert(client:chat { messages = messages }).text)
  end)

  it("counts what the server has counted", function()
    local usage = { prompt_tokens = 400, completion_tokens = 100, total_tokens = 500 }
    local reply = fixture.chat_reply "Hello"
    reply.usage = usage
    local limits = limiter.new { tokens_per_minute = 600 }
    local client = client_of({ fixture.json(200, reply), fixture.sse(fixture.words({ "a" }, { usage = usage })) },
      limits)
    lualogue.assert(client:chat { messages = messages })
    assert.equal(500, limits.tokens)
    local stream = lualogue.assert(client:stream { messages = messages })
    lualogue.assert(stream:message())
    assert.equal(1000, limits.tokens)
    local none, err = client:chat({ messages = messages, max_tokens = 600 })
    assert.is_nil(none)
    assert.equal("tokens_per_minute", err.code)
    none, err = client:stream({ messages = messages, max_tokens = 600 })
    assert.is_nil(none)
    assert.equal("limit", err.kind)
  end)
end)
