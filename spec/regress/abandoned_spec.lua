-- A handle that was freed before its answer had come to its end said "complete" to whoever asked
-- then: a finalizer, or one that ran as the state was closed.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"

local PROGRAM = [[
  local core = require "lualogue.core"
  local newproxy = rawget(_G, "newproxy")
  local function at_the_end(act)
    if newproxy then
      local proxy = newproxy(true)
      getmetatable(proxy).__gc = act
      return proxy
    end
    return setmetatable({}, { __gc = act })
  end
  local function show(what, ...)
    local value, err = ...
    print(what, tostring(value), type(err) == "table" and err.kind or tostring(err))
  end
  local held = {}
  local box = held
  held.after = at_the_end(function() -- older than the handles, hence finalized after them
    for i, method in ipairs { "next", "next_text", "opened" } do
      show(method, box.streams[i][method](box.streams[i]))
    end
    show("result", box.exchange:result())
  end)
  local client = core.client { base_url = %q }
  local messages = { { role = "user", content = "Hi" } }
  held.streams = {}
  for i = 1, 3 do
    local stream = client:stream { messages = messages }
    while stream:next() == false do core.step(1000) end
    held.streams[i] = stream
  end
  held.exchange = client:request("GET", "/never")
  core.step(0)
  if %q == "collect" then
    held = nil
    collectgarbage() collectgarbage()
  end
]]

describe("a handle that was freed before the end of its answer", function()
  local server, base_url
  setup(function()
    server = fixture.start()
    base_url = server:script { routes = {
      ["/chat/completions"] = fixture.sse({ fixture.chunk "Hel", { stall = true } }, { done = false }),
      ["/never"] = { { stall = true } },
    } }
  end)
  teardown(function() server:stop() end)

  for _, when in ipairs { "close", "collect" } do
    it("was cancelled, for a finalizer: " .. when, function()
      local output, code = program.lua(PROGRAM:format(base_url, when))
      assert.equal(0, code, output)
      for _, method in ipairs { "next", "next_text", "opened", "result" } do
        assert.truthy(output:find(method .. "\tnil\tcancelled", 1, true), output)
      end
      assert.is_nil(output:find("\tnil\tnil", 1, true), output)
    end)
  end
end)
