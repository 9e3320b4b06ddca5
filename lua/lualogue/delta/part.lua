--- A table that comes in pieces, such as the function of a tool call: strings under certain
--- names are pieces of one text, any other value replaces the one before it.

local rope = require "lualogue.rope"

local part = {}

--- Names whose strings are pieces of one text in any table but a call. `arguments` are not: what
--- a server ran itself it tells whole, and tells again when there is a result.
local TEXTS = { data = true, transcript = true, text = true, summary = true, thinking = true }
--- The same in what the model wants called. Some servers send these as an object, though the API
--- says: JSON text.
local CALL_TEXTS = { arguments = true, input = true }

---@class lualogue.delta.Part
---@field ropes table<string, lualogue.Rope>
---@field fields table<string, any>
---@field private texts table<string, boolean> which names are joined
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.part" }

--- A part of which nothing came yet.
---@return lualogue.delta.Part
function part.new() return setmetatable({ ropes = {}, fields = {}, texts = TEXTS }, metatable) end

--- The same for what stands in a call: `function`, `custom`, `function_call`.
---@return lualogue.delta.Part
function part.new_called()
  return setmetatable({ ropes = {}, fields = {}, texts = CALL_TEXTS }, metatable)
end

--- JSON's null, as any decoder has it, adds nothing; nor does an empty string.
---@param value any
---@return boolean
function part.is_nothing(value)
  return value == nil or value == "" or type(value) == "userdata"
end

--- Whether a table says nothing: some servers send every field that there may be, each with an
--- empty string (and numbers that are 0), in place of leaving it out.
---@param value table
---@return boolean
function part.is_blank(value)
  local is_blank = false
  for _, v in pairs(value) do
    if type(v) == "table" and not part.is_blank(v) then return false end
    if type(v) ~= "table" and v ~= 0 and not part.is_nothing(v) then return false end
    is_blank = is_blank or v == ""
  end
  return is_blank or next(value) == nil
end

--- A copy that shares no table with the value. Marks of lists stay.
---@param value any
---@return any
function part.copy(value)
  if type(value) ~= "table" then return value end
  local out = {}
  for key, v in pairs(value) do out[key] = part.copy(v) end
  local mark = getmetatable(value)
  return type(mark) == "table" and setmetatable(out, mark) or out
end

--- Whether two values say the same.
---@param a any
---@param b any
---@return boolean
function part.is_same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not part.is_same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

--- Add a piece to the text under a name.
---@param ropes table<string, lualogue.Rope>
---@param name string
---@param piece string
function part.join(ropes, name, piece)
  local r = ropes[name]
  if not r then
    r = rope.new()
    ropes[name] = r
  end
  r:add(piece)
end

--- Take a piece of the table into account.
---@param piece table
---@param encode? fun(value: any): string for `arguments` that are no text; without it they stay
function methods:add(piece, encode)
  local texts = self.texts
  for name, value in pairs(piece) do
    local joined = texts[name]
    if joined and encode and texts == CALL_TEXTS and type(value) == "table" then
      value = encode(value)
    end
    if joined and type(value) == "string" then
      part.join(self.ropes, name, value)
    elseif not part.is_nothing(value) then
      self.fields[name] = part.copy(value)
    end
  end
end

--- The table as it stands.
---@return table
function methods:table()
  local out = part.copy(self.fields)
  for name, r in pairs(self.ropes) do out[name] = r:text() end
  return out
end

return part
