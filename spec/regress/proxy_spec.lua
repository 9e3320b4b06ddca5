-- A proxy's answer to CONNECT was taken for the beginning of the server's own: the connect clock
-- stopped, and its headers were told as those of the API.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"

describe("a proxy's answer to CONNECT", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function through(head, ...)
    local proxy = server:script { { { read = "head" }, { send = head .. "\r\n\r\n" }, ... } }
    local output = program.lua(([[
      local core = require "lualogue.core"
      local client = core.client { base_url = "https://api.invalid/v1", proxy = %q, max_retries = 0, connect_timeout = 0.3, idle_timeout = false }
      local exchange = client:chat { messages = {} }
      while exchange:result() == false do core.step() end
      local _, err = exchange:result()
      print(err.kind, err.phase, err.status, err.request_id, (err.message:match "[a-z]+_timeout"))
    ]]):format((proxy:gsub("/v1$", ""))))
    assert.equal("CONNECT", server:requests(proxy)[1].method)
    return output
  end

  it("is not the server's: the handshake is still on the connect clock", function()
    local head = "HTTP/1.1 200 Connection established\r\nX-Request-Id: of-the-proxy"
    assert.equal("timeout\ttls\tnil\tnil\tconnect_timeout\n", through(head, { stall = true }))
  end)

  it("is no answer of the API where it refuses", function()
    local head = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nX-Request-Id: of-the-proxy"
    local output = through(head, { close = true })
    assert.matches("^connection\t%a+\tnil\tnil\tnil\n$", output)
  end)
end)
