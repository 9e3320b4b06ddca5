--- The tool calls of one message, put together from pieces that servers number in ways of their
--- own: by an index from 0 or from 1, with gaps, all with the same one, or not at all; by an id,
--- which some make anew for each piece.
---
--- A known id says which call a piece goes on with, whatever its index says. Else the index does,
--- else it is the last call. A piece begins a call all the same where it cannot be a part of the
--- one that it would go on with: see `begins_another`.

local balance = require "lualogue.delta.balance"
local list = require "lualogue.delta.list"
local part = require "lualogue.delta.part"

local calls = {}

---@class lualogue.delta.Slot one call
---@field index integer
---@field id? string
---@field name string what came of it
---@field balance lualogue.delta.Balance of its arguments
---@field has_arguments boolean
---@field n_bytes integer of them
---@field named_again boolean behind whole arguments, by a piece that had none itself
---@field own lualogue.delta.Part what stands in the call itself
---@field inside table<string, lualogue.delta.Part> the tables in it: `function`, `custom`

---@class lualogue.delta.Calls
---@field slots lualogue.delta.Slot[] in the order in which they were begun
---@field private by_index table<integer, lualogue.delta.Slot> the one that was last gone on with
---@field private by_id table<string, lualogue.delta.Slot>
---@field private last? lualogue.delta.Slot the one that was last begun
---@field private next_index integer above each that came
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.calls" }

---@return lualogue.delta.Calls
function calls.new()
  return setmetatable({ slots = {}, by_index = {}, by_id = {}, next_index = 0 }, metatable)
end

-- The words that some servers write where they mean that there is none.
local NO_ID = { null = true, None = true, ["nil"] = true, undefined = true }

--- What a piece says of its call: id, name and arguments, nil where it says nothing.
local function read(call, encode)
  local id, of, f = call.id, "function", call["function"]
  if type(call.custom) == "table" and (type(f) ~= "table" or part.is_blank(f)) then
    of, f = "custom", call.custom
  end
  if type(f) ~= "table" then f = {} end
  local arguments = f.arguments
  if arguments == nil then arguments = f.input end
  if encode and type(arguments) == "table" then arguments = encode(arguments) end
  return {
    of = of,
    id = not part.is_nothing(id) and not NO_ID[id] and id or nil,
    name = type(f.name) == "string" and f.name ~= "" and f.name or nil,
    arguments = not part.is_nothing(arguments) and arguments or nil,
  }
end

local function arguments_of(slot)
  local f = slot.inside["function"] or slot.inside.custom
  local rope = f and (f.ropes.arguments or f.ropes.input)
  return rope and rope:text()
end

--- Whether a piece says once more what a call has said already, as some servers do at the end.
local function says_it_again(slot, said)
  return said.id ~= nil and said.id == slot.id and type(said.arguments) == "string"
    and (said.name == nil or said.name == slot.name)
    and slot.balance:is_whole() and slot.n_bytes == #said.arguments
    and said.arguments == arguments_of(slot)
end

--- Whether a piece begins a call of its own, though by its id or its place it would go on with
--- this one.
local function begins_another(slot, said)
  local whole = slot.balance:is_whole()
  local other_id = said.id ~= nil and slot.id ~= nil and said.id ~= slot.id
  local other_name = said.name ~= nil and slot.name ~= "" and said.name ~= slot.name
  -- Nothing but white space can follow a whole value.
  local text = said.arguments
  local brings = text ~= nil and (type(text) ~= "string" or text:find "%S" ~= nil)
  if whole and brings and (said.name or slot.named_again) then return true end
  -- A name goes on only before there are arguments, and with the same id.
  if other_name and (other_id or (slot.has_arguments and said.id == nil)) then return true end
  if other_name and whole then return true end
  -- It brings nothing but a beginning. (Where it brings arguments, the id was made anew.)
  return other_id and said.name ~= nil and not said.arguments and (whole or not slot.has_arguments)
end

