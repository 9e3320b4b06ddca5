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

local coroutines = require "lualogue.task.coroutines"
local loops = require "lualogue.task.loops"
local native = require "lualogue.native"

---@class lualogue.loop.cqueues
local cqueues_loop = {}

local controller -- the one on which tasks run
local kicked = condition.new() -- what the driver waits for has changed
local pollable -- the core's descriptor

local own = { name = "cqueues" }

function own.begin(drive)
  pollable = { pollfd = native.core().pollfd(), events = "r" }
  controller:wrap(drive)
end

function own.spawn(fn) controller:wrap(fn) end

function own.rest(due)
  if due == 0 then return cqueues.sleep(0) end
  cqueues.poll(pollable, kicked, due and due / 1000)
end

function own.nudge() kicked:signal() end

function own.stand(waiter)
  waiter.condition = waiter.condition or condition.new()
  waiter.condition:wait()
end

function own.unpark(waiter)
  if waiter.condition then waiter.condition:signal() end
end

--- Whether a coroutine is one that the loop resumes, and waits as it does.
---@param co thread
---@return boolean
function cqueues_loop.owns(co)
  local inside, directly = cqueues.running()
  return inside == controller and inside ~= nil and directly and co == coroutine.running()
end

own.owns = cqueues_loop.owns
local driver = coroutines.driver(own)

--- Let the loop run the tasks, those that there are too. Raises while another loop is attached.
---@param cq? table the controller; default: the one in which this is called
---@return lualogue.loop.cqueues
function cqueues_loop.attach(cq)
  local wanted = cq or controller or cqueues.running()
  if not wanted then loops.missing("cqueues", "a controller: attach(cqueues.new())") end
  if controller and controller ~= wanted then loops.missing("cqueues", "its first controller") end
  controller = wanted
  coroutines.attach(driver)
  return cqueues_loop
end

--- Take it off; tasks stand still until something else lets them go on.
function cqueues_loop.detach()
  if not coroutines.detach(driver) then return end
  controller = nil
  kicked:signal()
end

return cqueues_loop
