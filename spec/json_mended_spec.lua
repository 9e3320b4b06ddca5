-- What servers write that is not JSON costs as little as it can, and can be sent again; on both
-- ways of reading a stream alike.
local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lualogue = require "lualogue"

local U = "\239\191\189" -- U+FFFD
local EMOJI = "\240\159\152\128" -- U+1F600, \ud83d\ude00

describe("json.decode of numbers that JSON does not have", function()
  it("has null in their place", function()
    for _, name in ipairs { "NaN", "nan", "-nan", "Infinity", "-Infinity", "inf", "-inf", "INF", "1e999", "-1e999" } do
      local value, err = json.decode(('{"a":%s,"b":[1,%s , {"c": %s}],"d":%s\n}'):format(name, name, name, name))
      assert.is_nil(err)
      assert.same({ b = { 1, json.null, {} } }, value)
    end
    assert.equal(json.null, (json.decode "NaN"))
  end)

  it("leaves text alone", function()
    local value = assert(json.decode [==[{"NaN":"NaN, -Infinity","a\"b":"\\",":nan":NaN,"x":[NaN,"\"NaN"]}]==])
    assert.same({ NaN = "NaN, -Infinity", ['a"b'] = "\\", x = { json.null, '"NaN' } }, value)
  end)
end)

describe("json.decode of bytes that are not UTF-8", function()
  it("has one U+FFFD for each stretch of them, and can be sent again", function()
    for bytes, text in pairs {
      ["\255"] = U, ["a\255b"] = "a" .. U .. "b", ["\128\191"] = U .. U, ["\195"] = U, ["\195x"] = U .. "x",
      ["\226\130"] = U, ["\226\130x"] = U .. "x", ["\240\159\152"] = U, ["\240\159\152\240\159\152\128"] = U .. EMOJI,
      ["\192\175"] = U .. U, ["\224\159\191"] = U .. U .. U, ["\244\144\128\128"] = U .. U .. U .. U,
      ["\237\160\189"] = U, ["\237\184\128"] = U, ["\237\160\189\237\184\128"] = EMOJI, ["\237\160\189\237\160\189"] = U .. U,
      ["0123456\195"] = "0123456" .. U, ["01234567\195\164\255"] = "01234567\195\164" .. U,
    } do
      local value = assert(json.decode('{"t":"' .. bytes .. '","' .. bytes .. '":[1,"x\\n' .. bytes .. '"]}'))
      assert.equal(text, value.t)
      assert.same({ 1, "x\n" .. text }, value[text])
      assert.same(value, (json.decode(json.encode(value))))
    end
  end)

  it("is an error where they stand outside of a string", function()
    local value, err = json.decode '{"a":\255}'
    assert.is_nil(value)
    assert.equal("decode", err.kind)
  end)

  it("mends everything at once", function()
    local value = assert(json.decode('{"a":"\255\\ud83d","b":NaN,"c":"' .. EMOJI .. '\\ud83d\\ude00"}'))
    assert.same({ a = U .. U, c = EMOJI .. EMOJI }, value)
  end)
end)

