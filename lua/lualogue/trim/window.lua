--- Policies that count: the last messages, the last turns. Whole turns, and the newest always.

local policy = require "lualogue.trim.policy"
local shape = require "lualogue.trim.shape"

local window = {}

--- Everything from `first` on, and what that means.
local function cut(messages, n_prefix, first)
  return shape.from(messages, n_prefix, first), { dropped = first - n_prefix - 1 }
end

local function by_messages(self, messages, ctx)
  local n_prefix, n = shape.prefix(messages, ctx.head), #messages
  if n - n_prefix <= self.n then return cut(messages, n_prefix, n_prefix + 1) end
  local first = shape.first_of(messages, n, n_prefix)
  local over = n - first + 1 > self.n
  while not over and first > n_prefix + 1 do
    local before = shape.first_of(messages, first - 1, n_prefix)
    if n - before + 1 > self.n then break end
    first = before
  end
  local list, info = cut(messages, n_prefix, first)
  info.over = over or nil
  return list, info
end

local function by_turns(self, messages, ctx)
  local n_prefix, first = shape.prefix(messages, ctx.head), #messages + 1
  for _ = 1, self.n do
    if first <= n_prefix + 1 then break end
    first = shape.first_of(messages, first - 1, n_prefix)
  end
  -- What stands before the first turn is no turn of its own, and goes when that one goes.
  local before = first > n_prefix + 1 and shape.first_of(messages, first - 1, n_prefix)
  if before == n_prefix + 1 and shape.is_answer(messages[before]) then first = before end
  return cut(messages, n_prefix, first)
end

--- The newest messages, at most n where whole turns allow it.
---@param n integer
---@return lualogue.Policy
function window.messages(n) return policy.new { kind = "messages", n = n, run = by_messages } end

--- The newest n turns.
---@param n integer
---@return lualogue.Policy
function window.turns(n) return policy.new { kind = "turns", n = n, run = by_turns } end

return window
