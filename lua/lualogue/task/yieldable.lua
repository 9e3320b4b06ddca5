--- Whether the running coroutine can wait by yielding. It cannot below a C function that has no
--- continuation: the callbacks of `table.sort` and `string.gsub` everywhere, and in Lua 5.1 also
--- below `pcall`, the iterator of a `for`, and metamethods.

local faults = require "lualogue.task.faults"
local native = require "lualogue.native"

local pack = table.pack or function(...) return { n = select("#", ...), ... } end
local unpack = rawget(_G, "unpack") or table.unpack

local yieldable = {}

--- Whether `pcall` lets a yield through: not in Lua 5.1.
yieldable.through_pcall = rawget(_G, "jit") ~= nil or (function()
  local co = coroutine.create(function() pcall(coroutine.yield, true) end)
  local _, went_through = coroutine.resume(co)
  return went_through == true
end)()

--- Hand on what it yields, until it has ended.
local function relay(co, handler, ok, ...)
  if coroutine.status(co) ~= "dead" then
    return relay(co, handler, coroutine.resume(co, coroutine.yield(...)))
  end
  if not ok then return false, handler((...)) end
  return true, ...
end

--- Call a function in such a way that every yield goes through to whoever resumes the running
--- coroutine: in Lua 5.1 it runs in a coroutine of its own.
---@param begin fun(co: thread) told which one, before it is called
---@param fn function
---@param args table packed
---@return table values packed, as pcall gives them
---@return string? traceback of an error
function yieldable.call(begin, fn, args)
  local co, traceback
  local function run()
    co = coroutine.running()
    begin(co)
    return fn(unpack(args, 1, args.n))
  end
  local function handler(err)
    traceback = faults.trace(co, err)
    return err
  end
  if yieldable.through_pcall then return pack(xpcall(run, handler)), traceback end
  local own = coroutine.create(run)
  return pack(relay(own, handler, coroutine.resume(own))), traceback
end

-- What can be said of a C function in the way, where Lua 5.2 and later would wait.
local BLAME = {
  [pcall] = "inside pcall (call lualogue outside of it: its functions return nil, err)",
  [xpcall] = "inside xpcall (call lualogue outside of it: its functions return nil, err)",
}
local FOR = "in the iterator of a `for` (call it yourself: local text = next_text()"
  .. " while text do … end, or stream:next())"

--- By the stack: true, false, or raises.
local function walk()
  local level, old = 3, not yieldable.through_pcall
  while true do
    local info = debug.getinfo(level, "Snf")
    if not info then return true end
    local passable = not old and BLAME[info.func]
    local why = old and (BLAME[info.func] or info.name == "(for generator)" and FOR)
    if why then
      native.core().raise("a task cannot wait here in Lua 5.1: " .. why)
    end
    if info.what == "C" and not passable then return false end
    level = level + 1
  end
end

--- Whether the running coroutine can yield. Where only Lua 5.1 cannot, it raises and says why.
---@return boolean
yieldable.here = rawget(coroutine, "isyieldable") or (debug and debug.getinfo and walk)
  or function() return true end

return yieldable
