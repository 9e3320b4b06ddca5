--- Prompts of a lab: a text, system and user, messages, or a function of the row.

local template = require "lualogue.template"

local prompts = {}

local PARTS = { system = true, developer = true, user = true }
local FIELDS = { name = true, messages = true, params = true }

---@class lualogue.lab.Prompt
---@field name string
---@field source any as it was given, for whoever asks what changed; "function" for one
---@field names string[] of its variables
---@field params? table for its requests only
---@field messages? table[]
---@field make? fun(row: table): any

--- Messages of the short form.
local function short(given)
  local messages = {}
  for _, role in ipairs { "system", "developer", "user" } do
    local text = given[role]
    if text ~= nil then messages[#messages + 1] = { role = role, content = text } end
  end
  return messages
end

--- The list of messages that a value stands for; nil and what is wrong with it.
local function messages_of(given)
  if type(given) == "string" then return { { role = "user", content = given } } end
  if type(given) ~= "table" then return nil, "a text or messages expected, got " .. type(given) end
  local list = given[1] ~= nil and given or given.messages
  if list == nil then
    for key in next, given do
      if not PARTS[key] and not FIELDS[key] then
        return nil, ("unknown field '%s'"):format(tostring(key))
      end
    end
    list = short(given)
  end
  if type(list) ~= "table" or #list == 0 then return nil, "it has no messages" end
  for i, message in ipairs(list) do
    if type(message) ~= "table" or type(message.role) ~= "string" then
      return nil, ("messages[%d] has no role"):format(i)
    end
  end
  return list
end

--- A copy of a message's content with every text of it through a function.
local function each_text(value, key, change)
  if type(value) == "string" then
    return (key == "content" or key == "text") and change(value) or value
  elseif type(value) ~= "table" then
    return value
  end
  local copy = {}
  for inner_key, inner in next, value do
    copy[inner_key] = each_text(inner, inner_key, change)
  end
  return setmetatable(copy, getmetatable(value))
end

--- A prompt of a lab file.
---@param name string
---@param given any
---@return lualogue.lab.Prompt? prompt
---@return string? why
---@return string[]? warnings
function prompts.of(name, given)
  local params = type(given) == "table" and given[1] == nil and given.params or nil
  if params ~= nil and type(params) ~= "table" then return nil, "params: a table expected" end
  if type(given) == "function" then
    return { name = name, source = "function", names = {}, make = given }
  end
  local messages, why = messages_of(given)
  if not messages then return nil, why end
  local names, known, warnings = {}, {}, {}
  each_text(messages, nil, function(text)
    for _, variable in ipairs(template.names(text)) do
      if not known[variable] then names[#names + 1] = variable end
      known[variable] = true
    end
    local _, mistake = template.fill(text, setmetatable({}, { __index = function() return "" end }))
    if mistake then warnings[#warnings + 1] = mistake end
    return text
  end)
  local source = type(given) == "string" and given or messages
  return { name = name, source = source, names = names, params = params, messages = messages },
    nil, warnings
end

--- The messages for a row.
---@param prompt lualogue.lab.Prompt
---@param row table
---@return table[]? messages
---@return string? why
function prompts.messages(prompt, row)
  if prompt.make then
    local ok, made, why = pcall(prompt.make, row)
    if not ok then return nil, tostring(made) end
    if made == nil then
      return nil, "the function gave nothing" .. (why and ": " .. tostring(why) or "")
    end
    return messages_of(made)
  end
  local missing
  local messages = each_text(prompt.messages, nil, function(text)
    local filled, name = template.fill(text, row)
    if not filled then missing = missing or name end
    return filled or text
  end)
  if missing then return nil, ("${%s} is missing"):format(missing) end
  return messages
end

return prompts
