--- Recall: turns that fell out of the window and are about what is asked now. Finding them takes
--- embeddings, which a dialogue makes; what comes back, and where to, is decided here.

local notes = require "lualogue.trim.notes"
local policy = require "lualogue.trim.policy"

local recall = {}

--- Something remembered, as `ctx.memories` lists them, the most relevant first.
---@class lualogue.Memory
---@field text string
---@field score number how relevant it is: a cosine
---@field messages? lualogue.Message[] where it comes from; in the window they are not doubled

local function is_visible(memory, visible)
  for _, message in ipairs(memory.messages or {}) do
    if visible[message] then return true end
  end
  return false
end

local function run(self, messages, ctx)
  local at = notes.place(messages)
  if not at or not ctx.memories then return messages, {} end
  local visible, seen, candidates = {}, {}, {}
  for _, message in ipairs(messages) do visible[message] = true end
  for _, memory in ipairs(ctx.memories) do
    local is_new = not seen[memory.text] and not is_visible(memory, visible)
    if memory.score >= self.min_score and is_new then
      seen[memory.text] = true
      candidates[#candidates + 1] = memory
    end
  end
  local chosen, skipped = notes.choose(candidates, notes.room(self.budget, ctx), ctx, self.k)
  if not chosen[1] then return messages, { skipped = skipped } end
  local texts = {}
  for i, memory in ipairs(chosen) do texts[i] = memory.text end
  local block = notes.block(self.title, texts)
  local list, noted = notes.before(messages, at, block)
  return list, { matched = chosen, skipped = skipped, noted = noted }
end

--- See `lualogue.trim.recall`.
---@param options lualogue.RecallOptions
---@return lualogue.Policy
function recall.policy(options)
  return policy.new {
    kind = "recall", is_note = true, options = options, k = options.k or 4,
    title = "From earlier in this conversation",
    budget = options.budget, min_score = options.min_score or 0.3, run = run,
  }
end

return recall
