--- The C core, loaded on first use: `require "lualogue"` alone must not cost libcurl.

local loader = require "lualogue.loader"

---@class lualogue.Native
local native = {}

local core

--- The module `lualogue.core`. Raises one line that says what is missing.
---@return lualogue.Core
function native.core()
  core = core or loader.load "lualogue.core"
  return core
end

return native
