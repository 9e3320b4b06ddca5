--- What loops of coroutines have in common: tasks are coroutines of such a loop, and others that
--- run there wait as they do. One more of them drives the core, while there is something to do.

local loops = require "lualogue.task.loops"
local scheduler = require "lualogue.task.scheduler"
local wait = require "lualogue.wait"
local yieldable = require "lualogue.task.yieldable"

local coroutines = {}

local SLICE_MS = scheduler.SLICE * 1000

--- What a loop brings along.
---@class lualogue.CoroutineLoop
---@field name string
---@field begin fun(drive: fun(give_up?: boolean)) run the driver, in a new coroutine
---@field spawn fun(fn: fun()) run that in a new coroutine
---@field rest fun(due: number?) wait for the core's descriptor, for a nudge, for milliseconds
---@field nudge fun() end a rest
---@field stand fun(waiter: table) let the running coroutine stand still until `unpark`, or shorter
---@field unpark fun(waiter: table) let it go on; it may not have stood still yet
---@field owns fun(co: thread): boolean whether a coroutine is the loop's, and runs
---@field after? fun() what it does behind each turn
---@field more? fun(): boolean whether `after` has something to do

--- A driver for `attach` and `detach` below.
---@param loop lualogue.CoroutineLoop
---@return lualogue.LoopDriver
function coroutines.driver(loop)
  local driver = { name = loop.name, unpark = loop.unpark }
  local running = false

  local function wanted()
    return scheduler.driver == driver and (loops.wanted() or loop.more ~= nil and loop.more())
  end

  local function drive(give_up)
    while not give_up and wanted() do
      loop.rest(loop.more and loop.more() and 0 or scheduler.due())
      scheduler.advance(0, SLICE_MS)
      scheduler.resume()
      if loop.after then loop.after() end
    end
    running = false
  end

  function driver.kick()
    if running then return loop.nudge() end
    if not wanted() then return end
    running = true
    local begun, why = pcall(loop.begin, drive)
    if begun then return end
    running = false
    error(why, 0)
  end

  function driver.spawn(strand)
    loop.spawn(function()
      strand:main()
      driver.kick() -- it may have been the last one
    end)
    driver.kick()
  end

  function driver.park(waiter)
    driver.kick()
    while not waiter.awake do loop.stand(waiter) end
  end

  -- What claims the coroutines that are no tasks: each wait has a record of its own.
  local guest = {}
  function guest.news(_, until_s, handle)
    if not yieldable.here() then return wait.block(until_s, handle) end
    scheduler.park({ number = scheduler.number(), host = driver }, until_s, handle)
    return true
  end
  function driver.find(co) return loop.owns(co) and guest or nil end

  return driver
end

--- Let a loop run the tasks. Raises while another one is attached.
---@param driver lualogue.LoopDriver
function coroutines.attach(driver)
  loops.attach(driver)
  wait.claim_others(driver.find)
end

--- Take it off; true if nobody has it attached any more.
---@param driver lualogue.LoopDriver
---@return boolean
function coroutines.detach(driver)
  if not loops.detach(driver) then return false end
  wait.claim_others(nil)
  return true
end

return coroutines
