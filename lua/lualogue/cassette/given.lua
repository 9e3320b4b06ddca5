--- What the options of a client, or the environment, say of a cassette.

local environment = require "lualogue.environment"
local native = require "lualogue.native"

local given = {}

local function cassette_of(value, record)
  local cassettes = require "lualogue.cassette"
  if cassettes.is(value) then
    if record ~= nil then
      native.core().raise "bad argument 'record' to 'new' (the cassette was opened with one)"
    end
    return value
  elseif type(value) ~= "string" then
    native.core().raise("bad argument 'cassette' to 'new' (cassette or path expected, got "
      .. type(value) .. ")")
  end
  local cassette, err = cassettes.open(value, { record = record })
  if not cassette then native.core().raise(err.message) end
  return cassette
end

--- Take `cassette` and `record` out of the options of a client. One that only replays needs no key.
---@param settings table changed in place
---@return lualogue.Cassette? cassette
---@return boolean offline nothing may be sent
function given.of(settings)
  local value, record = settings.cassette, settings.record
  settings.cassette, settings.record = nil, nil
  if value == nil then value = environment.variable "LUALOGUE_CASSETTE" end
  local cassette = value and cassette_of(value, record) or nil
  if cassette and not cassette.records and settings.api_key == nil then settings.api_key = false end
  local offline = environment.variable "LUALOGUE_OFFLINE"
  return cassette, offline ~= nil and offline ~= "0"
end

return given
