-- Replies of a shape that was seen before are made the quick way: what comes is what decoding gives,
-- and what is no good reply is none, whatever came before it.
local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }

local TEXTS = {
  "Hello", "", "a\\nb\\t\\\"", "caf\195\169", "\\ud83d\\ude00 \\u2602", "}],{", "\\\\", "\\ud83d", "\\u0000x",
  ("long "):rep(3000), "null",
}
local MESSAGES = {
  plain = '{"role":"assistant","content":"%s","refusal":null,"annotations":[]}',
  reasoning = '{"role":"assistant","reasoning_content":"so \\u00e9 %s","content":"x"}',
  calls = '{"role":"assistant","content":null,"tool_calls":[{"id":"c%s","type":"function","function":'
    .. '{"name":"f","arguments":"{\\"a\\": 1}"}}]}',
  parts = '{"role":"assistant","content":[{"type":"text","text":"%s"},null,1.5,true,{}]}',
}

local function body_of(message, text, i)
  return ('{"id":"chatcmpl-%d","object":"chat.completion","created":%d,"model":"m","choices":[{"index":0,'
    .. '"message":%s,"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":%d,"total_tokens":%s,'
    .. '"details":{"cached":0}},"timings":{"ms":%d.%03d},"list":[1,null,"x"],"system_fingerprint":"fp%d"}%s'):format(
    i, 1700000000 + i, MESSAGES[message]:gsub("%%s", (text:gsub("%%", "%%%%"))), i,
    ({ "12", "12.0", "1e3", "-0", "90071992547409925" })[i % 5 + 1], i, i * 37 % 1000, i % 3, i % 2 == 0 and "\n" or "")
end

describe("a chat's reply", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function ask(body, key)
    local client = lualogue.new { base_url = server:script(fixture.json(200, body)), api_key = key or false }
    return client:chat { messages = messages }
  end

  for message in pairs(MESSAGES) do
    it("is the same however many came before it: " .. message, function()
      for i = 1, 60 do
        local body = body_of(message, TEXTS[i % #TEXTS + 1], i)
        local reply = assert(ask(body))
        local expected = assert(json.decode(body))
        assert.same(expected, reply)
        assert.equal(200, reply.meta.status)
        if math.type then
          assert.equal(math.type(expected.created), math.type(reply.created))
          assert.equal(math.type(expected.usage.total_tokens), math.type(reply.usage.total_tokens))
        end
        assert.equal(json.encode(expected), json.encode(reply))
      end
    end)
  end

  it("is a new table each time", function()
    local kept = {}
    for i = 1, 6 do
      kept[i] = assert(ask(body_of("plain", "same", 5)))
      for j = 1, i - 1 do
        assert.not_equal(kept[j], kept[i])
        assert.not_equal(kept[j].choices[1].message, kept[i].choices[1].message)
        assert.not_equal(kept[j].usage.details, kept[i].usage.details)
      end
      kept[i].choices[1].message.content = "mine"
      kept[i].usage.details.cached = nil
    end
  end)

  it("that brings nothing is none, though one of its shape was good", function()
    local shape = '{"id":"%d","choices":[{"index":0,"message":{"role":"assistant","content":"%s"}}]}'
    for i = 1, 6 do assert(ask(shape:format(i, "x" .. i))) end
    local reply, err = ask(shape:format(7, ""))
    assert.is_nil(reply)
    assert.equal("protocol", err.kind)
    assert(ask(shape:format(8, "x")))
  end)

  it("that says it failed has failed, though one of its shape was good", function()
    local shape = '{"id":"%d","error":{"id":"%s"},"choices":[]%s}'
    for i = 1, 6 do
      assert(ask(shape:format(i, "", ',"output":[{"content":"x"}]')))
    end
    local reply, err = ask(shape:format(7, "overloaded \\u0022now\\u0022", ""))
    assert.is_nil(reply)
    assert.equal("api", err.kind)
    assert.matches("overloaded \\u0022now\\u0022", err.body, 1, true)
  end)

  it("that repeats the key is not remembered, nor is the key", function()
    local key = "sk-known-reply-0123456789"
    for i = 1, 8 do
      assert.equal(key, assert(ask(body_of("plain", key, i), key)).text)
    end
    for i = 1, 8 do
      assert.equal("x" .. i, assert(ask(body_of("plain", "x" .. i, i), key)).text)
    end
  end)
end)
