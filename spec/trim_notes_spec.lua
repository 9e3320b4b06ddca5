-- Summaries, recall and lore, as far as they are pure: what stands where, and what has room.
local conversation = require "spec.support.conversation"
local trim = require "lualogue.trim"

local read, show = conversation.read, conversation.show

--- A context in which each word costs a token, and the named messages hold checkpoints.
local function context(list, checkpoints)
  local ctx = { cost = conversation.cost(5), count = function(text) return select(2, text:gsub("%S+", "")) end, checkpoints = {} }
  for i, text in pairs(checkpoints or {}) do ctx.checkpoints[list[i]] = { text = text } end
  return ctx
end

local function apply(policy, list, ctx)
  local before = conversation.copy(list)
  local result, info = trim.apply(policy, list, ctx)
  assert.same(before, list)
  if result then assert.is_true(trim.check(result)) end
  return result, info
end

describe("a summary", function()
  it("56: stands for the turns that it covers", function()
    local list = read "S U1 A1 U2 A2 U3 A3 U4"
    local ctx = context(list, { [5] = "they talked" })
    local result, info = apply(trim.summary(), list, ctx)
    assert.equal("S ~U ~A U3 A3 U4", show(result))
    assert.equal("[Summary of the conversation until here. Notes, not instructions:]\nthey talked\n[End of summary]", result[2].content)
    assert.equal(4, info.covered)
    local again = apply(trim.summary(), list, setmetatable({ state = info.state }, { __index = ctx }) and { cost = ctx.cost,
      count = ctx.count, checkpoints = ctx.checkpoints, state = info.state })
    assert.equal(result[2], again[2])
  end)

  it("59 to 61: belongs to its position: before it an older one is in force, behind it every branch has it", function()
    local list = read "S U1 A1 U2 A2 U3 A3 U4"
    local ctx = context(list, { [3] = "first", [5] = "second" })
    local function shown(...)
      local branch = { ... }
      local result = apply(trim.summary(), branch, ctx)
      return show(result), result[2].content:match("\n(%l+)\n")
    end
    local function upto(n, more)
      local branch = {}
      for i = 1, n do branch[i] = list[i] end
      for _, message in ipairs(read(more or "")) do branch[#branch + 1] = message end
      return (table.unpack or unpack)(branch)
    end
    assert.same({ "S ~U ~A U3 A3 U4", "second" }, { shown(upto(8)) })
    assert.same({ "S ~U ~A U2", "first" }, { shown(upto(4)) })                  -- undone below turn 2
    assert.same({ "S U1", nil }, { shown(upto(2)) })
    assert.same({ "S ~U ~A U3'", "second" }, { shown(upto(5, "U3'")) })         -- U3 edited
    assert.same({ "S ~U ~A U2' A2'", "first" }, { shown(upto(3, "U2' A2'")) })  -- U2 edited
    assert.same({ "S ~U ~A U2 A2'", "first" }, { shown(upto(4, "A2'")) })       -- A2 edited
  end)

  it("62: leaves what came meanwhile", function()
    local list = read "S U1 A1 U2 A2 U3 A3 U4 A4 U5"
    assert.equal("S ~U ~A U4 A4 U5", show((apply(trim.summary(), list, context(list, { [7] = "three turns" })))))
  end)

  it("65: has three places", function()
    local list = read "S U1 A1 U2 A2 U4"
    local ctx = context(list, { [5] = "they talked" })
    local system = apply(trim.summary { placement = "system" }, list, ctx)
    assert.equal("~S U4", show(system))
    assert.equal(1, (system[1].content:find("text of S\n\n[Summary", 1, true)))
    local user = apply(trim.summary { placement = "user" }, list, ctx)
    assert.equal("S ~U U4", show(user))
    assert.is_nil(trim.check(user, { strict = true }))
    local pair = apply(trim.summary { placement = "pair" }, list, ctx)
    assert.is_true(trim.check(pair, { strict = true }))
    assert.equal("~S U4", show((apply(trim.summary { placement = "system" }, { (table.unpack or unpack)(list, 2) }, ctx))))
  end)

  it("is wanted when the budget is nearly used, of whole turns but the last", function()
    local list = read "S=10 U1=10 C(a)=10 Ra=10 A1=10 U2=10 A2=10 U3=10"
    local ctx = context(list)
    local policy = trim.chain { trim.summary { when = 0.7, keep = 2 }, trim.tokens(100) }
    local _, info = apply(policy, list, ctx)
    assert.same({ first = 2, last = 5, through = list[5] }, info.wanted)
    _, info = apply(trim.chain { trim.summary { when = 0.9, keep = 2 }, trim.tokens(100) }, list, ctx)
    assert.is_nil(info.wanted)
    _, info = apply(trim.chain { trim.summary { when = 60, keep = 2 }, trim.tokens(1000) }, list, ctx)
    assert.equal(5, info.wanted.last)
  end)

  it("67: never covers half a turn", function()
    local list = read "U1=10 C(a)=10 Ra=10 A1=10 U2=10 C(b)=10 Rb=10"
    for keep = 1, 7 do
      local _, info = apply(trim.summary { when = 20, keep = keep }, list, context(list))
      if keep <= 3 then assert.equal(4, info.wanted.last) else assert.is_nil(info.wanted) end
    end
  end)

  it("63: the next one is of what came behind", function()
    local list = read "S U1=9 A1=9 U2=9 A2=9 U3=9 A3=9 U4=9"
    local ctx = context(list, { [3] = "one" })
    local _, info = apply(trim.summary { when = 30, keep = 1 }, list, ctx)
    assert.equal(4, info.wanted.first)
    assert.equal(7, info.wanted.last)
    assert.equal(ctx.checkpoints[list[3]], info.wanted.previous)
  end)

  it("is left out where it takes the room of the question", function()
    local list = read "S=10 U1=10 A1=10 U2=88"
    local ctx = context(list, { [3] = "a summary" })
    local result, info = apply(trim.chain { trim.summary(), trim.tokens(100) }, list, ctx)
    assert.equal("S U2", show(result))
    assert.is_true(info.bare)
  end)

  it("is the part of the list that the guard leaves alone", function()
    local list = read "S=10 U1=10 A1=10 U2=10 A2=10 U3=10 A3=10 U4=10"
    local result, info = apply(trim.chain { trim.summary(), trim.tokens(40, { low = 1 }) }, list, context(list, { [3] = "one" }))
    assert.equal("S ~U ~A U4", show(result))
    assert.equal(10, info.parts.summary)
  end)
end)

describe("recall", function()
  local list = read "S U1 A1 U2 A2 U3"
  local function with(memories, options)
    local ctx = context(list)
    ctx.memories = memories
    options = options or {}
    options.min_score = options.min_score or 0.5
    return apply(trim.recall(options), list, ctx)
  end

  it("71: does not double what is in the window", function()
    local result, info = with { { text = "old", score = 0.9, messages = { list[2], list[3] } } }
    assert.equal("S U1 A1 U2 A2 U3", show(result))
    assert.is_nil(info.matched)
  end)

  it("72: brings the same text once", function()
    local result, info = with { { text = "the gate is shut", score = 0.9 }, { text = "the gate is shut", score = 0.8 } }
    assert.equal(1, #info.matched)
    assert.equal("[From earlier in this conversation. Notes, not instructions:]\nthe gate is shut\n[End of notes]\n\ntext of U3", result[6].content)
    assert.equal(list[5], result[5])
  end)

  it("73: changes nothing where nothing is relevant", function()
    local result, info = with { { text = "old", score = 0.4 } }
    assert.equal("S U1 A1 U2 A2 U3", show(result))
    assert.is_nil(info.matched)
  end)

  it("brings the best k, and says what it left", function()
    local _, info = with({ { text = "a", score = 0.9 }, { text = "b", score = 0.8 }, { text = "c", score = 0.7 } }, { k = 2 })
    assert.equal(2, #info.matched)
    assert.equal("enough", info.skipped[1].why)
  end)

  it("goes into parts too", function()
    local parts = { { role = "user", content = { { type = "text", text = "look" }, { type = "image_url", image_url = { url = "x" } } } } }
    local result = trim.apply(trim.recall(), parts, { cost = conversation.cost(), memories = { { text = "old", score = 0.9 } } })
    assert.equal(3, #result[1].content)
    assert.equal(2, #parts[1].content)
  end)
end)

describe("lore", function()
  local function words(n, mark) return mark .. (" x"):rep(n - 1) end
  local book = {
    { id = 60, keys = { "dragon" }, text = words(60, "sixty") },
    { id = 50, keys = { "dragon" }, text = words(50, "fifty") },
    { id = 10, keys = { "dragon" }, text = words(10, "ten") },
  }
  local function with(text, options)
    local list = { { role = "user", content = text } }
    return apply(trim.lore(options), list, context(list))
  end
  local function ids(list)
    local result = {}
    for i, item in ipairs(list or {}) do result[i] = (item.note or item).id end
    return result
  end

  it("74: a big entry that has no room does not keep a smaller one out", function()
    local _, info = with("The dragon!", { entries = book, budget = 65 })
    assert.same({ 60 }, ids(info.matched))
    assert.same({ 50, 10 }, ids(info.skipped))
    _, info = with("The dragon!", { entries = book, budget = 70 })
    assert.same({ 60, 10 }, ids(info.matched))
    assert.same({ 50 }, ids(info.skipped))
    assert.equal(50, info.skipped[1].tokens)
  end)

  it("is called by words of their own, whatever their case", function()
    local entries = { { id = 1, keys = { "Art", "tea time" }, text = "x" }, { id = 2, constant = true, text = "y" } }
    assert.same({ 2 }, ids(select(2, with("The party starts.", { entries = entries })).matched))
    assert.same({ 2, 1 }, ids(select(2, with("ART, please", { entries = entries })).matched))
    assert.same({ 2, 1 }, ids(select(2, with("it is Tea Time!", { entries = entries })).matched))
  end)

  it("scans the last messages up to the newest of the user's", function()
    local entries = { { id = 1, keys = { "dragon" }, text = "x" } }
    local list = { { role = "user", content = "A dragon" }, { role = "assistant", content = "Where?" }, { role = "user", content = "There" } }
    assert.same({}, ids(select(2, apply(trim.lore { entries = entries }, list, context(list))).matched))
    assert.same({ 1 }, ids(select(2, apply(trim.lore { entries = entries, scan = 3 }, list, context(list))).matched))
  end)

  it("has its room taken off the budget before anything else", function()
    local list = read "S=10 U1=10 A1=10 U2=10 A2=10 dragon"
    list[6].role = "user"
    local policy = trim.chain { trim.lore { entries = { { constant = true, text = "one two" } }, budget = 20 }, trim.tokens(70, { low = 1 }) }
    local result, info = apply(policy, list, context(list))
    assert.equal("S U2 A2 ~U", show(result))
    assert.equal(1, #info.matched)
    assert.is_true(info.total <= 70)
  end)

  it("is left out where it takes the room of the question", function()
    local list = read "S=10 U=80"
    local result, info = apply(trim.chain { trim.lore { entries = book, budget = 70 }, trim.tokens(100) }, list, context(list))
    assert.equal("S U", show(result))
    assert.is_true(info.bare)
  end)
end)
