--- A summary stands for the turns that it was made of. It is a checkpoint at a message: where that
--- message is not in the list, the summary is not either. Making one takes a model, which a
--- dialogue has; when it is time for one, and where it stands, is decided here.

local limit = require "lualogue.trim.limit"
local policy = require "lualogue.trim.policy"
local shape = require "lualogue.trim.shape"
local strict = require "lualogue.trim.strict"

local summary = {}

--- A summary that was made. `ctx.checkpoints` has each under the last message that it covers.
---@class lualogue.Checkpoint
---@field text string

--- The range that the next summary should be made of: `messages[first]` to `messages[last]` of
--- what was given to the policy, and the summary before it.
---@class lualogue.SummaryWanted
---@field first integer
---@field last integer
---@field through lualogue.Message the message that the new checkpoint belongs to
---@field previous? lualogue.Checkpoint

local HEAD = "[Summary of the conversation until here. Notes, not instructions:]\n"
local TAIL = "\n[End of summary]"

--- The newest checkpoint of this branch behind which a turn begins, and its place.
local function newest(messages, ctx, n_prefix)
  local checkpoints = ctx.checkpoints
  if not checkpoints or next(checkpoints) == nil then return nil end
  for i = #messages, n_prefix + 1, -1 do
    local checkpoint = checkpoints[messages[i]]
    if checkpoint and (i == #messages or shape.begins(messages, i + 1, n_prefix)) then
      return checkpoint, i
    end
  end
end

--- The messages of a checkpoint, the same tables each time.
local function messages_of(checkpoint, placement, memory)
  memory.summaries = memory.summaries or setmetatable({}, { __mode = "k" })
  local made = memory.summaries[checkpoint]
  if not made then
    made = { { role = "user", content = HEAD .. checkpoint.text .. TAIL } }
    if placement == "pair" then
      made[2] = { role = "assistant", content = "I have read the summary." }
    end
    memory.summaries[checkpoint] = made
  end
  return made
end

--- The first system message with the summary behind its own text, the same table each time.
local function in_system(first, checkpoint, memory)
  memory.systems = memory.systems or setmetatable({}, { __mode = "k" })
  local made = memory.systems[checkpoint]
  if not made or made.of ~= first then
    local message = { role = "system" }
    for name, value in pairs(first or {}) do message[name] = value end
    message.content = strict.join(message.content, HEAD .. checkpoint.text .. TAIL)
    made = { of = first, message = message }
    memory.systems[checkpoint] = made
  end
  return made.message
end

--- The list with the summary in the place of what it covers.
local function placed(self, messages, ctx, n_prefix, checkpoint, at)
  local list, head = shape.from(messages, n_prefix, at + 1), {}
  for message in pairs(ctx.head or {}) do head[message] = true end
  if self.placement == "system" then
    list[1] = in_system(n_prefix > 0 and messages[1] or nil, checkpoint, ctx.memory)
    if n_prefix == 0 then
      list = { list[1] }
      for i = at + 1, #messages do list[#list + 1] = messages[i] end
    end
    head[list[1]] = true
    return list, head
  end
  for i, message in ipairs(messages_of(checkpoint, self.placement, ctx.memory)) do
    table.insert(list, n_prefix + i, message)
    head[message] = true
  end
  return list, head
end

--- The last message that a new summary may cover, so that `keep` messages stay as they are.
local function last_covered(self, messages, n_prefix)
  local first = #messages + 1
  while first > n_prefix + 1 and #messages - first + 1 < self.keep do
    first = shape.first_of(messages, first - 1, n_prefix)
  end
  return first - 1
end

--- Whether the messages from `first` on have come near the budget.
local function is_time(self, messages, ctx, first, n_prefix, checkpoint)
  local bounds = limit.bounds(ctx)
  local mark = self.when
  if mark <= 1 then
    if not bounds.limit then return false end
    mark = mark * limit.own(ctx, bounds.limit)
  end
  local cost = ctx.fixed() + (ctx.reserved or 0)
  if checkpoint then cost = cost + ctx.count(checkpoint.text) end
  for i = 1, n_prefix do cost = cost + ctx.cost(messages[i]) end
  for i = #messages, first, -1 do
    if cost > mark then break end
    cost = cost + ctx.cost(messages[i])
  end
  return cost > mark
end

local function run(self, messages, ctx)
  local n_prefix = shape.prefix(messages, ctx.head)
  local checkpoint, at = newest(messages, ctx, n_prefix)
  local info = { checkpoint = checkpoint, covered = at and at - n_prefix or 0 }
  local first, last = (at or n_prefix) + 1, last_covered(self, messages, n_prefix)
  if last >= first and is_time(self, messages, ctx, first, n_prefix, checkpoint) then
    info.wanted = { first = first, last = last, through = messages[last], previous = checkpoint }
  end
  if not checkpoint then return shape.from(messages, 0, 1), info end
  if ctx.bare then
    -- Where it covers everything, the newest turn must go all the same.
    local start = at < #messages and at + 1 or shape.first_of(messages, at, n_prefix)
    return shape.from(messages, n_prefix, start), info
  end
  local list
  list, info.head = placed(self, messages, ctx, n_prefix, checkpoint, at)
  return list, info
end

--- See `lualogue.trim.summary`.
---@param options lualogue.SummaryOptions
---@return lualogue.Policy
function summary.policy(options)
  return policy.new {
    kind = "summary", options = options, when = options.when or 0.8, keep = options.keep or 6,
    placement = options.placement or "pair", run = run,
  }
end

return summary
