--- Tasks in a program that calls an update function for each frame: LÖVE, Defold, a game loop of
--- one's own. There is nothing to attach to: `lualogue.step(budget_ms)` in the update is all.
---
---     require("lualogue.loop.frame").attach()     -- only says that no other loop may be attached
---     function love.update() lualogue.step(2) end

local loops = require "lualogue.task.loops"

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

--- Whether a coroutine waits as this loop does: none but the tasks.
---@param _ thread
---@return boolean
function frame.owns(_) return false end

return frame
