--- The policy that counts tokens. When a list is over its budget, whole oldest turns go until it
--- is well below, and that beginning is held until it is over again: between two cuts the sent
--- prefix stays the same to the byte, which is what prompt caches live on.

local limit = require "lualogue.trim.limit"
local policy = require "lualogue.trim.policy"
local results = require "lualogue.trim.results"
local shape = require "lualogue.trim.shape"

local budget = {}

local function sum(messages, ctx, first, last)
  local n = 0
  for i = first, last do n = n + ctx.cost(messages[i]) end
  return n
end

--- Where the held beginning stands; nil when it is not on this branch.
---@param messages lualogue.Message[]
---@param state table
---@return integer?
function budget.held(messages, state)
  if not state.start then return nil end
  if messages[state.at] == state.start then return state.at end
  for i = #messages, 1, -1 do
    if messages[i] == state.start then return i end
  end
end

--- Older answers of tools in the newest turn become placeholders until it fits; those of the last
--- round stay. Returns what was replaced, by its place, and the new cost.
local function shrink(messages, ctx, first, cost, room)
  local last_round = #messages
  while last_round > first and not shape.calls(messages[last_round]) do
    last_round = last_round - 1
  end
  local replaced, n = {}, 0
  for i = first, last_round - 1 do
    if cost <= room then break end
    local placeholder = messages[i].role == "tool" and results.placeholder(messages[i], ctx.memory)
    local saved = placeholder and ctx.cost(messages[i]) - ctx.cost(placeholder) or 0
    if saved > 0 then
      replaced[i], cost, n = placeholder, cost - saved, n + 1
    end
  end
  return replaced, cost, n
end

--- Go back turn by turn as long as there is room. Returns where the list may begin at most, and
--- where it begins when it is cut; both the same when nothing need be cut.
local function go_back(messages, ctx, walk)
  local first, cost, low_first = walk.newest, walk.cost, walk.newest
  while first > walk.oldest do
    local before = shape.first_of(messages, first - 1, walk.n_prefix)
    cost = cost + sum(messages, ctx, before, first - 1)
    if cost > walk.room then return nil, low_first end
    first = before
    if cost <= walk.low then low_first = first end
  end
  return first
end

--- The sums that decide, and the error when even the newest turn has no room.
local function weigh(messages, ctx, bounds)
  local n_prefix = shape.prefix(messages, ctx.head)
  local n = #messages
  local newest = n > n_prefix and shape.first_of(messages, n, n_prefix) or n + 1
  local system = sum(messages, ctx, 1, n_prefix)
  local fixed, reserved = ctx.fixed(), ctx.reserved or 0
  local walk = {
    n_prefix = n_prefix, newest = newest, oldest = n_prefix + 1,
    room = limit.own(ctx, bounds.limit) - fixed - reserved - system,
    cost = sum(messages, ctx, newest, n),
  }
  local parts = { system = system, tools = fixed, recall = reserved, history = 0,
    newest = walk.cost, reserve = bounds.reserve }
  return walk, parts
end

local function run(self, messages, ctx)
  local bounds = limit.bounds(ctx, self.budget, self.reserve)
  if not bounds.limit then
    return shape.from(messages, 0, 1), { dropped = 0 }
  end
  local walk, parts = weigh(messages, ctx, bounds)
  local replaced, n_replaced = {}, 0
  if walk.cost > walk.room then
    replaced, walk.cost, n_replaced = shrink(messages, ctx, walk.newest, walk.cost, walk.room)
    if walk.cost > walk.room then return nil, limit.exceeded(ctx, bounds, parts) end
  end
  local held = budget.held(messages, ctx.state)
  if held and held > walk.n_prefix and held <= walk.newest then walk.oldest = held end
  walk.low = walk.room * self.low
  local first, low_first = go_back(messages, ctx, walk)
  local cut = not first
  first = first or low_first
  local list = shape.from(messages, walk.n_prefix, first)
  for i, placeholder in pairs(replaced) do list[walk.n_prefix + i - first + 1] = placeholder end
  -- A beginning is held also where the caller handed over nothing before it.
  local is_held = first > walk.n_prefix + 1 or first == held
  local state = is_held and { start = messages[first], at = first } or {}
  return list, {
    dropped = first - walk.n_prefix - 1, replaced = n_replaced, cut = cut or nil, state = state,
    budget = limit.own(ctx, bounds.limit), window = bounds.window, reserve = bounds.reserve,
  }
end

--- At most so many tokens, with everything that goes out.
---@param n? number nil: what the model takes
---@param reserve? number
---@param low number
---@return lualogue.Policy
function budget.policy(n, reserve, low)
  return policy.new { kind = "tokens", budget = n, reserve = reserve, low = low, run = run }
end

return budget
