-- Whatever way a server has to say that it failed: in a refusal, in a reply with status 200, in the
-- place of a stream and as an event of one, it is the same error.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local server

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

local function client_of(answer, options)
  options = options or {}
  options.base_url, options.max_retries = server:script(answer), options.max_retries or 0
  return lualogue.new(options), options.base_url
end

local function assert_fields(fields, err, where)
  assert.is_table(err, where .. ": no error")
  assert.equal("api", err.kind, where .. ": " .. tostring(err))
  for _, name in ipairs { "message", "code", "type", "param", "retry_after" } do
    if fields[name] ~= nil then
      assert.equal(fields[name] or nil, err[name], ("%s: %s of %s"):format(where, name, tostring(err)))
    end
  end
end

--- The end of a stream of these events, read in both ways; `verbatim` bytes as they are.
local function ends_of(bytes, options)
  local ends = {}
  for _, way in ipairs { "text", "next" } do
    local answer = fixture.json(200, bytes, { ["Content-Type"] = "text/event-stream" }, options)
    local stream, err = client_of(answer):stream { messages = messages }
    local text = {}
    if stream and way == "text" then
      local ok, raised = pcall(function()
        for piece in stream:text() do text[#text + 1] = piece end
      end)
      if not ok then err = raised end
    elseif stream then
      local chunk
      repeat
        chunk, err = stream:next()
        local choice = chunk and chunk.choices and chunk.choices[1]
        local content = choice and (choice.delta or choice.message or {}).content
        text[#text + 1] = type(content) == "table" and content[1].text or content or nil
      until not chunk
    end
    ends[#ends + 1] = { err = err, text = table.concat(text), stream = stream, kind = err and err.kind or "complete",
      partial = err and err.partial, message = err and err.message:gsub("127%.0%.0%.1:%d+", "") }
    if stream then
      local _, again = stream:next()
      assert.equal(err, again)
    end
  end
  for _, field in ipairs { "kind", "text", "partial", "message" } do
    assert.same(ends[1][field], ends[2][field])
  end
  return ends[1]
end

local HEL = 'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}\n\n'
  .. 'data: {"choices":[{"index":0,"delta":{"content":"lo"}}]}\n\n'
local DONE = "data: [DONE]\n\n"

-- ------------------------------------------------------------------ the ways

-- { name, JSON, fields of the error }
local ways = {
  { "error as a table", '{"error":{"message":"no","type":"t","param":"p","code":"c"}}', { message = "no", type = "t", param = "p", code = "c" } },
  { "error as a text", '{"error":"no"}', { message = "no" } },
  { "error as a text beside a message", '{"error":"Bad Request","message":"the model is not loaded"}', { message = "the model is not loaded" } },
  { "error as a number", '{"error":503}', { code = 503 } },
  { "error as a list", '{"error":[{"message":"no","code":3}]}', { message = "no", code = 3 } },
  { "error as a list of texts", '{"error":["no","neither"]}', { message = "no" } },
  { "error in a list", '[{"error":{"message":"no","code":400,"status":"INVALID_ARGUMENT"}}]', { message = "no", code = 400, type = "INVALID_ARGUMENT" } },
  { "error within error", '{"error":{"error":{"message":"no"}}}', { message = "no" } },
  { "error that is true", '{"error":true,"message":"no"}', { message = "no" } },
  { "error beside an id and no choices", '{"id":"x","object":"chat.completion","choices":[],"error":{"message":"no","code":502}}', { message = "no", code = 502 } },
  { "error beside choices that are null", '{"id":"x","choices":null,"error":{"message":"no"}}', { message = "no" } },
  { "error beside an empty choice", '{"choices":[{"index":0,"message":{"role":"assistant","content":""}}],"error":{"message":"no"}}', { message = "no" } },
  { "object error", '{"object":"error","message":"no","type":"BadRequestError","param":null,"code":400}', { message = "no", type = "BadRequestError", code = 400 } },
  { "type error", '{"type":"error","code":"c","message":"no","param":null,"sequence_number":3}', { message = "no", code = "c" } },
  { "type error around an error", '{"type":"error","error":{"type":"overloaded_error","message":"no"}}', { message = "no", type = "overloaded_error" } },
  { "error_code and text", '{"text":"no","error_code":50001}', { message = "no", code = 50001 } },
  { "error_code and error_msg", '{"error_code":336003,"error_msg":"no","id":"x"}', { message = "no", code = 336003 } },
  { "error_code as a text", '{"error_code":"E1","message":"no"}', { message = "no", code = "E1" } },
  { "code and message", '{"code":429,"message":"no"}', { message = "no", code = 429 } },
  { "code and msg", '{"code":1113,"msg":"no","success":false}', { message = "no", code = 1113 } },
  { "code as a text", '{"code":"InvalidParameter","message":"no","request_id":"r1"}', { message = "no", code = "InvalidParameter" } },
  { "status and msg", '{"status":"434","msg":"no","body":null}', { message = "no" } },
  { "status error", '{"status":"error","message":"no"}', { message = "no" } },
  { "detail", '{"detail":"no"}', { message = "no" } },
  { "detail as a list", '{"detail":[{"loc":["body","messages",0,"content"],"msg":"no","type":"missing"}]}', { message = "body.messages.0.content: no" } },
  { "detail as a table", '{"detail":{"error":{"message":"no","code":"c"}}}', { message = "no" } },
  { "base_resp", '{"id":"x","choices":null,"base_resp":{"status_code":1004,"status_msg":"no"}}', { message = "no", code = 1004 } },
  { "success false with errors", '{"success":false,"errors":[{"code":7000,"message":"no"}],"messages":[],"result":null}', { message = "no", code = 7000 } },
  { "success false", '{"success":false,"message":"no"}', { message = "no" } },
  { "errors", '{"errors":[{"message":"no","code":"c"},{"message":"neither"}]}', { message = "no", code = "c" } },
  { "errors as an object", '{"errors":{"message":"no","code":"c"}}', { message = "no", code = "c" } },
  { "errors as a text", '{"errors":"no"}', { message = "no" } },
  { "errcode and errmsg", '{"errcode":40001,"errmsg":"no"}', { message = "no", code = 40001 } },
  { "a gateway's fault", '{"fault":{"faultstring":"no","detail":{"errorcode":"x"}}}', { message = "no" } },
  { "ResponseMetadata.Error", '{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"c","Message":"no"}}}', { message = "no", code = "c" } },
  { "error and error_description", '{"error":"invalid_request","error_description":"no"}', { message = "no" } },
  { "errors as texts", '{"errors":["no"]}', { message = "no" } },
  { "message.detail", '{"object":"error","message":{"detail":[{"type":"missing","loc":["body","model"],"msg":"no"}]},"type":"invalid_request_error"}',
    { message = "body.model: no", type = "invalid_request_error" } },
  { "an error in a choice", '{"id":"x","choices":[{"index":0,"delta":{"content":""},"message":{"content":""},"finish_reason":"error","error":{"code":502,"message":"no"}}]}',
    { message = "no", code = 502 } },
  { "an error in the second choice", '{"choices":[{"index":0,"delta":{"content":"x"},"message":{"content":"x"}},{"index":1,"error":{"message":"no"}}]}', { message = "no" } },
  { "an error text in a choice", '{"choices":[{"index":0,"error":"no"}]}', { message = "no" } },
  { "finish_reason error", '{"choices":[{"index":0,"delta":{},"message":{"content":"Hel"},"finish_reason":"error"}]}',
    { message = "the server ended the answer with finish_reason error" } },
  { "finish_reason abort", '{"choices":[{"index":0,"delta":{},"message":{"content":"Hel"},"finish_reason":"abort"}]}',
    { message = "the server ended the answer with finish_reason abort" } },
  { "x_groq.error", '{"choices":[{"index":0,"delta":{},"finish_reason":null}],"x_groq":{"id":"r","error":"over_capacity"}}', { message = "over_capacity" } },
  { "x_groq.error as a table", '{"choices":[],"x_groq":{"error":{"message":"no","code":"c"}}}', { message = "no", code = "c" } },
  { "nothing but a code", '{"error":{"code":"c"}}', { code = "c" } },
  { "an error in words that nobody else uses", '{"error":{"wehe":"no"}}', {} },
  { "a provider's own words behind a router's", '{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"no","provider_name":"X"}}}',
    { message = "Provider returned error: no", code = 400 } },
  { "a provider's own error behind a router's", '{"error":{"message":"Provider returned error","metadata":{"raw":"[\\"no\\"]"}}}',
    { message = 'Provider returned error: ["no"]' } },
  { "a message and nothing else", '{"message":"no"}', { message = "no" } },
  { "AWS's Message and nothing else", '{"Message":"no","requestId":"r"}', { message = "no", request_id = "r" } },
  { "AWS's Message", '{"error":{"Message":"no"}}', { message = "no" } },
  { "a fault", '{"error":{"fault":{"faultstring":"no","detail":{"errorcode":"x"}}}}', { message = "no" } },
}

describe("a failure that is told as", function()
  for _, way in ipairs(ways) do
    it(way[1] .. " is one wherever it stands", function()
      local body, fields = way[2], way[3]
      local places = {
        ["a refusal"] = fixture.json(400, body),
        ["a reply"] = fixture.json(200, body),
        ["a reply with a mark"] = fixture.json(200, "\239\187\191" .. body),
        ["a refusal with a mark"] = fixture.json(400, "\239\187\191" .. body),
        ["a refusal as events"] = fixture.json(400, "data: " .. body .. "\n\n" .. DONE, { ["Content-Type"] = "text/event-stream" }),
        ["a reply as events"] = fixture.json(200, "data: " .. body .. "\n\n" .. DONE, { ["Content-Type"] = "text/event-stream" }),
      }
      for where, answer in pairs(places) do
        local reply, err = client_of(answer):chat { messages = messages }
        assert.is_nil(reply, where)
        assert_fields(fields, err, where)
        local stream
        stream, err = client_of(answer):stream { messages = messages }
        if stream then err = select(2, stream:message()) end
        assert_fields(fields, err, where .. " to a stream")
      end
      for where, event in pairs {
        ["an event"] = "data: " .. body .. "\n\n",
        ["a named event"] = "event: error\ndata: " .. body .. "\n\n",
        ["an event of another name"] = "event: message\ndata: " .. body .. "\n\n",
        ["an error line"] = "error: " .. body .. "\n\n",
        ["a bare line"] = body .. "\n\n",
        ["a bare line without a blank one"] = body .. "\n",
        ["many bare lines"] = body:gsub("([{,])", "%1\n  ") .. "\n\n",
        ["one newline behind it"] = "data: " .. body .. "\n",
      } do
        for _, behind in ipairs { "", DONE } do
          local seen = ends_of(HEL .. event .. behind)
          assert_fields(fields, seen.err, where)
          assert.equal("Hel", seen.partial.content:sub(1, 3), where)
          if not fields.message then assert.truthy(seen.err.message:find("{", 1, true) or fields.code == 503) end
          assert.equal(200, seen.err.status)
        end
      end
    end)
  end
end)

-- ------------------------------------------------------------------ what comes with it

describe("what comes with a failure", function()
  it("is found behind events of NULs", function()
    local body = "data: \0\0\n\n\0\n\ndata: {\"error\":\"no\"}\n\n"
    for _, status in ipairs { 400, 200 } do
      local reply, err = client_of(fixture.json(status, body)):chat { messages = messages }
      assert.is_nil(reply)
      assert_fields({ message = "no" }, err, "status " .. status)
    end
  end)

  it("is counted: the usage, and what its event brought", function()
    local usage = '"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}'
    local seen = ends_of(HEL .. 'data: {"choices":[{"index":0,"delta":{"content":"!"},"finish_reason":"error"}],'
      .. '"error":{"message":"no"},' .. usage .. "}\n\n")
    assert.equal("no", seen.err.message)
    assert.equal("Hello!", seen.partial.content)
    assert.equal(3, seen.err.usage.total_tokens)
    assert.equal(3, seen.stream.usage.total_tokens)
    seen = ends_of(HEL .. 'data: {"choices":[],' .. usage .. "}\n\n" .. 'data: {"error":"no"}\n\n')
    assert.equal(3, seen.err.usage.total_tokens)
    local _, err = client_of(fixture.json(200, '{"error":"no",' .. usage .. "}")):chat { messages = messages }
    assert.equal(3, err.usage.total_tokens)
  end)

  it("is the server's id of the request, whatever header tells it", function()
    for _, name in ipairs {
      "X-Request-Id", "Request-Id", "X-Amzn-RequestId", "apim-request-id", "x-ms-request-id", "NVCF-REQID",
      "x-oneapi-request-id", "X-Tt-Logid", "x-siliconcloud-trace-id", "X-Trace-Id", "CF-Ray", "mistral-correlation-id",
    } do
      local _, err = client_of(fixture.json(400, '{"error":"no"}', { [name] = "id-1" })):chat { messages = messages }
      assert.equal("id-1", err.request_id, name)
      local reply = client_of(fixture.json(200, fixture.chat_reply "Hi", { [name] = "id-1" })):chat { messages = messages }
      assert.equal("id-1", reply.meta.request_id, name)
    end
    local body = '{"error":{"message":"no"},"request_id":"id-2"}'
    local _, err = client_of(fixture.json(400, body)):chat { messages = messages }
    assert.equal("id-2", err.request_id)
    _, err = client_of(fixture.json(400, body, { ["X-Request-Id"] = "id-1" })):chat { messages = messages }
    assert.equal("id-1", err.request_id)
  end)

  it("is how long to wait, in a header or in the body", function()
    local body = '[{"error":{"code":429,"message":"no","details":[{"retryDelay":"0.02s"}]}}]'
    local again = { fixture.json(429, body), fixture.json(200, fixture.chat_reply "Hi") }
    local reply = lualogue.assert(client_of(again, { max_retries = 1 }):chat { messages = messages })
    assert.equal(2, reply.meta.attempts)
    local _, err = client_of(fixture.json(429, body)):chat { messages = messages }
    assert.equal(0.02, err.retry_after)
    _, err = client_of(fixture.json(429, body, { ["Retry-After"] = "7" })):chat { messages = messages }
    assert.equal(7, err.retry_after)
    local client, base_url = client_of(fixture.json(429, (body:gsub("0.02s", "3600s"))), { max_retries = 2 })
    _, err = client:chat { messages = messages }
    assert.equal(3600, err.retry_after)
    assert.equal(1, server:counts(base_url).requests)
  end)

  it("is no less where there are no words", function()
    for _, event in ipairs { "event: error\n\n", "event: error\ndata:\n\n", 'event: error\ndata: ""\n\n', "event: error\ndata: {}\n\n" } do
      local seen = ends_of(HEL .. event .. DONE)
      assert_fields({ message = "the server answered with an error" }, seen.err, event)
      assert.equal("Hello", seen.partial.content)
    end
    local _, err = client_of(fixture.json(400, '{"oops":"boom"}')):chat { messages = messages }
    assert.equal('{"oops":"boom"}', err.message)
  end)

  it("is that no quota is left, which is not asked again, in any form", function()
    for _, body in ipairs {
      '{"error":{"code":"insufficient_quota"}}', '[{"error":{"type":"insufficient_quota"}}]', '{"error":"insufficient_quota"}',
      'data: {"error":{"code":"insufficient_quota"}}\n\ndata: [DONE]\n\n', '\239\187\191{"code":"insufficient_quota"}',
      '{"errors":[{"code":"insufficient_quota","message":"no"}]}', '{"error":{"type":"exceeded_current_quota_error"}}',
    } do
      for _, method in ipairs { "chat", "stream" } do
        local client, base_url = client_of(fixture.json(429, body, { ["retry-after-ms"] = "1" }), { max_retries = 2 })
        local _, err = client[method](client, { messages = messages })
        assert.equal("api", err.kind)
        assert.equal(1, server:counts(base_url).requests, body)
      end
    end
  end)

  it("is what was asked for, where a 404 or 405 has no words of its own", function()
    local function message_of(status, body, headers)
      local _, err = client_of(fixture.json(status, body, headers)):request("POST", "/chat/completions/chat/completions?key=hidden", {})
      assert.equal("api", err.kind)
      return err.message
    end
    local target = " (POST /v1/chat/completions/chat/completions)"
    for _, status in ipairs { 404, 405 } do
      for _, case in ipairs {
        { "", status .. " status code (no body)" }, { "404 page not found", "404 page not found" }, { '{"detail":"Not Found"}', "Not Found" },
        { '{"detail":"Method Not Allowed"}', "Method Not Allowed" }, { '{"error":{"code":"404","message":"Resource not found"}}', "Resource not found" },
        { '{"error":"not found"}', "not found" }, { "{}", "the server answered with an error" },
      } do
        assert.equal(case[2] .. target, message_of(status, case[1]))
      end
    end
    local page = message_of(404, "<html><head><title>404 Not Found</title></head></html>", { ["Content-Type"] = "text/html" })
    assert.equal("404 Not Found" .. target, page)
    assert.equal("The model `x` does not exist", message_of(404, '{"error":{"message":"The model `x` does not exist"}}'))
    assert.equal("Not Found", message_of(400, '{"detail":"Not Found"}'))
  end)
end)

-- ------------------------------------------------------------------ an answer of the other kind

describe("a stream in the place of a reply", function()
  it("is protocol, and says what came", function()
    for _, type in ipairs { "text/event-stream", "application/json" } do
      local answer = fixture.json(200, HEL .. DONE, { ["Content-Type"] = type })
      local reply, err = client_of(answer):chat { messages = messages }
      assert.is_nil(reply)
      assert.equal("protocol", err.kind)
      assert.truthy(err.message:find("a stream of events came", 1, true))
      assert.equal(HEL .. DONE, err.body)
    end
  end)
end)

-- ------------------------------------------------------------------ what is none

describe("what only looks like a failure:", function()
  local answers = {
    '{"error":null,"choices":[{"message":{"content":"Hi"}}]}',
    '{"error":"","code":0,"message":"","choices":[{"message":{"content":"Hi"}}]}',
    '{"error":{},"errors":[],"detail":"","choices":[{"message":{"content":"Hi"}}]}',
    '{"error":{"code":"","message":null},"choices":[{"message":{"content":"Hi"}}]}',
    '{"error":false,"success":true,"choices":[{"message":{"content":"Hi"}}]}',
    '{"code":200,"message":"success","msg":"ok","choices":[{"message":{"content":"Hi"}}]}',
    '{"error_code":0,"base_resp":{"status_code":0,"status_msg":""},"choices":[{"message":{"content":"Hi"},"error":null}]}',
    '{"choices":[{"message":{"content":"Hi"},"finish_reason":"length"}],"x_groq":{"id":"r"}}',
    '{"choices":[{"message":{"content":"Hi"}}],"error":{"message":"a warning"}}',
    '{"choices":[{"message":{"content":"","reasoning_content":"hm"}}]}',
    '{"choices":[{"message":{"tool_calls":[{"id":"c"}]}}]}',
    '{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}',
    '{"choices":[{"message":{"refusal":"no"}}]}',
  }
  for _, body in ipairs(answers) do
    it("the reply " .. body, function()
      local reply = lualogue.assert(client_of(fixture.json(200, body)):chat { messages = messages })
      assert.is_table(reply.choices)
    end)
  end

  local things = {
    '{"id":"ft-1","object":"fine_tuning.job","status":"failed","error":{"code":"c","message":"bad file"}}',
    '{"id":"b","object":"batch","status":"failed","errors":{"object":"list","data":[{"message":"m"}]}}',
    '{"id":"f","object":"file","status":"error","status_details":"m"}',
    '{"object":"list","data":[{"id":"x"}],"error":{"message":"m"}}',
    '{"code":0,"message":"ok"}', '{"code":"200","msg":"ok"}', '{"success":true,"result":{}}', '{}', "[]", "[1,2]",
    '{"id":"x","detail":"high"}', '{"message":"hello"}', '{"status":"ok","message":"hello"}', '{"code":404}',
  }
  for _, body in ipairs(things) do
    it("the thing " .. body, function()
      lualogue.assert(client_of(fixture.json(200, body)):request("GET", "/thing"))
    end)
  end

  it("the events of a stream", function()
    local fields = { '"error":null', '"error":""', '"error":{}', '"code":0,"message":""', '"code":200,"msg":"success"',
      '"base_resp":{"status_code":0,"status_msg":"success"}', '"success":true', '"errors":[]', '"x_groq":{"id":"r"}',
      '"error_code":0', '"object":"chat.completion.chunk"', '"detail":null', '"status":200' }
    local events = {}
    for i, field in ipairs(fields) do
      events[i] = ('data: {"choices":[{"index":0,"delta":{"content":"%d "},"finish_reason":null,"error":null}],%s}\n\n'):format(i, field)
    end
    local seen = ends_of(table.concat(events) .. 'data: {"choices":[],"code":0}\n\n' .. DONE)
    assert.equal("complete", seen.kind, tostring(seen.err))
    assert.equal("1 2 3 4 5 6 7 8 9 10 11 12 13 ", seen.text)
  end)
end)

-- ------------------------------------------------------------------ nothing

describe("what brings nothing is no success", function()
  for _, body in ipairs {
    "{}", '{"choices":[]}', '{"id":"x","object":"chat.completion","choices":null}', '{"choices":[{}]}',
    '{"choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":null}]}',
    '{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[]},"finish_reason":""}]}',
    '{"choices":[{"message":{"content":""},"finish_reason":"null"}]}',
  } do
    it("as a reply: " .. body, function()
      local reply, err = client_of(fixture.json(200, body)):chat { messages = messages }
      assert.is_nil(reply)
      assert.equal("protocol", err.kind)
      assert.equal(body, err.body)
      assert.equal(1, err.attempts)
    end)
  end

  for _, events in ipairs {
    DONE, 'data: {"choices":[]}\n\n' .. DONE, 'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n' .. DONE,
    'data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":""}],"usage":{"total_tokens":3}}\n\n' .. DONE,
    'data: {"choices":[{"index":0,"delta":{},"finish_reason":"null"}]}\n\n' .. DONE,
  } do
    it("as a stream: " .. events, function()
      local seen = ends_of(events)
      assert.equal("protocol", seen.kind, tostring(seen.err))
    end)
  end

  it("but anything of an answer is something", function()
    for _, delta in ipairs {
      '{"content":"x"}', '{"reasoning_content":"x"}', '{"reasoning":"x"}', '{"tool_calls":[{"index":0,"id":"x"}]}',
      '{"function_call":{"name":"f"}}', '{"refusal":"x"}', '{"audio":{"data":"AA=="}}', '{"content":[{"type":"text","text":"x"}]}',
    } do
      local seen = ends_of(('data: {"choices":[{"index":0,"delta":%s}]}\n\n'):format(delta) .. DONE)
      assert.equal("complete", seen.kind, delta .. tostring(seen.err))
    end
    assert.equal("complete", ends_of('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n').kind)
    assert.equal("complete", ends_of('data: {"choices":[{"index":0,"message":{"content":"x"}}]}\n\n' .. DONE).kind)
  end)
end)

-- ------------------------------------------------------------------ finish_reason

describe("a finish_reason", function()
  local function event(content, reason)
    return ('data: {"id":"x","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}]}\n\n')
      :format(content, reason and ('"%s"'):format(reason) or "null")
  end

  it("that came too early is taken back by content", function()
    assert.equal("truncated", ends_of(event("a", "stop") .. event "b").kind)
    assert.equal("truncated", ends_of(event "a" .. event "b" .. event("", "stop") .. event "c" .. event "d").kind)
    assert.equal("truncated", ends_of(event("", "stop")
      .. 'data: {"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}\n\n').kind)
    assert.equal("truncated", ends_of(event("", "stop")
      .. 'data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c"}]}}]}\n\n').kind)
  end)

  it("that comes again stands", function()
    local twice = event "a" .. event("", "stop") .. event "b" .. event "c" .. event("", "stop")
    assert.equal("complete", ends_of(twice).kind)
    assert.equal("complete", ends_of(twice .. event "d" .. event("", "stop") .. event "e" .. event("", "stop")).kind)
  end)

  it("is not taken back by [DONE], nor by what is no content", function()
    assert.equal("complete", ends_of(event("a", "stop") .. event "b" .. DONE).kind)
    assert.equal("complete", ends_of(event("a", "stop") .. event "").kind)
    assert.equal("complete", ends_of(event("a", "stop")
      .. 'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null},"content_filter_results":{"hate":{"filtered":false}}}],"usage":{"total_tokens":2}}\n\n').kind)
    assert.equal("complete", ends_of(event("a", "stop") .. 'data: {"choices":[],"usage":{"total_tokens":2}}\n\n').kind)
  end)

  it("is none as the text null, nor as an empty one", function()
    for _, reason in ipairs { "null", "" } do
      local seen = ends_of(event("a", reason) .. event("b", reason) .. event("c", reason))
      assert.equal("truncated", seen.kind)
      assert.equal("abc", seen.text)
      seen = ends_of(event("a", reason) .. event("b", reason) .. event("", "stop"))
      assert.equal("complete", seen.kind)
      assert.equal("stop", seen.stream.finish_reason)
    end
    assert.is_nil(ends_of(event("a", "null") .. DONE).stream.finish_reason)
  end)
end)
