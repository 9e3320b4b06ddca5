-- Chats to a server without TLS waited for the first of them to be answered: libcurl was told
-- to wait for a connection that could take several, which plain HTTP never has.
local fixture = require "spec.support.fixture"
local core = require "lualogue.core"

describe("chats side by side", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("do not wait for each other's answers on plain HTTP", function()
    local base_url = server:script(fixture.join({ hold = "gate" }, fixture.json(200, fixture.chat_reply("here"))))
    local client = core.client { base_url = base_url }
    local exchanges = {}
    for i = 1, 4 do exchanges[i] = client:chat { messages = {} } end
    local until_s = core.now() + 10
    while #server:requests(base_url) < 4 and core.now() < until_s do core.step(20) end
    assert.equal(4, #server:requests(base_url)) -- all are there, and none is answered
    server:release(base_url, "gate")
    for _, exchange in ipairs(exchanges) do
      while exchange:result() == false do core.step() end
      assert.equal("here", exchange:result().choices[1].message.content)
    end
  end)
end)
