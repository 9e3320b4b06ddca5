-- What is sent is the same every time: the order of keys, and what a caller may say about it.
local finalizer = require "spec.support.finalizer"
local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lualogue = require "lualogue"
local program = require "spec.support.program"
local sources = require "spec.support.sources"

--- The message without the position, which must be a line of this file.
local function raised(fn, ...)
  local ok, message = pcall(fn, ...)
  assert.is_false(ok)
  return (assert(message:match "^spec/json_order_spec%.lua:%d+: (.*)", message))
end

describe("the keys of an object", function()
  it("are sorted by their bytes, however many they are and however they came in", function()
    for _, n in ipairs { 1, 2, 15, 16, 17, 18, 100, 3000 } do
      local keys, forth, back = {}, {}, {}
      for i = 1, n do keys[i] = ("k%d"):format(i * 7919 % 10007) end
      for i = 1, n do forth[keys[i]] = i end
      for i = n, 1, -1 do back[keys[i]] = forth[keys[i]] end
      table.sort(keys)
      local parts = {}
      for i, key in ipairs(keys) do parts[i] = ('"%s":%d'):format(key, forth[key]) end
      local expected = "{" .. table.concat(parts, ",") .. "}"
      assert.equal(expected, json.encode(forth))
      assert.equal(expected, json.encode(back))
    end
  end)

  it("are bytes from 0 to 255, the shorter first", function()
    assert.equal('{"":1,"\\u0000":2,"\\u0000a":3," ":4,"a":5,"a\\u0000":6,"é":7,"\240\159\152\128":8}',
      json.encode { ["\240\159\152\128"] = 8, ["é"] = 7, ["a\0"] = 6, a = 5, [" "] = 4, ["\0a"] = 3, ["\0"] = 2, [""] = 1 })
  end)

  it("are sorted at every depth, on a deep stack as well", function()
    local value, expected = 1, "1"
    for _ = 1, 512 do
      value = { b = 2, c = value, a = 1, f = 6, e = 5, d = 4, h = 8, g = 7, k = 11, j = 10, i = 9, l = 12, m = 13, n = 14 }
    end
    for _ = 1, 512 do
      expected = '{"a":1,"b":2,"c":' .. expected
        .. ',"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13,"n":14}'
    end
    assert.equal(expected, json.encode(value))
  end)

  it("cost no more where lists were filled backwards, one within the other", function()
    local value = 1
    for _ = 1, 200 do
      local list = { value }
      list[4], list[3], list[2] = 4, 3, 2
      list[40] = 5
      list[40] = nil
      value = list
    end
    assert.equal(("["):rep(200) .. "1" .. (",2,3,4]"):rep(200), json.encode(value))
  end)

  it("may be removed and added by a finalizer while they are read", function()
    local value, live = { messages = {} }, true
    for i = 1, 300 do value["key" .. i] = { x = i } end
    local function trap()
      finalizer.add(function()
        if not live then return end
        value["key" .. math.random(300)] = nil
        value["more" .. math.random(300)] = { y = 1 }
        trap()
      end)
    end
    for _ = 1, 20 do trap() end
    for _ = 1, 100 do
      local ok, result = pcall(json.encode, value)
      assert.is_true(ok or result:find "changes while it is encoded" ~= nil, result)
      if ok then assert(json.decode(result)) end
      collectgarbage "step"
    end
    live = false
    collectgarbage()
  end)
end)

describe("number keys", function()
  it("are strings where the API has an object with the caller's keys", function()
    assert.equal('{"logit_bias":{"50256":-100}}', json.encode { logit_bias = { [50256] = -100 } })
    assert.equal('{"logit_bias":{"1":-100,"2":5}}', json.encode { logit_bias = { -100, 5 } })
    assert.equal('{"logit_bias":{"10":1,"9":2,"x":3}}', json.encode { logit_bias = { [9] = 2, x = 3, [10] = 1 } })
    assert.equal('{"metadata":{"-1.5":"a","2":"b"}}', json.encode { metadata = { [-1.5] = "a", [2] = "b" } })
    assert.equal('{"body":{"logit_bias":{"1":0}}}', json.encode { body = { logit_bias = { 0 } } })
  end)

  it("are strings in an object that is marked as one", function()
    assert.equal('{"50256":-100}', json.encode(json.object { [50256] = -100 }))
    assert.equal('{"2":"b","1":"a"}', json.encode(json.ordered { { 2, "b" }, { 1, "a" } }))
  end)

  it("are places in a list everywhere else", function()
    assert.equal('{"stop":["a","b"],"x":[1]}', json.encode { stop = { "a", "b" }, x = { 1 } })
    assert.equal('{"logit_bias":[1]}', json.encode { logit_bias = json.array { 1 } })
    local properties = { logit_bias = { 1 } } -- a name of the user's
    assert.equal('{"parameters":{"properties":{"logit_bias":[1]}}}',
      json.encode { parameters = { properties = properties } })
    assert.equal("x: a list with a hole: [1] is nil, [50256] is not",
      raised(json.encode, { x = { [50256] = 1 } }))
    assert.matches("^x: .* cannot have the key ", raised(json.encode, { x = { a = 1, [2] = 3 } }))
  end)

  it("do not stand beside the same key as a string", function()
    assert.equal("logit_bias: the key [\"1\"] is there as a number and as a string",
      raised(json.encode, { logit_bias = { [1] = 1, ["1"] = 2 } }))
    assert.equal("logit_bias: an object cannot have the key [inf]: keys are strings",
      (raised(json.encode, { logit_bias = { [1 / 0] = 1 } })))
  end)
end)

