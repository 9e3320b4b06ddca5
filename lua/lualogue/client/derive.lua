--- `client:with`: a client that goes on from another. The core hands on what it keeps, keys among
--- it; here is the rest.

local environment = require "lualogue.environment"
local native = require "lualogue.native"
local observe = require "lualogue.observe"
local own = require "lualogue.client.own"

local derive = {}

-- What a client is opened with, and stays.
local FIXED = { cassette = true, record = true, dotenv = true }

--- By which way another server is reached, where nobody has chosen one.
local function find_way(self, settings)
  local url, own_way = settings.base_url, self.own_way
  if own_way == true or settings.proxy ~= nil or settings.unix_socket ~= nil then return end
  if type(url) ~= "string" or own_way == "file" and not environment.is_loopback(url) then return end
  local way = environment.way(url)
  settings.proxy = way.proxy or false
  if settings.no_proxy == nil then settings.no_proxy = way.no_proxy end
end

--- What the new client is made of.
---@param self table the client that it goes on from
---@param options any
---@return table fields
function derive.fields(self, options)
  local raise = native.core().raise
  if type(options) ~= "table" then
    raise("bad argument 'options' to 'with' (table expected, got "
      .. (options == nil and "nothing" or type(options)) .. ")")
  end
  local settings = {}
  for name, value in next, options do
    if FIXED[name] then
      raise(("bad argument '%s' to 'with' (only lualogue.new takes it)"):format(name))
    end
    settings[name] = value
  end
  local given = own.take(settings, "with", self.defaults)
  find_way(self, settings)
  local inner, watched_by = observe.parts(self.core)
  watched_by = observe.take(settings, watched_by, "with")
  local core = inner:with(settings)
  if watched_by then core = observe.over(core, watched_by) end
  local source = given.key
  if settings.api_key == nil then source = self.key and self.key:fork() end
  return {
    core = core, key = not self.keyless and source or nil, keyless = self.keyless,
    model = settings.model or self.model,
    server = settings.base_url and environment.plain_url(settings.base_url) or self.server,
    defaults = given.defaults, own_way = self.own_way,
    places = settings.base_url == nil and self.places
      and self.places:fork(settings.model) or nil,
  }
end

return derive
