-- Windows: the error of each server is understood, taught from, and answered by one tighter send;
-- a prompt that was cut without a word is noticed.
local account = require "lualogue.dialogue.account"
local dialogue = require "lualogue.dialogue"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local overflow = require "lualogue.dialogue.overflow"
local script_client = require "spec.support.script_client"
local trim = require "lualogue.trim"

local function api(message, more)
  local err = { kind = "api", status = 400, message = message }
  for name, value in pairs(more or {}) do err[name] = value end
  return err
end

describe("the error of a prompt that is too long", function()
  for _, row in ipairs {
    { "This model's maximum context length is 4097 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion).", 4097, 4000 },
    { "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.", 8192, 9000 },
    { "This model's maximum context length is 128,000 tokens", 128000 },
    { "prompt is too long: 205000 tokens > 200000 maximum", 200000, 205000 },
    { "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1048576, 1200000 },
    { "This model's maximum prompt length is 131072 but the request contains 537812 tokens.", 131072, 537812 },
    { "This model's maximum context length is 2048 tokens. However, your request has 3000 input tokens.", 2048, 3000 },
    { "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", 8192 },
    { "Request of 9000 tokens exceeds the limit of 8192", 8192 },
    { "Input exceeds context length (4096)", 4096 },
    { "The prompt exceeds the limit of 32768", 32768 },
    { "request (2715 tokens) exceeds the available context size (2048 tokens), try increasing it", 2048, 2715 },
    { "nope", 2048, 2313, more = { type = "exceed_context_size_error", body = '{"error":{"type":"exceed_context_size_error","n_prompt_tokens":2313,"n_ctx":2048}}' } },
    { "Your input is bad", nil, nil, more = { code = "context_length_exceeded" } },
    { "Input is too long for requested model.", nil },
  } do
    it(row[1]:sub(1, 60), function()
      assert.same({ window = row[2], prompt = row[3] }, overflow.read(api(row[1], row.more)))
    end)
  end

  it("89: is never a rate limit, nor anything else", function()
    for _, err in ipairs {
      api("Request too large: too many tokens, maximum context length is 5", { status = 429 }),
      api "Rate limit reached: 30000 tokens per minute, context window", api "Too many requests", api "ThrottlingException: maximum context length",
      api "max_tokens 5000 exceeds the limit of 4096", api("The prompt exceeds the limit of 4096", { param = "max_tokens" }),
      api "You exceeded your current quota", api "messages must alternate", { kind = "connection", message = "maximum context length is 5" },
    } do
      assert.is_nil(overflow.read(err))
    end
  end)
end)

describe("the account", function()
  it("91: notices a prompt that was cut without a word", function()
    local a = account.new()
    for _ = 1, 3 do assert.is_nil(a:compare("m", 1000, 1000, false)) end
    assert.is_nil(a:compare("m", 9000, 4096, false))
    assert.equal(4096, a:compare("m", 9800, 4096, false))
    assert.equal(4096, a:of("m").window)
    assert.is_true(math.abs(a:of("m").ratio - 1) < 0.01)
  end)

  it("91: also when it was cut from the beginning on, and when it grew into it", function()
    local a = account.new()
    assert.is_nil(a:compare("m", 9000, 4096, false))
    assert.equal(4096, a:compare("m", 9800, 4096, false))
    a = account.new()
    for own = 3900, 4000, 100 do assert.is_nil(a:compare("m", own, own, false)) end
    assert.is_nil(a:compare("m", 4100, 4096, false))
    assert.equal(4096, a:compare("m", 4250, 4096, false))
  end)

  it("92: takes another way of counting for what it is", function()
    local a = account.new()
    assert.is_nil(a:compare("m", 120, 95, false))
    assert.is_nil(a:compare("m", 60, 50, false))
    assert.is_nil(a:compare("m", 240, 190, false))
    assert.is_nil(a:of("m").window)
    assert.is_true(a:of("m").ratio > 0.7 and a:of("m").ratio < 0.9)
    for i = 1, 20 do assert.is_nil(a:compare("n", 100 * i, math.floor(60.4 * i), false)) end
    assert.is_nil(a:of("n").window)
  end)

  it("says nothing where images can only be guessed", function()
    local a = account.new()
    a:compare("m", 100, 100, false)
    assert.is_nil(a:compare("m", 2000, 101, true))
  end)
end)

describe("a dialogue whose prompt is too long", function()
  local function new(script, options)
    local client, events = script_client.new(script), {}
    options = options or {}
    options.model = options.model or "somebody's"
    options.on_event = function(event) events[#events + 1] = event.type end
    return dialogue.new(client, options), client, events
  end

  local function refuse(window)
    return function(params)
      local n = script_client.count_words(params.messages)
      if n > window then
        return { err = api("no", { body = ('{"n_ctx":%d,"n_prompt_tokens":%d}'):format(window, n) }) }
      end
      return ("word "):rep(30)
    end
  end

  it("87: learns, and sends once more, tighter", function()
    local d, client, events = new { refuse(300) }
    local n = 0
    repeat
      n = n + 1
      assert(d:ask("question " .. n))
    until events[1] or n > 50
    assert.same({ "trimmed", "retried" }, events)
    assert.equal(n + 1, #client.requests)
    assert.is_true(#client.requests[n + 1].messages < #client.requests[n].messages)
    assert.equal(300, d.inside.account:of("somebody's").window)
    for _ = 1, 30 do assert(d:ask "more") end
    assert.equal(n + 1 + 30, #client.requests)
    assert.is_nil(d.pending)
  end)

  it("87: learns also where no number is told, and no model is known", function()
    local events, refusals = {}, 0
    local client = script_client.new { function(params)
      if script_client.count_words(params.messages) <= 400 then return ("word "):rep(30) end
      refusals = refusals + 1
      return { err = api("Input is too long.") }
    end }
    local d = dialogue.new(client, { on_event = function(event) events[#events + 1] = event.type end })
    for i = 1, 60 do assert(d:ask("question " .. i)) end
    assert.is_true(refusals >= 1 and refusals <= 3, refusals)
    assert.equal(120, #(d:history()))
  end)

  it("88: does not trim where it is the answer that does not fit", function()
    local d, client = new({ { err = api("This model's maximum context length is 4096 tokens. However, you requested 6500 tokens (1500 in the messages, 5000 in the completion).") } }, { max_tokens = 5000 })
    d:append { role = "user", content = ("word "):rep(1400) }
    d:append { role = "assistant", content = "yes" }
    local _, err = d:ask "more"
    assert.equal(1, #client.requests)
    assert.equal("context", err.code)
    assert.equal("max_tokens", err.param)
    assert.truthy(err.message:find("max_tokens asks for 5000 of the window's 4096 tokens", 1, true), err.message)
  end)

  it("90: gives the error of the second refusal, with both numbers", function()
    local n = 0
    local d, client = new { function()
      n = n + 1
      if n < 6 then return ("word "):rep(100) end
      return { err = api("no", { body = ('{"n_ctx":%d,"n_prompt_tokens":900}'):format(600 - 50 * n) }) }
    end }
    for i = 1, 5 do d:ask("question " .. i) end
    local _, err = d:ask "last"
    assert.equal("api", err.kind)
    assert.equal(250, err.window)
    assert.equal(900, err.prompt_tokens)
    assert.equal(7, #client.requests)
    assert.equal(10, #(d:history()))
  end)

  it("93: takes an answer without a word at the end of the window for what it is", function()
    local d, client, events = new { function(params, n)
      local half = math.floor(script_client.count_words(params.messages) / 2)
      if n < 8 or #params.messages < 8 then
        return { content = ("word "):rep(40), usage = { prompt_tokens = half, completion_tokens = 40, total_tokens = half + 40 } }
      end
      return { content = "", finish = "length", usage = { prompt_tokens = 396, completion_tokens = 0, total_tokens = 396 } }
    end }
    d.inside.account:learn("somebody's", 400)
    for i = 1, 8 do assert(d:ask("question " .. i)) end
    assert.equal("retried", events[#events])
    assert.equal(9, #client.requests)
    assert.is_true(#client.requests[9].messages < #client.requests[8].messages)
    assert.equal(16, #(d:history()))
  end)

  it("streams the tighter one too", function()
    local d, client, events = new { refuse(300) }
    for i = 1, 12 do
      for _ in assert(d:stream("question " .. i)) do end
    end
    assert.equal("retried", events[2])
    assert.is_true(#client.requests <= 14)
    assert.equal(24, #(d:history()))
  end)

  it("keeps what it learned in its file", function()
    local d = new { refuse(300) }
    for i = 1, 12 do d:ask("question " .. i) end
    local path = os.tmpname()
    assert(d:save(path))
    local loaded = assert(dialogue.new(script_client.new { "x" }, { load = path }))
    os.remove(path)
    assert.equal(300, loaded.inside.account:of("somebody's").window)
    assert.equal(d.inside.account:of("somebody's").ratio, loaded.inside.account:of("somebody's").ratio)
  end)

  it("does not believe it of another server", function()
    local d = new { refuse(300) }
    for i = 1, 12 do d:ask("question " .. i) end
    local path = os.tmpname()
    assert(d:save(path))
    local elsewhere = script_client.new({ "x" }, { server = "http://elsewhere/v1" })
    local loaded = assert(dialogue.new(elsewhere, { load = path }))
    os.remove(path)
    assert.is_nil(loaded.inside.account:of("somebody's").window)
  end)
end)

describe("a server", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("that cuts in silence is found out, and its window learned", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply "x"))
    local client, events = lualogue.new { base_url = base_url, model = "cutter" }, {}
    local d = client:dialogue { on_event = function(event) events[#events + 1] = event end }
    local truncated
    for i = 1, 40 do
      local _, _, total = d:preview(("word "):rep(60))
      server:rescript(base_url, fixture.json(200, fixture.chat_reply("answer " .. i, {
        usage = { prompt_tokens = math.min(total, 1500), completion_tokens = 5, total_tokens = total + 5 } })))
      local text, answer = d:ask(("word "):rep(60))
      assert(text, answer)
      truncated = truncated or answer.truncated
      if truncated and answer.info.total > 1500 * 0.75 + 100 and i > 30 then error("still too long: " .. answer.info.total) end
    end
    assert.equal(1500, truncated.window)
    local found = 0
    for _, event in ipairs(events) do
      if event.type == "input_truncated" then
        found = found + 1
        assert.equal(1500, event.window)
        assert.is_true(event.counted > 1500)
      end
    end
    assert.equal(1, found)
    assert.equal(1500, lualogue.models.get("cutter", base_url).window)
  end)

  it("that can tell its window is asked for it, once, behind its first answer", function()
    local reply = fixture.chat_reply("x", { timings = { prompt_n = 1 } })
    local base_url = server:script { routes = {
      ["/models"] = fixture.json(200, { data = { { id = "local", meta = { n_ctx = 2048 } } } }), ["*"] = fixture.json(200, reply),
    } }
    local d = lualogue.new { base_url = base_url, model = "local" }:dialogue { trim = trim.tokens() }
    for _ = 1, 3 do d:ask "hello" end
    local paths = {}
    for i, request in ipairs(server:requests(base_url)) do paths[i] = request.path end
    assert.same({ "/chat/completions", "/models", "/chat/completions", "/chat/completions" }, paths)
    local _, _, _, info = d:preview "x"
    assert.equal(2048, info.window)
  end)

  it("that cannot is not", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply "x"))
    local d = lualogue.new { base_url = base_url, model = "remote" }:dialogue()
    for _ = 1, 3 do d:ask "hello" end
    assert.equal(3, #server:requests(base_url))
  end)
end)