describe("a stream", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function event(delta, finish)
    return ('{"choices":[{"index":0,"delta":%s%s}]}'):format(delta, finish and ',"finish_reason":"' .. finish .. '"' or "")
  end

  --- The pieces of `content`, the message, and all deltas, of one way to read the events.
  local function read(events, way, choice)
    local client = lualogue.new { base_url = server:script(fixture.sse(events)), max_retries = 0, timeout = 20 }
    local stream = assert(client:stream { model = "m", messages = {} })
    local pieces, deltas = {}, {}
    if way == "text" then
      for text in stream:text(choice) do pieces[#pieces + 1] = text end
    else
      for chunk in stream:chunks() do
        for _, c in ipairs(chunk.choices or {}) do
          deltas[#deltas + 1] = c.delta
          local content = c.delta and c.delta.content
          if type(content) == "string" and content ~= "" and (c.index or 0) + 1 == (choice or 1) then
            pieces[#pieces + 1] = content
          end
        end
      end
    end
    return pieces, assert(stream:message(choice)), deltas, stream
  end

  --- Both ways give these pieces.
  local function assert_pieces(expected, events, choice)
    local first
    for _, way in ipairs { "text", "chunks" } do
      local pieces, message = read(events, way, choice)
      assert.same(expected, pieces)
      assert.equal(table.concat(expected), message.content)
      first = first or message
      assert.same(first, message)
      json.encode { messages = { message } }
    end
    return first
  end

  --- Events that carry these contents, as JSON strings without their quotes.
  local function contents(...)
    local events = { event '{"role":"assistant","content":""}' }
    for _, text in ipairs { ... } do events[#events + 1] = event('{"content":"' .. text .. '"}') end
    events[#events + 1] = event("{}", "stop")
    return events
  end

  it("has one emoji where its two halves come in two chunks", function()
    assert_pieces({ EMOJI, "!" }, contents([[\ud83d]], [[\ude00]], "!"))
    assert_pieces({ "a", EMOJI .. "b", "c" }, contents([[a\ud83d]], [[\ude00b]], "c"))
    assert_pieces({ "a", EMOJI, EMOJI .. "b" }, contents([[a\ud83d]], [[\ude00\uD83D]], [[\uDE00b]]))
    assert_pieces({ EMOJI }, contents([[\ud83d]], "", [[\ude00]]))
  end)

  it("has U+FFFD for a half whose other half never comes", function()
    assert_pieces({ U .. "x" }, contents([[\ud83d]], "x"))
    assert_pieces({ U, "x" }, contents([[\ude00]], "x"))
    assert_pieces({ U, EMOJI }, contents([[\ud83d]], [[\ud83d]], [[\ude00]]))
    assert_pieces({ "a", U }, contents [[a\ud83d]])
    assert_pieces({ "a" .. U }, { event([[{"content":"a\ud83d"}]], "stop") })
    assert_pieces({ U .. "b" }, { event [[{"content":"\ud83d"}]], event([[{"content":"b"}]], "stop") })
  end)

  it("has whole characters where their bytes come in pieces", function()
    for at = 1, 3 do
      assert_pieces({ "x", EMOJI .. "y" }, contents("x" .. EMOJI:sub(1, at), EMOJI:sub(at + 1) .. "y"))
    end
    assert_pieces({ EMOJI }, contents(EMOJI:byte() and "\240", "\159", "\152", "\128"))
    assert_pieces({ "\195\164" }, contents("\195", "\164"))
    assert_pieces({ U .. "x" }, contents("\195", "x"))
    assert_pieces({ "a" .. U .. "b" }, contents "a\255b")
    assert_pieces({ "a", U }, contents "a\226\130")
  end)

  it("keeps the halves of different texts apart", function()
    local events = {
      [[{"choices":[{"index":0,"delta":{"content":"\ud83d","reasoning_content":"r\ud83d"}},{"index":1,"delta":{"content":"\ud83d"}}]}]],
      [[{"choices":[{"index":1,"delta":{"content":"\ude01"}},{"index":0,"delta":{"reasoning_content":"\ude02"}}]}]],
      [[{"choices":[{"index":0,"delta":{"content":"\ude00"},"finish_reason":"stop"},{"index":1,"delta":{},"finish_reason":"stop"}]}]],
    }
    local message = assert_pieces({ EMOJI }, events)
    assert.equal("r\240\159\152\130", message.reasoning_content)
    assert_pieces({ "\240\159\152\129" }, events, 2)
  end)

  it("does the same with the arguments of tool calls", function()
    local function call(text, index)
      return event(('{"tool_calls":[{"index":%d,"id":"c%d","function":{"name":"f","arguments":"%s"}}]}'):format(index, index, text))
    end
    local events = { call([[{\"a\":\"\ud83d]], 0), call([[{\"b\":\"\ud83d]], 1), call([[\ude00\"}]], 0), call([[\"}]], 1), event("{}", "tool_calls") }
    for _, way in ipairs { "text", "chunks" } do
      local _, message = read(events, way)
      assert.equal('{"a":"' .. EMOJI .. '"}', message.tool_calls[1]["function"].arguments)
      assert.equal('{"b":"' .. U .. '"}', message.tool_calls[2]["function"].arguments)
    end
  end)

  it("mends what stands elsewhere in a chunk", function()
    local _, _, deltas, stream = read({
      '{"id":"\255\\ud83d","choices":[{"delta":{"content":[{"type":"text","text":"a\\ud83d"}],"n":NaN,"\255":1}}]}',
      event("{}", "stop"),
    }, "chunks")
    assert.same({ content = { { type = "text", text = "a" .. U } }, [U] = 1 }, deltas[1])
    assert.equal(U .. U, stream.id)
  end)

  it("goes on behind NaN and Infinity", function()
    assert_pieces({ "a", "b" }, {
      '{"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-Infinity}]}}],"x":NaN}',
      '{"choices":[{"index":0,"delta":{"content":"b"}}],"timing":NaN}',
      event("{}", "stop"),
    })
  end)

  it("does so whatever pieces the bytes arrive in", function()
    local events = contents([[a\ud83d]], [[\ude00]], "\240\159", "\152\128b")
    local client = lualogue.new { base_url = server:script(fixture.sse(events, { split = "every byte" })), max_retries = 0 }
    assert.equal("a" .. EMOJI .. EMOJI .. "b", assert(assert(client:stream { messages = {} }):message()).content)
  end)
end)
