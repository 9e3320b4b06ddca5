--- Chunks of a streamed chat -> the messages so far. Pure: no I/O, no core, so that it serves
--- programs with a transport of their own as well.
---
--- The rules are those that the official SDKs agree on, and where they differ the ones that
--- other servers need: text is joined; role, id, type and name are replaced by what is not
--- empty, never joined; a tool call without an index is found by its id, else it is the last
--- one; null changes nothing. Chunks are read and left as they are.
---
---     local fold = require("lualogue.delta").new(json.encode)
---     for _, chunk in ipairs(chunks) do fold:add(chunk) end
---     print(fold:message(0).content, fold:finish_reason(0))

local calls = require "lualogue.delta.calls"
local list = require "lualogue.delta.list"
local part = require "lualogue.delta.part"

local delta = {}

--- Fields of a delta whose strings are pieces of one text.
local JOINED = { refusal = true, reasoning_content = true, reasoning = true }

--- What has come of one choice.
---@class lualogue.delta.Choice
---@field role string
---@field content lualogue.delta.List
---@field has_parts boolean? content came as parts, not only as text
---@field has_content boolean? content came, if only an empty one
---@field calls lualogue.delta.Calls
---@field ropes table<string, lualogue.Rope> texts
---@field lists table<string, lualogue.delta.List>
---@field inside table<string, lualogue.delta.Part> tables: `audio`, `function_call`
---@field fields table<string, any> everything else
---@field finish_reason? string

---@class lualogue.delta.Accumulator
---@field usage? lualogue.Usage the last one that came
---@field id? string of the first chunk that had one
---@field model? string of the first chunk that had one
---@field created? integer of the first chunk that had one
---@field private choices table<integer, lualogue.delta.Choice>
---@field private encode? fun(value: any): string
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta" }

--- A new, empty accumulator.
---@param encode? fun(value: any): string for servers that send tool arguments as an object, which
---stays one without it
---@return lualogue.delta.Accumulator
function delta.new(encode)
  return setmetatable({ choices = {}, encode = encode }, metatable)
end

local function choice_of(self, index)
  local choice = self.choices[index]
  if not choice then
    choice = {
      role = "assistant", content = list.new(), calls = calls.new(),
      ropes = {}, lists = {}, inside = {}, fields = {},
    }
    self.choices[index] = choice
  end
  return choice
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

--- Content is a piece of text, or a list of parts, as some servers send it, or now this and now
--- that. Parts stay what they are, but text goes on where text stands.
local function add_content(choice, value)
  choice.has_content = true
  if type(value) == "string" then
    choice.content:add_text(value)
    return
  end
  if type(value) ~= "table" then return end
  for _, item in ipairs(value) do
    choice.has_parts = true
    if type(item) == "string" then
      choice.content:add_text(item)
    elseif is_plain_text(item) then
      choice.content:add_text(item.text)
    else
      choice.content:add(item)
    end
  end
end

local function add_table(self, choice, name, value)
  if #value > 0 then
    local known = choice.lists[name] or list.new()
    choice.lists[name] = known
    for _, item in ipairs(value) do known:add(item) end
  elseif next(value) ~= nil then
    local known = choice.inside[name] or part.new()
    choice.inside[name] = known
    known:add(value, self.encode)
  end
end

local function add_field(self, choice, name, value)
  if name == "content" then
    if type(value) ~= "userdata" then add_content(choice, value) end
  elseif part.is_nothing(value) then
    return
  elseif name == "role" then
    if type(value) == "string" then choice.role = value end
  elseif name == "tool_calls" then
    for _, call in ipairs(type(value) == "table" and value or {}) do
      choice.calls:add(call, self.encode)
    end
  elseif type(value) == "table" then
    add_table(self, choice, name, value)
  elseif JOINED[name] and type(value) == "string" then
    part.join(choice.ropes, name, value)
  else
    choice.fields[name] = value
  end
end

--- Take one chunk into account. A chunk without a list of choices only counts for usage.
---@param chunk table a `chat.completion.chunk`
function methods:add(chunk)
  if type(chunk.usage) == "table" then self.usage = chunk.usage end
  -- Azure begins with a chunk in which these are empty.
  if not self.id and not part.is_nothing(chunk.id) then self.id = chunk.id end
  if not self.model and not part.is_nothing(chunk.model) then self.model = chunk.model end
  if not self.created and list.index(chunk.created) and chunk.created > 0 then
    self.created = chunk.created
  end
  if type(chunk.choices) ~= "table" then return end
  for _, c in ipairs(chunk.choices) do
    if type(c) == "table" then
      local choice = self.choices[c.index] or choice_of(self, list.index(c.index) or 0)
      if type(c.finish_reason) == "string" and c.finish_reason ~= "" then
        choice.finish_reason = c.finish_reason
      end
      if type(c.delta) == "table" then
        local running = choice.content.running
        for name, value in pairs(c.delta) do
          if running and name == "content" and type(value) == "string" then
            running:add(value) -- what nearly every chunk is
          else
            add_field(self, choice, name, value)
          end
        end
      end
    end
  end
end

--- Take a piece of content into account that came without its chunk.
---@param index integer counted from 0, as the server does
---@param text string
function methods:add_text(index, text)
  local choice = self.choices[index]
  local running = choice and choice.content.running
  if running then
    running:add(text)
  else
    add_content(choice_of(self, index), text)
  end
end

--- Why a choice ended, or nil.
---@param index integer counted from 0
---@return string?
function methods:finish_reason(index)
  local choice = self.choices[index]
  return choice and choice.finish_reason
end

--- The content as it stands, or nil. The API asks for one wherever nothing else was said.
local function content_of(choice, message)
  local items = choice.content.items
  if choice.has_parts and #items > 0 then return choice.content:table() end
  if #items > 0 then return items[1].rope:text() end
  if message.tool_calls or message.function_call then return nil end
  if message.audio and not choice.has_content then return nil end
  return ""
end

--- The message of a choice as it stands, a new table each time; nil if nothing of it came. It may
--- be sent back as it is.
---@param index integer counted from 0
---@return lualogue.Message?
function methods:message(index)
  local choice = self.choices[index]
  if not choice then return nil end
  local message = { role = choice.role }
  for name, value in pairs(choice.fields) do message[name] = value end
  for name, r in pairs(choice.ropes) do message[name] = r:text() end
  for name, items in pairs(choice.lists) do message[name] = items:table() end
  for name, inside in pairs(choice.inside) do message[name] = inside:table() end
  if #choice.calls.slots > 0 then message.tool_calls = choice.calls:table() end
  local call = message.function_call
  if type(call) == "table" and call.arguments == nil then call.arguments = "" end
  message.content = content_of(choice, message)
  return message
end

--- The text of a delta's or message's content: the string itself, or its text parts joined.
---@param content any
---@return string? text nil if there is none
function delta.text_of(content)
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

return delta
