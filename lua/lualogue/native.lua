--- The C core, loaded on first use: `require "lualogue"` alone must not cost libcurl.

---@class lualogue.Native
local native = {}

local function explain(message)
  message = tostring(message)
  local running = _VERSION .. (rawget(_G, "jit") and " (" .. rawget(_G, "jit").version .. ")" or "")
  if message:find("libcurl", 1, true) then
    return "lualogue.core needs libcurl, which this machine does not have (Debian: libcurl4): "
      .. message
  elseif message:find("undefined symbol: lua", 1, true)
    or message:find("version mismatch", 1, true) then
    return "lualogue.core was built for another Lua than this one, which is " .. running
      .. ": build it with make build LUA=... or luarocks --lua-version=...: " .. message
  elseif message:find("module 'lualogue.core' not found", 1, true) then
    return "lualogue.core is not on package.cpath for " .. running
      .. ": see `make build` and `make env`, or install the rock for this Lua"
  end
  return message
end

local core

--- The module `lualogue.core`. Raises one line that says what is missing.
---@return lualogue.Core
function native.core()
  if core then return core end
  local ok, loaded = pcall(require, "lualogue.core")
  if not ok then error(explain(loaded), 0) end
  core = loaded
  local source = type(debug) == "table" and debug.getinfo and debug.getinfo(1, "S").source or ""
  core.set_home(source:match("^(@.*[/\\])native%.lua$") or "@lualogue/")
  return core
end

return native
