--- Chunks of a streamed chat -> the messages so far, and the reply that a plain call would have
--- given. Pure: no I/O, no core, so that it serves programs with a transport of their own as well.
---
--- The rules are those that the official SDKs agree on, and where they differ the ones that
--- other servers need: text is joined; role, id, type and name are replaced by what is not
--- empty, never joined; a tool call is found by its id, else by its index, else it is the last
--- one; null changes nothing. Chunks are read and left as they are.
---
---     local fold = require("lualogue.delta").new(json.encode)
---     for _, chunk in ipairs(chunks) do fold:add(chunk) end
---     print(fold:message(0).content, fold:finish_reason(0))

local choice = require "lualogue.delta.choice"
local list = require "lualogue.delta.list"
local part = require "lualogue.delta.part"
local reply = require "lualogue.delta.reply"

local delta = {}

---@class lualogue.delta.Accumulator
---@field usage? lualogue.Usage the last one that came
---@field id? string of the first chunk that had one
---@field model? string of the first chunk that had one
---@field created? integer of the first chunk that had one
---@field private choices table<integer, lualogue.delta.Choice>
---@field private fields table<string, any> what else stood in chunks
---@field private news? table<integer, string> text that the last chunk brought in whole messages
---@field private has_usage boolean a chunk itself had one
---@field private encode? fun(value: any): string
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta" }

--- A new, empty accumulator.
---@param encode? fun(value: any): string for servers that send tool arguments as an object, which
---stays one without it
---@return lualogue.delta.Accumulator
function delta.new(encode)
  return setmetatable({ choices = {}, fields = {}, has_usage = false, encode = encode }, metatable)
end

local function choice_of(self, index)
  local known = self.choices[index]
  if not known then
    known = choice.new()
    self.choices[index] = known
  end
  return known
end

--- Some servers tell the usage in a choice, or in a corner of their own. The chunk's own counts
--- before these.
local function note_usage(self, usage)
  if type(usage) == "table" and not self.has_usage then self.usage = usage end
end

--- What a choice says beside a delta with text.
local function add_rest(self, known, index, c)
  local encode = self.encode
  if type(c.message) == "table" then
    local text = known:add_whole(c.message, encode)
    if text and text ~= "" then
      self.news = self.news or {}
      self.news[index] = (self.news[index] or "") .. text
    end
  elseif type(c.text) == "string" and c.delta == nil then
    known.is_text = true
    known:add_content(c.text)
  end
  note_usage(self, c.usage)
  reply.note_choice(known.beside, c)
end

local function add_choice(self, c)
  local index = list.index(c.index) or 0
  local known = self.choices[index] or choice_of(self, index)
  local reason = c.finish_reason
  if type(reason) == "string" and reason ~= "" and reason ~= "null" then
    known.finish_reason = reason
  end
  if type(c.delta) == "table" then
    local running = known.content.running
    for name, value in pairs(c.delta) do
      if running and name == "content" and type(value) == "string" then
        running:add(value) -- what nearly every chunk is
      else
        known:add(name, value, self.encode)
      end
    end
  end
  add_rest(self, known, index, c)
end

--- Take one chunk into account. A chunk without a list of choices only counts for usage and what
--- else stands in it.
---@param chunk table a `chat.completion.chunk`
function methods:add(chunk)
  self.news = nil
  if type(chunk.usage) == "table" then self.usage, self.has_usage = chunk.usage, true end
  if type(chunk.x_groq) == "table" then note_usage(self, chunk.x_groq.usage) end
  -- Azure begins with a chunk in which these are empty.
  if not self.id and not part.is_nothing(chunk.id) then self.id = chunk.id end
  if not self.model and not part.is_nothing(chunk.model) then self.model = chunk.model end
  if not self.created and list.index(chunk.created) and chunk.created > 0 then
    self.created = chunk.created
  end
  reply.note_chunk(self.fields, chunk)
  if type(chunk.choices) ~= "table" then return end
  for _, c in ipairs(chunk.choices) do
    if type(c) == "table" then add_choice(self, c) end
  end
end

--- Take a piece of content into account that came without its chunk.
---@param index integer counted from 0, as the server does
---@param text string
function methods:add_text(index, text)
  local known = self.choices[index]
  local running = known and known.content.running
  if running then
    running:add(text)
  else
    choice_of(self, index):add_content(text)
  end
end

--- The text that the last chunk brought to a choice.
---@param chunk table that was added last
---@param index integer counted from 0
---@return string? text
function methods:text_in(chunk, index)
  local text
  for _, c in ipairs(type(chunk.choices) == "table" and chunk.choices or {}) do
    if type(c) == "table" and (list.index(c.index) or 0) == index then
      local piece = type(c.delta) == "table" and list.text_of(c.delta.content)
      if not piece and c.delta == nil and type(c.text) == "string" then piece = c.text end
      if piece then text = (text or "") .. piece end
    end
  end
  return text ~= "" and text or self.news and self.news[index] or text
end

--- Why a choice ended, or nil.
---@param index integer counted from 0
---@return string?
function methods:finish_reason(index)
  local known = self.choices[index]
  return known and known.finish_reason
end

--- Why each choice ended, of those that have.
---@return table<integer, string> reasons counted from 1
function methods:finish_reasons()
  local reasons = {}
  for index, known in pairs(self.choices) do reasons[index + 1] = known.finish_reason end
  return reasons
end

--- The message of a choice as it stands, a new table each time; nil if nothing of it came. It may
--- be sent back as it is.
---@param index integer counted from 0
---@return lualogue.Message?
function methods:message(index)
  local known = self.choices[index]
  return known and known:message()
end

--- The whole reply as it stands, as a plain call would have given it, a new table each time: all
--- choices with their `logprobs`, `usage`, and what else the server said (`service_tier`,
--- `system_fingerprint`, `citations`, `timings`, filters). Padding is left out.
---@return lualogue.ChatReply
function methods:reply() return reply.table(self, self.fields, self.choices) end

--- The same for the events of a streamed response (`POST /responses`), which are of another kind.
---
---     local fold = delta.new_response()
---     for _, event in ipairs(events) do io.write(fold:add(event) or "") end
---     print(fold.status, #fold:response().output)
---@return lualogue.delta.Response
function delta.new_response() return require("lualogue.delta.responses").new() end

--- The text of a delta's or message's content: the string itself, or its text parts joined.
---@param content any
---@return string? text nil if there is none
function delta.text_of(content) return list.text_of(content) end

return delta
