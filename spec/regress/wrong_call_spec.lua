-- What is called wrongly says so at the caller's line, with the argument's name; a field of
-- lualogue's own that was nil, at a line of lualogue's, told nobody anything.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

describe("a wrong call", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- The message of the error, which must name a line of this file.
  local function message_of(call, ...)
    local ok, raised = pcall(call, ...)
    assert.is_false(ok)
    assert.is_string(raised)
    assert.truthy(raised:find("wrong_call_spec.lua:%d+: "), raised)
    return (raised:gsub("^.-wrong_call_spec.lua:%d+: ", ""))
  end

  it("of a client's method, with a dot", function()
    local client = lualogue.new { base_url = "http://127.0.0.1:1/v1" }
    for _, name in ipairs { "chat", "stream", "embeddings", "request", "close" } do
      for _, self in ipairs { { messages = {} }, "GET" } do
        local message = message_of(function() local _ = client[name](self) end)
        assert.equal(("bad argument 'self' to '%s' (call it with a colon: client:%s)"):format(name, name), message)
      end
    end
  end)

  it("of a stream's method, with a dot or for no choice", function()
    local base_url = server:script(fixture.sse(fixture.words { "Hello" }))
    local stream = assert(lualogue.new { base_url = base_url }:stream { messages = {} })
    for _, name in ipairs { "next", "chunks", "text", "message", "snapshot", "close" } do
      local message = message_of(function() local _ = stream[name]() end)
      assert.equal(("bad argument 'self' to '%s' (call it with a colon: stream:%s)"):format(name, name), message)
      assert.equal(message, message_of(function() local _ = stream[name] {} end))
    end
    for _, name in ipairs { "text", "message", "snapshot" } do
      for _, choice in ipairs { "x", 0, 1.5 } do
        local message = message_of(function() local _ = stream[name](stream, choice) end)
        assert.equal(("bad argument 'choice' to '%s' (a whole number from 1 expected)"):format(name), message)
      end
    end
    assert.equal("Hello", stream:message(1).content)
  end)

  it("of new, with a base URL of another type and no key", function()
    local message = message_of(function() lualogue.new { base_url = 1 } end)
    assert.truthy(message:find("bad argument 'base_url' to 'new' (string expected", 1, true), message)
  end)
end)
