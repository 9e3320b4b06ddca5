--- Templates: prompts with places for values.

local fault = require "lualogue.command.fault"
local output = require "lualogue.command.output"
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

--- Values for the places of texts, and which of them were used.
---@class lualogue.command.Places
---@field values table<string, any>
---@field used table<string, boolean>
---@field given string[][] of the command line
local Places = {}
Places.__index = Places

---@param given? string[][] pairs of a name and a value
---@param found? table the template, which may have values of its own
---@return lualogue.command.Places
function templates.places(given, found)
  local self = setmetatable({ values = {}, used = {}, given = given or {} }, Places)
  for name, value in pairs(found and found.params or {}) do self.values[name] = value end
  for _, pair in ipairs(self.given) do self.values[pair[1]] = pair[2] end
  return self
end

--- Put the values in.
---@param text? string
---@param where string what the text is
---@return string?
function Places:fill(text, where)
  if not text then return nil end
  local filled, problem = template.fill(text, setmetatable({}, { __index = function(_, name)
    self.used[name] = true
    return self.values[name]
  end }))
  if not filled then
    fault.use("%s has a place for '%s', which no -p gives a value", where, problem)
  end
  if problem then output.note(("lualogue: warning: %s: %s"):format(where, problem)) end
  return filled
end

--- Raise where a value was given for which there is no place.
function Places:check()
  for _, pair in ipairs(self.given) do
    if not self.used[pair[1]] then fault.use("-p %s: there is no ${%s}", pair[1], pair[1]) end
  end
end

return templates
