--- A turn whose answer must fit a schema. What goes wrong with it stays between us and the model:
--- the history gets the question and the answer that fits.

local answers = require "lualogue.dialogue.answer"
local parse = require "lualogue.parse"
local turn = require "lualogue.dialogue.turn"
local ways = require "lualogue.parse.ways"

local parsing = {}

--- What the request of such a turn says, in its parameters and in front.
local function shape(way, task)
  return {
    apply = function(params)
      local apply = ways.by_name[way].apply
      if apply then apply(params, task) end
    end,
    system = function(messages) return ways.messages(way, messages, task) end,
  }
end

--- Send the turn until no tool is called: tools of the dialogue run as in any turn.
local function ask(self, staged)
  local params
  while true do
    local reply, how, sent
    if params then
      reply, how, sent = turn.send_params(self, staged, params, staged.info, false)
    else
      reply, how, sent = turn.send(self, staged, false)
    end
    if not reply then return nil, how end
    local answer, err = answers.of_reply(reply, staged.info)
    if not answer then return nil, err end
    params, err = turn.account(self, staged, answer, sent)
    if err and not params then return nil, err end
    if not params then
      local called
      called, err = turn.calls(self, staged, answer.message)
      if called == nil then return nil, err end
      if not called then return reply end
    end
  end
end

--- The answer as it stands in the history: a call of our own tool would wait for its result there.
local function to_keep(message, text)
  if type(message.tool_calls) ~= "table" or message.tool_calls[1] == nil then return message end
  local kept = {}
  for name, value in pairs(message) do kept[name] = value end
  kept.tool_calls, kept.content = nil, text
  return kept
end

--- Ask for the answer of a turn, and check it.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn with `own.parse`
---@return table? value
---@return lualogue.Answer|lualogue.ParseError answer
function parsing.run(self, staged)
  local wanted = staged.own.parse
  self:begin(staged)
  local asker = { has_tools = self.tools ~= nil or self.params.tools ~= nil }
  asker.model = staged.params.model or self.params.model or self.client_model
  function asker.ask(way, task, more)
    staged.shape, staged.tail = shape(way, task), more or {}
    return ask(self, staged)
  end
  local ok, err = turn.round(self, staged)
  if ok then self:prepare(staged) end
  local value, more
  if ok then
    value, more = parse.run(asker, wanted.form, wanted.settings or {}, self.parse_ways)
  else
    more = err
  end
  staged.shape, staged.tail = nil, {}
  if value == nil then
    staged.partial = more.partial or staged.partial
    self:stop(staged, more)
    return nil, more
  end
  local answer = answers.of_reply(more.reply, staged.info)
  answer.message = to_keep(more.message, more.text)
  answer.usage, answer.method, answer.retries = more.usage, more.method, more.retries
  answer.unchecked = more.unchecked
  answer.calls, answer.rounds = staged.calls or {}, staged.rounds
  turn.commit(self, staged, answer.message)
  return value, answer
end

--- Split what `dialogue:parse` is given into what is ours and the overrides of a turn.
---@param given any
---@return table settings
---@return table? overrides
function parsing.split(given)
  local settings, rest = parse.split(given)
  parse.check_params(rest or {})
  return settings, rest
end

--- Raise for parameters of the dialogue that go against it.
---@param self lualogue.dialogue.Inside
function parsing.check(self) parse.check_params(self.params) end

return parsing
