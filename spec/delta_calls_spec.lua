-- Tool calls that servers number in ways of their own: which piece belongs to which call.
local balance = require "lualogue.delta.balance"
local delta = require "lualogue.delta"
local json = require "lualogue.json"

--- A piece of a call: { index, id, name, arguments }, nil where it says nothing.
local function piece(index, id, name, arguments)
  return { index = index, id = id, ["function"] = { name = name, arguments = arguments } }
end

--- The calls of these pieces, each as "id name arguments", the pieces in chunks of their own.
local function calls_of(...)
  local fold = delta.new(json.encode)
  for _, p in ipairs { ... } do
    fold:add { choices = { { index = 0, delta = { tool_calls = p[1] and p or { p } } } } }
  end
  local out = {}
  for i, call in ipairs(fold:message(0).tool_calls or {}) do
    local f = call["function"]
    out[i] = ("%s %s %s"):format(call.id or "-", f.name or "-", f.arguments)
  end
  return out
end

describe("a piece of a tool call goes on with", function()
  it("the call of its id, whatever its index says", function()
    assert.same({ 'a s {"q":1}', 'b s {"q":2}' }, calls_of(
      piece(0, "a", "s", ""), piece(0, "b", "s", ""), piece(0, "a", nil, '{"q":1}'), piece(0, "b", nil, '{"q":2}')))
    assert.same({ "a f {}" }, calls_of(piece(0, "a", "f", "{"), piece(1, "a", nil, "}")))
    assert.same({ "a f {}" }, calls_of(piece(0, "a", "f", "{"), piece(1, "a", "f", "}")))
  end)

  it("the call that was last gone on with under its index, where it has no id", function()
    assert.same({ 'a s {"q":1}', "b s " }, calls_of(
      piece(0, "a", "s", ""), piece(0, "b", "s", ""), piece(0, "a", nil, '{"q"'), piece(0, nil, nil, ":1}")))
  end)

  it("the call of its index, where its id is a word for none", function()
    for _, none in ipairs { "null", "None", "nil", "undefined" } do
      assert.same({ 'a f {"x":1}', 'b g {"y":2}' }, calls_of(
        piece(0, "a", "f", '{"x"'), piece(1, "b", "g", '{"y"'),
        piece(0, none, nil, ":1}"), piece(1, none, nil, ":2}")))
    end
  end)

  it("an empty object, which stood for the arguments until they came", function()
    assert.same({ 'a f {"x":1}' }, calls_of(
      piece(0, "a", "f", "{}"), piece(0, nil, nil, '{"x":'), piece(0, nil, nil, "1}")))
    assert.same({ "a f {}", "b g {}" }, calls_of(piece(0, "a", "f", "{}"), piece(1, "b", "g", "{}")))
  end)

  it("its call, where that is no list of one", function()
    local fold = delta.new(json.encode)
    for _, p in ipairs { piece(0, "a", "f", '{"x":'), piece(0, nil, nil, "1}") } do
      fold:add { choices = { { index = 0, delta = { tool_calls = p } } } }
    end
    assert.equal('{"x":1}', fold:message(0).tool_calls[1]["function"].arguments)
  end)

  it("the last call, where it has an index that nobody else has, but neither id nor name", function()
    assert.same({ 'a f {"x":1}' }, calls_of(piece(0, "a", "f", ""), piece(1, nil, nil, '{"x"'), piece(1, nil, nil, ":1}")))
  end)

  it("a call whose id is made anew for each piece, with or without its name", function()
    assert.same({ 'x1 w {"a":{"b":1},"c":2}' }, calls_of(piece(0, "x1", "w", '{"a":{"b":1}'), piece(0, "x2", "w", ',"c":2}')))
    assert.same({ 'x1 w {"a":1}' }, calls_of(piece(0, "x1", "w", ""), piece(0, "x2", "w", '{"a"'), piece(0, "x3", "w", ":1}")))
    assert.same({ 'x1 w {"a":1}' }, calls_of(piece(nil, "x1", "w", '{"a"'), piece(nil, "x2", nil, ":1}")))
  end)

  it("its own call, where ids are repeated and where the word null stands for none", function()
    assert.same({ 'a f {"x":1}' }, calls_of(piece(0, "a", "f", '{"x"'), piece(0, "a", "f", ":1"), piece(0, "a", "f", "}")))
    assert.same({ 'a f {"x":1}', "b g {}" }, calls_of(
      piece(0, "a", "f", '{"x"'), piece(0, "null", nil, ":1}"), piece(1, "b", "g", ""), piece(1, "null", "", "{}")))
    assert.same({ "a f {}" }, calls_of(piece(0, "null", "f", "{"), piece(0, "a", nil, "}")))
  end)
end)

