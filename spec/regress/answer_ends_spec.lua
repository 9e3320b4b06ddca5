-- What an answer is taken for where a server does something that few do.
local fixture = require "spec.support.fixture"
local core = require "lualogue.core"

local messages = { { role = "user", content = "Hi" } }

describe("the end of a stream", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function read(answer, options)
    options = options or {}
    options.base_url, options.max_retries = server:script(answer), 0
    local stream = core.client(options):stream { messages = messages }
    local text, chunk, err = ""
    repeat
      chunk, err = stream:next()
      if chunk == false then core.step() end
      if chunk then text = text .. (chunk.choices[1].delta.content or "") end
    until chunk == nil
    return text, err, stream
  end

  -- The time for which the last bytes are waited for was only looked at when another clock was due.
  it("is no longer under way half a second after [DONE], whatever its clocks are", function()
    local answer = fixture.sse(fixture.words { "Hello" }, { ending = "stall" })
    for _, idle in ipairs { 60, false } do -- with connect_timeout off, nothing else is due
      local text, err = read(answer, { idle_timeout = idle, connect_timeout = false })
      assert.equal("Hello", text)
      assert.is_nil(err)
      assert.equal(1, core.active())
      local until_s = core.now() + 10
      while core.active() > 0 and core.now() < until_s do core.step(1000) end
      assert.equal(0, core.active())
    end
  end)

  -- Some servers send the field in every chunk, empty until the last.
  it("is not told by an empty finish_reason", function()
    local chunk = fixture.chunk "Hel"
    chunk.choices[1].finish_reason = ""
    local text, err = read(fixture.sse({ chunk, chunk }, { done = false }))
    assert.equal("HelHel", text)
    assert.equal("truncated", err and err.kind)
  end)

  it("is not told by an empty error", function()
    local events = fixture.words { "Hel", "lo" }
    for _, event in ipairs(events) do event.error = "" end
    local text, err = read(fixture.sse(events))
    assert.is_nil(err)
    assert.equal("Hello", text)
  end)

  -- finish_reason has come: what is cut off behind it changes nothing, however it is cut.
  it("is complete where it is cut within what follows the finish_reason", function()
    for _, rest in ipairs { "data: [DO", 'data: {"choices":[],"usage":{"prompt_tok', "data: {" } do
      for _, ending in ipairs { "close", "reset" } do
        local events = fixture.words { "Hello" }
        events[#events + 1] = { verbatim = rest }
        local text, err = read(fixture.sse(events, { done = false, framing = "close", ending = ending == "reset" and ending or nil }))
        assert.is_nil(err, rest .. " " .. ending)
        assert.equal("Hello", text)
      end
    end
  end)

  it("is complete for a reader who leaves at the finish_reason", function()
    local events = fixture.words { "Hello" }
    events[#events + 1] = { stall = true }
    for _, behind in ipairs { { stall = true }, { verbatim = "data: [DONE]" .. "\n\n" } } do
      events[#events] = behind
      local stream = core.client { base_url = server:script(fixture.sse(events, { done = false })) }:stream { messages = messages }
      local chunk
      repeat
        chunk = stream:next()
        if chunk == false then core.step() end
      until chunk and chunk.choices[1].finish_reason
      stream:close()
      assert.same({ n = 1 }, { n = select("#", stream:next()), stream:next() })
    end
  end)

  it("is a cut within an event where no finish_reason has come", function()
    local events = fixture.words({ "Hello" }, { finish_reason = false })
    events[#events + 1] = { verbatim = "data: [DO" }
    local text, err = read(fixture.sse(events, { done = false, framing = "close" }))
    assert.equal("Hello", text)
    assert.equal("truncated", err and err.kind)
  end)
end)

describe("a reply", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("is no error because of a field that says there is none", function()
    for _, none in ipairs { "", 0, false } do
      local base_url = server:script(fixture.json(200, { error = none, done = true }))
      local exchange = core.client { base_url = base_url }:request("GET", "/thing")
      while exchange:result() == false do core.step() end
      local reply, err = exchange:result()
      assert.is_nil(err)
      assert.is_true(reply.done)
    end
  end)

  it("has a rate limit of any size", function()
    local headers = { ["X-RateLimit-Limit-Tokens"] = ("9"):rep(30), ["X-RateLimit-Remaining-Tokens"] = "12" }
    local base_url = server:script(fixture.json(200, fixture.chat_reply(), headers))
    local exchange = core.client { base_url = base_url }:chat { messages = messages }
    while exchange:result() == false do core.step() end
    local limit = exchange:result().meta.rate_limit.tokens
    assert.is_true(limit.limit > 9e29)
    assert.equal(12, limit.remaining)
  end)
end)
