--- Texts with places for values: `Hi ${name}`. What is put in is put in as it is, and never looked
--- at again; `$${name}` stands for `${name}` itself.

local template = {}

--- A value as text; a whole number without a point, on every Lua.
local function text_of(value)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "number" then
    if value % 1 == 0 and value > -2 ^ 53 and value < 2 ^ 53 then return ("%d"):format(value) end
    local short = ("%.14g"):format(value)
    return tonumber(short) == value and short or ("%.17g"):format(value)
  end
  if kind == "boolean" then return tostring(value) end
  return require("lualogue.json").encode(value)
end

--- Put values in the places of a text.
---
--- ```lua
--- template.fill("Hi ${name}", { name = "${x}" })           --> Hi ${x}
--- template.fill("Hi ${name}", {})                          --> nil, "name"
--- ```
---@param text string
---@param values table<string, any> strings, numbers, booleans; anything else is put in as JSON
---@return string? filled nil where a value is missing
---@return string? problem the name of the missing value; beside a text: what looks like a mistake
function template.fill(text, values)
  local out, at, problem = {}, 1, nil
  while true do
    local open = text:find("${", at, true)
    if not open then break end
    local is_escaped = open > at and text:byte(open - 1) == 36
    out[#out + 1] = text:sub(at, is_escaped and open - 2 or open - 1)
    local name, after = text:match("^([^{}\r\n]*)}()", open + 2)
    if is_escaped then
      out[#out + 1] = "${"
      at = open + 2
    elseif not name then
      problem = problem or "a ${ that is not closed: " .. text:sub(open, open + 20):match "[^\r\n]*"
      out[#out + 1] = "${"
      at = open + 2
    else
      local value = values[name]
      if value == nil then return nil, name end
      out[#out + 1] = text_of(value)
      at = after
    end
  end
  out[#out + 1] = text:sub(at)
  return table.concat(out), problem
end

--- The names of the values that a text has places for, each once, in their order.
---@param text string
---@return string[]
function template.names(text)
  local names, known = {}, {}
  template.fill(text, setmetatable({}, { __index = function(_, name)
    if not known[name] then names[#names + 1] = name end
    known[name] = true
    return ""
  end }))
  return names
end

return template
