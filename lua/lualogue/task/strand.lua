--- The life of a task: begun, waiting, cancelled, over; its children end with it.
---
--- Beneath a loop of coroutines (cqueues, nginx, copas) it is one of that loop's coroutines, else
--- one of ours, which the scheduler resumes.

local cancel_each = require "lualogue.task.cancel_each"
local errors = require "lualogue.errors"
local faults = require "lualogue.task.faults"
local native = require "lualogue.native"
local reports = require "lualogue.task.reports"
local scheduler = require "lualogue.task.scheduler"
local wait = require "lualogue.wait"
local yieldable = require "lualogue.task.yieldable"

local PARKED, GIVE_UP = scheduler.PARKED, {}
local WEAK = { __mode = "k" }
local MAX_REFUSED = 100 -- waits of a task that was cancelled and goes on

---@class lualogue.Strand
---@field number integer
---@field fn function
---@field co? thread
---@field host? table the loop on which it runs, see task/loops.lua
---@field parent? lualogue.Strand
---@field group? table told of its end
---@field of_group? boolean the group began it, and sees to its errors
---@field state "new"|"running"|"ending"|"done"|"failed"|"cancelled"
---@field over boolean
---@field cancelled? lualogue.Error why, from the moment of the cancel on
---@field waits_for? lualogue.Strand
local strand = { state = "new", over = false, awake = false } -- what a new one need not hold
strand.__index = strand

local roots = {} -- those without a parent, while they live

local close = rawget(coroutine, "close") -- 5.4: what is to be closed there is
local pack = table.pack or function(...) return { n = select("#", ...), ... } end
local unpack = rawget(_G, "unpack") or table.unpack

--- A task that begins with its turn.
---@param fn function
---@param ... any its arguments
---@return lualogue.Strand
function strand.new(fn, ...)
  local parent = strand.running()
  if parent and parent.over then parent = nil end
  local self = setmetatable({
    number = scheduler.number(), fn = fn, args = pack(...), parent = parent,
  }, strand)
  if parent then
    parent.children = parent.children or {}
    parent.children[self] = true
    if parent.cancelled then self.cancelled = parent.cancelled end
  end
  if not parent then roots[self] = true end
  scheduler.n_alive = scheduler.n_alive + 1
  if scheduler.driver and scheduler.driver.spawn then
    self:settle_on(scheduler.driver)
  else
    scheduler.wake(self)
  end
  return self
end

--- Run it, which has not begun, on a loop of coroutines.
---@param driver lualogue.LoopDriver
function strand:settle_on(driver)
  self.host, self.awake = driver, true
  driver.spawn(self)
end

--- Those that have not begun run on the loop that is attached now; the others stay what they are.
---@param driver lualogue.LoopDriver
function strand.settle_all_on(driver)
  for _, waiter in ipairs(scheduler.turns()) do
    if waiter.state == "new" and not waiter.host then waiter:settle_on(driver) end
  end
end

--- The task that runs, or in whose coroutines this is.
---@return lualogue.Strand?
function strand.running()
  local found = wait.current or wait.claimed()
  if getmetatable(found) == strand then return found end
end

-- ------------------------------------------------------------------ its end

local function finish(self)
  self.over, self.state = true, self.verdict
  scheduler.n_alive = scheduler.n_alive - 1
  roots[self] = nil
  local parent = self.parent
  self.parent, self.children, self.owned, self.args, self.fn, self.co = nil, nil, nil, nil, nil, nil
  scheduler.tell(self)
  if self.group then self.group:ended(self) end
  if parent then
    parent.children[self] = nil
    if parent.state == "ending" and not next(parent.children) then finish(parent) end
  end
end

--- From now on it does not end with the task that began it.
function strand:detach()
  local parent = self.parent
  if not parent then return end
  parent.children[self] = nil
  self.parent, roots[self] = nil, true
  if parent.state == "ending" and not next(parent.children) then finish(parent) end
end

--- It has come to its end; over it is once its children are.
local function come_to_end(self, verdict)
  if self.co then wait.claim(self.co, nil) end
  self.state, self.verdict = "ending", verdict
  if not self.children or not next(self.children) then return finish(self) end
  self.children[self] = true -- it does not finish while it cancels them
  cancel_each(self.children, self)
  self.children[self] = nil
  if not next(self.children) then finish(self) end
end

local function fail(self, err, traceback)
  if self.cancelled and rawequal(err, self.cancelled) then return come_to_end(self, "cancelled") end
  if not traceback then err, traceback = faults.explain(self.co, err) end
  self.err = err
  -- Where an error was only handed on, what counts is where it came from.
  local cause = self.cause
  if cause and rawequal(cause.err, err) then traceback = cause.traceback .. "\n" .. traceback end
  self.traceback = traceback
  if not self.of_group then reports.keep(self, err, traceback) end
  come_to_end(self, "failed")
