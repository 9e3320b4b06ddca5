--- What a character remembers: turns that fell out of the window are embedded, and those that are
--- nearest to the question come back. Memory belongs to the branch: what was said on another one
--- is not remembered here.

local answers = require "lualogue.dialogue.answer"
local native = require "lualogue.native"
local shape = require "lualogue.dialogue.shape"
local transcript = require "lualogue.dialogue.transcript"

local memory = {}

local MOST_AT_ONCE = 64 -- texts in one request
local MOST_REQUESTS = 8 -- before one turn; what is left waits for the next
local MOST_BYTES = 16000 -- of a text that is embedded
local SPARE = 8 -- more than are wanted, since some may be in the window

--- The recall policy in what the dialogue trims by.
---@param self lualogue.dialogue.Inside
---@return table?
function memory.policy(self)
  local policy = self.own.trim
  if type(policy) ~= "table" then return nil end
  for _, part in ipairs(policy.parts or { policy }) do
    if type(part) == "table" and part.kind == "recall" then return part end
  end
end

--- The turns of a branch that are not sent, oldest first: their first nodes and their nodes.
local function fallen_out(self, head, sent)
  local tree, visible, turns = self.tree, {}, {}
  for _, message in ipairs(sent) do visible[message] = true end
  local before
  for _, node in ipairs(tree:walk(head)) do
    local message = tree.messages[node]
    if not before or shape.begins(message, before) then
      turns[#turns + 1] = { first = node, nodes = {} }
    end
    table.insert(turns[#turns].nodes, node)
    before = message
  end
  local fallen = {}
  for i, turn in ipairs(turns) do
    if not visible[tree.messages[turn.first]] then
      turn.number = i
      fallen[#fallen + 1] = turn
    end
  end
  return fallen
end

local function text_of(self, turn)
  local lines = { ("(turn %d)"):format(turn.number) }
  for _, node in ipairs(turn.nodes) do
    lines[#lines + 1] = transcript.line(self.tree.messages[node])
  end
  return table.concat(lines, "\n")
end

local function as_vector(value)
  if type(value) == "table" then return native.core().vector(value) end
  return value
end

--- The vectors of texts, in their order.
local function embed(self, model, texts)
  local params = { input = texts, model = model }
  local reply, err = self.client:embeddings(params, self.own.options)
  if not reply then return nil, err end
  self.account:add(reply.usage)
  local vectors = {}
  for i = 1, #texts do
    local item = type(reply.data) == "table" and reply.data[i]
    if type(item) ~= "table" or item.embedding == nil then
      return nil, { kind = "protocol", message = "the reply lacks vectors" }
    end
    vectors[i] = as_vector(item.embedding)
  end
  return vectors
end

--- Embed the question, and what fell out since.
local function learn(self, model, question, fallen)
  local vectors, missing = self.tree.vectors, {}
  for i = #fallen, 1, -1 do
    local turn = fallen[i]
    local known = vectors[turn.first]
    -- A turn grows where something was appended to it.
    if not known or known.n ~= #turn.nodes then missing[#missing + 1] = turn end
  end
  local asked, at = self.asked and self.asked.text == question and self.asked.vector, 1
  for _ = 1, MOST_REQUESTS do
    local texts, turns = {}, {}
    if not asked then texts[1] = transcript.shorten(question, MOST_BYTES) end
    while missing[at] and #texts < MOST_AT_ONCE do
      local text = text_of(self, missing[at])
      turns[#turns + 1] = { turn = missing[at], text = text }
      texts[#texts + 1], at = transcript.shorten(text, MOST_BYTES), at + 1
    end
    if not texts[1] then break end
    local found, err = embed(self, model, texts)
    if not found then return nil, err end
    asked = asked or table.remove(found, 1)
    for i, each in ipairs(turns) do
      vectors[each.turn.first] = { vector = found[i], text = each.text, n = #each.turn.nodes }
    end
  end
  self.asked = { text = question, vector = asked }
  return asked
end

local function question_of(self, turn)
  for i = #turn.messages, 1, -1 do
    if turn.messages[i].role == "user" then return answers.text(turn.messages[i]) end
  end
  local message = self.tree.messages[turn.base]
  return message and message.role == "user" and answers.text(message) or nil
end

--- Find what is remembered of the question of a turn. Nothing of it keeps the turn from going out.
---@param self lualogue.dialogue.Inside
---@param turn lualogue.PendingTurn
---@param policy table
---@param sent lualogue.Message[] what would be sent
function memory.prepare(self, turn, policy, sent)
  local question = question_of(self, turn)
  local fallen = question and question ~= "" and fallen_out(self, turn.base, sent) or {}
  if not fallen[1] then return end
  if type(self.client.embeddings) ~= "function" then
    return self:tell { type = "recall_failed", err = { kind = "policy",
      message = "the client has no method 'embeddings'" } }
  end
  local asked, err = learn(self, policy.options.model, question, fallen)
  if not asked then return self:tell { type = "recall_failed", err = err } end
  local known, vectors = {}, {}
  for _, each in ipairs(fallen) do
    local item = self.tree.vectors[each.first]
    if item and #item.vector == #asked then
      known[#known + 1] = { text = item.text, messages = self.tree:texts(each.nodes) }
      vectors[#vectors + 1] = item.vector
    end
  end
  if not vectors[1] then return end
  turn.memories = {}
  for i, hit in ipairs(asked:top_k(vectors, policy.k + SPARE)) do
    local found = known[hit.index]
    turn.memories[i] = { text = found.text, messages = found.messages, score = hit.score }
  end
end

return memory
