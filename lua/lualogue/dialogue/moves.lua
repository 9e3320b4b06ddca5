--- Moves on the tree: they lose nothing, and cost a number.

local shape = require "lualogue.dialogue.shape"

local moves = {}

--- The place in the tree that a place in the history means.
---@param self lualogue.dialogue.Inside
---@param i integer
---@return integer node
function moves.node(self, i) return assert(self.tree:at(self.head, i)) end

--- How many messages the history has.
---@param self lualogue.dialogue.Inside
---@return integer
function moves.length(self) return self.tree.depths[self.head] or 0 end

--- Go back by turns. Returns how many there were.
---@param self lualogue.dialogue.Inside
---@param turns integer
---@return integer undone
function moves.undo(self, turns)
  local head, undone = self.head, 0
  while undone < turns and head ~= 0 do
    head, undone = self.tree.parents[self.tree:turn_of(head)], undone + 1
  end
  self:move(head)
  return undone
end

--- Take the last move back.
---@param self lualogue.dialogue.Inside
---@return boolean moved
function moves.redo(self)
  local head = table.remove(self.redo)
  if not head then return false end
  self.head, self.face.pending = head, nil
  return true
end

--- A branch on which a message is another, and nothing stands behind it.
---@param self lualogue.dialogue.Inside
---@param i integer
---@param message lualogue.Message
function moves.edit(self, i, message)
  local parent = self.tree.parents[moves.node(self, i)]
  self:move(self.tree:add(parent, message))
end

--- The newest question's first answer, and what it answers; nil where there is no answer yet.
---@param self lualogue.dialogue.Inside
---@return integer? first
---@return integer base the question, or where the history ends
function moves.answer(self)
  local tree, node, first = self.tree, self.head, nil
  while node ~= 0 and shape.is_answer(tree.messages[node]) do
    first, node = node, tree.parents[node]
  end
  return first, node
end

--- The messages that stand in one place on different branches.
---@param self lualogue.dialogue.Inside
---@param i? integer nil: the newest answer
---@return integer[] nodes
---@return integer? current the place in the list
function moves.alternatives(self, i)
  local node = i and moves.node(self, i) or moves.answer(self)
  if not node then return {} end
  local nodes = self.tree:siblings(node)
  for place, sibling in ipairs(nodes) do
    if sibling == node then return nodes, place end
  end
  return nodes
end

return moves
