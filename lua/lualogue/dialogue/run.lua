--- A turn from its beginning to its end: waited for, or read as it comes.

local answers = require "lualogue.dialogue.answer"
local errors = require "lualogue.errors"
local tools = require "lualogue.tools"
local turn = require "lualogue.dialogue.turn"

local run = {}

--- Take one complete answer in, and say whether the turn is over. It is not where another request
--- is due, which may have been built already.
---@return boolean? over nil and the error when the turn failed
---@return lualogue.ChatParams|lualogue.Error|nil params of the next request
local function take(self, staged, answer, params)
  local again, err = turn.account(self, staged, answer, params)
  if again then return false, again end
  if err then return nil, err end
  local more
  more, err = turn.complete(self, staged, answer)
  if more == nil then return nil, err end
  return not more
end

--- The next request of a turn: as it was built already, or built now.
local function send(self, staged, params, open)
  if params then return turn.send_params(self, staged, params, staged.info, open) end
  return turn.send(self, staged, open)
end

--- The turn has failed; what there is of it stays.
local function failed(self, staged, err)
  self:came(staged, type(err) == "table" and err.partial or nil)
  self:stop(staged, err)
  return nil, err
end

--- Begin a turn: calls that wait from before are answered, and what takes other requests is done.
local function prepare(self, staged)
  self:begin(staged)
  local ok, err = turn.round(self, staged)
  if not ok then return failed(self, staged, err) end
  self:prepare(staged)
  return true
end

--- Wait for the answer of a turn.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@return string? text
---@return lualogue.Answer|lualogue.Error answer
function run.wait(self, staged)
  local ready, why = prepare(self, staged)
  if not ready then return nil, why end
  local params
  while true do
    local reply, err, sent = send(self, staged, params, false)
    local answer, over
    if reply then answer, err = answers.of_reply(reply, staged.info) end
    if answer then
      over, params = take(self, staged, answer, sent)
      if over then return answers.text(answer.message), answer end
      if over == nil then err = params end
    end
    if over == nil then return failed(self, staged, err) end
  end
end

--- An answer of a dialogue as it comes: called, it gives the next piece of its text, and raises the
--- error object if the turn failed; `next` returns it instead.
---@class lualogue.DialogueStream
---@field answer? lualogue.Answer once it is complete, and stands in the history
---@field message? lualogue.Message the same's message
---@field usage? lualogue.Usage
---@field finish_reason? lualogue.FinishReason
---@field package inside lualogue.dialogue.Inside
---@field package staged lualogue.PendingTurn
---@field package source lualogue.Stream
---@field package params lualogue.ChatParams
---@field package err? lualogue.Error
---@field package pieces? lualogue.tools.Pieces of the request that is read, for `events`
---@operator call: string?
local methods = {}

local fields = { message = true, usage = true, finish_reason = true }

local metatable = {
  __name = "lualogue.dialogue.stream",
  __index = function(self, key)
    if fields[key] then return rawget(self, "answer") and self.answer[key] end
    return methods[key]
  end,
  __call = function(self)
    local text, err = self:next()
    if err then error(err, 0) end
    return text
  end,
  __close = function(self) self:close() end,
}

local function text_of(chunk)
  for _, choice in ipairs(type(chunk.choices) == "table" and chunk.choices or {}) do
    if (choice.index or 0) == 0 and type(choice.delta) == "table" then
      return answers.text(choice.delta)
    end
  end
  return ""
end

local function fail(self, err)
  self.err = err
  if self.staged.stream == self then self.inside:stop(self.staged, err) end
  return nil, err
end

--- The source has come to its end: the turn is over, or goes on with another request.
local function go_on(self)
  local answer, err = answers.of_stream(self.source, self.staged.info)
  if not answer then return nil, err end
  -- Whatever happens to the turn now, this source has given all that it had.
  local over, params = take(self.inside, self.staged, answer, self.params)
  if over == nil then return nil, params end
  if over then
    self.answer = answer
    return true
  end
  if self.err then return nil, self.err end -- closed while the tools ran
  local source, how, sent = send(self.inside, self.staged, params, true)
  if not source then return nil, how end
  if self.err then -- closed while it was opened
    source:close()
    return nil, self.err
  end
  self.source, self.params, self.pieces = source, sent, nil
  return true
end

--- The next chunk; nil where there was none: the turn went on with another request, or is over.
local function advance(self)
  local chunk, err = self.source:next()
  if self.err then return nil, self.err end -- meanwhile it may have been closed
  if chunk then return chunk end
  if err then return fail(self, err) end
  local ok, why = go_on(self)
  if not ok then return fail(self, why) end
  return nil
end

--- The next piece of the text, waiting for it if need be.
---
--- ```lua
--- local text, err = stream:next()
--- ```
---@return string? text never empty; nil at the end
---@return lualogue.Error? err nil if the turn is complete
function methods:next()
  while not self.answer and not self.err do
    local chunk = advance(self)
    local text = chunk and text_of(chunk) or ""
    if text ~= "" then return text end
  end
  return nil, self.err
end

--- Everything that happens in a turn with tools, for a `for` loop: text, calls as they grow, calls
--- that run, what came of them, the end of each round. Raises the error object if the turn fails.
---
--- ```lua
--- for event in stream:events() do
---   if event.type == "text" then io.write(event.text) end
---   if event.type == "result" then print(event.call.name, event.call.content) end
--- end
--- ```
---@return fun(): lualogue.ToolEvent? iterator
---@return nil
---@return nil
---@return lualogue.DialogueStream closing
function methods:events()
  local queue, first, last = {}, 1, 0
  local function push(event)
    last = last + 1
    queue[last] = event
  end
  self.staged.watch = push
  return function()
    while first > last do
      if self.answer or self.err then
        if self.err then error(self.err, 0) end
        return nil
      end
      local chunk = advance(self)
      if chunk then
        self.pieces = self.pieces or tools.pieces()
        self.pieces:take(chunk, push)
      end
    end
    local event = queue[first]
    queue[first], first = nil, first + 1
    return event
  end, nil, nil, self
end

--- What has come of it so far, and the connection dropped.
---@return lualogue.Message? partial
function methods:abandon()
  self.err = self.err or errors.new {
    kind = "cancelled", message = "the answer was not read to its end",
  }
  local partial = self.source.snapshot and self.source:snapshot() or self.err.partial
  self.source:close()
  return partial
end

--- Stop reading: the turn stays in `dialogue.pending`, with what has come of it. Safe to call at
--- any time and more than once.
function methods:close()
  if self.answer or self.err then return end
  fail(self, errors.new { kind = "cancelled", message = "the answer was not read to its end" })
end

--- Ask for the answer of a turn and read it as it comes. Waits for the server's headers.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@return lualogue.DialogueStream? stream
---@return lualogue.Error? err
---@return nil
---@return lualogue.DialogueStream? closing
function run.stream(self, staged)
  local ready, why = prepare(self, staged)
  if not ready then return nil, why end
  local source, how, sent = turn.send(self, staged, true)
  if not source then return failed(self, staged, how) end
  local stream = setmetatable({
    inside = self, staged = staged, source = source, params = sent,
  }, metatable)
  staged.stream = stream
  return stream, nil, nil, stream
end

return run
