--- Which loop lets the tasks go on. One at a time: a second one would take the other's events.

local misuse = require "lualogue.misuse"
local native = require "lualogue.native"
local reports = require "lualogue.task.reports"
local scheduler = require "lualogue.task.scheduler"
local strand = require "lualogue.task.strand"

local loops = {}

--- What a loop is for the scheduler. `kick` is called when something has become due outside of a
--- turn of the loop's own. A loop of coroutines has the other three as well: tasks then are
--- coroutines of the loop, and whoever else runs there waits as it does.
---@class lualogue.LoopDriver
---@field name string
---@field kick fun()
---@field spawn? fun(strand: lualogue.Strand) run `strand:main()` in a new coroutine of the loop
---@field park? fun(waiter: table) let the running coroutine stand still until `unpark`, which may
---have come already
---@field unpark? fun(waiter: table)

local n_attached = 0

--- Attach a loop; the same one may be attached again, and is detached as often. Raises while
--- another one is.
---@param driver lualogue.LoopDriver
function loops.attach(driver)
  native.core()
  local other = scheduler.driver
  if other and other ~= driver then
    misuse.raise(("cannot attach lualogue.loop.%s: lualogue.loop.%s is attached, and one loop lets"
      .. " all tasks of a process go on (detach it first)"):format(driver.name, other.name))
  end
  scheduler.driver = driver
  n_attached = n_attached + 1
  if driver.spawn then strand.settle_all_on(driver) end
  driver.kick() -- there may be tasks already
end

--- Take a loop off; true if nobody has it attached any more.
---@param driver lualogue.LoopDriver
---@return boolean
function loops.detach(driver)
  if scheduler.driver ~= driver then return false end
  n_attached = n_attached - 1
  if n_attached > 0 then return false end
  scheduler.driver = nil
  return true
end

--- Whether a loop has to be kept going: there are tasks, or something to be told of one.
---@return boolean
function loops.busy() return scheduler.n_alive > 0 or reports.waiting() end

--- The same for a loop of coroutines, on which others than tasks wait as well: what they asked for
--- is under way, or their time is to come.
---@return boolean
function loops.wanted()
  return loops.busy() or native.core().active() > 0 or scheduler.due() ~= nil
end

--- Raise since a loop cannot be attached.
---@param name string
---@param what string
function loops.missing(name, what)
  misuse.raise(("cannot attach lualogue.loop.%s: it needs %s"):format(name, what))
end

return loops
