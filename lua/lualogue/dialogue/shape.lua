--- What can be said of a message by the one before it, while a branch grows.

local shape = {}

local ANSWER = { assistant = true, tool = true, ["function"] = true }

--- Whether a turn begins with a message.
---@param message lualogue.Message
---@param before lualogue.Message
---@return boolean
function shape.begins(message, before)
  return not ANSWER[message.role] and ANSWER[before.role] == true
end

--- Whether a message continues a turn.
---@param message lualogue.Message
---@return boolean
function shape.is_answer(message) return ANSWER[message.role] == true end

--- Whether an assistant's message says and calls nothing: no server takes it back.
local function is_idle(message)
  local content = message.content
  local empty = content == nil or content == "" or type(content) == "userdata"
    or type(content) == "table" and content[1] == nil
  return empty and message.function_call == nil and message.refusal == nil and message.audio == nil
end

local function calls_of(message)
  local ids, seen = {}, {}
  for _, call in ipairs(message.tool_calls) do
    local id = type(call) == "table" and call.id
    if type(id) ~= "string" or seen[id] then return nil end
    seen[id] = true
    ids[#ids + 1] = id
  end
  return ids
end

--- What is open behind a message, given what was open before it, and whether the branch is no
--- longer one that can be sent as it is.
---@param open string[]? calls that wait for their answers, in order
---@param unsound boolean?
---@param message lualogue.Message
---@return string[]? open
---@return boolean? unsound
function shape.after(open, unsound, message)
  if message.role == "tool" then
    -- Answers in the order of their calls; anything else is for `trim.repair`.
    if not open or open[1] ~= message.tool_call_id then return open, true end
    local rest = {}
    for i = 2, #open do rest[#rest + 1] = open[i] end
    return rest[1] and rest or nil, unsound
  end
  if open then unsound = true end
  if message.role ~= "assistant" then return nil, unsound end
  local calls = message.tool_calls
  if type(calls) == "table" and calls[1] ~= nil then
    local ids = calls_of(message)
    return ids, unsound or ids == nil or nil
  end
  return nil, unsound or calls ~= nil or is_idle(message) or nil
end

return shape
