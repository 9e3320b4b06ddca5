--- A string that grows by small pieces, without copying itself at each of them: pieces are
--- joined 64 at a time, the joints again, so that n bytes are copied about log64(n) times.

local rope = {}

local FAN = 64

---@class lualogue.Rope
---@field private pieces string[] the last ones, fewer than FAN
---@field private n integer how many
---@field private joints string[][] what was joined before, by level
local methods = {}
local metatable = { __index = methods, __name = "lualogue.rope" }

---@return lualogue.Rope
function rope.new()
  return setmetatable({ pieces = {}, n = 0, joints = {} }, metatable)
end

--- Join a full level and put the joint on the next one, which may be full then.
local function carry(self, level, i)
  local joints = self.joints
  local above = joints[i]
  if not above then
    above = {}
    joints[i] = above
  end
  above[#above + 1] = table.concat(level)
  if #above == FAN then
    joints[i] = {}
    carry(self, above, i + 1)
  end
end

---@param piece string
function methods:add(piece)
  local n = self.n + 1
  local pieces = self.pieces
  pieces[n] = piece
  if n == FAN then
    self.pieces, self.n = {}, 0
    carry(self, pieces, 1)
  else
    self.n = n
  end
end

--- The whole string so far: one copy of it if a piece came since it was last asked for, else none.
---@return string
function methods:text()
  local all = {}
  for i = #self.joints, 1, -1 do
    for _, joint in ipairs(self.joints[i]) do all[#all + 1] = joint end
  end
  for i = 1, self.n do all[#all + 1] = self.pieces[i] end
  if #all < 2 then return all[1] or "" end
  local text = table.concat(all)
  self.pieces, self.n, self.joints = {}, 0, { { text } }
  return text
end

return rope
