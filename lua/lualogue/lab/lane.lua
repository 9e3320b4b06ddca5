--- The way to one server: so many at a time, and nobody while it asked to wait.

local native = require "lualogue.native"
local scheduler = require "lualogue.task.scheduler"
local wait = require "lualogue.wait"

local lane = {}
lane.__index = lane

---@class lualogue.lab.Lane
---@field limit integer
---@field n_busy integer
---@field free_at number on the core's clock: nobody is let in before
---@field was_reached? boolean the server has said something

---@param limit integer
---@return lualogue.lab.Lane
function lane.new(limit)
  return setmetatable({ limit = limit, n_busy = 0, free_at = 0 }, lane)
end

--- For `wait.news`: who waits is told by `leave`.
function lane.arm() end

--- Wait for a place.
function lane:enter()
  while true do
    local now = native.core().now()
    if self.n_busy < self.limit then
      if self.free_at <= now then
        self.n_busy = self.n_busy + 1
        return
      end
      wait.news(self.free_at, self)
    else
      wait.news(math.huge, self)
    end
  end
end

--- Give the place back.
function lane:leave()
  self.n_busy = self.n_busy - 1
  scheduler.tell(self)
end

--- The server asked to be left alone for a while; nobody is sent before.
---@param seconds number
function lane:hold(seconds)
  self.free_at = math.max(self.free_at, native.core().now() + seconds)
end

--- Nobody has to wait any longer, since nothing more is sent.
function lane:open()
  self.free_at = 0
  scheduler.tell(self)
end

return lane
