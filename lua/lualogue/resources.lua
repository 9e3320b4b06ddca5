--- Every operation of the API under its official name: `client.files:list()`,
--- `client.vector_stores.files:retrieve(store, file)`. What they are is data, made from the API's
--- description (`resources/api`); this is the piece of code that serves them.
---
--- The ids of a path come first, then a table of parameters, then the options of the call. What the
--- description puts into the query goes there, everything else into the body; any parameter may be
--- given. Lists come as `lualogue.Pages`; what can be streamed is with `stream = true`, and beside
--- `create` there is `stream`: a `lualogue.ResourceStream`. What answers with bytes takes options:
--- `to = "speech.mp3"` puts them into a file, `stream = true` gives them as they come.

local native = require "lualogue.native"
local own = require "lualogue.client.own"
local pages = require "lualogue.resources.pages"

local resources = {}

--- `client.chat` and `client.embeddings` are methods; what else there is of chats has this name.
local ALIASES = { chat_completions = "chat.completions" }

--- Formats of a transcription that are no JSON.
local TEXTS = { text = true, srt = true, vtt = true }

local CLIENT, PATH, MODEL = {}, {}, {}

--- Operations that have a method of their own.
local METHODS = {
  ["chat.completions.create"] = "chat",
  ["chat.completions.stream"] = "stream",
  ["embeddings.create"] = "embeddings",
}

---@class lualogue.Operation
---@field [1] string method
---@field [2] string path, with the names of ids in braces
---@field query? string names of what goes into the query, with blanks between them
---@field body? "json"|"multipart"|"json or multipart"
---@field files? string names of the parameters of a form that are files
---@field parts? string of a form, that have a media type of their own: "session=application/json"
---@field answer? "bytes"|"nothing" else JSON
---@field streams? boolean it can answer with a stream of events
---@field model? boolean the client's model serves where none is named
---@field page? string|true it is a list: what the next page is asked for with; true: there is one
---@field beta? string of the header OpenAI-Beta

local function refuse(name, method, why)
  native.core().raise(("bad argument '%s' to '%s' (%s)"):format(name, method, why))
end

--- An id as a segment of a path. Dots alone would mean another path.
local function segment(value, name, method)
  local kind = type(value)
  if kind == "number" and value % 1 == 0 and math.abs(value) < 2 ^ 53 then
    value, kind = ("%d"):format(value), "string"
  end
  if kind ~= "string" then refuse(name, method, "string expected, got " .. kind) end
  if value == "" then refuse(name, method, "it is empty") end
  if value == "." or value == ".." then refuse(name, method, "'" .. value .. "' is no id") end
  return (value:gsub("[^%w%-_.~]", function(c) return ("%%%02X"):format(c:byte()) end))
end

--- Put ids into a path; the rest of the arguments are parameters and options.
local function fill_path(operation, method, ...)
  local arguments, n = { ... }, 0
  local path = operation[2]:gsub("{([^}]*)}", function(name)
    n = n + 1
    return segment(arguments[n], name, method)
  end)
  return path, arguments[n + 1], arguments[n + 2]
end

local function copy_of(value)
  local copy = {}
  for name, v in next, value or {} do copy[name] = v end
  return copy
end

--- Make parts of a form have the media types that they must have.
local function type_parts(operation, body)
  local upload = require "lualogue.upload"
  for name, kind in operation.parts:gmatch "(%S+)=(%S+)" do
    local value = body[name]
    if type(value) == "table" and not upload.is_file(value) then
      value = native.core().json.encode(value)
    end
    if type(value) == "string" then body[name] = upload.bytes(value, false, kind) end
  end
end

--- Parameters as query and body, each nil where there is none.
local function divide(operation, params, model)
  local in_query, query, body = {}, nil, nil
  for name in (operation.query or ""):gmatch "%S+" do in_query[name] = true end
  for name, value in next, params or {} do
    if operation[1] == "POST" and not in_query[name] then
      body = body or {}
      body[name] = value
    else
      query = query or {}
      query[name] = value
    end
  end
  if operation.body and not body then body = native.core().json.object {} end
  if operation.model and body.model == nil and body.prompt == nil then body.model = model end
  if operation.parts then type_parts(operation, body) end
  return query, body
end

--- The options of the call with what the operation adds to them.
local function options_for(operation, method, options, query, streams, is_text)
  local out = copy_of(options)
  for _, name in ipairs { "query", "headers" } do
    local kind = type(out[name])
    if kind ~= "nil" and kind ~= "table" then
      refuse(name, method, "table expected, got " .. kind)
    end
  end
  if query then
    out.query = copy_of(out.query)
    for name, value in next, query do out.query[name] = value end
  end
  if operation.beta then
    out.headers = copy_of(out.headers)
    if out.headers["OpenAI-Beta"] == nil then out.headers["OpenAI-Beta"] = operation.beta end
  end
  if operation.body == "multipart" then out.multipart = true end
  if is_text then out.raw = true end
  if streams then
    out.stream = true
  elseif operation.answer then
    out.raw = true
  end
  return out
end

--- Where nothing comes back, servers send an empty body, or JSON all the same.
local function nothing_or(reply, err)
  if reply == nil then return nil, err end
  if type(reply) ~= "string" then return reply end -- a file, or a stream
  local value = reply ~= "" and native.core().json.decode(reply)
  return type(value) == "table" and value or true
