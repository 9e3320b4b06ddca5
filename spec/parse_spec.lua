-- Answers that fit a schema: how they are asked for, what is an error, and the one re-ask.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local schema = require "lualogue.schema"

local messages = { { role = "user", content = "Is it good?" } }
local FORM = "verdict yes|no, score int, note?"
local server

--- A reply with this message and finish reason.
local function reply(message, finish_reason)
  if type(message) == "string" then message = { role = "assistant", content = message } end
  message.role = "assistant"
  return fixture.json(200, fixture.chat_reply(nil, {
    choices = { { index = 0, finish_reason = finish_reason or "stop", message = message } },
  }))
end

local function call(name, arguments, id)
  return { id = id or "c1", type = "function", ["function"] = { name = name, arguments = arguments } }
end

local function refused(message, more)
  return fixture.json(400, fixture.error_body(message, more))
end

local GOOD = '{"verdict":"yes","score":7}'

--- Parse against a script; returns what came and the requests as they were sent.
local function parse(script, options, params)
  local base_url = server:script(script)
  local client = lualogue.new { base_url = base_url, api_key = false, max_retries = 0 }
  local all = { model = "m", messages = messages }
  for key, value in pairs(params or {}) do all[key] = value end
  local value, more = client:parse(all, FORM, options)
  local sent = {}
  for i, request in ipairs(server:requests(base_url)) do sent[i] = request:json() end
  return value, more, sent
end

local function raised(body)
  local ok, message = pcall(body)
  assert.is_false(ok)
  return (assert(message:match "^[^:]*spec/parse_spec%.lua:%d+: (.*)", tostring(message)))
end

