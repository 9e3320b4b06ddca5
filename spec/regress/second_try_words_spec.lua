-- A kept connection that breaks before an answer is replaced by libcurl on its own. What it said of
-- the first try was told of the second.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

describe("libcurl's second try", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("has its own words for what went wrong", function()
    local base_url = server:script { fixture.json(200, fixture.chat_reply "Hello"), { { reset = true } } }
    local client = lualogue.new { base_url = base_url, max_retries = 0 }
    lualogue.assert(client:chat { messages = {} })
    server:stop_listening(base_url)
    local _, err = client:chat { messages = {} }
    assert.equal("connection", err.kind)
    assert.equal(2, server:counts(base_url).requests)
    assert.equal("connect", err.phase)
    assert.is_nil(err.message:find "reset", err.message)
    assert.matches("connect", err.message)
  end)
end)
