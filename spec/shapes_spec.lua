-- Streams as real servers send them, most of whose events are of one shape: what comes the quick way
-- is what comes the full way, chunk for chunk, and the message, the usage and the reply likewise.
local delta = require "lualogue.delta"
local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }

-- What stands behind the content of choice `i`, in each event.
local KINDS = {
  plain = function() return "" end,
  padded = function(i) return (',"obfuscation":"%s"'):format(("x"):rep(1 + i * 7 % 13)) end,
  counted = function(i)
    return (',"usage":{"total_tokens":%d,"details":{"cached":%d}},"timings":{"ms":%d.%03d}'):format(
      i, 2 * i, i, i * 37 % 1000)
  end,
  told = function(i) return (',"system_fingerprint":"fp%d","provider":"p\\u00e9%d"'):format(i, i) end,
  odd = function(i) return (',"usage":{"big":%d,"e":%s}'):format(2 ^ 53 - i, i % 2 == 0 and "1e3" or "2.50") end,
  listed = function(i) return (',"made_up":[%d,null,"\\"%d",[],{}]'):format(i, i) end,
}

-- Texts whose holes are not simple ones.
local TEXTS = {
  "Hel", "lo", "", "\\n\\t\\\"", "caf\195\169 ", "\226\152\130", "\\u2602\\ud83d\\ude00", "}],{", "\\\\",
}

local function event(kind, i, choice)
  return ('{"id":"c%s","object":"chat.completion.chunk","created":17,"model":"m","choices":[{"index":%d,"delta":'
    .. '{"content":"%s"},"logprobs":null,"finish_reason":null}]%s}'):format(
    kind == "counted" and i or "", choice or 0, TEXTS[i % #TEXTS + 1], KINDS[kind](i))
end

local LAST = '{"id":"c","choices":[{"index":%d,"delta":{},"finish_reason":"stop"}]}'

--- The events of a stream, and what folding each of them, decoded on its own, gives.
local function stream_of(kind, choices)
  local events, fold = {}, delta.new(json.encode)
  for i = 1, 60 do
    events[i] = event(kind, i, choices and i % choices)
    -- Now and then another event in between: shapes come and go.
    if i % 13 == 0 then events[i] = event("plain", i, choices and i % choices) end
  end
  for choice = 0, (choices or 1) - 1 do events[#events + 1] = LAST:format(choice) end
  for _, text in ipairs(events) do fold:add(assert(json.decode(text))) end
  return events, fold
end

local function answer(events)
  return { { send = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
    { send = "data: " .. table.concat(events, "\n\ndata: ") .. "\n\ndata: [DONE]\n\n" }, { close = true } }
end

describe("a stream of events that are", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function open(events, params)
    params = params or {}
    params.messages = messages
    return assert(lualogue.new { base_url = server:script(answer(events)) }:stream(params))
  end

  for kind in pairs(KINDS) do
    for _, choices in ipairs { 1, 2, 3 } do
      local name = ("%s, %d choices: "):format(kind, choices)
      local events, fold, n

      before_each(function()
        events, fold = stream_of(kind, choices)
        n = choices > 1 and choices or nil
      end)

      local function same(stream)
        for i = 0, choices - 1 do assert.same(fold:message(i), stream:snapshot(i + 1)) end
        assert.same(fold.usage, stream.usage)
        assert.equal(fold.id, stream.id)
        local reply, expected = assert(stream:reply()), fold:reply()
        assert.same(expected, reply)
        assert.equal("stop", stream.finish_reason)
      end

      it(name .. "comes as the chunks that decoding gives", function()
        local stream, i = open(events, { n = n }), 0
        for chunk in stream:chunks() do
          i = i + 1
          assert.same(assert(json.decode(events[i])), chunk)
          assert.equal(json.encode(assert(json.decode(events[i]))), json.encode(chunk))
        end
        assert.equal(#events, i)
        same(stream)
      end)

      it(name .. "reads as text", function()
        for i = 1, choices do
          local stream, text = open(events, { n = n }), {}
          for piece in stream:text(i) do
            assert.not_equal("", piece)
            text[#text + 1] = piece
          end
          assert.equal(fold:message(i - 1).content, table.concat(text))
          same(stream)
        end
      end)

      it(name .. "is the same message however the ways to read it are mixed", function()
        local stream, at = open(events, { n = n }), 0
        local texts = stream:text(1)
        repeat
          at = at + 1
          local more
          if at % 3 == 0 then more = stream:next() else more = texts() end
          if at % 5 == 0 then stream:snapshot(1) end
        until not more
        same(stream)
      end)

      it(name .. "tells in the middle what has come until then", function()
        local stream, so_far = open(events, { n = n }), delta.new(json.encode)
        for i = 1, #events do
          stream:next()
          so_far:add(assert(json.decode(events[i])))
          if i % 7 == 0 then
            assert.same(so_far.usage, stream.usage)
            assert.same(so_far:message(0), stream:snapshot(1))
          end
        end
      end)
    end
  end

  it("long: its text is the whole text, in bounded pieces of memory", function()
    local piece, events = ("0123456789"):rep(300), {}
    for i = 1, 200 do events[i] = (event("padded", i):gsub('"content":".-"}', '"content":"' .. piece .. '"}')) end
    events[201] = LAST:format(0)
    local stream, bytes = open(events), 0
    for text in stream:text() do bytes = bytes + #text end
    assert.equal(200 * #piece, bytes)
    assert.equal(piece:rep(200), stream:message().content)
  end)

  it("changed by who reads them: what comes next is as the server sent it", function()
    local events, fold = stream_of("padded")
    local stream, i = open(events), 0
    for chunk in stream:chunks() do
      i = i + 1
      assert.same(assert(json.decode(events[i])), chunk)
      chunk.id, chunk.model = "spoilt", nil
      chunk.choices[1].delta.content = "spoilt"
      chunk.choices[1].index = 9
    end
    assert.same(fold:message(0), stream:snapshot())
  end)

  it("cut off: the error has all that had come", function()
    local events = stream_of("counted")
    local half = {}
    for i = 1, 30 do half[i] = events[i] end
    local cut = answer(half)
    cut[2].send = cut[2].send:gsub("data: %[DONE%]\n\n$", "")
    local fold = delta.new(json.encode)
    for _, text in ipairs(half) do fold:add(assert(json.decode(text))) end
    local stream = assert(lualogue.new { base_url = server:script(cut), max_retries = 0 }:stream { messages = messages })
    local ok, err = pcall(function() for _ in stream:text() do end end)
    assert.is_false(ok)
    assert.equal("truncated", err.kind)
    assert.same(fold:message(0), err.partial)
  end)
end)
