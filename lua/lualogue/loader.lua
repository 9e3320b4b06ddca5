--- Loads the native modules, and says in one line why one cannot be loaded.

local loader = {}

--- What Lua a module was built for, as it says itself: `Lua 5.1` serves LuaJIT too.
local function built_for(message)
  local path = message:match("from file '([^']+)'")
  local file = path and io.open(path, "rb")
  if not file then return nil end
  local version = file:read("*a"):match("lualogue%.%a+ is built for (Lua %d%.%d)")
  file:close()
  return version
end

--- Which Lua runs, and how a build for it is made.
local function this_lua()
  local jit = rawget(_G, "jit")
  local number = _VERSION:match("%d+%.%d+") or "?"
  local name = jit and "luajit" or "lua" .. number
  local how = ("make build LUA=%s, or luarocks --lua-version=%s make"):format(name, number)
  return _VERSION .. (jit and " (" .. jit.version .. ")" or ""), how
end

--- A module that misses functions of Lua: those of another Lua, or of one that hides them.
local function explain_symbols(name, message)
  local running, how = this_lua()
  local version = built_for(message)
  if version ~= _VERSION then
    return ("%s was built for %s, and this is %s: %s"):format(name, version or "another Lua",
      running, how)
  end
  return ("%s is built for this Lua, %s, but the program that runs it hides it from modules:"
    .. " it must export its symbols (link it with -Wl,-E), and load a liblua with RTLD_GLOBAL")
    :format(name, running)
end

--- What the loader says, as one line that begins with what is to be done about it.
local function explain(name, message)
  local running, how = this_lua()
  if message:find("module '" .. name .. "' not found", 1, true) then
    -- The rest is a list of the places that were searched.
    return ("%s is not on package.cpath for %s: %s, then see make env; or install the rock")
      :format(name, running, how)
  end
  message = message:gsub("%s*\n%s*", " ")
  local why
  if message:find("undefined symbol: luaL?_") or message:find("version mismatch", 1, true) then
    why = explain_symbols(name, message)
  elseif message:find("numeric types", 1, true) then
    why = ("%s was built for a Lua whose numbers have another width than those of this one, %s:"
      .. " build it with the headers of the Lua that runs (%s)"):format(name, running, how)
  elseif message:find("libcurl[^%s/:]*: cannot open shared object") then
    why = name .. " needs libcurl, which this machine does not have (Debian: libcurl4)"
  end
  return why and why .. ": " .. message or message
end

--- The native module of this name. Raises one line that says what is missing.
---@param name string
---@return table
function loader.load(name)
  local ok, loaded = pcall(require, name)
  if not ok then error(explain(name, tostring(loaded)), 0) end
  loaded.set_home()
  return loaded
end

return loader
