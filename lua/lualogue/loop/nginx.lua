--- Tasks in nginx (its Lua module, OpenResty), and the coroutines of its requests: both wait as
--- nginx does, and its other requests go on.
---
---     init_worker_by_lua_block { require("lualogue.loop.nginx").attach() }
---
--- nginx lets Lua watch no descriptor: one timer looks every millisecond, while there is something
--- to do.

local loops = require "lualogue.task.loops"
local native = require "lualogue.native"
local scheduler = require "lualogue.task.scheduler"
local wait = require "lualogue.wait"

---@class lualogue.loop.nginx
local nginx = {}

local ngx = rawget(_G, "ngx")
local SLICE_MS = scheduler.SLICE * 1000
local LOOK_S = 0.001 -- how often it looks
local PARK_S = 60 -- a semaphore wants a time

-- Where a coroutine may wait.
local PHASES = {
  rewrite = true, access = true, content = true, timer = true, ssl_cert = true,
  ssl_session_fetch = true, preread = true, server_rewrite = true, balancer = false,
}

local semaphore
local attached, running = false, false
local kicked -- a semaphore: something has begun

local driver = { name = "nginx" }

local function drive(premature)
  while not premature and attached and loops.wanted() do
    -- Not `sleep(0)`: its timers, and other requests, are looked at between two sleeps only.
    if scheduler.due() ~= 0 then kicked:wait(LOOK_S) else ngx.sleep(LOOK_S) end
    scheduler.advance(0, SLICE_MS)
    scheduler.resume()
    premature = ngx.worker.exiting() and not loops.wanted()
  end
  running = false
end

function driver.kick()
  if running then
    if kicked:count() < 1 then kicked:post(1) end
  elseif loops.wanted() then
    running = assert(ngx.timer.at(0, drive))
  end
end

function driver.spawn(strand)
  ngx.thread.spawn(function() strand:main() end)
  driver.kick()
end

--- The record is data: nginx uses the memory of a thread that it killed again.
function driver.park(waiter)
  driver.kick()
  waiter.semaphore = waiter.semaphore or semaphore.new(0)
  while not waiter.awake do waiter.semaphore:wait(PARK_S) end
end

function driver.unpark(waiter)
  if waiter.semaphore then waiter.semaphore:post(1) end
end

local guest = loops.guest(driver)

--- Whether the running coroutine may wait as nginx does.
---@param co thread
---@return boolean
function nginx.owns(co)
  return co == coroutine.running() and PHASES[ngx.get_phase()] == true
end

local function find(co) return nginx.owns(co) and guest or nil end

--- Let nginx run the tasks, in this worker. Raises while another loop is attached.
---@return lualogue.loop.nginx
function nginx.attach()
  if not ngx then loops.missing("nginx", "nginx around it") end
  native.core()
  semaphore = semaphore or require "ngx.semaphore"
  kicked = kicked or semaphore.new(0)
  attached = true
  loops.attach(driver)
  wait.claim_others(find)
  return nginx
end

--- Take it off; tasks stand still until something else lets them go on.
function nginx.detach()
  if not loops.detach(driver) then return end
  wait.claim_others(nil)
  attached = false
end

return nginx
