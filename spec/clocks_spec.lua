-- The four clocks, each against a server that does not answer in time.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local core = require "lualogue.core"

local messages = { { role = "user", content = "Hi" } }

-- A wait of a tenth of a second may take ten times as long on a loaded machine, but the minute
-- for which the server stalls is never reached.
local SHORT, FAR = 0.1, 20

describe("the clocks", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client(base_url, options)
    options = options or {}
    options.base_url, options.max_retries = base_url, options.max_retries or 0
    return lualogue.new(options)
  end

  local function timed(call, ...)
    local begun = core.now()
    local value, err = call(...)
    return value, err, core.now() - begun
  end

  local function assert_timeout(err, elapsed, clock, phase)
    assert.equal("timeout", err.kind, tostring(err))
    assert.equal(phase, err.phase)
    assert.truthy(err.message:find(clock, 1, true), err.message)
    assert.truthy(err.message:find("127.0.0.1", 1, true), err.message)
    assert.is_true(elapsed >= SHORT * 0.9 and elapsed < FAR, "after " .. elapsed .. " s")
  end

  it("connect_timeout: a host that does not answer", function()
    local c = client(server:deaf(), { connect_timeout = SHORT })
    local reply, err, elapsed = timed(c.chat, c, { messages = messages })
    assert.is_nil(reply)
    assert_timeout(err, elapsed, "connect_timeout", "connect")
  end)

  it("connect_timeout: a TLS handshake that does not go on", function()
    local base_url = server:script({ { read = "nothing" }, { stall = true } })
    local c = client((base_url:gsub("^http:", "https:")), { connect_timeout = SHORT, api_key = false })
    local _, err, elapsed = timed(c.chat, c, { messages = messages })
    assert_timeout(err, elapsed, "connect_timeout", "tls")
  end)

  it("first_byte_timeout: the request is read and nothing comes", function()
    local base_url = server:script({ { stall = true } })
    local c = client(base_url, { first_byte_timeout = SHORT })
    local _, err, elapsed = timed(c.chat, c, { messages = messages })
    assert_timeout(err, elapsed, "first_byte_timeout", "first_byte")
    server:wait(base_url, { open = 0 })
  end)

  it("first_byte_timeout is long by default: idle and connect do not end a long silence", function()
    local base_url = server:script({ { sleep = 0.4 }, { respond = fixture.json(200, fixture.chat_reply("late"))[1].respond } })
    local c = client(base_url, { idle_timeout = SHORT, connect_timeout = SHORT })
    local reply = assert(c:chat { messages = messages })
    assert.equal("late", reply.choices[1].message.content)
  end)

  it("idle_timeout: the headers come, the body stops", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply("cut"), nil, { ending = "stall", content_length = 9999 }))
    local c = client(base_url, { idle_timeout = SHORT })
    local _, err, elapsed = timed(c.chat, c, { messages = messages })
    assert_timeout(err, elapsed, "idle_timeout", "body")
  end)

  it("first_byte_timeout: a stream's headers and comments come, but no event", function()
    local early = fixture.sse({ { verbatim = ": still reading your prompt\n\n" }, { stall = true } }, { done = false })
    for name, answer in pairs { ["with comments"] = early, ["headers alone"] = fixture.sse({ { stall = true } }, { done = false }) } do
      local base_url = server:script(answer)
      local c = client(base_url, { first_byte_timeout = SHORT })
      local stream = assert(c:stream { messages = messages })
      local _, err, elapsed = timed(stream.message, stream)
      assert.equal("timeout", err.kind, name)
      assert_timeout(err, elapsed + SHORT, "first_byte_timeout", "body")
      server:wait(base_url, { open = 0 })
    end
  end)

  it("idle_timeout begins with the first event of a stream, not with headers and comments", function()
    local base_url = server:script(fixture.sse({ { verbatim = ": reading\n\n" }, { sleep = 0.5 }, fixture.chunk "late", fixture.chunk({}, { finish_reason = "stop" }) }))
    local c = client(base_url, { idle_timeout = SHORT })
    assert.equal("late", assert(assert(c:stream { messages = messages }):message()).content)
  end)

  it("idle_timeout: the body of a refused stream stops", function()
    local base_url = server:script(fixture.json(400, fixture.error_body "no", nil, { ending = "stall", content_length = 9999 }))
    local c = client(base_url, { idle_timeout = SHORT })
    local _, err, elapsed = timed(c.stream, c, { messages = messages })
    assert.is_true(elapsed < FAR)
    assert.equal("timeout", err.kind)
  end)

  it("idle_timeout: between two chunks of a stream, with what had come", function()
    local base_url = server:script(fixture.sse(fixture.words({ "one ", "two" }, { finish_reason = false }), { done = false, ending = "stall" }))
    local c = client(base_url, { idle_timeout = SHORT })
    local stream = assert(c:stream { messages = messages })
    local _, err, elapsed = timed(stream.message, stream)
    assert_timeout(err, elapsed, "idle_timeout", "body")
    assert.equal("one two", err.partial.content)
    server:wait(base_url, { open = 0 })
  end)

  it("idle_timeout does not end a stream that is slow but alive", function()
    local base_url = server:script(fixture.sse(fixture.words { "a", "b", "c", "d", "e", "f" }, { split = 40, delay = 0.02 }))
    local c = client(base_url, { idle_timeout = 1 })
    assert.equal("abcdef", assert(assert(c:stream { messages = messages }):message()).content)
  end)

  it("idle_timeout does not count while the host does something else", function()
    local base_url = server:script(fixture.sse(fixture.words { "a", "b" }))
    local c = client(base_url, { idle_timeout = SHORT })
    local stream = assert(c:stream { messages = messages })
    os.execute("sleep 0.4") -- the answer arrives meanwhile, and nobody steps
    assert.equal("ab", assert(stream:message()).content)
  end)

  it("connect_timeout does not count while the host does something else", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply("there")))
    local c = core.client { base_url = base_url, connect_timeout = SHORT, max_retries = 0 }
    local exchange = c:chat { messages = messages }
    core.step(0)
    os.execute("sleep 0.4")
    local reply, err
    repeat
      core.step()
      reply, err = exchange:result()
    until reply ~= false
    assert.is_nil(err)
    assert.equal("there", reply.choices[1].message.content)
  end)

  it("timeout bounds the whole call, whatever it is doing", function()
    local slow = server:script({ { stall = true } })
    local c = client(slow, { timeout = SHORT })
    local _, err, elapsed = timed(c.chat, c, { messages = messages })
    assert_timeout(err, elapsed, "timeout", "first_byte")

    local trickle = server:script(fixture.sse(fixture.words { ("x"):rep(500) }, { split = 1, delay = 0.05 }))
    c = client(trickle, { timeout = SHORT * 3 })
    local stream = assert(c:stream { messages = messages })
    _, err, elapsed = timed(stream.message, stream)
    assert_timeout(err, elapsed + SHORT, "timeout", "body")
  end)

  it("timeout is off for streams unless somebody says so", function()
    local base_url = server:script(fixture.sse(fixture.words { "a", "b", "c" }, { split = 100, delay = 0.1 }))
    local stream = assert(client(base_url):stream { messages = messages })
    assert.equal("abc", assert(stream:message()).content)
  end)

  it("a single call may say otherwise, and false turns a clock off", function()
    local base_url = server:script({ { sleep = 0.3 }, { respond = fixture.json(200, fixture.chat_reply("ok"))[1].respond } })
    local c = client(base_url, { first_byte_timeout = SHORT })
    assert.equal("timeout", select(2, c:chat { messages = messages }).kind)
    assert.truthy(c:chat({ messages = messages }, { first_byte_timeout = false }))
    assert.truthy(c:chat({ messages = messages }, { first_byte_timeout = 30 }))
  end)

  it("refuse what is no time", function()
    for _, wrong in ipairs { -1, 0, 0 / 0, math.huge, "5", true } do
      assert.has_error(function() client("http://127.0.0.1:1/v1", { timeout = wrong }) end)
    end
  end)
end)
