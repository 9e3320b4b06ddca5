--- What has come of one choice, and the message that it makes.

local list = require "lualogue.delta.list"
local part = require "lualogue.delta.part"
local rope = require "lualogue.rope"
local strings = require "lualogue.delta.strings"

local choice = {}

---@class lualogue.delta.Choice
---@field role string
---@field content lualogue.delta.List
---@field has_parts boolean? content came as parts, not only as text
---@field has_content boolean? content came, if only an empty one
---@field brought boolean? anything came in deltas but a role
---@field whole? lualogue.delta.Choice what `message` said, for servers that send no deltas
---@field told lualogue.Rope the text of `whole`
---@field n_told integer bytes of it
---@field calls? lualogue.delta.Calls
---@field strings lualogue.delta.Strings
---@field lists table<string, lualogue.delta.List>
---@field inside table<string, lualogue.delta.Part> tables: `audio`, `function_call`
---@field fields table<string, any> everything else
---@field beside table<string, any> what came beside the message: `logprobs`
---@field is_text boolean? of a completion that is no chat: the text stands in the choice itself
---@field finish_reason? string
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.choice" }

---@return lualogue.delta.Choice
function choice.new()
  return setmetatable({
    role = "assistant", content = list.new(), strings = strings.new(),
    lists = {}, inside = {}, fields = {}, beside = {}, told = rope.new(), n_told = 0,
  }, metatable)
end

--- Content is a piece of text, or a list of parts, as some servers send it, or now this and now
--- that. Parts stay what they are, but text goes on where text stands.
---@param value any
function methods:add_content(value)
  if type(value) == "string" then
    self.has_content = true
    if value ~= "" then self.brought = true end
    self.content:add_text(value)
  elseif type(value) == "table" then
    self.has_content = true
    for _, item in ipairs(value) do
      self.has_parts, self.brought = true, true
      self.content:add_content(item)
    end
  end
end

local function add_table(self, name, value, encode)
  if #value > 0 then
    local known = self.lists[name] or list.new()
    self.lists[name] = known
    if name:find "content" then
      for _, item in ipairs(value) do known:add_content(item) end
    else
      known:add_all(value)
    end
  else
    local known = self.inside[name]
    if not known then
      known = name == "function_call" and part.new_called() or part.new()
      self.inside[name] = known
    end
    known:add(value, encode)
  end
end

--- Take one field of a delta into account.
---@param name string
---@param value any
---@param encode? fun(value: any): string
function methods:add(name, value, encode)
  if name == "content" then
    self:add_content(value)
  elseif part.is_nothing(value) then
    return
  elseif name == "role" then
    if type(value) == "string" then self.role = value end
  elseif type(value) == "table" then
    if name == "tool_calls" then
      if #value == 0 and next(value) ~= nil then value = { value } end -- one, and no list of it
      self.calls = self.calls or require("lualogue.delta.calls").new()
      for i = 1, #value do
        self.brought = true
        self.calls:add(value[i], encode)
      end
    elseif not part.is_blank(value) then
      self.brought = true
      add_table(self, name, value, encode)
    end
  elseif name ~= "tool_calls" then
    self.brought = true
    if type(value) == "string" then
      self.strings:add(name, value)
    else
      self.fields[name] = value
    end
  end
end

--- What a choice says as a whole message, which counts as long as no delta brought anything. A
--- later one that begins with all the text so far says it again, any other goes on with it.
---@param message table
---@param encode? fun(value: any): string
---@return string? text what is new in its text
function methods:add_whole(message, encode)
  if self.brought then return nil end
  local text, n = list.text_of(message.content) or "", self.n_told
  -- Looked at only where it can be equal: what comes in pieces costs no more than its pieces.
  local is_again = #text >= n and text:sub(1, n) == self.told:text()
  if is_again then self.whole, self.told, self.n_told = choice.new(), rope.new(), 0 end
  self.told:add(text)
  self.n_told = self.n_told + #text
  for name, value in pairs(message) do self.whole:add(name, value, encode) end
  return is_again and text:sub(n + 1) or text
end

--- The content as it stands, or nil. The API asks for one wherever nothing else was said.
local function content_of(self, message)
  local items = self.content.items
  if self.has_parts and #items > 0 then return self.content:table() end
  if #items > 0 then return items[1].rope:text() end
  if message.tool_calls or message.function_call or message.refusal then return nil end
  if message.audio and not self.has_content then return nil end
  return ""
end

--- The message as it stands, a new table each time.
---@return lualogue.Message
function methods:message()
  if self.whole and not self.brought then return self.whole:message() end
  local message = { role = self.role }
  for name, value in pairs(self.fields) do message[name] = value end
  self.strings:fill(message)
  for name, items in pairs(self.lists) do message[name] = items:table() end
  for name, inside in pairs(self.inside) do message[name] = inside:table() end
  if self.calls and #self.calls.slots > 0 then message.tool_calls = self.calls:table() end
  local call = message.function_call
  if type(call) == "table" and call.arguments == nil then call.arguments = "" end
  message.content = content_of(self, message)
  return message
end

return choice
