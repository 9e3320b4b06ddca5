--- The models of a lab: names, or tables that say where they are as well.

local environment = require "lualogue.environment"

local models = {}

---@class lualogue.lab.Model
---@field name string in tables
---@field id string as the server knows it
---@field server string base URL, without what may be secret in it
---@field options table for `lualogue.new`
---@field params table for its requests only
---@field limit integer how many requests at a time its server gets of it; see `lane`
---@field client? lualogue.Client to ask with, if it was given

local OURS = {
  name = "string", model = "string", params = "table", concurrency = "number", client = "table",
}

--- A model of a lab file.
---@param given string|table
---@param name? string under which it stands
---@return lualogue.lab.Model? model
---@return string? why
function models.of(given, name)
  if type(given) == "string" then given = { model = given } end
  if type(given) ~= "table" then return nil, "a name or a table expected, got " .. type(given) end
  local options = {}
  for key, value in next, given do
    local kind = OURS[key]
    if kind and type(value) ~= kind then
      return nil, ("%s: %s expected, got %s"):format(key, kind, type(value))
    elseif type(key) ~= "string" then
      return nil, ("unknown field '%s'"):format(tostring(key))
    elseif not kind then
      options[key] = value
    end
  end
  local id = given.model or given.name or name
  if not id then return nil, "it has no model" end
  local limit = given.concurrency
  if limit and (limit < 1 or limit % 1 ~= 0) then
    return nil, "concurrency: a whole number from 1 expected"
  end
  local url = given.client and given.client.server or options.base_url
    or environment.variable "OPENAI_BASE_URL" or environment.DEFAULT_BASE_URL
  return {
    name = given.name or name or id, id = id, server = environment.plain_url(url),
    options = options, params = given.params or {}, limit = limit, client = given.client,
  }
end

return models
