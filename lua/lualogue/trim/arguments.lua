--- The arguments of a tool call as some servers read them: they parse what the model wrote, and
--- refuse the whole request where it is no JSON object.

local arguments = {}

local MAX_DEPTH = 100

local value_end -- (text, i, depth) -> the place behind the value at i, or nil

local function skip(text, i) return text:find("[^ \t\r\n]", i) or #text + 1 end

local function string_end(text, i)
  i = i + 1
  while true do
    local at = text:find('["\\%c]', i)
    local c = at and text:sub(at, at)
    if c == '"' then return at + 1 end
    if c ~= "\\" then return nil end
    local escape = text:match('^["\\/bfnrt]', at + 1) or text:match("^u%x%x%x%x", at + 1)
    if not escape then return nil end
    i = at + 1 + #escape
  end
end

local function number_end(text, i)
  local at = text:match("^-?0()", i) or text:match("^-?[1-9]%d*()", i)
  if not at then return nil end
  at = text:match("^%.%d+()", at) or at
  return text:match("^[eE][+-]?%d+()", at) or at
end

local function list_end(text, i, depth, closing, item_end)
  i = skip(text, i + 1)
  if text:sub(i, i) == closing then return i + 1 end
  while true do
    i = item_end(text, i, depth)
    i = i and skip(text, i)
    local c = i and text:sub(i, i)
    if c == closing then return i + 1 end
    if c ~= "," then return nil end
    i = skip(text, i + 1)
  end
end

local function field_end(text, i, depth)
  if text:sub(i, i) ~= '"' then return nil end
  i = string_end(text, i)
  i = i and skip(text, i)
  if not i or text:sub(i, i) ~= ":" then return nil end
  return value_end(text, skip(text, i + 1), depth)
end

function value_end(text, i, depth)
  if depth > MAX_DEPTH then return nil end
  local c = text:sub(i, i)
  if c == "{" then return list_end(text, i, depth + 1, "}", field_end) end
  if c == "[" then return list_end(text, i, depth + 1, "]", value_end) end
  if c == '"' then return string_end(text, i) end
  return text:match("^true()", i) or text:match("^false()", i) or text:match("^null()", i)
    or number_end(text, i)
end

--- Whether a text is one JSON object and nothing more.
---@param text any
---@return boolean
function arguments.is_object(text)
  if type(text) ~= "string" then return false end
  local first = skip(text, 1)
  if text:sub(first, first) ~= "{" then return false end
  local after = value_end(text, first, 0)
  return after ~= nil and skip(text, after) > #text
end

--- An object that holds the text as it is.
---@param text string
---@return string json
function arguments.wrap(text)
  local escaped = text:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end)
  return ('{"not_json":"%s"}'):format(escaped)
end

return arguments
