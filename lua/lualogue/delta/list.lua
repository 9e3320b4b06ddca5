--- A list that comes in pieces: items are appended, but those that go on with an earlier one are
--- put to it. A list of content may hold running text as well.

local part = require "lualogue.delta.part"
local rope = require "lualogue.rope"

local list = {}

---@class lualogue.delta.Item one of them
---@field value? any as it came
---@field part? lualogue.delta.Part it came in pieces
---@field thought? boolean that goes on with pieces of its kind
---@field inner? lualogue.delta.List of a thought: the parts in it
---@field field? string where they stand
---@field rope? lualogue.Rope

---@class lualogue.delta.List
---@field items lualogue.delta.Item[]
---@field running? lualogue.Rope the text at the end, if it ends with text
---@field private by_index table<integer, table<string, lualogue.delta.Item>>
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

--- Whether a part of content is text and nothing more.
local function is_plain_text(item)
  if type(item) ~= "table" or item.type ~= "text" or type(item.text) ~= "string" then
    return false
  end
  for name in pairs(item) do
    if name ~= "text" and name ~= "type" then return false end
  end
  return true
end

--- Whether a piece may go on with a part: where both say of what type they are, which id or which
--- signature they have, it is the same.
local function may_go_on(known, item)
  for _, name in ipairs { "type", "id", "signature" } do
    local mine, other = known.fields[name], item[name]
    if mine ~= nil and not part.is_nothing(other) and mine ~= other then return false end
  end
  return true
end

local function append(self, item)
  self.items[#self.items + 1] = item
  return item
end

--- An item with an index goes on with the one of this index that has its type and id: some
--- servers number a summary and what is encrypted beside it alike.
local function add_indexed(self, index, item)
  local known = self.by_index[index]
  if not known then
    known = {}
    self.by_index[index] = known
  end
  local key = tostring(item.type or "") .. "\0" .. tostring(item.id or "")
  local found = known[key]
  if not found and known.newest and may_go_on(known.newest.part, item) then
    found = known.newest
  end
  found = found or append(self, { part = part.new() })
  known[key], known.newest = found, found
  found.part:add(item)
end

local THOUGHTS = { thinking = "thinking", reasoning = "summary", ["reasoning.text"] = "text" }

--- Whether an item is a piece of a thought, which comes one a token.
local function is_thought(item) return type(item) == "table" and THOUGHTS[item.type] ~= nil end

--- A part within a thought goes on with the one before it, if that is a text of its type.
local function add_inside(inner, item)
  local last = inner.items[#inner.items]
  local is_text = type(item) == "table" and type(item.text) == "string" and item.type ~= "text"
  local goes_on = is_text and last and last.part and not last.part.fields.signature
  if goes_on and may_go_on(last.part, item) then
    last.part:add(item)
  elseif is_text then
    inner.running = nil
    append(inner, { part = part.new() }).part:add(item)
  else
    inner:add_content(item)
  end
end

--- A thought goes on with the one before it. What is thought is a text, or a list of parts.
local function add_thought(self, item)
  local last = self.items[#self.items]
  if not (last and last.thought and may_go_on(last.part, item)) or last.part.fields.signature then
    last = append(self, { part = part.new(), thought = true })
  end
  local field = THOUGHTS[item.type]
  if type(item[field]) ~= "table" then return last.part:add(item) end
  local rest = {}
  for name, value in pairs(item) do
    if name ~= field then rest[name] = value end
  end
  last.part:add(rest)
  last.inner, last.field = last.inner or list.new(), field
  for _, inside in ipairs(item[field]) do add_inside(last.inner, inside) end
end

---@param item any
function methods:add(item)
  if part.is_nothing(item) then return end
  self.running = nil
  local index = type(item) == "table" and list.index(item.index)
  if index then
    add_indexed(self, index, item)
  elseif is_thought(item) then
    add_thought(self, item)
  else
    append(self, { value = part.copy(item) })
  end
end

--- Add a part of content: what is text and nothing more goes on with the text at the end.
---@param item any
function methods:add_content(item)
  if type(item) == "string" then
    self:add_text(item)
  elseif is_plain_text(item) then
    self:add_text(item.text)
  else
    self:add(item)
  end
end

--- Go on with the text at the end of the list.
---@param text string
function methods:add_text(text)
  if text == "" then return end
  if not self.running then
    self.running = rope.new()
    append(self, { rope = self.running })
  end
  self.running:add(text)
end

--- Add what is new in a list that came as a whole: some servers tell all sources in each chunk.
--- It begins with what is known, then, item by item. Numbers are always new: tokens repeat.
---@param items any[]
function methods:add_all(items)
  local n = #self.items
  local is_told_again = n > 0 and #items >= n and type(items[1]) ~= "number"
  for i = 1, is_told_again and n or 0 do
    local known = self.items[i]
    if known.part or known.rope or not part.is_same(known.value, items[i]) then
      is_told_again = false
      break
    end
  end
  for i = is_told_again and n + 1 or 1, #items do self:add(items[i]) end
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
      if item.inner then out[i][item.field] = item.inner:table() end
    else
      out[i] = part.copy(item.value)
    end
  end
  return out
end

--- The text of content: the string itself, or its text parts joined; nil if it is neither.
---@param content any
---@return string? text
function list.text_of(content)
  if type(content) == "string" then return content end
  if type(content) ~= "table" then return nil end
  local parts = {}
  for _, item in ipairs(content) do
    if type(item) == "string" then
      parts[#parts + 1] = item
    elseif type(item) == "table" and type(item.text) == "string" then
      parts[#parts + 1] = item.text
    end
  end
  return table.concat(parts)
end

return list
