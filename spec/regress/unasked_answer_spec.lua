-- A second answer that nobody had asked for, on a connection that was kept, became the reply of
-- whoever used that connection next; a balancer's 408 likewise.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

describe("what a server says on an idle connection", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function reply(text) return fixture.json(200, fixture.chat_reply(text)) end

  --- An answer, and bytes that come behind it once the client has read it.
  local function and_then(text, bytes, ...)
    return { reply(text)[1], { hold = "read" }, { send = bytes }, ... }
  end

  local function chat(client)
    local got = lualogue.assert(client:chat { messages = {} })
    return got.choices[1].message.content, got.meta.status
  end

  local function second_of(script)
    local base_url = server:script(script)
    local one = lualogue.new { base_url = base_url, max_retries = 0 }
    local two = lualogue.new { base_url = base_url, max_retries = 0 }
    local text = chat(one)
    assert.equal("for one", text)
    server:release(base_url, "read")
    local sent = server:counts(base_url).sent_bytes
    server:wait(base_url, { sent_bytes = sent }) -- at least
    os.execute "sleep 0.1" -- ... and it has arrived
    return base_url, chat(two)
  end

  local function body_of(text)
    local body = ('{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"%s"}}]}'):format(text)
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"):format(#body, body)
  end

  it("is not the answer to somebody else's question", function()
    local base_url, text = second_of { and_then("for one", body_of "of one once more"), reply "for two" }
    assert.equal("for two", text)
    assert.equal(2, server:counts(base_url).accepted)
  end)

  it("is not a refusal either", function()
    local _, text, status = second_of {
      and_then("for one", "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", { close = true }),
      reply "for two",
    }
    assert.equal("for two", text)
    assert.equal(200, status)
  end)
end)
