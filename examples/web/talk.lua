-- One dialogue, as a page sees it: what there is to show, and how an answer is had.
local lualogue = require "lualogue"

local talk = {}
talk.__index = talk

function talk.new(client)
  local dialogue = client:dialogue { system = "You are friendly, and brief." }
  return setmetatable({ dialogue = dialogue, usage = setmetatable({}, { __mode = "k" }) }, talk)
end

--- The history, and behind it the turn that has no answer yet; the tokens of what would be sent of
--- all that, and those that all calls have cost.
function talk:state()
  local dialogue, list = self.dialogue, {}
  local function add(message, mark)
    local usage = self.usage[message]
    list[#list + 1] = { who = message.role, text = message.content, mark = mark, usage = usage }
  end
  local messages, marks = dialogue:history()
  for i, message in ipairs(messages) do add(message, marks[i]) end
  local pending = dialogue.pending or { messages = {} }
  for _, message in ipairs(pending.messages) do add(message) end
  if pending.err then add(pending.partial or { role = "assistant" }, pending.err.kind) end
  local tokens = { next = select(3, dialogue:preview()), spent = dialogue:usage().total_tokens }
  return { messages = lualogue.array(list), tokens = tokens }
end

function talk:is_busy() return self.task ~= nil and self.task:status() == "running" end

--- The task that answers a question, or the last one anew; `put(text)` takes each piece, and says
--- whether to go on.
function talk:answer(question, put)
  local dialogue = self.dialogue
  self.task = lualogue.task(function()
    local stream, err
    if question then
      stream, err = dialogue:stream(question)
    elseif dialogue.pending then
      stream, err = dialogue:retry { stream = true }
    else
      stream, err = dialogue:regenerate { stream = true }
    end
    self.stream = stream
    while stream do
      local text, why = stream:next() -- waits, and everybody else goes on
      if text and not put(text) then stream:close() end
      if stream.answer then self.usage[stream.message] = stream.usage end
      if not text then stream, err = nil, why end
    end
    return err == nil, err
  end)
  return self.task
end

--- End the answer that is under way, if one is; what has come of it is kept.
function talk:stop()
  if self:is_busy() then self.task:cancel() self.task:wait() end
  if self.stream then self.stream:close() end -- nothing, where it came to its end
  local pending = self.dialogue.pending
  local stopped = pending and pending.err and pending.err.kind == "cancelled"
  if stopped and pending.partial then self.dialogue:keep() end
end

return talk
