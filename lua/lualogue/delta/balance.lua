--- Whether JSON that comes in pieces is a whole object or list by now. It counts braces outside
--- of strings, each byte once: a `}` at the end of what has come says nothing.

local balance = {}

---@class lualogue.delta.Balance
---@field depth integer how many braces and brackets are open
---@field private in_string boolean
---@field private escaped boolean the piece ended with the `\` of an escape
---@field private begun boolean a brace or bracket came
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.balance" }

---@return lualogue.delta.Balance
function balance.new()
  return setmetatable({ depth = 0, in_string = false, escaped = false, begun = false }, metatable)
end

local OPENS = { ["{"] = true, ["["] = true }

--- Take the next bytes into account.
---@param piece string
function methods:add(piece)
  local at, find = self.escaped and 2 or 1, string.find
  if piece == "" then return end
  self.escaped = false
  while true do
    local i = find(piece, self.in_string and '["\\]' or '["{}%[%]]', at)
    if not i then return end
    local c = piece:sub(i, i)
    at = i + 1
    if c == '"' then
      self.in_string = not self.in_string
    elseif c == "\\" then
      at = i + 2
      self.escaped = at > #piece + 1
    elseif OPENS[c] then
      self.begun, self.depth = true, self.depth + 1
    else
      self.depth = self.depth - 1
    end
  end
end

---@return boolean
function methods:is_whole() return self.begun and self.depth <= 0 and not self.in_string end

return balance
