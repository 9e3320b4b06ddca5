--- The annotations of the API's operations, for editors: written by spec/support/operations.lua.

local M = {}

local function resolve(api, schema)
  while schema["$ref"] do
    local value = api
    for name in schema["$ref"]:gmatch "[^#/]+" do value = value[name] end
    schema = value
  end
  return schema
end

local SIMPLE = { string = "string", integer = "integer", number = "number", boolean = "boolean" }

local type_of

local function add(types, text)
  for _, known in ipairs(types) do
    if known == text then return end
  end
  types[#types + 1] = text
end

--- The types that a schema admits, as LuaLS writes them.
local function collect(api, schema, types, depth)
  schema = resolve(api, schema)
  if depth > 6 then return add(types, "any") end
  for _, way in ipairs { "anyOf", "oneOf" } do
    for _, alternative in ipairs(schema[way] or {}) do collect(api, alternative, types, depth + 1) end
  end
  if schema.allOf then
    if #schema.allOf == 1 then collect(api, schema.allOf[1], types, depth + 1) else add(types, "table") end
  end
  local names = type(schema.type) == "table" and schema.type or { schema.type }
  for _, name in ipairs(names) do
    if name == "array" then
      local inner = schema.items and type_of(api, schema.items, depth + 1) or "any"
      add(types, (inner:find "|" and "(" .. inner .. ")" or inner) .. "[]")
    elseif name == "string" and schema.format == "binary" then
      add(types, "lualogue.File")
    elseif name == "string" and schema.enum then
      for _, value in ipairs(schema.enum) do
        if type(value) == "string" then add(types, '"' .. value .. '"') end
      end
    elseif SIMPLE[name] then
      add(types, SIMPLE[name])
    elseif name == "object" then
      add(types, "table")
    end
  end
end

function type_of(api, schema, depth)
  local types = {}
  collect(api, schema, types, depth or 0)
  local text = table.concat(types, "|")
  if #types == 0 then return "any" end
  -- A long list of words says no more than that it is one.
  if #text > 60 then
    local short = {}
    for _, word in ipairs(types) do add(short, word:find '^"' and "string" or word:find '"' and "any[]" or word) end
    text = table.concat(short, "|")
  end
  return text
end

local function sorted_keys(set)
  local keys = {}
  for key in pairs(set) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

--- The fields of an object's schema, those of `allOf` included: name -> schema; and which must be.
local function fields_of(api, schema, fields, must)
  schema = resolve(api, schema)
  for _, part in ipairs(schema.allOf or {}) do fields_of(api, part, fields, must) end
  for name, inner in pairs(schema.properties or {}) do fields[name] = inner end
  for _, name in ipairs(schema.required or {}) do must[name] = true end
  return fields, must
end

--- The names of an object's fields that are files, sorted.
function M.binary_fields(api, schema)
  local names, fields = {}, fields_of(api, schema, {}, {})
  for _, name in ipairs(sorted_keys(fields)) do
    if type_of(api, fields[name]):find("lualogue.File", 1, true) then names[#names + 1] = name end
  end
  return names
end

local function class_name(top, path)
  local name = "lualogue.api." .. top:gsub("^%l", string.upper):gsub("_(%l)", string.upper)
  for word in path:gmatch "[^.]+" do
    name = name .. "." .. word:gsub("^%l", string.upper):gsub("_(%l)", string.upper)
  end
  return name
end

local function add_class(lines, api, class, schema, parameters, is_reply)
  local fields, must = {}, {}
  if schema then fields_of(api, schema, fields, must) end
  for _, parameter in ipairs(parameters) do
    local name = parameter.name:gsub("%[%]$", "")
    fields[name] = parameter.schema or {}
    if parameter.required then must[name] = true end
  end
  if next(fields) == nil then return false end
  lines[#lines + 1] = ("---@class %s"):format(class)
  for _, name in ipairs(sorted_keys(fields)) do
    if name:find "^[%a_][%w_]*$" then
      lines[#lines + 1] = ("---@field %s%s %s"):format(name, must[name] and "" or "?", type_of(api, fields[name]))
    end
  end
  lines[#lines + 1] = is_reply and "---@field meta? lualogue.Meta of a reply" or "---@field [string] any"
  lines[#lines + 1] = ""
  return true
end

local function schema_in(content)
  for _, kind in ipairs { "application/json", "multipart/form-data" } do
    if content[kind] then return content[kind].schema end
  end
end

local RETURNS = { json = "%s? reply the server's own", bytes = "string|lualogue.Saved|lualogue.ByteStream|nil bytes", nothing = "%s|true|nil reply" }

local known_replies = {} -- class -> true: each stands in the file of the first that gives it

--- The class of what an operation gives, which is written unless it was; "table" where the
--- description names none. Of a list: that of its items.
local function reply_class(lines, o)
  local schema
  for status, response in pairs(o.operation.responses) do
    local json = (response.content or {})["application/json"]
    if status:find "^2" and json then schema = json.schema end
  end
  if schema and o.page then
    local data = fields_of(o.api, schema, {}, {}).data
    schema = data and resolve(o.api, data).items
  end
  local name = schema and (schema["$ref"] or ""):match "([%w_]+)$"
  if not name or schema.oneOf or resolve(o.api, schema).oneOf or resolve(o.api, schema).anyOf then return "table" end
  local class = "lualogue.api." .. name:gsub("^%l", string.upper) .. "Object"
  if known_replies[class] == nil then known_replies[class] = add_class(lines, o.api, class, schema, {}, true) end
  return known_replies[class] and class or "table"
end

--- One operation as a method of its resource.
local function add_method(lines, local_name, class, method, o)
  local content, in_query, arguments = (o.operation.requestBody or {}).content or {}, {}, {}
  for _, parameter in ipairs(o.operation.parameters or {}) do
    if parameter["in"] == "query" then in_query[#in_query + 1] = parameter end
  end
  local params = class .. "." .. method:gsub("^%l", string.upper):gsub("_(%l)", string.upper) .. "Params"
  local has_params = add_class(lines, o.api, params, schema_in(content), in_query)
  local reply = reply_class(lines, o)
  local function describe(name, is_stream)
    lines[#lines + 1] = ("--- `%s %s`."):format(o.method, o.path)
    arguments = {}
    for id in o.path:gmatch "{([^}]*)}" do
      lines[#lines + 1] = ("---@param %s string"):format(id)
      arguments[#arguments + 1] = id
    end
    lines[#lines + 1] = "---@param params? " .. (has_params and params or "table")
    lines[#lines + 1] = "---@param options? lualogue.CallOptions"
    arguments[#arguments + 1], arguments[#arguments + 2] = "params", "options"
    if is_stream then
      local stream_class = o.path:find "^/chat/" and "lualogue.Stream" or "lualogue.ResourceStream"
      lines[#lines + 1] = ("---@return %s? stream"):format(stream_class)
    elseif o.page then
      lines[#lines + 1] = "---@return lualogue.Pages pages of " .. reply
    else
      lines[#lines + 1] = "---@return " .. RETURNS[o.answer]:format(reply)
    end
    if is_stream or not o.page then lines[#lines + 1] = "---@return lualogue.Error? err" end
    lines[#lines + 1] = ("function %s:%s(%s) end"):format(local_name, name, table.concat(arguments, ", "))
    lines[#lines + 1] = ""
  end
  describe(method)
  if o.streams and method == "create" then describe("stream", true) end
end

--- The lines of a file with the annotations of one resource and those within it.
---@param top string such as "vector_stores"
---@param operations table<string, table> name behind the resource's -> operation
---@param head string
---@return string[]
function M.lines(top, operations, head)
  local resources, lines = { [""] = {} }, { "---@meta", head .. "-- luacheck: ignore", "" }
  for name in pairs(operations) do
    local path = name:match "^(.*)%.[^.]+$" or ""
    while not resources[path] or path ~= "" do
      resources[path] = resources[path] or {}
      local outer = path:match "^(.*)%.[^.]+$" or ""
      resources[outer] = resources[outer] or {}
      resources[outer][path:match "[^.]+$" or ""] = path
      if path == "" then break end
      path = outer
    end
  end
  resources[""][""] = nil
  for i, path in ipairs(sorted_keys(resources)) do
    local class, local_name = class_name(top, path), "resource_" .. i
    lines[#lines + 1] = "---@class " .. class
    for _, word in ipairs(sorted_keys(resources[path])) do
      lines[#lines + 1] = ("---@field %s %s"):format(word, class_name(top, resources[path][word]))
    end
    lines[#lines + 1] = ("local %s = {}"):format(local_name)
    lines[#lines + 1] = ""
    for _, name in ipairs(sorted_keys(operations)) do
      local of, method = name:match "^(.*)%.([^.]+)$"
      if (of or "") == path then add_method(lines, local_name, class, method or name, operations[name]) end
    end
  end
  if lines[#lines] == "" then lines[#lines] = nil end
  return lines
end

--- The lines of the file with what a client has.
---@param tops string[]
---@param head string
---@return string[]
function M.resources(tops, head)
  local lines = { "---@meta", head, "--- What a client has beside its methods: the rest of the API, under its official names.", "---@class lualogue.api.Resources" }
  for _, top in ipairs(tops) do
    if top == "chat" then
      lines[#lines + 1] = "---@field chat_completions " .. class_name(top, "completions")
    elseif top ~= "embeddings" then
      lines[#lines + 1] = ("---@field %s %s"):format(top, class_name(top, ""))
    end
  end
  return lines
end

return M
