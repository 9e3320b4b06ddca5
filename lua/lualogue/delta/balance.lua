--- Whether JSON that comes in pieces is a whole object or list by now. It counts braces outside
--- of strings, each byte once: a `}` at the end of what has come says nothing. Pieces are looked at
--- some at a time, or when somebody asks.

local balance = {}

local WAITING = 64

---@class lualogue.delta.Balance
---@field depth integer how many braces and brackets are open
---@field private in_string boolean
---@field private escaped boolean the piece ended with the `\` of an escape
---@field private begun boolean a brace or bracket came
---@field private waiting string[] pieces that were not looked at
---@field private n integer how many
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.balance" }

---@return lualogue.delta.Balance
function balance.new()
  return setmetatable({
    depth = 0, in_string = false, escaped = false, begun = false, waiting = {}, n = 0,
  }, metatable)
end

local OPENS = { ["{"] = true, ["["] = true }

local function look(self)
  local piece = table.concat(self.waiting, "", 1, self.n)
  local at, find = self.escaped and 2 or 1, string.find
  self.n = 0
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

--- Take the next bytes into account.
---@param piece string
function methods:add(piece)
  local n = self.n + 1
  self.waiting[n], self.n = piece, n
  if n == WAITING then look(self) end
end

---@return boolean
function methods:is_whole()
  if self.n > 0 then look(self) end
  return self.begun and self.depth <= 0 and not self.in_string
end

return balance
