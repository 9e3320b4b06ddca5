-- Whoever steps eats the readiness of everyone: with many waiting, one of them blocked in a step
-- of its own, the news of the others were gone when their loop came to look; and a cancel outside
-- of a step was news that the next step forgot.
local fixture = require "spec.support.fixture"
local core = require "lualogue.core"

local messages = { { role = "user", content = "Hi" } }

describe("news", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("that came while somebody else stepped are still there", function()
    local words = {}
    for i = 1, 10 do words[i] = "w" .. i .. " " end
    local streams = core.client { base_url = server:script(fixture.sse(fixture.words(words))), max_retries = 0 }
    local slow = core.client {
      base_url = server:script({ { sleep = 0.3 }, fixture.json(200, fixture.chat_reply "late")[1] }), max_retries = 0,
    }
    local stream = streams:stream { messages = messages }
    assert.is_false(stream:next())
    stream:arm(1)
    -- a plugin's callback that blocks
    local other = slow:chat { messages = messages }
    while other:result() == false do core.step(1000) end
    -- back in the loop: no descriptor will say anything of the stream any more
    assert.equal(0, core.due())
    local list = {}
    assert.equal(1, core.ready(list))
    assert.equal(1, list[1])
    local n = 0
    while true do
      local chunk = stream:next()
      if not chunk then break end
      if (chunk.choices[1].delta.content or "") ~= "" then n = n + 1 end
    end
    assert.equal(10, n)
  end)

  it("of a cancel outside of a step are there at once", function()
    local client = core.client { base_url = server:script({ { stall = true } }), max_retries = 0 }
    local exchange = client:chat { messages = messages }
    exchange:arm(1)
    core.step(0)
    exchange:cancel()
    assert.equal(0, core.due())
    assert.equal(1, core.ready({}))
  end)
end)
