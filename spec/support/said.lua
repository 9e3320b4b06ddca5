--- What lualogue says beside all calls, as it is told to a program.
local lualogue = require "lualogue"

local said = {}

---@param run fun()
---@return string[] texts in their order
function said.during(run)
  local texts = {}
  lualogue.on_error(function(text) texts[#texts + 1] = text end)
  local ok, err = pcall(run)
  lualogue.on_error(nil)
  assert(ok, err)
  return texts
end

return said
