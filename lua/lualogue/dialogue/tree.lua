--- The messages of a dialogue and of all its branches: a tree, in which nothing is ever lost.
---
--- A node is a number; what is known of it stands in lists, which cost a few bytes a message. A
--- head is the number of the last message of a branch; 0 is the empty dialogue. Whatever moves a
--- head is a move; messages are never changed.

local shape = require "lualogue.dialogue.shape"

local tree = {}

---@class lualogue.dialogue.Tree
---@field n integer how many nodes there are
---@field messages lualogue.Message[]
---@field parents integer[] the node before; 0 for a first message
---@field depths integer[] the place on its branch, from 1
---@field newest integer[] the newest node behind each, where there is one; [0] for first messages
---@field older table<integer, integer> the next older node behind the same one
---@field open table<integer, string[]> calls that wait for their answers behind this node
---@field unsound table<integer, boolean> the branch until here must be mended before it is sent
---@field marks table<integer, string> "interrupted", "length": why an answer is not whole
---@field checkpoints table<lualogue.Message, lualogue.Checkpoint> summaries, by their last message
---@field vectors table<integer, table> what was embedded of the turn that begins here
local methods = {}
local metatable = { __index = methods }

---@return lualogue.dialogue.Tree
function tree.new()
  return setmetatable({
    n = 0, messages = {}, parents = {}, depths = {}, newest = {}, older = {}, open = {},
    unsound = {}, marks = {}, checkpoints = {}, vectors = {},
  }, metatable)
end

--- Add a message behind a node.
---@param parent integer
---@param message lualogue.Message it belongs to the tree from now on
---@return integer node
function methods:add(parent, message)
  local node = self.n + 1
  self.n = node
  self.messages[node], self.parents[node] = message, parent
  self.depths[node] = (self.depths[parent] or 0) + 1
  self.older[node] = self.newest[parent]
  self.newest[parent] = node
  self.open[node], self.unsound[node] = shape.after(
    self.open[parent], self.unsound[parent], message)
  return node
end

--- The node at a place of a branch.
---@param head integer
---@param place integer from 1
---@return integer? node
function methods:at(head, place)
  local depth = self.depths[head] or 0
  if place < 1 or place > depth then return nil end
  while depth > place do head, depth = self.parents[head], depth - 1 end
  return head
end

--- Whether a node is on a branch.
---@param head integer
---@param node integer
---@return boolean
function methods:is_on(head, node) return self:at(head, self.depths[node]) == node end

--- The nodes of a branch, oldest first, back to where `stop` says that it is enough.
---@param head integer
---@param stop? fun(message: lualogue.Message, before: lualogue.Message?): boolean? whether the
---list may begin with this message
---@return integer[] nodes
function methods:walk(head, stop)
  local backwards, n = {}, 0
  while head ~= 0 do
    n = n + 1
    backwards[n] = head
    local before = self.parents[head]
    if stop and stop(self.messages[head], self.messages[before]) then break end
    head = before
  end
  local nodes = {}
  for i = n, 1, -1 do nodes[n - i + 1] = backwards[i] end
  return nodes
end

--- The messages of nodes.
---@param nodes integer[]
---@return lualogue.Message[]
function methods:texts(nodes)
  local list = {}
  for i, node in ipairs(nodes) do list[i] = self.messages[node] end
  return list
end

--- Where the turn begins that a node belongs to.
---@param node integer
---@return integer
function methods:turn_of(node)
  while true do
    local before = self.parents[node]
    if before == 0 or shape.begins(self.messages[node], self.messages[before]) then return node end
    node = before
  end
end

--- The node itself and those that stand in its place on other branches, oldest first.
---@param node integer
---@return integer[]
function methods:siblings(node)
  local backwards, sibling = {}, self.newest[self.parents[node]]
  while sibling do
    backwards[#backwards + 1] = sibling
    sibling = self.older[sibling]
  end
  local list = {}
  for i = #backwards, 1, -1 do list[#list + 1] = backwards[i] end
  return list
end

--- The newest end of what stands behind a node.
---@param node integer
---@return integer head
function methods:tip(node)
  while self.newest[node] do node = self.newest[node] end
  return node
end

--- The ends of all branches.
---@return integer[]
function methods:leaves()
  local list = {}
  for node = 1, self.n do
    if not self.newest[node] then list[#list + 1] = node end
  end
  return list
end

return tree
