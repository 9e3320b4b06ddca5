--- What is said of tasks that did what no task may do.

local misuse = require "lualogue.misuse"

local faults = {}

faults.FOREIGN = "a task yielded to something else than lualogue: coroutine.yield, or the wait of"
  .. " another library, was called in it. Attach that library's loop (require 'lualogue.loop.…'),"
  .. " or wait with lualogue.sleep and task:wait; a generator is made with lualogue.wrap"

faults.STUBBORN = "a task was cancelled and went on to wait a hundred times: it caught the error"
  .. " and did not end"

-- 5.1: its stack does not show a metamethod.
local HERE = " (a task cannot wait in a metamethod or another C function of this Lua: call lualogue"
  .. " outside of it)"

--- Where a coroutine stands, beneath a message.
---@param co thread
---@param message any
---@return string
function faults.trace(co, message)
  message = tostring(message)
  return debug and debug.traceback and debug.traceback(co, message) or message
end

--- A message with the line of the user's at which a coroutine stands.
---@param co thread
---@param message string
---@return string
function faults.at(co, message)
  local info = debug and misuse.caller(co)
  return info and ("%s:%d: %s"):format(info.short_src, info.currentline, message) or message
end

--- What a coroutine raised, with what the VM does not say, and where.
---@param co thread
---@param err any
---@return any err
---@return string traceback
function faults.explain(co, err)
  local traceback = faults.trace(co, err)
  if type(err) ~= "string" or not err:find("attempt to yield across", 1, true) then
    return err, traceback
  end
  return faults.at(co, err) .. HERE, traceback .. HERE
end

return faults
