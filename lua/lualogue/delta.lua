--- Chunks of a streamed chat -> the messages so far. Pure: no I/O, no core.
---
--- The rules are those that the official SDKs agree on, and where they differ the ones that
--- other servers need: text is joined; role, id, type and name are replaced by what is not
--- empty, never joined; a tool call without an index is found by its id, else it is the last
--- one; null changes nothing.

local rope = require "lualogue.rope"

local delta = {}

--- Fields of a delta whose strings are pieces of one text.
local JOINED = { content = true, refusal = true, reasoning_content = true, reasoning = true }

--- Fields of tables inside a delta whose strings are pieces of one text.
local JOINED_INSIDE = { arguments = true, input = true, data = true, transcript = true, text = true, summary = true }

---@class lualogue.delta.Choice
---@field role string
---@field ropes table<string, lualogue.Rope>
---@field fields table<string, any>
---@field calls table[] tool calls in the order in which they were begun
---@field by_index table<integer, table>
---@field finish_reason? string

---@class lualogue.delta.Accumulator
---@field usage? lualogue.Usage the last one that came
---@field id? string of the first chunk that had one
---@field model? string of the first chunk that had one
---@field created? integer of the first chunk that had one
---@field private choices table<integer, lualogue.delta.Choice>
---@field private encode fun(value: any): string
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta" }

--- A new, empty accumulator.
---@param encode? fun(value: any): string for servers that send tool arguments as an object
---@return lualogue.delta.Accumulator
function delta.new(encode)
  return setmetatable({ choices = {}, encode = encode or tostring }, metatable)
end

local function choice_of(self, index)
  local choice = self.choices[index]
  if not choice then
    choice = { role = "assistant", ropes = {}, fields = {}, calls = {}, by_index = {} }
    self.choices[index] = choice
  end
  return choice
end

local function join(ropes, name, piece)
  local r = ropes[name]
  if not r then
    r = rope.new()
    ropes[name] = r
  end
  r:add(piece)
end

local function last_index(calls)
  local last = -1
  for _, call in ipairs(calls) do
    if call.index > last then last = call.index end
  end
  return last
end