describe("client:parse", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("gives the checked table, and says how it came", function()
    local value, parsed, sent = parse(reply(GOOD))
    assert.same({ verdict = "yes", score = 7 }, value)
    assert.equal("json_schema", parsed.method)
    assert.equal(0, parsed.retries)
    assert.equal(8, parsed.usage.total_tokens)
    assert.equal(GOOD, parsed.reply.text)
    assert.equal(GOOD, parsed.message.content)
    assert.same({}, parsed.unchecked)
    assert.equal(1, #sent)
    local format = sent[1].response_format
    assert.equal("json_schema", format.type)
    assert.equal("answer", format.json_schema.name)
    assert.is_true(format.json_schema.strict)
    assert.same({ "verdict", "score", "note" }, format.json_schema.schema.required)
    assert.same(messages, sent[1].messages)
  end)

  it("takes a schema in any form, and a name", function()
    local base_url = server:script(reply '{"a":1}')
    local client = lualogue.new { base_url = base_url, api_key = false }
    for _, form in ipairs { "a int", { { "a", "int" } }, { type = "object", properties = { a = { type = "integer" } } }, schema "a int" } do
      assert.same({ a = 1 }, lualogue.assert(client:parse({ model = "m", messages = messages }, form, { name = "mine" })))
    end
    for _, request in ipairs(server:requests(base_url)) do
      assert.equal("mine", request:json().response_format.json_schema.name)
    end
  end)

  it("takes JSON in a code block", function()
    assert.equal("yes", parse(reply("```json\n" .. GOOD .. "\n```")).verdict)
    assert.equal("yes", parse(reply(" ```\n" .. GOOD .. "```\n")).verdict)
  end)

  describe("tells apart", function()
    local function fails(script, kind, code, options, params)
      local value, err, sent = parse(script, options, params)
      assert.is_nil(value)
      assert.equal(kind, err.kind)
      assert.equal(code, err.code)
      return err, sent
    end

    it("a refusal", function()
      local err, sent = fails(reply { refusal = "I will not." }, "api", "refusal")
      assert.equal("api (refusal): the model refuses: I will not.", tostring(err))
      assert.equal("I will not.", err.partial.refusal)
      assert.equal(8, err.usage.total_tokens)
      assert.equal(1, #sent)
    end)

    it("an answer that was cut, even where it is JSON", function()
      local err, sent = fails(reply('{"verdict":"ye', "length"), "limit", "length")
      assert.equal('{"verdict":"ye', err.partial.content)
      assert.equal(1, #sent)
      fails(reply(GOOD, "length"), "limit", "length")
    end)

    it("what the filter cut", function()
      local _, sent = fails(reply("", "content_filter"), "api", "content_filter")
      assert.equal(1, #sent)
    end)

    it("no JSON, after one re-ask", function()
      local err, sent = fails({ reply "Yes!", reply "Really." }, "decode", "json")
      assert.equal("Really.", err.text)
      assert.equal(16, err.usage.total_tokens)
      assert.equal(2, #sent)
      assert.equal("the answer is empty", (fails(reply "", "decode", "json", { retries = 0 })).message)
    end)

    it("what does not fit, with its path", function()
      local err, sent = fails(reply '{"verdict":"yes","score":"x"}', "decode", "schema", { retries = 0 })
      assert.equal("score", err.path)
      assert.equal('score: an integer expected, got "x"', err.message)
      assert.equal(1, #sent)
    end)

    it("a tool that was called instead, which is not asked again", function()
      local params = { tools = { { type = "function", ["function"] = { name = "look" } } } }
      local err, sent = fails(reply({ tool_calls = { call("look", "{}") } }, "tool_calls"), "decode", "tool_calls", nil, params)
      assert.equal("the model called 'look' instead of answering", err.message)
      assert.equal(1, #sent)
    end)

    it("a reply without a message, and a server that fails", function()
      fails(fixture.json(200, { object = "chat.completion", choices = { { index = 0 } } }), "protocol")
      fails(fixture.json(500, fixture.error_body "Oh."), "api")
      local err = fails({ reply "Yes!", fixture.json(500, fixture.error_body "Oh.") }, "api")
      assert.equal(8, err.usage.total_tokens)
    end)
  end)

  it("asks once more with what was wrong, and not in the caller's list", function()
    local before = #messages
    local value, parsed, sent = parse({ reply '{"verdict":"maybe","score":7}', reply(GOOD) })
    assert.equal("yes", value.verdict)
    assert.equal(1, parsed.retries)
    assert.equal(16, parsed.usage.total_tokens)
    assert.equal(before, #messages)
    assert.equal(2, #sent)
    local list = sent[2].messages
    assert.equal(3, #list)
    assert.equal('{"verdict":"maybe","score":7}', list[2].content)
    assert.equal("user", list[3].role)
    assert.matches('verdict: one of "yes", "no" expected, got "maybe"', list[3].content, 1, true)
    -- In words as well, for servers that take a response_format and do nothing with it.
    assert.matches('JSON schema:\n{.*"verdict":{"enum":%["yes","no"%]', list[3].content)
    assert.same(sent[1].response_format, sent[2].response_format)
  end)

  it("does not ask again where it may not", function()
    local value, err, sent = parse({ reply "no", reply(GOOD) }, { retries = 0 })
    assert.is_nil(value)
    assert.equal("json", err.code)
    assert.equal(1, #sent)
  end)

  describe("of a server without response_format", function()
    local UNKNOWN = refused("Unsupported parameter: 'response_format'.", { param = "response_format" })

    it("calls a tool", function()
      local value, parsed, sent = parse({ UNKNOWN, reply({ tool_calls = { call("answer", GOOD) } }, "tool_calls") })
      assert.same({ verdict = "yes", score = 7 }, value)
      assert.equal("tool", parsed.method)
      assert.is_nil(sent[2].response_format)
      assert.same({ type = "function", ["function"] = { name = "answer" } }, sent[2].tool_choice)
      assert.same({ "verdict", "score", "note" }, sent[2].tools[1]["function"].parameters.required)
      assert.is_true(sent[2].tools[1]["function"].strict)
    end)

    it("asks for the tool once more with an answer to its call", function()
      local bad = reply({ tool_calls = { call("answer", "{", "c9"), call("other", "{}", "c10") } }, "tool_calls")
      local value, parsed, sent = parse({ UNKNOWN, bad, reply({ tool_calls = { call("answer", GOOD) } }, "stop") })
      assert.equal("yes", value.verdict)
      assert.equal(1, parsed.retries)
      local list = sent[3].messages
      assert.equal(4, #list)
      assert.equal("{", list[2].tool_calls[1]["function"].arguments)
      assert.equal("c9", list[3].tool_call_id)
      assert.equal("c10", list[4].tool_call_id)
      assert.matches("^Error: invalid JSON", list[3].content)
    end)

    it("puts the schema into the prompt where there are no tools either", function()
      local NO_TOOLS = refused "registry/llama2 does not support tools"
      local params = { messages = { { role = "system", content = "Be kind." }, { role = "user", content = "?" } } }
      local value, parsed, sent = parse({ UNKNOWN, NO_TOOLS, reply(GOOD) }, nil, params)
      assert.equal("yes", value.verdict)
      assert.equal("json_object", parsed.method)
      assert.same({ type = "json_object" }, sent[3].response_format)
      assert.is_nil(sent[3].tools)
      assert.equal(2, #sent[3].messages)
      assert.matches('^Be kind%.\n\nAnswer with one JSON object.*{.*"verdict"', sent[3].messages[1].content)
      assert.equal("Be kind.", params.messages[1].content)
    end)

    it("asks in words alone at the last", function()
      local value, parsed, sent = parse({ UNKNOWN, refused "tools are not supported", UNKNOWN, reply(GOOD) })
      assert.equal("yes", value.verdict)
      assert.equal("prompt", parsed.method)
      assert.is_nil(sent[4].response_format)
      assert.equal("system", sent[4].messages[1].role)
    end)

    it("leaves the caller's tools alone", function()
      local params = { tools = { { type = "function", ["function"] = { name = "look" } } } }
      local _, parsed, sent = parse({ UNKNOWN, reply(GOOD) }, nil, params)
      assert.equal("json_object", parsed.method)
      assert.equal("look", sent[2].tools[1]["function"].name)
    end)

    it("does without strict where only that is refused", function()
      local value, parsed, sent = parse({ refused "Unknown field: strict", reply(GOOD) })
      assert.equal("yes", value.verdict)
      assert.equal("json_schema", parsed.method)
      assert.is_nil(sent[2].response_format.json_schema.strict)
    end)

    it("is asked the same way the next time", function()
      local base_url = server:script { UNKNOWN, reply({ tool_calls = { call("answer", GOOD) } }, "tool_calls") }
      local client = lualogue.new { base_url = base_url, api_key = false, max_retries = 0 }
      for _ = 1, 3 do lualogue.assert(client:parse({ model = "m", messages = messages }, FORM)) end
      assert.equal(4, #server:requests(base_url))
    end)

    it("is asked as the caller says, and only so", function()
      local _, err, sent = parse(UNKNOWN, { method = "json_schema" })
      assert.equal("api", err.kind)
      assert.equal(1, #sent)
      local _, parsed, others = parse(reply(GOOD), { method = "prompt" })
      assert.equal("prompt", parsed.method)
      assert.is_nil(others[1].response_format)
    end)

    it("is not taken for one when it refuses something else", function()
      for _, message in ipairs { "Invalid schema for response_format 'answer': no.", "The model does not exist.", "Rate limit: tokens" } do
        local value, err, sent = parse(refused(message))
        assert.is_nil(value)
        assert.equal(message, err.message)
        assert.equal(1, #sent)
      end
      local _, err, sent = parse(fixture.json(429, fixture.error_body "response_format quota"))
      assert.equal(429, err.status)
      assert.equal(1, #sent)
    end)
  end)

  it("raises for wrong arguments", function()
    local client = lualogue.new { base_url = "http://127.0.0.1:1/v1" }
    local params = { model = "m", messages = messages }
    local function with(more)
      local all = { model = "m", messages = messages }
      for key, value in pairs(more) do all[key] = value end
      return all
    end
    assert.equal("bad argument 'params' to 'parse' (table expected, got nothing)", raised(function() client:parse() end))
    assert.equal("bad argument 'messages' to 'parse' (table expected, got nothing)", raised(function() client:parse({}, FORM) end))
    assert.equal("bad argument 'schema' to 'schema' (table expected, got nil)", raised(function() client:parse(params) end):gsub("nothing", "nil"))
    assert.equal("bad argument 'stream' to 'parse' (see stream:parsed for answers that grow)", raised(function() client:parse(with { stream = true }, FORM) end))
    assert.equal("bad argument 'response_format' to 'parse' (it is made of the schema)", raised(function() client:parse(with { response_format = {} }, FORM) end))
    assert.equal("bad argument 'retries' to 'parse' (0 or 1 expected)", raised(function() client:parse(params, FORM, { retries = 2 }) end))
    assert.equal("bad argument 'method' to 'parse' (json_schema, tool, json_object or prompt expected)", raised(function() client:parse(params, FORM, { method = "x" }) end))
    assert.matches("bad argument 'name' to 'parse'", raised(function() client:parse(params, FORM, { name = "a b" }) end))
    assert.matches("bad argument .nonsense. to .chat. %(unknown option%)", raised(function() client:parse(params, FORM, { nonsense = 1 }) end))
    assert.matches("bad argument 'self' to 'parse'", raised(function() client.parse(params, FORM) end))
  end)
end)

describe("stream:parsed", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function open(words, more)
    local client = lualogue.new { base_url = server:script(fixture.sse(fixture.words(words, more))), api_key = false, max_retries = 0 }
    return lualogue.assert(client:stream { model = "m", messages = messages })
  end

  it("gives the table as it grows", function()
    local stream = open { '{"ver', 'dict":"y', 'es","sc', 'ore":1', '2,"note":"', 'ab', 'c"}' }
    local seen, first = {}, nil
    for value, state in stream:parsed(FORM) do
      first = first or value
      assert.equal(first, value)
      seen[#seen + 1] = ("%s %s %s %s"):format(tostring(value.verdict), tostring(value.score), tostring(value.note), state)
    end
    assert.same({
      "nil nil nil growing", "y nil nil growing", "yes nil nil growing", "yes nil nil growing",
      "yes 12  growing", "yes 12 ab growing", "yes 12 abc complete",
    }, seen)
    assert.equal("stop", stream.finish_reason)
    assert.equal('{"verdict":"yes","score":12,"note":"abc"}', stream:message().content)
  end)

  local function fails(words, more, form)
    local n = 0
    local ok, err = pcall(function()
      for _ in open(words, more):parsed(form) do n = n + 1 end
    end)
    assert.is_false(ok)
    return err, n
  end

  it("raises at the end what does not fit, is no JSON, or was cut", function()
    local err, n = fails({ '{"verdict":"yes",', '"score":"x"}' }, nil, FORM)
    assert.equal("schema", err.code)
    assert.equal("score", err.path)
    assert.equal(2, n)
    err, n = fails({ '{"verdict":', "yes}" }, nil, FORM)
    assert.equal("json", err.code)
    assert.equal(1, n)
    err = fails({ '{"verdict":"yes"' }, { finish_reason = "length" }, FORM)
    assert.equal("length", err.code)
    assert.equal('{"verdict":"yes"', err.partial.content)
    err = fails({ '{"verdict":"yes"' }, { finish_reason = false }, FORM)
    assert.equal("json", err.code)
  end)

  it("gives what stands in a code block once, and any JSON without a schema", function()
    local seen = {}
    for value, state in open({ "```json\n", '{"a":[1,', "2]}", "\n```" }):parsed() do
      seen[#seen + 1] = { value, state }
    end
    assert.same({ { { a = { 1, 2 } }, "complete" } }, seen)
    assert.equal("json", fails({ "Hello" }).code)
  end)
end)
