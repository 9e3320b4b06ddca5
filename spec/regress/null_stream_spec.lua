-- `stream` may be null, which the API describes as false: it was taken for a wish to stream.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

describe("stream = null", function()
  it("asks for no stream, and is sent as it is", function()
    local server = fixture.start()
    local base_url = server:script(fixture.json(200, fixture.chat_reply "Hello"))
    local client = lualogue.new { base_url = base_url, model = "m" }
    assert.equal("Hello", lualogue.assert(client:chat { messages = {}, stream = lualogue.null }).text)
    assert.is_truthy(client.responses:create { input = "Hi", stream = lualogue.null })
    for _, request in ipairs(server:requests(base_url)) do
      assert.truthy(request.body:find('"stream":null', 1, true), request.body)
    end
    server:stop()
  end)
end)
