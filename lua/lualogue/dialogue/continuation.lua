--- Going on where an answer was cut. Servers do not agree on how that is asked for; a note that
--- asks is understood by all of them.

local answers = require "lualogue.dialogue.answer"
local turn = require "lualogue.dialogue.turn"

local continuation = {}

local NOTE = "Your answer was cut off. Go on exactly where it ends, without repeating any of it."
local LEAST_OVERLAP, MOST_OVERLAP = 12, 400 -- bytes; less may be chance

--- How each server is told that the last message is only a beginning.
local ways = {}

function ways.ask(partial) return { partial, { role = "user", content = NOTE } } end

function ways.plain(partial) return { partial } end

function ways.vllm(partial, params)
  params.continue_final_message, params.add_generation_prompt = true, false
  return { partial }
end

function ways.mistral(partial)
  partial.prefix = true
  return { partial }
end

--- Two pieces of a text, where the second may repeat the end of the first.
---@param first string
---@param second string
---@return string
function continuation.join(first, second)
  for n = math.min(#first, #second, MOST_OVERLAP), LEAST_OVERLAP, -1 do
    if first:sub(-n) == second:sub(1, n) then return first .. second:sub(n + 1) end
  end
  return first .. second
end

--- What there is of an answer that was cut: the pending turn's, or the newest of the history.
local function unfinished(self)
  local pending = self.face.pending
  if pending then
    if pending.partial and answers.text(pending.partial) ~= "" then
      return pending.base, pending.messages, pending.partial
    end
    return nil
  end
  if self.head ~= 0 and self.tree.marks[self.head] then
    return self.tree.parents[self.head], {}, self.tree.messages[self.head]
  end
end

--- Stage the turn that goes on; nil where nothing was cut.
---@param self lualogue.dialogue.Inside
---@param own table
---@param params table
---@param way string
---@return lualogue.PendingTurn?
function continuation.stage(self, own, params, way)
  local base, messages, old = unfinished(self)
  if not base then return nil end
  local text, partial = answers.text(old), {}
  for name, value in pairs(old) do partial[name] = value end
  partial.content, partial.tool_calls, partial.function_call = text, nil, nil
  local staged = turn.new(base, messages, own, params)
  staged.partial = partial
  local sent = {}
  for name, value in pairs(partial) do sent[name] = value end
  staged.tail = ways[way](sent, params)
  staged.join = function(message)
    local joined = {}
    for name, value in pairs(message) do joined[name] = value end
    joined.content = continuation.join(text, answers.text(message))
    return joined
  end
  return staged
end

return continuation
