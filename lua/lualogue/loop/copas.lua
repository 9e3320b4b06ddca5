--- Tasks on Copas (1.x, as Debian has it), and Copas' own threads: both wait as that loop does.
---
---     require("lualogue.loop.copas").attach()
---     copas.addthread(function() print(client:chat { messages = messages }.text) end)
---     copas.loop()
---
--- Copas has no timers of its own use: the core's descriptor is readable when something is due.

local coroutines = require "lualogue.task.coroutines"
local loops = require "lualogue.task.loops"
local native = require "lualogue.native"

---@class lualogue.loop.copas
local copas_loop = {}

local copas -- loaded by attach
local attached = false
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

local own = { name = "copas" }

function own.begin(drive)
  copas.addthread(function()
    drive()
    native.core().alarm(nil)
  end)
end

function own.rest(due)
  native.core().alarm(due)
  copas.receive(watched)
end

function own.nudge() native.core().alarm(0) end

--- Begin and resume what was woken, from the driver's thread: never within somebody else's turn.
function own.after()
  local list, n = woken, n_woken
  woken, n_woken = {}, 0
  for i = 1, n do copas.addthread(list[i]) end
end

function own.more() return n_woken > 0 end

local driver

function own.spawn(what)
  n_woken = n_woken + 1
  woken[n_woken] = what
  driver.kick()
end

function own.stand(waiter) coroutine.yield(waiter, parking) end

function own.unpark(waiter)
  local co = parked[waiter]
  parked[waiter] = nil
  if co then own.spawn(co) end
end

--- Whether a coroutine is one of the loop's: any that is not a task's, since Copas does not tell.
---@param co thread
---@return boolean
function copas_loop.owns(co) return attached and co == coroutine.running() end

own.owns = copas_loop.owns
driver = coroutines.driver(own)

--- Let the loop run the tasks, those that there are too. Raises while another loop is attached.
---@return lualogue.loop.copas
function copas_loop.attach()
  copas = copas or require "copas"
  if copas.sleep then loops.missing("copas", "Copas 1.x: this one is later") end
  attached = true
  coroutines.attach(driver)
  return copas_loop
end

--- Take it off; tasks stand still until something else lets them go on.
function copas_loop.detach() attached = not coroutines.detach(driver) and attached end

return copas_loop
