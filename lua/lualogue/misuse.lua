--- Wrong arguments, for modules that work without the core: the core's own `raise` in Lua.

local misuse = {}

local getinfo = debug and debug.getinfo -- not in every sandbox: then the core knows the line

-- Where lualogue's own sources are, as `debug.getinfo` has it.
local HOME = getinfo and getinfo(1, "S").source:match("^.*[/\\]") or "@"

--- The nearest caller outside of lualogue, as `debug.getinfo` has it.
---@param co? thread where; default: here
---@return { source: string, short_src: string, currentline: integer }?
function misuse.caller(co)
  if not getinfo then return nil end
  local level = co and 0 or 2
  while true do
    local info
    if co then info = getinfo(co, level, "Sl") else info = getinfo(level, "Sl") end
    if not info then return nil end
    if info.currentline > 0 and info.source:sub(1, #HOME) ~= HOME then return info end
    level = level + 1
  end
end

--- Raise a message with the line of the nearest caller outside of lualogue.
---@param message string
function misuse.raise(message)
  local core = not getinfo and package.loaded["lualogue.core"]
  if core then core.raise(message) end
  local info = misuse.caller()
  if not info then error(message, 0) end
  error(("%s:%d: %s"):format(info.short_src, info.currentline, message), 0)
end

--- Raise unless a value has the type that is expected of an argument.
---@param value any
---@param expected type
---@param name string of the argument
---@param where string the function that was called
function misuse.check(value, expected, name, where)
  if type(value) ~= expected then
    misuse.raise(("bad argument '%s' to '%s' (%s expected, got %s)"):format(
      name, where, expected, value == nil and "nothing" or type(value)))
  end
end

--- Raise what is said to who calls a method with a dot.
---@param name string as which the object is shown
---@param method string
function misuse.colon(name, method)
  misuse.raise(("bad argument 'self' to '%s' (call it with a colon: %s:%s)"):format(
    method, name, method))
end

return misuse
