-- Trimming, by the numbers of the project's list of cases.
local conversation = require "spec.support.conversation"
local models = require "lualogue.models"
local trim = require "lualogue.trim"

local read, show = conversation.read, conversation.show
local HERE = "^spec/trim_spec%.lua:%d+: "

--- What a call raised, without the position, which must be a line of this file.
local function raised(f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(message:find(HERE), message)
  return (message:gsub(HERE, ""))
end

--- Run a policy; what it was given must be what it was, and the result a list of its own.
local function apply(policy, list, ctx)
  local before = conversation.copy(list)
  local result, info = trim.apply(policy, list, ctx)
  assert.same(before, list)
  if result then
    assert.is_not.equal(list, result)
    assert.is_true(trim.check(result))
  end
  return result, info
end

local function to_string(list)
  local parts = {}
  for _, message in ipairs(list) do
    local keys = {}
    for key in pairs(message) do keys[#keys + 1] = key end
    table.sort(keys)
    for _, key in ipairs(keys) do
      local value = message[key]
      if key == "tool_calls" then
        local ids = {}
        for i, call in ipairs(value) do ids[i] = call.id .. call["function"].arguments end
        value = table.concat(ids, ",")
      end
      parts[#parts + 1] = key .. "=" .. tostring(value)
    end
  end
  return table.concat(parts, "\n")
end

describe("repair", function()
  for _, row in ipairs {
    { "1", "S U C(a) Ra A", "S U C(a) Ra A", notes = 0 },
    { "2", "U C(a) U2", "U C(a) !a U2" },
    { "3", "U C(a,b) Ra U2", "U C(a,b) Ra !b U2" },
    { "4", "U C(a,b) Rb Ra A", "U C(a,b) Ra Rb A" },
    { "5", "Ra U A", "U A" },
    { "6", "U Ra C(a) A", "U C(a) !a A" },
    { "7", "U C(a) Ra Ra' A", "U C(a) Ra A" },
    { "8", "U C(a) U2 Ra", "U C(a) Ra U2" },
    { "9", "U C(a) Ra A U2 C(a) Ra' A2", "U C(a) Ra A U2 C(a) Ra' A2", notes = 0 },
    { "10a", "U C(a) Ra A U2 C(a) U3", "U C(a) Ra A U2 C(a) !a U3" },
    { "10b", "U C(a) A U2 C(a) Ra A2", "U C(a) !a A U2 C(a) Ra A2" },
    { "15", "U C(a)", "U C(a)", live = true, notes = 0 },
    { "15b", "U C(a,b) Rb", "U C(a,b) Rb", live = true },
    { "15c", "U C(a)", "U C(a) !a" },
    { "17", "U critic A", "U critic A", notes = 0 },
  } do
    it(row[1] .. ": " .. row[2], function()
      local list = read(row[2])
      local before = conversation.copy(list)
      local mended, notes = trim.repair(list, { live = row.live })
      assert.equal(row[3], show(mended))
      assert.same(before, list)
      if row.notes then assert.equal(row.notes, #notes) end
      assert.is_true(row.notes == 0 or #notes > 0)
      assert.is_true(trim.check(mended, { live = row.live }))
      assert.equal(show(mended), show((trim.repair(mended, { live = row.live }))))
    end)
  end

  it("11: leaves an empty list of calls out", function()
    local message = { role = "assistant", content = "A", tool_calls = {} }
    local list = trim.repair { read("U")[1], message }
    assert.same({ role = "assistant", content = "A" }, list[2])
    assert.same({}, message.tool_calls)
  end)

  it("12: drops what says nothing, and joins the users under strict", function()
    local list = read "U A U2"
    list[2].content = ""
    assert.equal("U U2", show((trim.repair(list))))
    assert.same({ { role = "user", content = "text of U\n\ntext of U2" } }, (trim.repair(list, { strict = true })))
  end)

  it("13: sends arguments as the model wrote them, under strict as an object", function()
    local list = read "U C(a) Ra"
    list[2].tool_calls[1]["function"].arguments = '{"x":'
    assert.equal('{"x":', trim.repair(list)[2].tool_calls[1]["function"].arguments)
    local strict = trim.repair(list, { strict = true })
    assert.equal('{"not_json":"{\\u0022x\\u0022:"}', strict[2].tool_calls[1]["function"].arguments)
    assert.equal('{"x":', list[2].tool_calls[1]["function"].arguments)
    for text, ok in pairs {
      ['{}'] = true, [' {"a":[1,-2.5e3,"x\\n\\u00e9"],"b":{"c":null}} '] = true, ['{"a":01}'] = false,
      ['{"a":1}{"b":2}'] = false, ['[]'] = false, ['{"a":1,}'] = false, ['{"a" 1}'] = false, ["{'a':1}"] = false,
      ['{"a":"\n"}'] = false, ['{"a":"\\x"}'] = false, [("["):rep(300)] = false, ['{"a":' .. ("["):rep(300) .. ("]"):rep(300) .. "}"] = false,
    } do
      list[2].tool_calls[1]["function"].arguments = text
      assert.equal(ok, trim.check(list, { strict = true }) == true, text)
    end
  end)

  it("16: refuses an id that is there twice, and keeps the first call", function()
    local list = read "U C(a,a) Ra"
    local ok, refusal = trim.check(list)
    assert.is_nil(ok)
    assert.same({ at = 2, why = "the id 'a' is there twice" }, refusal)
    local mended = trim.repair(list)
    assert.equal(1, #mended[2].tool_calls)
    assert.equal(list[2].tool_calls[1], mended[2].tool_calls[1])
    assert.equal(2, #list[2].tool_calls)
    assert.is_true(trim.check(mended))
  end)

  it("says what it changed, and where", function()
    local _, notes = trim.repair(read "Ra U C(b) U2")
    assert.same({
      { at = 1, what = "dropped", why = "it answers no open call" },
      { at = 3, what = "answered", why = "the call was never answered" },
    }, notes)
  end)

  it("gives strict templates what they want", function()
    local list = read "S D A0 U S' U2 A A2 U3"
    local strict = trim.repair(list, { strict = true })
    assert.is_true(trim.check(strict, { strict = true }))
    assert.equal("text of S\n\ntext of D\n\nYou opened the conversation: text of A0", strict[1].content)
    assert.equal("text of U\n\ntext of S'\n\ntext of U2", strict[2].content)
    assert.equal("text of A\n\ntext of A2", strict[3].content)
    assert.equal(4, #strict)
  end)
end)

describe("check", function()
  for _, row in ipairs {
    { "U Ra", 2, "an answer to no call before it: 'a'" },
    { "U C(a) U2", 2, "the call 'a' has no answer" },
    { "U C(a,b) Ra", 2, "the call 'b' has no answer" },
    { "U C(a) Ra Ra'", 4, "an answer to no call before it: 'a'" },
    { "S U S2 A", 3, "a second system message, or one that is not the first", strict = true },
    { "S A U", 2, "the first one is not the user's", strict = true },
    { "S U U2", 3, "two messages of the user, one behind the other", strict = true },
    { "U C(a,b) Rb Ra", 3, "an answer before that of an earlier call", strict = true },
    { "", 0, "no message at all" },
  } do
    it("refuses " .. row[1], function()
      local ok, refusal = trim.check(read(row[1]), { strict = row.strict })
      assert.is_nil(ok)
      assert.same({ at = row[2], why = row[3] }, refusal)
    end)
  end

  it("takes what is in order, under strict too", function()
    for _, text in ipairs { "S", "U", "S U A U2", "S U C(a,b) Ra Rb A U2", "U C(a) Ra C(b) Rb A" } do
      assert.is_true(trim.check(read(text), { strict = true }))
    end
    assert.is_true(trim.check(read "S1 S2 A U U2"))
    assert.is_true(trim.check(read "U C(a)", { live = true }))
  end)

  it("refuses what is no message", function()
    local function refusal(...) return select(2, trim.check { ... }).why end
    assert.equal("no message, but a string", refusal("x"))
    assert.equal("a message without a role", refusal {})
    assert.equal("a message of the user without content", refusal { role = "user" })
    assert.equal("a message of the assistant that says nothing and calls nothing", refusal { role = "assistant", content = "" })
    assert.equal("an empty list of calls", refusal { role = "assistant", content = "x", tool_calls = {} })
    assert.equal("a call without an id", refusal { role = "assistant", tool_calls = { { type = "function" } } })
  end)
end)

describe("messages and turns", function()
  local long = "S U1 A1 U2 A2 U3"
  for _, row in ipairs {
    { "18", long, trim.messages(3), "S U2 A2 U3" },
    { "19", long, trim.messages(2), "S U3" },
    { "20", long, trim.messages(1), "S U3" },
    { "21", long, trim.messages(100), long },
    { "23", "S U1 C(a,b) Ra Rb A1 U2", trim.messages(4), "S U2" },
    { "24", "S U1 A1 U2 C(a) Ra C(b) Rb", trim.messages(3), "S U2 C(a) Ra C(b) Rb", over = true },
    { "25", "U1 A1 U2", trim.messages(1), "U2" },
    { "26", "S1 D2 U1 A1 U2", trim.turns(1), "S1 D2 U2" },
    { "27", "S U1 A1 S' U2 A2 U3", trim.turns(2), "S S' U2 A2 U3" },
    { "27b", "S U1 A1 S' U2 A2 U3", trim.turns(1), "S U3" },
    { "28", "S1 S2", trim.turns(1), "S1 S2" },
    { "28b", "S1 S2", trim.messages(1), "S1 S2" },
    { "28c", "S1 S2", trim.tokens(100), "S1 S2" },
    { "28d", "S1 S2", trim.chain { trim.tool_results(1), trim.summary(), trim.tokens(100) }, "S1 S2" },
    { "29", "S A0 U1", trim.turns(1), "S A0 U1" },
    { "30", "S A0 U1 A1 U2", trim.turns(1), "S U2" },
    { "30b", "S A0 U1 A1 U2", trim.turns(2), "S A0 U1 A1 U2" },
    { "31", "U1 U2 A U3", trim.turns(1), "U3" },
    { "31b", "U1 U2 A U3", trim.turns(2), "U1 U2 A U3" },
    { "32", "U C(a) Ra A U2 C(b) Rb A2 U3 C(c) Rc A3", trim.turns(2), "U2 C(b) Rb A2 U3 C(c) Rc A3" },
  } do
    it(row[1] .. ": " .. row[2], function()
      local list = read(row[2])
      local result, info = apply(row[3], list, { cost = conversation.cost() })
      assert.equal(row[4], show(result))
      assert.equal(row.over, info.over)
      assert.equal(#list - #result, info.dropped)
    end)
  end

  it("22: raise for what is no number of messages", function()
    for _, n in ipairs { 0, -1, 1.5, "3", math.huge, false } do
      assert.equal("bad argument 'n' to 'messages' (a whole number from 1 expected)", raised(trim.messages, n))
      assert.equal("bad argument 'n' to 'turns' (a whole number from 1 expected)", raised(trim.turns, n))
    end
    assert.truthy(raised(trim.messages):find("'n' to 'messages'", 1, true))
  end)

  it("33: give the caller's own tables, in a list of their own", function()
    local list = read(long)
    local result = trim.apply(trim.messages(3), list)
    assert.is_not.equal(list, result)
    assert.equal(list[1], result[1])
    assert.equal(list[6], result[4])
    assert.is_not.equal(list, (trim.apply(trim.messages(100), list)))
  end)

  it("units are what may not be parted, turns what belongs to a question", function()
    local units = trim.units(read "S U C(a,b) Rb Ra A Rx")
    for i, unit in ipairs(units) do units[i] = show(unit) end
    assert.same({ "S", "U", "C(a,b) Rb Ra", "A", "Rx" }, units)
    local prefix, turns = trim.split(read "S D A0 U1 C(a) Ra A U2 U3")
    assert.equal("S D", show(prefix))
    assert.same({ "A0", "U1 C(a) Ra A", "U2 U3" }, { show(turns[0]), show(turns[1]), show(turns[2]) })
    assert.equal(2, #turns)
    assert.is_nil(select(2, trim.split(read "S U A"))[0])
  end)
end)

describe("tokens", function()
  local function tokens(text, budget, options, ctx)
    ctx = ctx or {}
    ctx.cost = ctx.cost or conversation.cost(3)
    options = options or {}
    options.low = options.low or 1
    return apply(trim.tokens(budget, options), read(text), ctx)
  end

  for _, row in ipairs {
    { "34", "S=5 U=5", 100, "S U" },
    { "35", "S=10 U1=40 A1=40 U2=10", 100, "S U1 A1 U2" },
    { "35b", "S=10 U1=40 A1=40 U2=10", 99, "S U2" },
    { "36", "S=10 U1=40 A1=40 U2=10", 100, "S U2", reserve = 40 },
    { "39", "S=10 U1=20 A1=20 U2=20", 99, "S U2", tools = 30 },
    { "40", "S=5 U=5 C(a)=5 Ra=60 C(b)=5 Rb=30", 60, "S U C(a) [a] C(b) Rb" },
  } do
    it(row[1] .. ": " .. row[2], function()
      local result, info = tokens(row[2], row[3], { reserve = row.reserve }, { tools = row.tools })
      assert.equal(row[4], show(result))
      assert.is_true(info.total <= row[3] - (row.reserve or 0))
    end)
  end

  for _, row in ipairs {
    { "37", "S=120 U=5", 100, { system = 120, newest = 5 }, "the system messages and tools alone take 120 tokens, the budget is 100" },
    { "38", "S=10 U1=10 A1=10 U2=95", 100, { system = 10, newest = 95 }, "the newest turn takes 95 tokens, what must go with it 10, the budget is 100" },
    { "41", "S=5 U=5 C(a)=5 Ra=60 C(b)=5 Rb=30", 50, { system = 5, newest = 105 }, nil },
  } do
    it(row[1] .. ": " .. row[2] .. " has no room", function()
      local result, err = tokens(row[2], row[3])
      assert.is_nil(result)
      assert.equal("limit", err.kind)
      assert.equal("context", err.code)
      assert.equal(row[3], err.budget)
      for part, n in pairs(row[4]) do assert.equal(n, err.parts[part]) end
      if row[5] then assert.equal("limit (context): " .. row[5], tostring(err)) end
    end)
  end

  --- The first turn that is sent for each question, with the state kept.
  local function first_turns(low, n)
    local policy, list, starts, state = trim.tokens(100, { low = low }), read "S=10", {}, nil
    local lists, states = {}, {}
    for question = 1, n do
      list[#list + 1] = conversation.message("U" .. question, 10)
      local result, info = apply(policy, list, { cost = conversation.cost(), state = state })
      state = info.state
      starts[question] = tonumber(result[2].content:match("%d+"))
      lists[question], states[question] = { (table.unpack or unpack)(list) }, state
      list[#list + 1] = conversation.message("A" .. question, 10)
    end
    return starts, lists, states
  end

  it("42: cuts well below the budget, and holds that beginning", function()
    assert.same({ 1, 1, 1, 1, 1, 4, 4, 4, 7 }, (first_turns(0.6, 9)))
  end)

  it("43: slides with low = 1", function()
    assert.same({ 1, 1, 1, 1, 1, 2, 3, 4, 5 }, (first_turns(1, 9)))
  end)

  it("44: forgets a beginning that is not on the branch any more", function()
    local _, lists, states = first_turns(0.6, 9)
    local result = apply(trim.tokens(100, { low = 0.6 }), lists[3], { cost = conversation.cost(), state = states[9] })
    assert.equal("S U1 A1 U2 A2 U3", show(result))
  end)

  it("45: counts an image by its formula, and by the most it can be where its size is not known", function()
    local url = "data:image/png;base64," .. ("iVBORw0KGgo"):rep(200000)
    local function total(detail, address)
      local message = { role = "user", content = { { type = "image_url", image_url = { url = address or url, detail = detail } } } }
      local _, info = apply(trim.tokens(10000), { message }, { model = "gpt-4o" })
      return info.total, info.estimated
    end
    local n, estimated = total("low")
    assert.equal(3 + 1 + 85 + 3, n)
    assert.is_true(estimated)
    assert.equal(3 + 1 + 85 + 8 * 170 + 3, (total("high", "https://example.com/a.jpg")))
  end)

  it("46: sends nothing when the counter fails", function()
    for _, cost in pairs {
      function() error("no idea") end, function() return nil end, function() return 0 / 0 end,
      function() return -1 end, function() return "7" end,
    } do
      local result, err = trim.apply(trim.tokens(100), read "S U", { cost = cost })
      assert.is_nil(result)
      assert.equal("policy", err.kind)
    end
    local own = setmetatable({ kind = "limit", message = "a word of 17 MB" }, {})
    local _, err = trim.apply(trim.tokens(100), read "S U", { cost = function() return nil, own end })
    assert.equal(own, err)
  end)

  it("47: takes the model's input limit, and what the answer may take", function()
    local function budget(model, max_output)
      local _, info = apply(trim.tokens(), read "U", { model = model, max_output = max_output })
      return info.budget, info.window
    end
    assert.equal(272000, (budget "gpt-5"))
    assert.equal(200000, (budget("gpt-5", 200000)))
    assert.equal(128000 - 4096, (budget "gpt-4o"))
    assert.equal(128000 - 500, (budget("openai/gpt-4o-2024-08-06", 500)))
    assert.equal(8192 - 2048, (budget "gpt-4"))
    local _, info = apply(trim.tokens(), read "U", { model = "gpt-5", window = 400000 })
    assert.equal(272000, info.budget)
  end)

  it("48: sends everything where no window is known, until one was learned", function()
    local list = read(("U A "):rep(300) .. "U")
    local result, info = apply(trim.tokens(), list, { model = "nobody's-model", server = "http://x/v1" })
    assert.equal(#list, #result)
    assert.equal("unknown", info.window)
    models.learn("nobody's-model", 1000, "http://x/v1")
    result, info = apply(trim.tokens(), list, { model = "nobody's-model", server = "http://x/v1" })
    assert.is_true(#result < #list)
    assert.equal(1000, info.window)
    assert.is_true(info.total <= 750)
  end)

  it("49: counts each message once in its life", function()
    local list, counted = {}, 0
    for i = 1, 10000 do list[i] = { role = i % 2 == 1 and "user" or "assistant", content = "m" .. i } end
    local function cost() counted = counted + 1 return 1 end
    local policy = trim.tokens(20000)
    local _, info = trim.apply(policy, list, { cost = cost })
    assert.equal(10000, counted)
    list[10001] = { role = "user", content = "one more" }
    _, info = trim.apply(policy, list, { cost = cost, state = info.state })
    assert.equal(10001, counted)
    list[10001] = { role = "user", content = "edited" }
    trim.apply(policy, list, { cost = cost, state = info.state })
    assert.equal(10002, counted)
  end)

  it("50: ends with a counter that is not monotone", function()
    local n = 0
    local function cost() n = (n * 7 + 13) % 101 return n end
    for budget = 30, 400, 37 do
      local result = trim.apply(trim.tokens(budget), read "S U1 A1 U2 C(a) Ra A2 U3 A3 U4", { cost = cost })
      if result then assert.is_true(trim.check(result)) end
    end
  end)

  it("names the output where that is what does not fit", function()
    local _, err = apply(trim.tokens(), read "S=100 U=1400", { cost = conversation.cost(), window = 4096, max_output = 5000 })
    assert.equal("context", err.code)
    assert.equal("max_tokens", err.param)
    assert.equal("max_tokens asks for 5000 of the window's 4096 tokens, which leaves 0 for a prompt of 1500", err.message)
  end)

  it("goes by the server's way of counting", function()
    local result = apply(trim.tokens(100, { low = 1 }), read "S=10 U1=20 A1=20 U2=10", { cost = conversation.cost(), ratio = 2 })
    assert.equal("S U2", show(result))
  end)

  it("counts tools, and the form of the answer", function()
    local tool = { type = "function", ["function"] = { name = "look", description = "Look around.", parameters = { type = "object", properties = {} } } }
    local _, plain = apply(trim.tokens(1000), read "S U", { model = "gpt-4o" })
    local _, tooled = apply(trim.tokens(1000), read "S U", { model = "gpt-4o", tools = { tool } })
    local _, formed = apply(trim.tokens(1000), read "S U", { model = "gpt-4o",
      response_format = { type = "json_schema", json_schema = { name = "form", schema = { type = "object", properties = { verdict = { type = "string" } } } } } })
    assert.is_true(tooled.total > plain.total + 10)
    assert.is_true(formed.total > plain.total + 10)
    assert.equal(tooled.parts.tools - plain.parts.tools, tooled.total - plain.total)
  end)

  it("counts by a caller's counter of texts", function()
    local _, info = apply(trim.tokens(1000), read "U", { count = function(text) return #text end })
    assert.equal(3 + #"user" + #"text of U" + 3, info.total)
    assert.is_true(info.estimated)
  end)
end)

describe("tool results", function()
  local list = "U C(a) Ra C(b) Rb C(c) Rc A"
  it("51: all but the last n become placeholders", function()
    local result, info = apply(trim.tool_results(2), read(list))
    assert.equal("U C(a) [a] C(b) Rb C(c) Rc A", show(result))
    assert.equal(1, info.replaced)
    assert.equal("U C(a) [a] C(b) [b] C(c) [c] A", show((apply(trim.tool_results(0), read(list)))))
  end)

  it("52: the same twice, to the byte", function()
    local once = apply(trim.tool_results(1), read(list))
    assert.equal(to_string(once), to_string((apply(trim.tool_results(1), once))))
  end)

  it("53: those of some tools stay", function()
    assert.equal("U C(a) Ra C(b) [b] C(c) Rc A", show((apply(trim.tool_results(1, { except = { "tool_a" } }), read(list)))))
  end)

  it("54: what is shorter than the placeholder stays, and what is short if so wanted", function()
    local short = read(list)
    short[3].content = "42"
    assert.equal("U C(a) Ra C(b) [b] C(c) Rc A", show((apply(trim.tool_results(1), short))))
    local cheap = read "U C(a)=5 Ra=5 C(b)=5 Rb=50 C(c) Rc"
    assert.equal("U C(a) Ra C(b) [b] C(c) Rc", show((apply(trim.tool_results(1, { min_tokens = 20 }), cheap, { cost = conversation.cost() }))))
  end)

  it("55: parallel calls are counted one by one", function()
    assert.equal("U C(a,b) [a] Rb", show((apply(trim.tool_results(1), read "U C(a,b) Ra Rb"))))
  end)
end)

describe("a chain", function()
  it("gives each policy what the one before it left", function()
    local policy = trim.chain { trim.tool_results(1), trim.tokens(60, { low = 1 }) }
    local text = "S=5 U1=5 C(a)=5 Ra=60 C(b)=5 Rb=10 A=5 U2=5"
    local result, info = apply(policy, read(text), { cost = conversation.cost(3) })
    assert.equal("S U1 C(a) [a] C(b) Rb A U2", show(result))
    assert.equal(43, info.total)
    assert.equal(1, info.replaced)
  end)

  it("takes functions of the caller's, and holds them to what servers take", function()
    local function newest(messages) return { messages[#messages] }, { mine = true } end
    local result, info = apply(trim.chain { newest, trim.turns(1) }, read "S U1 A1 U2")
    assert.equal("U2", show(result))
    assert.is_true(info.mine)
    local _, err = trim.apply(newest, read "U C(a) Ra")
    assert.equal("policy (refused): the trimming policy gave a list that no server takes (messages[1]: an answer to no call before it: 'a')", tostring(err))
  end)

  it("of what raises or gives nonsense is an error", function()
    for _, row in ipairs {
      { function() error("boom", 0) end, "the trimming policy failed: boom" },
      { function() return "x" end, "the trimming policy gave no list of messages, but string" },
      { function() return nil end, "the trimming policy gave no list of messages, but nil" },
      { function() return nil, "not today" end, "not today" },
      { function() return {} end, "the trimming policy gave an empty list" },
      { function() return { "x" } end, "the trimming policy gave no message in place 1, but string" },
      { function(list) return list, 7 end, "the trimming policy gave no table of facts, but number" },
    } do
      for _, policy in ipairs { row[1], trim.chain { trim.turns(1), row[1] } } do
        local result, err = trim.apply(policy, read "S U")
        assert.is_nil(result)
        assert.equal("policy: " .. row[2], tostring(err))
      end
    end
  end)
end)

describe("what goes along", function()
  it("76: a note stands at its depth, never within a unit", function()
    local note = conversation.name("N", { role = "user", content = "note" })
    for _, row in ipairs {
      { "S U1 A1 U2", 0, "S U1 A1 U2 N" }, { "S U1 A1 U2", 1, "S U1 A1 N U2" }, { "S U1 A1 U2", 99, "S N U1 A1 U2" },
      { "S U1 C(a,b) Ra Rb", 1, "S U1 N C(a,b) Ra Rb" }, { "S U1 C(a,b) Ra Rb", 2, "S U1 N C(a,b) Ra Rb" },
      { "S U1 C(a,b) Ra Rb", 0, "S U1 C(a,b) Ra Rb N" }, { "S", 0, "S N" },
    } do
      local result = apply(trim.turns(9), read(row[1]), { injections = { { message = note, depth = row[2] } } })
      assert.equal(row[3], show(result))
    end
    local live = trim.apply(trim.turns(9), read "S U C(a)", { live = true, injections = { { message = note, depth = 0 } } })
    assert.equal("S U N C(a)", show(live))
  end)

  it("is counted", function()
    local note = conversation.name("N", { role = "user", content = "note" })
    local result, info = apply(trim.tokens(100, { low = 1 }), read "S=10 U1=40 A1=40 U2=10",
      { cost = conversation.cost(), injections = { { message = note, depth = 0 } } })
    assert.equal("S U2 N", show(result))
    assert.same({ system = 10, tools = 0, summary = 0, recall = 10, history = 0, newest = 10, reserve = 0 }, info.parts)
  end)

  it("pinned turns are always sent, and paid for", function()
    local ctx = { cost = conversation.cost(), pinned = { 2 } }
    assert.equal("S U1 A1 U3", show((apply(trim.turns(1), read "S U1 A1 U2 A2 U3", ctx))))
    assert.equal("S U1 A1 U2 A2 U3", show((apply(trim.turns(3), read "S U1 A1 U2 A2 U3", ctx))))
    assert.equal("S U1 A1 U3", show((apply(trim.tokens(50, { low = 1 }), read "S U1 A1 U2 A2 U3", ctx))))
    local _, err = apply(trim.tokens(35), read "S U1 A1 U2 A2 U3", ctx)
    assert.equal("context", err.code)
  end)

  it("strict gives the form that strict templates take", function()
    local result = apply(trim.turns(2), read "S D A0 U1 A1 U2", { strict = true })
    assert.is_true(trim.check(result, { strict = true }))
  end)
end)

describe("a wrong argument", function()
  it("is named at the caller's line", function()
    for _, row in ipairs {
      { "bad argument 'budget' to 'tokens' (a whole number from 1 expected)", trim.tokens, 0 },
      { "bad argument 'low' to 'tokens' (a number above 0, at most 1, expected)", trim.tokens, 5, { low = 2 } },
      { "bad argument 'options' to 'tokens' (unknown option 'lo')", trim.tokens, 5, { lo = 1 } },
      { "bad argument 'n' to 'tool_results' (a whole number from 0 expected)", trim.tool_results, -1 },
      { "bad argument 'except' to 'tool_results' (a list of names expected)", trim.tool_results, 1, { except = { memory = true } } },
      { "bad argument 'placement' to 'summary' (one of pair, system, user expected)", trim.summary, { placement = "end" } },
      { "bad argument 'k' to 'recall' (a whole number from 1 expected)", trim.recall, { k = 0 } },
      { "bad argument 'entries' to 'lore' (table expected, got nothing)", trim.lore, {} },
      { "bad argument 'entries[1].text' to 'lore' (string expected, got nothing)", trim.lore, { entries = { { keys = { "a" } } } } },
      { "bad argument 'parts[2]' to 'chain' (a policy or a function expected, got number)", trim.chain, { trim.turns(1), 4000 } },
      { "bad argument 'parts' to 'chain' (an empty list)", trim.chain, {} },
      { "bad argument 'policy' to 'apply' (a policy or a function expected, got nil)", trim.apply, nil, {} },
      { "bad argument 'messages' to 'apply' (messages[2]: a table expected, got string)", trim.apply, trim.turns(1), { read("U")[1], "x" } },
      { "bad argument 'messages' to 'apply' (messages[1].role: a string expected, got nil)", trim.apply, trim.turns(1), { {} } },
      { "bad argument 'ctx.budget' to 'apply' (a number above 0 expected)", trim.apply, trim.turns(1), {}, { budget = 0 } },
      { "bad argument 'messages' to 'check' (table expected, got string)", trim.check, "x" },
    } do
      assert.equal(row[1], raised(row[2], (table.unpack or unpack)(row, 3, 5)))
    end
  end)
end)
