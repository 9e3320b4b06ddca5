--- Who waits for what, and whose turn it is. It knows waiters: tables with `number`, and either
--- `go`, which lets them go on, or `host`, the loop on which they wait. What they are is said in
--- task/strand.lua and in the loops.

local deadlines = require "lualogue.task.deadlines"
local native = require "lualogue.native"
local reports = require "lualogue.task.reports"
local wait = require "lualogue.wait"

---@class lualogue.Scheduler
---@field driver? table the loop that is attached, see task/loops.lua
---@field n_alive integer tasks that have not ended
local scheduler = { n_alive = 0 }

--- What a waiter of ours yields, and nobody else.
local PARKED = {}
scheduler.PARKED = PARKED

--- How long tasks may run before the host gets its turn, in seconds.
scheduler.SLICE = 0.004
local TOO_LONG = 1

local queue, head, tail = {}, 1, 0 -- whose turn it is
local timers = {}
local armed = {} -- number -> who waits under it
local holders = {} -- what is waited for -> who does so, linked by `next`
local last_number = 0
local in_turn = false -- the driver looks when a turn is over, and need not be told before

--- Something is due that the attached loop does not know of.
function scheduler.kick()
  local driver = scheduler.driver
  if driver and not in_turn then driver.kick() end
end
local kick = scheduler.kick

--- A number for a waiter, never given again.
---@return integer
function scheduler.number()
  last_number = last_number + 1
  return last_number
end

--- It is this waiter's turn, unless it is so already or it does not wait.
---@param waiter table
function scheduler.wake(waiter)
  if waiter.awake then return end
  waiter.awake = true
  if waiter.host then return waiter.host.unpark(waiter) end
  tail = tail + 1
  queue[tail] = waiter
  kick()
end
local wake = scheduler.wake

--- There is news of something that is waited for.
---@param handle table|userdata
function scheduler.tell(handle)
  local waiter = holders[handle]
  holders[handle] = nil
  while waiter do
    local following = waiter.next
    armed[waiter.number], waiter.handle, waiter.next = nil, nil, nil
    wake(waiter)
    waiter = following
  end
end

local function hold(waiter, handle)
  waiter.handle, waiter.next = handle, holders[handle]
  holders[handle] = waiter
  armed[waiter.number] = waiter
  handle:arm(waiter.number)
end

--- The waiter leaves before there is news; another one may wait for the same.
local function let_go(waiter)
  local handle = waiter.handle
  local first = holders[handle]
  if first == waiter then
    first = waiter.next
    holders[handle] = first
    if first then handle:arm(first.number) end
  else
    local at = first
    while at.next ~= waiter do at = at.next end
    at.next = waiter.next
  end
  armed[waiter.number], waiter.handle, waiter.next = nil, nil, nil
end

--- Let this waiter, which runs, wait for news of the handle, until a time, until it is woken.
---@param waiter table
---@param until_s? number math.huge: no such time
---@param handle? table|userdata
function scheduler.park(waiter, until_s, handle)
  waiter.awake = false
  if handle then hold(waiter, handle) end
  if until_s and until_s < math.huge then deadlines.add(timers, waiter, until_s) end
  if not until_s and not handle then wake(waiter) end
  if waiter.host then
    waiter.host.park(waiter)
    wait.slice_end = native.core().now() + scheduler.SLICE
  else
    coroutine.yield(PARKED)
  end
  waiter.awake = true
  if waiter.handle then let_go(waiter) end
  if waiter.place then deadlines.remove(timers, waiter) end
end

local ready = {}

--- Wake those of whom the core has news, and those whose time has come.
local function look(core)
  local n = core.ready(ready)
  for i = 1, n do
    local waiter = armed[ready[i]]
    if waiter then scheduler.tell(waiter.handle) end
  end
  local first = timers[1]
  if not first then return end
  local now = core.now()
  while first and first.at <= now do
    deadlines.remove(timers, first)
    wake(first)
    first = timers[1]
  end
