--- What is asked: the words of the command line, what is piped, a template, files.

local fault = require "lualogue.command.fault"
local json = require "lualogue.json"
local output = require "lualogue.command.output"
local settings = require "lualogue.command.settings"
local template = require "lualogue.template"

local request = {}

---@class lualogue.command.Request
---@field text? string the prompt; nil: there is none
---@field content? string|table[] of the user's message
---@field system? string
---@field params table parameters
---@field models string[] names that were given; empty: the usual one
---@field schema? table
---@field schema_text? string as it was given
---@field extract boolean
---@field template? table

local TEMPLATE_FIELDS = {
  prompt = "string", system = "string", model = "string", options = "table", schema = "string",
  extract = "boolean", params = "table",
}

-- What has an option of its own.
local TAKEN = { messages = "--continue goes on with messages", stream = "see --no-stream",
  model = "see --model" }

--- The path of a template.
---@param name string
---@return string
function request.template_path(name)
  if not name:find "^[%w_][%w._-]*$" then
    fault.use("'%s' is no name for a template: letters, digits, . _ - expected", name)
  end
  local folder = settings.config_folder() or fault.use "no place for templates: HOME is not set"
  return ("%s/templates/%s.lua"):format(folder, name)
end

--- A value of the command line: JSON, else text.
---@param text string
---@return any
function request.value(text)
  local is_json, raw = pcall(json.raw, text)
  return is_json and raw or text
end

local function load_template(name)
  local path = request.template_path(name)
  local found = settings.run(path)
  if not found then fault.use("there is no template '%s' (%s)", name, path) end
  settings.check(found, TEMPLATE_FIELDS, path)
  return found
end

local function copy_into(target, source)
  for key, value in pairs(source or {}) do target[key] = value end
end

--- What is piped, without its last line end; nil where nothing is.
local function piped(is_wanted)
  if not is_wanted and output.has_input_terminal() then return nil end
  local text, why = io.stdin:read "*a"
  if not text then fault.use("standard input: %s", tostring(why)) end
  text = text:gsub("\r?\n$", "", 1)
  return text ~= "" and text or nil
end

--- Put the values in, and note which were used.
local function filled(text, where, values, used)
  if not text then return nil end
  local text_out, problem = template.fill(text, setmetatable({}, { __index = function(_, name)
    used[name] = true
    return values[name]
  end }))
  if not text_out then
    fault.use("%s has a place for '%s', which no -p gives a value", where, problem)
  end
  if problem then output.note(("lualogue: warning: %s: %s"):format(where, problem)) end
  return text_out
end

local function joined(above, below)
  if not above or above == "" then return below end
  if not below or below == "" then return above end
  return (above:gsub("[\r\n]+$", "")) .. "\n\n" .. below
end

--- The text of the prompt, and of the system message.
local function texts(options, found)
  local words = #options > 0 and table.concat(options, " ") or nil
  local is_piped = words == "-"
  local input = piped(is_piped)
  if is_piped then words = nil end
  local values, used = {}, {}
  copy_into(values, found and found.params)
  for _, pair in ipairs(options.param or {}) do values[pair[1]] = pair[2] end
  local prompt = options.param and not found and filled(words, "the prompt", values, used) or words
  local asked, system = joined(input, prompt), options.system
  if found then
    if values.input == nil then values.input = asked end
    local name = "the template '" .. options.template .. "'"
    asked = joined(filled(found.prompt, name, values, used), not used.input and asked or nil)
    system = system or filled(found.system, name, values, used)
  end
  for _, pair in ipairs(options.param or {}) do
    if not used[pair[1]] then fault.use("-p %s: there is no ${%s}", pair[1], pair[1]) end
  end
  return asked, system
end

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

local function content_of(text, attachments)
  if not attachments then return text end
  local parts = { text and { type = "text", text = text } or nil }
  for _, source in ipairs(attachments) do parts[#parts + 1] = attached(source) end
  return parts
end

--- A schema: a line in our notation, or a file, which has a slash or ends in .json.
---@param given string
---@return table
function request.schema(given)
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

--- Parameters of the command line.
---@param given? string[][] pairs of a key and a value
---@return table
function request.params(given)
  local params = {}
  for _, pair in ipairs(given or {}) do
    if TAKEN[pair[1]] then fault.use("-o %s: %s", pair[1], TAKEN[pair[1]]) end
    params[pair[1]] = request.value(pair[2])
  end
  return params
end

--- What the command line asks.
---@param options table as parsed
---@return lualogue.command.Request
function request.build(options)
  local conf = settings.config()
  local found = options.template and load_template(options.template)
  local params = {}
  copy_into(params, conf.options)
  copy_into(params, found and found.options)
  copy_into(params, request.params(options.option))
  local text, system = texts(options, found)
  local schema = options.schema or found and found.schema
  return {
    text = text, content = content_of(text, options.attach),
    system = system or conf.system, params = params,
    models = options.model or found and found.model and { found.model } or {},
    schema = schema and request.schema(schema), schema_text = schema,
    extract = options.extract or found and found.extract,
  }
end

return request