local function new_slot(self, index, said)
  local slot = {
    index = index or self.next_index, name = "", balance = balance.new(), has_arguments = false,
    n_bytes = 0, named_again = false, own = part.new(), inside = {},
  }
  slot.id = said.id
  self.slots[#self.slots + 1] = slot
  if slot.index >= self.next_index then self.next_index = slot.index + 1 end
  self.last = slot
  return slot
end

--- The call that a piece goes on with, or nil if it begins one.
local function known_slot(self, index, said)
  local slot = self.by_id[said.id]
  if slot then
    -- The same id under a number of its own, behind whole arguments: its ids mean little.
    local anew = index and not self.by_index[index] and said.name and slot.balance:is_whole()
    return not anew and slot or nil
  end
  if index then
    slot = self.by_index[index]
    -- What has neither id nor name begins nothing: one call under two numbers.
    if slot or said.id or said.name then return slot end
    return self.last and not self.last.balance:is_whole() and self.last or nil
  end
  -- Without a number, another id is another call.
  if said.id and (said.name or not self.last) then return nil end
  return self.last
end

--- The slot of a piece; nil if the piece says nothing new.
local function slot_of(self, call, said)
  local index = list.index(call.index)
  local slot = known_slot(self, index, said)
  local again = slot or self.by_id[said.id]
  if again and says_it_again(again, said) then return nil end
  if not slot then
    slot = new_slot(self, index, said)
  elseif begins_another(slot, said) then
    said.name = said.name or slot.name
    slot = new_slot(self, nil, said)
  end
  if said.id then self.by_id[said.id] = slot end
  if index then self.by_index[index] = slot end
  return slot
end

--- What comes of the name: a piece that is equal to it restates it, any other goes on with it as
--- long as there are no arguments.
local function add_name(slot, said)
  local name = said.name
  if not name then return end
  if slot.balance:is_whole() and not said.arguments then slot.named_again = true end
  if name ~= slot.name and not slot.has_arguments then slot.name = slot.name .. name end
end

--- An empty object in front of the arguments themselves: it stood for them until they came.
local function forget_placeholder(slot, of, piece)
  local inside = slot.inside[of]
  local rope = slot.n_bytes == 2 and inside and inside.ropes.arguments
  if not rope or rope:text() ~= "{}" or not piece:find "^%s*{" then return end
  inside.ropes.arguments = nil
  slot.balance, slot.n_bytes = balance.new(), 0
end

--- What nearly every piece is: arguments of a function, under a number that is known.
local function add_arguments(self, call)
  local slot, f = self.by_index[call.index], call["function"]
  local inside = slot and slot.inside["function"]
  local rope = inside and inside.ropes.arguments
  if not rope or type(f) ~= "table" or slot.named_again then return false end
  for name in next, call do
    if name ~= "index" and name ~= "function" and name ~= "type" then return false end
  end
  for name in next, f do
    if name ~= "arguments" then return false end
  end
  local piece = f.arguments
  if type(piece) ~= "string" or slot.n_bytes == 2 then return false end
  rope:add(piece)
  slot.balance:add(piece)
  slot.n_bytes = slot.n_bytes + #piece
  slot.has_arguments = slot.has_arguments or piece ~= ""
  return true
end

--- Take a piece of a call into account.
---@param call table
---@param encode? fun(value: any): string for arguments that are no text
function methods:add(call, encode)
  if type(call) ~= "table" or add_arguments(self, call) then return end
  local said = read(call, encode)
  local slot = slot_of(self, call, said)
  if not slot then return end
  add_name(slot, said)
  if type(said.arguments) == "string" then forget_placeholder(slot, said.of, said.arguments) end
  for name, value in pairs(call) do
    if type(value) == "table" and (name == said.of or not part.is_blank(value)) then
      local inside = slot.inside[name]
      if not inside then
        inside = (name == "function" or name == "custom") and part.new_called() or part.new()
        slot.inside[name] = inside
      end
      inside:add(value, encode)
    elseif type(value) ~= "table" and name ~= "index" and name ~= "id"
      and not part.is_nothing(value) then
      slot.own.fields[name] = value
    end
  end
  slot.id = slot.id or said.id
  if said.arguments then
    local text = type(said.arguments) == "string" and said.arguments or "{}" -- a table is whole
    slot.has_arguments = true
    slot.n_bytes = slot.n_bytes + #text
    slot.balance:add(text)
  end
end

local function table_of(slot)
  local call = slot.own:table()
  for name, inside in pairs(slot.inside) do call[name] = inside:table() end
  call.id = slot.id
  call.type = call.type or (call.custom and "custom" or "function")
  local f = call["function"]
  if f and f.arguments == nil then f.arguments = "" end
  f = f or call.custom
  if type(f) == "table" and slot.name ~= "" then f.name = slot.name end
  return setmetatable(call, { __index = { index = slot.index } })
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
  for i, slot in ipairs(ordered) do ordered[i] = table_of(slot) end
  return ordered
end

return calls
