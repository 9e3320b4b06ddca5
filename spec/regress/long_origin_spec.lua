-- Two origins whose names are alike for 255 bytes were taken for one: a redirect from one to the
-- other was followed, with the key.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"

describe("a redirect to an origin with a very long name", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  -- No such name can be looked up: a proxy answers for both.
  local name = ("a23456789."):rep(25) .. "abcd"

  it("is not followed where only the end of the origin differs", function()
    local to = "http://" .. name .. ":2222/v1/chat/completions"
    local proxy = server:script {
      fixture.redirect(307, to),
      fixture.json(200, fixture.chat_reply("followed")),
    }
    local output = program.lua(([[
      local lualogue = require "lualogue"
      local client = lualogue.new { base_url = "http://%s:1111/v1", api_key = "sk-of-one", max_retries = 0 }
      local reply, err = client:chat { messages = {} }
      print(reply, err and err.kind, err and err.status)
    ]]):format(name), "http_proxy=" .. proxy:gsub("/v1$", "") .. " no_proxy= ")
    assert.equal("nil\tapi\t307\n", output)
    assert.equal(1, #server:requests(proxy))
  end)
end)
