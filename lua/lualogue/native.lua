--- The C core, loaded on first use: `require "lualogue"` alone must not cost libcurl.

---@class lualogue.Native
local native = {}

--- What Lua the module was built for, as it says itself: `Lua 5.1` serves LuaJIT too.
local function built_for(message)
  local path = message:match("from file '([^']+)'")
  local file = path and io.open(path, "rb")
  if not file then return "another Lua" end
  local version = file:read("*a"):match("lualogue%.core is built for (Lua %d%.%d)")
  file:close()
  return version or "another Lua"
end

--- What the loader says, as one line that begins with what is to be done about it.
local function explain(message)
  message = tostring(message)
  local jit = rawget(_G, "jit")
  local running = _VERSION .. (jit and " (" .. jit.version .. ")" or "")
  if message:find("module 'lualogue.core' not found", 1, true) then
    -- The rest is a list of the places that were searched.
    return "lualogue.core is not on package.cpath for " .. running
      .. ": see `make build` and `make env`, or install the rock for this Lua"
  end
  message = message:gsub("%s*\n%s*", " ")
  if message:find("undefined symbol: luaL?_") or message:find("version mismatch", 1, true) then
    return "lualogue.core was built for " .. built_for(message) .. ", and this is " .. running
      .. ": build it with make build LUA=... or luarocks --lua-version=...: " .. message
  elseif message:find("libcurl[^%s/:]*: cannot open shared object") then
    return "lualogue.core needs libcurl, which this machine does not have (Debian: libcurl4): "
      .. message
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
  core.set_home()
  if not core.dns_never_blocks then
    io.stderr:write("lualogue: this libcurl may wait for a name lookup when a call is cancelled;"
      .. " 7.87 and later do not\n")
  end
  return core
end

return native
