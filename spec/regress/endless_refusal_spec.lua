-- A refusal whose body never ends was read for as long as bytes came.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

describe("a refusal that never ends", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("is a refusal once enough of it was read", function()
    local base_url = server:script {
      { send = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" },
      { send = ("no "):rep(1000), times = 1000000 },
    }
    local client = lualogue.new { base_url = base_url }
    local reply, err = client:chat { messages = {} }
    assert.is_nil(reply)
    assert.equal("api", err.kind)
    assert.equal(400, err.status)
    assert.is_true(#err.body <= 1024 * 1024)
    server:wait(base_url, { open = 0, left = 1 })
  end)
end)