end

--- The core's part of a turn: nothing of the user runs.
---@param timeout_ms? number as for `core.step`
---@param budget_ms? number
function scheduler.advance(timeout_ms, budget_ms)
  local core, before = native.core(), in_turn
  in_turn = true
  core.step(timeout_ms, budget_ms)
  look(core)
  in_turn = before
  if reports.waiting() then reports.look() end
end

local function too_long(waiter, fn, seconds)
  if waiter.warned then return end
  waiter.warned = true
  local info = debug and debug.getinfo(fn, "S") or {}
  reports.say(("a task held its host up for %.1f s: between two waits it has to be quick"
    .. " (lualogue.sleep(0) gives the others a turn); it is the function at %s:%s"):format(
    seconds, info.short_src or "?", info.linedefined or "?"))
end

--- Let those go on whose turn it is, for no longer than a slice; whose turn comes meanwhile waits
--- for the next time.
---@param slice_s? number of a frame
function scheduler.resume(slice_s)
  if head > tail then return end
  local now, before, last = native.core().now, wait.slice_end, tail
  local begun = now()
  local stop = begun + (slice_s or scheduler.SLICE)
  while head <= last and head <= tail do
    local waiter = queue[head]
    queue[head] = nil
    head = head + 1
    wait.slice_end = stop
    local fn = waiter.fn -- gone when it has ended
    waiter:go()
    local at = now()
    local has_host = scheduler.driver or slice_s
    if at - begun > TOO_LONG and has_host and fn then too_long(waiter, fn, at - begun) end
    if at >= stop then break end
    begun = at
  end
  wait.slice_end = before
  if head > tail then head, tail = 1, 0 end
end

--- Each whose turn it is.
---@return table[]
function scheduler.turns()
  local list = {}
  for i = head, tail do list[#list + 1] = queue[i] end
  return list
end

--- Whether somebody's turn has come.
---@return boolean
function scheduler.has_turns() return head <= tail end

--- When there is something to do whatever the core's descriptor says, in milliseconds; nil: never.
---@param turns_are_seen_to? boolean those whose turn it is do not count
---@return number?
function scheduler.due(turns_are_seen_to)
  if head <= tail and not turns_are_seen_to then return 0 end
  local core = native.core()
  local due, first = core.due(), timers[1]
  if first then
    local ms = math.max(0, math.ceil((first.at - core.now()) * 1000 - 1e-3))
    if not due or ms < due then due = ms end
  end
  local report = reports.waiting() and reports.INTERVAL_MS
  if report and not (due and due < report) then due = report end
  return due
end

--- Take turns, blocking, until `done(what)`, which is asked again at the latest when `what.look_at`
--- says. False after Ctrl-C; raises where nothing is left that could make it so.
---@param done fun(what: any): boolean
---@param what? table
---@return boolean undisturbed
function scheduler.drive(done, what)
  local core = native.core()
  while not done(what) do
    local due, look_at = scheduler.due(), what and what.look_at
    local ms = look_at and math.max(0, math.ceil((look_at - core.now()) * 1000 - 1e-3))
    if ms and not (due and due < ms) then due = ms end
    if not due and core.active() == 0 then
      core.raise("nothing is under way that this could wait for")
    end
    scheduler.advance(due)
    if wait.interrupted() then return false end
    scheduler.resume()
  end
  kick()
  return true
end

--- What a frame has time for: steps and turns as long as one is due and the budget lasts.
---@param budget_ms number
function scheduler.frame(budget_ms)
  local core = native.core()
  local stop = core.now() + budget_ms / 1000
  local left = budget_ms
  repeat
    scheduler.advance(0, left)
    left = (stop - core.now()) * 1000
    scheduler.resume(math.max(0, left) / 1000)
    left = (stop - core.now()) * 1000
  until left <= 0 or scheduler.due() ~= 0
end

wait.on_block(kick)

return scheduler
