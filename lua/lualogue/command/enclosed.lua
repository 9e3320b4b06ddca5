--- What goes along with a question: files, and the schema of its answer.

local fault = require "lualogue.command.fault"
local json = require "lualogue.json"

local enclosed = {}

--- A part of the message, by what the file is.
local function attached(source)
  local lualogue = require "lualogue"
  if source:find "^https?://" or source:find "^data:image/" then return lualogue.image(source) end
  local part, err = lualogue.image(source)
  if not part and err.kind == "decode" then
    part = lualogue.audio(source)
    if not part then part, err = lualogue.file_part(source) end
  end
  return part or fault.use("-a %s: %s", source, err.message)
end

--- The content of a message.
---@param text? string
---@param attachments string[] files and URLs
---@return table[]
function enclosed.content(text, attachments)
  local parts = { text and { type = "text", text = text } or nil }
  for _, source in ipairs(attachments) do parts[#parts + 1] = attached(source) end
  return parts
end

--- A schema: a line in our notation, or a file, which has a slash or ends in .json.
---@param given string
---@return table
function enclosed.schema(given)
  local schema = require "lualogue.schema"
  if not given:find "/" and not given:find "%.json$" then
    return fault.checked(schema.of, given)
  end
  local file, why = io.open(given, "rb")
  if not file then fault.use("--schema %s", why) end
  local text = file:read "*a"
  file:close()
  local value = json.decode(text or "")
  if type(value) ~= "table" then fault.use("--schema %s: no JSON schema", given) end
  return fault.checked(schema.of, value)
end

return enclosed
