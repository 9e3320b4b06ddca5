--- From what `lualogue.new` is given to a client: what is absent comes from the environment.

local environment = require "lualogue.environment"
local native = require "lualogue.native"
local observe = require "lualogue.observe"

local given = {}

--- Whether the key may go where it would; raises where there is none.
local function check_key(settings, came, variable)
  local core, url = native.core(), settings.base_url
  if came.api_key and not environment.may_be_sent(came, url) then
    core.raise(("%s is not sent without TLS to a base_url that was given %s: name it"
      .. " (api_key = os.getenv \"%s\"), or send none (api_key = false)"):format(
      variable, came.base_url == "code" and "in code" or "by the file of dotenv alone", variable))
  end
  if settings.api_key ~= nil then return end
  -- Where the URL is wrong, that is what has to be mended first.
  if type(url) == "string" and not environment.is_loopback(url) then
    core.raise(("no API key: set %s, or give an api_key"
      .. " (api_key = false for a server that wants none)"):format(variable))
  end
  settings.api_key = false
end

--- What the file of `dotenv` says, and what there is to warn of.
local function read_file(settings)
  local path = settings.dotenv
  settings.dotenv = nil
  if path == nil then return nil end
  local core = native.core()
  if type(path) ~= "string" then
    core.raise(("bad argument 'dotenv' to 'new' (string expected, got %s)"):format(type(path)))
  end
  local values, err = require("lualogue.dotenv").read(path)
  if not values then core.raise(err.message) end
  local mode = core.others_may_read(path)
  local warning = mode and ("others than its owner may read '%s' (mode %s), which holds keys:"
    .. " chmod 600"):format(path, mode)
  return values, warning
end

--- The same as `lualogue.new`.
---@param options? lualogue.ClientOptions
---@param kind? lualogue.environment.Kind of server; unset: OpenAI's
---@return lualogue.Client
function given.client(options, kind)
  if options ~= nil and type(options) ~= "table" then
    native.core().raise("bad argument 'options' to 'new' (table expected, got "
      .. type(options) .. ")")
  end
  kind = kind or environment.OPENAI
  options = options or {}
  local settings = {}
  for name, value in next, options do settings[name] = value end
  if settings.api_key_command ~= nil and settings.api_key == nil then settings.api_key = false end
  local cassette, offline = require("lualogue.cassette.given").of(settings)
  local file, warning = read_file(settings)
  local own_way = settings.proxy ~= nil or settings.unix_socket ~= nil
  local came = environment.fill(settings, file, kind)
  if not own_way and came.proxy == "file" then own_way = "file" end
  check_key(settings, came, kind.variables.api_key)
  local client = require("lualogue.client").new(settings, cassette, offline, own_way)
  if warning then observe.tell(client.core, nil, { type = "warning", message = warning }) end
  return client
end

return given
