--- A string that grows by small pieces, without copying itself at each of them: pieces are
--- joined 64 at a time, the joints again, so that n bytes are copied about log64(n) times.

local rope = {}

local FAN = 64

---@class lualogue.Rope
---@field private levels string[][]
---@field empty boolean true while nothing but empty strings was added
local methods = {}
local metatable = { __index = methods, __name = "lualogue.rope" }

---@return lualogue.Rope
function rope.new()
  return setmetatable({ levels = { {} }, empty = true }, metatable)
end

---@param piece string
function methods:add(piece)
  if piece == "" then return end
  self.empty = false
  local levels = self.levels
  local i = 1
  local level = levels[1]
  while true do
    local n = #level + 1
    level[n] = piece
    if n < FAN then return end
    piece = table.concat(level)
    level = {}
    levels[i] = level
    i = i + 1
    if not levels[i] then levels[i] = {} end
    level = levels[i]
  end
end

--- The whole string so far. Asking again costs only what came since.
---@return string
function methods:text()
  local all = {}
  for i = #self.levels, 1, -1 do all[#all + 1] = table.concat(self.levels[i]) end
  local text = table.concat(all)
  self.levels = { {}, { text } }
  return text
end

return rope
