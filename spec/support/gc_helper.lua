--- A busted helper that makes the collector work as hard as it can, so that whatever is not
--- anchored is gone by its next use: LLG_GC=incremental (a cycle begins as soon as one ends)
--- or generational (Lua 5.4), and a full collection after every test.

local busted = require "busted"

collectgarbage("setpause", 0)
collectgarbage("setstepmul", 1000)
if os.getenv("LLG_GC") == "generational" then collectgarbage("generational") end

busted.subscribe({ "test", "end" }, function()
  collectgarbage()
  collectgarbage() -- what the first one's finalisers let go
  return nil, true
end)
