-- Half a body was a whole one: of a TLS connection that ended without saying so (close_notify), and
-- of a raw call whose answer was compressed.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local function text(ending, more)
  local options = { framing = "close", ending = ending }
  for name, value in pairs(more or {}) do options[name] = value end
  return fixture.json(200, ("0123456789"):rep(100), { ["Content-Type"] = "text/plain" }, options)
end

describe("half a body", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function get(base_url, options)
    options = options or {}
    options.base_url, options.api_key, options.max_retries = base_url, false, 0
    return lualogue.new(options):request("GET", "/x", nil, { raw = true })
  end

  it("over TLS is one where the connection ends without a word", function()
    local base_url, ca_file = server:tls(text "silence")
    local reply, err = get(base_url, { ca_file = ca_file })
    assert.is_nil(reply)
    assert.equal("connection", err.kind)
    assert.equal("body", err.phase)
  end)

  it("over TLS is none where the connection is closed properly", function()
    local base_url, ca_file = server:tls(text "complete")
    local reply = lualogue.assert(get(base_url, { ca_file = ca_file }))
    assert.equal(1000, #reply)
  end)

  it("over TLS is none where all of its length has come", function()
    local base_url, ca_file = server:tls(text("silence", { framing = "content-length" }))
    assert.equal(1000, #lualogue.assert(get(base_url, { ca_file = ca_file })))
    base_url, ca_file = server:tls(text("complete", { framing = "chunked" }))
    assert.equal(1000, #lualogue.assert(get(base_url, { ca_file = ca_file })))
  end)

  it("over TLS is none of a stream that has said that it is over", function()
    for _, framing in ipairs { "close", "chunked" } do
      local base_url, ca_file = server:tls(fixture.sse(fixture.words { "a", "b" },
        { done = false, framing = framing, ending = "silence" }))
      local client = lualogue.new { base_url = base_url, ca_file = ca_file, max_retries = 0 }
      local message = lualogue.assert(lualogue.assert(client:stream { messages = {} }):message())
      assert.equal("ab", message.content)
      base_url = server:tls(fixture.sse(fixture.words({ "a", "b" }, { finish_reason = false }),
        { done = false, framing = framing, ending = "silence" }))
      client = lualogue.new { base_url = base_url, ca_file = ca_file, max_retries = 0 }
      local _, err = lualogue.assert(client:stream { messages = {} }):message()
      assert.equal("truncated", err.kind)
    end
  end)

  it("is said to be possible by meta where nothing shows that it is whole", function()
    local function known(answer)
      local client = lualogue.new { base_url = server:script(answer) }
      return lualogue.assert(client:chat { messages = {} }).meta.length_known
    end
    local function chat(options) return fixture.json(200, fixture.chat_reply "Hello", nil, options) end
    assert.is_true(known(chat()))
    assert.is_true(known(chat { framing = "chunked" }))
    assert.is_false(known(chat { framing = "close" }))
    assert.is_false(known(chat { encoding = "gzip" }))
  end)

  it("is not asked for compressed by a raw call", function()
    local base_url = server:script(text "complete")
    get(base_url)
    assert.equal("identity", server:requests(base_url)[1]:header "accept-encoding")
  end)
end)