--- The slot of a tool call delta: by its index, by its id, else the last one begun.
local function slot_of(choice, call)
  local calls, by_index = choice.calls, choice.by_index
  local index = call.index
  if type(index) ~= "number" then
    if type(call.id) == "string" and call.id ~= "" then
      for _, known in ipairs(calls) do
        if known.fields.id == call.id then return known end
      end
      index = last_index(calls) + 1
    elseif #calls > 0 then
      return calls[#calls]
    else
      index = 0
    end
  end
  local slot = by_index[index]
  if not slot then
    slot = { index = index, fields = {}, inside = {} }
    by_index[index] = slot
    calls[#calls + 1] = slot
  end
  return slot
end

--- A table inside a delta (`function`, `custom`, `audio`): its texts are joined.
local function add_inside(self, inside, name, value)
  local part = inside[name]
  if not part then
    part = { ropes = {}, fields = {} }
    inside[name] = part
  end
  for key, v in pairs(value) do
    if JOINED_INSIDE[key] then
      if type(v) == "table" then v = self.encode(v) end
      if type(v) == "string" then join(part.ropes, key, v) end
    elseif v ~= "" then
      part.fields[key] = v
    end
  end
end

local function finish_inside(part)
  local out = {}
  for key, value in pairs(part.fields) do out[key] = value end
  for key, r in pairs(part.ropes) do out[key] = r:text() end
  return out
end

local function add_call(self, choice, call)
  if type(call) ~= "table" then return end
  local slot = slot_of(choice, call)
  for key, value in pairs(call) do
    if type(value) == "table" then
      add_inside(self, slot.inside, key, value)
    elseif key ~= "index" and value ~= "" then
      slot.fields[key] = value
    end
  end
end

--- Lists of a delta (annotations, reasoning_details): items are appended, those that carry
--- the index of an earlier one go on with it.
local function add_list(self, fields, name, list)
  local known = fields[name]
  if type(known) ~= "table" then
    known = {}
    fields[name] = known
  end
  for _, item in ipairs(list) do
    local index = type(item) == "table" and item.index
    local before
    for _, other in ipairs(index and known or {}) do
      if other.index == index then before = other end
    end
    if before then
      for key, value in pairs(item) do
        if JOINED_INSIDE[key] and type(before[key]) == "string" and type(value) == "string" then
          before[key] = before[key] .. value
        elseif value ~= "" then
          before[key] = value
        end
      end
    else
      known[#known + 1] = item
    end
  end
end

local function add_field(self, choice, name, value)
  if name == "role" then
    if type(value) == "string" and value ~= "" then choice.role = value end
  elseif name == "tool_calls" then
    for _, call in ipairs(type(value) == "table" and value or {}) do add_call(self, choice, call) end
  elseif JOINED[name] and type(value) == "string" then
    join(choice.ropes, name, value)
  elseif name == "content" and type(value) == "table" then
    add_list(self, choice.fields, name, value) -- parts, as some servers send them
    join(choice.ropes, name, delta.text_of(value) or "")
  elseif type(value) == "table" and #value > 0 then
    add_list(self, choice.fields, name, value)
  elseif type(value) == "table" then
    choice.inside = choice.inside or {}
    add_inside(self, choice.inside, name, value)
  elseif value ~= "" then
    choice.fields[name] = value
  end
end

--- Take one chunk into account. A chunk without a list of choices only counts for usage.
---@param chunk table a `chat.completion.chunk`
function methods:add(chunk)
  if type(chunk.usage) == "table" then self.usage = chunk.usage end
  self.id = self.id or chunk.id
  self.model = self.model or chunk.model
  self.created = self.created or chunk.created
  if type(chunk.choices) ~= "table" then return end
  for _, c in ipairs(chunk.choices) do
    local choice = choice_of(self, c.index or 0)
    if type(c.finish_reason) == "string" then choice.finish_reason = c.finish_reason end
    if type(c.delta) == "table" then
      for name, value in pairs(c.delta) do add_field(self, choice, name, value) end
    end
  end
end

--- Take a piece of content into account that came without its chunk.
---@param index integer counted from 0, as the server does
---@param text string
function methods:add_text(index, text)
  local choice = self.choices[index]
  local known = choice and choice.ropes.content
  if known then return known:add(text) end
  join(choice_of(self, index).ropes, "content", text)
end

--- Why a choice ended, or nil.
---@param index integer counted from 0
---@return string?
function methods:finish_reason(index)
  local choice = self.choices[index]
  return choice and choice.finish_reason
end

--- The message of a choice as it stands; nil if nothing of it came.
---@param index integer counted from 0
---@return lualogue.Message?
function methods:message(index)
  local choice = self.choices[index]
  if not choice then return nil end
  local message = { role = choice.role }
  for name, value in pairs(choice.fields) do message[name] = value end
  for name, r in pairs(choice.ropes) do
    local text = r:text()
    -- an answer that is only a tool call has no content; an empty one has ""
    if not (text == "" and #choice.calls > 0) and type(message[name]) ~= "table" then
      message[name] = text
    end
  end
  for name, part in pairs(choice.inside or {}) do message[name] = finish_inside(part) end
  if #choice.calls > 0 then message.tool_calls = delta.finish_calls(choice.calls) end
  return message
end

--- Tool calls in the order of their indexes, without gaps, as they may be sent back. The
--- index can still be read (`call.index`), but is not sent.
---@param slots table[]
---@return lualogue.ToolCall[]
function delta.finish_calls(slots)
  local ordered, calls = {}, {}
  for i, slot in ipairs(slots) do ordered[i] = slot end
  table.sort(ordered, function(a, b) return a.index < b.index end)
  for i, slot in ipairs(ordered) do
    local call = {}
    for key, value in pairs(slot.fields) do call[key] = value end
    for key, part in pairs(slot.inside) do call[key] = finish_inside(part) end
    call.type = call.type or "function"
    local f = call["function"]
    if f and f.arguments == nil then f.arguments = "" end
    calls[i] = setmetatable(call, { __index = { index = slot.index } })
  end
  return calls
end

--- The text of a delta's or message's content: the string itself, or its text parts joined.
---@param content any
---@return string? text nil if there is none
function delta.text_of(content)
  if type(content) == "string" then return content end
  if type(content) ~= "table" then return nil end
  local parts = {}
  for _, part in ipairs(content) do
    if type(part) == "string" then
      parts[#parts + 1] = part
    elseif type(part) == "table" and type(part.text) == "string" then
      parts[#parts + 1] = part.text
    end
  end
  return table.concat(parts)
end

return delta
