--- Small changes of a schema, each on a copy: null beside it, a description, the target of a
--- reference.

local change = {}

--- A copy of one level.
---@param fields table
---@return table
function change.copy(fields)
  local copy = {}
  for key, value in next, fields do copy[key] = value end
  return copy
end
local copy_of = change.copy

--- Whether a list has a value.
---@param list any[]
---@param wanted any
---@return boolean
function change.has(list, wanted)
  for _, value in ipairs(list) do
    if value == wanted then return true end
  end
  return false
end
local has = change.has

local function accepts_null(schema)
  if schema.type == "null" or type(schema.type) == "table" and has(schema.type, "null") then
    return schema.enum == nil and schema.const == nil
  end
  for _, alternative in ipairs(schema.anyOf or {}) do
    if accepts_null(alternative) then return true end
  end
  return false
end

--- A schema that accepts null as well: the same table where it does already.
---@param schema table
---@return table
function change.nullable(schema)
  if accepts_null(schema) then return schema end
  local out = copy_of(schema)
  local kind = schema.type
  local plain = schema.enum == nil and schema.const == nil and schema.anyOf == nil
  if type(kind) == "string" and plain and kind ~= "object" and kind ~= "array" then
    out.type = { kind, "null" }
    return out
  elseif type(kind) == "table" and plain then
    out.type = copy_of(kind)
    table.insert(out.type, "null")
    return out
  elseif schema.anyOf then
    out.anyOf = copy_of(schema.anyOf)
    table.insert(out.anyOf, { type = "null" })
    return out
  end
  out.description = nil
  return { anyOf = { out, { type = "null" } }, description = schema.description }
end

--- A schema with a description; a reference cannot have one beside it.
---@param schema table
---@param text string
---@return table
function change.described(schema, text)
  local out = schema["$ref"] and { anyOf = { schema } } or copy_of(schema)
  out.description = text
  return out
end

--- What a reference leads to in the root, or nil.
---@param root table
---@param ref string
---@return any
function change.target(root, ref)
  if ref == "#" then return root end
  local found = root
  for key in ref:gmatch("/([^/]*)") do
    key = key:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
    key = key:gsub("~1", "/"):gsub("~0", "~")
    if type(found) ~= "table" then return nil end
    local index = found[1] ~= nil and tonumber(key)
    found = rawget(found, index and index + 1 or key)
  end
  return found
end

return change
