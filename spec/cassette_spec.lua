-- Cassettes: what was recorded is what is played, through everything that stands above libcurl.
local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lualogue = require "lualogue"
local program = require "spec.support.program"

local KEY = "sk-secret-key-0123456789"
local ORGANIZATION = "org-secret-0123456789"

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  file:close()
end

local function user(text) return { { role = "user", content = text } } end

describe("a cassette", function()
  local server, path
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)
  before_each(function()
    path = os.tmpname()
    os.remove(path)
  end)
  after_each(function() os.remove(path) end)

  --- A client that records the answers of this script, its cassette, and the script's base URL.
  local function recorder(script, options)
    local tape = assert(lualogue.cassette(path, { record = "all" }))
    local settings = { base_url = server:script(script), api_key = KEY, cassette = tape, max_retries = 0 }
    for name, value in pairs(options or {}) do settings[name] = value end
    return lualogue.new(settings), tape, settings.base_url
  end

  --- A client that only replays; nothing listens where it points to.
  local function player(options, settings)
    local all = { record = "none" }
    for name, value in pairs(options or {}) do all[name] = value end
    local tape = assert(lualogue.cassette(path, all))
    local client_options = { base_url = "https://nobody.invalid/v1", cassette = tape, max_retries = 0 }
    for name, value in pairs(settings or {}) do client_options[name] = value end
    return lualogue.new(client_options), tape
  end

  local function chunks_of(stream)
    local list = {}
    for chunk in stream:chunks() do list[#list + 1] = chunk end
    return list
  end

  it("gives equal replies and equal chunks (55)", function()
    local chat = fixture.json(200, fixture.chat_reply "Hello", { ["x-request-id"] = "req_1", ["x-ratelimit-remaining-requests"] = "7" })
    local words = fixture.sse(fixture.words({ "Hel", "lo ☂" }, { usage = { prompt_tokens = 1, completion_tokens = 2, total_tokens = 3 } }))
    local vectors = fixture.json(200, { object = "list", model = "e", data = { { object = "embedding", index = 0, embedding = { 0.25, -1 } } } })
    local client, tape = recorder { chat, words, vectors, fixture.json(200, { data = { { id = "m" } } }) }
    local reply = assert(client:chat { model = "m", messages = user "Hi" })
    local chunks = chunks_of(assert(client:stream { model = "m", messages = user "Hi" }))
    local embedded = assert(client:embeddings { model = "e", input = "x" })
    local models = assert(client:request("GET", "/models"))
    assert(tape:done())

    local again, replay = player()
    local second = assert(again:chat { model = "m", messages = user "Hi" })
    assert.same(reply, second)
    assert.equal("req_1", second.meta.request_id)
    assert.equal(7, second.meta.rate_limit.requests.remaining)
    assert.same(chunks, chunks_of(assert(again:stream { model = "m", messages = user "Hi" })))
    assert.equal(embedded.data[1].embedding, assert(again:embeddings { model = "e", input = "x" }).data[1].embedding)
    assert.same(models, (assert(again:request("GET", "models"))))
    assert(replay:done())
  end)

  it("gives the bytes of what is no JSON, and an empty body", function()
    local bytes = "\0\1\255PNG\195"
    local client, tape = recorder { fixture.raw("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: " .. #bytes .. "\r\n\r\n" .. bytes),
      fixture.raw "HTTP/1.1 204 No Content\r\n\r\n", fixture.json(200, '{ "b": 1.0, "a": null }') }
    assert.equal(bytes, client:request("GET", "/file", nil, { raw = true }))
    assert(client:request("DELETE", "/file"))
    client:request("POST", "/upload", "\255 is no text", { raw = true })
    assert(tape:done())
    local again, replay = player()
    assert.equal(bytes, again:request("GET", "/file", nil, { raw = true }))
    assert.same({}, (again:request("DELETE", "/file")))
    assert.equal('{"a":null,"b":1.0}', again:request("POST", "/upload", "\255 is no text", { raw = true }))
    assert(replay:done())
  end)

  it("holds neither key nor organisation, header, query or cookie (56)", function()
    local echo = { ["Set-Cookie"] = "session=cookie-secret-0123", ["x-request-id"] = KEY, Location = "/" .. KEY }
    local client, tape = recorder({
      fixture.json(401, fixture.error_body("Incorrect API key provided: " .. KEY .. " of " .. ORGANIZATION), echo),
      fixture.sse({ fixture.chunk("your key is " .. KEY), fixture.chunk({}, { finish_reason = "stop" }) }),
      fixture.json(500, "proxy: header-secret-0123, query-secret-0123, user-secret-0123"),
    }, { organization = ORGANIZATION, headers = { ["X-Own"] = "header-secret-0123" }, query = { key = "query-secret-0123" } })
    assert.is_nil((client:chat { model = "m", messages = user("my key is " .. KEY) }))
    assert(assert(client:stream { model = "m", messages = user "Hi" }):message())
    assert.is_nil((client:request("GET", "/x", nil, { api_key = "call-secret-0123", query = { q = "user-secret-0123" } })))
    assert(tape:done())
    local text = read(path)
    for _, secret in ipairs { KEY, ORGANIZATION, "cookie-secret", "header-secret", "query-secret", "call-secret", "user-secret", "uthorization", "ookie" } do
      assert.is_nil(text:find(secret, 1, true), secret)
    end
    assert.matches("Incorrect API key provided: ****", text, 1, true)
    local again = player(nil, { api_key = KEY, organization = ORGANIZATION })
    local _, err = again:chat { model = "m", messages = user("my key is " .. KEY) }
    assert.equal(401, err.status)
    assert.matches("^your key is %*+$", assert(assert(again:stream { model = "m", messages = user "Hi" }):message()).content)
  end)

  it("knows a request whatever the order of its keys (57)", function()
    local client, tape = recorder(fixture.json(200, fixture.chat_reply "Hello"))
    client:chat(json.ordered { { "temperature", 0.5 }, { "model", "m" }, { "messages", user "Hi" } })
    assert(tape:done())
    local text = read(path)
    write(path, (text:gsub('"model": "m",%s*"temperature": 0.5', '"temperature": 0.50, "model":  "\\u006d"')))
    assert.are_not.equal(text, read(path))
    assert(player():chat { messages = user "Hi", temperature = 0.5, model = "m" })
  end)

  it("names what differs where nothing is equal (58)", function()
    local client, tape = recorder(fixture.json(200, fixture.chat_reply "Hello"))
    client:chat { model = "m", messages = { { role = "system", content = "Be terse." }, { role = "user", content = "One" }, { role = "user", content = "Two" } } }
    client:chat { model = "m", messages = user "Hi", tools = { { type = "function" } } }
    assert(tape:done())
    local again = player()
    local function why(params)
      local reply, err = again:chat(params)
      assert.is_nil(reply)
      assert.equal("connection", err.kind)
      assert.equal("no_match", err.code)
      return err.message
    end
    local changed = why { model = "m", messages = { { role = "system", content = "Be terse." }, { role = "user", content = "One" }, { role = "user", content = "Three" } } }
    assert.matches('the nearest is number 1, where messages[3].content is "Two" and here "Three"', changed, 1, true)
    assert.matches("has no answer to POST /chat/completions", changed, 1, true)
    assert.matches("number 2, where n is nothing and here 2", why { model = "m", n = 2, messages = user "Hi", tools = { { type = "function" } } }, 1, true)
    assert.matches("number 2, where tools is a list and here nothing", why { model = "m", messages = user "Hi" }, 1, true)
    local _, err = again:request("GET", "/models")
    assert.matches("it has no GET /models; its first request is POST /chat/completions", err.message, 1, true)
    local _, stream_err = again:stream { model = "m", messages = user "Hi", tools = { { type = "function" } } }
    assert.matches("number 2, where stream is nothing and here true", stream_err.message, 1, true)
  end)

  it("gives two answers to equal requests in their order, and a third is an error (59)", function()
    local client, tape = recorder { fixture.json(200, fixture.chat_reply "one"), fixture.json(200, fixture.chat_reply "two") }
    for _ = 1, 2 do assert(client:chat { messages = user "Hi" }) end
    assert(tape:done())
    local again = player()
    assert.equal("one", again:chat({ messages = user "Hi" }).choices[1].message.content)
    assert.equal("two", again:chat({ messages = user "Hi" }).choices[1].message.content)
    local reply, err = again:chat { messages = user "Hi" }
    assert.is_nil(reply)
    assert.matches("each answer to this request was used", err.message, 1, true)
  end)

  it("tells what nobody asked for (60)", function()
    local client, tape = recorder(fixture.json(200, fixture.chat_reply "Hello"))
    client:chat { messages = user "Hi" }
    client:request("GET", "/models")
    assert(tape:done())
    local again, replay = player()
    again:chat { messages = user "Hi" }
    local done, err = replay:done()
    assert.is_nil(done)
    assert.equal("unused", err.code)
    assert.matches("1 of 2 answers were not asked for: number 2, GET /models", err.message, 1, true)
  end)

  for _, ending in ipairs { "cut", "reset" } do
    it("ends a stream as it ended: " .. ending .. " (61)", function()
      local client, tape = recorder(fixture.sse({ fixture.chunk "Hel", fixture.chunk "lo" }, { done = false, ending = ending }))
      local _, first = assert(client:stream { messages = user "Hi" }):message()
      assert(tape:done())
      local _, second = assert(player():stream { messages = user "Hi" }):message()
      assert.equal("truncated", first.kind)
      assert.equal(first.kind, second.kind)
      assert.equal(first.message, second.message)
      assert.equal("Hello", second.partial.content)
      assert.same(first.partial, second.partial)
    end)
  end

  it("says that the recording ends where it was given up", function()
    local client, tape = recorder(fixture.join(fixture.sse({ fixture.chunk "Hel" }, { done = false, ending = "stall" })))
    local stream = assert(client:stream { messages = user "Hi" })
    assert(stream:next())
    stream:close()
    assert(tape:done())
    local again = assert(player():stream { messages = user "Hi" })
    assert.equal("Hel", again:next().choices[1].delta.content)
    local _, err = again:next()
    assert.equal("truncated", err.kind)
    assert.matches("nobody read on when it was made", err.message, 1, true)
  end)

  it("keeps the borders of arrival, also within a character (62)", function()
    local events = fixture.words { "Hel", "lo ☂ 🚀", "é" }
    for _, split in ipairs { 1, 3, 7 } do
      os.remove(path)
      local client, tape = recorder(fixture.sse(events, { split = split, delay = 0.0005 }))
      local message = assert(assert(client:stream { messages = user "Hi" }):message())
      assert(tape:done())
      assert.equal("Hello ☂ 🚀é", message.content)
      for _, played in ipairs { 0, 1, 2, 5 } do
        local again = player { split = played > 0 and played or nil }
        assert.same(message, (assert(again:stream { messages = user "Hi" }):message()))
      end
    end
    local text = read(path)
    assert.is_true(#json.decode(text).interactions[1].response.stream.cuts > 3)
  end)

  it("takes the time that it took, or a part of it (63)", function()
    local client, tape = recorder(fixture.sse(fixture.words { "Hel", "lo" }, { header_delay = 0.02, delay = 0.15, split = 200 }))
    assert(assert(client:stream { messages = user "Hi" }):message())
    assert(tape:done())
    local response = json.decode(read(path)).interactions[1].response
    local core = require "lualogue.core"
    for speed, factor in pairs { [1] = 1, [4] = 0.25, [0] = 0 } do
      local again, began = player { speed = speed }, core.now()
      local stream = assert(again:stream { messages = user "Hi" })
      local opened = core.now() - began
      assert(stream:message())
      local took = core.now() - began
      assert.is_true(opened >= response.ms[1] / 1000 * factor - 0.002)
      assert.is_true(took >= response.ms[2] / 1000 * factor - 0.002)
      if speed == 0 then assert.is_true(took < response.ms[2] / 1000) end
    end
  end)

  it("runs the clocks of what is played", function()
    local client, tape = recorder(fixture.sse(fixture.words { "Hel", "lo" }, { delay = 0.3, split = 300 }))
    assert(assert(client:stream { messages = user "Hi" }):message())
    assert(tape:done())
    local again = player({ speed = 0.1 }, { idle_timeout = 0.05 })
    local _, err = assert(again:stream { messages = user "Hi" }):message()
    assert.equal("timeout", err.kind)
  end)

  it("pauses where nobody reads, and goes on", function()
    local events = {}
    for i = 1, 6000 do events[i] = fixture.chunk(("%05d"):format(i) .. ("x"):rep(100)) end
    events[#events + 1] = fixture.chunk({}, { finish_reason = "stop" })
    local client, tape = recorder(fixture.sse(events))
    local message = assert(assert(client:stream { messages = user "Hi" }):message())
    assert(tape:done())
    for _, split in ipairs { 0, 1000 } do
      local again = player { split = split > 0 and split or nil }
      local stream = assert(again:stream { messages = user "Hi" })
      for _ = 1, 5 do require("lualogue.core").step(0) end
      assert.equal(message.content, assert(stream:message()).content)
    end
  end)

  it("works without key and network where it only replays (64)", function()
    local client, tape = recorder(fixture.json(200, fixture.chat_reply "Hello"))
    client:chat { model = "m", messages = user "Hi" }
    assert(tape:done())
    local output, code = program.lua([[
      local lualogue = require "lualogue"
      local client = lualogue.new()
      print(assert(client:chat { model = "m", messages = { { role = "user", content = "Hi" } } }).choices[1].message.content)
      local asked = 0
      client = lualogue.new { api_key = function() asked = asked + 1 return nil, "no" end }
      print(assert(client:chat { model = "m", messages = { { role = "user", content = "Hi" } } }).choices[1].message.content, asked)
    ]], "LUALOGUE_RECORD=none LUALOGUE_OFFLINE=1 LUALOGUE_CASSETTE=" .. path)
    assert.equal("Hello\nHello\t0\n", output)
    assert.equal(0, code)
  end)

  it("is an error where there is none and record is none", function()
    local tape, err = lualogue.cassette(path, { record = "none" })
    assert.is_nil(tape)
    assert.matches("cannot be read", err.message, 1, true)
    local ok, message = pcall(lualogue.new, { cassette = path, record = "none", api_key = false })
    assert.is_false(ok)
    assert.matches("^spec/cassette_spec.lua:%d+: .*cannot be read", message)
  end)

  it("opens no connection offline, and says so (65)", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply "Hello"))
    local output = program.lua(([[
      local lualogue = require "lualogue"
      local client = lualogue.new { base_url = %q, api_key = false }
      local messages = { { role = "user", content = "Hi" } }
      for _, result in ipairs { { client:chat { messages = messages } }, { client:stream { messages = messages } },
        { client:embeddings { input = "x" } }, { client:request("GET", "/models") } } do
        print(result[1], result[2].kind, result[2].code, result[2].message)
      end
      print(pcall(client.chat, client, {}))
      local recording = lualogue.new { base_url = %q, api_key = false, cassette = %q, record = "all" }
      print(select(2, recording:chat { messages = messages }).code)
    ]]):format(base_url, base_url, path), "LUALOGUE_OFFLINE=1")
    local line = "nil\tconnection\toffline\tLUALOGUE_OFFLINE is set: nothing is sent, %s neither\n"
    assert.equal(line:format "POST /chat/completions" .. line:format "POST /chat/completions"
      .. line:format "POST /embeddings" .. line:format "GET /models", output:match "^(.*)false")
    assert.matches("bad argument 'messages' to 'chat'", output, 1, true)
    assert.matches("\noffline\n$", output)
    assert.equal(0, server:counts(base_url).accepted)
  end)

  it("plays a refusal and then what the retry brought (66)", function()
    local client, tape, base_url = recorder({
      fixture.json(500, fixture.error_body "oops", { ["retry-after-ms"] = "1" }),
      fixture.json(200, fixture.chat_reply "Hello"),
    }, { max_retries = 2 })
    local reply = assert(client:chat { messages = user "Hi" })
    assert.equal(2, reply.meta.attempts)
    assert(tape:done())
    assert.equal(2, #server:requests(base_url))
    local again, replay = player(nil, { max_retries = 2 })
    local second = assert(again:chat { messages = user "Hi" })
    assert.equal(2, second.meta.attempts)
    assert.same(reply, second)
    assert(replay:done())
    local once, left = player(nil, { max_retries = 0 })
    local _, err = once:chat { messages = user "Hi" }
    assert.equal(500, err.status)
    assert.equal("oops", err.message)
    assert.is_nil((left:done()))
  end)

  it("plays a connection that failed, with its words", function()
    local client, tape = recorder({ { { reset = true } }, fixture.json(200, fixture.chat_reply "Hello") }, { max_retries = 1 })
    assert(client:chat { messages = user "Hi" })
    assert(tape:done())
    local _, err = player():chat { messages = user "Hi" }
    assert.equal("connection", err.kind)
    assert.equal("Hello", player(nil, { max_retries = 1 }):chat({ messages = user "Hi" }).choices[1].message.content)
  end)

  it("says what is missing where a retry finds no further answer", function()
    local client, tape = recorder(fixture.json(500, fixture.error_body "oops", { ["retry-after-ms"] = "1" }))
    client:chat { messages = user "Hi" }
    assert(tape:done())
    local _, err = player(nil, { max_retries = 2 }):chat { messages = user "Hi" }
    assert.equal("connection", err.kind)
    assert.matches("the cassette has no other answer to this request", err.message, 1, true)
  end)

  it("of another version is refused with both numbers, and other files as well (67)", function()
    local function why(text)
      write(path, text)
      local tape, err = lualogue.cassette(path)
      assert.is_nil(tape)
      return err.message
    end
    assert.matches("is of version 2, and this lualogue reads version 1", why '{"lualogue":2,"interactions":[]}', 1, true)
    assert.matches("is no cassette: it is some other file", why '{"x":1}', 1, true)
    assert.matches("is no cassette: invalid JSON", why "# readme", 1, true)
    assert.matches("is no cassette: interaction 1 has no request and response", why '{"lualogue":1,"interactions":[{}]}', 1, true)
    assert.equal("# readme", (function() write(path, "# readme") lualogue.cassette(path) return read(path) end)())
  end)

  it("shows whether the requests of a conversation extend each other (68)", function()
    local client, tape = recorder(fixture.json(200, fixture.chat_reply "Sure."))
    local messages = { { role = "system", content = "Be terse." } }
    for i = 1, 3 do
      messages[#messages + 1] = { role = "user", content = "Question " .. i }
      messages[#messages + 1] = assert(client:chat { model = "m", messages = messages }).choices[1].message
    end
    assert(tape:done())
    local before
    for _, interaction in ipairs(json.decode(read(path)).interactions) do
      local sent = interaction.request.body.messages
      for i, message in ipairs(before or {}) do assert.same(message, sent[i]) end
      before = sent
    end
    assert.equal(6, #before)
  end)

  it("is recorded once, then replayed; new adds to it; all makes it anew", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply "Hello"))
    local function ask(record, text)
      local client = lualogue.new { base_url = base_url, api_key = false, cassette = path, record = record, max_retries = 0 }
      local reply, err = client:chat { messages = user(text) }
      return reply and reply.choices[1].message.content, err
    end
    local function count() return #server:requests(base_url) end
    assert.equal("Hello", ask(nil, "one"))
    assert.equal(1, count())
    assert.equal("Hello", ask(nil, "one"))
    assert.is_nil((ask("once", "two")))
    assert.equal(1, count())
    assert.equal("Hello", ask("new", "two"))
    assert.equal("Hello", ask("new", "two"))
    assert.equal("Hello", ask("none", "one"))
    assert.equal(2, count())
    assert.equal(2, #json.decode(read(path)).interactions)
    assert.equal("Hello", ask("all", "one"))
    assert.equal(3, count())
    assert.equal(1, #json.decode(read(path)).interactions)
  end)

  it("is written so that it can be read, compared and edited", function()
    local client, tape = recorder(fixture.json(200, '{"z": 1.50, "a": [], "big": 123456789012345678901, "null": null, "list": [1,2]}'))
    client:request("POST", "/x", { model = "m", messages = user "Hi", seed = 5 })
    assert(tape:done())
    local text = read(path)
    assert.matches('"seed": 5', text, 1, true)
    assert.matches('"body": {"a": [], "big": 123456789012345678901, "list": [1, 2], "null": null, "z": 1.50}', text, 1, true)
    assert.matches('^{\n  "interactions": %[\n', text)
    assert.matches('\n  "lualogue": 1\n}\n$', text)
    local again, replay = player()
    assert.equal(1.5, assert(again:request("POST", "/x", { model = "m", messages = user "Hi", seed = 5 })).z)
    assert(replay:done())
  end)

  it("lets the caller redact and match", function()
    local function redact(value, where)
      if where:find "%.content$" and type(value) == "string" then return (value:gsub("Alice", "NAME")) end
      if where == "response.stream" then return (value:gsub("Alice", "NAME")) end
    end
    local tape = assert(lualogue.cassette(path, { record = "all", redact = redact }))
    local script = { fixture.json(200, fixture.chat_reply "Hello Alice"), fixture.sse(fixture.words { "Hi Alice" }) }
    local client = lualogue.new { base_url = server:script(script), cassette = tape }
    assert.equal("Hello Alice", client:chat({ messages = user "I am Alice" }).choices[1].message.content)
    assert(assert(client:stream { messages = user "I am Alice" }):message())
    assert(tape:done())
    assert.is_nil(read(path):find("Alice", 1, true))
    local again = player { redact = redact }
    assert.equal("Hello NAME", again:chat({ messages = user "I am Alice" }).choices[1].message.content)
    assert.equal("Hi NAME", assert(again:stream { messages = user "I am Alice" }):message().content)
    local any = player { match = function(request, interaction) return request.path == interaction.request.path and not request.body.stream == not interaction.request.body.stream end }
    assert.equal("Hello NAME", any:chat({ messages = user "whatever" }).choices[1].message.content)
  end)

  it("records and plays what tasks ask for at once, and a recording that is dropped is told", function()
    local client, tape = recorder(fixture.sse(fixture.words { "Hel", "lo" }))
    local function ask(from)
      return lualogue.map({ "one", "two", "three" }, function(text)
        return assert(from:stream { messages = user(text) }):message()
      end)
    end
    local first = ask(client)
    assert(tape:done())
    assert.equal("Hello", first[3].content)
    local again, replay = player()
    assert.same(first, ask(again))
    assert(replay:done())
    local stream = assert(client:stream { messages = user "four" })
    local _, err = tape:done()
    assert.equal("open", err.code)
    stream:close()
    assert(tape:done())
  end)

  it("makes no other file anew", function()
    write(path, "# readme")
    local tape, err = lualogue.cassette(path, { record = "all" })
    assert.is_nil(tape)
    assert.matches("is no cassette", err.message, 1, true)
    write(path, '{"lualogue":0}')
    assert(lualogue.cassette(path, { record = "all" }))
  end)

  it("plays the events of any path", function()
    local bytes = "event: a\ndata: {\"x\":1}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\"}\n\n"
    local client, tape = recorder(fixture.raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " .. #bytes .. "\r\n\r\n" .. bytes))
    local function names(from)
      local list = {}
      for event in assert(from:request("POST", "/responses", { input = "Hi" }, { stream = true })) do list[#list + 1] = event.name end
      return table.concat(list, " ")
    end
    assert.equal("a response.completed", names(client))
    assert(tape:done())
    local again, replay = player { split = 1 }
    assert.equal("a response.completed", names(again))
    assert(replay:done())
  end)

  it("plays many calls at once, each answer once", function()
    local client, tape = recorder { fixture.json(200, fixture.chat_reply "1"), fixture.json(200, fixture.chat_reply "2"), fixture.json(200, fixture.chat_reply "3") }
    for _ = 1, 3 do assert(client:chat { messages = user "Hi" }) end
    assert(tape:done())
    local core, reel, file = require "lualogue.core", require("lualogue.core").reel, json.decode(read(path))
    local deck = reel.deck(1)
    local tapes = require "lualogue.cassette.tape"
    for _, interaction in ipairs(file.interactions) do
      reel.add(deck, tapes.from_file(interaction.response, json.encode(interaction.response.body)))
    end
    local plain, handles, seen = core.client { base_url = "http://nobody.invalid" }, {}, {}
    for i = 1, 4 do
      handles[i] = plain:chat { messages = user "Hi" }
      reel.play(handles[i], deck, { 1, 2, 3 })
    end
    for _ = 1, 1000 do
      local left = 0
      for _, handle in ipairs(handles) do left = left + (handle:result() == false and 1 or 0) end
      if left == 0 then break end
      core.step(10)
    end
    for i = 1, 3 do seen[handles[i]:result().choices[1].message.content] = true end
    assert.same({ ["1"] = true, ["2"] = true, ["3"] = true }, seen)
    assert.equal("connection", select(2, handles[4]:result()).kind)
    assert.has_error(function() reel.play(handles[1], deck, {}) end)
    local cancelled = plain:chat { messages = user "Hi" }
    reel.play(cancelled, deck, { 1 })
    cancelled:cancel()
    assert.equal("cancelled", select(2, cancelled:result()).kind)
  end)

  it("knows a form by its names and texts, and plays into files and as bytes", function()
    local source, target = os.tmpname(), os.tmpname()
    write(source, "first")
    local function send(client, name)
      return client.files:create { file = lualogue.file(source, { name = name }), purpose = "batch" }
    end
    local client, tape, base_url = recorder { routes = {
      ["/files"] = fixture.json(200, { id = "file-1" }),
      ["/files/file-1/content"] = fixture.json(200, "\0bytes\255", { ["Content-Type"] = "application/octet-stream" }),
    } }
    assert(send(client, "a.jsonl"))
    assert(client.files:content("file-1", nil, { to = target }))
    local pieces = {}
    for piece in assert(client.files:content("file-1", nil, { stream = true })):bytes() do pieces[#pieces + 1] = piece end
    assert.equal("\0bytes\255", table.concat(pieces))
    assert(tape:save())
    assert.equal(3, #server:requests(base_url))
    assert.is_nil(read(path):find("first", 1, true)) -- what is in a file is not written down

    os.remove(source) -- nothing is read where nothing is sent
    os.remove(target)
    client = player()
    local nothing, err = send(client, "b.jsonl")
    assert.is_nil(nothing)
    assert.equal("no_match", err.code)
    assert.equal("file-1", assert(send(client, "a.jsonl")).id)
    local saved = assert(client.files:content("file-1", nil, { to = target }))
    assert.same({ 7, "\0bytes\255" }, { saved.bytes, read(target) })
    assert.equal("\0bytes\255", assert(client.files:content("file-1", nil, { stream = true })):next())
    os.remove(target)
  end)

  it("refuses wrong arguments at the caller's line", function()
    for _, case in ipairs {
      { { 5 }, "bad argument 'path' to 'cassette' (string expected, got number)" },
      { { path, 5 }, "bad argument 'options' to 'cassette' (table expected, got number)" },
      { { path, { record = "ever" } }, "bad argument 'record' to 'cassette' (none, once, new or all expected, got ever)" },
      { { path, { speed = "x" } }, "bad argument 'speed' to 'cassette' (number expected, got string)" },
      { { path, { color = 1 } }, "bad argument 'color' to 'cassette' (unknown option)" },
    } do
      local ok, message = pcall(lualogue.cassette, case[1][1], case[1][2])
      assert.is_false(ok)
      assert.equal(case[2], (assert(message:match "^spec/cassette_spec%.lua:%d+: (.*)", message)))
    end
    local ok, message = pcall(lualogue.new, { cassette = 5, api_key = false })
    assert.is_false(ok)
    assert.matches("^spec/cassette_spec.lua:%d+: bad argument 'cassette' to 'new'", message)
  end)

  it("says where it cannot be written", function()
    local tape = assert(lualogue.cassette("/nowhere/at/all.json", { record = "all" }))
    local client = lualogue.new { base_url = server:script(fixture.json(200, fixture.chat_reply "Hello")), cassette = tape }
    assert(client:chat { messages = user "Hi" })
    local done, err = tape:done()
    assert.is_nil(done)
    assert.matches("/nowhere/at/all.json cannot be written: ", err.message, 1, true)
  end)
end)
