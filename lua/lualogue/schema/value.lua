--- What values are to a schema. Any userdata is null, as any decoder has it.

local value_of = {}

value_of.NULL = {} -- stands for what is not there
local NULL = value_of.NULL

--- "array", "object", "empty" (either), "null", or Lua's own name.
---@param value any
---@return string
function value_of.kind(value)
  local kind = type(value)
  if value == NULL or kind == "userdata" then return "null" end
  if kind ~= "table" then return kind end
  if rawget(value, 1) ~= nil then return "array" end
  if next(value) ~= nil then return "object" end
  return "empty" -- a list or an object
end

--- Whether a value of a kind is of a type.
---@param value any
---@param kind string
---@param wanted string
---@return boolean
function value_of.is_a(value, kind, wanted)
  if kind == wanted then return true end
  if kind == "empty" then return wanted == "array" or wanted == "object" end
  return wanted == "integer" and kind == "number" and value % 1 == 0
end

local function same(a, b)
  if a == b then return true end
  if type(a) == "userdata" and type(b) == "userdata" then return true end -- null
  if type(a) ~= "table" or type(b) ~= "table" then return false end
  for key, value in next, a do
    if not same(value, rawget(b, key)) then return false end
  end
  for key in next, b do
    if rawget(a, key) == nil then return false end
  end
  return true
end

--- Whether a value is equal to one of a schema.
---@param value any
---@param wanted any
---@return boolean
function value_of.equals(value, wanted)
  if value == NULL then return type(wanted) == "userdata" end
  return same(value, wanted)
end

--- A value for people to read, short.
---@param value any
---@return string
function value_of.shown(value)
  if type(value) == "string" then
    return '"' .. (#value > 40 and value:sub(1, 37) .. "..." or value) .. '"'
  elseif type(value) == "number" or type(value) == "boolean" then
    return tostring(value)
  end
  local kind = value_of.kind(value)
  return kind == "null" and "null" or kind == "array" and "a list" or "an object"
end

local ARTICLES = {
  array = "a list", object = "an object", integer = "an integer", null = "null",
  string = "a string", number = "a number", boolean = "true or false",
}

--- Types for people to read.
---@param list string[]
---@return string
function value_of.types(list)
  local words = {}
  for i, name in ipairs(list) do words[i] = ARTICLES[name] or tostring(name) end
  return table.concat(words, " or ")
end

return value_of
