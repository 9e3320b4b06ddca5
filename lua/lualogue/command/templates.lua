--- Templates: prompts with places for values.

local fault = require "lualogue.command.fault"
local output = require "lualogue.command.output"
local request = require "lualogue.command.request"
local settings = require "lualogue.command.settings"
local template = require "lualogue.template"

local templates = {}

local FIELDS = {
  prompt = "string", system = "string", model = "string", options = "table", schema = "string",
  extract = "boolean", params = "table",
}

--- The path of a template.
---@param name string
---@return string
function templates.path(name)
  if not name:find "^[%w_][%w._-]*$" then
    fault.use("'%s' is no name for a template: letters, digits, . _ - expected", name)
  end
  local folder = settings.config_folder() or fault.use "no place for templates: HOME is not set"
  return ("%s/templates/%s.lua"):format(folder, name)
end

--- A template of the user's.
---@param name string
---@return table
function templates.load(name)
  local path = templates.path(name)
  local found = settings.run(path)
  if not found then fault.use("there is no template '%s' (%s)", name, path) end
  settings.check(found, FIELDS, path)
  return found
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

--- The text of the prompt, and of the system message.
---@param options table as parsed
---@param found? table the template
---@param words? string that were typed
---@param input? string that was piped
---@return string? text
---@return string? system
function templates.texts(options, found, words, input)
  local values, used = {}, {}
  for name, value in pairs(found and found.params or {}) do values[name] = value end
  for _, pair in ipairs(options.param or {}) do values[pair[1]] = pair[2] end
  local prompt = options.param and not found and filled(words, "the prompt", values, used) or words
  local asked, system = request.joined(input, prompt), options.system
  if found then
    if values.input == nil then values.input = asked end
    local name = "the template '" .. options.template .. "'"
    local prompted = filled(found.prompt, name, values, used)
    asked = request.joined(prompted, not used.input and asked or nil)
    system = system or filled(found.system, name, values, used)
  end
  for _, pair in ipairs(options.param or {}) do
    if not used[pair[1]] then fault.use("-p %s: there is no ${%s}", pair[1], pair[1]) end
  end
  return asked, system
end

return templates
