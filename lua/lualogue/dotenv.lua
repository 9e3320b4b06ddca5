--- Files of variables, `.env`: lines like `NAME=value`, as shells read them, but for what is to be
--- computed: `$NAME` and backticks mean nothing here.
---
--- Blank lines and lines that begin with `#` say nothing. `export` may stand before the name, and
--- blanks around `=`. A value without quotes goes to the end of its line, or to a `#` behind a
--- blank. In single quotes everything stands for itself; in double quotes `\n`, `\r`, `\t`, `\"`,
--- `\\`, `\$` are what they are elsewhere; either may span lines. Of two equal names the last
--- counts.

local environment = require "lualogue.environment"
local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"

local dotenv = {}

local MAX_BYTES = 1048576

local ESCAPES = { n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["$"] = "$" }

--- What stands behind a quote up to the one that closes it, and where that is.
local function quoted(text, at, quote)
  if quote == "'" then
    local close = text:find("'", at, true)
    return close and text:sub(at, close - 1), close
  end
  local close = at
  while true do
    close = text:find('["\\]', close)
    if not close then return nil end
    if text:sub(close, close) == '"' then break end
    close = close + 2
  end
  local value = text:sub(at, close - 1):gsub("\\(.)", ESCAPES)
  return value, close
end

--- The value that begins at `at`, and where what follows it begins; or nil and what is wrong.
local function value_at(text, at)
  local quote, inside = text:match("^[ \t]*(['\"])()", at)
  if quote then
    local value, close = quoted(text, inside, quote)
    if not value then return nil, "the quote is not closed" end
    local after = text:match("^[ \t]*()", close + 1)
    if text:find("^#", after) and after > close + 1 then after = text:find("\n", after, true) end
    if after and text:find("^[^\n]", after) then
      return nil, "something follows the closing quote"
    end
    return value, after or #text + 1
  end
  local value, after = text:match("^([^\n]*)()", at)
  value = (" " .. value):gsub("[ \t]#.*$", "")
  return environment.trim(value), after
end

--- What a text of this kind says.
---@param text string
---@return table<string, string>? values
---@return integer? line beside nil: which one is wrong
---@return string? why beside nil; the line is not in it, since it may hold a key
function dotenv.parse(text)
  local values, at, line = {}, 1, 1
  if text:find("%z") then return nil, 1, "it holds a NUL, hence is no text" end
  text = text:gsub("^\239\187\191", ""):gsub("\r\n", "\n")
  while at <= #text do
    local from = at
    local begin = text:match("^[ \t\r]*()", at)
    if text:find("^#", begin) or text:find("^\n", begin) or begin > #text then
      at = text:find("\n", begin, true) or #text + 1
    else
      begin = text:match("^export[ \t]+()[^%s=]", begin) or begin
      local name, behind = text:match("^([%a_][%w_]*)[ \t]*()", begin)
      if not name then return nil, line, "it begins with no name" end
      if not text:find("^=", behind) then return nil, line, "there is no '=' behind the name" end
      local value, after = value_at(text, behind + 1)
      if not value then return nil, line, after end
      values[name], at = value, after
    end
    local _, breaks = text:sub(from, at):gsub("\n", "\n")
    at, line = at + 1, line + breaks
  end
  return values
end

local function failure(message)
  return nil, errors.new { kind = "file", message = message }
end

--- What a file of variables says. The process's environment stays as it is.
---
--- ```lua
--- local values = assert(lualogue.dotenv ".env.local")
--- local client = lualogue.new { api_key = values.WORK_KEY, base_url = values.WORK_URL }
--- ```
---@param path string
---@return table<string, string>? values
---@return lualogue.Error? err of the kind `file`; names a wrong line, but never what is in it
function dotenv.read(path)
  misuse.check(path, "string", "path", "dotenv")
  local file, why = io.open(path, "rb")
  local text, trouble
  if file then
    text, trouble = file:read(MAX_BYTES + 1)
    file:close()
  end
  if not file or trouble then
    why = tostring(trouble or why):gsub("^" .. path:gsub("%p", "%%%0") .. ": ", "")
    return failure(("cannot read '%s': %s"):format(path, why))
  end
  text = text or ""
  if #text > MAX_BYTES then
    return failure(("'%s' is longer than %d bytes"):format(path, MAX_BYTES))
  end
  local values, line, what = dotenv.parse(text)
  if not values then return failure(("'%s', line %d: %s"):format(path, line, what)) end
  return values
end

return dotenv
