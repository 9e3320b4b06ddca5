-- What is tried again, when, how often, and what bounds it all.
--
-- Waits are kept short by what the server asks for. Where a wait is measured, the bound is far
-- from what is expected.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local core = require "lualogue.core"

local messages = { { role = "user", content = "Hi" } }
local server

local hello = fixture.json(200, fixture.chat_reply "Hello")

--- A client of a new origin with this script, and the origin's base URL.
local function client_of(script, options)
  local base_url = server:script(script)
  local settings = { base_url = base_url, api_key = "sk-secret-0123456789" }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), base_url
end

--- A refusal after which to come again at once.
local function soon(status, headers, body)
  local all = { ["retry-after-ms"] = "1" }
  for name, value in pairs(headers or {}) do all[name] = value end
  return fixture.json(status, body or fixture.error_body "not now", all)
end

local function chat(client, options) return client:chat({ messages = messages }, options) end

--- How many seconds `run` takes, and what it gives.
local function timed(run)
  local before = core.now()
  local reply, err = run()
  return core.now() - before, reply, err
end

describe("a retry", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  describe("follows", function()
    for _, status in ipairs { 408, 409, 429, 500, 502, 503, 504, 529, 599 } do
      it("status " .. status, function()
        local client, base_url = client_of { soon(status), soon(status), hello }
        local reply = lualogue.assert(chat(client))
        assert.equal("Hello", reply.choices[1].message.content)
        assert.equal(3, reply.meta.attempts)
        assert.equal(200, reply.meta.status)
        local requests = server:requests(base_url)
        assert.equal(3, #requests)
        assert.equal(requests[1].body, requests[3].body)
        assert.equal(requests[1]:header "authorization", requests[3]:header "authorization")
      end)
    end

    it("x-should-retry: true, whatever the status", function()
      local client = client_of { soon(400, { ["x-should-retry"] = "true" }), hello }
      assert.equal(2, lualogue.assert(chat(client)).meta.attempts)
    end)

    it("a timeout", function()
      local client, base_url = client_of({ { { stall = true } }, hello }, { first_byte_timeout = 0.05 })
      assert.equal(2, lualogue.assert(chat(client)).meta.attempts)
      assert.equal(2, server:counts(base_url).requests)
    end)

    it("silence within the body of a plain reply", function()
      local cut = fixture.json(200, fixture.chat_reply "Hello", nil, { content_length = 900, ending = "stall" })
      local client = client_of({ cut, hello }, { idle_timeout = 0.05 })
      assert.equal(2, lualogue.assert(chat(client)).meta.attempts)
    end)

    it("a refusal of a stream", function()
      local client = client_of { soon(503), fixture.sse(fixture.words { "a", "b" }) }
      local stream = lualogue.assert(client:stream { messages = messages })
      assert.equal("ab", lualogue.assert(stream:message()).content)
      assert.equal(2, stream.meta.attempts)
    end)

    it("a broken connection, on a new one", function()
      local client, base_url = client_of { { { reset = true } }, hello }
      assert.equal(2, lualogue.assert(chat(client)).meta.attempts)
      assert.equal(2, server:counts(base_url).accepted)
    end)

    it("a connection that the server closed while it was idle", function()
      local closing = fixture.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n"
        .. '{"choices":[{"text":"a"}]}', { close = true })
      local client, base_url = client_of({ closing, hello }, { max_retries = 0 })
      lualogue.assert(chat(client))
      server:wait(base_url, { open = 0 })
      assert.equal("Hello", lualogue.assert(chat(client)).choices[1].message.content)
    end)
  end)

  it("follows what an earlier answer left on a kept connection, and only there", function()
    local base_url = server:script { {
      { send = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n"
        .. '{"choices":[{"text":"a"}]}' },
      { hold = "the rest" }, { send = "more than the length said\r\n\r\n" }, { close = true },
    }, hello }
    local client = core.client { base_url = base_url, api_key = false }
    local function result(exchange, at_first)
      for i = 1, 1000 do
        core.step(20)
        if i == 3 and at_first then at_first() end
        local reply, err = exchange:result()
        if reply ~= false then return lualogue.assert(reply, err) end
      end
    end
    result(client:chat { messages = messages })
    local reply = result(client:chat { messages = messages }, function() server:release(base_url, "the rest") end)
    assert.equal("Hello", reply.choices[1].message.content)
    assert.equal(2, reply.meta.attempts)
    assert.equal(2, server:counts(base_url).accepted)
    local _, err = chat((client_of { fixture.faults["not HTTP"], hello }))
    assert.equal(1, err.attempts)
  end)

  describe("does not follow", function()
    for _, status in ipairs { 400, 401, 403, 404, 405, 410, 413, 422, 451 } do
      it("status " .. status, function()
        local client, base_url = client_of { soon(status), hello }
        local reply, err = chat(client)
        assert.is_nil(reply)
        assert.equal(status, err.status)
        assert.equal(1, err.attempts)
        assert.equal(1, server:counts(base_url).requests)
      end)
    end

    it("x-should-retry: false", function()
      local client, base_url = client_of { soon(503, { ["x-should-retry"] = "false" }), hello }
      local _, err = chat(client)
      assert.equal(503, err.status)
      assert.equal(1, server:counts(base_url).requests)
    end)

    it("an empty account", function()
      for _, fields in ipairs { { code = "insufficient_quota" }, { type = "insufficient_quota" } } do
        local client, base_url = client_of { soon(429, nil, fixture.error_body("pay first", fields)), hello }
        local _, err = chat(client)
        assert.equal("pay first", err.message)
        assert.equal(1, server:counts(base_url).requests)
      end
    end)

    it("but a message that only speaks of one is followed", function()
      local client = client_of { soon(429, nil, fixture.error_body "this is not insufficient_quota"), hello }
      lualogue.assert(chat(client))
    end)

    it("the first byte of a stream", function()
      for _, ending in ipairs { "cut", "reset" } do
        local cut = fixture.sse(fixture.words({ "a" }, { finish_reason = false }), { ending = ending, done = false })
        local client, base_url = client_of({ cut, fixture.sse(fixture.words { "b" }) })
        local message, err = lualogue.assert(client:stream { messages = messages }):message()
        assert.is_nil(message)
        assert.equal("truncated", err.kind)
        assert.equal("a", err.partial.content)
        assert.equal(1, server:counts(base_url).requests)
      end
    end)

    it("a delay that is longer than two minutes", function()
      for _, headers in ipairs { { ["Retry-After"] = "121" }, { ["retry-after-ms"] = "120001" },
        { ["Retry-After"] = "121", ["x-should-retry"] = "true" } } do
        local client, base_url = client_of { fixture.json(429, "", headers), hello }
        local took, _, err = timed(function() return chat(client) end)
        assert.equal(429, err.status)
        assert.is_true(err.retry_after > 120)
        assert.equal(1, server:counts(base_url).requests)
        assert.is_true(took < 10)
      end
    end)
  end)

  describe("waits as long as", function()
    it("retry-after-ms says", function()
      local client = client_of { soon(429, { ["retry-after-ms"] = "150" }), hello }
      local took = timed(function() return lualogue.assert(chat(client)) end)
      assert.is_true(took >= 0.14 and took < 5, took)
    end)

    it("retry-after says, in seconds with a fraction", function()
      local client = client_of { fixture.json(503, "", { ["Retry-After"] = "0.15" }), hello }
      local took = timed(function() return lualogue.assert(chat(client)) end)
      assert.is_true(took >= 0.14 and took < 5, took)
    end)

    it("retry-after says as a date", function()
      local due = os.time() + 2
      local date = os.date("!%a, %d %b %Y %H:%M:%S GMT", due)
      local client = client_of { fixture.json(503, "", { ["Retry-After"] = date }), hello }
      lualogue.assert(chat(client))
      assert.is_true(os.time() >= due)
    end)

    it("retry-after-ms says where both are there", function()
      local client = client_of { fixture.json(503, "", { ["Retry-After"] = "60", ["retry-after-ms"] = "5" }), hello }
      local took = timed(function() return lualogue.assert(chat(client)) end)
      assert.is_true(took < 10, took)
    end)

    it("half a second less some jitter where nothing is said", function()
      local client = client_of { fixture.json(500, ""), hello }
      local took = timed(function() return lualogue.assert(chat(client)) end)
      assert.is_true(took >= 0.37 and took < 10, took)
    end)
  end)

  describe("happens", function()
    it("twice, unless said otherwise", function()
      local client, base_url = client_of(soon(503))
      local _, err = chat(client)
      assert.equal(503, err.status)
      assert.equal(3, err.attempts)
      assert.equal(3, server:counts(base_url).requests)
    end)

    it("as often as the client says, or the call, which wins", function()
      for _, case in ipairs { { 0, nil, 1 }, { 1, nil, 2 }, { 5, nil, 6 }, { 0, 2, 3 }, { 5, 0, 1 } } do
        local client, base_url = client_of(soon(503), { max_retries = case[1] })
        local _, err = chat(client, { max_retries = case[2] })
        assert.equal(case[3], err.attempts)
        assert.equal(case[3], server:counts(base_url).requests)
      end
    end)

    it("for each call anew", function()
      local client = client_of({ soon(503), hello, soon(503), hello }, { max_retries = 1 })
      assert.equal(2, lualogue.assert(chat(client)).meta.attempts)
      assert.equal(2, lualogue.assert(chat(client)).meta.attempts)
    end)

    it("and the last refusal is the one that is told", function()
      local client = client_of({ soon(503), fixture.json(404, fixture.error_body "gone"), hello })
      local _, err = chat(client)
      assert.equal("gone", err.message)
      assert.equal(404, err.status)
      assert.equal(2, err.attempts)
    end)

    it("and the answer of an earlier attempt leaves no trace", function()
      local client = client_of { soon(503, { ["X-Request-Id"] = "req-1", ["X-Old"] = "1" }), hello }
      local meta = lualogue.assert(chat(client)).meta
      assert.is_nil(meta.request_id)
      assert.is_nil(meta.headers["x-old"])
    end)
  end)

  describe("is bounded by the timeout of the whole call:", function()
    it("all attempts together", function()
      local client, base_url = client_of({ { { stall = true } } }, { first_byte_timeout = 0.1, max_retries = 100 })
      local took, _, err = timed(function() return chat(client, { timeout = 1.6 }) end)
      assert.equal("timeout", err.kind)
      assert.is_true(took < 5, took)
      assert.is_true(err.attempts >= 2)
      assert.is_true(server:counts(base_url).requests <= 5)
    end)

    it("a wait that would reach beyond it is not begun, and the refusal is told", function()
      local client, base_url = client_of({ fixture.json(429, "", { ["Retry-After"] = "60" }), hello })
      local took, _, err = timed(function() return chat(client, { timeout = 20 }) end)
      assert.equal("api", err.kind)
      assert.equal(429, err.status)
      assert.equal(60, err.retry_after)
      assert.equal(1, err.attempts)
      assert.equal(1, server:counts(base_url).requests)
      assert.is_true(took < 10, took)
    end)

    it("one that fits is made", function()
      local client = client_of({ soon(429, { ["retry-after-ms"] = "50" }), hello })
      assert.equal(2, lualogue.assert(chat(client, { timeout = 20 })).meta.attempts)
    end)
  end)
end)
