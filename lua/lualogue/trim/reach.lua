--- How far back a policy looks, so that who keeps a long history need not hand over all of it.

local policy = require "lualogue.trim.policy"
local shape = require "lualogue.trim.shape"

local reach = {}

local function begins(message, before)
  return not shape.is_answer(message) and (before == nil or shape.is_answer(before))
end

--- Enough when so many turns or messages were seen, and a turn begins: one more than are kept.
local function by_count(n, counts)
  local seen = 0
  return function(message, before)
    seen = seen + (counts(message, before) and 1 or 0)
    return seen > n and begins(message, before)
  end
end

local function always() return true end

--- The held beginning of a policy of tokens.
local function by_start(state)
  local start = state and state.start
  return start and function(message) return message == start end or nil
end

local function by_checkpoint(checkpoints)
  if not checkpoints or next(checkpoints) == nil then return nil end
  local usable = true -- the last message, or one behind which a turn begins
  return function(message, before)
    if usable and checkpoints[message] then return true end
    usable = before ~= nil and begins(message, before)
  end
end

local function of_chain(chain, state, ctx)
  if not chain.ours then return nil end
  local states = state and state.parts or {}
  for _, part in ipairs(chain.parts) do
    if policy.kind(part) == "summary" then return by_checkpoint(ctx.checkpoints) end
  end
  for i, part in ipairs(chain.parts) do
    local kind = policy.kind(part)
    local stop = kind == "tokens" and by_start(states[i])
      or kind == "turns" and by_count(part.n + 1, begins)
      or kind == "messages" and by_count(part.n, always)
    if stop then return stop end
  end
end

--- Says, going backwards, whether a list may begin with a message without a difference to what the
--- policy makes of it. Nil where all of it is needed.
---@param value lualogue.Policy
---@param ctx lualogue.TrimContext as for `apply`
---@return (fun(message: lualogue.Message, before: lualogue.Message?): boolean?)?
function reach.of(value, ctx)
  local kind, state = policy.kind(value), ctx.state and ctx.state.policy
  if kind == "chain" then return of_chain(value, state, ctx) end
  if kind == "tokens" then return by_start(state) end
  if kind == "summary" then return by_checkpoint(ctx.checkpoints) end
  if kind == "turns" then return by_count(value.n + 1, begins) end
  if kind == "messages" then return by_count(value.n, always) end
end

return reach
