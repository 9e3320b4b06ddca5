-- An editor's plugin that is loaded anew: the old module's pool was collected, and whatever was
-- under way with it.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"

describe("lualogue.core loaded anew", function()
  it("goes on with what is under way", function()
    local server = fixture.start()
    local base_url = server:script(fixture.json(200, fixture.chat_reply("Hello")))
    local core = require "lualogue.core"
    local exchange = core.client { base_url = base_url, max_retries = 0 }:chat { messages = {} }
    package.loaded["lualogue.core"] = nil
    local anew = require "lualogue.core"
    package.loaded["lualogue.core"] = core
    collectgarbage()
    collectgarbage()
    assert.equal(1, anew.active())
    while exchange:result() == false do anew.step() end
    assert.is_nil((select(2, exchange:result())))
    server:stop()
  end)
end)

describe("a finalizer that outlives lualogue.core", function()
  it("is told that the state is being closed", function()
    local output, code = program.lua [[
      local core
      local function act()
        local ok, err = pcall(core.step, 0)
        print(ok, err)
      end
      local p = rawget(_G, "newproxy") and newproxy(true)
      if p then getmetatable(p).__gc = act else p = setmetatable({}, { __gc = act }) end
      kept = p
      core = require "lualogue.core"
      core.step(0)
    ]]
    -- LuaJIT ends objects in an order of its own
    assert.truthy(output == "false\tthe Lua state is being closed\n" or output:match "^true\t0\n$" or output == "", output)
    assert.equal(0, code)
  end)
end)
