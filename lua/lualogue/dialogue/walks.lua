--- The verbs that move on the tree and that put messages into it.

local face = require "lualogue.dialogue.face"
local misuse = require "lualogue.misuse"
local moves = require "lualogue.dialogue.moves"
local options = require "lualogue.dialogue.options"

---@class lualogue.dialogue.Walks
local walks = {}

local function whole(n, name, where, default)
  if n == nil then return default end
  if type(n) ~= "number" or n < 1 or n % 1 ~= 0 then
    misuse.raise(("bad argument '%s' to '%s' (a whole number from 1 expected)"):format(name, where))
  end
  return n
end

--- Take back the newest turns: their questions and all that was answered.
---
--- ```lua
--- dialogue:undo()      dialogue:redo()
--- ```
---@param turns? integer 1
---@return integer? undone how many there were
---@return lualogue.Error? err
function walks:undo(turns)
  local own, err = face.free(self, "undo")
  turns = whole(turns, "turns", "undo", 1)
  if not own then return nil, err end
  return moves.undo(own, turns)
end

--- Take back the last `undo`, `reset`, `edit` or `select`, until something new is said.
---@return boolean? moved
---@return lualogue.Error? err
function walks:redo()
  local own, err = face.free(self, "redo")
  if not own then return nil, err end
  return moves.redo(own)
end

--- Begin anew. `redo` brings everything back.
---@return boolean? done
---@return lualogue.Error? err
function walks:reset()
  local own, err = face.free(self, "reset")
  if not own then return nil, err end
  own:move(0)
  return true
end

--- Say something else instead of message `i`, on a branch of its own: what stood behind it stays on
--- the old one. A question is answered by `retry`.
---
--- ```lua
--- dialogue:edit(1, "What is ML?")
--- print(assert(dialogue:retry()))
--- ```
---@param i integer its place in `history`
---@param message string|lualogue.Message
---@return boolean? done
---@return lualogue.Error? err
function walks:edit(i, message)
  local own, err = face.free(self, "edit")
  local inside = face.inside(self, "edit")
  options.place(i, moves.length(inside), "edit")
  local old = inside.tree.messages[moves.node(inside, i)]
  local new = options.message(message, "edit", old.role)
  if not own then return nil, err end
  moves.edit(own, i, new)
  return true
end

--- A dialogue of its own that begins like this one. Nothing is copied: what both have in common
--- stands there once. It can be made while a turn is under way, which it has not.
---
--- ```lua
--- local what_if = dialogue:fork()
--- ```
---@param i? integer the message after which it goes its own way; absent: the last one
---@return lualogue.Dialogue
function walks:fork(i)
  local own = face.inside(self, "fork")
  local head = own.head
  if i ~= nil then head = moves.node(own, options.place(i, moves.length(own), "fork")) end
  return face.new(own:branch(head), self.system)
end

--- All branches, each as a dialogue; that of this one among them.
---
--- ```lua
--- for _, branch in ipairs(dialogue:branches()) do print(#branch:history()) end
--- ```
---@return lualogue.Dialogue[] branches
---@return integer? current the place of the branch that this dialogue is on
function walks:branches()
  local own = face.inside(self, "branches")
  local list, current = {}, nil
  for i, head in ipairs(own.tree:leaves()) do
    list[i] = face.new(own:branch(head), self.system)
    if own.tree:at(head, moves.length(own)) == own.head then current = i end
  end
  return list, current
end

--- What was said in the place of a message, on different branches: the answers that `regenerate`
--- gave, the questions that `edit` made.
---
--- ```lua
--- local answers, current = dialogue:alternatives()
--- ```
---@param i? integer the place in `history`; absent: the newest answer
---@return lualogue.Message[] messages oldest first
---@return integer? current
function walks:alternatives(i)
  local own = face.inside(self, "alternatives")
  if i ~= nil then options.place(i, moves.length(own), "alternatives") end
  local nodes, current = moves.alternatives(own, i)
  return own.tree:texts(nodes), current
end

--- Go over to another alternative, and to what was last said behind it.
---
--- ```lua
--- dialogue:select(1)                                  -- the first answer was the best
--- ```
---@param alternative integer its place in `alternatives`
---@param i? integer the place in `history`; absent: the newest answer
---@return boolean? done
---@return lualogue.Error? err
function walks:select(alternative, i)
  local own, err = face.free(self, "select")
  local inside = face.inside(self, "select")
  if i ~= nil then options.place(i, moves.length(inside), "select") end
  local nodes, current = moves.alternatives(inside, i)
  if type(alternative) ~= "number" or not nodes[alternative] then
    misuse.raise(("bad argument 'alternative' to 'select' (there are %d)"):format(#nodes))
  end
  if not own then return nil, err end
  if alternative ~= current then own:move(own.tree:tip(nodes[alternative])) end
  return true
end

--- Put a message into the history as if it had been said.
---@param message lualogue.Message
---@return boolean? done
---@return lualogue.Error? err
function walks:append(message)
  local own, err = face.free(self, "append")
  local new = options.message(message, "append")
  if not own then return nil, err end
  own.head, own.redo, self.pending = own.tree:add(own.head, new), {}, nil
  return true
end

--- Put a plain list of messages into the history; leading system messages become
--- `dialogue.system`. All of them, or where one is none, nothing.
---@param messages lualogue.Message[]
---@return boolean? done
---@return lualogue.Error? err
function walks:import(messages)
  local own, err = face.free(self, "import")
  misuse.check(messages, "table", "messages", "import")
  local system, list = {}, {}
  for i, message in ipairs(messages) do
    list[i] = options.message(message, ("import (messages[%d])"):format(i))
  end
  if not own then return nil, err end
  while list[1] and (list[1].role == "system" or list[1].role == "developer") do
    system[#system + 1] = table.remove(list, 1)
  end
  if system[1] then self.system = system end
  for _, message in ipairs(list) do own.head = own.tree:add(own.head, message) end
  own.redo, self.pending = {}, nil
  return true
end

return walks
