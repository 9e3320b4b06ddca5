--- Tasks on Copas (1.x, as Debian has it), and Copas' own threads: both wait as that loop does.
---
---     require("lualogue.loop.copas").attach()
---     copas.addthread(function() print(client:chat { messages = messages }.text) end)
---     copas.loop()
---
--- Copas has no timers of its own use: the core's descriptor is readable when something is due.

local loops = require "lualogue.task.loops"
local native = require "lualogue.native"
local scheduler = require "lualogue.task.scheduler"
local wait = require "lualogue.wait"

---@class lualogue.loop.copas
local copas_loop = {}

local SLICE_MS = scheduler.SLICE * 1000

local copas -- loaded by attach
local attached, running = false, false
local parked = {} -- waiter -> its coroutine
local woken, n_woken = {}, 0 -- coroutines, and functions to begin with

--- A queue of Copas' kind, in which nothing is ever ready.
local parking = { insert = function() end }
function parking.push(_, waiter, co) parked[waiter] = co end

--- What Copas' select looks at: the core's descriptor.
local watched = { getfd = function() return native.core().pollfd() end, close = function() end }
function watched.receive()
  watched.looked = not watched.looked
  if watched.looked then return nil, "timeout" end
  return ""
end

local driver = { name = "copas" }

--- Begin and resume what was woken, from the driver's thread: never within somebody else's turn.
local function let_go()
  local list, n = woken, n_woken
  woken, n_woken = {}, 0
  for i = 1, n do copas.addthread(list[i]) end
end

local function drive()
  local core = native.core()
  while attached and (loops.wanted() or n_woken > 0) do
    local due = n_woken > 0 and 0 or scheduler.due()
    core.alarm(due)
    copas.receive(watched)
    scheduler.advance(0, SLICE_MS)
    scheduler.resume()
    let_go()
  end
  core.alarm(nil)
  running = false
end

function driver.kick()
  if running then
    native.core().alarm(0)
  elseif loops.wanted() or n_woken > 0 then
    running = true
    copas.addthread(drive)
  end
end

local function wake(what)
  n_woken = n_woken + 1
  woken[n_woken] = what
  driver.kick()
end

function driver.spawn(strand)
  wake(function()
    strand:main()
    driver.kick() -- it may have been the last one
  end)
end

function driver.park(waiter)
  driver.kick()
  while not waiter.awake do coroutine.yield(waiter, parking) end
end

function driver.unpark(waiter)
  local co = parked[waiter]
  parked[waiter] = nil
  if co then wake(co) end
end

local guest = loops.guest(driver)

--- Whether a coroutine is one of the loop's: any that is not a task's, since Copas does not tell.
---@param co thread
---@return boolean
function copas_loop.owns(co) return attached and co == coroutine.running() end

local function find(co) return copas_loop.owns(co) and guest or nil end

--- Let the loop run the tasks, those that there are too. Raises while another loop is attached.
---@return lualogue.loop.copas
function copas_loop.attach()
  copas = copas or require "copas"
  if copas.sleep then loops.missing("copas", "Copas 1.x: this one is later") end
  attached = true
  loops.attach(driver)
  wait.claim_others(find)
  return copas_loop
end

--- Take it off; tasks stand still until something else lets them go on.
function copas_loop.detach()
  if not loops.detach(driver) then return end
  wait.claim_others(nil)
  attached = false
end

return copas_loop
