--- Conversations in short: "S U1 C(a,b) Ra Rb A1 U2" is a list of messages, and a list is written
--- down in the same way, each message by the name it was given, whatever copy of it is meant by
--- the very same table only.
--
--     S system   D developer   U user   A assistant   C(a,b) a call of a and b   Ra the answer to a
--
-- Only in what is written down: `!a` an answer that was made up, `[a]` a placeholder, `~U` a message
-- that is not from the list. `U=40` costs 40 tokens.

local conversation = {}

local ROLES = { S = "system", D = "developer", U = "user", A = "assistant" }

local names = setmetatable({}, { __mode = "k" })
local costs = setmetatable({}, { __mode = "k" })

local function call(id)
  return { id = id, type = "function", ["function"] = { name = "tool_" .. id, arguments = "{}" } }
end

--- One message by its name.
---@param name string
---@param cost? number
---@return table message
function conversation.message(name, cost)
  local kind = name:sub(1, 1)
  local message
  if kind == "C" then
    message = { role = "assistant", tool_calls = {} }
    for id in name:match("%((.*)%)"):gmatch("[^,]+") do table.insert(message.tool_calls, call(id)) end
  elseif kind == "R" then
    local id = name:match("^R([^']*)")
    message = { role = "tool", tool_call_id = id, content = ("the long result of %s, %s"):format(id, name) }
  else
    message = { role = ROLES[kind] or name, content = "text of " .. name }
  end
  names[message], costs[message] = name, cost
  return message
end

--- A list of messages.
---@param text string
---@return table[] messages
function conversation.read(text)
  local list = {}
  for word in text:gmatch("%S+") do
    local name, cost = word:match("^(.-)=(%d+)$")
    list[#list + 1] = conversation.message(name or word, tonumber(cost))
  end
  return list
end

--- Give a message a name.
---@param name string
---@param message table
---@return table message
function conversation.name(name, message)
  names[message] = name
  return message
end

local LETTERS = { system = "S", developer = "D", user = "U", assistant = "A", tool = "R" }

local function shown(message)
  if names[message] then return names[message] end
  local id = message.tool_call_id
  if message.role == "tool" and message.content == "[result removed]" then return "[" .. id .. "]" end
  if message.role == "tool" and message.content:find("^%[interrupted") then return "!" .. id end
  return "~" .. (LETTERS[message.role] or message.role)
end

--- What a list is called.
---@param list table[]
---@return string
function conversation.show(list)
  local words = {}
  for i, message in ipairs(list) do words[i] = shown(message) end
  return table.concat(words, " ")
end

--- What a message costs: what stands behind its name, `placeholder` for what was made up, else 10.
---@param placeholder? number
---@return fun(message: table): number
function conversation.cost(placeholder)
  return function(message)
    if costs[message] then return costs[message] end
    return not names[message] and placeholder or 10
  end
end

--- A copy of everything, to compare with later.
---@param value any
---@return any
function conversation.copy(value)
  if type(value) ~= "table" then return value end
  local result = {}
  for key, inner in pairs(value) do result[key] = conversation.copy(inner) end
  return result
end

return conversation
