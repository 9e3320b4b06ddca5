--- Tools as a program declares them, checked, and as the server is told of them.

local misuse = require "lualogue.misuse"
local schema = require "lualogue.schema"

local declare = {}

local MAX_RESULT = 100000

--- A function that the model may call.
---@class lualogue.ToolSpec
---@field name string letters, digits, "_" and "-"; at most 64
---@field description? string what it does and when to call it: the model reads this
---@field parameters? string|lualogue.Schema|table of its arguments, in any form of
---`lualogue.schema`; a JSON schema goes as it is; absent: it takes none
---@field run lualogue.ToolFunction the answer, or `nil, why`; what is no text is sent as JSON. It
---may wait; an error is told to the model, but one of the kind `cancelled` ends the turn.
---@field approve? lualogue.ToolFunction before each call: true; or false and a reason, which the
---model is told; or "wait": the turn stops, and asks again when it is retried. Else it is no. It
---may wait as well: then it may be asked of several calls of one message at once.
---@field timeout? number seconds that it may wait, until the model is told that it took too long
---@field max_result? integer bytes; a longer answer is cut, which the model is told; 100,000
---@field strict? boolean the server holds the arguments to the schema; the schema is made strict

---@alias lualogue.ToolFunction
---| fun(arguments: table, call: lualogue.ToolCallInfo): any, any

--- What a tool is told of its call.
---@class lualogue.ToolCallInfo
---@field id string
---@field name string
---@field index integer in its round, from 1
---@field round integer from 1
---@field text string the arguments as the model wrote them

---@class lualogue.tools.Tool: lualogue.ToolSpec
---@field form lualogue.Schema what the arguments are held against

---@class lualogue.tools.Set
---@field by_name table<string, lualogue.tools.Tool> read raw
---@field names string[]
---@field definitions lualogue.Tool[] for the request

local KINDS = {
  description = "string", run = "function", approve = "function", timeout = "number",
  max_result = "number", strict = "boolean",
}

local function bad(where, path, why)
  misuse.raise(("bad argument '%s' to '%s' (%s)"):format(path, where, why))
end

local function form_of(given, strict)
  if given == nil then given = { type = "object", properties = {} } end
  local compact = type(given) == "string" or type(given) == "table" and given[1] ~= nil
  if compact or strict then return schema.of(given) end
  return given
end

local function check(spec, where, path)
  if type(spec) ~= "table" then bad(where, path, "table expected, got " .. type(spec)) end
  local name = rawget(spec, "name")
  if type(name) ~= "string" or not name:find "^[%w_-]+$" or #name > 64 then
    bad(where, path .. ".name", [[at most 64 letters, digits, "_" and "-" expected]])
  end
  for key, value in next, spec do
    local kind = KINDS[key]
    if kind and type(value) ~= kind then
      bad(where, ("%s.%s"):format(path, key), ("%s expected, got %s"):format(kind, type(value)))
    elseif not kind and key ~= "name" and key ~= "parameters" then
      bad(where, ("%s.%s"):format(path, tostring(key)), "no such field")
    end
  end
  if rawget(spec, "run") == nil then
    bad(where, path .. ".run", "function expected, got nothing")
  end
  for _, key in ipairs { "timeout", "max_result" } do
    local value = rawget(spec, key)
    if value and (value <= 0 or value ~= value) then
      bad(where, ("%s.%s"):format(path, key), "more than 0 expected")
    end
  end
end

--- A tool, checked.
---@param spec lualogue.ToolSpec
---@param where string the function that was called
---@param path string
---@return lualogue.tools.Tool
function declare.tool(spec, where, path)
  check(spec, where, path)
  local tool = {}
  for key, value in next, spec do tool[key] = value end
  local form = form_of(tool.parameters, tool.strict)
  if type(form) ~= "table" then
    bad(where, path .. ".parameters", "a schema expected, got " .. type(form))
  end
  tool.form, tool.max_result = form, tool.max_result or MAX_RESULT
  return tool
end

--- No tools.
---@return lualogue.tools.Set
function declare.empty() return { by_name = {}, names = {}, definitions = {} } end

--- Put a tool into a set, in the place of one of the same name.
---@param set lualogue.tools.Set
---@param tool lualogue.tools.Tool
function declare.add(set, tool)
  local name = tool.name
  local place = #set.names + 1
  if set.by_name[name] then
    for i, known in ipairs(set.names) do
      if known == name then place = i end
    end
  end
  set.by_name[name], set.names[place] = tool, name
  set.definitions[place] = { type = "function", ["function"] = {
    name = name, description = tool.description, parameters = tool.form, strict = tool.strict,
  } }
end

--- A set with one more tool, or another of the same name: a new set.
---@param set lualogue.tools.Set
---@param tool lualogue.tools.Tool
---@return lualogue.tools.Set
function declare.with(set, tool)
  local more = declare.empty()
  for _, name in ipairs(set.names) do declare.add(more, set.by_name[name]) end
  declare.add(more, tool)
  return more
end

--- A set of a list of tools.
---@param list lualogue.ToolSpec[]
---@param where string
---@return lualogue.tools.Set
function declare.set(list, where)
  misuse.check(list, "table", "tools", where)
  local set = declare.empty()
  for i, spec in ipairs(list) do
    local path = ("tools[%d]"):format(i)
    local tool = declare.tool(spec, where, path)
    if set.by_name[tool.name] then bad(where, path .. ".name", "this name is there twice") end
    declare.add(set, tool)
  end
  if #set.names == 0 then bad(where, "tools", "it is empty") end
  return set
end

return declare
