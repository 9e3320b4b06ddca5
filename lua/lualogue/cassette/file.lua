--- The file of a cassette: JSON that people read, and that a version control compares.

local json = require "lualogue.json"
local layout = require "lualogue.cassette.layout"

local file = {}

local VERSION = 1

---@class lualogue.cassette.Request
---@field method string
---@field path string below the base URL
---@field query? table of the call
---@field body? any decoded JSON
---@field text? string a body that is no JSON
---@field base64? string a body that is no text

---@class lualogue.cassette.Interaction
---@field request lualogue.cassette.Request
---@field response table
---@field body? string of the response, as it stands in the file
---@field raw? userdata all of it, likewise

--- The interactions of a file.
---@param path string
---@return lualogue.cassette.Interaction[]? interactions nil alone: there is no such file
---@return string? why it cannot be read
function file.read(path)
  local handle = io.open(path, "rb")
  if not handle then return nil end
  local text = handle:read "*a"
  handle:close()
  local value, err = json.decode(text)
  if type(value) ~= "table" or value.lualogue == nil then
    return nil, "is no cassette: " .. (err and err.message or "it is some other file")
  elseif value.lualogue ~= VERSION then
    return nil, ("is of version %s, and this lualogue reads version %d"):format(
      tostring(value.lualogue), VERSION)
  end
  local nodes, list = layout.field(layout.parse(text), "interactions"), value.interactions
  for i, interaction in ipairs(type(list) == "table" and list or {}) do
    local request = type(interaction) == "table" and interaction.request
    if type(request) ~= "table" or type(interaction.response) ~= "table"
      or type(request.method) ~= "string" or type(request.path) ~= "string" then
      return nil, ("is no cassette: interaction %d has no request and response"):format(i)
    end
    local body = layout.field(layout.field(nodes[i], "response"), "body")
    interaction.body = body and layout.compact(body)
    interaction.raw = json.raw(layout.compact(nodes[i]))
  end
  return type(list) == "table" and list or {}
end

--- Write them; the file is never half of one.
---@param path string
---@param interactions table[]
---@return boolean? ok
---@return string? why
function file.write(path, interactions)
  local text = json.encode { lualogue = VERSION, interactions = interactions }
  -- Another process may be writing it as well: whoever is last wins, with all of his.
  local temporary = ("%s.%s%d.tmp"):format(path, tostring({}):match "(%w+)$", os.time())
  local handle, why = io.open(temporary, "wb")
  if not handle then return nil, why end
  local ok
  ok, why = handle:write(layout.pretty(layout.parse(text)))
  local closed, reason = handle:close()
  if ok and not closed then ok, why = nil, reason end
  if ok then ok, why = os.rename(temporary, path) end
  if not ok then os.remove(temporary) end
  return ok and true, why
end

--- Every value of a body through the caller's function.
---@param redact fun(value: any, path: string): any
---@param value any
---@param path string
---@return any
function file.redacted(redact, value, path)
  if type(value) ~= "table" then
    local other = redact(value, path)
    if other == nil then return value end
    return other
  end
  local out = {}
  for key, inner in next, value do
    local step = type(key) == "number" and ("[%d]"):format(key) or "." .. tostring(key)
    out[key] = file.redacted(redact, inner, path .. step)
  end
  return out
end

return file
