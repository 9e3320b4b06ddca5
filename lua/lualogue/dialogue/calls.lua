--- Tools in a turn: what the request says of them, and the round of calls that an answer asks for.

local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local native = require "lualogue.native"
local tools = require "lualogue.tools"

local calls = {}

local MAX_ROUNDS = 10

--- Say in a request which tools there are.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param params table
function calls.declare(self, staged, params)
  if not self.tools then return end
  params.tools = tools.definitions(params.tools, self.tools)
  -- A call is forced in the first round; later it would never end.
  if staged.rounds > 0 and tools.is_forced(params.tool_choice) then params.tool_choice = nil end
end

--- Take an answer in: whether it calls tools, which wait then.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param message lualogue.Message
---@return boolean
function calls.take(self, staged, message)
  local list = message.tool_calls
  if not self.tools or type(list) ~= "table" or list[1] == nil then return false end
  local wanted = staged.own.parse
  local first = type(list[1]) == "table" and list[1]["function"]
  -- The tool as which an answer is asked for is nobody's.
  if wanted and type(first) == "table" and first.name == wanted.name
    and not rawget(self.tools.by_name, wanted.name) then
    return false
  end
  staged.waiting = tools.normal(message, staged.rounds + 1, require("lualogue.json").encode)
  staged.answers = {}
  return true
end

--- Raise where calls wait for tools that nobody has declared.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@param where string
function calls.check(self, staged, where)
  if staged.waiting and not self.tools then
    local why = "bad use of '%s' (calls wait, and no tool is declared: see dialogue:tool)"
    misuse.raise(why:format(where))
  end
end

local function too_many(self, staged)
  local max = staged.own.max_rounds or self.own.max_rounds or MAX_ROUNDS
  if staged.rounds < max then return nil end
  local why = "the model wants tools called after %d rounds of them (max_rounds)"
  return errors.new { kind = "limit", code = "rounds", message = why:format(staged.rounds) }
end

--- Run the calls that wait. Those that are answered already are not run again.
---@param self lualogue.dialogue.Inside
---@param staged lualogue.PendingTurn
---@return lualogue.Message[]? messages of the round
---@return lualogue.Error? err and what is answered stays answered
function calls.run(self, staged)
  staged.partial = staged.waiting
  local err = too_many(self, staged)
  if err then return nil, err end
  local serial = staged.own.serial
  if serial == nil then serial = self.own.serial end
  staged.depth, self.depth_of_calls = self.depth_of_calls, self.depth_of_calls + 1
  local results
  results, err = tools.round(self.tools, staged.waiting, {
    round = staged.rounds + 1, answers = staged.answers, serial = serial,
    json = require "lualogue.json", now = native.core().now,
    tell = function(event)
      if staged.watch then staged.watch(event) end
      self:tell(event)
    end,
  })
  if self.running ~= staged then
    return nil, errors.new { kind = "cancelled", message = "the turn was stopped" }
  end
  self.depth_of_calls, staged.depth = staged.depth, nil
  if not results then return nil, err end
  staged.calls = staged.calls or {}
  for _, record in ipairs(results) do staged.calls[#staged.calls + 1] = record end
  return tools.messages(staged.waiting, results)
end

return calls
