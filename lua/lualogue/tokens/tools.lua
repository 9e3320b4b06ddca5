--- How the server shows tools to the model: as TypeScript, which is then counted as text.
--- Not documented; found by the community by comparing with what was billed.

local M = {}

local format_type -- (schema, indent) -> TypeScript

local function list_of(value)
  return type(value) == "table" and value or {}
end

local function is_composite(schema)
  local kind = list_of(schema).type
  return kind == "object" or kind == "array"
end

-- Tables have no order, and what follows what changes the count by a token at most. This one
-- is stable, and that of most schemas as written: what is required, then what is simple.
local function sorted_names(schema, properties)
  local place, names = {}, {}
  for i, name in ipairs(list_of(schema.required)) do place[name] = i end
  for name in pairs(properties) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  table.sort(names, function(a, b)
    if place[a] ~= place[b] then return (place[a] or math.huge) < (place[b] or math.huge) end
    local a_last, b_last = is_composite(properties[a]), is_composite(properties[b])
    if a_last ~= b_last then return b_last end
    return a < b
  end)
  return names, place
end

local function format_properties(schema, indent)
  local lines, margin = {}, (" "):rep(indent)
  local properties = list_of(schema.properties)
  local names, required = sorted_names(schema, properties)
  for _, name in ipairs(names) do
    local property = list_of(properties[name])
    if type(property.description) == "string" and indent < 2 then
      lines[#lines + 1] = ("%s// %s"):format(margin, property.description)
    end
    local mark = required[name] and "" or "?"
    lines[#lines + 1] = ("%s%s%s: %s,"):format(margin, name, mark, format_type(property, indent))
  end
  return table.concat(lines, "\n")
end

local function format_enum(values, form)
  local words = {}
  for i, value in ipairs(values) do words[i] = form:format(tostring(value)) end
  return table.concat(words, " | ")
end

function format_type(schema, indent)
  local kind = schema.type
  if kind == "string" then
    return schema.enum and format_enum(schema.enum, '"%s"') or "string"
  elseif kind == "number" or kind == "integer" then
    return schema.enum and format_enum(schema.enum, "%s") or "number"
  elseif kind == "array" then
    return (type(schema.items) == "table" and format_type(schema.items, indent) or "any") .. "[]"
  elseif kind == "object" then
    return "{\n" .. format_properties(schema, indent + 2) .. "\n}"
  elseif kind == "boolean" or kind == "null" then
    return kind
  end
  return "any"
end

--- The functions as the model sees them.
---@param functions table[] `{ name =, description =, parameters = <JSON schema> }`
---@return string
function M.render(functions)
  local lines = { "namespace functions {", "" }
  for _, f in ipairs(functions) do
    if type(f.description) == "string" and f.description ~= "" then
      lines[#lines + 1] = "// " .. f.description
    end
    local parameters = list_of(f.parameters)
    if next(list_of(parameters.properties)) == nil then
      lines[#lines + 1] = ("type %s = () => any;"):format(tostring(f.name))
    else
      lines[#lines + 1] = ("type %s = (_: {"):format(tostring(f.name))
      lines[#lines + 1] = format_properties(parameters, 0)
      lines[#lines + 1] = "}) => any;"
    end
    lines[#lines + 1] = ""
  end
  lines[#lines + 1] = "} // namespace functions"
  return table.concat(lines, "\n")
end

--- The functions of a list of tools; tools of other types are not shown as functions.
---@param tools table[]
---@return table[]
function M.functions(tools)
  local functions = {}
  for _, tool in ipairs(tools) do
    if type(tool) == "table" and type(tool["function"]) == "table" then
      functions[#functions + 1] = tool["function"]
    end
  end
  return functions
end

return M
