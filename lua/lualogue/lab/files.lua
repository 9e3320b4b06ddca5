--- Files of the lab, and what goes wrong with them in words.

local errors = require "lualogue.errors"
local native = require "lualogue.native"

local files = {}

--- A failure of the disk, such as a full one, as an error object.
---@param why any
---@return lualogue.Error
function files.failure(why) return errors.new { kind = "file", message = tostring(why) } end

--- All of a file.
---@param path string
---@return string? bytes
---@return string? why
function files.read(path)
  local handle, why = io.open(path, "rb")
  if not handle then return nil, why end
  local bytes
  bytes, why = handle:read "*a"
  handle:close()
  if not bytes then return nil, ("%s: %s"):format(path, tostring(why)) end
  return bytes
end

local function write(path, mode, bytes)
  local handle, why = io.open(path, mode)
  if not handle then return nil, why end
  local ok
  ok, why = handle:write(bytes)
  local closed, reason = handle:close() -- what a full disk did not take shows here at the latest
  if not ok or not closed then return nil, ("%s: %s"):format(path, tostring(why or reason)) end
  return true
end

--- A file with these bytes; others see it whole or not at all. Unlike `core.replace_file` it does
--- not wait for the disk: what is lost can be had again.
---@param path string
---@param bytes string
---@param is_ours? boolean its folder is made where it is missing
---@return true? done
---@return string? why
function files.put(path, bytes, is_ours)
  local temporary = ("%s.%s%d.tmp"):format(path, tostring({}):match "(%w+)$",
    math.floor(native.core().now() * 1000 % 1e9))
  local ok, why = write(temporary, "wb", bytes)
  if not ok and is_ours then
    local made, reason = native.core().make_folder(path:match "^(.*)/" or ".")
    if not made then return nil, reason end
    ok, why = write(temporary, "wb", bytes)
  end
  if ok then ok, why = os.rename(temporary, path) end
  if not ok then os.remove(temporary) end
  return ok and true, why
end

--- The names in a folder that match a pattern, sorted; none where there is no such folder.
---@param path string
---@param pattern string
---@return string[]
function files.names(path, pattern)
  local names = {}
  for _, entry in ipairs(native.core().folder(path) or {}) do
    if entry.name:find(pattern) then names[#names + 1] = entry.name end
  end
  table.sort(names)
  return names
end

--- The folder of the lab's own files, which no version control is to have.
---@param folder string
---@return true? done
---@return string? why
function files.make_home(folder)
  local ok, why = native.core().make_folder(folder)
  if not ok then return nil, why end
  local ignore = folder .. "/.gitignore"
  local handle = io.open(ignore, "rb")
  if handle then
    handle:close()
    return true
  end
  return files.put(ignore, "*\n")
end

return files
