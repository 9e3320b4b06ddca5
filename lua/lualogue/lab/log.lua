--- The log of a run: a line for what is asked, a line for each cell as it is done, a line at the
--- end. Nothing in it is ever changed; a line that was torn by a kill is as if it were not there.

local files = require "lualogue.lab.files"
local json = require "lualogue.json"
local native = require "lualogue.native"

local log = {}
log.__index = log

local VERSION = 1
local MAX_WAITING = 100 -- lines
local TAIL_BYTES = 200 -- in which the last line of a whole run stands

---@class lualogue.lab.Header
---@field lab string whose run it is
---@field file? string the lab file
---@field spec string digest of all that is asked
---@field parts table<string, any> digests of its parts, to say what changed
---@field prompts table<string, any> as the lab file has them
---@field n integer cells
---@field time integer as `os.time` has it

--- The folder of the runs.
---@param folder string
---@return string
function log.folder(folder) return folder .. "/runs" end

--- A line of a file as a value; nil for one that is torn.
local function value_of(line)
  if line:sub(1, 1) ~= "{" or line:sub(-1) ~= "}" then return nil end
  local value = json.decode(line)
  return type(value) == "table" and value or nil
end

--- All of a run.
---@param path string
---@return lualogue.lab.Header? header
---@return table[]|string cells in the order of the file; or why not
---@return boolean? is_over it came to its end
function log.read(path)
  local text, why = files.read(path)
  if not text then return nil, why end
  local header, cells, is_over = nil, {}, false
  for line in text:gmatch "[^\n]+" do
    local value = value_of(line)
    if not header then
      header = value
      if not header or header.lualogue_lab == nil then
        return nil, path .. ": it is no run of a lab"
      end
      if header.lualogue_lab ~= VERSION then
        return nil, ("%s: it is of version %s, and this lualogue reads version %d"):format(
          path, tostring(header.lualogue_lab), VERSION)
      end
    elseif value and value["end"] then
      is_over = true
    elseif value then
      cells[#cells + 1] = value
    end
  end
  if not header then return nil, path .. ": it is empty" end
  return header, cells, is_over
end

--- Whether a run came to its end: by the last line of its file.
---@param path string
---@return boolean
function log.is_over(path)
  local handle = io.open(path, "rb")
  if not handle then return false end
  local size = handle:seek "end"
  handle:seek("set", math.max(0, size - TAIL_BYTES))
  local last = (handle:read "*a" or ""):match "([^\n]+)\n$"
  handle:close()
  local value = last and value_of(last)
  return value ~= nil and value["end"] == true
end

--- The header alone, of a file that may be long.
---@param path string
---@return lualogue.lab.Header?
function log.header(path)
  local handle = io.open(path, "rb")
  if not handle then return nil end
  local line = handle:read "*l"
  handle:close()
  local header = line and value_of(line)
  return header and header.lualogue_lab == VERSION and header or nil
end

--- The runs of a lab, the newest first; of all labs without a name.
---@param folder string
---@param name? string
---@return { path: string, id: string, header: lualogue.lab.Header }[]
function log.list(folder, name)
  local runs, home = {}, log.folder(folder)
  local names = files.names(home, "%.jsonl$")
  for i = #names, 1, -1 do
    local path = home .. "/" .. names[i]
    local header = log.header(path)
    if header and (not name or header.lab == name) then
      runs[#runs + 1] = { path = path, id = names[i]:gsub("%.jsonl$", ""), header = header }
    end
  end
  return runs
end

-- ------------------------------------------------------------------ writing

--- Begin the log of a run.
---@param folder string
---@param header lualogue.lab.Header
---@return table? log
---@return string? why
function log.begin(folder, header)
  header.lualogue_lab = VERSION
  local home, stamp = log.folder(folder), os.date("!%Y%m%dT%H%M%SZ", header.time)
  local n = #files.names(home, "^" .. stamp) -- of the same second: the later one sorts behind
  local path = ("%s/%s%s-%s.jsonl"):format(home, stamp, n > 0 and (".%03d"):format(n) or "",
    header.spec:sub(1, 8))
  local ok, why = files.put(path, json.encode(header) .. "\n", true)
  if not ok then return nil, why end
  return log.go_on(path)
end

--- Go on with the log of a run that was broken off.
---@param path string
---@return table? log
---@return string? why
function log.go_on(path)
  local text, why = files.read(path)
  if not text then return nil, why end
  local self = setmetatable({ path = path, waiting = {} }, log)
  if text:sub(-1) ~= "\n" then
    local ok
    ok, why = self:write "" -- what is torn stays a line of its own
    if not ok then return nil, why end
  end
  return self
end

--- Write a line, which is in the file when this returns, or not at all.
---@param line string
---@return true? done
---@return string? why
function log:write(line) return native.core().append_file(self.path, line .. "\n") end

--- Add a cell.
---@param record table
---@param may_wait? boolean it can be had again for nothing: it may be written with a later one
---@return true? done
---@return string? why
function log:add(record, may_wait)
  local waiting = self.waiting
  waiting[#waiting + 1] = json.encode(record)
  if may_wait and #waiting < MAX_WAITING then return true end
  return self:flush()
end

--- Write what waits.
---@return true? done
---@return string? why
function log:flush()
  local waiting = self.waiting
  self.waiting = {}
  if #waiting == 0 then return true end
  return self:write(table.concat(waiting, "\n"))
end

--- The run came to its end.
---@param sums table
---@return true? done
---@return string? why
function log:finish(sums)
  sums["end"] = true
  return self:add(sums)
end

return log
