--- What belongs together in a list of messages. Everything is decided by looking at neighbours,
--- so that a long list can be read from its end, and only as far as it is sent.
---
--- The prefix is the leading run of system and developer messages. A unit is one message, or an
--- assistant's with tool calls and the answers behind it. A turn begins at the first message
--- that is neither the assistant's nor a tool's and stands behind one that is.

local shape = {}

local PREFIX = { system = true, developer = true }
local ANSWER = { assistant = true, tool = true, ["function"] = true }

--- How many messages the prefix has. What is put there and must stay there counts too.
---@param messages lualogue.Message[]
---@param head? table<lualogue.Message, boolean> further messages that belong to it
---@return integer
function shape.prefix(messages, head)
  local n = 0
  while messages[n + 1] and (PREFIX[messages[n + 1].role] or head and head[messages[n + 1]]) do
    n = n + 1
  end
  return n
end

--- Whether a message continues a turn.
---@param message lualogue.Message
---@return boolean
function shape.is_answer(message) return ANSWER[message.role] == true end

--- Whether a turn begins here: also what stands before the first turn, as turn 0.
---@param messages lualogue.Message[]
---@param i integer
---@param n_prefix integer
---@return boolean
function shape.begins(messages, i, n_prefix)
  if i == n_prefix + 1 then return true end
  return not ANSWER[messages[i].role] and ANSWER[messages[i - 1].role] == true
end

--- Where the turn begins that a message belongs to.
---@param messages lualogue.Message[]
---@param i integer behind the prefix
---@param n_prefix integer
---@return integer first
function shape.first_of(messages, i, n_prefix)
  while not shape.begins(messages, i, n_prefix) do i = i - 1 end
  return i
end

--- Where the turn ends that a message belongs to.
---@param messages lualogue.Message[]
---@param i integer behind the prefix
---@param n_prefix integer
---@return integer last
function shape.last_of(messages, i, n_prefix)
  while messages[i + 1] and not shape.begins(messages, i + 1, n_prefix) do i = i + 1 end
  return i
end

--- Whether a message calls tools.
---@param message lualogue.Message
---@return boolean
function shape.calls(message)
  return message.role == "assistant" and type(message.tool_calls) == "table"
    and message.tool_calls[1] ~= nil
end

local function ids_of(message)
  local ids = {}
  for _, call in ipairs(message.tool_calls) do
    if type(call) == "table" and call.id ~= nil then ids[call.id] = true end
  end
  return ids
end

--- Where the unit ends that begins here.
---@param messages lualogue.Message[]
---@param i integer
---@return integer last
function shape.unit_end(messages, i)
  local message = messages[i]
  local ids = shape.calls(message) and ids_of(message)
  local legacy = message.role == "assistant" and message.function_call ~= nil
  while messages[i + 1] do
    local next_one = messages[i + 1]
    local ours = ids and next_one.role == "tool" and ids[next_one.tool_call_id]
      or legacy and next_one.role == "function"
    if not ours then break end
    i = i + 1
  end
  return i
end

--- A part of a list, behind its prefix.
---@param messages lualogue.Message[]
---@param n_prefix integer
---@param first integer
---@return lualogue.Message[] list a new one
function shape.from(messages, n_prefix, first)
  local list = {}
  for i = 1, n_prefix do list[i] = messages[i] end
  for i = first, #messages do list[#list + 1] = messages[i] end
  return list
end

return shape
