--- Error objects for modules that work without the core; the same to look at as the core's own.

local errors = {}

--- One readable line, as the core's errors have it: "api 401 (invalid_api_key): ...".
local function line(err)
  local status = err.status and " " .. tostring(err.status) or ""
  local code = err.code and (" (%s)"):format(tostring(err.code)) or ""
  local text = ("%s%s%s: %s"):format(tostring(err.kind), status, code, tostring(err.message))
  return (text:gsub("%c+", " "))
end

local metatable = { __name = "lualogue.error", __metatable = false, __tostring = line }

--- Make a table an error object: `tostring` gives its line.
---@param fields table with `kind` and `message`
---@return lualogue.Error err the same table
function errors.new(fields) return setmetatable(fields, metatable) end

--- Whether a value is an error object, of ours or of the core.
---@param value any
---@return boolean
function errors.is(value)
  return type(value) == "table" and type(rawget(value, "kind")) == "string"
    and type(rawget(value, "message")) == "string"
end

--- What `next` of a stream gives, for a `for` loop: an error is raised.
---@generic T
---@param value T?
---@param err? lualogue.Error
---@return T? value
function errors.raise_at_end(value, err)
  if err then error(err, 0) end
  return value
end

return errors
