--- `lualogue cache`: the answers that the lab has kept.

local fault = require "lualogue.command.fault"
local output = require "lualogue.command.output"

local command = {}

local FOLDER = ".lualogue"
local UNITS = { s = 1, m = 60, h = 3600, d = 86400, w = 604800 }

local function seconds_of(age)
  local number, unit = age:match "^(%d+)([smhdw])$"
  if not number then fault.use("--older: an age such as 30d or 12h expected, got '%s'", age) end
  return tonumber(number) * UNITS[unit]
end

local function told(n, bytes, what)
  return output.print(("%d answers, %.1f KiB%s\n"):format(n, bytes / 1024, what))
end

---@param options table
---@return integer code
function command.run(options)
  local verb = options[1]
  if options[2] or verb ~= "size" and verb ~= "prune" then
    fault.use "cache: size or prune expected (lualogue cache --help)"
  end
  local cache = require("lualogue.lab.cache").new(FOLDER)
  if verb == "size" then
    if options.older then fault.use "--older belongs to prune" end
    local n, bytes = cache:size()
    return told(n, bytes, "")
  end
  local n, bytes = cache:prune(options.older and seconds_of(options.older) or 0)
  return told(n, bytes, " removed")
end

return command
