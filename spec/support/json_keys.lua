-- Write csrc/binding/json/empty.c: which keys hold lists, read from an OpenAPI description.
--
--   lua5.4 spec/support/json_keys.lua openai-openapi.json > csrc/binding/json/empty.c
--
-- A name counts as a list where the description has a list under it more often than an
-- object, and as a map where it has objects whose keys are the caller's, more than once and
-- hardly anything else. Not
-- part of that description, hence listed here: the names of JSON schema, which tools are
-- described in, and lists of other servers that come back with a message.

local cjson = require "cjson"

local HAND = {
  API = {
    "citations", "content_filter_raw", "executed_tools", "reasoning_details", "references",
    "search_results", "thinking_blocks", "videos",
  },
  KEYWORD = { "allOf", "anyOf", "enum", "examples", "oneOf", "prefixItems", "required" },
  SCHEMA = { "guided_json", "inputSchema", "input_schema", "parameters", "schema" },
  NAMES = { "$defs", "definitions", "dependentSchemas", "patternProperties", "properties" },
}

local HEAD = [[
/* Made by spec/support/json_keys.lua from the API's description: do not edit. */
#include "empty.h"

#include <string.h>

#define API LLG_KEY_API_LIST
#define MAP LLG_KEY_API_MAP
#define KEYWORD LLG_KEY_SCHEMA_LIST
#define SCHEMA LLG_KEY_SCHEMA
#define NAMES LLG_KEY_SCHEMA_NAMES

/* clang-format off */
static const struct {
  const char *name;
  unsigned kind;
} keys[] = { /* sorted as memcmp does, the shorter first */
]]

local TAIL = [[
};
/* clang-format on */

unsigned llg_json_key(const char *key, size_t n) {
  size_t low = 0, high = sizeof keys / sizeof keys[0];
  while (low < high) {
    size_t middle = low + (high - low) / 2, length = strlen(keys[middle].name);
    int order = memcmp(key, keys[middle].name, n < length ? n : length);
    if (order == 0 && n == length) return keys[middle].kind;
    if (order < 0 || (order == 0 && n < length))
      high = middle;
    else
      low = middle + 1;
  }
  return 0;
}
]]

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = assert(file:read "*a")
  file:close()
  return cjson.decode(text)
end

local function resolve(api, ref)
  local value = api
  for name in ref:gmatch "[^#/]+" do
    value = value[(name:gsub("~1", "/"):gsub("~0", "~"))]
  end
  return value
end

--- Note in `kinds` which of "array", "object", "fields" (an object whose keys are the API's) and
--- "map" (whose keys are the caller's) a schema admits.
local function admits(api, schema, kinds, seen)
  if schema["$ref"] then
    local ref = schema["$ref"]
    if not seen[ref] then
      seen[ref] = true
      admits(api, resolve(api, ref), kinds, seen)
    end
    return kinds
  end
  local types = type(schema.type) == "table" and schema.type or { schema.type }
  for _, name in ipairs(types) do kinds[name] = true end
  local more = schema.additionalProperties
  if schema.properties then
    kinds.object, kinds.fields = true, true
  elseif more and more ~= cjson.null then
    kinds.object, kinds.map = true, true
  end
  if schema.items then kinds.array = true end
  for _, way in ipairs { "anyOf", "oneOf", "allOf" } do
    for _, alternative in ipairs(schema[way] or {}) do admits(api, alternative, kinds, seen) end
  end
  return kinds
end

--- Count for every property name how often it is what.
local function count(api, value, names)
  if type(value) ~= "table" then return end
  if type(value.properties) == "table" then
    for name, schema in pairs(value.properties) do
      if type(schema) == "table" then
        local seen = names[name] or { array = 0, object = 0, fields = 0, map = 0 }
        names[name] = seen
        local kinds = admits(api, schema, {}, {})
        for kind, n in pairs(seen) do seen[kind] = n + (kinds[kind] and 1 or 0) end
      end
    end
  end
  for _, inner in pairs(value) do count(api, inner, names) end
end

local is_schema = {}
for _, name in ipairs(HAND.SCHEMA) do is_schema[name] = true end

local api = read((assert(arg[1], "usage: json_keys.lua DESCRIPTION")))
local names, kinds, sorted = {}, {}, {}
count(api, api, names)
for name, seen in pairs(names) do
  if seen.array > seen.object then
    kinds[name] = { "API" }
  elseif seen.map > 1 + 10 * seen.fields and seen.array == 0 and not is_schema[name] then
    kinds[name] = { "MAP" }
  end
end
for kind, list in pairs(HAND) do
  for _, name in ipairs(list) do
    kinds[name] = kinds[name] or {}
    if kinds[name][1] ~= kind then table.insert(kinds[name], kind) end
  end
end
for name, list in pairs(kinds) do
  table.sort(list)
  table.insert(sorted, name)
end
table.sort(sorted, function(a, b) -- by bytes, whatever the locale
  for i = 1, math.min(#a, #b) do
    if a:byte(i) ~= b:byte(i) then return a:byte(i) < b:byte(i) end
  end
  return #a < #b
end)

io.write(HEAD)
for _, name in ipairs(sorted) do
  io.write(('  { "%s", %s },\n'):format(name, table.concat(kinds[name], " | ")))
end
io.write(TAIL)
