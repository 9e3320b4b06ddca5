--- What is asked: the words of the command line, what is piped, a template, files.

local fault = require "lualogue.command.fault"
local native = require "lualogue.native"
local output = require "lualogue.command.output"
local settings = require "lualogue.command.settings"

local request = {}

---@class lualogue.command.Request
---@field content? string|table[] of the user's message; nil: there is none
---@field system? string
---@field params table parameters
---@field models string[] names that were given; empty: the usual one
---@field schema? table
---@field schema_text? string as it was given
---@field extract? boolean

-- What has an option of its own.
local TAKEN = { messages = "--continue goes on with messages", stream = "see --no-stream",
  model = "see --model" }

--- A value of the command line: JSON, with the characters that it has, else text.
---@param text string
---@return any
function request.value(text)
  local json = native.core().json
  local is_json, raw = pcall(json.raw, text)
  if not is_json then return text end
  local value = json.decode(text)
  local is_plain = type(value) == "number" or type(value) == "boolean"
  if is_plain and json.encode(value) == text then return value end
  return raw
end

--- Parameters without JSON in it, for whoever must look into them.
---@param params table
---@return table
function request.plain(params)
  local json, plain = native.core().json, {}
  for key, value in pairs(params) do
    if type(value) == "userdata" then value = json.decode(json.encode(value)) end
    plain[key] = value
  end
  return plain
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

--- The words that were typed, and what was piped.
local function said(options)
  local words = #options > 0 and table.concat(options, " ") or nil
  if words == "-" then return nil, piped(true) end
  return words, piped(false)
end

--- Two texts, one above the other, a blank line between.
local function joined(above, below)
  if not above or above == "" then return below end
  if not below or below == "" then return above end
  return (above:gsub("[\r\n]+$", "")) .. "\n\n" .. below
end

--- The texts of the prompt and of the system message, with a template or with places of their own.
local function filled(options, found, words, input)
  local places = require("lualogue.command.templates").places(options.param, found)
  local system = options.system
  if not found then
    words = joined(input, places:fill(words, "the prompt"))
  else
    local name = "the template '" .. options.template .. "'"
    local said_all = joined(input, words)
    if places.values.input == nil then places.values.input = said_all end
    local prompt = places:fill(found.prompt, name)
    words = joined(prompt, not places.used.input and said_all or nil)
    system = system or places:fill(found.system, name)
  end
  places:check()
  return words, system
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
  local found = options.template
    and require("lualogue.command.templates").load(options.template)
  local params = {}
  copy_into(params, conf.options)
  copy_into(params, found and found.options)
  copy_into(params, request.params(options.option))
  local words, input = said(options)
  local text, system
  if found or options.param then
    text, system = filled(options, found, words, input)
  else
    text, system = joined(input, words), options.system
  end
  if text == "" then text = nil end
  local schema = options.schema or found and found.schema
  local enclosed = (schema or options.attach) and require "lualogue.command.enclosed"
  return {
    content = options.attach and enclosed.content(text, options.attach) or text,
    system = system or conf.system, params = params,
    models = options.model or found and found.model and { found.model } or {},
    schema = schema and enclosed.schema(schema), schema_text = schema,
    extract = options.extract or found and found.extract,
  }
end

return request
