--- `lualogue --version`

local output = require "lualogue.command.output"

local version = {}

---@return integer code
function version.show()
  local lualogue = require "lualogue"
  local jit = rawget(_G, "jit")
  return output.print(("lualogue %s, %s, libcurl %s\n"):format(lualogue._VERSION,
    jit and jit.version or _VERSION, lualogue.features.libcurl))
end

return version
