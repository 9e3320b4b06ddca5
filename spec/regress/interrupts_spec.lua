-- Ctrl-C belongs to the host: what was changed for a Lua state is undone when the state ends.
local program = require "spec.support.program"

describe("core.interrupts", function()
  it("ends with the Lua state", function()
    -- The host lives on for 2 s after lua_close, unless the Ctrl-C ends it.
    local host = ("%s/%s/living_host"):format(os.getenv("LLG_BUILD"), os.getenv("LLG_LUA"))
    program.with_folder(function(folder)
      local path = folder .. "/script.lua"
      local file = assert(io.open(path, "w"))
      file:write [[
        require "lualogue.core".interrupts(true)
        os.execute("(sleep 0.5; kill -INT $PPID) &")
      ]]
      file:close()
      local output, code = program.run(("ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 %s %s 2000"):format(host, path))
      assert.equal("", output)
      assert.equal(130, code)
    end)
  end)

  it("asked for again holds, after another handler took its place", function()
    local child = program.start [[
      local core = require "lualogue.core"
      core.interrupts(true)
      io.stdout:setvbuf "no"
      local function count()
        local n, until_s = 0, core.now() + 5
        repeat core.step(50) until core.interrupted() or core.now() > until_s
        return core.now() < until_s
      end
      for _ = 1, 2 do
        core.interrupts(false)
        core.interrupts(true)
        print "ready"
        print(count())
      end
    ]]
    for _ = 1, 2 do
      assert.equal("ready", child:line())
      child:interrupt()
      assert.equal("true", child:line())
    end
    assert.equal("", child:rest())
  end)
end)
