-- A recorded answer to a request with a large body was played into a crash: how much of the body
-- was still to be sent was asked of a connection that there was none.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

describe("a recorded answer to a large request", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("is played as it came", function()
    local path = os.tmpname()
    os.remove(path)
    local messages = { { role = "user", content = ("x"):rep(100000) } }
    local function chat(record)
      local base_url = record == "all" and server:script(fixture.json(200, fixture.chat_reply "Hello")) or "http://127.0.0.1:1/v1"
      local client = lualogue.new { base_url = base_url, cassette = path, record = record, max_retries = 0 }
      local reply, err = client:chat { model = "m", messages = messages }
      client:close()
      return reply and reply.text or tostring(err)
    end
    assert.equal("Hello", chat "all")
    local played = chat "none"
    os.remove(path)
    assert.equal("Hello", played)
  end)
end)
