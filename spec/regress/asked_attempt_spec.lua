-- An attempt that failed waits to be judged, with what the server said of it. While that is read a
-- collection may run the host's finalizers: one that let the call's clock run out, or gave it up,
-- took away what was being read.
local fixture = require "spec.support.fixture"
local core = require "lualogue.core"
local finalizer = require "spec.support.finalizer"

local messages = { { role = "user", content = "Hi" } }

describe("a finalizer that runs while a failed attempt is read", function()
  local server, restore
  setup(function()
    server = fixture.start()
    restore = finalizer.restless()
  end)
  teardown(function()
    restore()
    server:stop()
  end)

  local words = ("words of the server "):rep(400)

  --- A call whose attempt has failed, and whose time is over.
  local function asked()
    local client = core.client { base_url = server:script(fixture.json(503, fixture.error_body(words))) }
    local exchange = client:chat({ messages = messages }, { timeout = 0.15 })
    core.attempts.watch(exchange)
    for _ = 1, 1000 do
      if select(3, core.attempts.state(exchange)) then break end
      core.step(20)
    end
    local over = core.now() + 0.2
    while core.now() < over do end
    collectgarbage()
    return exchange
  end

  for name, act in pairs {
    ["step the pool"] = function() core.step(0) end,
    ["cancel it"] = function(exchange) exchange:cancel() end,
    ["step and cancel it"] = function(exchange)
      core.step(0)
      exchange:cancel()
      core.step(0)
    end,
  } do
    it("may " .. name, function()
      for _ = 1, 3 do
        local exchange = asked()
        for _ = 1, 40 do finalizer.add(function() act(exchange) end) end
        local err = core.attempts.failed(exchange)
        assert.is_true(err == nil or err.message == words:gsub("%s+$", "") or err.message == words)
        if err then assert.equal(503, err.status) end
        core.attempts.decide(exchange, 0)
        for _ = 1, 200 do
          if exchange:result() ~= false then break end
          core.step(20)
        end
        local reply, last = exchange:result()
        assert.is_nil(reply)
        assert.is_true(last.kind == "timeout" or last.kind == "cancelled" or last.status == 503)
      end
      collectgarbage()
    end)
  end
end)
