--- The object that users hold, and the way from it to the inside. Its methods come from several
--- files, each with a concern of its own.

local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"

local face = {}

local methods = {}

local metatable = {
  __name = "lualogue.dialogue",
  __index = methods,
  __tostring = function(self)
    local inside = self.inside
    return ("lualogue.dialogue: %d messages"):format(inside.tree.depths[inside.head] or 0)
  end,
}

--- Take methods in.
---@param more table<string, function>
function face.add(more)
  for name, method in pairs(more) do methods[name] = method end
end

--- The dialogue that shows an inside.
---@param inside lualogue.dialogue.Inside
---@param system any
---@return lualogue.Dialogue
function face.new(inside, system)
  local self = setmetatable({ system = system, params = inside.params, inside = inside }, metatable)
  inside.face = self
  return self
end

--- What is inside; raises where a method was called with a dot.
---@param self lualogue.Dialogue
---@param method string
---@return lualogue.dialogue.Inside
function face.inside(self, method)
  if getmetatable(self) ~= metatable then misuse.colon("dialogue", method) end
  misuse.check(self.params, "table", "dialogue.params", method)
  self.inside.params = self.params
  return self.inside
end

--- The same, once no turn is under way; else nil and an error of the kind `busy`.
---@param self lualogue.Dialogue
---@param method string
---@return lualogue.dialogue.Inside?
---@return lualogue.Error? err
function face.free(self, method)
  local inside = face.inside(self, method)
  local ok, err = inside:is_free()
  if not ok then return nil, err end
  return inside
end

--- The same for what decides about the turn itself: one whose stream is open is stopped first.
---@param self lualogue.Dialogue
---@param method string
---@return lualogue.dialogue.Inside?
---@return lualogue.Error? err
function face.stopped(self, method)
  local inside = face.inside(self, method)
  local running = inside.running
  if running and running.stream then running.stream:close() end
  return face.free(self, method)
end

--- The error of a verb that has nothing to work on.
---@param what string
---@return nil
---@return lualogue.Error err
function face.nothing(what)
  return nil, errors.new {
    kind = "limit", code = "nothing", message = "there is nothing to " .. what,
  }
end

return face
