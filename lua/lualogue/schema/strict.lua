--- A plain JSON schema made strict, as servers want it that hold an answer to its schema
--- exactly: objects closed, all properties required, what was optional a union with null.

local change = require "lualogue.schema.change"
local names = require "lualogue.schema.names"

local copy_of, has = change.copy, change.has

local strict = {}

local MAX_DEPTH = 256
local MAX_NODES = 50000 -- references that are written out can multiply

--- Keywords that the strict subset cannot say, each with what to do instead.
local REFUSED = {
  oneOf = "say anyOf", ["not"] = "", ["if"] = "", ["then"] = "", ["else"] = "",
  patternProperties = "an open object cannot be strict",
  propertyNames = "an open object cannot be strict",
  unevaluatedProperties = "", unevaluatedItems = "", minProperties = "", maxProperties = "",
  dependentRequired = "", dependentSchemas = "", dependencies = "",
  prefixItems = "say an object with a property for each item",
  additionalItems = "", contains = "", minContains = "", maxContains = "", uniqueItems = "",
  ["$dynamicRef"] = "", ["$recursiveRef"] = "",
}

--- Keywords that bind nobody; servers refuse some of them.
local IDLE = {
  ["$schema"] = true, ["$id"] = true, id = true, ["$comment"] = true, default = true,
  example = true, examples = true, deprecated = true, readOnly = true, writeOnly = true,
}

local TYPES = {
  string = true, number = true, integer = true, boolean = true, null = true,
  object = true, array = true,
}

local node -- (context, schema, path, depth) -> strict copy; raises { fault }

local function refuse(path, why)
  error({ fault = (path == "" and "the root" or path) .. ": " .. why }, 0)
end

local function is_list(value) return type(value) == "table" and value[1] ~= nil end

--- A reference with something beside it is replaced by what it leads to, where that ends.
local function reference(context, schema, path, depth)
  local ref = schema["$ref"]
  if type(ref) ~= "string" or not ref:find("^#") then
    refuse(names.join(path, "$ref"), "a text that begins with # expected")
  end
  local target = context.root and change.target(context.root, ref)
  if context.root and type(target) ~= "table" then
    refuse(names.join(path, "$ref"), ("'%s' leads nowhere"):format(ref))
  end
  local beside = {}
  for key, value in next, schema do
    if key ~= "$ref" and not IDLE[key] then beside[key] = value end
  end
  if next(beside) == nil then return { ["$ref"] = ref } end
  if context.inside[ref] or not target then
    local only = beside.description
    beside.description, beside.title = nil, nil
    if next(beside) ~= nil then
      refuse(path, "a reference to what it stands in can have nothing but a description")
    end
    local plain = { ["$ref"] = ref }
    return only and change.described(plain, only) or plain
  end
  local merged = copy_of(target)
  for key, value in next, beside do merged[key] = value end
  context.inside[ref] = true
  local out = node(context, merged, path, depth + 1)
  context.inside[ref] = nil
  return out
end

-- ------------------------------------------------------------------ one node

--- The type of all values of an enum, or nil.
local function type_of(values)
  local found
  for _, value in ipairs(values) do
    local kind = type(value)
    if kind ~= "string" and kind ~= "boolean" and kind ~= "number" then return nil end
    if kind == "number" and value % 1 == 0 and found ~= "number" then kind = "integer" end
    if found == "integer" and kind == "number" then found = "number" end
    if found and found ~= kind then return nil end
    found = kind
  end
  return found
end

local function check_type(schema, path)
  local kind = schema.type
  local list = type(kind) == "table" and kind or { kind }
  for _, name in ipairs(list) do
    if not TYPES[name] then
      refuse(names.join(path, "type"), ("no such type: '%s'"):format(tostring(name)))
    end
  end
  if kind ~= nil and #list == 0 then refuse(names.join(path, "type"), "a name expected") end
  return list
end

local function object(context, schema, path, depth)
  local open = schema.additionalProperties
  if open ~= nil and open ~= false then
    refuse(names.join(path, "additionalProperties"), "an open object cannot be strict")
  end
  local given = schema.properties or {}
  if type(given) ~= "table" or is_list(given) then
    refuse(names.join(path, "properties"), "properties by their names expected")
  end
  local required = schema.required or {}
  if type(required) ~= "table" then refuse(names.join(path, "required"), "a list expected") end
  local order = names.ordered(given, required)
  local properties = {}
  for _, name in ipairs(order) do
    local where = names.join(names.join(path, "properties"), name)
    local property = node(context, rawget(given, name), where, depth + 1)
    local must = has(required, name)
    properties[name] = must and property or change.nullable(property)
  end
  for i, name in ipairs(required) do
    if properties[name] == nil then
      local where = names.join(names.join(path, "required"), i)
      refuse(where, ("no property is named '%s'"):format(tostring(name)))
    end
  end
  schema.properties = names.in_order(properties, order)
  schema.required = copy_of(order)
  schema.additionalProperties = false
