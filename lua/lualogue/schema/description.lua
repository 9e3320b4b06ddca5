--- The compact description of a schema in Lua: what `lualogue.schema`'s functions make.

local change = require "lualogue.schema.change"
local line = require "lualogue.schema.line"
local misuse = require "lualogue.misuse"
local names = require "lualogue.schema.names"
local strict = require "lualogue.schema.strict"

local description = {}

--- What may stand in a field beside its name, its type and its description.
local KEYWORDS = {
  title = true, pattern = true, format = true, minLength = true, maxLength = true,
  minimum = true, maximum = true, exclusiveMinimum = true, exclusiveMaximum = true,
  multipleOf = true, minItems = true, maxItems = true,
}

--- Raises: a schema is the program's own.
---@param where string
---@param why string
local function refuse(where, why)
  misuse.raise(("bad schema in '%s' (%s)"):format(where, why))
end
description.refuse = refuse

--- An object of fields: closed, all of them required, in their order.
local function object_of(fields, where)
  local properties, order = {}, {}
  for i, field in ipairs(fields) do
    if properties[field.name] then refuse(where, field.name .. ": this name is there twice") end
    local schema = field.schema
    if field.optional then schema = change.nullable(schema) end
    if field.description then schema = change.described(schema, field.description) end
    properties[field.name], order[i] = schema, field.name
  end
  local required = {}
  for i, name in ipairs(order) do required[i] = name end
  return {
    type = "object", properties = names.in_order(properties, order),
    required = required, additionalProperties = false,
  }
end

local function makers(where)
  return {
    object = function(fields) return object_of(fields, where) end,
    optional = change.nullable,
  }
end

--- The schema of a type: a word ("integer?", "[string]", "yes|no"), or a schema.
---@param kind any
---@param where string
---@param path string
---@return table schema
---@return boolean optional
function description.type(kind, where, path)
  if type(kind) == "string" then
    return line.type(kind, makers(where), function(why) refuse(where, path .. ": " .. why) end)
  elseif type(kind) == "table" then
    local schema, fault = strict.part(kind, path)
    if not schema then refuse(where, fault) end
    return schema, false
  end
  refuse(where, ("%s: a type expected, got %s"):format(path, type(kind)))
end

--- The object of a text in the one-line form.
---@param text string
---@param where string
---@return table
function description.line(text, where)
  local make = makers(where)
  return make.object(line.fields(text, make, function(why) refuse(where, why) end))
end

--- The object of a list of `{ name, type, description, keyword = … }`.
---@param list table[]
---@param where string
---@return table
function description.object(list, where)
  local fields = {}
  for i, entry in ipairs(list) do
    local path = ("fields[%d]"):format(i)
    if type(entry) ~= "table" or type(entry[1]) ~= "string" or entry[1] == "" then
      refuse(where, path .. ': { "name", type, "description" } expected')
    end
    local kind = entry[2] == nil and "string" or entry[2]
    local schema, optional = description.type(kind, where, entry[1])
    if entry[3] ~= nil and type(entry[3]) ~= "string" then
      refuse(where, entry[1] .. ": the description is no text")
    end
    for key, value in pairs(entry) do
      if KEYWORDS[key] then
        schema[key] = value
      elseif type(key) ~= "number" then
        refuse(where, ("%s: no such keyword: '%s'"):format(entry[1], tostring(key)))
      end
    end
    fields[i] = {
      name = entry[1], schema = schema, optional = optional, description = entry[3],
    }
  end
  for key in pairs(list) do
    if type(key) ~= "number" or not fields[key] then
      refuse(where, ("a list of fields has a key '%s'"):format(tostring(key)))
    end
  end
  return object_of(fields, where)
end

return description
