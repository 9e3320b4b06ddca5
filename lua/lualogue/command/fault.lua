--- What ends the command early: a line on stderr, and an exit code.

local fault = {}

---@class lualogue.command.Fault
---@field message? string nil: nothing to say
---@field code integer of the exit

local metatable = { __tostring = function(self) return self.message end }

fault.USE, fault.WORLD, fault.INTERRUPTED, fault.PIPE = 2, 3, 130, 141

--- End the command.
---@param code integer
---@param message? string
function fault.raise(code, message)
  error(setmetatable({ message = message, code = code }, metatable), 0)
end

--- Wrong use.
---@param message string
---@param ... any
function fault.use(message, ...)
  fault.raise(fault.USE, select("#", ...) > 0 and message:format(...) or message)
end

--- Call what raises for wrong arguments; its message without the line of ours is wrong use.
---@param protect fun(fn: function, ...: any): boolean, any in place of pcall
---@param fn function
---@param ... any
---@return any ...
function fault.checked_by(protect, fn, ...)
  local function passed(ok, ...)
    if ok then return ... end
    local why = ...
    if type(why) ~= "string" then error(why, 0) end
    fault.use("%s", (why:gsub("^[^\n]-:%d+: ", "")))
  end
  return passed(protect(fn, ...))
end

--- The same, where nothing waits that other tasks must not wait for.
---@param fn function
---@param ... any
---@return any ...
function fault.checked(fn, ...) return fault.checked_by(pcall, fn, ...) end

--- The exit code of an error object.
---@param err lualogue.Error
---@return integer
function fault.code(err) return err.kind == "cancelled" and fault.INTERRUPTED or fault.WORLD end

--- End the command for an error; a wait that was interrupted needs no words.
---@param err lualogue.Error
function fault.of(err)
  fault.raise(fault.code(err), err.kind ~= "cancelled" and tostring(err) or nil)
end

---@param value any
---@return boolean
function fault.is(value) return getmetatable(value) == metatable end

return fault