describe("json.ordered", function()
  local function pairs_of(text)
    local list = {}
    for key, value in text:gmatch "(%a+)=(%d+)" do list[#list + 1] = { key, tonumber(value) } end
    return list
  end

  it("keeps the order of its pairs", function()
    assert.equal('{"z":1,"a":2,"m":3}', json.encode(json.ordered(pairs_of "z=1 a=2 m=3")))
    assert.equal('{"z":1,"a":2}', json.encode(lualogue.ordered(pairs_of "z=1 a=2")))
    local list, parts = {}, {}
    for i = 1, 200 do
      list[i] = { "k" .. (i * 37 % 211), i }
      parts[i] = ('"k%d":%d'):format(i * 37 % 211, i)
    end
    assert.equal("{" .. table.concat(parts, ",") .. "}", json.encode(json.ordered(list)))
  end)

  it("is a table like any other", function()
    local object = json.ordered(pairs_of "z=1 a=2")
    assert.equal(1, object.z)
    object.z, object.c, object.b = 5, 4, 3
    assert.equal('{"z":5,"a":2,"b":3,"c":4}', json.encode(object))
    object.a = nil
    assert.equal('{"z":5,"b":3,"c":4}', json.encode(object))
    assert.equal('{"tools":{}}', json.encode { tools = json.ordered {} })
    assert.equal('{"b":null,"a":[]}', json.encode(json.ordered { { "b", json.null }, { "x" }, { "a", json.array() } }))
  end)

  it("refuses what is no list of pairs, at the caller's line", function()
    assert.equal("bad argument 'pairs' to 'ordered' (list of pairs expected, got nil)", raised(json.ordered))
    assert.equal("bad argument 'pairs' to 'ordered' (list of pairs expected, got string)", raised(lualogue.ordered, "x"))
    local no_pair = "bad argument 'pairs' to 'ordered' ([%d] is no pair { key, value } with a string for its key)"
    assert.equal(no_pair:format(1), raised(json.ordered, { a = 1 }))
    assert.equal(no_pair:format(2), raised(json.ordered, { { "a", 1 }, "b" }))
    assert.equal(no_pair:format(1), raised(json.ordered, { { true, 1 } }))
    assert.equal(no_pair:format(1), raised(json.ordered, { { 0 / 0, 1 } }))
    assert.equal("bad argument 'pairs' to 'ordered' (the key \"a\" comes twice)",
      raised(json.ordered, pairs_of "a=1 a=2"))
  end)
end)

describe("a metatable's __jsonorder", function()
  it("names the keys that come first, as dkjson has it", function()
    local object = setmetatable({ a = 1, b = 2, c = 3, d = 4 }, { __jsonorder = { "c", "x", "b", "c" } })
    assert.equal('{"c":3,"b":2,"a":1,"d":4}', json.encode(object))
    assert.equal('{"o":{"c":3,"b":2,"a":1,"d":4}}', json.encode { o = object })
  end)

  it("is read raw, and nothing else of the metatable is", function()
    local trap = setmetatable({}, { __index = function() error "asked" end, __len = function() error "asked" end })
    assert.equal('{"a":1,"b":2}', json.encode(setmetatable({ b = 2, a = 1 }, { __jsonorder = trap, __index = trap })))
    assert.equal('{"a":1}', json.encode(setmetatable({ a = 1 }, { __jsonorder = "a" })))
    assert.equal('{"a":1}', json.encode(setmetatable({ a = 1 }, { __jsonorder = { true, {}, 0 / 0 } })))
  end)
end)

describe("json.raw", function()
  it("is sent as it stands", function()
    assert.equal('{"n":1.0,"o":{ "b": 1, "a": 2 }}',
      json.encode { o = json.raw '{ "b": 1, "a": 2 }', n = lualogue.raw "1.0" })
    assert.equal("[18446744073709551616,\"\\ud83d\",null]",
      json.encode { json.raw "18446744073709551616", json.raw '"\\ud83d"', json.raw "null" })
    assert.equal(" [1] ", json.encode(json.raw " [1] "))
    assert.equal('{"a":1}', tostring(json.raw '{"a":1}'))
  end)

  it("takes all of JSON", function()
    for _, text in ipairs { "0", "-0", "10", "-1.5e+10", "1E5", "0.10", "true", "false", "null", '""', '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00Af"',
      '"\127 \195\164 \240\159\152\128"', "[]", "{}", "[[],{}]", '{"":{"a":[1,{"b":null}]}}', "\t[ 1 ,\r\n2 ] ", '{ "a" : 1 , "b" : 2 }',
      ("["):rep(512) .. ("]"):rep(512) } do
      assert.equal(text, json.encode(json.raw(text)))
    end
  end)

  it("refuses everything else, and says where", function()
    for text, why in pairs {
      [""] = "it ends after 0 bytes", ["[1"] = "it ends after 2 bytes", ['{"a":'] = "it ends after 5 bytes",
      ['"a'] = "it ends after 2 bytes", ["tru"] = "it ends after 3 bytes", ["-"] = "it ends after 1 bytes",
      ["[1,]"] = "at byte 4 of 4", ["{} {}"] = "at byte 4 of 5", ["01"] = "at byte 2 of 2", ["+1"] = "at byte 1 of 2",
      ["1."] = "it ends after 2 bytes", [".5"] = "at byte 1 of 2", ["NaN"] = "at byte 1 of 3", ["'a'"] = "at byte 1 of 3",
      ["{a:1}"] = "at byte 2 of 5", ['{"a"}'] = "at byte 5 of 5", ['{"a":1,}'] = "at byte 8 of 8", ["[1}"] = "at byte 3 of 3",
      ['"\\x"'] = "at byte 3 of 4", ['"\\u12g4"'] = "at byte 6 of 8", ['"\n"'] = "at byte 2 of 3", ['"\255"'] = "at byte 2 of 3",
      ["1\0"] = "at byte 2 of 2", ['"\0"'] = "at byte 2 of 3", ['"\\\0"'] = "at byte 3 of 4", ["\239\187\1911"] = "at byte 1 of 4",
      [("["):rep(513) .. ("]"):rep(513)] = "at byte 513 of 1026",
    } do
      local message = raised(json.raw, text)
      assert.equal("bad argument 'text' to 'raw' (it is not JSON", message:sub(1, 44))
      assert.matches(why .. ")", message, 1, true)
    end
    assert.equal("bad argument 'text' to 'raw' (string expected, got table)", raised(lualogue.raw, {}))
  end)
end)

describe("what a client adds to a request", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function body_of(params)
    local base_url = server:script(fixture.sse(fixture.words { "Hi" }))
    local client = lualogue.new { base_url = base_url, model = "mine", max_retries = 0 }
    assert(client:stream(params)):close()
    return server:requests(base_url)[1].body
  end

  it("stands where its name says", function()
    assert.equal('{"messages":[],"model":"mine","n":1,"stream":true,"user":"u"}',
      body_of { user = "u", n = 1, messages = {} })
    assert.equal('{"messages":[],"model":"own","stream":true}', body_of { messages = {}, model = "own", stream = true })
    assert.equal('{"messages":[],"model":null,"stream":true}', body_of(json.array { messages = {}, model = json.null }))
  end)

  it("stands behind an order of the caller's, and is there once", function()
    assert.equal('{"user":"u","messages":[],"a":1,"model":"mine","stream":true}',
      body_of(setmetatable({ a = 1, messages = {}, user = "u" }, { __jsonorder = { "user", "messages" } })))
    assert.equal('{"stream":true,"model":"own","messages":[]}',
      body_of(json.ordered { { "stream", true }, { "model", "own" }, { "messages", {} } }))
  end)
end)

describe("a large request", function()
  -- Written down once, so that every Lua is held against the same bytes. No number in it has more
  -- digits than a float.
  local EXPECTED = "spec/fixtures/request.json"
  local CODE = [[
    local json = require "lualogue.json"
    local seed = 11
    local function random(n) seed = (seed * 16807) % 2147483647 return seed % n + 1 end
    local function word()
      local bytes = {}
      for i = 1, random(9) do bytes[i] = string.char(96 + random(26)) end
      return table.concat(bytes) .. (random(9) == 1 and "\195\164\n\"" or "")
    end
    local function value(depth)
      local kind = random(depth > 5 and 4 or 6)
      if kind == 1 then return random(2) == 1 end
      if kind == 2 then return random(2 ^ 30) - 2 ^ 29 end
      if kind == 3 then return random(2 ^ 30) / 2 ^ random(60) end
      if kind == 4 then return word() end
      local list = {}
      for i = 1, random(12) do list[kind == 5 and i or word()] = value(depth + 1) end
      return list
    end
    local params = { model = "m", seed = 9007199254740991, temperature = 0.7, logit_bias = { [50256] = -100, [11] = 1.0 }, messages = {}, tools = {} }
    for i = 1, 20 do params.messages[i] = { role = i % 2 == 0 and "assistant" or "user", content = word() .. " " .. word() } end
    for i = 1, 10 do params.tools[i] = { type = "function", ["function"] = { name = word(), parameters = value(3) } } end
    params.metadata = value(0)
    for i = 1, 16 do params[word() .. i] = value(1) end
    io.write(json.encode(params))
  ]]

  it("is the same bytes in ten processes, on every Lua", function()
    local expected = sources.read(EXPECTED)
    assert.is_true(#expected > 20000)
    for _ = 1, 10 do
      local output, code = program.lua(CODE)
      assert.equal(0, code, output)
      assert.is_true(output == expected, "other bytes than in " .. EXPECTED)
    end
  end)
end)
