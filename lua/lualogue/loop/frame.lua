--- Tasks in a program that calls an update function for each frame: LÖVE, Defold, a game loop of
--- one's own. There is nothing to attach to: `lualogue.step(budget_ms)` in the update is all.
---
---     require("lualogue.loop.frame").attach()     -- only says that no other loop may be attached
---     function love.update() lualogue.step(2) end
---
--- A loop of one's own that can wait for a descriptor need not ask again and again: it calls
--- `lualogue.step` when `pollfd` is readable, and `due` milliseconds after the last step.

local loops = require "lualogue.task.loops"
local native = require "lualogue.native"
local scheduler = require "lualogue.task.scheduler"

---@class lualogue.loop.frame
local frame = {}

local driver = { name = "frame", kick = function() end }

--- Say that the tasks of this program go on with `lualogue.step`: another loop cannot be attached.
---@return lualogue.loop.frame
function frame.attach()
  loops.attach(driver)
  return frame
end

--- Take that back.
function frame.detach() loops.detach(driver) end

--- The descriptor that is readable when a step has something to do.
---@return integer? fd nil where the system has none: step now and then
function frame.pollfd() return native.core().pollfd() end

--- When a step is due whatever the descriptor says. Ask after each step, and after a task began.
---@return number? ms nil: never
function frame.due() return scheduler.due() end

--- For a loop without timers: let the descriptor be readable too when a step is due. To be called
--- after each step, and after tasks were begun.
function frame.alarm() native.core().alarm(scheduler.due()) end

--- Whether a coroutine waits as this loop does: none but the tasks.
---@param _ thread
---@return boolean
function frame.owns(_) return false end

return frame
