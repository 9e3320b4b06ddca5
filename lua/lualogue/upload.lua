--- Files in what is sent: `lualogue.file`, `lualogue.bytes`, and the forms (multipart/form-data) by
--- which they go.

local media_types = require "lualogue.media_types"
local native = require "lualogue.native"

local upload = {}

-- What a file is stands under keys that no JSON can have: one that was put where no file can go is
-- refused there, and its path is not sent as text.
local PATH, CONTENT, NAME, TYPE, OFFSET, LENGTH = {}, {}, {}, {}, {}, {}
local MAX_DEPTH = 8
local FILE_OPTIONS = { name = true, type = true, offset = true, length = true }
local UNKNOWN = "application/octet-stream"

--- A file, or bytes in its place, as the value of a parameter. Made by `lualogue.file` and
--- `lualogue.bytes`; may be sent any number of times.
---@class lualogue.File
local metatable = {
  __name = "lualogue.file",
  __tostring = function(self)
    return "lualogue.file (" .. (self[NAME] or "without a name") .. ")"
  end,
}

---@class lualogue.FileOptions
---@field name? string what the server is told that it is called; the last part of the path
---@field type? string media type, such as "audio/mpeg"; by the end of the name, else
---application/octet-stream
---@field offset? integer where the part of it that is sent begins; 0, its first byte
---@field length? integer how many bytes that part has at most; all that follow

local function refuse(argument, where, why)
  native.core().raise(("bad argument '%s' to '%s' (%s)"):format(argument, where, why))
end

local function check(value, expected, argument, where)
  local kind = value == nil and "nothing" or type(value)
  if kind ~= expected then refuse(argument, where, expected .. " expected, got " .. kind) end
end

local function check_type(value, argument, where)
  if value == nil then return end
  check(value, "string", argument, where)
  if not value:find "^[ -~]+/[ -~]+$" then refuse(argument, where, "it is no media type") end
end

local function check_count(value, argument)
  if value == nil then return end
  check(value, "number", argument, "file")
  if not (value >= 0 and value < 2 ^ 53) or value % 1 ~= 0 then
    refuse(argument, "file", "a whole number from 0 expected")
  end
end

--- A file of the disk, to be sent as the value of a parameter (`lualogue.file`).
---
--- It is opened when the request is sent, read in small pieces while it is, and never held: memory
--- does not grow with it. The reading is done on the thread of the host. What cannot be opened, is
--- no plain file (a folder, a fifo), or shrinks, grows or changes while it is sent, is `nil, err`
--- (`file`). An attempt that is made again sends it from its beginning. A cassette knows it by its
--- name, not by what is in it. `offset` and `length` send a part of it, for `client.uploads`.
---
--- ```lua
--- local file = assert(client.files:create {
---   file = lualogue.file "batch.jsonl", purpose = "batch",
--- })
--- ```
---@param path string
---@param options? lualogue.FileOptions
---@return lualogue.File
function upload.file(path, options)
  check(path, "string", "path", "file")
  if path == "" or path:find "%z" then refuse("path", "file", "it is no name of a file") end
  if options ~= nil then check(options, "table", "options", "file") end
  options = options or {}
  for key in next, options do
    if not FILE_OPTIONS[key] then refuse(tostring(key), "file", "unknown option") end
  end
  local name, kind = rawget(options, "name"), rawget(options, "type")
  local offset, length = rawget(options, "offset"), rawget(options, "length")
  if name ~= nil then check(name, "string", "name", "file") end
  check_count(offset, "offset")
  check_count(length, "length")
  check_type(kind, "type", "file")
  name = name or path:match "[^/]*$"
  kind = kind or media_types.of(name) or UNKNOWN
  return setmetatable({
    [PATH] = path, [NAME] = name, [TYPE] = kind, [OFFSET] = offset, [LENGTH] = length,
  }, metatable)
end

