--- The tool calls of one message, put together from pieces that servers number in ways of their
--- own: by an index from 0 or from 1, with gaps, all with the same one, or not at all.

local list = require "lualogue.delta.list"
local part = require "lualogue.delta.part"

local calls = {}

---@class lualogue.delta.Slot one call
---@field index integer
---@field own lualogue.delta.Part what stands in the call itself
---@field inside table<string, lualogue.delta.Part> the tables in it: `function`, `custom`

---@class lualogue.delta.Calls
---@field slots lualogue.delta.Slot[] in the order in which they were begun
---@field private by_index table<integer, lualogue.delta.Slot>
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.calls" }

---@return lualogue.delta.Calls
function calls.new() return setmetatable({ slots = {}, by_index = {} }, metatable) end

local function new_slot(self, index)
  local slot = { index = index, own = part.new(), inside = {} }
  self.slots[#self.slots + 1] = slot
  self.by_index[index] = self.by_index[index] or slot
  return slot
end

local function next_index(self)
  local last = -1
  for _, slot in ipairs(self.slots) do
    if slot.index > last then last = slot.index end
  end
  return last + 1
end

--- Whether a piece with a function's name begins a call of its own, though by its number it goes
--- on with one: that one is named and its arguments are complete.
local function begins_another(slot, call)
  local f, known = call["function"], slot.inside["function"]
  if type(f) ~= "table" or part.is_nothing(f.name) or not (known and known.fields.name) then
    return false
  end
  local arguments = known.ropes.arguments
  return arguments ~= nil and arguments:text():find("}%s*$") ~= nil
end

local function slot_by_index(self, call, index)
  local slot = self.by_index[index]
  if not slot then return new_slot(self, index) end
  local id = slot.own.fields.id
  local other_id = id and not part.is_nothing(call.id) and call.id ~= id
  if other_id and begins_another(slot, call) then
    slot = new_slot(self, next_index(self))
    self.by_index[index] = slot -- what comes under this number goes on with the newest
  end
  return slot
end

--- By its index, by its id, else the last one begun: never by its place in the chunk.
local function slot_of(self, call)
  local index = list.index(call.index)
  if index then return slot_by_index(self, call, index) end
  local last = self.slots[#self.slots]
  if not part.is_nothing(call.id) then
    for _, known in ipairs(self.slots) do
      if known.own.fields.id == call.id then return known end
    end
    return new_slot(self, next_index(self))
  end
  local f = call["function"]
  local whole = type(f) == "table" and not part.is_nothing(f.arguments)
  if last and not (whole and begins_another(last, call)) then return last end
  return new_slot(self, next_index(self))
end

--- Take a piece of a call into account.
---@param call table
---@param encode? fun(value: any): string for arguments that are no text
function methods:add(call, encode)
  if type(call) ~= "table" then return end
  local slot = slot_of(self, call)
  for name, value in pairs(call) do
    if type(value) == "table" then
      slot.inside[name] = slot.inside[name] or part.new()
      slot.inside[name]:add(value, encode)
    elseif name ~= "index" and not part.is_nothing(value) then
      slot.own.fields[name] = value
    end
  end
end

--- The calls in the order of their indexes, without gaps, as they may be sent back. The index
--- can still be read (`call.index`), but is not sent.
---@return lualogue.ToolCall[]
function methods:table()
  local ordered, began = {}, {}
  for i, slot in ipairs(self.slots) do
    ordered[i] = slot
    began[slot] = i
  end
  table.sort(ordered, function(a, b)
    if a.index ~= b.index then return a.index < b.index end
    return began[a] < began[b]
  end)
  for i, slot in ipairs(ordered) do
    local call = slot.own:table()
    for name, inside in pairs(slot.inside) do call[name] = inside:table() end
    call.type = call.type or (call.custom and "custom" or "function")
    local f = call["function"]
    if f and f.arguments == nil then f.arguments = "" end
    ordered[i] = setmetatable(call, { __index = { index = slot.index } })
  end
  return ordered
end

return calls