end

local function each(context, schema, keyword, path, depth)
  local where = names.join(path, keyword)
  if not is_list(schema[keyword]) then refuse(where, "a list expected") end
  local out = {}
  for i, alternative in ipairs(schema[keyword]) do
    out[i] = node(context, alternative, names.join(where, i), depth + 1)
  end
  schema[keyword] = out
end

local function definitions(context, schema, keyword, path, depth)
  if schema[keyword] == nil then return end
  local where, out = names.join(path, keyword), {}
  if type(schema[keyword]) ~= "table" then refuse(where, "schemas by their names expected") end
  for _, name in ipairs(names.ordered(schema[keyword])) do
    local ref = ("#/%s/%s"):format(keyword, name)
    local around = context.inside[ref]
    context.inside[ref] = path == "" or around -- what stands in itself is not written out
    out[name] = node(context, schema[keyword][name], names.join(where, name), depth + 1)
    context.inside[ref] = around
  end
  schema[keyword] = out
end

--- A single allOf is another way to write what stands in it.
local function merge_single(schema, path)
  if schema.allOf == nil then return end
  if not is_list(schema.allOf) or #schema.allOf ~= 1 or type(schema.allOf[1]) ~= "table" then
    refuse(names.join(path, "allOf"), "only a single entry can be strict")
  end
  local only = schema.allOf[1]
  schema.allOf = nil
  for key, value in next, only do schema[key] = value end
end

local function values(schema, path, list)
  if schema.enum ~= nil then
    if not is_list(schema.enum) then refuse(names.join(path, "enum"), "a list expected") end
    schema.enum = copy_of(schema.enum)
    if #list == 0 then schema.type = type_of(schema.enum) end
  elseif schema.const ~= nil and #list == 0 then
    schema.type = type_of { schema.const }
  end
end

local function keywords(schema, path)
  for key in next, copy_of(schema) do
    if REFUSED[key] then
      local instead = REFUSED[key]
      local why = instead == "" and "cannot be strict" or "cannot be strict: " .. instead
      refuse(names.join(path, key), why)
    elseif type(key) ~= "string" then
      refuse(path, "a schema expected, got a list")
    elseif IDLE[key] or key:find "^x%-" then
      schema[key] = nil
    end
  end
end

function node(context, given, path, depth)
  if type(given) ~= "table" then
    refuse(path, "a schema expected, got " .. type(given))
  end
  context.n = (context.n or 0) + 1
  if context.n > MAX_NODES then
    refuse(path, "too large, once references with something beside them are written out")
  elseif depth > MAX_DEPTH then
    refuse(path, "a table inside itself, or too deep: say $ref for what stands in itself")
  end
  local schema = copy_of(given)
  local optional = schema.nullable == true -- as OpenAPI has it
  schema.nullable = nil
  merge_single(schema, path)
  keywords(schema, path)
  if schema["$ref"] ~= nil then
    local found = reference(context, schema, path, depth)
    return optional and change.nullable(found) or found
  end
  local list = check_type(schema, path)
  if schema.properties ~= nil and #list == 0 then
    schema.type, list = "object", { "object" }
  end
  values(schema, path, list)
  if has(list, "object") then object(context, schema, path, depth) end
  if has(list, "array") then
    if is_list(schema.items) or type(schema.items) ~= "table" then
      refuse(names.join(path, "items"), "one schema for all items expected")
    end
    schema.items = node(context, schema.items, names.join(path, "items"), depth + 1)
  end
  if schema.anyOf ~= nil then each(context, schema, "anyOf", path, depth) end
  definitions(context, schema, "$defs", path, depth)
  definitions(context, schema, "definitions", path, depth)
  if #list == 0 and not (schema.enum or schema.const ~= nil or schema.anyOf) then
    refuse(path, "no type")
  end
  return optional and change.nullable(schema) or schema
end

-- ------------------------------------------------------------------ whole ones

local function protected(context, schema, path)
  local ok, found = pcall(node, context, schema, path, 1)
  if ok then return found end
  if type(found) == "table" and found.fault then return nil, found.fault end
  error(found, 0)
end

--- A part of a schema, made strict: what its references lead to is not known yet.
---@param schema table
---@param path string
---@return table? schema a copy
---@return string? fault with its path
function strict.part(schema, path) return protected({ inside = {} }, schema, path) end

--- A whole schema, made strict.
---@param schema table
---@return table? schema a copy
---@return string? fault with its path
function strict.whole(schema)
  local context = { root = schema, inside = { ["#"] = true } }
  local found, fault = protected(context, schema, "")
  if not found then return nil, fault end
  if found.type ~= "object" or found.anyOf then
    return nil, "the root: an object expected, and no anyOf"
  end
  return found
end

return strict
