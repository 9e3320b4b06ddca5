--- A number of JSON that comes in pieces.

local byte, concat, sub = string.byte, table.concat, string.sub
local to_integer, tonumber = math.tointeger, tonumber

local number = {}

local MAX_BYTES = 4096

--- One of them serves all numbers of a document, one after the other.
---@class lualogue.partial_json.Number
---@field private pieces string[]
---@field private n integer how many
---@field private length integer
---@field private state string
local methods = {}
local metatable = { __index = methods, __name = "lualogue.partial_json.number" }

-- What a number may go on with: state -> class of a byte -> state.
local NEXT = {
  minus = { zero = "zero", digit = "whole" },
  zero = { point = "point", e = "e" },
  whole = { zero = "whole", digit = "whole", point = "point", e = "e" },
  point = { zero = "fraction", digit = "fraction" },
  fraction = { zero = "fraction", digit = "fraction", e = "e" },
  e = { plus = "sign", minus = "sign", zero = "exponent", digit = "exponent" },
  sign = { zero = "exponent", digit = "exponent" },
  exponent = { zero = "exponent", digit = "exponent" },
}
local MAY_END = { zero = true, whole = true, fraction = true, exponent = true }
local CLASS = {
  [48] = "zero", [45] = "minus", [43] = "plus", [46] = "point", [101] = "e", [69] = "e",
}
for digit = 49, 57 do CLASS[digit] = "digit" end

---@return lualogue.partial_json.Number
function number.new()
  return setmetatable({ pieces = {}, n = 0, length = 0, state = "zero" }, metatable)
end

-- What a number is after its first byte.
local FIRST = { [48] = "zero", [45] = "minus" }
for digit = 49, 57 do FIRST[digit] = "whole" end
number.FIRST = FIRST

--- Begin with another number.
---@param piece string
---@param at integer of its first byte
function methods:open(piece, at)
  self.pieces[1], self.n, self.length = sub(piece, at, at), 1, 1
  self.state = FIRST[byte(piece, at)]
end

--- The number as it stands, were this all of it; nil if it is none, or not finite.
---@return number?
function methods:value()
  local state = self.state
  if not MAY_END[state] then return nil end
  local text = self.n == 1 and self.pieces[1] or concat(self.pieces, "", 1, self.n)
  local found = tonumber(text)
  if not found then -- a Lua that reads numbers as the locale has them
    found = tonumber((text:gsub("%.", ("%.1f"):format(0.5):match "%d(%D+)%d")))
  end
  if not found or found - found ~= 0 then return nil end
  if state == "zero" or state == "whole" then return found end
  return to_integer and to_integer(found) or found
end

--- Read on from a byte of a piece.
---@param piece string
---@param at integer
---@return integer? at behind what was read; nil: it is broken
---@return number|string|nil whole once something else came; or why and where it is broken
---@return integer? where
function methods:read(piece, at)
  local from, state = at, self.state
  local class = CLASS[byte(piece, at)]
  if class then
    repeat
      local after = NEXT[state][class]
      if not after then break end
      state, at = after, at + 1
      class = CLASS[byte(piece, at)]
    until not class
    if at > from then
      local n = self.n + 1
      self.pieces[n] = sub(piece, from, at - 1)
      self.n, self.length, self.state = n, self.length + at - from, state
    end
    if class then return nil, "a number cannot go on like this", at end
    if self.length > MAX_BYTES then return nil, "a number without end", at end
    if at > #piece and state ~= "exponent" then return at end
  end
  local found = self:value()
  if not found then
    return nil, MAY_END[state] and "a number that is not finite" or "a digit expected", at
  end
  return at, at <= #piece and found or nil
end

return number
