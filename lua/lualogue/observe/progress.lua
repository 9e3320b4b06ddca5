--- How far files are on their way: the events `upload` and `download` of a watched call.

local native = require "lualogue.native"

---@class lualogue.WatchedProgress
local progress = {}
progress.__index = progress

local EVERY_S = 0.1

--- Of a call.
---@param sends any it sends a form
---@param saves any its answer goes into a file
---@return lualogue.WatchedProgress
function progress.new(sends, saves)
  return setmetatable({ sends = sends, saves = saves, due = 0, sent = 0, received = 0 }, progress)
end

--- Tell how far it is, where that is not what was told last.
---@param call lualogue.WatchedCall
function progress:look(call)
  local sent, to_send, received, to_receive = call.inner:progress()
  if not sent then return end
  self.due = native.core().now() + EVERY_S
  if self.sends and sent ~= self.sent then
    self.sent = sent
    call:tell("upload", { attempt = call.attempt, bytes = sent, total = to_send })
  end
  if self.saves and received ~= self.received then
    self.received = received
    call:tell("download", { attempt = call.attempt, bytes = received, total = to_receive })
  end
end

--- The same, but not too often.
---@param call lualogue.WatchedCall
function progress:look_now_and_then(call)
  if native.core().now() >= self.due then self:look(call) end
end

return progress
