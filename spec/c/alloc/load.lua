-- Everything that happens once in a state: the modules load, a client is made.
local function load()
  local lualogue = require "lualogue"
  local client = lualogue.new { model = "eliza", api_key = "k", max_retries = 0 }
  return tostring(client) ~= nil and lualogue.null ~= nil and #lualogue.vector({ 1 }) == 1
    and lualogue.json.encode({ a = 1 }) == '{"a":1}' and type(lualogue.features) == "table"
end

return load, true
