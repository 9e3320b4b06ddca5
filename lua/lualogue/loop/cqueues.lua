--- Tasks on cqueues, and cqueues' own coroutines: both wait as that loop does.
---
---     local cq = cqueues.new()
---     require("lualogue.loop.cqueues").attach(cq)
---     cq:wrap(function() print(client:chat { messages = messages }.text) end)
---     cq:loop()
---
--- It keeps `cq:loop()` going only while there is something to do, and is there again on demand.

local cqueues = require "cqueues"
local condition = require "cqueues.condition"

local loops = require "lualogue.task.loops"
local native = require "lualogue.native"
local scheduler = require "lualogue.task.scheduler"
local wait = require "lualogue.wait"

---@class lualogue.loop.cqueues
local cqueues_loop = {}

local SLICE_MS = scheduler.SLICE * 1000

local controller -- the one on which tasks run
local kicked -- a condition: what the driver waits for has changed
local running = false -- the driver

local driver = { name = "cqueues" }

local function drive()
  local core = native.core()
  local pollable = { pollfd = core.pollfd(), events = "r" }
  while controller and loops.wanted() do
    local due = scheduler.due()
    if due ~= 0 then cqueues.poll(pollable, kicked, due and due / 1000) else cqueues.sleep(0) end
    scheduler.advance(0, SLICE_MS)
    scheduler.resume()
  end
  running = false
end

function driver.kick()
  if running then
    kicked:signal()
  elseif loops.wanted() then
    running = true
    controller:wrap(drive)
  end
end

function driver.spawn(strand)
  controller:wrap(function()
    strand:main()
    if running then kicked:signal() end -- it may have been the last one
  end)
  driver.kick()
end

function driver.park(waiter)
  driver.kick()
  waiter.condition = waiter.condition or condition.new()
  while not waiter.awake do waiter.condition:wait() end
end

function driver.unpark(waiter)
  if waiter.condition then waiter.condition:signal() end
end

local guest = loops.guest(driver)

--- Whether a coroutine is one that the loop resumes, and waits as it does.
---@param co thread
---@return boolean
function cqueues_loop.owns(co)
  local inside, directly = cqueues.running()
  return inside == controller and inside ~= nil and directly and co == coroutine.running()
end

local function find(co) return cqueues_loop.owns(co) and guest or nil end

--- Let the loop run the tasks, those that there are too. Raises while another loop is attached.
---@param cq? table the controller; default: the one in which this is called
---@return lualogue.loop.cqueues
function cqueues_loop.attach(cq)
  local wanted = cq or controller or cqueues.running()
  if not wanted then loops.missing("cqueues", "a controller: attach(cqueues.new())") end
  if controller and controller ~= wanted then loops.missing("cqueues", "its first controller") end
  controller, kicked = wanted, kicked or condition.new()
  loops.attach(driver)
  wait.claim_others(find)
  return cqueues_loop
end

--- Take it off; tasks stand still until something else lets them go on.
function cqueues_loop.detach()
  if not loops.detach(driver) then return end
  wait.claim_others(nil)
  controller = nil
  kicked:signal()
end

return cqueues_loop
