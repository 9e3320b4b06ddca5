-- What is told of calls, and the say that a program has in what is tried again.

local core = require "lualogue.core"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local said_during = require("spec.support.said").during

local KEY = "sk-secret-0123456789"
local messages = { { role = "user", content = "Hi" } }
local hello = fixture.json(200, fixture.chat_reply "Hello", { ["x-request-id"] = "req_1" })
local server

local function soon(status)
  return fixture.json(status, fixture.error_body "not now", { ["retry-after-ms"] = "1" })
end

--- A client of a new origin with this script that writes its events into a list.
local function watched(script, options)
  local seen = {}
  local settings = { base_url = server:script(script), api_key = KEY, model = "m",
    on_event = function(event) seen[#seen + 1] = event end }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), seen
end

local function kinds(seen)
  local list = {}
  for i, event in ipairs(seen) do list[i] = event.type end
  return table.concat(list, " ")
end

--- All that stands in a value, as text.
local function all_of(value, into, done)
  into, done = into or {}, done or {}
  if type(value) == "table" and not done[value] then
    done[value] = true
    for key, inner in pairs(value) do
      all_of(key, into, done)
      all_of(inner, into, done)
    end
  end
  into[#into + 1] = tostring(value)
  return table.concat(into, "\n")
end

--- Run within a task, to its end.
local function in_task(fn) return lualogue.task(fn):wait() end

describe("on_event", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("tells of a plain call from its request to its end", function()
    local client, seen = watched(hello)
    local before = core.now()
    lualogue.assert(client:chat { messages = messages })
    assert.equal("request headers done", kinds(seen))
    local request, headers, done = seen[1], seen[2], seen[3]
    assert.equal("POST", request.method)
    assert.matches("^http://127%.0%.0%.1:%d+/v1/chat/completions$", request.url)
    assert.equal(1, request.attempt)
    assert.equal(#'{"messages":[{"content":"Hi","role":"user"}],"model":"m"}', request.bytes)
    assert.is_false(request.stream)
    assert.is_nil(request.body)
    assert.is_true(request.at >= before and request.at <= done.at)
    assert.equal(200, headers.status)
    assert.equal("req_1", headers.request_id)
    assert.equal("application/json", headers.headers["content-type"])
    assert.equal(200, done.status)
    assert.equal("stop", done.finish_reason)
    assert.equal("complete", done.verdict)
    assert.equal(1, done.attempts)
    assert.equal(request.bytes, done.bytes_sent)
    assert.is_number(done.usage.total_tokens)
    assert.is_number(done.timing.total)
    assert.is_true(done.elapsed >= 0)
    for _, event in ipairs(seen) do assert.equal(request.call, event.call) end
  end)

  it("tells of each attempt, and why there is another one", function()
    local client, seen = watched { { { reset = true } }, soon(503), hello }
    lualogue.assert(client:chat { messages = messages })
    assert.equal("request retry request headers retry request headers done", kinds(seen))
    assert.equal("connection", seen[2].err.kind)
    assert.is_nil(seen[2].status)
    assert.equal(1, seen[2].attempt)
    assert.equal(503, seen[5].status)
    assert.equal(0.001, seen[5].delay)
    assert.equal("api 503: not now", seen[5].reason)
    assert.equal(2, seen[5].attempt)
    assert.equal(3, seen[6].attempt)
  end)

  it("tells the error of a call that fails, which is the one that it gives", function()
    local client, seen = watched(fixture.json(401, fixture.error_body("Incorrect API key provided: " .. KEY)))
    local _, err = client:chat { messages = messages }
    assert.equal("request headers error", kinds(seen))
    assert.equal(err, seen[3].err)
    assert.equal(401, seen[3].status)
    local refused, events = watched(hello)
    server:stop_listening(refused.server)
    refused:chat({ messages = messages }, { max_retries = 0 })
    assert.equal("request error", kinds(events))
  end)

  it("tells of a stream at its head and at its end", function()
    local words = fixture.words { "a", "b" }
    words[#words].usage = { prompt_tokens = 1, completion_tokens = 2, total_tokens = 3 }
    local client, seen = watched(fixture.sse(words))
    local stream = lualogue.assert(client:stream { messages = messages })
    assert.equal("request headers", kinds(seen))
    assert.is_true(seen[1].stream)
    assert.equal("ab", lualogue.assert(stream:message()).content)
    assert.equal("request headers done", kinds(seen))
    assert.equal(3, seen[3].usage.total_tokens)
    assert.equal("stop", seen[3].finish_reason)
    assert.equal("complete", seen[3].verdict)
    stream:close()
    stream:next()
    assert.equal(3, #seen)
  end)

  it("leaves a stream what it is, whichever way it is read", function()
    local words = {}
    for i = 1, 300 do words[i] = ("word %d\n"):format(i) end
    local whole = table.concat(words)
    local client, seen = watched(fixture.sse(fixture.words(words)))
    local got = {}
    for text in lualogue.assert(client:stream { messages = messages }):text() do got[#got + 1] = text end
    assert.equal(whole, table.concat(got))
    local stream = lualogue.assert(client:stream { messages = messages })
    local n = 0
    for chunk in stream:chunks() do n = n + #chunk.choices end
    assert.equal(whole, lualogue.assert(stream:message()).content)
    assert.equal(whole, lualogue.assert(stream:reply()).text)
    assert.is_true(n >= 300)
    assert.equal("request headers done request headers done", kinds(seen))
  end)

  it("tells how a stream ends: cut off, closed, refused", function()
    local cut = fixture.sse({ fixture.chunk { content = "a" } }, { done = false })
    local client, seen = watched(cut)
    for _ in pcall, lualogue.assert(client:stream { messages = messages }):text() do break end
    local stream = lualogue.assert(client:stream { messages = messages })
    assert.is_nil(stream:message())
    assert.equal("truncated", seen[#seen].err.kind)

    client, seen = watched(fixture.sse(fixture.words { "a", "b", "c" }, { delay = 0.2 }))
    stream = lualogue.assert(client:stream { messages = messages })
    stream:next()
    stream:close()
    assert.equal("request headers done", kinds(seen))
    assert.equal("closed", seen[3].verdict)

    client, seen = watched(soon(404))
    assert.is_nil((client:stream { messages = messages }))
    assert.equal("request headers error", kinds(seen))
  end)

  it("tells of events, of embeddings and of resources", function()
    local client, seen = watched(fixture.sse({
      { type = "response.created", response = { id = "r" } },
      { type = "response.completed", response = { id = "r", usage = { total_tokens = 5 } } },
    }, { done = false }))
    local stream = lualogue.assert(client.responses:stream { input = "Hi" })
    lualogue.assert(stream:reply())
    assert.equal("request headers done", kinds(seen))
    assert.equal(5, seen[3].usage.total_tokens)

    client, seen = watched(fixture.json(200, { data = { { index = 0, embedding = { 1, 2 } } },
      model = "m", usage = { total_tokens = 2 } }))
    lualogue.assert(client:embeddings { input = "Hi" })
    assert.equal(2, seen[3].usage.total_tokens)

    client, seen = watched(fixture.json(200, { data = {}, object = "list" }))
    lualogue.assert(client:request("GET", "/models"))
    assert.equal("GET", seen[1].method)
    assert.equal(0, seen[1].bytes)
  end)

  it("has the body where it is asked for, and neither key nor query anywhere", function()
    local client, seen = watched({ soon(500), hello }, { on_event_body = true, query = { sig = "hidden-0123456789" },
      headers = { ["x-secret"] = "header-0123456789" } })
    lualogue.assert(client:chat { messages = { { role = "user", content = "my key is " .. KEY } } })
    assert.equal('{"messages":[{"content":"my key is [key]","role":"user"}],"model":"m"}', seen[1].body)
    assert.equal(seen[1].body, seen[4].body)
    local echo = fixture.json(400, fixture.error_body(KEY .. " hidden-0123456789 header-0123456789"),
      { ["x-echo"] = KEY .. "/hidden-0123456789" })
    local other, events = watched(echo, { query = { sig = "hidden-0123456789" },
      headers = { ["x-secret"] = "header-0123456789" }, on_event_body = true })
    other:chat { messages = messages }
    for _, list in ipairs { seen, events } do
      local text = all_of(list)
      assert.is_nil(text:find(KEY, 1, true))
      assert.is_nil(text:find("hidden-0123456789", 1, true))
      assert.is_nil(text:find("header-0123456789", 1, true))
    end
  end)

  it("hides cookies, and has the head of the answer to which a redirect led", function()
    local cookie = "__cf_bm=hidden-0123456789; path=/"
    local client, seen = watched(fixture.json(200, fixture.chat_reply "Hello", { ["set-cookie"] = cookie }))
    lualogue.assert(client:chat { messages = messages })
    assert.equal("[cookie]", seen[2].headers["set-cookie"])
    assert.is_nil(all_of(seen):find("hidden", 1, true))
    local redirected, events = watched { routes = {
      ["/chat/completions"] = fixture.redirect(307, "/v1/elsewhere"), ["/elsewhere"] = hello } }
    lualogue.assert(redirected:chat { messages = messages })
    assert.equal("request", events[1].type)
    assert.equal(200, events[#events - 1].status)
    assert.equal("headers", events[#events - 1].type)
    assert.equal("done", events[#events].type)
  end)

  it("may be given to a call, in the place of the client's", function()
    local client, seen = watched(hello)
    local own = {}
    lualogue.assert(client:chat({ messages = messages }, { on_event = function(event) own[#own + 1] = event end }))
    assert.equal("request headers done", kinds(own))
    assert.equal(0, #seen)
    lualogue.assert(client:chat({ messages = messages }, { on_event = false }))
    assert.equal(0, #seen)
    local plain = lualogue.new { base_url = server:script(hello), api_key = false }
    lualogue.assert(plain:chat({ messages = messages }, {
      on_event = function(event) own[#own + 1] = event end, timeout = 9,
    }))
    assert.equal(6, #own)
    local stream = lualogue.assert(plain:request("GET", "/models", nil, { on_event = function() own[#own + 1] = {} end }))
    assert.is_table(stream)
    assert.equal(9, #own)
  end)

  it("goes along to what goes on from the client", function()
    local client, seen = watched(hello)
    lualogue.assert(client:with { max_retries = 0 }:chat { messages = messages })
    assert.equal("request headers done", kinds(seen))
    lualogue.assert(client:with { on_event = false }:chat { messages = messages })
    assert.equal(3, #seen)
    local own = {}
    local other = client:with { on_event = function(event) own[#own + 1] = event end }
    lualogue.assert(other:chat { messages = messages })
    assert.equal("request headers done", kinds(own))
    assert.equal(3, #seen)
  end)

  it("is told of a client of Azure's too, whose key is in none of it", function()
    local own = {}
    local client = lualogue.azure { endpoint = server:script(hello):gsub("/v1$", ""), api_key = KEY, deployment = "d",
      api_version = "2024-10-21", on_event = function(event) own[#own + 1] = event end }
    lualogue.assert(client:chat { messages = messages })
    assert.equal("request headers done", kinds(own))
    assert.is_nil(all_of(own):find(KEY, 1, true))
  end)

  it("fails without harm to the call, and is told of once", function()
    local said = said_during(function()
      local client = watched(hello, { on_event = function() error "oops" end })
      for _ = 1, 2 do lualogue.assert(client:chat { messages = messages }) end
      assert.equal("Hello", lualogue.assert(client:chat { messages = messages }).text)
    end)
    assert.equal(1, #said)
    assert.matches("on_event failed.*oops", said[1])
  end)

  it("runs where its call waits: within its task", function()
    local client, seen = watched(soon(503), { max_retries = 1 })
    local inside = {}
    local other = watched({ soon(503), hello }, { on_event = function(event)
      inside[#inside + 1] = event.type .. tostring(coroutine.running())
    end })
    local co
    in_task(function()
      co = tostring(coroutine.running())
      local task = lualogue.task(function() return client:chat { messages = messages } end)
      lualogue.assert(other:chat { messages = messages })
      task:wait()
    end)
    assert.equal("request headers retry request headers error", kinds(seen))
    assert.equal(6, #inside)
    for _, text in ipairs(inside) do assert.is_truthy(text:find(co, 1, true)) end
  end)

  it("tells of a call that its task was cancelled in", function()
    local client, seen = watched { { stall = true } }
    in_task(function()
      local task = lualogue.task(function() return client:chat { messages = messages } end)
      lualogue.sleep(0.05)
      task:cancel()
      task:wait()
    end)
    assert.equal("request error", kinds(seen))
    assert.equal("cancelled", seen[2].err.kind)
  end)

  it("hears of what a cassette plays", function()
    local path = os.tmpname()
    os.remove(path)
    local client = watched({ soon(503), hello }, { cassette = path })
    lualogue.assert(client:chat { messages = messages })
    local again, seen = watched(hello, { cassette = path, record = "none" })
    assert.equal("Hello", lualogue.assert(again:chat { messages = messages }).text)
    os.remove(path)
    assert.equal("request headers retry request headers done", kinds(seen))
  end)

  it("is refused where it is no function", function()
    local ok, err = pcall(lualogue.new, { api_key = false, on_event = "loud" })
    assert.is_false(ok)
    assert.matches("observe_spec.lua.*bad argument 'on_event' to 'new' %(function expected, got string%)", err)
    local client = watched(hello)
    ok, err = pcall(client.chat, client, { messages = messages }, { retry = 3 })
    assert.is_false(ok)
    assert.matches("bad argument 'retry' to 'chat' %(function expected, got number%)", err)
    ok, err = pcall(client.chat, client, { messages = messages }, { on_events = print })
    assert.is_false(ok)
    assert.matches("bad argument 'on_events' to 'chat' %(unknown option%)", err)
  end)
end)

describe("retry", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- A client that asks `retry`, and what it was asked.
  local function asked(script, retry, options)
    local infos = {}
    options = options or {}
    options.retry = function(info)
      infos[#infos + 1] = info
      return retry(info)
    end
    local client, seen = watched(script, options)
    return client, infos, seen
  end

  it("is told of the attempt, without what is secret", function()
    local client, infos = asked({ soon(503), hello }, function() return 0 end)
    lualogue.assert(client:chat { messages = messages })
    local info = infos[1]
    assert.equal(1, #infos)
    assert.equal(1, info.attempt)
    assert.equal(503, info.status)
    assert.equal("api", info.kind)
    assert.equal(0.001, info.delay)
    assert.equal(0.001, info.retry_after)
    assert.equal("1", info.headers["retry-after-ms"])
    assert.is_true(info.safe)
    assert.is_nil(all_of(infos):find(KEY, 1, true))
  end)

  it("says no, and the call has the error of its attempt", function()
    local client, infos, seen = asked({ soon(503), hello }, function() return false end)
    local _, err = client:chat { messages = messages }
    assert.equal("api 503: not now", tostring(err))
    assert.equal(1, err.attempts)
    assert.equal(1, #infos)
    assert.equal("request headers error", kinds(seen))
  end)

  it("says nothing, and the table of retries holds", function()
    local client, infos = asked({ soon(503), soon(400), hello }, function() return nil end)
    local _, err = client:chat { messages = messages }
    assert.equal(400, err.status)
    assert.equal(2, err.attempts)
    assert.equal(2, #infos)
    assert.is_nil(infos[2].delay)
  end)

  it("has another one where the table has none, as often as max_retries says", function()
    local client, infos = asked(soon(400), function() return 0 end, { max_retries = 3 })
    local _, err = client:chat { messages = messages }
    assert.equal(4, err.attempts)
    assert.equal(3, #infos)
    client, infos = asked(soon(503), function() return 0 end, { max_retries = 0 })
    client:chat { messages = messages }
    assert.equal(0, #infos)
  end)

  it("is asked about what broke, and of a stream until it begins", function()
    local client, infos = asked({ { { reset = true } }, fixture.sse(fixture.words { "a", "b" }) },
      function() return 0 end)
    local stream = lualogue.assert(client:stream { messages = messages })
    assert.equal("ab", lualogue.assert(stream:message()).content)
    assert.equal("connection", infos[1].kind)
    assert.is_true(infos[1].stream)
    assert.is_false(infos[1].safe)
    assert.same({}, infos[1].headers)
    local cut
    client, cut = asked(fixture.sse({ fixture.chunk { content = "a" } }, { done = false, ending = "reset" }),
      function() return 0 end)
    assert.is_nil((lualogue.assert(client:stream { messages = messages }):message()))
    assert.equal(0, #cut)
  end)

  it("leaves no time that the call has not", function()
    local client, _, seen = asked(soon(503), function() return 3600 end, { timeout = 60 })
    local _, err = client:chat { messages = messages }
    assert.equal(503, err.status)
    assert.equal("request headers error", kinds(seen))
  end)

  it("counts as silent where it fails or says nonsense, and that is told", function()
    for _, nonsense in ipairs { "soon", -1, 0 / 0, math.huge, true } do
      local said = said_during(function()
        local client = asked({ soon(503), hello }, function() return nonsense end)
        assert.equal("Hello", lualogue.assert(client:chat { messages = messages }).text)
      end)
      assert.equal(1, #said)
      assert.matches("given as retry failed", said[1])
    end
    local said = said_during(function()
      local client = asked({ soon(503), hello }, function() error "oops" end)
      lualogue.assert(client:chat { messages = messages })
    end)
    assert.matches("oops", said[1])
  end)

  it("may wait, and others go on meanwhile", function()
    local other = watched(hello)
    local client, infos = asked({ soon(503), hello }, function()
      lualogue.sleep(0.05)
      return 0
    end)
    local order = {}
    in_task(function()
      local task = lualogue.task(function()
        lualogue.assert(client:chat { messages = messages })
        order[#order + 1] = "asked"
      end)
      lualogue.assert(other:chat { messages = messages })
      order[#order + 1] = "other"
      task:wait()
    end)
    assert.equal(1, #infos)
    assert.same({ "other", "asked" }, order)
  end)
end)

describe("an attempt that waits for its verdict", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function start(options)
    local client = core.client { base_url = server:script { soon(503), hello }, api_key = false }
    local exchange = client:chat({ model = "m", messages = messages }, options)
    core.attempts.watch(exchange)
    for _ = 1, 1000 do
      core.step(20)
      if select(3, core.attempts.state(exchange)) then return exchange end
    end
    error "nobody was asked"
  end

  it("is news for who waits, also later", function()
    local exchange = start()
    exchange:arm(7)
    local list = {}
    assert.equal(1, core.ready(list))
    assert.equal(7, list[1])
    assert.is_false(exchange:result())
    assert.is_true(core.attempts.decide(exchange, 0))
    assert.is_false(core.attempts.decide(exchange, 0))
    for _ = 1, 1000 do
      if exchange:result() then break end
      core.step(20)
    end
    assert.equal("Hello", lualogue.assert(exchange:result()).text)
  end)

  it("ends with the clock of the call, or a cancel", function()
    local exchange = start { timeout = 0.2 }
    for _ = 1, 1000 do
      if exchange:result() ~= false then break end
      core.step(20)
    end
    local _, err = exchange:result()
    assert.equal("timeout", err.kind)
    assert.equal("retry", err.phase)
    assert.is_nil(err.status)
    assert.is_nil((core.attempts.failed(exchange)))
    exchange = start()
    exchange:cancel()
    _, err = exchange:result()
    assert.equal("cancelled", err.kind)
    exchange = start()
    core.attempts.decide(exchange)
    _, err = exchange:result()
    assert.equal(503, err.status)
    assert.equal(0, core.active())
  end)
end)