end

--- It did what no task may do: what is left of it never runs again.
local function abandon(self, why)
  local co = self.co
  why = faults.at(co, why)
  local traceback = faults.trace(co, why)
  if close then close(co) end
  self.cancelled = nil
  fail(self, why, traceback)
end

local function settle(self, ok, first, ...)
  if ok and first == PARKED then return end
  if coroutine.status(self.co) ~= "dead" then
    abandon(self, first == GIVE_UP and faults.STUBBORN or faults.FOREIGN)
  elseif ok then
    self.values = pack(first, ...)
    come_to_end(self, "done")
  else
    fail(self, first)
  end
end

-- ------------------------------------------------------------------ its run

--- Its turn, for the scheduler.
function strand:go()
  if self.over or self.host then return end
  local before, co, args = wait.current, self.co, self.args
  if co then
    wait.current = self
    settle(self, coroutine.resume(co))
  elseif self.cancelled then
    come_to_end(self, "cancelled")
  else
    co = coroutine.create(self.fn)
    self.co, self.args, self.state = co, nil, "running"
    wait.claim(co, self)
    wait.current = self
    settle(self, coroutine.resume(co, unpack(args, 1, args.n)))
  end
  wait.current = before
end

--- Its whole run on a loop of coroutines, which calls this in one of its own.
function strand:main()
  if self.over then return end
  if self.cancelled then return come_to_end(self, "cancelled") end
  local fn, args = self.fn, self.args
  self.args, self.state = nil, "running"
  local values, traceback = yieldable.call(function(co)
    self.co = co
    wait.claim(co, self)
  end, fn, args)
  if values[1] then
    self.values = pack(unpack(values, 2, values.n))
    come_to_end(self, "done")
  else
    fail(self, values[2], traceback or tostring(values[2]))
  end
end

--- Every wait of a task that was cancelled raises.
local function refuse(self)
  self.n_refused = (self.n_refused or 0) + 1
  if self.n_refused > MAX_REFUSED then
    -- Not ours to end there, but it shall not stand in everybody's way.
    if not self.host then coroutine.yield(GIVE_UP) end
    scheduler.park(self, native.core().now() + 1)
  end
  error(self.cancelled, 0)
end

--- See `wait.news`.
---@param until_s? number
---@param handle? table|userdata
---@return boolean undisturbed
function strand:news(until_s, handle)
  local can = yieldable.here()
  if self.cancelled then refuse(self) end
  if not can then return wait.block(until_s, handle) end
  scheduler.park(self, until_s, handle)
  if self.cancelled then refuse(self) end
  return true
end

--- See `wait.own`.
---@param handle userdata
function strand:own(handle)
  local owned = self.owned or setmetatable({}, WEAK)
  self.owned = owned
  owned[handle] = true
end

-- ------------------------------------------------------------------ seen from outside

--- What it waits for, and has opened, ends now; it raises where it waits. Its children likewise.
function strand:cancel()
  if self.over or self.cancelled then return end
  self.cancelled = native.core().error { kind = "cancelled", message = "the task was cancelled" }
  for handle in pairs(self.owned or {}) do
    if handle.close then handle:close() else handle:cancel() end
  end
  cancel_each(self.children or {})
  if self.state == "new" and not self.host then come_to_end(self, "cancelled") end
  if self.state == "running" then scheduler.wake(self) end
end

--- To be told of its end by number, as the core's handles are.
function strand:arm()
  if self.over then scheduler.tell(self) end
end

--- Cancel all tasks that there are.
function strand.cancel_all()
  cancel_each(roots)
end

local function is_over(self) return self.over end

--- Wait for its end where there is nobody to yield to.
---@return boolean undisturbed
function strand:block() return scheduler.drive(is_over, self) end

--- Wait for its end; Ctrl-C cancels it.
function strand:await()
  local waiter = strand.running()
  local at = self
  while at do
    if at == waiter then
      native.core().raise("a task cannot wait for itself, nor for one that waits for it")
    end
    at = at.waits_for
  end
  if waiter then waiter.waits_for = self end
  while not self.over do if not wait.news(math.huge, self) then self:cancel() end end
  if waiter then waiter.waits_for = nil end
end

--- What came of it: the values, or `nil, err` for what the world did; what is a fault of the
--- program is raised again.
---@return any ...
function strand:deliver()
  reports.forget(self)
  if self.state == "done" then return unpack(self.values, 1, self.values.n) end
  if self.state == "cancelled" then return nil, self.cancelled end
  if errors.is(self.err) then return nil, self.err end
  local waiter = strand.running()
  if waiter then waiter.cause = { err = self.err, traceback = self.traceback } end
  error(self.err, 0)
end

return strand
