--- From what `lualogue.new` is given to a client: what is absent comes from the environment.

local environment = require "lualogue.environment"
local native = require "lualogue.native"

local given = {}

--- Whether the key may go where it would; raises where there is none.
local function check_key(options, settings)
  local core, url = native.core(), settings.base_url
  local is_environments = rawget(options, "api_key") == nil and settings.api_key
  if is_environments and not environment.may_be_sent(options, url) then
    core.raise("OPENAI_API_KEY is not sent without TLS to a base_url that was given in code:"
      .. " name it (api_key = os.getenv \"OPENAI_API_KEY\"), or send none (api_key = false)")
  end
  if settings.api_key ~= nil then return end
  -- Where the URL is wrong, that is what has to be mended first.
  if type(url) == "string" and not environment.is_loopback(url) then
    core.raise("no API key: set OPENAI_API_KEY, or give lualogue.new an api_key"
      .. " (api_key = false for a server that wants none)")
  end
  settings.api_key = false
end

--- The same as `lualogue.new`.
---@param options? lualogue.ClientOptions
---@return lualogue.Client
function given.client(options)
  if options ~= nil and type(options) ~= "table" then
    native.core().raise("bad argument 'options' to 'new' (table expected, got "
      .. type(options) .. ")")
  end
  options = options or {}
  local settings = {}
  for name, value in next, options do settings[name] = value end
  if settings.api_key_command ~= nil and settings.api_key == nil then settings.api_key = false end
  local cassette, offline = require("lualogue.cassette.given").of(settings)
  local own_way = settings.proxy ~= nil or settings.unix_socket ~= nil
  environment.fill(settings)
  check_key(options, settings)
  return require("lualogue.client").new(settings, cassette, offline, own_way)
end

return given
