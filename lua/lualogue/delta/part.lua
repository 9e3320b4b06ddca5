--- A table that comes in pieces, such as the function of a tool call: strings under certain
--- names are pieces of one text, any other value replaces the one before it.

local rope = require "lualogue.rope"

local part = {}

local JOINED = {
  arguments = true, input = true, data = true, transcript = true, text = true, summary = true,
}
--- What some servers send as an object, though the API says: JSON text.
local ENCODED = { arguments = true, input = true }

---@class lualogue.delta.Part
---@field ropes table<string, lualogue.Rope>
---@field fields table<string, any>
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.part" }

---@return lualogue.delta.Part
function part.new() return setmetatable({ ropes = {}, fields = {} }, metatable) end

--- JSON's null, as any decoder has it, adds nothing; nor does an empty string.
---@param value any
---@return boolean
function part.is_nothing(value)
  return value == nil or value == "" or type(value) == "userdata"
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
  for name, value in pairs(piece) do
    if encode and ENCODED[name] and type(value) == "table" then value = encode(value) end
    if JOINED[name] and type(value) == "string" then
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
