--- The verbs that say what goes along with every request, and what only this dialogue knows.

local face = require "lualogue.dialogue.face"
local misuse = require "lualogue.misuse"
local moves = require "lualogue.dialogue.moves"
local options = require "lualogue.dialogue.options"

---@class lualogue.dialogue.Notes
local notes = {}

--- Let this dialogue know of something that happened: it stands in its history and its memory, and
--- in no other dialogue's.
---
--- ```lua
--- guard:hear("Somewhere behind the gate a dog barks.")
--- ```
---@param text string
---@return boolean? done
---@return lualogue.Error? err
function notes:hear(text)
  local own, err = face.free(self, "hear")
  misuse.check(text, "string", "text", "hear")
  if not own then return nil, err end
  local message = { role = "user", content = "[You notice: " .. text .. "]" }
  own.head, own.redo, self.pending = own.tree:add(own.head, message), {}, nil
  return true
end

local function bad(name, why)
  misuse.raise(("bad argument '%s' to 'inject' (%s)"):format(name, why))
end

local KNOWN = { text = true, depth = true, role = true, id = true }

--- Send a note along with every request, at a depth of its own. Without `text` the note of that
--- `id` is taken away.
---
--- ```lua
--- dialogue:inject { id = "mood", text = "The guard is tired.", depth = 2 }
--- dialogue:inject { id = "mood" }
--- ```
---@param note lualogue.Note
---@return any id its `id`, or the one that it was given
function notes:inject(note)
  local own = face.inside(self, "inject")
  misuse.check(note, "table", "note", "inject")
  for name in pairs(note) do
    if not KNOWN[name] then bad("note", ("unknown field '%s'"):format(tostring(name))) end
  end
  local depth, id = note.depth or 0, note.id
  if type(depth) ~= "number" or depth < 0 or depth % 1 ~= 0 then
    bad("depth", "a whole number from 0 expected")
  end
  if id ~= nil and type(id) ~= "string" and type(id) ~= "number" then
    bad("id", "a string or a number expected, got " .. type(id))
  end
  if note.text == nil then
    if id == nil then bad("id", "there must be a text or an id") end
    own.injections[id] = nil
    return id
  end
  misuse.check(note.text, "string", "text", "inject")
  if note.role ~= nil then misuse.check(note.role, "string", "role", "inject") end
  own.n_injections = own.n_injections + 1
  if id == nil then id = own.n_injections end
  local old = own.injections[id]
  own.injections[id] = {
    message = { role = note.role or "user", content = note.text }, depth = depth,
    order = old and old.order or own.n_injections,
  }
  return id
end

--- Always send the turn of a message, however long ago it was.
---
--- ```lua
--- dialogue:pin(1)      dialogue:pin(1, false)
--- ```
---@param i integer its place in `history`
---@param on? boolean false: no longer; true
function notes:pin(i, on)
  local own = face.inside(self, "pin")
  options.place(i, moves.length(own), "pin")
  if on ~= nil then misuse.check(on, "boolean", "on", "pin") end
  own.pins[moves.node(own, i)] = on ~= false or nil
end

return notes
