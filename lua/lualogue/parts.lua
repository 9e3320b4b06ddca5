--- Parts of a message that are no text: images, sounds, files, from the disk or from memory.

local errors = require "lualogue.errors"
local media_types = require "lualogue.media_types"
local misuse = require "lualogue.misuse"
local native = require "lualogue.native"

---@alias lualogue.SourcePart
---| fun(source: string|lualogue.Bytes): lualogue.ContentPart?, lualogue.Error?
---@alias lualogue.ImagePart
---| fun(source: string|lualogue.Bytes, options?: table): lualogue.ContentPart?, lualogue.Error?

---@class lualogue.Parts
local parts = {}

-- Base64 makes three bytes four, and a request is limited to 512 MiB.
local MAX_BYTES = 256 * 1024 * 1024

--- Bytes that are in memory already.
---@class lualogue.Bytes
---@field bytes string
---@field type? string media type ("image/png"); default: what the bytes begin with
---@field name? string of the file

-- What a file begins with; "?" is any byte.
local IMAGES = {
  { "\137PNG\r\n\26\n", "image/png" }, { "\255\216\255", "image/jpeg" }, { "GIF8", "image/gif" },
  { "RIFF????WEBP", "image/webp" }, { "BM", "image/bmp" }, { "????ftypavif", "image/avif" },
  { "????ftyphei", "image/heic" }, { "II%*%z", "image/tiff" }, { "MM%z%*", "image/tiff" },
}
local SOUNDS = {
  { "RIFF????WAVE", "wav" }, { "ID3", "mp3" }, { "\255[\226\227\242\243\250\251]", "mp3" },
  { "fLaC", "flac" }, { "OggS", "ogg" }, { "????ftypM4A", "m4a" }, { "\26E\223\163", "webm" },
  { "\255[\240\241\248\249]", "aac" },
}
local DOCUMENTS = { { "%%PDF%-", "application/pdf" }, { "PK\3\4", "application/zip" } }

local function sniff(bytes, known)
  for _, entry in ipairs(known) do
    local pattern = entry[1]:gsub("%?", ".")
    if bytes:find("^" .. pattern) then return entry[2] end
  end
end

local function fault(kind, message)
  return nil, errors.new { kind = kind, message = message }
end

local function read(path)
  local file, why = io.open(path, "rb")
  if not file then return fault("file", tostring(why)) end
  local bytes, err = file:read(MAX_BYTES + 1)
  file:close()
  if err then return fault("file", ("%s: %s"):format(path, err)) end
  return bytes or ""
end

--- What a source has in it: its bytes, the type that was said, the file's name.
local function open(source, where)
  local given = source
  if type(source) == "string" then
    local bytes, err = read(source)
    if not bytes then return nil, err end
    given = { bytes = bytes, name = source:match "[^/\\]+$" }
  elseif type(source) ~= "table" then
    local why = "bad argument 'source' to '%s' (a path, or { bytes = … } expected, got %s)"
    misuse.raise(why:format(where, source == nil and "nothing" or type(source)))
  end
  misuse.check(given.bytes, "string", "source.bytes", where)
  if given.type ~= nil then misuse.check(given.type, "string", "source.type", where) end
  if given.name ~= nil then misuse.check(given.name, "string", "source.name", where) end
  if #given.bytes > MAX_BYTES then
    return fault("limit", ("a file of more than %d MiB"):format(MAX_BYTES / 1024 / 1024))
  end
  return given
end

local function data_url(kind, bytes)
  return "data:" .. kind .. ";base64," .. native.core().base64(bytes)
end

--- An image, to be put into the content of a user's message.
---
--- The type is what its bytes begin with (PNG, JPEG, GIF, WebP, BMP, TIFF, AVIF, HEIC); the image
--- goes with the message as a data URL. A URL (`https:`, `http:`, `data:`) is left to the server.
---
---     local picture = assert(lualogue.image("cat.png", { detail = "low" }))
---     client:chat { messages = { { role = "user", content = {
---       { type = "text", text = "What is this?" }, picture,
---     } } } }
---@param source string|lualogue.Bytes path, URL, or bytes
---@param options? { detail?: "auto"|"low"|"high" } how closely it is looked at
---@return lualogue.ContentPart? part
---@return lualogue.Error? err kind `file`: it cannot be read; `decode`: it is no image; `limit`
function parts.image(source, options)
  if options ~= nil then misuse.check(options, "table", "options", "image") end
  local detail = options and options.detail
  local is_url = type(source) == "string" and source:find "^%a+:" and
    (source:find "^[Hh][Tt][Tt][Pp][Ss]?:" or source:find "^data:")
  if is_url then return { type = "image_url", image_url = { url = source, detail = detail } } end
  local given, err = open(source, "image")
  if not given then return nil, err end
  local kind = given.type or sniff(given.bytes, IMAGES)
  if not kind then
    return fault("decode", (given.name or "this") .. ": not an image of a known type")
  end
  local url = data_url(kind, given.bytes)
  return { type = "image_url", image_url = { url = url, detail = detail } }
end

--- A sound, to be put into the content of a user's message. The format is what its bytes begin
--- with; OpenAI takes "wav" and "mp3", other servers more.
---
---     local question = assert(lualogue.audio "question.wav")
---@param source string|lualogue.Bytes path or bytes; `type` is the format ("wav")
---@return lualogue.ContentPart? part
---@return lualogue.Error? err kind `file`: it cannot be read; `decode`: it is no sound; `limit`
function parts.audio(source)
  local given, err = open(source, "audio")
  if not given then return nil, err end
  local format = given.type or sniff(given.bytes, SOUNDS)
  if not format then
    return fault("decode", (given.name or "this") .. ": not a sound of a known format")
  end
  local data = native.core().base64(given.bytes)
  return { type = "input_audio", input_audio = { data = data, format = format } }
end

--- A file, such as a PDF, to be put into the content of a user's message.
---
---     local report = assert(lualogue.file_part "report.pdf")
---@param source string|lualogue.Bytes path or bytes; bytes should have a `name`
---@return lualogue.ContentPart? part
---@return lualogue.Error? err kind `file`: it cannot be read; `limit`
function parts.file_part(source)
  local given, err = open(source, "file_part")
  if not given then return nil, err end
  local kind = given.type or media_types.of(given.name or "")
    or sniff(given.bytes, DOCUMENTS) or sniff(given.bytes, IMAGES) or "application/octet-stream"
  local data = data_url(kind, given.bytes)
  return { type = "file", file = { filename = given.name or "file", file_data = data } }
end

return parts
