local json = require "lualogue.json"
local core = require "lualogue.core"

local null = json.null
local interpreter = os.getenv("LLG_INTERPRETER") or "lua5.4"
local has_integers = math.type ~= nil

--- Run a chunk in an interpreter of its own; what it printed, and its exit in the last line.
local function run(chunk, environment)
  local quoted = "'" .. chunk:gsub("'", "'\\''") .. "'"
  local command = ("%s %s -e %s 2>&1; echo \"exit $?\""):format(
    environment or "", interpreter, quoted)
  local pipe = assert(io.popen(command))
  local output = pipe:read "*a"
  pipe:close()
  return output
end

--- Numbers that are the same in every run and leave math.random alone.
local function generator(seed)
  return function(n)
    seed = (seed * 16807) % 2147483647
    return seed % n + 1
  end
end

--- The message without the position, which must be a line of this file.
local function raised(...)
  local ok, message = pcall(json.encode, ...)
  assert.is_false(ok)
  return (assert(message:match "^spec/json_spec%.lua:%d+: (.*)", message))
end

local function refused(text)
  local value, err = json.decode(text)
  assert.is_nil(value)
  return err.kind, err.message
end

describe("json.encode", function()
  it("writes plain values", function()
    assert.equal("true", json.encode(true))
    assert.equal("false", json.encode(false))
    assert.equal("null", json.encode(null))
    assert.equal('"text"', json.encode "text")
    assert.equal('""', json.encode "")
    assert.equal('[1,2.5,"three",[true],{"a":null}]',
      json.encode { 1, 2.5, "three", { true }, { a = null } })
    assert.equal('{"":1,"A":2,"a":3,"aa":4,"ab":5,"b":6,"\195\164":7}',
      json.encode { b = 6, ["\195\164"] = 7, aa = 4, a = 3, A = 2, [""] = 1, ab = 5 })
  end)

  it("writes the fields of an object, each once", function()
    local value = { model = "m", stream = true, n = 2, stop = { "a", "b" } }
    local back = assert(json.decode(json.encode(value)))
    assert.same(value, back)
  end)

  it("writes a list in order, however it was filled", function()
    local list = {}
    for i = 40, 1, -1 do list[i] = i end
    local expected = {}
    for i = 1, 40 do expected[i] = tostring(i) end
    assert.equal("[" .. table.concat(expected, ",") .. "]", json.encode(list))
  end)

  it("refuses a value that is missing", function()
    assert.matches("bad argument 'value' to 'encode'", raised(nil))
    assert.matches("bad argument 'value' to 'encode'", raised())
  end)

  it("escapes what JSON demands and nothing else", function()
    assert.equal([["\"\\\b\f\n\r\t\u0000\u0001\u001f"]], json.encode '"\\\b\f\n\r\t\0\1\31')
    assert.equal('"/ \127 \226\128\168 \195\164 \240\159\152\128"',
      json.encode "/ \127 \226\128\168 \195\164 \240\159\152\128")
    for length = 1, 20 do -- at every place of a machine word
      for at = 1, length do
        local before, after = ("x"):rep(at - 1), ("y"):rep(length - at)
        assert.equal('"' .. before .. '\\"' .. after .. '"', json.encode(before .. '"' .. after))
        assert.equal('"' .. before .. "\\u0002" .. after .. '"',
          json.encode(before .. "\2" .. after))
        assert.equal('"' .. before .. "\\\\" .. after .. '"', json.encode(before .. "\\" .. after))
      end
    end
  end)

  it("refuses a string that is not UTF-8 and says at which byte", function()
    local bad = {
      "\128", "\191", "\255", "\254", -- no lead byte
      "\192\128", "\193\191", "\224\159\191", "\240\143\191\191", -- overlong
      "\237\160\128", "\237\191\191", -- surrogates
      "\244\144\128\128", "\245\128\128\128", -- beyond U+10FFFF
      "\195", "\226\130", "\240\159\152", "\226\130x", "\195\195\164", -- cut off
    }
    for _, bytes in ipairs(bad) do
      for _, before in ipairs { "", "abc", "abcdefghijk", "\195\164\226\130\172" } do
        for _, after in ipairs { "", "x", "0123456789" } do
          assert.equal(("text: a string is not UTF-8 (at byte %d)"):format(#before + 1),
            raised { text = before .. bytes .. after })
        end
      end
    end
    assert.equal("a key is not UTF-8 (at byte 2)", raised { ["k\255"] = 1 })
  end)

  it("accepts every boundary of UTF-8", function()
    for _, character in ipairs { "\194\128", "\223\191", "\224\160\128", "\237\159\191",
      "\238\128\128", "\239\191\191", "\240\144\128\128", "\244\143\191\191" } do
      assert.equal('"' .. character .. '"', json.encode(character))
    end
  end)

  it("refuses what has no JSON, with its path", function()
    local coroutine_of = coroutine.create(function() end)
    assert.equal("messages[2].content: a function cannot be sent as JSON",
      raised { messages = { { content = "" }, { content = print } } })
    assert.equal("a[1]: a thread cannot be sent as JSON", raised { a = { coroutine_of } })
    assert.equal("file: a userdata cannot be sent as JSON", raised { file = io.stdout })
    assert.equal("a function cannot be sent as JSON", raised(print))
    assert.equal('["odd key"][1]["?"]: NaN cannot be sent as JSON',
      raised { ["odd key"] = { { ["\n"] = 0 / 0 } } })
    assert.equal("x: an infinite number cannot be sent as JSON", raised { x = 1 / 0 })
    assert.equal("x: an infinite number cannot be sent as JSON", raised { x = -1 / 0 })
  end)

  it("refuses a list with a hole", function()
    assert.equal("messages: a list with a hole: [2] is nil, [3] is not",
      raised { messages = { 1, nil, 3 } })
    assert.equal("a list with a hole: [1] is nil, [2] is not", raised { [2] = true })
  end)

  it("refuses a table that is both a list and an object", function()
    assert.equal("tools: a list cannot have the key name", raised { tools = { 1, name = 2 } })
    assert.equal("a list cannot have the key [1.5]", raised { 1, [1.5] = 2 })
    assert.equal("a list cannot have the key [0]", raised { [0] = 1 })
    assert.equal("a list cannot have the key [-1]", raised { 1, [-1] = 2 })
    assert.equal("an object cannot have the key (a boolean): keys are strings",
      raised { [true] = 1 })
    assert.equal("x: an object cannot have the key (a boolean): keys are strings",
      raised { x = { a = 1, [false] = 2 } })
  end)

  it("refuses a table inside itself, and only that", function()
    local loop = {}
    loop.x = { y = { loop } }
    assert.equal("x.y[1]: a table that contains itself", raised(loop))
    local shared = { 1 }
    assert.equal("[[1],[1],[[1]]]", json.encode { shared, shared, { shared } })
  end)

  it("ends at a depth of 512", function()
    local function nested(depth)
      local value = 7
      for _ = 1, depth do value = { value } end
      return value
    end
    assert.equal(("["):rep(512) .. "7" .. ("]"):rep(512), json.encode(nested(512)))
    assert.matches("^%[1%]%[1%].*: tables nested more than 512 levels deep$", raised(nested(513)))
  end)

  it("ends at 512 MiB, before it takes the memory", function()
    local big = ("\1"):rep(90 * 1024 * 1024) -- six times as long when escaped
    assert.equal("x: the JSON is larger than 536870912 bytes", raised { x = big })
  end)

  it("shortens a path that is very long", function()
    local value = { [("k"):rep(200)] = print }
    for _ = 1, 100 do value = { inner = value } end
    local message = raised(value)
    assert.matches("^inner%.inner%..*%.%.%.: a function cannot be sent as JSON$", message)
    assert.is_true(#message < 400)
  end)

  it("does not ask metamethods", function()
    local trap = function() error "asked" end
    local mt = { __pairs = trap, __index = trap, __len = trap, __ipairs = trap, __newindex = trap }
    assert.equal('{"a":1}', json.encode(setmetatable({ a = 1 }, mt)))
    assert.equal("[1,2]", json.encode(setmetatable({ 1, 2 }, mt)))
  end)

  it("leaves the value as it was", function()
    local value = { list = { 1, { 2 } }, tools = {} }
    json.encode(value)
    pcall(json.encode, { value, print })
    assert.same({ list = { 1, { 2 } }, tools = {} }, value)
  end)
end)

describe("json.encode of a number", function()
  it("writes integers with all their digits", function()
    assert.equal("0", json.encode(0))
    assert.equal("-7", json.encode(-7))
    assert.equal("9007199254740992", json.encode(2 ^ 53))
    assert.equal("-9223372036854775808", json.encode(-2 ^ 63))
    if has_integers then
      assert.equal("9223372036854775807", json.encode(math.maxinteger))
      assert.equal("-9223372036854775808", json.encode(math.mininteger))
      assert.equal('{"seed":123456789012345678}', json.encode { seed = 123456789012345678 })
    end
  end)

  if jit then
    it("writes 64-bit integers of LuaJIT", function()
      local chunk = assert(loadstring "return 9223372036854775807LL, -5LL, 18446744073709551615ULL")
      assert.equal("[9223372036854775807,-5,18446744073709551615]", json.encode { chunk() })
      assert.equal("[1]: a cdata cannot be sent as JSON", raised { require("ffi").new "int[2]" })
    end)
  end

  it("writes whole floats without a point or an exponent", function()
    assert.equal("[5,1000000000000000,-3]", json.encode { 10 / 2, 1e15, -3.0 })
    assert.equal("0", json.encode(-0.0))
  end)

  it("writes the fewest digits that read back equal", function()
    for number, text in pairs { [0.1] = "0.1", [0.7] = "0.7", [1e-7] = "1e-07", [2.5] = "2.5",
      [0.1 + 0.2] = "0.30000000000000004", [1 / 3] = "0.3333333333333333",
      [1e300] = "1e+300", [1.7976931348623157e308] = "1.7976931348623157e+308" } do
      assert.equal(text, json.encode(number))
    end
  end)

  it("loses nothing of any double", function()
    local next_number = generator(20)
    for _ = 1, 3000 do
      local number = (next_number(2 ^ 30) / next_number(2 ^ 30)) * 10 ^ (next_number(600) - 300)
      local back = assert(json.decode(json.encode { number, -number }))
      assert.equal(number, back[1])
      assert.equal(-number, back[2])
    end
  end)
end)

describe("json.encode of an empty table", function()
  it("goes by what the API has under its key", function()
    for _, key in ipairs { "tools", "messages", "summary", "annotations", "stop", "input",
      "include", "modalities", "content", "tool_calls", "file_ids", "required", "enum" } do
      assert.equal(('{"%s":[]}'):format(key), json.encode { [key] = {} })
    end
    for _, key in ipairs { "parameters", "properties", "metadata", "logit_bias",
      "response_format", "stream_options", "filters", "tool_choice", "tool", "toolsX", "", "anything" } do
      assert.equal(('{"%s":{}}'):format(key), json.encode { [key] = {} })
    end
    assert.equal("{}", json.encode {})
    assert.equal('{"messages":[{}]}', json.encode { messages = { {} } })
  end)

  it("knows the lists of JSON schema, and that other names in it are the user's", function()
    local schema = { properties = { tools = {}, required = {} } }
    local text = json.encode { parameters = schema }
    assert.matches('"tools":{}', text, 1, true)
    assert.matches('"required":{}', text, 1, true)
    assert.equal('{"parameters":{"required":[]}}', json.encode { parameters = { required = {} } })
    assert.equal('{"parameters":{"items":{}}}', json.encode { parameters = { items = {} } })
    assert.equal('{"items":[]}', json.encode { items = {} })
  end)

  it("obeys json.array and json.object", function()
    assert.equal("[]", json.encode(json.array()))
    assert.equal('{"metadata":[]}', json.encode { metadata = json.array {} })
    assert.equal('{"tools":{}}', json.encode { tools = json.object {} })
    local list = { 1, 2 }
    assert.equal(list, json.array(list))
    assert.equal("[1,2]", json.encode(list))
    assert.equal(list, json.object(list)) -- a mark may change
    assert.equal('{"1":1,"2":2}', json.encode(list))
    assert.equal("x: a list cannot have the key a", raised { x = json.array { a = 1 } })
  end)

  it("does not replace a metatable that is not its own", function()
    local mt = {}
    local object = setmetatable({}, mt)
    assert.has_error(function() json.array(object) end)
    assert.has_error(function() json.object(object) end)
    assert.equal(mt, getmetatable(object))
    local ok, message = pcall(json.array, 5)
    assert.is_false(ok)
    assert.matches("json_spec.lua:%d+: bad argument 'value' to 'array' %(table expected", message)
  end)
end)

describe("json.encode of what other libraries mark", function()
  local cjson = require "cjson"

  it("takes the nulls of lua-cjson for its own", function()
    assert.equal(null, cjson.null)
    assert.equal("[null]", json.encode { cjson.null })
  end)

  it("knows array_mt, empty_array_mt and empty_array", function()
    -- Stock lua-cjson 2.1.0 has none of them: lend it some.
    local saved = { cjson.array_mt, cjson.empty_array_mt }
    cjson.array_mt, cjson.empty_array_mt = saved[1] or {}, saved[2] or {}
    local results = {
      json.encode { x = setmetatable({}, cjson.array_mt) },
      json.encode { x = setmetatable({ 1 }, cjson.array_mt) },
      json.encode { x = setmetatable({}, cjson.empty_array_mt) },
      json.encode { x = setmetatable({ a = 1 }, cjson.empty_array_mt) },
      json.encode { x = json.object(setmetatable({}, cjson.array_mt)) }, -- one mark for another
    }
    cjson.array_mt, cjson.empty_array_mt = saved[1], saved[2]
    assert.same({ '{"x":[]}', '{"x":[1]}', '{"x":[]}', '{"x":{"a":1}}', '{"x":{}}' }, results)
  end)

  it("knows vim.NIL and vim.empty_dict", function()
    local saved = rawget(_G, "vim")
    local mt = {}
    rawset(_G, "vim", { NIL = io.stdout, _empty_dict_mt = mt })
    local dict = setmetatable({}, mt)
    local ok, text = pcall(json.encode, { io.stdout, dict, { tools = dict } })
    rawset(_G, "vim", saved)
    assert.is_true(ok, text)
    assert.equal('[null,{},{"tools":{}}]', text)
    assert.equal("[1]: a userdata cannot be sent as JSON", raised { io.stdout })
  end)
end)

describe("json.encode of a vector", function()
  it("writes a list of numbers that are the same floats when read back", function()
    assert.equal("[0.1,2,-0.5,16777216]", json.encode(core.vector { 0.1, 2, -0.5, 16777217 }))
    local next_number = generator(3)
    local numbers = {}
    for i = 1, 500 do numbers[i] = (next_number(2 ^ 30) / 2 ^ 29 - 1) / next_number(1000) end
    local vector = core.vector(numbers)
    local text = json.encode { input = vector }
    local back = core.vector(assert(json.decode(text)).input)
    for i = 1, 500 do assert.equal(vector[i], back[i]) end
    assert.is_true(#text < 500 * 17)
  end)

  it("names the element that is not a number of JSON", function()
    assert.equal("input[2]: NaN cannot be sent as JSON",
      raised { input = core.vector { 1, 0 / 0 } })
  end)
end)

describe("json.encode of an assistant's message", function()
  local call = { id = "call_1", type = "function" }

  local function sent(message)
    return json.encode({ messages = { message } }):match '^{"messages":%[(.*)%]}$'
  end

  it("has content: null where there is none, as the API insists on it", function()
    assert.equal('{"content":null,"role":"assistant"}', sent { role = "assistant" })
    assert.equal('{"audio":{"id":"a"},"content":null,"role":"assistant"}',
      sent { role = "assistant", audio = { id = "a" } })
    assert.equal('{"content":null,"role":"assistant","tool_calls":[{"id":"call_1","type":"function"}]}',
      sent { role = "assistant", tool_calls = { call } })
    assert.equal('{"content":null,"role":"assistant"}', sent { role = "assistant", content = null })
    assert.equal('{"content":"","role":"assistant"}', sent { role = "assistant", content = "" })
    local order = { __jsonorder = { "role" } }
    assert.equal('{"role":"assistant","a":1,"content":null}',
      sent(setmetatable({ role = "assistant", a = 1 }, order)))
  end)

  it("has no empty tool_calls, which the API refuses", function()
    for _, empty in ipairs { {}, json.array {}, json.object {} } do
      assert.equal('{"content":"Hi","role":"assistant"}',
        sent { role = "assistant", content = "Hi", tool_calls = empty })
    end
    assert.equal('{"content":null,"role":"assistant"}', sent { tool_calls = {}, role = "assistant" })
  end)

  it("has its other empty lists, as they came", function()
    local text = '{"annotations":[],"citations":[],"content":"Hi","content_filter_raw":[],'
      .. '"reasoning_details":[],"role":"assistant"}'
    assert.equal(text, sent(assert(json.decode(text))))
  end)

  it("has arguments as text, also where a server sent them as an object", function()
    local text = '{"content":null,"function_call":{"arguments":%s,"name":"f"},"role":"assistant",'
      .. '"tool_calls":[{"function":{"arguments":%s,"name":"f"}},{"custom":{"input":%s}}]}'
    local object = [[{"a":"quote \" back \\ line \n bell \u0007 \u00e4","b":[1,{}],"n":null}]]
    local quoted = [["{\"a\":\"quote \\\" back \\\\ line \\n bell \\u0007 ä\",\"b\":[1,{}]}"]]
    local message = assert(json.decode((text:gsub("%%s", function() return object end))))
    local expected = text:gsub("%%s", function() return quoted end)
    assert.equal(expected, sent(message))
    assert.equal(expected, sent(assert(json.decode(sent(message)))))
    local none = { role = "assistant", content = "", tool_calls = { { ["function"] = { arguments = {} } } } }
    assert.equal('{"content":"","role":"assistant","tool_calls":[{"function":{"arguments":"{}"}}]}', sent(none))
  end)

  it("is one only where a message stands, and only an assistant's", function()
    for _, value in ipairs {
      { role = "assistant", tool_calls = { call } }, -- not in a list of messages
      { messages = { { role = "user", tool_calls = { call } } } },
      { messages = { role = "assistant", tool_calls = { call } } },
      { examples = { { role = "assistant" } } },
      { parameters = { examples = { { messages = { { role = "assistant" } } } } } },
    } do
      assert.is_nil(json.encode(value):find("null", 1, true))
    end
    assert.equal('{"messages":[{"role":"user","tool_calls":[]}]}',
      json.encode { messages = { { role = "user", tool_calls = {} } } })
    assert.equal('{"tools":[{"function":{"arguments":{"a":1}}}]}',
      json.encode { tools = { { ["function"] = { arguments = { a = 1 } } } } })
  end)

  it("is left as it was", function()
    local message = { role = "assistant", tool_calls = {} }
    sent(message)
    assert.same({ role = "assistant", tool_calls = {} }, message)
  end)
end)

describe("json.decode", function()
  it("returns values as Lua has them", function()
    local value = assert(json.decode
      '{"a":1,"b":[true,false],"c":{"d":"\\u00e4\\n"},"e":2.5,"f":[],"g":-0.5e2}')
    assert.same(
      { a = 1, b = { true, false }, c = { d = "\195\164\n" }, e = 2.5, f = {}, g = -50 }, value)
  end)

  it("leaves out fields that are null and keeps places in lists", function()
    local value = assert(json.decode '{"a":null,"b":[null,1,null],"c":{"d":null},"e":[{"f":null}]}')
    assert.is_nil(value.a)
    assert.same({ null, 1, null }, value.b)
    assert.is_nil(next(value.c))
    assert.is_nil(next(value.e[1]))
  end)

  it("returns false and null at the top as values", function()
    assert.equal(false, (json.decode "false"))
    assert.equal(null, (json.decode "null"))
    assert.equal("x", (json.decode '"x"'))
  end)

  it("has integers for whole numbers", function()
    local value = assert(json.decode '{"n":12,"list":[1.0,1e3,-9007199254740991,2.5,1e300]}')
    assert.equal(12, value.n)
    assert.same({ 1, 1000, -9007199254740991, 2.5, 1e300 }, value.list)
    if not has_integers then return end
    assert.equal("integer", math.type(value.n))
    assert.equal("integer", math.type((json.decode "7")))
    local types = {}
    for i, number in ipairs(value.list) do types[i] = math.type(number) end
    assert.same({ "integer", "integer", "integer", "float", "float" }, types)
  end)

  it("makes one U+FFFD of half a surrogate pair", function()
    local function text(escaped) return assert(json.decode('{"t":"' .. escaped .. '"}')).t end
    assert.equal("\239\191\189", text [[\ud83d]])
    assert.equal("\239\191\189", text [[\uDE00]])
    assert.equal("a\239\191\189\n", text [[a\ud83d\n]])
    assert.equal("\239\191\189\239\191\189", text [[\ud83d\ud83d]])
    assert.equal("\239\191\189\240\159\152\128", text [[\ud83d\ud83d\ude00]])
    assert.equal("\240\159\152\128\239\191\189", text [[\ud83d\ude00\ude00]])
    assert.equal([[\ud83d]] .. "\239\191\189", text [[\\ud83d\ud83d]])
    assert.equal("\240\159\152\128", text [[\ud83d\ude00]])
  end)

  it("refuses what is not JSON and says where", function()
    for text, message in pairs {
      [""] = "invalid JSON: it ends after 0 bytes, expected value",
      ['{"a":'] = "invalid JSON: it ends after 5 bytes, expected value",
      ["[1,2"] = "invalid JSON: it ends after 4 bytes, expected comma or array end",
      ['{"a":"b'] = "invalid JSON: it ends after 7 bytes, expected value",
      ["[1,]"] = "invalid JSON at byte 4 of 4: expected value, found ']'",
      ['{"a":1}x'] = "invalid JSON at byte 8 of 8: expected the end, found invalid token",
      ["{} {}"] = "invalid JSON at byte 4 of 5: expected the end, found '{'",
      ["[nane]"] = "invalid JSON at byte 2 of 6: expected value, found invalid token",
      ["0x10"] = "invalid JSON at byte 1 of 4: expected value, found invalid number",
      ["[1]\0"] = "invalid JSON at byte 4 of 4: a NUL",
    } do
      local kind, got = refused(text)
      assert.equal("decode", kind)
      assert.equal(message, got)
    end
    for _, text in ipairs { "NaNs", "+Infinity", "--inf", "[2nan]", "{nan:1}", "+1", "01", "tru", "'a'",
      '{"a"}', "{1:2}", '"\\x"', '"\\u12"', '"open', "<html>", "data: {}", "\0",
      "\239\187\191{}" } do
      assert.equal("decode", (refused(text)))
    end
  end)

  it("quotes nothing of the text in an error", function()
    for _, text in ipairs { '{"key":"sk-secret"', '{"key":sk-secret}', '"sk-secret\\q"',
      "sk-secret" } do
      local _, err = json.decode(text)
      assert.is_nil(tostring(err):find("secret", 1, true))
      assert.is_nil(tostring(err):find("sk", 1, true))
    end
  end)

  it("ends at a depth of 512", function()
    local value = assert(json.decode(("["):rep(512) .. ("]"):rep(512)))
    for _ = 1, 511 do value = value[1] end
    assert.same({}, value)
    assert.equal("limit", (refused(("["):rep(513) .. ("]"):rep(513))))
    assert.equal("limit", (refused(('{"a":'):rep(100000))))
    -- Brackets in a string are no nesting.
    assert.equal("decode", (refused('["' .. ("["):rep(600) .. '\\"", x]')))
  end)

  it("refuses an argument that is no string", function()
    for _, value in ipairs { 5, true, {} } do
      local ok, message = pcall(json.decode, value)
      assert.is_false(ok)
      assert.matches("json_spec.lua:%d+: bad argument 'text' to 'decode' %(string expected", message)
    end
  end)

  it("gives back what was encoded", function()
    local next_number = generator(7)
    local function random_value(depth)
      local kind = next_number(depth > 4 and 4 or 6)
      if kind == 1 then return next_number(2) == 1 end
      if kind == 2 then return next_number(1e6) - 5e5 end
      if kind == 3 then return next_number(2 ^ 30) / 3 ^ next_number(40) end
      if kind == 4 then
        local bytes = {}
        for i = 1, next_number(30) do bytes[i] = string.char(next_number(128) - 1) end
        return table.concat(bytes)
      end
      local value = {}
      for i = 1, next_number(6) do
        value[kind == 5 and i or ("key" .. next_number(50))] = random_value(depth + 1)
      end
      return value
    end
    for _ = 1, 400 do
      local value = { random_value(0) }
      assert.same(value, (json.decode(json.encode(value))))
    end
  end)
end)

describe("the JSON library", function()
  local linked = json.library() == "linked"

  it("is named", function()
    assert.is_true(linked or json.library() == "cjson")
    assert.equal(json.library(), core.features().json)
  end)

  it("leaves the options of other people's lua-cjson alone", function()
    local output = run [[
      local cjson = require "cjson"
      cjson.decode_max_depth(3)
      cjson.decode_invalid_numbers(true)
      local json = require "lualogue.json"
      assert(json.decode(("["):rep(5) .. ("]"):rep(5)))
      assert(json.decode "[nan]"[1] == json.null)
      assert(not pcall(cjson.decode, ("["):rep(5) .. ("]"):rep(5)))
      assert(cjson.decode_max_depth() == 3 and cjson.decode_invalid_numbers() == true)
      assert(cjson.decode "[null]"[1] == cjson.null)
    ]]
    assert.equal("exit 0\n", output)
  end)

  it("writes no globals", function()
    local output = run [[
      local before = {}
      for name in pairs(_G) do before[name] = true end
      local json = require "lualogue.json"
      json.encode { assert(json.decode "[1]") }
      for name in pairs(_G) do if not before[name] then print("global", name) end end
    ]]
    assert.equal("exit 0\n", output)
  end)

  it("is not loaded before the first decode", function()
    if linked then return pending "lua-cjson is linked into this module" end
    assert.equal("exit 0\n", run [[
      local json = require "lualogue.json"
      json.encode { 1 }
      assert(not package.loaded.cjson)
      json.decode "1"
      assert(package.loaded.cjson)
    ]])
  end)

  it("keeps the marks of an lua-cjson that marks arrays", function()
    if linked then return pending "lua-cjson is linked into this module" end
    assert.equal("true\tfalse\nexit 0\n", run [[
      local real = require "cjson"
      local mt = {}
      package.loaded.cjson = {
        array_mt = mt,
        new = function()
          local own, marks = real.new(), false
          local decode = own.decode
          own.decode_array_with_array_mt = function(on) marks = on end
          own.decode = function(text)
            local value = decode(text)
            if marks and value.list then setmetatable(value.list, mt) end
            return value
          end
          return own
        end,
      }
      local json = require "lualogue.json"
      local value = assert(json.decode '{"list":[],"other":{}}')
      assert(json.encode(value.list) == "[]")
      print(getmetatable(value.list) == mt, getmetatable(value.other) == mt)
    ]])
  end)

  it("is vim.json where lua-cjson is missing", function()
    if linked then return pending "lua-cjson is linked into this module" end
    assert.equal("vim.json\t1\ttrue\tnil\ttrue\tdecode\nexit 0\n", run [[
      local real = require "cjson"
      package.loaded.cjson = nil
      package.preload.cjson = function() error "not here" end
      local NIL = io.stdout
      local function mark(value) -- Neovim's null is a full userdata
        for k, v in pairs(value) do
          if v == real.null then value[k] = NIL elseif type(v) == "table" then mark(v) end
        end
        return value
      end
      local function decode(text) return mark({ real.decode(text) })[1] end
      vim = { NIL = NIL, json = { decode = decode } }
      local json = require "lualogue.json"
      local value = assert(json.decode '{"n":1,"list":[null],"gone":null}')
      local _, err = json.decode "[1,"
      print(json.library(), value.n, value.list[1] == json.null, value.gone,
        json.decode "null" == json.null, err.kind)
    ]])
  end)

  it("is asked for by name where there is none", function()
    if linked then return pending "lua-cjson is linked into this module" end
    local output = run [[
      package.preload.cjson = function() error "not here" end
      local json = require "lualogue.json"
      local value, err = json.decode "{}"
      print(value, err.kind, err.message)
      print(json.library())
      print(json.encode { 1 })
    ]]
    assert.matches("^nil\tdecode\tnothing here reads JSON: install lua%-cjson for Lua 5%.%d", output)
    assert.matches("\n%[1%]\nexit 0\n$", output)
  end)
end)

describe("JSON in a locale with a decimal comma", function()
  local folder

  setup(function()
    folder = os.tmpname()
    os.remove(folder)
    local made = os.execute(("mkdir -p '%s' && localedef -i de_DE -f UTF-8 '%s/de_DE.UTF-8' "
      .. ">/dev/null 2>&1"):format(folder, folder))
    if not (made == true or made == 0) then
      os.execute(("rm -rf '%s'"):format(folder))
      folder = nil
    end
  end)

  teardown(function()
    if folder then os.execute(("rm -rf '%s'"):format(folder)) end
  end)

  it("has a point, both ways, whenever the locale changes", function()
    if not folder then return pending "no German locale can be made here (Debian: locales)" end
    local output = run([[
      local core, json = require "lualogue.core", require "lualogue.json"
      local half, vector = 0.5, core.vector { 0.25 }
      local function check(point)
        assert(jit or tostring(half) == "0" .. point .. "5") -- LuaJIT prints in its own way
        assert(json.encode { half, 1e-7, 0.1 + 0.2 } == "[0.5,1e-07,0.30000000000000004]")
        assert(json.encode(vector) == "[0.25]")
        local value = assert(json.decode "[1,5]")
        assert(#value == 2 and value[1] == 1 and value[2] == 5)
        value = assert(json.decode "[1.5,-2.25e1]")
        assert(#value == 2 and value[1] == 3 * half and value[2] == -45 * half)
        assert(not json.decode "[0,5")
      end
      check "."
      assert(os.setlocale "de_DE.UTF-8")
      check ","
      assert(os.setlocale "C")
      check "."
      assert(os.setlocale "de_DE.UTF-8" and os.setlocale() ~= "C")
      check ","
    ]], ("LC_ALL= LOCPATH='%s'"):format(folder))
    assert.equal("exit 0\n", output)
  end)
end)
