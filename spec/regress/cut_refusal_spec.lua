-- The status of a refusal says all: one whose body was cut off was told as a broken connection, and
-- sent three times.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local BODY = fixture.error_body("Incorrect API key", { code = "invalid_api_key" })

describe("a refusal whose body is cut", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function ask(answer, method, options)
    options = options or {}
    options.base_url, options.max_retries = server:script(answer), options.max_retries or 2
    local client = lualogue.new(options)
    local reply, err = client[method](client, { messages = messages })
    assert.is_nil(reply)
    return err, server:counts(options.base_url).requests
  end

  for _, status in ipairs { 400, 401, 404, 422 } do
    for _, framing in ipairs { "content-length", "chunked" } do
      for _, ending in ipairs { "cut", "reset" } do
        for _, method in ipairs { "chat", "stream" } do
          it(("is what its status says: %d, %s, %s, %s"):format(status, framing, ending, method), function()
            local whole = ask(fixture.json(status, BODY), method)
            local answer = fixture.json(status, BODY, nil, { framing = framing, ending = ending,
              content_length = framing == "content-length" and 5000 or nil })
            local err, n = ask(answer, method)
            assert.equal("api", err.kind, tostring(err))
            assert.equal(status, err.status)
            assert.equal(1, n)
            assert.equal(1, err.attempts)
            assert.equal("api", whole.kind)
            -- what came of the body is not lost; a reset may have taken it
            if ending == "cut" then assert.equal(whole.message, err.message) end
          end)
        end
      end
    end
  end

  it("is tried again where its status says so", function()
    local cut = fixture.json(503, BODY, { ["retry-after-ms"] = "1" }, { content_length = 5000, ending = "cut" })
    local err, n = ask(cut, "chat")
    assert.equal("api", err.kind)
    assert.equal(503, err.status)
    assert.equal(3, n)
    assert.equal(3, err.attempts)
  end)
end)
