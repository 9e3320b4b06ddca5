--- What the specs of hosts have in common: which are there, and a build for the Lua of each.

local program = require "spec.support.program"
local sources = require "spec.support.sources"

local host = {}

host.BUILD = os.getenv("LLG_BUILD") or "build"
host.HERE = sources.lines_of("pwd")[1]

--- Why a test of hosts is to be skipped; nil where all that it needs is there.
---@param needs string[] commands
---@return string? reason
function host.missing(needs)
  for _, need in ipairs(needs) do
    if #sources.lines_of("command -v " .. need) == 0 then
      return need .. " is not installed: make test-hosts installs it"
    end
  end
end

--- Where a host finds this build for its Lua.
---@param lua string
---@return string path
---@return string cpath
function host.environment_of(lua)
  local text = table.concat(sources.lines_of(("make -s --no-print-directory env BUILD=%s LUA=%s"):format(host.BUILD, lua)), "\n")
  local path, cpath = text:match('LUA_PATH="([^"]*)"'), text:match('LUA_CPATH="([^"]*)"')
  local function plain(value) return (value:gsub("%${.*$", "")) end
  return plain(path), plain(cpath)
end

--- The same as assignments in front of a command.
---@param lua string
---@return string
function host.paths(lua)
  local path, cpath = host.environment_of(lua)
  return ("LUA_PATH=%s LUA_CPATH=%s"):format(
    program.quote(host.HERE .. "/?.lua;" .. path .. ";;"), program.quote(cpath .. ";;"))
end

--- Ask again and again until there is an answer; raises where there is none for a long time.
---@generic T
---@param what string for the error
---@param look fun(): T?
---@param show? fun(): string what there is instead
---@return T
function host.wait(what, look, show)
  for _ = 1, 200 do
    local found = look()
    if found then return found end
    os.execute "sleep 0.05"
  end
  error("waited in vain for " .. what .. (show and ":\n" .. show() or ""), 2)
end

return host
