--- What a collection that comes at a bad moment does, for the specs that bring it about.
local newproxy = rawget(_G, "newproxy")

local finalizer = {}

--- Let `act` be called by some collection from now on.
---@param act fun()
function finalizer.add(act)
  if newproxy then -- Lua 5.1, whose tables have no __gc
    getmetatable(newproxy(true)).__gc = act
  else
    setmetatable({}, { __gc = act })
  end
end

--- Let the collector never rest.
---@return fun() restore to be called in `teardown`: then no finalizer is left for another spec
function finalizer.restless()
  local mode = _VERSION == "Lua 5.4" and collectgarbage("incremental")
  local pause, step = collectgarbage("setpause", 1), collectgarbage("setstepmul", 1000)
  return function()
    collectgarbage("setpause", pause)
    collectgarbage("setstepmul", step)
    if mode then collectgarbage(mode) end
    collectgarbage()
    collectgarbage()
  end
end

return finalizer
