--- Coroutines within a task that wait as the task does.

local wait = require "lualogue.wait"
local yieldable = require "lualogue.task.yieldable"

local wrap = {}

local PASS = {} -- what such a coroutine yields to have the one around it wait

-- In 5.1 a wait cannot pass pcall: there an error of the wait itself ends the outer one at once.
local call = yieldable.through_pcall and pcall or function(fn, ...) return true, fn(...) end

local claim = {}

function claim:news(until_s, handle)
  if not yieldable.here() then return wait.block(until_s, handle) end
  local ok, result = coroutine.yield(PASS, until_s, handle)
  if not ok then error(result, 0) end
  return result
end

--- Resume until it gives something that is not a wish to wait.
local function advance(co, ok, first, ...)
  if not ok or first ~= PASS then return ok, first, ... end
  return advance(co, coroutine.resume(co, call(wait.news, ...)))
end

local function new(fn)
  local co = coroutine.create(fn)
  wait.claim(co, claim)
  return co
end

local function give(ok, first, ...)
  if not ok then error(first, 0) end
  return first, ...
end

--- See `lualogue.wrap`.
---@param fn function
---@return function
function wrap.new(fn)
  local co = new(fn)
  return function(...) return give(advance(co, coroutine.resume(co, ...))) end
end

--- A pcall in which one may wait, on every Lua.
---@param fn function
---@param ... any
---@return boolean ok
---@return any ...
function wrap.pcall(fn, ...)
  if yieldable.through_pcall then return pcall(fn, ...) end
  local co = new(fn)
  return advance(co, coroutine.resume(co, ...))
end

return wrap