end

--- Ask for a stream: the answer's events.
local function open(client, operation, method, path, query, body, options)
  options = options_for(operation, method, options, query, true)
  local events, err = client:request(operation[1], path, body, options)
  if not events then return nil, err end
  local opened = require("lualogue.resources.streams").new(events, operation[2])
  return opened, nil, nil, opened
end

--- Parameters that ask for a stream. Of speech it is a format.
local function streamed(operation, params)
  local copy = copy_of(params)
  if operation.answer == "bytes" then
    copy.stream, copy.stream_format = nil, "sse"
  else
    copy.stream = true
  end
  return copy
end

--- Parameters with the client's defaults. Those of `stream` are those of `create`.
local function with_defaults(self, client, operation, method, params, streams)
  local name = rawget(self, PATH) .. "." .. (method == "stream" and "create" or method)
  streams = streams or operation.streams and params and rawget(params, "stream")
  return own.params(client, name, params, streams)
end

--- A path where a file is due would go as the text that it is.
local function check_files(operation, method, params)
  for name in (operation.files or ""):gmatch "%S+" do
    local value = params and rawget(params, name)
    if type(value) == "string" then
      refuse(name, method, "lualogue.file(path) or lualogue.bytes(...) expected, got string")
    end
  end
end

local function serve(self, operation, method, wants_stream, ...)
  local client, model = rawget(self, CLIENT), rawget(self, MODEL)
  local path, params, options = fill_path(operation, method, ...)
  if params ~= nil and type(params) ~= "table" then
    refuse("params", method, "table expected, got " .. type(params))
  end
  if options ~= nil and type(options) ~= "table" then
    refuse("options", method, "table expected, got " .. type(options))
  end
  if operation.page and options and (rawget(options, "to") or rawget(options, "stream")) then
    refuse("options", method, "a list is read in pages: neither 'to' nor 'stream'")
  end
  params = with_defaults(self, client, operation, method, params, wants_stream)
  check_files(operation, method, params)
  local function ask(cursor)
    local query, body = divide(operation, params, model)
    if cursor ~= nil then
      query = query or {}
      query[operation.page] = cursor
    end
    local is_text = body and TEXTS[rawget(body, "response_format")]
    return client:request(operation[1], path, body,
      options_for(operation, method, options, query, false, is_text))
  end
  local asked = params and rawget(params, "stream")
  if operation.streams and (wants_stream or asked and asked ~= native.core().json.null) then
    local query, body = divide(operation, streamed(operation, params), model)
    return open(client, operation, method, path, query, body, options)
  end
  if operation.page then return pages.new(ask, operation.page) end
  if operation.answer == "nothing" then return nothing_or(ask()) end
  return ask()
end

--- What is known of a resource: its operations, and the resources within it.
local loaded = {}
local function load(top)
  if not loaded[top] then
    local inside = {}
    local operations = require("lualogue.resources.api." .. top)
    for name in pairs(operations) do
      local path = name:match "^(.*)%.[^.]+$"
      while path do
        inside[path] = true
        path = path:match "^(.*)%.[^.]+$"
      end
    end
    loaded[top] = { operations = operations, inside = inside }
  end
  return loaded[top]
end

--- An operation by its whole name.
---@param name string such as "vector_stores.files.retrieve"
---@return lualogue.Operation? operation
function resources.operation(name)
  local top, rest = name:match "^([%w_]+)%.(.+)$"
  if top and require "lualogue.resources.names"[top] then return load(top).operations[rest] end
end

local metatable

local function new(client, path, model)
  return setmetatable({ [CLIENT] = client, [PATH] = path, [MODEL] = model }, metatable)
end

local function method_of(path, name, operation, wants_stream)
  local as = METHODS[path .. "." .. name]
  return function(self, ...)
    if type(self) ~= "table" or not rawget(self, CLIENT) then
      refuse("self", name, ("call it with a colon: client.%s:%s"):format(path, name))
    end
    if as then return rawget(self, CLIENT)[as](rawget(self, CLIENT), ...) end
    return serve(self, operation, name, wants_stream, ...)
  end
end

metatable = {
  __name = "lualogue.resource",
  __index = function(self, key)
    if type(key) ~= "string" then return nil end
    local path = rawget(self, PATH) .. "." .. key
    local operation = resources.operation(path)
    local top, rest = path:match "^([%w_]+)%.(.+)$"
    local created = key == "stream" and resources.operation(rawget(self, PATH) .. ".create")
    local value
    if operation then
      value = method_of(rawget(self, PATH), key, operation)
    elseif created and created.streams then
      value = method_of(rawget(self, PATH), key, created, true)
    elseif load(top).inside[rest] then
      value = new(rawget(self, CLIENT), path, rawget(self, MODEL))
    end
    if value then rawset(self, key, value) end
    return value
  end,
  __tostring = function(self) return "lualogue.resource (" .. rawget(self, PATH) .. ")" end,
}

--- The resource of a client under this name; nil if the API has none.
---@param client lualogue.Client
---@param name string such as "files"
---@param model? string the client's
---@return table? resource
function resources.of(client, name, model)
  local path = ALIASES[name] or name
  if require "lualogue.resources.names"[path:match "^[%w_]*"] then
    return new(client, path, model)
  end
end

return resources
