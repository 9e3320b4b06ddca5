--- One turn: staged, asked for, and committed when its answer is complete. Whatever goes wrong
--- before that, the tree is what it was, and the staged turn can be asked for again.

local answers = require "lualogue.dialogue.answer"
local calls = require "lualogue.dialogue.calls"
local errors = require "lualogue.errors"
local overflow = require "lualogue.dialogue.overflow"
local request = require "lualogue.dialogue.request"
local window = require "lualogue.dialogue.window"

local turn = {}

local TIGHTER = 0.7 -- of what was sent, where an error names no number

--- A turn that is not committed: `dialogue.pending`.
---@class lualogue.PendingTurn
---@field messages lualogue.Message[] the question, and each finished round of tools
---@field partial? lualogue.Message the answer as far as it came
---@field err? lualogue.Error why it is pending; nil while it is under way
---@field rounds integer how many rounds of tools are finished
---@field calls? lualogue.ToolResult[] of the finished rounds
---@field waiting? lualogue.Message whose calls are not all answered
---@field package answers? table<integer, lualogue.ToolResult> those that are, by their place
---@field package depth? integer of the caller's functions before the tools of a round run
---@field package watch? fun(event: table)
---@field package shape? table what a turn that is parsed says in its requests
---@field package base integer the node behind which it will be committed
---@field package own table options of this turn
---@field package params table parameters of this turn
---@field package retried boolean whether a tighter request has been sent
---@field package budget? number of the tighter request
---@field package info? lualogue.TrimInfo of the last request
---@field package memories? lualogue.Memory[]
---@field package tail lualogue.Message[] sent behind the others, and not committed
---@field package join? fun(message: lualogue.Message): lualogue.Message

--- Stage a turn.
---@param base integer
---@param messages lualogue.Message[]
---@param own table
---@param params table
---@return lualogue.PendingTurn
function turn.new(base, messages, own, params)
  return {
    base = base, messages = messages, own = own, params = params, rounds = 0, retried = false,
    tail = {},
  }
end

--- Ask again: with other options over those that it had.
---@param staged lualogue.PendingTurn
---@param own table
---@param params table
function turn.again(staged, own, params)
  for name, value in pairs(own) do staged.own[name] = value end
  for name, value in pairs(params) do staged.params[name] = value end
  staged.retried, staged.budget, staged.watch = false, nil, nil
end

