--- Apply a policy: mend the list, count, trim, add what goes with it, and say what was done.

local check = require "lualogue.trim.check"
local counting = require "lualogue.trim.counting"
local errors = require "lualogue.errors"
local extras = require "lualogue.trim.extras"
local policy = require "lualogue.trim.policy"
local repair = require "lualogue.trim.repair"
local shape = require "lualogue.trim.shape"
local strict = require "lualogue.trim.strict"

local apply = {}

local function context_of(given, messages)
  local ctx = {}
  for name, value in pairs(given) do ctx[name] = value end
  local state = given.state or {}
  ctx.memory, ctx.state = state.memory or {}, state.policy or {}
  counting.equip(ctx, messages)
  ctx.reserved = 0
  for _, injection in ipairs(ctx.injections or {}) do
    ctx.reserved = ctx.reserved + ctx.cost(injection.message)
  end
  return ctx
end

--- Where pinned messages stand in the list that was mended.
local function places_of(pinned, messages, list)
  if list == messages then return pinned end
  local wanted, places = {}, {}
  for _, i in ipairs(pinned) do wanted[messages[i] or false] = true end
  for i, message in ipairs(list) do
    if wanted[message] then places[#places + 1] = i end
  end
  return places
end

--- Run the policy until every pinned turn that it leaves out has room: the more are left out, the
--- less room there is for the rest.
local function run_with_pinned(value, list, ctx, turns)
  local reserved, counted = ctx.reserved, {}
  while true do
    local result, info = policy.call(value, list, ctx)
    if not result or not turns[1] then return result, info end
    local present, missing, grown = {}, {}, false
    for _, message in ipairs(result) do present[message] = true end
    for _, turn in ipairs(turns) do
      if not present[list[turn.first]] then
        missing[#missing + 1] = turn
        if not counted[turn] then
          counted[turn], grown = true, true
          for i = turn.first, turn.last do ctx.reserved = ctx.reserved + ctx.cost(list[i]) end
        end
      end
    end
    if not grown then
      ctx.reserved = reserved
      return extras.with_turns(result, list, missing), info
    end
  end
end

--- The tokens of what is sent, by part.
local function weigh(list, ctx, info)
  local parts = { system = 0, tools = ctx.fixed(), summary = 0, history = 0,
    recall = ctx.strict and 0 or ctx.reserved, newest = 0, reserve = info.reserve or 0 }
  local noted, injected = info.noted or {}, {}
  for _, injection in ipairs(ctx.injections or {}) do injected[injection.message] = true end
  local n_prefix = shape.prefix(list)
  local n_head = shape.prefix(list, info.head)
  local newest = #list > n_head and shape.first_of(list, #list, n_head) or #list + 1
  for i, message in ipairs(list) do
    local cost = ctx.cost(message)
    local plain = message
    while noted[plain] do plain = noted[plain] end
    if plain ~= message then
      parts.recall, cost = parts.recall + cost - ctx.cost(plain), ctx.cost(plain)
    end
    local part = i <= n_prefix and "system" or i <= n_head and "summary"
      or i >= newest and "newest" or "history"
    if not injected[message] then parts[part] = parts[part] + cost end
  end
  local total = 0
  for name, n in pairs(parts) do total = total + (name == "reserve" and 0 or n) end
  return parts, total
end

local function finish(value, list, info, ctx, mended)
  if ctx.injections and ctx.injections[1] then
    list = extras.inject(list, ctx.injections, info.head, ctx.live)
  end
  if ctx.strict then
    list, info.head, info.noted = strict.profile(list), nil, nil
  elseif list == mended then
    list = shape.from(list, 0, 1)
  end
  if not policy.is_ours(value) and mended[1] then
    local ok, refusal = check.run(list, { strict = ctx.strict, live = ctx.live })
    if not ok then
      return nil, errors.new { kind = "policy", code = "refused", message =
        ("the trimming policy gave a list that no server takes (messages[%d]: %s)"):format(
          refusal.at, refusal.why) }
    end
  end
  local counts = ctx.counts or info.budget
  if counts then info.parts, info.total = weigh(list, ctx, info) end
  info.kept, info.window = #list, info.window or "unknown"
  info.estimated = ctx.estimated or false
  info.state = { policy = info.state, memory = ctx.memory }
  return list, info
end

local function run(value, messages, given)
  local list, notes = messages, {}
  if not given.sound then list, notes = repair.mend(messages, given.live) end
  local ctx = context_of(given, list)
  ctx.counts = given.cost ~= nil or given.count ~= nil or given.model ~= nil
  local places = ctx.pinned and places_of(ctx.pinned, messages, list) or {}
  local turns = extras.pinned_turns(list, places)
  local result, info = run_with_pinned(value, list, ctx, turns)
  if not result then return nil, info end
  local facts = { dropped = 0, replaced = 0, repaired = notes }
  for name, fact in pairs(info) do facts[name] = fact end
  return finish(value, result, facts, ctx, list)
end

--- See `lualogue.trim.apply`.
---@param value lualogue.Policy
---@param messages lualogue.Message[]
---@param given lualogue.TrimContext
---@return lualogue.Message[]? list
---@return lualogue.TrimInfo|lualogue.Error info
function apply.run(value, messages, given)
  local ok, list, info = pcall(run, value, messages, given)
  if ok then return list, info end
  if errors.is(list) then return nil, list end
  local message = "the trimming policy failed: " .. tostring(list)
  return nil, errors.new { kind = "policy", message = message }
end

return apply
