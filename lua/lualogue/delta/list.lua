--- A list that comes in pieces: items are appended, but those that carry the index of an earlier
--- one go on with it. A list of content may hold running text as well.

local part = require "lualogue.delta.part"
local rope = require "lualogue.rope"

local list = {}

---@class lualogue.delta.Item one of them
---@field value? any
---@field part? lualogue.delta.Part
---@field rope? lualogue.Rope

---@class lualogue.delta.List
---@field items lualogue.delta.Item[]
---@field running? lualogue.Rope the text at the end, if it ends with text
---@field private by_index table<integer, lualogue.delta.Part>
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.list" }

---@return lualogue.delta.List
function list.new() return setmetatable({ items = {}, by_index = {} }, metatable) end

--- A number that can be a key, or nil.
---@param value any
---@return number?
function list.index(value)
  if type(value) == "number" and value == value then return value end
end

---@param item any
function methods:add(item)
  if part.is_nothing(item) then return end
  self.running = nil
  local index = type(item) == "table" and list.index(item.index)
  if not index then
    self.items[#self.items + 1] = { value = part.copy(item) }
    return
  end
  local known = self.by_index[index]
  if not known then
    known = part.new()
    self.by_index[index] = known
    self.items[#self.items + 1] = { part = known }
  end
  known:add(item)
end

--- Go on with the text at the end of the list.
---@param text string
function methods:add_text(text)
  if text == "" then return end
  if not self.running then
    self.running = rope.new()
    self.items[#self.items + 1] = { rope = self.running }
  end
  self.running:add(text)
end

--- The list as it stands; text is a part of the type "text".
---@return any[]
function methods:table()
  local out = {}
  for i, item in ipairs(self.items) do
    if item.rope then
      out[i] = { type = "text", text = item.rope:text() }
    elseif item.part then
      out[i] = item.part:table()
    else
      out[i] = part.copy(item.value)
    end
  end
  return out
end

return list