--- Bytes that are in memory, to be sent as a file is (`lualogue.bytes`).
---
--- ```lua
--- local room, mask = lualogue.file "room.png", lualogue.bytes(png, "mask.png")
--- local edited = assert(client.images:edit { image = room, mask = mask, prompt = "A cat" })
--- ```
---@param bytes string
---@param name string|false what the server is told that it is called; false: nothing, as of a field
---@param kind? string media type; by the end of the name, else application/octet-stream
---@return lualogue.File
function upload.bytes(bytes, name, kind)
  check(bytes, "string", "bytes", "bytes")
  if name ~= false then check(name, "string", "name", "bytes") end
  check_type(kind, "type", "bytes")
  if name and not kind then kind = media_types.of(name) or UNKNOWN end
  return setmetatable({ [CONTENT] = bytes, [NAME] = name or nil, [TYPE] = kind }, metatable)
end

--- Whether this is a file.
---@param value any
---@return boolean
function upload.is_file(value) return getmetatable(value) == metatable end

--- Whether a file is among the values of a table, or in a list of them.
local function has_file(body)
  for _, value in next, body do
    if upload.is_file(value) then return true end
    for _, inner in next, type(value) == "table" and value or {} do
      if upload.is_file(inner) then return true end
    end
  end
  return false
end

-- ------------------------------------------------------------------ forms

--- The keys of a table in the order in which they are sent, and whether it is a list.
local function keys_of(value, name)
  local keys, n = {}, 0
  for key in next, value do
    n = n + (type(key) == "string" and 1 or 0)
    keys[#keys + 1] = key
  end
  local is_list = n == 0
  if not is_list and n ~= #keys then
    refuse(name, "request", "it is neither a list nor an object")
  end
  for i in ipairs(is_list and keys or {}) do
    if rawget(value, i) == nil then refuse(name, "request", "a list with a hole") end
    keys[i] = i
  end
  if not is_list then table.sort(keys) end
  return keys, is_list
end

--- What a plain value is in a form; nil: it is left out, as null is.
local function text_of(value, name)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "function" or kind == "thread" then
    refuse(name, "request", "a " .. kind .. " cannot be sent")
  end
  local text = native.core().json.encode(value)
  return text ~= "null" and text or nil
end

local function add_file(form, name, file)
  form.files[#form.files + 1] = {
    name, file[CONTENT], path = file[PATH], filename = file[NAME], type = file[TYPE],
    offset = file[OFFSET], length = file[LENGTH],
  }
end

--- A value under a name, as the official SDKs send it: `name[]` for each item of a list,
--- `name[field]` for each field.
local function add(form, name, value, depth)
  if upload.is_file(value) then return add_file(form, name, value) end
  if type(value) ~= "table" then
    local text = text_of(value, name)
    if text then form.texts[#form.texts + 1] = { name, text } end
    return
  end
  if depth == MAX_DEPTH then refuse(name, "request", "nested too deeply") end
  local keys, is_list = keys_of(value, name)
  for _, key in ipairs(keys) do
    add(form, name .. "[" .. (is_list and "" or key) .. "]", rawget(value, key), depth + 1)
  end
end

--- A table of parameters as the parts of a form: sorted by their names, files behind all else.
local function form_of(body)
  local form = { texts = {}, files = {} }
  local keys, is_list = keys_of(body, "body")
  if is_list and #keys > 0 then refuse("body", "request", "a form has names, this is a list") end
  for _, key in ipairs(keys) do add(form, key, rawget(body, key), 1) end
  for _, file in ipairs(form.files) do form.texts[#form.texts + 1] = file end
  return form.texts
end

--- A body as the core takes it. One that has a file in it goes as a form, whether or not one was
--- asked for.
---@param body any
---@param options any of the call
---@return any body
---@return any options
function upload.prepare(body, options)
  if upload.is_file(body) then
    refuse("body", "request", "a file goes as the value of a parameter, such as { file = … }")
  end
  local given = type(options) == "table" and options or {}
  local multipart = rawget(given, "multipart")
  if type(body) ~= "table" or options ~= nil and options ~= given then return body, options end
  if multipart == nil and has_file(body) then
    multipart = true
    local copy = { multipart = true }
    for name, value in next, given do copy[name] = value end
    options = copy
  end
  if multipart ~= true then return body, options end
  return form_of(body), options
end

return upload
