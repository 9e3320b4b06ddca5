--- A value held against a schema.

local change = require "lualogue.schema.change"
local misuse = require "lualogue.misuse"
local names = require "lualogue.schema.names"
local pattern = require "lualogue.schema.pattern"
local value_of = require "lualogue.schema.value"

local NULL, shown = value_of.NULL, value_of.shown
local NONE = {}
local MAX_DEPTH = 512
local MAX_TURNS = 200 -- at one value; more, and a schema leads to itself only

--- What is not looked at; the caller is told.
local UNKNOWN = {
  patternProperties = true, propertyNames = true, unevaluatedProperties = true,
  unevaluatedItems = true, dependentRequired = true, dependentSchemas = true,
  dependencies = true, prefixItems = true, contains = true, uniqueItems = true, ["if"] = true,
  ["$dynamicRef"] = true,
}

local check -- (state, value, schema) -> fault or nil

local function misfit(state, message, key)
  local path = ""
  for i = 1, state.depth do path = names.join(path, state.keys[i]) end
  if key then path = names.join(path, key) end
  return { path = path, depth = state.depth + (key and 1 or 0), message = message }
end

local function inside(state, key, value, schema)
  local depth = state.depth + 1
  if depth > MAX_DEPTH then return misfit(state, "is nested too deeply") end
  local turns = state.turns
  state.keys[depth], state.depth, state.turns = key, depth, 0
  local fault = check(state, value, schema)
  state.depth, state.turns = depth - 1, turns
  return fault
end

-- ------------------------------------------------------------------ plain values

local function of_type(state, value, schema, kind)
  local wanted = schema.type
  if type(wanted) == "string" then
    if value_of.is_a(value, kind, wanted) then return end
    wanted = { wanted }
  elseif type(wanted) == "table" then
    for _, one in ipairs(wanted) do
      if value_of.is_a(value, kind, one) then return end
    end
  else
    return
  end
  if value == NULL then return misfit(state, "is missing") end
  return misfit(state, ("%s expected, got %s"):format(value_of.types(wanted), shown(value)))
end

local function of_values(state, value, schema)
  local list = schema.enum or { schema.const }
  local words = {}
  for i, one in ipairs(list) do
    if value_of.equals(value, one) then return end
    words[i] = i < 20 and shown(one) or i == 20 and "..." or nil
  end
  if value == NULL then return misfit(state, "is missing") end
  local what = #list == 1 and "%s expected, got %s" or "one of %s expected, got %s"
  return misfit(state, what:format(table.concat(words, ", "), shown(value)))
end

--- A bound, where it is a number: a schema may come from anywhere.
local function bound(schema, keyword)
  local given = rawget(schema, keyword)
  return type(given) == "number" and given or nil
end

local function fails(state, value, why, given)
  return misfit(state, ("%s expected, got %s"):format(why:format(tostring(given)), shown(value)))
end

local function number(state, value, schema)
  local least, most = bound(schema, "minimum"), bound(schema, "maximum")
  if least and value < least then return fails(state, value, "at least %s", least) end
  if most and value > most then return fails(state, value, "at most %s", most) end
  local above, below = bound(schema, "exclusiveMinimum"), bound(schema, "exclusiveMaximum")
  if above and value <= above then return fails(state, value, "more than %s", above) end
  if below and value >= below then return fails(state, value, "less than %s", below) end
  local step = bound(schema, "multipleOf")
  if step and step > 0 then
    local ratio = value / step
    if math.abs(ratio - math.floor(ratio + 0.5)) > 1e-9 * math.max(1, math.abs(ratio)) then
      return fails(state, value, "a multiple of %s", step)
    end
  end
end