describe("a piece begins a call", function()
  it("with a name and arguments behind whole ones, with an id, without, and with an empty one", function()
    for _, id in ipairs { "-", "" } do
      if id == "-" then id = nil end
      assert.same({ '- w {"c":1}', '- w {"c":2}', "- t {}" }, calls_of(
        { piece(0, id, "w", '{"c":1}'), piece(0, id, "w", '{"c":2}') }, piece(0, id, "t", "{}")))
    end
    assert.same({ "a f {}", 'a f {"x":1}' }, calls_of(piece(0, "a", "f", "{}"), piece(0, "a", "f", '{"x":1}')))
  end)

  it("behind what is whole by its braces, not by its last byte", function()
    assert.same({ 'a f {"s":"}"}' }, calls_of(piece(0, "a", "f", '{"s":"}'), piece(0, "b", "f", '"}')))
    assert.same({ 'a f {"s":"\\"}"}' }, calls_of(piece(0, "a", "f", '{"s":"\\'), piece(0, "b", "f", '"}"}')))
    assert.same({ 'a f {"l":[{}]}' }, calls_of(piece(0, "a", "f", '{"l":[{}'), piece(0, "b", "f", "]}")))
    assert.same({ "a f [1]\n", "b f {}" }, calls_of(piece(0, "a", "f", "[1]\n"), piece(0, "b", "f", "{}")))
  end)

  it("with another id and another name, even where the first has no arguments or half of them", function()
    assert.same({ "a f ", "b g {}" }, calls_of(piece(0, "a", "f", ""), piece(0, "b", "g", "{}")))
    assert.same({ 'a f {"x":1}', "b g {}" }, calls_of(
      piece(0, "a", "f", '{"x"'), piece(0, "b", "g", ""), piece(0, "a", nil, ":1}"), piece(0, "b", nil, "{}")))
  end)

  it("with another name behind whole arguments, whose own follow", function()
    assert.same({ "- f {}", '- g {"x":1}' }, calls_of(piece(0, nil, "f", "{}"), piece(0, nil, "g", ""), piece(0, nil, nil, '{"x":1}')))
    assert.same({ "- f {}", '- f {"x":1}' }, calls_of(piece(0, nil, "f", "{}"), piece(0, nil, "f", ""), piece(0, nil, nil, '{"x":1}')))
  end)

  it("under an index of its own behind a whole one, though their ids are equal", function()
    assert.same({ "f f {}", 'f f {"x":1}' }, calls_of(
      piece(0, "f", "f", ""), piece(0, nil, nil, "{}"), piece(1, "f", "f", ""), piece(1, nil, nil, '{"x":1}')))
  end)

  it("but not where it says a whole call once more", function()
    assert.same({ 'a f {"x":1}' }, calls_of(piece(0, "a", "f", '{"x"'), piece(0, nil, nil, ":1}"), piece(0, "a", "f", '{"x":1}')))
    assert.same({ 'a f {"x":1}' }, calls_of(piece(0, "a", "f", '{"x":1}'), piece(1, "a", "f", '{"x":1}')))
    assert.same({ "a f {}", "b f {}" }, calls_of(piece(0, "a", "f", "{}"), piece(0, "b", "f", "{}")))
    assert.same({ "a f {}" }, calls_of(piece(0, "a", "f", {}), piece(0, "a", "f", {})))
  end)

  it("but not with nothing but white space behind whole arguments", function()
    assert.same({ "a f {}\n" }, calls_of(piece(0, "a", "f", "{}"), piece(0, "a", "f", "\n")))
    assert.same({ "- f {} \n" }, calls_of(piece(0, nil, "f", "{}"), piece(0, nil, "f", " "), piece(0, nil, nil, "\n")))
  end)

  it("each under the place that is free", function()
    assert.same({ "a f {}", "b f {}", "c g {}" }, calls_of(
      { piece(0, "a", "f", "{}"), piece(0, "b", "f", "{}") }, piece(1, "c", "g", "{}")))
  end)
end)

