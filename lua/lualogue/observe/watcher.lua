--- Who is told of a client's calls: the program's own function, and what is written of them.

local native = require "lualogue.native"
local reports = require "lualogue.task.reports"

---@class lualogue.Watcher
---@field fn? fun(event: lualogue.ClientEvent)
---@field with_body? boolean
---@field retry? fun(info: lualogue.RetryInfo): number|false|nil
---@field logs? table[] what writes: tables with `write(self, event)`
local watcher = {}
watcher.__index = watcher

local function refuse(name, where, expected, value)
  native.core().raise(("bad argument '%s' to '%s' (%s expected, got %s)"):format(
    name, where, expected, type(value)))
end

--- An option of this type, `false` for none; nil where it is not given.
local function option(options, name, where, expected)
  local value = rawget(options, name)
  if value ~= nil and value ~= false and type(value) ~= expected then
    refuse(name, where, expected, value)
  end
  return value
end

--- What was given goes over what there was.
local function or_else(given, present)
  if given == nil then return present end
  return given or nil
end

local function read(self, options, where)
  self.fn = or_else(option(options, "on_event", where, "function"), self.fn)
  self.with_body = or_else(option(options, "on_event_body", where, "boolean"), self.with_body)
  self.retry = or_else(option(options, "retry", where, "function"), self.retry)
  return self
end

--- Take what is ours out of the options of a client; nil where nobody watches.
---@param options table changed in place
---@param parent? lualogue.Watcher
---@param always? boolean one that nobody is told by, for calls that say who is
---@return lualogue.Watcher?
function watcher.new(options, parent, always)
  local self = setmetatable({}, watcher)
  for name, value in next, parent or {} do self[name] = value end
  read(self, options, "new")
  for _, name in ipairs { "on_event", "on_event_body", "retry" } do options[name] = nil end
  if always or self.fn or self.retry then return self end
end

--- The same for one call, whose options go over the client's.
---@param options table
---@param where string
---@return lualogue.Watcher
function watcher:of_call(options, where)
  local copy = setmetatable({}, watcher)
  for name, value in next, self do copy[name] = value end
  return read(copy, options, where)
end

--- Whether anybody is told of what happens.
---@return boolean
function watcher:listens() return self.fn ~= nil or self.logs ~= nil end

local told_of = setmetatable({}, { __mode = "k" }) -- functions whose failure was reported

--- A function of the program's has failed: that is said once, and the call goes on.
---@param fn function
---@param name string
---@param why any
function watcher.report(fn, name, why)
  if told_of[fn] then return end
  told_of[fn] = true
  reports.say(("the function given as %s failed, and the call goes on without it: %s"):format(
    name, tostring(why)), why)
end

--- Tell of an event.
---@param event lualogue.ClientEvent
function watcher:tell(event)
  for _, log in ipairs(self.logs or {}) do log:write(event) end
  local fn = self.fn
  if not fn then return end
  local ok, why = pcall(fn, event)
  if not ok then watcher.report(fn, "on_event", why) end
end

--- Warn of something. Where nobody listens it is said as what no call can say.
---@param message string
function watcher:warn(message)
  if self.fn then
    self:tell { type = "warning", at = native.core().now(), message = message }
  else
    reports.say(message)
  end
end

return watcher
