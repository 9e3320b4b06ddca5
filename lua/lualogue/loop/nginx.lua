--- Tasks in nginx (its Lua module, OpenResty), and the coroutines of its requests: both wait as
--- nginx does, and its other requests go on.
---
---     init_worker_by_lua_block { require("lualogue.loop.nginx").attach() }
---
--- nginx lets Lua watch no descriptor: one timer looks every millisecond, while there is something
--- to do.

local coroutines = require "lualogue.task.coroutines"
local loops = require "lualogue.task.loops"

---@class lualogue.loop.nginx
local nginx = {}

local ngx = rawget(_G, "ngx")
local LOOK_S = 0.001 -- how often it looks
local PARK_S = 60 -- a semaphore wants a time

-- Where a coroutine may wait.
local PHASES = {
  rewrite = true, access = true, content = true, timer = true, ssl_cert = true,
  ssl_session_fetch = true, preread = true, server_rewrite = true, balancer = false,
}

local semaphore
local kicked -- a semaphore: something has begun

local own = { name = "nginx" }

-- At its end nginx calls timers early: `give_up`.
function own.begin(drive) assert(ngx.timer.at(0, drive)) end

function own.spawn(fn) ngx.thread.spawn(fn) end

-- Not `sleep(0)`: its timers, and other requests, are looked at between two sleeps only.
function own.rest(due)
  if due == 0 then ngx.sleep(LOOK_S) else kicked:wait(LOOK_S) end
end

function own.nudge()
  if kicked:count() < 1 then kicked:post(1) end
end

--- The record is data: nginx uses the memory of a thread that it killed again.
function own.stand(waiter)
  waiter.semaphore = waiter.semaphore or semaphore.new(0)
  waiter.semaphore:wait(PARK_S)
end

function own.unpark(waiter)
  if waiter.semaphore then waiter.semaphore:post(1) end
end

--- Whether the running coroutine may wait as nginx does.
---@param co thread
---@return boolean
function nginx.owns(co)
  return co == coroutine.running() and PHASES[ngx.get_phase()] == true
end

own.owns = nginx.owns
local driver = coroutines.driver(own)

--- Let nginx run the tasks, in this worker. Raises while another loop is attached.
---@return lualogue.loop.nginx
function nginx.attach()
  if not ngx then loops.missing("nginx", "nginx around it") end
  semaphore = semaphore or require "ngx.semaphore"
  kicked = kicked or semaphore.new(0)
  coroutines.attach(driver)
  return nginx
end

--- Take it off; tasks stand still until something else lets them go on.
function nginx.detach() coroutines.detach(driver) end

return nginx
