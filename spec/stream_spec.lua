-- Streams against a real socket: every way to read them, every way for them to end.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local core = require "lualogue.core"

local messages = { { role = "user", content = "Hi" } }
local chunk, words = fixture.chunk, fixture.words
local USAGE = { prompt_tokens = 3, completion_tokens = 5, total_tokens = 8 }

describe("a stream", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function open(answer, params)
    local base_url = server:script(answer)
    params = params or {}
    params.messages = messages
    local stream, err = lualogue.new { base_url = base_url, max_retries = 0 }:stream(params)
    return stream, err, base_url
  end

  it("is asked for with stream = true, and the caller's table stays as it was", function()
    local params = { model = "m" }
    local stream, _, base_url = open(fixture.sse(words { "Hello" }), params)
    assert.equal("Hello", assert(stream:message()).content)
    assert.is_nil(params.stream)
    assert.is_true(server:requests(base_url)[1]:json().stream)
  end)

  it("gives its chunks to a for loop over the call itself", function()
    local base_url = server:script(fixture.sse(words { "Hel", "lo" }))
    local text, n = "", 0
    for c in assert(lualogue.new { base_url = base_url }:stream { messages = messages }) do
      text, n = text .. (c.choices[1].delta.content or ""), n + 1
    end
    assert.equal("Hello", text)
    assert.equal(4, n)
  end)

  it("gives its chunks to a for loop over a variable, and over chunks()", function()
    local stream = open(fixture.sse(words { "Hel", "lo" }))
    local n = 0
    for _ in stream do n = n + 1 end
    assert.equal(4, n)
    n = 0
    for _ in (open(fixture.sse(words { "Hel", "lo" }))):chunks() do n = n + 1 end
    assert.equal(4, n)
  end)

  it("gives its text in pieces that are never empty", function()
    local stream = open(fixture.sse(words { "Hel", "", "lo", " ☂" }))
    local pieces = {}
    for text in stream:text() do pieces[#pieces + 1] = text end
    assert.same({ "Hel", "lo", " ☂" }, pieces)
  end)

  it("tells finish_reason, usage, message, id, model and meta, also when it is closed", function()
    local stream = open(fixture.sse(words({ "Hel", "lo" }, { usage = USAGE }), { headers = { ["X-Request-Id"] = "req-1" } }))
    assert.is_nil(stream.finish_reason)
    assert.is_nil(stream.usage)
    assert.equal(200, stream.meta.status)
    for _ in stream:text() do end
    stream:close()
    assert.equal("stop", stream.finish_reason)
    assert.same({ "stop" }, stream.finish_reasons)
    assert.equal(8, stream.usage.total_tokens)
    assert.same({ role = "assistant", content = "Hello" }, stream:message())
    assert.equal("chatcmpl-1", stream.id)
    assert.equal("fixture", stream.model)
    assert.equal("req-1", stream.meta.request_id)
    assert.equal("1.1", stream.meta.http_version)
    assert.is_true(stream.meta.timing.first_byte > 0)
    assert.is_nil(stream.no_such_field)
  end)

  it("has a snapshot at any time, without waiting", function()
    local stream = open(fixture.sse(words { "Hel", "lo" }))
    assert.is_nil(stream:snapshot())
    stream:next()
    stream:next()
    assert.equal("Hel", stream:snapshot().content)
    assert.equal("Hello", stream:message().content)
  end)

  it("has the whole reply at its end, as a plain call would have given it", function()
    local tier = { verbatim = 'data: {"choices":[],"service_tier":"default","usage":{"total_tokens":8}}\n\n' }
    local stream = open(fixture.sse(words { "Hel", "lo", tier }, { headers = { ["X-Request-Id"] = "req-1" } }))
    local reply = assert(stream:reply())
    assert.equal("Hello", reply.text)
    assert.equal("req-1", reply.meta.request_id)
    assert.equal(reply.meta, lualogue.meta(reply))
    assert.same({
      id = "chatcmpl-1", object = "chat.completion", created = 1700000000, model = "fixture", service_tier = "default",
      usage = { total_tokens = 8 }, choices = { { index = 0, finish_reason = "stop", message = { role = "assistant", content = "Hello" } } },
    }, lualogue.json.decode(lualogue.json.encode(reply)))
    stream:close()
    assert.same(reply, stream:reply())
    local cut = open(fixture.sse(words({ "Hel" }, { finish_reason = false }), { done = false }))
    local none, err = cut:reply()
    assert.is_nil(none)
    assert.equal("truncated", err.kind)
    assert.equal("Hel", err.partial.content)
  end)

  it("whose choices come as whole messages, or twice in a chunk, has their text in every way of reading", function()
    for _, way in ipairs {
      { "Hello there", '{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hello there"}}]}' },
      { "Hello there", '{"choices":[{"index":0,"message":{"content":"Hello"}}]}', '{"choices":[{"index":0,"message":{"content":"Hello there"},"finish_reason":"stop"}]}' },
      { "ab", '{"choices":[{"index":0,"delta":{"content":"a"}},{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}]}' },
      { "abcb", '{"choices":[{"index":0,"delta":{"content":"a"}}]}', '{"choices":[{"index":0,"delta":{"content":"b"}}]}',
        '{"choices":[{"index":0,"delta":{"content":"c"}},{"index":0,"delta":{"content":"b"}}]}', '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}' },
      { "1 2", '{"choices":[{"index":0,"delta":{"content":"1"},"message":{"content":"1"}}]}',
        '{"choices":[{"index":0,"delta":{"content":" "},"message":{"content":"1 "}}]}',
        '{"choices":[{"index":0,"delta":{"content":"2"},"message":{"content":"1 2"},"finish_reason":"stop"}]}' },
      { "text", '{"choices":[{"index":0,"text":"te"}]}', '{"choices":[{"index":0,"text":"xt","finish_reason":"stop"}]}' },
    } do
      local events = {}
      for i = 2, #way do events[#events + 1] = { verbatim = "data: " .. way[i] .. "\n\n" } end
      local pieces, stream = {}, open(fixture.sse(events))
      for text in stream:text() do pieces[#pieces + 1] = text end
      assert.equal(way[1], table.concat(pieces))
      assert.equal(way[1], stream:message().content)
      assert.equal(way[1], open(fixture.sse(events)):message().content)
      assert.equal(way[1], open(fixture.sse(events)):reply().text)
    end
  end)

  it("may be read in mixed ways, and nothing is lost", function()
    local stream = open(fixture.sse(words { "a", "b", "c", "d" }))
    stream:next()
    assert.equal("a", stream:text()())
    assert.equal("b", stream:next().choices[1].delta.content)
    assert.equal("c", stream:text()())
    assert.equal("abcd", stream:message().content)
  end)

  it("keeps its choices apart", function()
    local stream = open(fixture.sse({
      chunk("A", { index = 0 }), chunk("B", { index = 1 }), chunk("a", { index = 0 }), chunk("b", { index = 1 }),
      chunk({}, { index = 0, finish_reason = "stop" }), chunk({}, { index = 1, finish_reason = "length" }),
    }), { n = 2 })
    local second = {}
    for text in stream:text(2) do second[#second + 1] = text end
    assert.equal("Bb", table.concat(second))
    assert.equal("Aa", stream:message(1).content)
    assert.equal("Bb", stream:message(2).content)
    assert.same({ "stop", "length" }, stream.finish_reasons)
  end)

  it("keeps its connection for the next call once it is complete", function()
    local base_url = server:script(fixture.sse(words { "Hello" }))
    local client = lualogue.new { base_url = base_url }
    for _ = 1, 5 do
      assert(assert(client:stream { messages = messages }):message())
    end
    assert.equal(1, server:counts(base_url).accepted)
  end)

  it("on Lua 5.4 is closed by the for loop over its call, however the loop ends", function()
    if _VERSION ~= "Lua 5.4" then return pending("for loops close nothing before Lua 5.4") end
    local base_url = server:script(fixture.sse(words { "a", "b", { stall = true } }, { done = false }))
    local client = lualogue.new { base_url = base_url }
    for _ in client:stream { messages = messages } do break end
    server:wait(base_url, { open = 0, left = 1 })
    pcall(function()
      for _ in client:stream { messages = messages } do error("out") end
    end)
    server:wait(base_url, { open = 0, left = 2 })
    for _ in assert(client:stream { messages = messages }):text() do break end
    server:wait(base_url, { open = 0, left = 3 })
  end)

  it("that nobody holds any more is closed by the collector", function()
    local base_url = server:script(fixture.sse(words { "a", { stall = true } }, { done = false }))
    local function leave()
      local stream = assert(lualogue.new { base_url = base_url }:stream { messages = messages })
      stream:next()
    end
    leave()
    collectgarbage()
    collectgarbage()
    server:wait(base_url, { open = 0, left = 1 })
  end)

  it("client:chat with stream = true is client:stream", function()
    local base_url = server:script(fixture.sse(words { "Hello" }))
    local stream = assert(lualogue.new { base_url = base_url }:chat { messages = messages, stream = true })
    assert.equal("Hello", stream:message().content)
  end)

  it("raises for wrong arguments at the caller's line", function()
    local client = lualogue.new { base_url = "http://127.0.0.1:9/v1" }
    local stream = open(fixture.sse(words { "a" }))
    for name, wrong in pairs {
      messages = function() client:stream {} end,
      params = function() client:stream() end,
      stream = function() client:stream { messages = messages, stream = false } end,
      choice = function() stream:text(0) end,
    } do
      local ok, message = pcall(wrong)
      assert.is_false(ok)
      assert.truthy(message:find("^[^:]*stream_spec.lua:%d+: "), message)
      assert.truthy(message:find("'" .. name .. "'", 1, true), message)
    end
  end)
end)

-- ------------------------------------------------------------------ how streams end

-- Each is read as chunks and as text; verdict, message, usage and finish_reason must be the same.
-- `kind` nil: complete.
local function bytes(text) return { verbatim = text } end
local long = ("x"):rep(300)

local cases = {
  { "plain text", words { "Hel", "lo" }, text = "Hello" },
  { "text with escapes", words { 'q"\\/\b\f\n\r\t', "é☂🚀", "\0", "/" }, text = 'q"\\/\b\f\n\r\té☂🚀\0/' },
  { "escaped surrogate pairs", { chunk { role = "assistant" }, bytes 'data: {"choices":[{"index":0,"delta":{"content":"\\ud83d\\ude80\\u00e9"}}]}\n\n', chunk({}, { finish_reason = "stop" }) }, text = "🚀é" },
  { "an emoji split over two chunks", { chunk { role = "assistant" }, bytes 'data: {"choices":[{"index":0,"delta":{"content":"go \\ud83d"}}]}\n\n', bytes 'data: {"choices":[{"index":0,"delta":{"content":"\\ude80 end"}}]}\n\n', chunk({}, { finish_reason = "stop" }) }, text = "go 🚀 end" },
  { "finish_reason and no [DONE]", words { "Hel", "lo" }, { done = false }, text = "Hello" },
  { "[DONE] and no finish_reason", words({ "Hel", "lo" }, { finish_reason = false }), text = "Hello" },
  { "[DONE] with blanks around it", { chunk "Hello", bytes "data:  [DONE] \n\n" }, { done = false }, text = "Hello" },
  { "usage in a last chunk without choices", words({ "Hello" }, { usage = USAGE }), text = "Hello", usage = 8 },
  { "content in the chunk of the finish_reason", { chunk "Hel", chunk("lo", { finish_reason = "length" }) }, text = "Hello" },
  { "comments, keep-alives and empty data", { bytes ": hi\n\n", chunk "Hel", bytes "data:\n\n", bytes "retry: 3000\n\n", bytes "event: ping\n\n", bytes "id: 7\n\n: OPENROUTER PROCESSING\n\n", chunk("lo", { finish_reason = "stop" }) }, text = "Hello" },
  { "CRLF and no blank behind the colon", { bytes 'data:{"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}\r\n\r\n' }, text = "Hello" },
  { "no last blank line", { bytes 'data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}' }, { done = false }, text = "Hello" },
  { "a byte order mark", { bytes '\239\187\191data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\n' }, text = "Hello" },
  { "chunks that do not say object, and nulls everywhere", { bytes 'data: {"id":null,"choices":[{"index":0,"delta":{"role":null,"content":"Hello","tool_calls":null},"finish_reason":null,"logprobs":null}],"usage":null}\n\n', chunk({}, { finish_reason = "stop" }) }, text = "Hello" },
  { "a null among the choices", { chunk "Hel", bytes 'data: {"choices":[null]}\n\n', chunk("lo", { finish_reason = "stop" }) }, text = "Hello" },
  { "a role and an id in every chunk", { chunk { role = "assistant", content = "Hel" }, chunk { role = "assistant", content = "lo" }, chunk({}, { finish_reason = "stop" }) }, text = "Hello" },
  { "content as parts", { chunk { content = { { type = "text", text = "Hel" }, { type = "text", text = "lo" } } }, chunk({}, { finish_reason = "stop" }) }, text = "Hello", parts = true },
  { "a refusal", { chunk { refusal = "I can" }, chunk { refusal = "not" }, chunk({}, { finish_reason = "stop" }) }, text = "" },
  { "reasoning", { chunk { reasoning_content = "six " }, chunk { reasoning_content = "times" }, chunk "42", chunk({}, { finish_reason = "stop" }) }, text = "42" },
  { "a tool call", { chunk { role = "assistant", tool_calls = { { index = 0, id = "c1", type = "function", ["function"] = { name = "f", arguments = "" } } } }, chunk { tool_calls = { { index = 0, ["function"] = { arguments = '{"x":1}' } } } }, chunk({}, { finish_reason = "tool_calls" }) }, text = "" },
  { "long pieces", words { long, long, long }, text = long .. long .. long },

  { "cut before the finish_reason", words({ "Hel", "lo" }, { finish_reason = false }), { done = false }, kind = "truncated", text = "Hello" },
  { "reset in the middle", words({ "Hel", "lo" }, { finish_reason = false }), { done = false, ending = "reset" }, kind = "truncated", text = "Hello", loose = true },
  { "cut without the end of the chunked coding", words({ "Hel", "lo" }, { finish_reason = false }), { done = false, ending = "cut" }, kind = "truncated", text = "Hello" },
  { "cut in the middle of an event", { chunk "Hello", bytes 'data: {"choices":[{"ind' }, { done = false, framing = "close" }, kind = "truncated", text = "Hello" },
  { "nothing at all", {}, { done = false }, kind = "truncated", loose = true },
  { "an error in the stream", { chunk "Hel", bytes 'data: {"error":{"message":"overloaded","type":"server_error","code":"busy"}}\n\n' }, { done = false }, kind = "api", message = "overloaded", text = "Hel" },
  { "an error as a string", { chunk "Hel", bytes 'data: {"error":"overloaded"}\n\n' }, kind = "api", message = "overloaded", text = "Hel" },
  { "an event named error", { chunk "Hel", bytes 'event: error\ndata: {"message":"overloaded","code":"busy"}\n\n' }, { done = false }, kind = "api", message = "overloaded", text = "Hel" },
  { "malformed JSON in an event", { chunk "Hel", bytes 'data: {"choices":\n\n' }, kind = "decode", text = "Hel" },
  { "an event that is no object", { chunk "Hel", bytes "data: 42\n\n" }, kind = "decode", text = "Hel" },
  { "[DONE] with something behind it", { chunk "Hel", bytes "data: [DONE]x\n\n" }, { done = false }, kind = "decode", text = "Hel" },
  { "one choice of a hundred that were asked for", words { "A" }, { done = false }, n = 100, kind = "truncated", text = "A" },
  { "one choice of two without an end", { chunk "A", chunk("B", { index = 1 }), chunk({}, { finish_reason = "stop" }) }, { done = false }, n = 2, kind = "truncated", text = "A" },
}

describe("the end of a stream, read as chunks and as text:", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function read(base_url, case, as_text)
    local stream, refused = lualogue.new { base_url = base_url, max_retries = 0 }:stream { messages = messages, n = case.n }
    if not stream then return { kind = refused.kind } end
    local pieces, err = {}, nil
    if as_text then
      local ok, raised = pcall(function()
        for text in stream:text() do pieces[#pieces + 1] = text end
      end)
      if not ok then err = raised end
    else
      local c
      repeat
        c, err = stream:next()
        local choice = c and type(c.choices) == "table" and c.choices[1]
        local delta = type(choice) == "table" and (choice.index or 0) == 0 and choice.delta
        local content = type(delta) == "table" and delta.content
        for _, part in ipairs(type(content) == "table" and content or {}) do pieces[#pieces + 1] = part.text end
        if type(content) == "string" then pieces[#pieces + 1] = content end
      until not c
    end
    local message, again = stream:message()
    assert.same(err, again)
    local shown = message or (err and err.partial)
    return {
      kind = err and err.kind, message = err and err.message, text = table.concat(pieces), whole = shown,
      finish_reason = stream.finish_reason, usage = stream.usage,
    }
  end

  for _, case in ipairs(cases) do
    for _, split in ipairs { 0, 1, 7 } do
      it(case[1] .. (split > 0 and ", in writes of " .. split or ""), function()
        local options = { split = split > 0 and split or nil }
        for name, value in pairs(case[3] or {}) do options[name] = value end
        local base_url = server:script(fixture.sse(case[2], options))
        local chunks, text = read(base_url, case, false), read(base_url, case, true)
        assert.equal(case.kind, chunks.kind, chunks.message)
        if not case.loose then
          assert.same(chunks, text)
          assert.equal(case.text or "", chunks.text or "")
        end
        if case.message then assert.equal(case.message, chunks.message) end
        if case.usage then assert.equal(case.usage, chunks.usage.total_tokens) end
        if case.text and case.text ~= "" and not case.parts and not case.loose then
          assert.equal(case.text, chunks.whole.content)
        end
      end)
    end
  end
end)

describe("chunks that are alike but for their text", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("are each what their event says, whatever a script did to the ones before", function()
    local function event(text, id)
      return ('{"id":"%s","created":1700000000,"x":null,"service_tier":"default","choices":'
        .. '[{"index":0,"delta":{"content":"%s"},"logprobs":null,"finish_reason":null}]}'):format(id, text)
    end
    local jsons = {}
    for _, id in ipairs { "a", "b", "a" } do
      for _, text in ipairs { "one", "two", "", "three", 'q\\"', "four", "\\u00e9", "five", "six" } do
        jsons[#jsons + 1] = event(text, id)
        if text == "three" then jsons[#jsons + 1] = event("\\n", "another") end
      end
      jsons[#jsons + 1] = '{"id":"c","choices":[{"index":1,"delta":{"content":"other"}}]}'
      jsons[#jsons + 1] = '{"id":"c","choices":[]}'
    end
    local events = {}
    for i, json in ipairs(jsons) do events[i] = { verbatim = "data: " .. json .. "\n\n" } end
    local stream = assert(lualogue.new { base_url = server:script(fixture.sse(events)) }:stream { messages = messages })
    for _, json in ipairs(jsons) do
      local c = assert(stream:next())
      assert.same(lualogue.json.decode(json), c)
      c.id, c.added = nil, true
      if c.choices[1] then
        c.choices[1].delta.content = "spoilt"
        c.choices[1].delta = nil
      end
      c.choices[2] = {}
    end
    assert.is_nil(stream:next())
    local text = ('onetwothree\nq"fouréfivesix'):rep(3)
    assert.equal(text, stream:message().content)
  end)
end)

describe("what is no stream", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local answers = {
    { "a refusal", fixture.json(401, fixture.error_body("no", { code = "invalid_api_key" })), "api", 401 },
    { "an error with 200", fixture.json(200, fixture.error_body("overloaded")), "api", 200 },
    { "an error with 200 that claims to be a stream", fixture.json(200, fixture.error_body("overloaded"), { ["Content-Type"] = "text/event-stream" }), "api", 200 },
    { "a whole JSON reply", fixture.json(200, fixture.chat_reply("Hello")), "protocol", 200 },
    { "an HTML page", fixture.html(200), "protocol", 200 },
    { "an HTML refusal", fixture.html(502), "api", 502 },
    { "JSON that is none", fixture.json(200, "{oops"), "decode", 200 },
    { "an empty body", fixture.json(200, ""), "protocol", 200 },
    { "some text", fixture.json(200, "busy", { ["Content-Type"] = "text/plain" }), "protocol", 200 },
  }
  for _, case in ipairs(answers) do
    it(case[1] .. " is an error of the kind " .. case[3] .. ", and the client goes on", function()
      local base_url = server:script { case[2], fixture.sse(words { "Hello" }) }
      local client = lualogue.new { base_url = base_url, max_retries = 0 }
      local stream, err = client:stream { messages = messages }
      if stream then
        stream, err = stream:next()
      end
      assert.is_nil(stream)
      assert.equal(case[3], err.kind, tostring(err))
      assert.equal(case[4], err.status)
      assert.equal("Hello", assert(assert(client:stream { messages = messages }):message()).content)
    end)
  end
end)

describe("a body that turns out to be no stream", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("is shown in the error, as far as its first words go", function()
    local text = "upstream is busy " .. ("x"):rep(5000)
    local base_url = server:script(fixture.json(200, text, { ["Content-Type"] = "text/plain" }))
    local stream, err = lualogue.new { base_url = base_url }:stream { messages = messages }
    if stream then err = select(2, stream:next()) end
    assert.equal("protocol", err.kind)
    assert.equal(text:sub(1, 1024), err.body)
  end)

  it("that cannot be decompressed is a matter of the protocol, not of a cut", function()
    local base_url = server:script(fixture.raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
      .. "Content-Encoding: gzip\r\nConnection: close\r\n\r\nthis is no gzip at all", { close = true }))
    local stream, err = lualogue.new { base_url = base_url, max_retries = 0 }:stream { messages = messages }
    if stream then err = select(2, stream:next()) end
    assert.equal("protocol", err.kind)
  end)
end)

describe("a slow reader", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("pauses the transfer: the memory stays bounded, and nothing is lost", function()
    local piece = fixture.sse({ chunk(("x"):rep(1000)) }, { done = false })[1].respond.pieces[1]
    local n = 40000 -- 48 MB, of which a fraction may be on its way
    local base_url = server:script {
      { send = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
      { send = piece, times = n }, { send = "data: [DONE]\n\n" }, { close = true },
    }
    local stream = core.client { base_url = base_url }:stream { messages = messages }
    repeat core.step(100) until stream:opened()
    local until_s = core.now() + 1
    while core.now() < until_s do core.step(50) end
    local sent = server:counts(base_url).sent_bytes
    assert.is_true(sent < n * #piece / 2, "the server could send " .. sent .. " bytes to nobody")
    local count = 0
    while true do
      local text, err = stream:next_text()
      if text == nil then
        assert.is_nil(err)
        break
      elseif text == false then
        core.step()
      else
        count = count + 1
      end
    end
    assert.equal(n, count)
  end)

  it("does not run into the idle clock while it is slow", function()
    local piece = fixture.sse({ chunk(("x"):rep(1000)) }, { done = false })[1].respond.pieces[1]
    local base_url = server:script {
      { send = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
      { send = piece, times = 5000 }, { send = "data: [DONE]\n\n" }, { close = true },
    }
    local stream = core.client { base_url = base_url, idle_timeout = 0.2 }:stream { messages = messages }
    repeat core.step(100) until stream:opened()
    local until_s = core.now() + 0.6
    while core.now() < until_s do core.step(50) end
    local chunk_or_end, err
    repeat
      chunk_or_end, err = stream:next_text()
      if chunk_or_end == false then core.step() end
    until chunk_or_end == nil
    assert.is_nil(err)
  end)
end)

describe("many streams at once", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("are read side by side from one loop, each whole", function()
    local list = {}
    for i = 1, 60 do list[i] = ("%d "):format(i) end
    local base_url = server:script(fixture.sse(words(list), { split = 200, delay = 0.001 }))
    local client = core.client { base_url = base_url }
    local streams, texts, open = {}, {}, 40
    for i = 1, open do
      streams[i], texts[i] = client:stream { messages = messages }, {}
    end
    while open > 0 do
      core.step()
      for i, stream in pairs(streams) do
        local text, err
        repeat
          text, err = stream:next_text()
          if type(text) == "string" then table.insert(texts[i], text) end
        until not text
        if text == nil then
          assert.is_nil(err)
          streams[i] = nil
          open = open - 1
        end
      end
    end
    for i = 1, 40 do assert.equal(table.concat(list), table.concat(texts[i])) end
  end)
end)
