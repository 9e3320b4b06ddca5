--- The options of a client of which the core knows nothing.

local defaults = require "lualogue.client.defaults"
local key = require "lualogue.client.key"
local native = require "lualogue.native"

local own = {}

--- Take them out of what a client is given.
---@param settings table changed in place: what is left is the core's
---@param where string
---@return table own `key`: a source of keys; `defaults`
function own.take(settings, where)
  local given, argv = { defaults = settings.defaults }, settings.api_key_command
  settings.defaults, settings.api_key_command = nil, nil
  if argv ~= nil and settings.api_key then
    native.core().raise(("bad argument 'api_key_command' to '%s' (there is an api_key too)")
      :format(where))
  elseif argv ~= nil then
    given.key = require("lualogue.client.command").new(argv, where)
  elseif type(settings.api_key) == "function" then
    given.key = key.of_function(settings.api_key)
  end
  if given.key then settings.api_key = false end
  defaults.check(given.defaults, where)
  return given
end

return own