local function text(state, value, schema)
  local least, most = bound(schema, "minLength"), bound(schema, "maxLength")
  if least or most then
    local _, n = value:gsub("[^\128-\191]", "")
    if least and n < least then
      return misfit(state, ("at least %d characters expected, got %d"):format(least, n))
    elseif most and n > most then
      return misfit(state, ("at most %d characters expected, got %d"):format(most, n))
    end
  end
  if type(schema.pattern) ~= "string" then return end
  local matches = pattern.matches(value, schema.pattern)
  if matches == nil then
    state.unchecked[#state.unchecked + 1] = misfit(state, "pattern").path .. ": pattern"
  elseif not matches then
    return misfit(state, ("%s does not match %s"):format(shown(value), schema.pattern))
  end
end

-- ------------------------------------------------------------------ lists and objects

local function list(state, value, schema)
  local n, least, most = #value, bound(schema, "minItems"), bound(schema, "maxItems")
  if least and n < least then
    return misfit(state, ("at least %d items expected, got %d"):format(least, n))
  elseif most and n > most then
    return misfit(state, ("at most %d items expected, got %d"):format(most, n))
  end
  if type(schema.items) ~= "table" then return end
  for i = 1, n do
    local fault = inside(state, i, value[i], schema.items)
    if fault then return fault end
  end
end

local function others(state, value, schema, properties)
  local open = schema.additionalProperties
  if open == nil or open == true or schema.patternProperties then return end
  local list_of = {}
  for key in next, value do
    if properties[key] == nil then list_of[#list_of + 1] = tostring(key) end
  end
  table.sort(list_of)
  for _, key in ipairs(list_of) do
    if type(open) ~= "table" then return misfit(state, "is not in the schema", key) end
    local fault = inside(state, key, rawget(value, key), open)
    if fault then return fault end
  end
end

local function object(state, value, schema)
  local properties = type(schema.properties) == "table" and schema.properties or {}
  local required = type(schema.required) == "table" and schema.required or {}
  for _, name in ipairs(names.ordered(properties, required)) do
    local field = rawget(value, name)
    if field == nil and change.has(required, name) then field = NULL end
    local fault = field ~= nil and inside(state, name, field, properties[name])
    if fault then return fault end
  end
  for _, name in ipairs(required) do
    if properties[name] == nil and rawget(value, name) == nil then
      return misfit(state, "is missing", name)
    end
  end
  return others(state, value, schema, properties)
end

-- ------------------------------------------------------------------ combinations

--- The fault of the alternative that came furthest, which is most likely the one that was meant.
local function any_of(state, value, schema)
  state.ways = true
  local deepest, n = nil, 0
  for _, one in ipairs(schema) do
    local fault = check(state, value, one)
    if not fault then return end
    if one.type ~= "null" then n = n + 1 end
    if one.type ~= "null" and (not deepest or fault.depth > deepest.depth) then deepest = fault end
  end
  if n == 1 or deepest and deepest.depth > state.depth then return deepest end
  if value == NULL then return misfit(state, "is missing") end
  return misfit(state, ("%s fits none of the %d alternatives"):format(shown(value), #schema))
end

local function combined(state, value, schema)
  for _, one in ipairs(schema.allOf or NONE) do
    state.ways = true
    local fault = check(state, value, one)
    if fault then return fault end
  end
  if schema.anyOf then
    local fault = any_of(state, value, schema.anyOf)
    if fault then return fault end
  end
  if schema.oneOf then
    state.ways = true
    local n = 0
    for _, one in ipairs(schema.oneOf) do
      if not check(state, value, one) then n = n + 1 end
    end
    if n == 0 then return any_of(state, value, schema.oneOf) end
    if n > 1 then return misfit(state, "fits more than one of its alternatives") end
  end
  if type(schema["not"]) == "table" and not check(state, value, schema["not"]) then
    return misfit(state, "is what it must not be")
  end
end

local function unchecked(state, schema)
  for keyword in next, schema do
    if UNKNOWN[keyword] then
      local path = misfit(state, keyword).path
      state.unchecked[#state.unchecked + 1] = (path == "" and "" or path .. ": ") .. keyword
    end
  end
end

-- ------------------------------------------------------------------ all of it

local function examine(state, value, schema)
  local kind = value_of.kind(value)
  unchecked(state, schema)
  local fault
  if schema["$ref"] then
    local target = change.target(state.root, schema["$ref"])
    if type(target) ~= "table" then
      misuse.raise(("bad argument 'schema' to 'validate' ($ref '%s' leads nowhere)"):format(
        tostring(schema["$ref"])))
    end
    fault = check(state, value, target)
    if fault then return fault end
  end
  if schema.type ~= nil then fault = of_type(state, value, schema, kind) end
  if not fault and (schema.enum or schema.const ~= nil) then
    fault = of_values(state, value, schema)
  end
  if fault then return fault end
  if kind == "number" then
    fault = number(state, value, schema)
  elseif kind == "string" then
    fault = text(state, value, schema)
  elseif kind == "array" or kind == "empty" and (schema.items or schema.minItems) then
    fault = list(state, value, schema)
  elseif kind == "object" or kind == "empty" then
    fault = object(state, value, schema)
  end
  return fault or combined(state, value, schema)
end

function check(state, value, schema)
  if schema == true then return end
  if type(schema) ~= "table" then
    if schema == false then return misfit(state, "is not in the schema") end
    misuse.raise("bad argument 'schema' to 'validate' (no schema at " .. misfit(state).path .. ")")
  end
  -- Alternatives may come to the same value by many ways: each is gone once.
  local known
  if state.ways and type(value) == "table" and value ~= NULL then
    known = state.known[value] or {}
    state.known[value] = known
  end
  if known and known[schema] ~= nil then return known[schema] or nil end
  state.turns = state.turns + 1
  if state.turns > MAX_TURNS then
    misuse.raise("bad argument 'schema' to 'validate' (it leads to nothing but itself)")
  end
  local fault = examine(state, value, schema)
  state.turns = state.turns - 1
  if known then known[schema] = fault or false end
  return fault
end

--- The first fault of a value, or nil, and what could not be checked.
---@param value any
---@param schema table
---@return { path: string, message: string }? fault
---@return string[] unchecked
return function(value, schema)
  local state = { root = schema, keys = {}, depth = 0, turns = 0, known = {}, unchecked = {} }
  local fault = check(state, value == nil and NULL or value, schema)
  table.sort(state.unchecked)
  return fault, state.unchecked
end
