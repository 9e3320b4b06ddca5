--- Azure OpenAI: where its servers are, what they call a model, and where they want the key.
---
--- There are two styles of URL. The one without versions, below `/openai/v1`, is that of OpenAI;
--- the older one has `?api-version=` in each, and the deployment in the path of what asks a model,
--- and there alone.

local native = require "lualogue.native"

local azure = {}

local KEY, TOKEN = "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"

local function refuse(name, why)
  native.core().raise(("bad argument '%s' to 'azure' (%s)"):format(name, why))
end

--- What asks a model, in the older style.
local DEPLOYED = {}
for path in ([[completions chat/completions embeddings audio/transcriptions audio/translations
  audio/speech images/generations images/edits]]):gmatch "%S+" do
  DEPLOYED["/" .. path] = true
end

--- The URL of a deployment, whose name becomes one segment of it.
local function below(base, deployment)
  if deployment == "" or deployment == "." or deployment == ".." then
    refuse("deployment", ("'%s' is no name"):format(deployment))
  end
  return base .. "/deployments/" .. deployment:gsub("[^%w%-_.~]", function(c)
    return ("%%%02X"):format(c:byte())
  end)
end

-- ------------------------------------------------------------------ the places of the older style

local MAX_CORES = 64 -- of deployments that calls name; then they are made anew

local places = {}
places.__index = places

local function new_places(base, deployment)
  return setmetatable({ base = base, deployment = deployment, cores = {}, n = 0 }, places)
end

--- The same for a client that goes on from this one; its model, if it names one, is a deployment.
function places:fork(model)
  return new_places(self.base, self.deployment and (model or self.deployment))
end

--- The core for a call: below its deployment, if it asks a model.
function places:core_for(client, method, path, body)
  path = tostring(path):gsub("%?.*$", ""):gsub("^/*", "/")
  if method ~= "POST" or not DEPLOYED[path] then return client.core end
  local deployment = self.deployment or type(body) == "table" and rawget(body, "model")
    or client.model
  if type(deployment) ~= "string" then
    native.core().raise "no deployment: give lualogue.azure a deployment, or the call a model"
  end
  if self.core ~= client.core or self.n >= MAX_CORES then -- another key, or too many
    self.core, self.cores, self.n = client.core, {}, 0
  end
  if not self.cores[deployment] then
    local url = below(self.base, deployment)
    self.cores[deployment], self.n = client.core:with { base_url = url }, self.n + 1
  end
  return self.cores[deployment]
end

function places:close()
  for _, core in next, self.cores do core:close() end
  self.core = nil
end

-- ------------------------------------------------------------------ a client

local function string_of(settings, name)
  local value = settings[name]
  settings[name] = nil
  if value ~= nil and (type(value) ~= "string" or value == "") then
    refuse(name, "string expected, got " .. (value == "" and "an empty one" or type(value)))
  end
  return value
end

--- Where the server is, without what follows, and where that is from.
local function endpoint_of(settings, look)
  local resource, endpoint = string_of(settings, "resource"), string_of(settings, "endpoint")
  if settings.base_url ~= nil then refuse("base_url", "endpoint says where the server is") end
  if resource and endpoint then refuse("resource", "there is an endpoint too") end
  if resource then
    if not resource:find "^%w[%w-]*$" then
      refuse("resource", "letters, digits and '-' expected")
    end
    return ("https://%s.openai.azure.com"):format(resource), "code"
  end
  local from = "code"
  if not endpoint then endpoint, from = look "AZURE_OPENAI_ENDPOINT" end
  if not endpoint then
    native.core().raise("no server: give lualogue.azure a resource or an endpoint,"
      .. " or set AZURE_OPENAI_ENDPOINT")
  end
  -- As a portal shows it, with either end.
  endpoint = endpoint:gsub("/+$", ""):gsub("/openai/v1$", ""):gsub("/openai$", "")
  return endpoint:gsub("/+$", ""), from
end

--- A token of Entra goes as Bearer, a key as `api-key`.
local function set_key(settings, look)
  local token = settings.ad_token
  settings.ad_token = nil
  local has_key = settings.api_key ~= nil or settings.api_key_command ~= nil
  if token ~= nil and has_key then refuse("ad_token", "there is an api_key too") end
  local from
  if token == nil and not has_key then token, from = look(TOKEN) end
  if token ~= nil then
    settings.api_key = token
  elseif settings.key_header == nil then
    settings.key_header = "api-key"
  end
  return from
end

local function version_of(settings, look)
  local version = settings.api_version
  if version == false then
    settings.api_version = nil
    return nil
  end
  return string_of(settings, "api_version") or look "OPENAI_API_VERSION"
end

--- A client of Azure OpenAI, where a model has the name of its deployment. What is not given comes
--- from `AZURE_OPENAI_ENDPOINT`, `AZURE_OPENAI_API_KEY` (or `AZURE_OPENAI_AD_TOKEN`) and
--- `OPENAI_API_VERSION`. With a version the URLs are of the older style: what asks a model goes to
--- its `deployment`, or where none is given to that which the `model` of the call names.
---
--- ```lua
--- local client = lualogue.azure { resource = "mine", deployment = "chat" }
--- local older = lualogue.azure { resource = "mine", api_version = "2024-10-21", model = "chat" }
--- ```
---@param options lualogue.AzureOptions
---@return lualogue.Client
function azure.client(options)
  if type(options) ~= "table" then
    refuse("options", "table expected, got " .. (options == nil and "nothing" or type(options)))
  end
  local several
  local client = require("lualogue.client.given").client(options, {
    variables = { api_key = KEY },
    prepare = function(settings, look, came)
      local endpoint, from = endpoint_of(settings, look)
      local version, deployment = version_of(settings, look), string_of(settings, "deployment")
      came.api_key = set_key(settings, look)
      if settings.model == nil then settings.model = deployment end
      settings.base_url = endpoint .. "/openai" .. (version and "" or "/v1")
      if not version then return from end
      if deployment then below("", deployment) end -- raises for what is no name
      several = new_places(settings.base_url, deployment)
      local query, given = { ["api-version"] = version }, settings.query
      if given == nil or type(given) == "table" then
        for name, value in next, given or {} do query[name] = value end
        settings.query = query
      end
      return from
    end,
  })
  client.places = several
  return client
end

return azure
