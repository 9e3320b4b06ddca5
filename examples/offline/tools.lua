--- How the offline model uses tools: it calls the one whose name or description shares a word
-- with what the user said last, takes the arguments out of that sentence, and reads the tool's
-- answer out. Replies that must fit a JSON schema are made the same way. Enough for a program's
-- tool loop to be tried without a network.

local cjson = require "cjson"

local tools = {}

local common = {}
for word in ([[get set the and for what which with from this that give tell find please make your
  current value returns return user about into]]):gmatch("%S+") do
  common[word] = true
end

local function words_of(text)
  local words = {}
  for word in tostring(text):lower():gmatch("%a+") do
    word = word:gsub("s$", "")
    if #word >= 3 and not common[word] then
      words[word] = true
    end
  end
  return words
end

-- ------------------------------------------------------------------ arguments

local fill

--- The value of one string argument: a known word, a quoted text, a name, or the whole sentence.
local function fill_string(schema, text)
  if type(schema.enum) == "table" then
    for _, value in ipairs(schema.enum) do
      if text:lower():find(tostring(value):lower(), 1, true) then
        return value
      end
    end
    return schema.enum[1]
  end
  local quoted = text:match('"([^"]+)"') or text:match("%f[%w']'([^']+)'%f[^%w']")
  local name = text:match("%a+%s+(%u[%w\128-\255-]*)")
  return quoted or name or text
end

--- Only what is required, or everything where nothing is said about that.
local function is_wanted(schema, name)
  if type(schema.required) ~= "table" then
    return true
  end
  for _, required in ipairs(schema.required) do
    if required == name then
      return true
    end
  end
  return false
end

local function fill_object(schema, text)
  local object = {}
  local properties = type(schema.properties) == "table" and schema.properties or {}
  for name, property in pairs(properties) do
    if type(property) == "table" and is_wanted(schema, name) then
      object[name] = fill(property, text)
    end
  end
  return object
end

--- A value for a JSON schema, taken from the text as far as that goes.
---@param schema table
---@param text string
---@return any
function fill(schema, text)
  local kind = schema.type
  if type(kind) == "table" then
    kind = kind[1] -- what may be null as well
  elseif type(schema.anyOf) == "table" and type(schema.anyOf[1]) == "table" then
    return fill(schema.anyOf[1], text)
  end
  if kind == "object" then
    return fill_object(schema, text)
  elseif kind == "array" then
    return { fill(schema.items or {}, text) }
  elseif kind == "number" or kind == "integer" then
    local number = tonumber(text:match("%-?%d+%.?%d*")) or 0
    return kind == "integer" and math.floor(number) or number
  elseif kind == "boolean" then
    return not text:lower():find("%f[%a]not?%f[%A]")
  end
  return fill_string(schema, text)
end

-- ------------------------------------------------------------------ calling

--- The functions of a request: `{ name =, description =, parameters = }`.
local function functions_of(request)
  local functions = {}
  for _, tool in ipairs(type(request.tools) == "table" and request.tools or {}) do
    if type(tool) == "table" and type(tool["function"]) == "table" then
      functions[#functions + 1] = tool["function"]
    end
  end
  return functions
end

local function chosen_by_request(request, functions)
  local choice = request.tool_choice
  local name = type(choice) == "table" and type(choice["function"]) == "table" and choice["function"].name
  for _, candidate in ipairs(functions) do
    if candidate.name == name then
      return candidate
    end
  end
  return choice == "required" and functions[1] or nil
end

local function best_function(request, functions, text)
  local said = words_of(text)
  local best, most = chosen_by_request(request, functions), 0
  for _, candidate in ipairs(best and {} or functions) do
    local shared = 0
    for word in pairs(words_of(tostring(candidate.name) .. " " .. tostring(candidate.description))) do
      shared = shared + (said[word] and 1 or 0)
    end
    if shared > most then
      best, most = candidate, shared
    end
  end
  return best
end

local function last_message(request)
  local message = request.messages[#request.messages]
  return message, type(message.content) == "string" and message.content or ""
end

--- The tool calls that a request asks for, or nil if it is to be answered in words.
---@param request table decoded chat request
---@param variant integer which choice it is for, from 0
---@return table[]? tool_calls as in a message
function tools.calls(request, variant)
  local message, text = last_message(request)
  if message.role ~= "user" or request.tool_choice == "none" then
    return nil
  end
  local tool = best_function(request, functions_of(request), text)
  if not tool then
    return nil
  end
  local schema = type(tool.parameters) == "table" and tool.parameters or {}
  local arguments = fill({ type = "object", properties = schema.properties, required = schema.required }, text)
  return { {
    id = ("call_%d_%d"):format(#request.messages, variant), type = "function",
    ["function"] = { name = tool.name, arguments = next(arguments) and cjson.encode(arguments) or "{}" },
  } }
end

--- The answer in words to what the tools gave, or nil if no tool has spoken last.
---@param request table decoded chat request
---@return string?
function tools.answer(request)
  local found = {}
  for i = #request.messages, 1, -1 do
    local message = request.messages[i]
    if message.role ~= "tool" then
      break
    end
    local content = message.content
    table.insert(found, 1, type(content) == "string" and content or cjson.encode(content))
  end
  return #found > 0 and "I looked it up: " .. table.concat(found, "; ") .. "." or nil
end

--- The answer as JSON, or nil if the request does not ask for that.
---@param request table decoded chat request
---@param answer string what would be said in words
---@return string?
function tools.structured(request, answer)
  local format = type(request.response_format) == "table" and request.response_format or {}
  if format.type == "json_object" then
    return cjson.encode({ answer = answer })
  elseif format.type ~= "json_schema" or type(format.json_schema) ~= "table" then
    return nil
  end
  local schema = type(format.json_schema.schema) == "table" and format.json_schema.schema or {}
  local _, text = last_message(request)
  return cjson.encode(fill(schema, text))
end

--- The deltas in which tool calls are streamed: the name first, then the arguments in two parts.
---@param calls table[]?
---@return table[]
function tools.deltas(calls)
  local deltas = {}
  for i, call in ipairs(calls or {}) do
    local arguments = call["function"].arguments
    local half = math.floor(#arguments / 2)
    deltas[#deltas + 1] = { tool_calls = { {
      index = i - 1, id = call.id, type = "function",
      ["function"] = { name = call["function"].name, arguments = "" },
    } } }
    for _, part in ipairs { arguments:sub(1, half), arguments:sub(half + 1) } do
      deltas[#deltas + 1] = { tool_calls = { { index = i - 1, ["function"] = { arguments = part } } } }
    end
  end
  return deltas
end

return tools
