--- The core's handles, watched: each looks what has happened before it says what is there.

local call = require "lualogue.observe.call"

local handles = {}

--- A class of handles with these methods of its own; the others are the core's.
local function class(own, passed)
  for _, name in ipairs(passed) do
    own[name] = function(self, ...) return self.handle[name](self.handle, ...) end
  end
  return {
    __index = own,
    __close = own.close or own.cancel,
    __tostring = function(self) return tostring(self.handle) end,
  }
end

local function new(metatable, who, handle, is_stream, turn)
  return setmetatable({ handle = handle, call = call.new(who, handle, is_stream, turn) }, metatable)
end

--- When who waits for it shall look again, whether or not there is news; nil: then alone.
local function look_again(self)
  local progress = self.call.progress
  return progress and not self.call.over and progress.due or nil
end

-- ------------------------------------------------------------------ plain answers

local exchange = { look_again = look_again }

--- What a reply says of itself.
local function facts_of(reply)
  if type(reply) ~= "table" then return nil end
  local choice = type(reply.choices) == "table" and reply.choices[1]
  return {
    usage = reply.usage, model = reply.model,
    finish_reason = type(choice) == "table" and choice.finish_reason or nil,
  }
end

function exchange:result()
  self.call:look()
  local reply, err = self.handle:result()
  if reply ~= false then self.call:finish(err, facts_of(reply)) end
  return reply, err
end

function exchange:cancel()
  self.handle:cancel()
  self:result()
end

local exchanges = class(exchange, { "arm", "meta" })

---@param who lualogue.Watcher
---@param handle any
---@param turn? lualogue.LimiterTurn
---@return lualogue.core.Exchange
function handles.exchange(who, handle, turn) return new(exchanges, who, handle, false, turn) end

-- ------------------------------------------------------------------ streams

--- What both kinds of them have.
local function opened(self)
  self.call:look()
  local value, err = self.handle:opened()
  if value == nil then
    self.call:finish(err)
  elseif value then
    self.call:look() -- its head may have come between the two
  end
  return value, err
end

--- Who closes a stream wants no more of it: that is no failure.
local function close(self)
  self.handle:close()
  if self.call.over then return end
  local value, err = self.handle:next()
  if value == nil and err and err.kind ~= "cancelled" then return self.call:finish(err) end
  self.call:finish(nil, { verdict = err and "closed" or "complete", usage = self.usage })
end

local stream = { opened = opened, close = close }

--- Its reader has its last word, and what had come until then.
function stream:told(err, facts) self.call:finish(err, facts) end

local streams = class(stream, {
  "next", "next_text", "texts", "keep_text", "has_text", "take_text", "arm", "meta", "attach",
})

---@param who lualogue.Watcher
---@param handle any
---@param turn? lualogue.LimiterTurn
---@return lualogue.core.Stream
function handles.stream(who, handle, turn) return new(streams, who, handle, true, turn) end

local event = { opened = opened, close = close, look_again = look_again }

function event:next()
  local value, err = self.handle:next()
  local data = type(value) == "table" and value.data
  if type(data) == "table" then
    local inner = type(data.response) == "table" and data.response or data
    self.usage = type(inner.usage) == "table" and inner.usage or self.usage
  end
  if value == nil then self.call:finish(err, { usage = self.usage }) end
  return value, err
end

local events = class(event, { "arm", "meta", "attach" })

---@param who lualogue.Watcher
---@param handle any
---@param turn? lualogue.LimiterTurn
---@return lualogue.core.Events
function handles.events(who, handle, turn) return new(events, who, handle, true, turn) end

-- ------------------------------------------------------------------ what was never sent

--- A handle, of whichever kind, of a call that failed before it began.
---@param err lualogue.Error
---@return any
function handles.failed(err)
  local function verdict() return nil, err end
  local function nothing() end
  return { result = verdict, opened = verdict, cancel = nothing, close = nothing }
end

return handles
