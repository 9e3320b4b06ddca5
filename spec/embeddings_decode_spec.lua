-- From the body of an embeddings reply to vectors, in whichever form they came.

local core = require "lualogue.core"

local decode = core.decode_embeddings

-- 1, -2.5, 0.5 as little-endian float32
local BASE64, LIST = "AACAPwAAIMAAAAA/", { 1, -2.5, 0.5 }
-- Sixteen of them are long enough for the scan that hops over strings.
local LONG, LONG_LIST = BASE64:rep(16), {}
for i = 1, 48 do LONG_LIST[i] = LIST[(i - 1) % 3 + 1] end
local LONG_TEXT = "[" .. table.concat(LONG_LIST, ", ") .. "]"

local function body_of(...)
  local items = {}
  for i, embedding in ipairs { ... } do
    items[i] = ('{"object":"embedding","index":%d,"embedding":%s}'):format(i - 1, embedding)
  end
  return ('{"object":"list","data":[%s],"model":"m","usage":{"prompt_tokens":8}}'):format(
    table.concat(items, ","))
end

local function quoted(text) return '"' .. text .. '"' end

local function decode_one(embedding) return assert(decode(body_of(embedding))).data[1].embedding end

describe("an embeddings reply", function()
  it("has vectors where base64 came", function()
    for text, list in pairs { [BASE64] = LIST, [LONG] = LONG_LIST, [""] = {} } do
      local v = decode_one(quoted(text))
      assert.equal("userdata", type(v))
      assert.same(list, v:totable())
    end
  end)

  it("has vectors where lists came", function()
    assert.same(LIST, decode_one("[1, -2.5, 5e-1]"):totable())
    assert.same({}, decode_one("[]"):totable())
    assert.same(LONG_LIST, decode_one(LONG_TEXT):totable())
    assert.is_true(decode_one("[1,-2.5,0.5]") == decode_one(quoted(BASE64)))
  end)

  it("has the same numbers whoever read them", function()
    local texts, seed = {}, 5
    for i = 1, 500 do
      seed = (seed * 16807) % 2147483647
      local x = (seed / 2147483647 - 0.5) * 10 ^ (i % 12 - 10)
      texts[i] = (i % 2 == 0 and "%.17g" or "%.8g"):format(x)
    end
    local text = "[" .. table.concat(texts, ",") .. "]"
    local list = assert(core.json.decode(text))
    assert.is_true(decode_one(text) == core.vector(list))
    -- a power of ten that sends the whole reply the other way
    assert.is_true(decode_one("[1e-60," .. text:sub(2))[500] == core.vector(list)[499])
  end)

  it("is otherwise the server's own", function()
    for _, embedding in ipairs { quoted(BASE64), quoted(LONG), "[1,2]", LONG_TEXT } do
      local reply = assert(decode(body_of(embedding, embedding)))
      assert.equal("list", reply.object)
      assert.equal(2, #reply.data)
      assert.equal("embedding", reply.data[2].object)
      assert.equal("1", tostring(reply.data[2].index))
      assert.equal("m", reply.model)
      assert.equal(8, reply.usage.prompt_tokens)
    end
  end)

  it("may mix both forms", function()
    for _, last in ipairs { "null", "[]" } do
      local body = body_of(quoted(LONG), "[1]", quoted(BASE64), LONG_TEXT, last)
      local data = assert(decode(body)).data
      assert.same(LONG_LIST, data[1].embedding:totable())
      assert.same({ 1 }, data[2].embedding:totable())
      assert.same(LIST, data[3].embedding:totable())
      assert.same(LONG_LIST, data[4].embedding:totable())
      assert.equal(last == "[]" and 0 or nil, data[5].embedding and #data[5].embedding)
      assert.equal(4, data[5].index)
    end
  end)

  it("takes base64 without padding, and escaped slashes", function()
    local list = decode_one(quoted("AACAPw")):totable()
    assert.same({ 1 }, list)
    assert.same(LONG_LIST, decode_one(quoted((LONG:gsub("/", "\\/")))):totable())
  end)

  it("keeps them apart and in order", function()
    local items, want = {}, {}
    for i = 1, 40 do
      local at = i % 16 * 16
      items[i] = quoted(LONG:sub(1, at) .. "AAAAAAAAAAAAAAAA" .. LONG:sub(at + 17))
      want[i] = at / 4 / 4 * 3 + 1
    end
    for i, item in ipairs(assert(decode(body_of((unpack or table.unpack)(items)))).data) do
      assert.equal(48, #item.embedding)
      assert.equal(0, item.embedding[want[i]])
    end
  end)

  it("come in the order of the input where their indexes are each of its positions, once", function()
    local function order_of(...)
      local items = {}
      for i, index in ipairs { ... } do items[i] = ('{"index":%s,"embedding":[%d]}'):format(index, i) end
      local got = {}
      for i, item in ipairs(assert(decode('{"data":[' .. table.concat(items, ",") .. "]}")).data) do got[i] = item.embedding[1] end
      return got
    end
    assert.same({ 2, 3, 1 }, order_of(2, 0, 1))
    assert.same({ 1, 3, 2 }, order_of(0, 2, 1))
    assert.same({ 1, 2, 3 }, order_of(0, 1, 2))
    -- No permutation: as they came.
    for _, indexes in ipairs { { 0, 0, 0 }, { 2, 1, 1 }, { 3, 0, 1 }, { 1, 2, 3 }, { 2, "null", 0 }, { 2, "0.5", 1 }, { 2, '"1"', 0 }, { -1, 1, 0 }, { 1e300, 1, 0 } } do
      assert.same({ 1, 2, 3 }, order_of((unpack or table.unpack)(indexes)))
    end
    local mixed = assert(decode '{"data":[{"index":1,"embedding":[1]},5]}').data
    assert.equal(5, mixed[2])
  end)

  it("finds them under a key that is spelt with an escape", function()
    local body = ('{"d\\u0061ta":[{"embed\\u0064ing":"%s"},{"embedding":"%s"}]}'):format(LONG, LONG)
    local data = assert(decode(body)).data
    assert.same(LONG_LIST, data[1].embedding:totable())
    assert.same(LONG_LIST, data[2].embedding:totable())
  end)

  it("leaves everything else alone", function()
    local text = 'the words \\"embedding\\":\\"' .. LONG .. '\\"'
    local item = '{"text":"%s","embedding":"%s","more":{"embedding":"%s"}}'
    item = item:format(text, LONG, LONG)
    local body = ('{"data":[%s],"embedding":"%s"}'):format(item, LONG)
    local reply = assert(decode(body))
    assert.equal((text:gsub("\\", "")), reply.data[1].text)
    assert.equal(48, #reply.data[1].embedding)
    assert.equal(LONG, reply.data[1].more.embedding)
    assert.equal(LONG, reply.embedding)
  end)

  it("need not be one", function()
    assert.same({ a = 1 }, decode('{"a":1}'))
    assert.same({ data = "x" }, decode('{"data":"x"}'))
    assert.same({ data = { 1, "x" } }, decode('{"data":[1,"x"]}'))
    assert.equal("x", decode('"x"'))
  end)
end)

describe("an embeddings reply that is wrong", function()
  local function refused(body, message)
    local reply, err = decode(body)
    assert.is_nil(reply)
    assert.equal("decode", err.kind)
    assert.equal(message, err.message)
  end

  it("names the item that is not base64", function()
    local good = quoted(LONG)
    refused(body_of(good, good, quoted(LONG .. "!===")), "data[3].embedding: not base64")
    refused(body_of(good, quoted(LONG .. "A")), "data[2].embedding: not base64")
    refused(body_of(good, quoted("A B=")), "data[2].embedding: not base64")
    refused(body_of(quoted(LONG .. "\\n" .. LONG)), "data[1].embedding: not base64")
    refused(body_of(quoted((LONG:gsub("/", "_")))), "data[1].embedding: not base64")
  end)

  it("names the item whose bytes are no floats", function()
    refused(body_of(quoted("AAAA")),
      "data[1].embedding: 3 bytes, which is no whole number of float32")
    refused(body_of(quoted(LONG), quoted(LONG .. "AAA=")),
      "data[2].embedding: 194 bytes, which is no whole number of float32")
  end)

  it("names the element that is no number", function()
    local why = ": no number that fits a float32"
    refused(body_of("[1]", '[1,"2"]'), "data[2].embedding[2]" .. why)
    refused(body_of("[1,null,2]"), "data[1].embedding[2]" .. why)
    refused(body_of("[[1,2]]"), "data[1].embedding[1]" .. why)
    refused(body_of("[1,2,3e38,4e38]"), "data[1].embedding[4]" .. why)
    refused(body_of(LONG_TEXT, (LONG_TEXT:gsub("]", ',"x"]'))), "data[2].embedding[49]" .. why)
    refused(body_of((LONG_TEXT:gsub("]", ",4e38]"))), "data[1].embedding[49]" .. why)
  end)

  it("names the item that is something else", function()
    refused(body_of("true"), "data[1].embedding: neither base64 nor a list of numbers")
    refused(body_of('{"a":1}'), "data[1].embedding: an object, not a list of numbers")
    -- Numbers stand for strings inside the decoder: a server's own must not pass for one.
    for _, number in ipairs { "0", "1", "-1", "0.5", "1e300" } do
      refused(body_of(number), "data[1].embedding: a number, not base64 or a list")
      refused(body_of(quoted(LONG), number), "data[2].embedding: a number, not base64 or a list")
      refused('{"data":[{"embedding":"' .. LONG .. '"},{"embed\\u0064ing":' .. number .. "}]}",
        "data[2].embedding: a number, not base64 or a list")
    end
  end)

  it("is invalid JSON as a whole, wherever it is cut", function()
    local body = body_of(quoted(LONG), quoted(BASE64), "[1,2]", LONG_TEXT)
    for n = 0, #body - 1, 7 do
      local reply, err = decode(body:sub(1, n))
      assert.is_nil(reply)
      assert.equal("decode", err.kind)
      assert.equal(core.json.decode(body:sub(1, n)), nil)
    end
  end)

  it("is not mended by what stands in for the numbers", function()
    for _, embedding in ipairs { quoted(LONG), LONG_TEXT } do
      for _, more in ipairs { "0", "1", "x1", ".5", "e1", '"', "[" } do
        local reply, err = decode(body_of(embedding, embedding .. more))
        assert.is_nil(reply)
        assert.equal("decode", err.kind)
      end
    end
  end)

  it("says the place in the body that came", function()
    local body = body_of(quoted(LONG), quoted(LONG)):gsub('"model"', "model")
    local _, err = decode(body)
    local _, plain = core.json.decode(body)
    assert.equal(plain.message, err.message)
  end)

  it("is not a string: that is the caller's mistake", function()
    local ok, message = pcall(decode, nil)
    assert.is_false(ok)
    assert.truthy(message:find(
      "bad argument 'body' to 'decode_embeddings' (string expected, got nil)", 1, true))
  end)
end)

-- Items that are alike but for their index are made as copies of the first one: as if each had been read.
describe("the items of an embeddings reply", function()
  local function reply_of(layout, n)
    local items = {}
    for i = 1, n do
      local item = type(layout) == "function" and layout(i, n) or layout
      items[i] = item:gsub("%$I", tostring(i - 1)):gsub("%$E", quoted(BASE64:rep(15 + i % 4)))
    end
    return '{"object":"list", "data" : [' .. table.concat(items, ",") .. '], "model":"m"}'
  end

  --- What reading everything gives.
  local function expected_of(body)
    local reply = assert(core.json.decode(body))
    for _, item in ipairs(reply.data) do
      if type(item) == "table" and type(item.embedding) == "string" then
        local text = item.embedding
        item.embedding = {}
        for i = 1, math.floor(#text / #BASE64) * 3 do item.embedding[i] = LIST[(i - 1) % 3 + 1] end
      end
    end
    return reply
  end

  local LAYOUTS = {
    first = '{"object":"embedding","index":$I,"embedding":$E}',
    last = '{"object":"embedding","embedding":$E,"index":$I}',
    spaced = ' { "object" : "embedding" , "index" : $I , "embedding" : $E } ',
    without = '{"embedding":$E}',
    null = '{"index":null,"embedding":$E,"object":null}',
    more = '{"a":"x{","b":-1.5e3,"embedding":$E,"index":$I,"c":true,"d":[],"e":{"f":[1,{}]}}',
    flat = '{"a":"x, }","b":-1.50,"embedding":$E,"index":$I,"c":true,"d":null}',
    same = '{"index":0,"embedding":$E}',
    backwards = function(i, n) return ('{"index":%d,"embedding":$E}'):format(n - i) end,
    padded = '{"index":0$I,"embedding":$E}',
    float = '{"index":$I.0,"embedding":$E}',
    large = '{"index":4294967296$I,"embedding":$E}',
    twice = '{"index":$I,"index":7,"embedding":$E}',
    both = '{"index":$I,"embedding":$E,"embedding":$E}',
    escaped = '{"ind\\u0065x":$I,"embedding":$E}',
    one_differs = function(i)
      return ('{"object":"%s","index":$I,"embedding":$E}'):format(i == 5 and "other" or "embedding")
    end,
    one_has_more = function(i)
      return ('{"index":$I,"embedding":$E%s}'):format(i == 6 and ',"note":1' or "")
    end,
    one_has_none = function(i) return i == 4 and '{"index":$I}' or '{"index":$I,"embedding":$E}' end,
    first_has_none = function(i) return i == 1 and '{"index":$I}' or '{"index":$I,"embedding":$E}' end,
    short = function(i) return ('{"index":$I,"embedding":%s}'):format(i == 3 and quoted(BASE64) or "$E") end,
    null_between = function(i) return i == 3 and "null" or '{"index":$I,"embedding":$E}' end,
  }

  for name, layout in pairs(LAYOUTS) do
    it("are what reading each gives: " .. name, function()
      for n = 1, 13 do
        local body = reply_of(layout, n)
        local ok, expected = pcall(expected_of, body)
        local reply, err = decode(body)
        assert.equal(ok, reply ~= nil, err and err.message)
        if ok then
          if name == "backwards" then
            table.sort(expected.data, function(a, b) return a.index < b.index end)
          end
          for _, item in ipairs(reply.data) do
            if type(item) == "table" and item.embedding then item.embedding = item.embedding:totable() end
          end
          assert.same(expected, reply)
        end
      end
    end)
  end

  it("do not stand for those of another list", function()
    local items = reply_of(LAYOUTS.first, 6):match "%[(.*)%]"
    for _, other in ipairs { "[]", "[1]", '[{"embedding":0}]', '[{"index":9,"embedding":"AACAPw=="}]', "{}", "null" } do
      local body = ('{"data":[%s],"data":%s}'):format(items, other)
      local reply, err = decode(body)
      local again, why = decode((body:gsub("^{", '{"x":{"y":[{"z":1}]},', 1)))
      local function count(r) return r and (type(r.data) == "table" and #r.data or "none") end
      assert.equal(count(again), count(reply))
      assert.equal(err and err.message, why and why.message)
      assert.is_true(count(reply) ~= 6, other)
    end
  end)

  it("are no valid JSON wherever they are cut, or something stands between them", function()
    local body = reply_of(LAYOUTS.last, 6)
    for n = 0, #body - 1, 7 do assert.is_nil((decode(body:sub(1, n)))) end
    for _, more in ipairs { "0", "x", '"', "[", "}", ",", "{", ":1" } do
      for i = 1, 6 do
        local at = 0
        local broken = body:gsub('",', function() at = at + 1 return at == i + 1 and '"' .. more .. "," or nil end)
        assert.is_nil((core.json.decode(broken)))
        assert.is_nil((decode(broken)), broken:sub(1, 80))
        local all = body:gsub('/",', '/"' .. more .. ",")
        assert.is_nil((decode(all)))
      end
    end
  end)
end)
