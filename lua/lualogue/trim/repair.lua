--- Mend a list so that every call of a tool has its answer and every answer its call. No clock,
--- no chance: equal lists give equal lists, and what was mended needs no mending.

local shape = require "lualogue.trim.shape"

local repair = {}

--- What stands for an answer that never came.
repair.INTERRUPTED = "[interrupted: this call was not answered]"

--- What was changed: `at` is the place in the list that was given.
---@class lualogue.RepairNote
---@field at integer
---@field what "answered"|"moved"|"dropped"|"call dropped"|"emptied"
---@field why string

local function is_empty(content)
  return content == nil or content == "" or type(content) == "userdata"
    or type(content) == "table" and content[1] == nil
end

--- Whether an assistant's message says nothing at all.
local function says_nothing(message)
  return is_empty(message.content) and not shape.calls(message) and message.function_call == nil
    and message.refusal == nil and message.audio == nil
end

local function copy_with_calls(message, calls)
  local copy = {}
  for name, value in pairs(message) do copy[name] = value end
  copy.tool_calls = calls
  return copy
end

--- The calls that can be answered: those with an id, each id once.
local function sound_calls(message, note)
  local calls, seen, all = {}, {}, true
  for _, call in ipairs(message.tool_calls) do
    local id = type(call) == "table" and call.id
    if type(id) == "string" and not seen[id] then
      seen[id] = true
      calls[#calls + 1] = call
    else
      all = false
      note("call dropped", type(id) == "string" and "the id is there twice" or "it has no id")
    end
  end
  return calls, all
end

--- The walk: what stays, in order, each call with a place for its answer.
local Walk = {}
Walk.__index = Walk

function Walk:note(at, what, why)
  self.notes[#self.notes + 1] = { at = at, what = what, why = why }
end

function Walk:assistant(message, at)
  if message.tool_calls == nil then
    if says_nothing(message) then return self:note(at, "dropped", "it says nothing") end
    self.items[#self.items + 1] = { message = message }
    return
  end
  local calls, all = {}, type(message.tool_calls) == "table"
  if all then
    calls, all = sound_calls(message, function(what, why) self:note(at, what, why) end)
  end
  if not calls[1] then
    message = copy_with_calls(message, nil)
    self:note(at, "emptied", "an empty list of calls")
    if says_nothing(message) then return self:note(at, "dropped", "it says nothing") end
  elseif not all then
    message = copy_with_calls(message, calls)
  end
  local item = { message = message, at = at, slots = {} }
  for i, call in ipairs(calls) do
    local slot = { id = call.id, order = i }
    item.slots[i] = slot
    self.open[call.id] = { slot = slot, below = self.open[call.id] }
  end
  self.items[#self.items + 1] = item
  self.last = item
end

--- The nearest earlier call that is open takes it.
function Walk:tool(message, at)
  local id = message.tool_call_id
  local entry = id ~= nil and self.open[id]
  if not entry then return self:note(at, "dropped", "it answers no open call") end
  self.open[id] = entry.below
  entry.slot.answer, entry.slot.at = message, at
end

--- Whether everything behind an item's message is its answers: the calls may still be running.
local function is_live(self, item)
  return self.live and item == self.last and item == self.items[#self.items]
end

function Walk:finish()
  local list = {}
  for _, item in ipairs(self.items) do
    list[#list + 1] = item.message
    local n_answers, live = 0, is_live(self, item)
    for i, slot in ipairs(item.slots or {}) do
      if slot.answer then
        n_answers = n_answers + 1
        if slot.at ~= item.at + i then self:note(slot.at, "moved", "it belongs behind its call") end
        list[#list + 1] = slot.answer
      elseif not live then
        self:note(item.at, "answered", "the call was never answered")
        list[#list + 1] = { role = "tool", tool_call_id = slot.id, content = repair.INTERRUPTED }
      end
    end
  end
  return list, self.notes
end

--- See `lualogue.trim.repair`.
---@param messages lualogue.Message[]
---@param live? boolean
---@return lualogue.Message[] list
---@return lualogue.RepairNote[] notes
function repair.mend(messages, live)
  local walk = setmetatable({
    items = {}, open = {}, notes = {}, live = live, last = nil,
  }, Walk)
  for at, message in ipairs(messages) do
    if message.role == "assistant" then
      walk:assistant(message, at)
    elseif message.role == "tool" then
      walk:tool(message, at)
    else
      walk.items[#walk.items + 1] = { message = message }
    end
  end
  return walk:finish()
end

return repair
