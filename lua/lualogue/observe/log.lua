--- What is written of events: lines of JSON into a file (`log`), lines for people to stderr
--- (`LUALOGUE_LOG`).

local environment = require "lualogue.environment"
local native = require "lualogue.native"

local log = {}

local LEVELS = { debug = 1, info = 2, warn = 3, error = 4 }
local OF_EVENTS = {
  request = "debug", headers = "debug", upload = "debug", download = "debug",
  done = "info", retry = "warn", warning = "warn", error = "error",
}

local function level_of(event) return OF_EVENTS[event.type] or "debug" end

-- ------------------------------------------------------------------ for people

--- What there is to say of an event of this kind.
local texts = {
  request = function(e)
    local body = e.bytes and ("%d bytes"):format(e.bytes) or "with files"
    return ("attempt %d, %s%s"):format(e.attempt, body, e.stream and ", a stream" or "")
  end,
  headers = function(e)
    return ("%d%s"):format(e.status, e.request_id and ", request " .. e.request_id or "")
  end,
  retry = function(e) return ("again in %g s: %s"):format(e.delay, e.reason) end,
  done = function(e)
    local tokens = type(e.usage) == "table" and e.usage.total_tokens
    return ("%s, %s in %.3f s, %d bytes%s"):format(e.verdict, tostring(e.status), e.elapsed,
      e.bytes_received or 0, tokens and (", %s tokens"):format(tostring(tokens)) or "")
  end,
  error = function(e) return ("after %.3f s: %s"):format(e.elapsed, tostring(e.err)) end,
  warning = function(e) return tostring(e.message) end,
}

local function progress(e)
  return ("%d bytes%s"):format(e.bytes or 0, e.total and (" of %d"):format(e.total) or "")
end

local function line_of(event)
  local text = (texts[event.type] or progress)(event)
  local call = event.call and (" #%d %s %s"):format(event.call, event.method, event.url) or ""
  local line = ("lualogue %s: %s%s: %s"):format(level_of(event), event.type, call, text)
  return (line:gsub("%c", " ")) .. "\n"
end

local stderr = {}
stderr.__index = stderr

function stderr:write(event)
  if LEVELS[level_of(event)] >= self.least then io.stderr:write(line_of(event)) end
end

--- Whether it has the word for people of a warning.
function stderr:tells() return self.least <= LEVELS.warn end

--- What LUALOGUE_LOG asks for; nil where it is not set.
---@return table? log
function log.of_environment()
  local level = environment.variable "LUALOGUE_LOG"
  if not level then return nil end
  if not LEVELS[level:lower()] then
    native.core().raise(("LUALOGUE_LOG is %q: debug, info, warn or error expected"):format(level))
  end
  return setmetatable({ least = LEVELS[level:lower()] }, stderr)
end

-- ------------------------------------------------------------------ into a file

local OF_ERRORS = { "kind", "message", "status", "code", "type", "param", "request_id",
  "retry_after", "attempts", "host", "phase" }

--- The same with nothing that is no JSON.
local function plain(value, depth)
  if type(value) == "string" then return (value:gsub("[\128-\255]", "?")) end
  local is_number = type(value) == "number" and value == value and math.abs(value) < math.huge
  if is_number or type(value) == "boolean" then return value end
  if type(value) ~= "table" then return tostring(value) end
  if depth > 20 then return "..." end
  local copy = {}
  for key, inner in next, value do copy[tostring(key)] = plain(inner, depth + 1) end
  return copy
end

local function record_of(event)
  local core = native.core()
  local now = core.log.time()
  local record = {}
  for name, value in next, event do record[name] = value end
  record.time = os.date("!%Y-%m-%dT%H:%M:%S", math.floor(now))
    .. (".%03dZ"):format(math.floor(now * 1000) % 1000)
  record.level, record.pid = level_of(event), core.log.pid()
  if event.err then
    record.err = {}
    for _, name in ipairs(OF_ERRORS) do record.err[name] = event.err[name] end
  end
  local ok, text = pcall(core.json.encode, record)
  return ok and text or core.json.encode(plain(record, 1))
end

local file = {}
file.__index = file

local function append(self, line)
  return native.core().log.append(self.path, line, self.max_bytes, self.keep)
end

function file:write(event, who)
  if LEVELS[level_of(event)] < self.least then return end
  -- What could not be written may have been half written.
  local line = (self.is_broken and "\n" or "") .. record_of(event) .. "\n"
  local ok, why = append(self, line)
  if ok then
    self.is_broken = false
  elseif not self.is_broken then
    self.is_broken = true
    who:warn("the log is incomplete: " .. why)
  end
end

function file:tells() return false end -- nobody looks into it now

local function refuse(name, where, expected, value)
  native.core().raise(("bad argument '%s' to '%s' (%s expected, got %s)"):format(
    name, where, expected, type(value) == "string" and ("%q"):format(value) or tostring(value)))
end

--- A whole number of this option, or what it is if it is not given.
local function whole(options, name, where, default, most)
  local value = rawget(options, name)
  if value == nil then return default end
  if type(value) ~= "number" or value < 1 or value > most or value % 1 ~= 0 then
    refuse("log." .. name, where, ("a whole number from 1 to %d"):format(most), value)
  end
  return value
end

local OPTIONS = { path = true, max_bytes = true, keep = true, level = true }

--- The same path from the root on, wherever the program goes to later; nil and why not.
local function absolute(path)
  if path:sub(1, 1) == "/" then return path end
  local folder, why = native.core().current_folder()
  return folder and folder .. "/" .. path, why
end

--- The file that the option `log` names; raises where it cannot be written.
---@param options string|lualogue.LogOptions
---@param where string the function that was given it
---@return table log
function log.of_option(options, where)
  if type(options) == "string" then options = { path = options } end
  if type(options) ~= "table" then refuse("log", where, "a path or a table", options) end
  for name in next, options do
    if not OPTIONS[name] then refuse("log", where, "path, max_bytes, keep or level", name) end
  end
  local path, level = rawget(options, "path"), rawget(options, "level") or "debug"
  local is_path = type(path) == "string" and path ~= "" and not path:find "%z"
  if not is_path then refuse("log.path", where, "a path", path) end
  if not LEVELS[level] then refuse("log.level", where, "debug, info, warn or error", level) end
  local whole_path, no_path = absolute(path)
  local self = setmetatable({ path = whole_path, least = LEVELS[level] }, file)
  if rawget(options, "max_bytes") ~= false then
    self.max_bytes = whole(options, "max_bytes", where, 10 * 1024 * 1024, 2 ^ 50)
  end
  self.keep = whole(options, "keep", where, 3, 1000)
  local ok, why = nil, no_path
  if whole_path then ok, why = append(self, "") end
  if not ok then native.core().raise(("bad argument 'log' to '%s' (%s)"):format(where, why)) end
  return self
end

return log
