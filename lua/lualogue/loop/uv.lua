--- Tasks on libuv's loop: luv, and Neovim's `vim.uv` (`vim.loop` before 0.10).
---
---     require("lualogue.loop.uv").attach()
---     lualogue.task(function() ... end)
---     uv.run()                             -- not in Neovim, which runs its loop itself
---
--- In Neovim tasks run where its API may be called. All plugins of a process share one driver:
--- attach it as often as you like. It keeps the loop alive only while there is something to do.

local loops = require "lualogue.task.loops"
local native = require "lualogue.native"
local reports = require "lualogue.task.reports"
local scheduler = require "lualogue.task.scheduler"

---@class lualogue.loop.uv
local uv_loop = {}

local vim = rawget(_G, "vim")
local schedule = vim and vim.schedule -- in a callback of the loop its API may not be called
local SLICE_MS = scheduler.SLICE * 1000

local uv, poll, timer, idle -- the last three: handles, while there is something to do
local scheduled = false -- one turn at a time is asked for

local function close()
  for _, handle in ipairs(poll and { poll, timer, idle } or {}) do
    handle:stop()
    handle:close()
  end
  poll, timer, idle = nil, nil, nil
end

local look

--- Be called when something is due. A timer of 0 ms, set in a timer's callback, would starve the
--- loop; an idle handle lets it look around.
local function rearm()
  if not loops.busy() then return close() end
  local due = scheduler.due(scheduled)
  timer:stop()
  idle:stop()
  if due == 0 then idle:start(look) elseif due then timer:start(math.ceil(due), 0, look) end
end

local function take_turns()
  scheduled = false
  scheduler.resume()
  if poll then rearm() end
end

--- The core's work, then the tasks'. The loop is armed before they run: one of them may run it.
function look()
  scheduler.advance(0, SLICE_MS)
  local wanted = scheduler.has_turns()
  if wanted and schedule and not scheduled then
    scheduled = true
    schedule(take_turns)
  end
  if poll then rearm() end
  if wanted and not schedule then take_turns() end
end

local driver = { name = "uv" }

function driver.kick()
  if not loops.busy() then return end
  if not poll then
    poll, timer, idle = assert(uv.new_poll(native.core().pollfd())), uv.new_timer(), uv.new_idle()
    poll:start("r", look)
  end
  rearm()
end

local function notify(text)
  schedule(function() vim.notify(text, vim.log.levels.ERROR) end)
end

--- Let the loop run the tasks, those that there are too. Raises while another loop is attached.
---@return lualogue.loop.uv
function uv_loop.attach()
  uv = uv or vim and (vim.uv or vim.loop) or require "luv"
  loops.attach(driver)
  if schedule then reports.usually_to(notify) end
  return uv_loop
end

--- Take it off; tasks stand still until something else lets them go on.
function uv_loop.detach()
  if not loops.detach(driver) then return end
  close()
  reports.usually_to(nil)
end

--- Whether a coroutine waits as this loop does: none but the tasks.
---@param _ thread
---@return boolean
function uv_loop.owns(_) return false end

return uv_loop
