-- Random histories, however broken, through every policy: what comes out is what a server takes,
-- within its budget, and an error is one only where there is no other way.
local trim = require "lualogue.trim"

-- Where each step is watched, a part of them.
local WATCHED = os.getenv("LLG_GC") or (os.getenv("LLG_BUILD") or ""):find("asan", 1, true)
local HISTORIES = WATCHED and 500 or 20000

local function generator(seed)
  return function(n)
    seed = (seed * 16807) % 2147483647
    return seed % n + 1
  end
end

local IDS = { "a", "b", "c" }

local function random_message(random, i)
  local kind = random(12)
  if kind <= 4 then return { role = "user", content = "u" .. i } end
  if kind <= 6 then return { role = "assistant", content = random(5) == 1 and "" or "a" .. i } end
  if kind <= 8 then
    local message = { role = "assistant", tool_calls = {} }
    for n = 1, random(4) - 1 do
      message.tool_calls[n] = { id = IDS[random(3)], type = "function", ["function"] = { name = "f", arguments = "{}" } }
    end
    return message
  end
  if kind <= 11 then return { role = "tool", tool_call_id = IDS[random(3)], content = ("result "):rep(random(6)) .. i } end
  return { role = random(2) == 1 and "system" or "developer", content = "s" .. i }
end

local function random_history(random)
  local list = {}
  if random(2) == 1 then list[1] = { role = "system", content = "S" } end
  for i = 1, random(14) do list[#list + 1] = random_message(random, i) end
  return list
end

local function bytes_of(list)
  local words = {}
  for i, message in ipairs(list) do
    local ids = {}
    for n, call in ipairs(message.tool_calls or {}) do ids[n] = call.id end
    words[i] = ("%s|%s|%s|%s"):format(message.role, tostring(message.content), tostring(message.tool_call_id), table.concat(ids, ","))
  end
  return table.concat(words, "\n")
end

local function cost(message)
  local n = 2 + (type(message.content) == "string" and #message.content or 0)
  for _ in ipairs(message.tool_calls or {}) do n = n + 4 end
  return n
end

local function count(text) return #text end

local LORE = { entries = { { keys = { "u1", "u2", "u3" }, text = "lore one" }, { constant = true, text = "lore two, which is longer" } }, budget = 40 }
local MEMORIES = { { text = "remembered", score = 0.9 }, { text = "forgotten", score = 0.1 } }

-- name -> policy, and whether its result is bounded by the budget
local POLICIES = {
  { "messages", function(r) return trim.messages(r(8)) end },
  { "turns", function(r) return trim.turns(r(4)) end },
  { "tokens", function(r, b) return trim.tokens(b, { low = r(2) == 1 and 1 or 0.5 }) end, true },
  { "tool_results", function(r) return trim.tool_results(r(4) - 1) end },
  { "summary", function(r) return trim.summary { when = r(80), keep = r(4), placement = ({ "pair", "system", "user" })[r(3)] } end },
  { "recall", function() return trim.recall { budget = 30 } end },
  { "lore", function() return trim.lore(LORE) end },
  { "two", function(r, b) return trim.chain { trim.tool_results(r(3)), trim.tokens(b, { low = 0.7 }) } end, true },
  { "all", function(r, b)
    return trim.chain { trim.tool_results(r(3)), trim.lore(LORE), trim.recall { budget = 30 },
      trim.summary { when = 0.5, keep = r(4), placement = ({ "pair", "system", "user" })[r(3)] }, trim.tokens(b) }
  end, true },
  { "own", function(r) return trim.chain { trim.turns(r(4)), function(list) return list end, trim.messages(r(6)) } end },
}

--- The least that must be sent: the prefix, and the newest turn with its older results replaced.
local function least(list, budgeted)
  local prefix, turns = trim.split(list)
  local n = 0
  for _, message in ipairs(prefix) do n = n + cost(message) end
  local newest = turns[#turns] or turns[0] or {}
  local last_call = 0
  for i, message in ipairs(newest) do
    if message.tool_calls then last_call = i end
  end
  for i, message in ipairs(newest) do
    local c = cost(message)
    if message.role == "tool" and i < last_call and budgeted then
      c = math.min(c, math.max(cost { content = "[result removed]" }, 0))
    end
    n = n + c
  end
  return n
end

--- Random summaries of some of the messages.
local function checkpoints_of(random, list)
  local checkpoints = {}
  for i = 1, #list do
    if random(4) == 1 then checkpoints[list[i]] = { text = "sum" .. i } end
  end
  return checkpoints
end

describe("random histories", function()
  it(("14: %d of them are mended once and for all"):format(HISTORIES), function()
    local random = generator(14)
    for _ = 1, HISTORIES do
      local list = random_history(random)
      local once = trim.repair(list)
      local twice, notes = trim.repair(once)
      assert(once[1] == nil or trim.check(once))
      assert(#notes == 0 and bytes_of(once) == bytes_of(twice))
      local strict = trim.repair(list, { strict = true })
      assert(strict[1] == nil or trim.check(strict, { strict = true }))
    end
  end)

  local refused, sent = 0, 0

  local function try(policy, list, ctx, bounded, mended)
    local result, info = trim.apply(policy, list, ctx)
    if result then
      sent = sent + 1
      local ok, refusal = trim.check(result)
      assert(ok or result[1] == nil, refusal and refusal.why)
      local again, notes = trim.repair(result)
      assert(#notes == 0 and #again == #result, "it is in another order")
      if bounded then assert(info.total <= ctx.limit, "over its budget") end
      return info.state
    end
    refused = refused + 1
    assert(bounded and info.code == "context", tostring(info))
    assert(least(mended, true) > ctx.limit, "it would have fitted: " .. bytes_of(mended))
    return ctx.state
  end

  it(("%d of them go through every policy, and through chains of them"):format(HISTORIES), function()
    local random = generator(2026)
    for number = 1, HISTORIES do
      local list = random_history(random)
      local mended = trim.repair(list)
      local before = number % 16 == 0 and bytes_of(list)
      local row = POLICIES[number % #POLICIES + 1]
      local budget = random(150) + 20
      local ctx = { cost = cost, count = count, memories = MEMORIES, checkpoints = checkpoints_of(random, list), limit = budget }
      for _, each in ipairs { row, number % 4 == 0 and POLICIES[random(#POLICIES)] or nil } do
        local policy = each[2](random, budget)
        ctx.state = try(policy, list, ctx, each[3], mended)
        list[#list + 1] = { role = "user", content = "more" }
        mended = trim.repair(list)
        try(policy, list, ctx, each[3], mended)
        list[#list], ctx.state = nil, nil
        mended = trim.repair(list)
      end
      assert(not before or before == bytes_of(list), "the list was changed")
      ctx.state = nil
    end
    assert(sent > 2 * HISTORIES and refused > HISTORIES / 40, ("%d sent, %d refused"):format(sent, refused))
  end)
end)
