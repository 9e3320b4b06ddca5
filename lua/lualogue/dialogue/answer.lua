--- A complete answer, as a turn returns it beside its text.

local errors = require "lualogue.errors"

local answer = {}

--- What came of a turn. `tostring` tells what it cost.
---@class lualogue.Answer
---@field message lualogue.Message as it stands in the history
---@field finish_reason? lualogue.FinishReason
---@field usage? lualogue.Usage of the last request of the turn
---@field model? string that answered
---@field meta? lualogue.Meta
---@field info lualogue.TrimInfo what was sent, and what was left out
---@field calls lualogue.ToolResult[] of tools, over all rounds of the turn
---@field rounds integer of tools
---@field method? lualogue.ParseMethod of `parse`: how the server was asked
---@field retries? integer of `parse`: how often it had to be asked once more
---@field unchecked? string[] of `parse`: what of the schema Lua could not check
---@field truncated? { window: integer, counted: number } the server took less than was sent
local metatable = {
  __name = "lualogue.answer",
  __tostring = function(self)
    local usage = self.usage or {}
    return ("[%s + %s tokens, %s]"):format(tostring(usage.prompt_tokens or "?"),
      tostring(usage.completion_tokens or "?"), tostring(self.finish_reason or "complete"))
  end,
}

-- What an answer was made of, for as long as somebody may ask.
local sources = setmetatable({}, { __mode = "k" })

--- The whole reply that an answer was made of, as far as it is there.
---@param made lualogue.Answer
---@return table?
function answer.reply(made)
  local source = sources[made]
  if type(source) == "table" and source.choices then return source end
  return source and source.reply and source:reply() or nil
end

local function made_of(source, fields)
  local made = setmetatable(fields, metatable)
  sources[made] = source
  return made
end

--- The text of a message, its parts joined.
---@param message lualogue.Message
---@return string
function answer.text(message)
  local content = message.content
  if type(content) == "string" then return content end
  local texts = {}
  for _, part in ipairs(type(content) == "table" and content or {}) do
    if type(part) == "table" and type(part.text) == "string" then texts[#texts + 1] = part.text end
  end
  return table.concat(texts)
end

--- Of a reply.
---@param reply lualogue.ChatReply
---@param info lualogue.TrimInfo
---@return lualogue.Answer?
---@return lualogue.Error? err when there is no message in it
function answer.of_reply(reply, info)
  local choice = type(reply.choices) == "table" and reply.choices[1]
  if type(choice) ~= "table" or type(choice.message) ~= "table" then
    return nil, errors.new { kind = "protocol", message = "the reply has no message in it" }
  end
  return made_of(reply, {
    message = choice.message, finish_reason = choice.finish_reason, usage = reply.usage,
    model = reply.model, meta = reply.meta, info = info,
  })
end

--- Of a stream that is complete.
---@param stream lualogue.Stream
---@param info lualogue.TrimInfo
---@return lualogue.Answer?
---@return lualogue.Error? err
function answer.of_stream(stream, info)
  local message, err = stream:message()
  if not message then return nil, err end
  return made_of(stream, {
    message = message, finish_reason = stream.finish_reason, usage = stream.usage,
    model = stream.model, meta = stream.meta, info = info,
  })
end

return answer
