-- More than 64 choices counted as one: a stream of 100 that broke after the first was complete. And
-- a choice that never came had an empty message.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local N = 100

describe("a stream of many choices", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- A stream in which the first `n` choices speak and end.
  local function stream_of(n, options)
    local events = {}
    for i = 0, n - 1 do
      events[#events + 1] = fixture.chunk("w" .. i, { index = i })
      events[#events + 1] = fixture.chunk("", { index = i, finish_reason = i % 2 == 0 and "stop" or "length" })
    end
    local base_url = server:script(fixture.sse(events, options))
    local client = lualogue.new { base_url = base_url, api_key = false, max_retries = 0 }
    return lualogue.assert(client:stream { messages = messages, n = N })
  end

  it("is complete when all of them are", function()
    local stream = stream_of(N, { done = false })
    for i = 1, N do assert.equal("w" .. i - 1, lualogue.assert(stream:message(i)).content) end
    local reasons = stream.finish_reasons
    for i = 1, N do assert.equal(i % 2 == 1 and "stop" or "length", reasons[i]) end
    assert.is_nil(reasons[N + 1])
  end)

  it("is truncated when it ends before", function()
    for _, n in ipairs { 1, 64, 65, N - 1 } do
      local message, err = stream_of(n, { done = false }):message()
      assert.is_nil(message)
      assert.equal("truncated", err.kind)
    end
  end)

  it("has no message of a choice that never came", function()
    local stream = stream_of(N - 1)
    assert.equal("w0", lualogue.assert(stream:message()).content)
    for _, choice in ipairs { N, N + 7 } do
      local message, err = stream:message(choice)
      assert.is_nil(message)
      assert.equal("protocol", err.kind)
      assert.equal(("the answer has no choice %d"):format(choice), err.message)
      assert.is_nil(stream:snapshot(choice))
    end
    assert.equal("w1", lualogue.assert(stream:message(2)).content)
  end)
end)