describe("the name of a call", function()
  it("is restated by an equal piece, gone on with by any other", function()
    assert.same({ "a get_weather {}" }, calls_of(piece(0, "a", "get_", nil), piece(0, nil, "weather", nil), piece(0, nil, nil, "{}")))
    assert.same({ "a f {}" }, calls_of(piece(0, "a", "f", nil), piece(0, nil, "f", nil), piece(0, "a", "f", "{}")))
  end)

  it("stays as it is once there are arguments", function()
    assert.same({ "a f {}" }, calls_of(piece(0, "a", "f", "{"), piece(0, "a", "g", "}")))
  end)

  it("of a custom tool likewise", function()
    local fold = delta.new(json.encode)
    for _, custom in ipairs { { name = "sql_" }, { name = "run", input = "SELECT" }, { input = " 1" } } do
      fold:add { choices = { { delta = { tool_calls = { { index = 0, id = "a", custom = custom } } } } } }
    end
    assert.same({ { id = "a", type = "custom", custom = { name = "sql_run", input = "SELECT 1" } } }, fold:message(0).tool_calls)
  end)
end)

describe("whole JSON", function()
  it("is found whatever its pieces are", function()
    local texts = { '{"a":"x\\\\"}', '[{"b":"\\"}"},"]",[]]', " {}\n", '{"u":"\\u007d"}' }
    for _, text in ipairs(texts) do
      for n = 1, #text do
        local b, whole_at = balance.new(), nil
        for at = 1, #text, n do
          b:add(text:sub(at, at + n - 1))
          if b:is_whole() then whole_at = whole_at or math.min(at + n - 1, #text) end
        end
        assert.is_true(b:is_whole(), text)
        assert.is_true(whole_at >= #(text:match "^(.-)%s*$"), text .. " in pieces of " .. n)
      end
    end
  end)

  it("is neither nothing, nor text, nor a part", function()
    for _, text in ipairs { "", " ", '"a"', "1", "{", '{"a":"}', '{"a":"\\', "[[]" } do
      local b = balance.new()
      b:add(text)
      assert.is_false(b:is_whole(), text)
    end
  end)
end)

describe("putting calls together", function()
  --- How many bytes table.concat and string.find were given while this ran.
  local function bytes_touched(work)
    local bytes, concat, find = 0, table.concat, string.find
    -- luacheck: push ignore 122
    table.concat = function(...)
      local text = concat(...)
      bytes = bytes + #text
      return text
    end
    string.find = function(text, ...)
      bytes = bytes + #text
      return find(text, ...)
    end
    local ok, err = pcall(work)
    table.concat, string.find = concat, find
    -- luacheck: pop
    assert.is_true(ok, tostring(err))
    return bytes
  end

  it("copies nothing at each piece: twice the pieces are twice the bytes", function()
    local shapes = {
      function() return piece(0, nil, nil, "0123456789") end,
      function() return piece(0, "a", "f", "0123456789") end,
      function(i) return piece(0, "x" .. i, "f", '"{}",\n56789') end,
      function(i) return piece(nil, "x" .. i % 20, "f", "0123456789") end,
    }
    for number, shape in ipairs(shapes) do
      local function run(n)
        return bytes_touched(function()
          local fold = delta.new(json.encode)
          fold:add { choices = { { delta = { tool_calls = { piece(0, "a", "f", '{"text":"') } } } } }
          for i = 1, n do fold:add { choices = { { delta = { tool_calls = { shape(i) } } } } } end
          fold:message(0)
        end)
      end
      local one, two = run(4000), run(8000)
      assert.is_true(two < 2.5 * one, ("shape %d: %d, then %d bytes"):format(number, one, two))
    end
  end)

  it("looks at no call twice where there are many", function()
    local steps = 0
    local function run(n)
      local fold = delta.new(json.encode)
      steps = 0
      debug.sethook(function() steps = steps + 1 end, "", 1000)
      for i = 1, n do
        fold:add { choices = { { delta = { tool_calls = { piece(nil, "x" .. i, "f", "{}"), piece(i, "y" .. i, "f", "{}") } } } } }
      end
      debug.sethook()
      assert.equal(2 * n, #fold:message(0).tool_calls)
      return steps
    end
    if rawget(_G, "jit") then rawget(_G, "jit").off() end
    local one, two = run(500), run(2000)
    if rawget(_G, "jit") then rawget(_G, "jit").on() end
    assert.is_true(two < 6 * one, ("%d, then %d thousand steps"):format(one, two))
  end)
end)
