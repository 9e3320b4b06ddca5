--- Who is told of a client's calls: the program's own function, and what is written of them.

local log = require "lualogue.observe.log"
local native = require "lualogue.native"
local reports = require "lualogue.task.reports"

---@class lualogue.Watcher
---@field fn? fun(event: lualogue.ClientEvent)
---@field with_body? boolean
---@field retry? fun(info: lualogue.RetryInfo): number|false|nil
---@field file? table where events are written, see observe/log.lua
---@field stderr? table likewise
---@field limiter? lualogue.Limiter
---@field model? string the client's, for counting
local watcher = {}
watcher.__index = watcher

local OURS = { "on_event", "on_event_body", "retry", "log", "limit" }

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
---@param where? string the function that was given them; "new"
---@return lualogue.Watcher?
function watcher.new(options, parent, always, where)
  local self = setmetatable({}, watcher)
  for name, value in next, parent or {} do self[name] = value end
  where = where or "new"
  read(self, options, where)
  if not always then
    local given = rawget(options, "log")
    if given ~= nil then self.file = given and log.of_option(given, where) or nil end
    self.stderr = log.of_environment()
    local limits = rawget(options, "limit")
    if limits then self.limiter = require("lualogue.limiter").new(limits, where) end
    if limits == false then self.limiter = nil end
  end
  for _, name in ipairs(OURS) do options[name] = nil end
  if type(options.model) == "string" then self.model = options.model end
  if always or self:listens() or self.retry or self.limiter then return self end
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
function watcher:listens()
  return (self.fn or self.file or self.stderr) ~= nil
end

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
  if self.file then self.file:write(event, self) end
  if self.stderr then pcall(self.stderr.write, self.stderr, event) end -- it may be closed
  local fn = self.fn
  if not fn then return end
  local ok, why = pcall(fn, event)
  if not ok then watcher.report(fn, "on_event", why) end
end

--- Warn of something. Where nobody listens it is said as what no call can say.
---@param message string
function watcher:warn(message)
  self:tell { type = "warning", at = native.core().now(), message = message }
  if not self.fn and not (self.stderr and self.stderr:tells()) then reports.say(message) end
end

return watcher
