--- Events of a streamed response (`POST /responses`) -> the response so far, as a plain call gives
--- it at the end. Events are read and left as they are.

local part = require "lualogue.delta.part"
local rope = require "lualogue.rope"

local responses = {}

---@class lualogue.delta.Response
---@field status? "completed"|"incomplete"|"failed" how it ended
---@field private head? table the response without its output, as it was told last
---@field private items table<integer, table> of the output, by their index from 0
---@field private by_id table<string, table> the same by their ids
---@field private texts table<table, table<string, lualogue.Rope>> strings that grow: whose, which
---@field private places table<table, table<integer, integer>> of parts in a list, by their index
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.response" }

--- A response of which nothing came yet.
---@return lualogue.delta.Response
function responses.new()
  local weak = { __mode = "k" } -- an item that another one replaced is gone
  return setmetatable({
    items = {}, by_id = {}, texts = setmetatable({}, weak), places = setmetatable({}, weak),
  }, metatable)
end

-- ------------------------------------------------------------------ places

local function index_of(value)
  return type(value) == "number" and value >= 0 and value % 1 == 0 and value or 0
end

--- Put an item in its place; what grew in the one before it is told in this one.
local function set_item(self, event)
  if type(event.item) ~= "table" then return end
  local item = part.copy(event.item)
  self.items[index_of(event.output_index)] = item
  if type(item.id) == "string" then self.by_id[item.id] = item end
end

--- The item that an event is about; made where a server does not announce it.
local function item_of(self, event)
  local item = self.by_id[event.item_id] or self.items[index_of(event.output_index)]
  if not item then
    item = { id = event.item_id }
    self.items[index_of(event.output_index)] = item
    if type(item.id) == "string" then self.by_id[item.id] = item end
  end
  return item
end

--- A part of an item: `list` is `content` or `summary`. A list has no gaps, whatever the server
--- counts (some count on from the item before): a number has the place that it got first.
local function part_of(self, item, list, index, kind)
  if type(item[list]) ~= "table" then item[list] = {} end
  local parts = item[list]
  local places = self.places[parts]
  if not places then
    places = {}
    for i = 1, #parts do places[i - 1] = i end
    self.places[parts] = places
  end
  index = index_of(index)
  local at = places[index] or #parts + 1
  places[index] = at
  if type(parts[at]) ~= "table" then parts[at] = { type = kind } end
  return parts[at], parts, at
end

local function grow(self, holder, field, piece)
  if type(piece) ~= "string" then return end
  local texts = self.texts[holder] or {}
  self.texts[holder] = texts
  if not texts[field] then
    texts[field] = rope.new()
    if type(holder[field]) == "string" then texts[field]:add(holder[field]) end
  end
  texts[field]:add(piece)
end

local function set(self, holder, field, value)
  if value == nil then return end
  if self.texts[holder] then self.texts[holder][field] = nil end
  holder[field] = part.copy(value)
end

-- ------------------------------------------------------------------ events

--- What grows in a part: event -> { list, type of the part, field, index, field of the last event }
local IN_PARTS = {
  output_text = { "content", "output_text", "text", "content_index" },
  refusal = { "content", "refusal", "refusal", "content_index" },
  reasoning_text = { "content", "reasoning_text", "text", "content_index" },
  reasoning_summary_text = { "summary", "summary_text", "text", "summary_index" },
}
--- What grows in an item: event -> field
local IN_ITEMS = {
  function_call_arguments = "arguments", mcp_call_arguments = "arguments",
  custom_tool_call_input = "input", code_interpreter_call_code = "code",
}
local PARTS = {
  content_part = { "content", "content_index" }, reasoning_part = { "content", "content_index" },
  reasoning_summary_part = { "summary", "summary_index" },
}

local function add_text(self, event, what, step)
  local where = IN_PARTS[what]
  local holder = part_of(self, item_of(self, event), where[1], event[where[4]], where[2])
  if step == "done" then return set(self, holder, where[3], event[where[3]]) end
  grow(self, holder, where[3], event.delta)
  if what ~= "output_text" then return end
  if type(event.logprobs) == "table" and event.logprobs[1] ~= nil then
    if type(holder.logprobs) ~= "table" then holder.logprobs = {} end
    for _, token in ipairs(event.logprobs) do
      holder.logprobs[#holder.logprobs + 1] = part.copy(token)
    end
  end
  return type(event.delta) == "string" and event.delta or nil
end

local function add_part(self, event, what)
  local where = PARTS[what]
  if type(event.part) ~= "table" then return end
  local _, parts, at = part_of(self, item_of(self, event), where[1], event[where[2]])
  parts[at] = part.copy(event.part)
end

local function add_annotation(self, event)
  local holder = part_of(self, item_of(self, event), "content", event.content_index, "output_text")
  if type(holder.annotations) ~= "table" then holder.annotations = {} end
  local at = math.min(index_of(event.annotation_index), #holder.annotations) + 1
  holder.annotations[at] = part.copy(event.annotation)
end

local ENDS = { completed = true, incomplete = true, failed = true }

--- Take the whole response that an event tells. Some servers leave its output out at the end.
local function add_whole(self, told, step)
  self.head = part.copy(told)
  self.head.output = nil
  if ENDS[step] then self.status = step end
  if type(told.output) ~= "table" or #told.output == 0 then return end
  self.items, self.by_id = {}, {}
  for i, item in ipairs(told.output) do set_item(self, { item = item, output_index = i - 1 }) end
end

--- Take one event into account. What is none of a response's counts for nothing.
---@param event table
---@return string? text what it adds to the text of the answer
function methods:add(event)
  local name = type(event) == "table" and type(event.type) == "string" and event.type or ""
  local what, step = name:match "^response%.([%w_.]-)%.?([%w_]+)$"
  if not what then return end
  if type(event.response) == "table" then
    add_whole(self, event.response, step)
  elseif what == "output_item" then
    set_item(self, event)
  elseif what == "output_text.annotation" then
    add_annotation(self, event)
  elseif PARTS[what] then
    add_part(self, event, what)
  elseif IN_PARTS[what] then
    return add_text(self, event, what, step)
  elseif IN_ITEMS[what] then
    local item, field = item_of(self, event), IN_ITEMS[what]
    if step == "done" then set(self, item, field, event[field]) end
    if step == "delta" then grow(self, item, field, event.delta) end
  elseif what:find "_call$" and self.by_id[event.item_id] then
    if step ~= "partial_image" then self.by_id[event.item_id].status = step end
  end
end

-- ------------------------------------------------------------------ what came

--- The response as it stands, a new table each time; nil before the first event of one.
---@return table?
function methods:response()
  if not self.head and next(self.items) == nil then return nil end
  for holder, texts in pairs(self.texts) do
    for field, text in pairs(texts) do holder[field] = text:text() end
  end
  local out, order = part.copy(self.head or { object = "response" }), {}
  for index in pairs(self.items) do order[#order + 1] = index end
  table.sort(order)
  out.output = {}
  for i, index in ipairs(order) do out.output[i] = part.copy(self.items[index]) end
  return out
end

return responses
