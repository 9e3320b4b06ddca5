--- Tasks: functions that read as if they blocked, many at once, on whichever loop there is.

local group = require "lualogue.task.group"
local misuse = require "lualogue.misuse"
local native = require "lualogue.native"
local reports = require "lualogue.task.reports"
local scheduler = require "lualogue.task.scheduler"
local strand = require "lualogue.task.strand"
local wait = require "lualogue.wait"
local wrap = require "lualogue.task.wrap"

local task = {}

local STRAND = {} -- a key that no field can have

--- What `lualogue.task` gives. On Lua 5.4 a `<close>` variable cancels it.
---@class lualogue.Task
local methods = {}

local metatable = { __name = "lualogue.task", __index = methods }

local function strand_of(self, method)
  local found = getmetatable(self) == metatable and self[STRAND]
  if found then return found end
  local why = "bad argument 'self' to '%s' (call it with a colon: task:%s)"
  misuse.raise(why:format(method, method))
end

function metatable:__close() self[STRAND]:cancel() end

function metatable:__tostring()
  return ("lualogue.task (%s): %s"):format(self:status(), tostring(self[STRAND]):match("%S+$"))
end

--- Wait until it has ended, and get what its function returned. Where it failed by what the
--- world did, and where it was cancelled, that is `nil, err`; a fault of the program is raised
--- again. May be called by many, and again. Outside of a task it blocks, and the tasks go on.
---
--- ```lua
--- local task = lualogue.task(client.chat, client, { messages = messages })
--- local reply, err = task:wait()
--- ```
---@return any ...
function methods:wait()
  local inner = strand_of(self, "wait")
  if not inner.over then inner:await() end
  return inner:deliver()
end

--- End it: what it has opened is closed at once, and the wait in which it stands, and every
--- later one, raises an error of the kind `cancelled`, as do those of the tasks that it began.
--- Safe to call at any time and more than once.
function methods:cancel() strand_of(self, "cancel"):cancel() end

--- How it stands.
---@return "running"|"done"|"failed"|"cancelled"
function methods:status()
  local inner = strand_of(self, "status")
  return inner.over and inner.state or "running"
end

--- See `lualogue.task`.
---@param fn function
---@param ... any
---@return lualogue.Task
function task.start(fn, ...)
  misuse.check(fn, "function", "fn", "task")
  native.core()
  local inner = strand.new(fn, ...)
  local self = setmetatable({ [STRAND] = inner }, metatable)
  reports.face(inner, self)
  return self
end

--- The same for work that is not the caller's own: it does not end with the task that begins it.
---@param fn function
---@param ... any
---@return lualogue.Task
function task.detached(fn, ...)
  local self = task.start(fn, ...)
  self[STRAND]:detach()
  return self
end

--- See `lualogue.sleep`.
---@param seconds number
---@return true? slept
---@return lualogue.Error? err
function task.sleep(seconds)
  misuse.check(seconds, "number", "seconds", "sleep")
  if not (seconds >= 0 and seconds < math.huge) then
    misuse.raise("bad argument 'seconds' to 'sleep' (0 or more expected)")
  end
  local core = native.core()
  local until_s = core.now() + seconds
  repeat
    if not wait.news(until_s) then return group.interrupted() end
  until core.now() >= until_s
  return true
end

--- Raise where it is not the program's main part that asks for turns.
local function only_outside(name)
  if strand.running() then
    misuse.raise(("lualogue.%s was called in a task: a task waits with its own calls, such as"
      .. " lualogue.sleep and task:wait"):format(name))
  end
  local driver = scheduler.driver
  if driver and driver.name ~= "frame" then
    misuse.raise(("lualogue.%s was called while lualogue.loop.%s is attached: that loop runs the"
      .. " tasks (detach it first)"):format(name, driver.name))
  end
end

local function all_ended() return scheduler.n_alive == 0 end

--- See `lualogue.run`.
---@param fn? function
---@param ... any
---@return any ...
function task.run(fn, ...)
  only_outside "run"
  native.core()
  local main
  if fn ~= nil then
    misuse.check(fn, "function", "fn", "run")
    main = strand.new(fn, ...)
    main.of_group = true -- its errors are given to the caller
  end
  local undisturbed = scheduler.drive(all_ended)
  if not undisturbed then
    strand.cancel_all()
    scheduler.drive(all_ended)
  end
  reports.settle()
  if main then return main:deliver() end
  if not undisturbed then return group.interrupted() end
  return true
end

--- See `lualogue.step`.
---@param budget_ms? number
---@return integer n_tasks
function task.step(budget_ms)
  budget_ms = budget_ms == nil and 2 or budget_ms
  misuse.check(budget_ms, "number", "budget_ms", "step")
  if budget_ms < 0 or budget_ms ~= budget_ms then
    misuse.raise("bad argument 'budget_ms' to 'step' (milliseconds, 0 or more, expected)")
  end
  only_outside "step"
  scheduler.frame(budget_ms)
  return scheduler.n_alive
end

--- See `lualogue.on_error`.
---@param fn? fun(text: string, err: any)
function task.on_error(fn)
  if fn ~= nil then misuse.check(fn, "function", "fn", "on_error") end
  reports.to(fn)
end

-- ------------------------------------------------------------------ several

--- The strand of a member of `all` and `race`: a task that there is, or a function to begin.
local function join(together, key, member, where)
  if type(member) == "function" then
    together:begin(key, member)
  elseif getmetatable(member) == metatable then
    together:add(member[STRAND], key)
  else
    local why = "bad argument 'members' to '%s' (member %s: a function or a task expected, got %s)"
    misuse.raise(why:format(where, tostring(key), type(member)))
  end
end

local function check_members(members, where)
  misuse.check(members, "table", "members", where)
  for key, member in pairs(members) do
    if type(member) ~= "function" and getmetatable(member) ~= metatable then
      join(nil, key, member, where)
    end
  end
end

local function join_all(together, members, where)
  local listed = {}
  for key, member in ipairs(members) do -- in their order, where they have one
    listed[key] = true
    join(together, key, member, where)
  end
  for key, member in pairs(members) do
    if not listed[key] then join(together, key, member, where) end
  end
end

--- See `lualogue.all`.
---@param members table
---@return table? results
---@return any err
---@return any key
function task.all(members)
  check_members(members, "all")
  native.core()
  local results = {}
  local together = group.new(function(self, member, key)
    if group.failure(member) then
      self.decided, self.key = member, key
    else
      results[key] = member.values[1]
    end
  end)
  join_all(together, members, "all")
  local undisturbed = together:await()
  if not undisturbed then return group.interrupted() end
  if together.decided then return together:report(together.key) end
  return results
end

--- See `lualogue.race`.
---@param members table
---@return any ...
function task.race(members)
  check_members(members, "race")
  if next(members) == nil then
    misuse.raise "bad argument 'members' to 'race' (nobody to wait for)"
  end
  native.core()
  local together = group.new(function(self, member) self.decided = member end)
  join_all(together, members, "race")
  if not together:await() then return group.interrupted() end
  return together.decided:deliver()
end

--- See `lualogue.map`.
---@param list any[]
---@param fn fun(item: any, index: integer): any
---@param options? lualogue.MapOptions
---@return any[]? results
---@return any err
---@return integer? index
function task.map(list, fn, options)
  return require "lualogue.task.map"(list, fn, options)
end

--- See `lualogue.wrap`.
---@param fn function
---@return function
function task.wrap(fn)
  misuse.check(fn, "function", "fn", "wrap")
  return wrap.new(fn)
end

return task
