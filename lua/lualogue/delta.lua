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
---@field private seen table<string, any> what stood in the last one that had it
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
  local self = { choices = {}, fields = {}, seen = {}, has_usage = false, encode = encode }
  return setmetatable(self, metatable)
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

-- What stands beside a delta and is more than a field of the reply: (self, choice, index, value).
local BESIDE = {}

function BESIDE.finish_reason(_, known, _, reason)
  if type(reason) == "string" and reason ~= "" and reason ~= "null" then
    known.finish_reason = reason
  end
end

function BESIDE.message(self, known, index, message)
  local text = type(message) == "table" and known:add_whole(message, self.encode)
  if text and text ~= "" then
    self.news = self.news or {}
    self.news[index] = (self.news[index] or "") .. text
  end
end

function BESIDE.text(_, known, _, text, c)
  if type(text) ~= "string" or c.delta ~= nil then return end
  known.is_text = true
  known:add_content(text)
end

function BESIDE.usage(self, _, _, usage) note_usage(self, usage) end

local function add_delta(self, known, d)
  local running, texts = known.content.running, known.strings.texts
  for name, value in next, d do
    local text = type(value) == "string" and (name == "content" and running or texts[name])
    if text then
      text:add(value) -- what nearly every chunk is
    else
      known:add(name, value, self.encode)
    end
  end
end

local function add_choice(self, c)
  local index = list.index(c.index) or 0
  local known = self.choices[index] or choice_of(self, index)
  if type(c.delta) == "table" then add_delta(self, known, c.delta) end
  for name, value in next, c do
    if name ~= "index" and name ~= "delta" then
      local take = BESIDE[name]
      if take then
        take(self, known, index, value, c)
      else
        reply.note_of_choice(known.beside, name, value)
      end
    end
  end
end

-- What of a chunk is more than a field of the reply; false: nothing of it is kept.
local IN_CHUNK = { choices = false, object = false, obfuscation = false, p = false }

-- Azure begins with a chunk in which these are empty.
function IN_CHUNK.id(self, id) self.id = self.id or (not part.is_nothing(id) and id or nil) end
function IN_CHUNK.model(self, model)
  self.model = self.model or (not part.is_nothing(model) and model or nil)
end
function IN_CHUNK.created(self, created)
  if not self.created and list.index(created) and created > 0 then self.created = created end
end

function IN_CHUNK.usage(self, usage)
  if type(usage) == "table" then self.usage, self.has_usage = usage, true end
end

function IN_CHUNK.x_groq(self, value)
  if type(value) == "table" then note_usage(self, value.usage) end
  reply.note(self.fields, "x_groq", value)
end

--- Take one chunk into account. A chunk without a list of choices only counts for usage and what
--- else stands in it.
---@param chunk table a `chat.completion.chunk`
function methods:add(chunk)
  local seen = self.seen
  if self.news then self.news = nil end
  for name, value in next, chunk do
    if seen[name] ~= value then -- most of it is what it was in the chunk before
      local take = IN_CHUNK[name]
      if take then
        seen[name] = value
        take(self, value)
      elseif take == nil then
        seen[name] = value
        reply.note(self.fields, name, value)
      end
    end
  end
  local choices = chunk.choices
  if type(choices) ~= "table" then return end
  for i = 1, #choices do
    local c = choices[i]
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
