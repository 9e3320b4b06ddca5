--- What an API would refuse in a list of messages: the rules, executable.

local arguments = require "lualogue.trim.arguments"
local shape = require "lualogue.trim.shape"

local check = {}

--- Why a list would be refused.
---@class lualogue.Refusal
---@field at integer which message; 0: the list itself
---@field why string

local SYSTEM = { system = true, developer = true }
-- What an assistant's message may consist of when it has no content.
local INSTEAD = { "function_call", "refusal", "audio" }

local function no(at, why) return nil, { at = at, why = why } end

local function has_content(message)
  local content = message.content
  return type(content) == "string" or type(content) == "table" and content[1] ~= nil
end

local function check_content(message, at)
  if message.role ~= "assistant" then
    if has_content(message) then return true end
    return no(at, ("a message of the %s without content"):format(message.role))
  end
  if has_content(message) and message.content ~= "" or shape.calls(message) then return true end
  for _, field in ipairs(INSTEAD) do
    if message[field] ~= nil then return true end
  end
  return no(at, "a message of the assistant that says nothing and calls nothing")
end

--- The calls of a message that wait for their answers, in order.
local function calls_of(message, at)
  local waiting, seen = {}, {}
  for _, call in ipairs(message.tool_calls) do
    local id = type(call) == "table" and call.id
    if type(id) ~= "string" then return no(at, "a call without an id") end
    if seen[id] then return no(at, ("the id '%s' is there twice"):format(id)) end
    seen[id] = true
    waiting[#waiting + 1] = id
  end
  return waiting
end

local Check = {}
Check.__index = Check

function Check:tool(message, at)
  for i, id in ipairs(self.waiting) do
    if id == message.tool_call_id then
      if self.strict and i > 1 then return no(at, "an answer before that of an earlier call") end
      table.remove(self.waiting, i)
      return true
    end
  end
  return no(at, ("an answer to no call before it: '%s'"):format(tostring(message.tool_call_id)))
end

function Check:strictly(message, at)
  local role = message.role
  if SYSTEM[role] then
    if at > 1 then return no(at, "a second system message, or one that is not the first") end
    return true
  end
  if not self.last and role ~= "user" then return no(at, "the first one is not the user's") end
  if role == self.last and role ~= "tool" then
    return no(at, ("two messages of the %s, one behind the other"):format(role))
  end
  for _, call in ipairs(shape.calls(message) and message.tool_calls or {}) do
    local f = call["function"]
    if type(f) == "table" and not arguments.is_object(f.arguments) then
      return no(at, "arguments that are no JSON object")
    end
  end
  self.last = role
  return true
end

function Check:message(message, at)
  if type(message) ~= "table" then return no(at, "no message, but a " .. type(message)) end
  if type(message.role) ~= "string" then return no(at, "a message without a role") end
  local ok, refusal = check_content(message, at)
  if not ok then return nil, refusal end
  if message.role == "tool" then
    ok, refusal = self:tool(message, at)
  elseif self.waiting[1] then
    return no(self.called_at, ("the call '%s' has no answer"):format(self.waiting[1]))
  end
  if not ok then return nil, refusal end
  if message.role == "assistant" and message.tool_calls ~= nil then
    if not shape.calls(message) then return no(at, "an empty list of calls") end
    self.waiting, refusal = calls_of(message, at)
    self.called_at = at
    if not self.waiting then return nil, refusal end
  end
  if self.strict then return self:strictly(message, at) end
  return true
end

--- See `lualogue.trim.check`.
---@param messages lualogue.Message[]
---@param options { strict?: boolean, live?: boolean }
---@return true? ok
---@return lualogue.Refusal? refusal
function check.run(messages, options)
  local state = setmetatable({
    waiting = {}, strict = options.strict, called_at = 0, last = nil,
  }, Check)
  if messages[1] == nil then return no(0, "no message at all") end
  for at, message in ipairs(messages) do
    local ok, refusal = state:message(message, at)
    if not ok then return nil, refusal end
  end
  if state.waiting[1] and not options.live then
    return no(state.called_at, ("the call '%s' has no answer"):format(state.waiting[1]))
  end
  return true
end

return check
