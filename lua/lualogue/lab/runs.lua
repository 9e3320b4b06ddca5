--- Earlier runs, by what people call them.

local bless = require "lualogue.lab.bless"
local errors = require "lualogue.errors"
local files = require "lualogue.lab.files"
local log = require "lualogue.lab.log"
local results = require "lualogue.lab.result"

local runs = {}

local function failure(format, ...)
  return nil, errors.new { kind = "lab", message = format:format(...) }
end

--- The newest run of a lab that came to its end.
local function last_of(folder, name)
  for _, run in ipairs(log.list(folder, name)) do
    if log.is_over(run.path) then return run.path end
  end
end

--- The run that is meant: "last" (of the lab), "baseline" (the blessed one), a path, or the
--- beginning of the name of a run.
---@param what string
---@param folder string of cache and logs
---@param name? string of the lab; nil: of any
---@param file? string the lab file
---@return lualogue.lab.Result? result
---@return lualogue.Error? err
function runs.find(what, folder, name, file)
  if what == "last" then
    local path = last_of(folder, name)
    if not path then return failure("no run of %s has come to its end", name or "a lab") end
    return results.read(path)
  end
  if what == "baseline" then
    local path = bless.path(file or name or "lab.lua")
    if not files.read(path) then
      return failure("%s is missing: lualogue lab bless makes it", path)
    end
    return results.read(path)
  end
  if files.read(what) then return results.read(what) end
  local found
  for _, run in ipairs(log.list(folder)) do
    if run.id:sub(1, #what) == what then
      if found then return failure("%s: there are several runs of this name", what) end
      found = run.path
    end
  end
  if not found then return failure("%s: there is no such run", what) end
  return results.read(found)
end

return runs
