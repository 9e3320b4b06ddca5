--- Who is asked: a model of the usual server, or a name of config.lua.

local environment = require "lualogue.environment"
local fault = require "lualogue.command.fault"
local settings = require "lualogue.command.settings"

local whom = {}

local DEFAULT_MODEL = "gpt-4o-mini"

---@class lualogue.command.Who
---@field name? string as it was asked for
---@field model? string nil: the first that the server has
---@field client table options of `lualogue.new`

--- Who answers under a name.
---@param name? string nil: the usual one
---@return lualogue.command.Who
function whom.of(name)
  local conf = settings.config()
  name = name or environment.variable "LUALOGUE_MODEL" or environment.variable "OPENAI_MODEL"
    or conf.model
  local client = {}
  for key, value in pairs(conf.client or {}) do client[key] = value end
  -- The environment's server comes before that of config.lua.
  local url = environment.variable "OPENAI_BASE_URL"
  client.base_url = not url and conf.base_url or nil
  local entry = conf.models and name and conf.models[name]
  if type(entry) == "string" then return { name = name, model = entry, client = client } end
  if type(entry) ~= "table" then
    local usual = not url and not client.base_url and DEFAULT_MODEL or nil
    return { name = name, model = name or usual, client = client }
  end
  local model = name
  for key, value in pairs(entry) do
    if key == "model" then model = value else client[key] = value end
  end
  return { name = name, model = model, client = client }
end

--- The model of a server that was not told one.
local function first_model(client)
  local list, err = client:request("GET", "/models")
  if not list then fault.of(err) end
  local data = type(list) == "table" and list.data
  for _, model in ipairs(type(data) == "table" and data or {}) do
    local id = type(model) == "table" and model.id
    if type(id) == "string" and not id:lower():find("embed", 1, true) then return id end
  end
  fault.use "no model: -m NAME, LUALOGUE_MODEL, or model in config.lua"
end

--- A client of theirs. What is missing or wrong is wrong use.
---@param who lualogue.command.Who
---@return lualogue.Client
function whom.plain_client(who)
  local given = { model = who.model }
  for key, value in pairs(who.client) do given[key] = value end
  local ok, client = pcall(fault.checked, require("lualogue").new, given)
  if ok then return client end
  if tostring(client):find("no API key", 1, true) then
    fault.use "no API key: set OPENAI_API_KEY (or client = { api_key = false } in config.lua)"
  end
  error(client, 0)
end

--- The same with a model; the server is asked for one if none is known.
---@param who lualogue.command.Who
---@return lualogue.Client
function whom.client(who)
  local client = whom.plain_client(who)
  if not who.model then who.model = first_model(client) end
  return client
end

return whom
