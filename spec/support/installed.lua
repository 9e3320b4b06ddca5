--- Say where `make install` has put lualogue, and what to set so that the Lua that runs this finds it.
---
---   lua5.4 spec/support/installed.lua DESTDIR LUADIR LIBDIR

local destdir, luadir, libdir = arg[1], arg[2], arg[3]
local number = _VERSION:match "%d+%.%d+"

print(("lualogue for Lua %s is in %s%s/lualogue and %s%s/lualogue"):format(number, destdir, luadir, destdir, libdir))
if destdir ~= "" then print(("to be moved to %s and %s"):format(luadir, libdir)) end

--- The variable that this Lua reads: the one of its version hides the other.
local function variable(name)
  local own = name .. "_" .. number:gsub("%.", "_")
  return number ~= "5.1" and os.getenv(own) and own or name
end

local function has(list, template) return (";" .. list .. ";"):find(";" .. template .. ";", 1, true) end

local set = {}
local function want(name, list, templates)
  for _, template in ipairs(templates) do
    if not has(list, template) then
      name = variable(name)
      -- An empty place among the paths is where the default ones go.
      set[#set + 1] = ('export %s="%s;${%s:-;}"'):format(name, table.concat(templates, ";"), name)
      return
    end
  end
end
want("LUA_PATH", package.path, { luadir .. "/?.lua", luadir .. "/?/init.lua" })
want("LUA_CPATH", package.cpath, { libdir .. "/?.so" })

if set[1] then
  print("this Lua does not look there until you set:")
  print(table.concat(set, "\n"))
else
  print "this Lua looks there; there is nothing to set"
end
if not pcall(require, "cjson") then
  print("it has no lua-cjson (Debian's and LuaRocks' name), which lualogue reads JSON with")
end
