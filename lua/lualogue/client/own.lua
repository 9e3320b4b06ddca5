--- The options of a client of which the core knows nothing.

local key = require "lualogue.client.key"
local native = require "lualogue.native"

local own = {}

--- Take them out of what a client is given.
---@param settings table changed in place: what is left is the core's
---@param where string
---@param below? table the defaults of the client that this one goes on from
---@return { key?: table, defaults?: table } own where keys come from, and parameters of its calls
function own.take(settings, where, below)
  local given, argv = { defaults = below }, settings.api_key_command
  if settings.defaults ~= nil then
    given.defaults = require("lualogue.client.defaults").read(below, settings.defaults, where)
  end
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
  return given
end

--- Parameters with the defaults of the client: see `lualogue.client.defaults`.
---@param client table
---@param operation string its official name
---@param params any
---@param streams? any whether it is sent as a stream
---@return any params
function own.params(client, operation, params, streams)
  if not rawget(client, "defaults") then return params end
  return require("lualogue.client.defaults").under(client, operation, params, streams)
end

return own