--- A round of tools is finished: what follows goes on from here, also after a failure, and no tool
--- of it runs again.
---@param staged lualogue.PendingTurn
---@param messages lualogue.Message[] the assistant's, and the answers to all of its calls
function turn.checkpoint(staged, messages)
  for _, message in ipairs(messages) do staged.messages[#staged.messages + 1] = message end
  staged.rounds, staged.partial, staged.retried = staged.rounds + 1, nil, false
  staged.waiting, staged.answers = nil, nil
end

--- Run the calls that wait, where some do.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@return boolean? done
---@return lualogue.Error? err
function turn.round(self, staged)
  if not staged.waiting then return true end
  local messages, err = calls.run(self, staged)
  if not messages then return nil, err end
  turn.checkpoint(staged, messages)
  local event = { type = "round", round = staged.rounds }
  if staged.watch then staged.watch(event) end
  self:tell(event)
  return true
end

--- What an answer calls of the dialogue's tools, run: a round. False where it calls nothing.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param message lualogue.Message
---@return boolean? called
---@return lualogue.Error? err
function turn.calls(self, staged, message)
  if not calls.take(self, staged, message) then return false end
  return turn.round(self, staged)
end

--- Prepare what goes out, and remember how it was trimmed.
local function build(self, staged)
  local params, info = request.build(self, staged)
  if not params then return nil, info end
  self.trim_state, staged.info = info.state, info
  if info.cut then self:tell { type = "trimmed", info = info } end
  if info.matched and info.matched[1] then self:tell { type = "recalled", info = info } end
  return params, info
end

--- Learn from a prompt that was too long. Returns the parameters of one tighter request, or nil
--- and the error that the caller shall have.
local function tighter(self, staged, info, told, err)
  local own = info.total or 0
  self.account:overflowed(info.model, own, told)
  err.window, err.prompt_tokens = told.window, told.prompt or own
  if staged.retried then return nil, err end
  staged.retried = true
  if not told.window then
    local ratio = self.account:cautious_ratio(info.model) or 1
    staged.budget = math.max(1, math.floor(TIGHTER * own * ratio))
  end
  local params, new_info = build(self, staged)
  if not params then return nil, new_info end
  if (new_info.total or 0) >= own then return nil, err end
  self:tell { type = "retried", err = err, info = new_info, window = told.window }
  return params, new_info
end

--- Send a request: `send(params)` returns something or nil and an error. Once more, tighter, where
--- the prompt was too long.
local function attempt(self, staged, params, info, send)
  while true do
    local got, err = send(params)
    if got then return got, info end
    local told = overflow.read(err)
    if not told then return nil, err end
    params, info = tighter(self, staged, info, told, err)
    if not params then return nil, info end
  end
end

local function has_media(messages)
  for _, message in ipairs(messages) do
    for _, part in ipairs(type(message.content) == "table" and message.content or {}) do
      if type(part) ~= "table" or part.type ~= "text" then return true end
    end
  end
  return false
end

--- Take a complete answer into account. Returns the parameters of a tighter request where the
--- answer says that there was no room for it.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param answer lualogue.Answer
---@param params lualogue.ChatParams what was sent
---@return lualogue.ChatParams? again
---@return any info or the error
function turn.account(self, staged, answer, params)
  local info, usage = staged.info, answer.usage
  self.account:add(usage)
  local entry = self.account:of(info.model)
  if entry.can_tell == nil then entry.can_tell = window.can_tell(answers.reply(answer)) end
  local told = overflow.in_answer(answer.finish_reason, answer.message, usage,
    type(info.window) == "number" and info.window or entry.window)
  if told then
    return tighter(self, staged, info, told, errors.new {
      kind = "limit", code = "context", message = "the model's window left no room for an answer",
    })
  end
  if usage and type(usage.prompt_tokens) == "number" and info.total then
    local cut = self.account:compare(
      info.model, info.total, usage.prompt_tokens, has_media(params.messages))
    if cut then
      answer.truncated = { window = cut, counted = info.total }
      self:tell { type = "input_truncated", window = cut, counted = info.total, info = info }
    end
  end
end

local WHY_NOT_WHOLE = { length = "length", content_filter = "content_filter" }

--- Put a turn into the tree, and stand behind it.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param message? lualogue.Message the last one
---@param mark? string why it is not whole
function turn.commit(self, staged, message, mark)
  local head = staged.base
  for _, each in ipairs(staged.messages) do head = self.tree:add(head, each) end
  if message then
    head = self.tree:add(head, message)
    self.tree.marks[head] = mark
  end
  self.head, self.redo = head, {}
  self.account.totals.turns = self.account.totals.turns + 1
  self.face.pending = nil
  if self.running == staged then self.running = nil end
end

--- What is done with a complete answer: a round of tools where there are some, else it is
--- committed. Returns true when another request is due.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param answer lualogue.Answer
---@return boolean? again
---@return lualogue.Error? err
function turn.complete(self, staged, answer)
  local called, err = turn.calls(self, staged, answer.message)
  if called == nil then return nil, err end
  if called then return true end
  answer.calls, answer.rounds = staged.calls or {}, staged.rounds
  local message = staged.join and staged.join(answer.message) or answer.message
  answer.message = message
  turn.commit(self, staged, message, WHY_NOT_WHOLE[answer.finish_reason])
  return false
end

--- Build the first request of a turn and send it. With `open` set, what comes back is a stream.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param open boolean
---@return any got a reply or a stream
---@return any info or the error
---@return lualogue.ChatParams? params as they were sent
function turn.send(self, staged, open)
  local params, info = build(self, staged)
  if not params then return nil, info end
  return turn.send_params(self, staged, params, info, open)
end

--- The same with parameters that are built already.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param params lualogue.ChatParams
---@param info lualogue.TrimInfo
---@param open boolean
---@return any got
---@return any info
---@return lualogue.ChatParams? params
function turn.send_params(self, staged, params, info, open)
  local call = staged.own.options or self.own.options
  local sent
  local got, how = attempt(self, staged, params, info, function(final)
    sent = final
    if not open then return self.client:chat(final, call) end
    if final.stream_options == nil then final.stream_options = { include_usage = true } end
    if final.stream_options == false then final.stream_options = nil end
    return self.client:stream(final, call)
  end)
  return got, how, sent
end

return turn
