--- Keeps the log of a conversation in step with its dialogue, wherever that goes.

local json = require "lualogue.json"
local log = require "lualogue.command.log"

local written = {}
written.__index = written

--- What is in the log of a conversation.
---@param conversation lualogue.command.Conversation
---@return table
function written.new(conversation)
  return setmetatable({
    conversation = conversation, texts = setmetatable({}, { __mode = "k" }),
  }, written)
end

--- A history as turns: a question, and what was said until the next one.
local function turns_of(history)
  local turns = {}
  for i, message in ipairs(history) do
    local before = history[i - 1]
    if not before or message.role == "user" and before.role ~= "user" then
      turns[#turns + 1] = { messages = {}, last = 0 }
    end
    local turn = turns[#turns]
    turn.messages[#turn.messages + 1], turn.last = message, i
  end
  return turns
end

--- The messages of a turn as text, by which equal ones are known.
function written:text(messages)
  local parts = {}
  for i, message in ipairs(messages) do
    self.texts[message] = self.texts[message] or json.encode(message)
    parts[i] = self.texts[message]
  end
  return table.concat(parts, "\n")
end

--- The turn of the log that follows another and has these messages.
function written:find(parent, messages)
  local text, id = self:text(messages), parent and parent.id
  for _, turn in ipairs(self.conversation.turns) do
    if turn.parent == id and self:text(turn.messages) == text then return turn end
  end
end

--- Write what is not written yet.
---@param dialogue lualogue.Dialogue
---@param model? string
---@param answer? lualogue.command.Answer the newest
---@return boolean? done
---@return string? why not
function written:follow(dialogue, model, answer)
  local history, marks = dialogue:history()
  local params = {}
  for key, value in pairs(dialogue.params) do params[key] = value end
  params.model, params.stream_options = nil, nil
  local parent
  for _, turn in ipairs(turns_of(history)) do
    -- A question that waits for its answer is written with it.
    if turn.messages[#turn.messages].role == "user" then break end
    local found = self:find(parent, turn.messages)
    if not found then
      found = {
        parent = parent and parent.id, model = model, system = dialogue.system, params = params,
        messages = turn.messages, mark = marks[turn.last],
      }
      if answer and turn.last == #history then
        found.usage, found.seconds = answer.usage, answer.seconds
        found.finish_reason = answer.finish_reason
      end
      local ok, why = log.add(self.conversation, found)
      if not ok then return nil, why end
    end
    parent = found
  end
  if parent ~= self.conversation.last then return log.back_to(self.conversation, parent) end
  return true
end

return written
