--- What a model wrote as the arguments of a call, and whether a tool can be called with it. What
--- is wrong is said in words for the model.

local partial_json = require "lualogue.partial_json"
local schema = require "lualogue.schema"

local arguments = {}

local function is_two(text)
  local value, state, fault = partial_json.decode(text)
  return state == "broken" and type(value) == "table" and fault:find("nothing more", 1, true)
end

--- The tool of a call, and its arguments; or nil and what the model is told.
---@param set lualogue.tools.Set
---@param name any
---@param text any
---@param decode fun(text: string): any, any
---@return lualogue.tools.Tool? tool
---@return table|string value the arguments, or why not
function arguments.read(set, name, text, decode)
  local tool = type(name) == "string" and rawget(set.by_name, name)
  if not tool then
    local known = #set.names > 0 and table.concat(set.names, ", ") or "none"
    return nil, ("there is no tool '%s'; the tools are: %s"):format(tostring(name), known)
  end
  if type(text) ~= "string" or not text:find "%S" then text = "{}" end
  local value, err = decode(text)
  if err then
    if is_two(text) then
      return nil, "the arguments are more than one JSON value; send one object for each call"
    end
    return nil, ("the arguments are not valid JSON (%s)"):format(err.message)
  elseif type(value) ~= "table" then
    return nil, "the arguments must be one JSON object"
  end
  local checked, ok, fault = pcall(schema.validate, value, tool.form)
  if not checked then return nil, "the schema of the tool is broken: " .. tostring(ok) end
  if not ok then return nil, "the arguments do not fit: " .. fault.message end
  return tool, value
end

return arguments
