-- What users of many clients reported of real servers: each answer, to the byte, and what it must be
-- taken for. The bytes lie in fixtures/cases; where the folder they come from lies beside the
-- checkout, it is read as well, and each of its cases must be known here.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local program = require "spec.support.program"

local json = lualogue.json
local messages = { { role = "user", content = "Hi" } }
local server

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local bytes = file:read "*a"
  file:close()
  return bytes
end

--- The answers of a file: divided by lines, as are the pauses within.
local function answers_in(bytes)
  local answers = {}
  for answer in (bytes .. "=====NEXT=====\n"):gmatch "(.-)=====NEXT=====\n" do
    local steps, from = {}, 1
    for at, seconds, behind in answer:gmatch "()=====SLEEP ([%d.]+)=====\n()" do
      steps[#steps + 1] = { send = answer:sub(from, at - 1) }
      steps[#steps + 1] = { sleep = tonumber(seconds) }
      from = behind
    end
    steps[#steps + 1] = { send = answer:sub(from) }
    steps[#steps + 1] = { close = true }
    answers[#answers + 1] = steps
  end
  return answers
end

--- How a stream ended, read by its text and by its chunks: what both agree on.
local function streamed(bytes, options)
  local ends = {}
  for _, way in ipairs { "text", "chunks" } do
    local base_url = server:script(answers_in(bytes))
    local stream, err = lualogue.new { base_url = base_url }:stream({ messages = messages }, options)
    local read_end = { stream = stream, base_url = base_url }
    local pieces = {}
    if stream and way == "text" then
      local ok, raised = pcall(function()
        for text in stream:text() do pieces[#pieces + 1] = text end
      end)
      if not ok then err = raised end
    elseif stream then
      local chunk
      repeat chunk, err = stream:next() until not chunk
    end
    read_end.err, read_end.text = err, way == "text" and table.concat(pieces) or nil
    read_end.message = stream and (err and err.partial or stream:message())
    ends[#ends + 1] = read_end
  end
  local text, chunks = ends[1], ends[2]
  assert.equal(text.err and text.err.kind, chunks.err and chunks.err.kind)
  for _, field in ipairs { "message", "code", "type", "body", "status", "attempts" } do
    local function less_port(value) return type(value) == "string" and value:gsub("127%.0%.0%.1:%d+", "") or value end
    assert.equal(less_port(text.err and text.err[field]), less_port(chunks.err and chunks.err[field]))
  end
  assert.same(text.message, chunks.message)
  return text
end

local function asked(bytes, method, params)
  local base_url = server:script(answers_in(bytes))
  local client = lualogue.new { base_url = base_url }
  local reply, err = client[method or "chat"](client, params or { messages = messages }, { timeout = 20 })
  return reply, err, base_url
end

local function assert_fields(fields, err)
  assert.is_table(err, "no error")
  for name, value in pairs(fields) do
    if name == "partial" then
      assert.equal(value, err.partial and err.partial.content)
    else
      assert.equal(value, err[name], name .. " of " .. tostring(err))
    end
  end
end

--- A stream that fails with these fields.
local function fails(fields)
  return function(bytes) assert_fields(fields, streamed(bytes).err) end
end

--- A call that fails with these.
local function refused(fields)
  return function(bytes)
    local reply, err = asked(bytes)
    assert.is_nil(reply)
    assert_fields(fields, err)
  end
end

--- A stream that is complete, with this text, of which `look` sees more.
local function completes(text, look)
  return function(bytes)
    local read_end = streamed(bytes)
    assert.is_nil(read_end.err)
    assert.equal(text, read_end.text)
    if look then look(read_end.message, read_end.stream) end
  end
end

--- The calls of the message, each as "name arguments"; `ids` as well where they are given.
local function calls(want, ids)
  return completes("", function(message)
    local got, got_ids = {}, {}
    for i, call in ipairs(message.tool_calls) do
      got[i] = call["function"].name .. " " .. call["function"].arguments
      got_ids[i] = call.id
    end
    assert.same(want, got)
    if ids then assert.same(ids, got_ids) end
  end)
end

local checks = {
  ["base-url-with-endpoint"] = function(bytes)
    local base_url = server:script(answers_in(bytes)) .. "/chat/completions"
    local reply, err = lualogue.new { base_url = base_url }:chat { messages = {} }
    assert.is_nil(reply)
    assert.equal("api", err.kind)
    assert.truthy(err.message:find("POST /v1/chat/completions/chat/completions", 1, true), err.message)
  end,
  ["delta-unknown-text-field"] = completes("Hi", function(message)
    assert.equal("The user asks", message.reasoning_text)
  end),
  ["delta-usage-in-choice"] = completes("Hi", function(_, stream)
    assert.equal(3, stream.usage.total_tokens)
  end),
  ["delta-whole-message"] = completes("Hello there", function(message)
    assert.equal("Hello there", message.content)
  end),
  ["documented-loop-usage"] = completes("Hi", function(_, stream)
    assert.equal(2, stream.usage.total_tokens)
  end),
  ["embeddings-order"] = function(bytes)
    local reply = lualogue.assert(asked(bytes, "embeddings", { input = { "a", "b", "c" } }))
    for i, item in ipairs(reply.data) do
      assert.equal(i - 1, item.index)
      assert.equal(i, item.embedding[i])
    end
    assert.equal(3, #reply.data)
  end,
  ["emoji-in-two-escapes"] = completes("😀!", function(message) assert.equal("😀!", message.content) end),
  ["finish-then-more-then-cut"] = fails { kind = "truncated", partial = "The ans" },
  ["gemini-retry-delay"] = refused {
    kind = "api", status = 429, code = 429, message = "Quota exceeded", retry_after = 34, attempts = 1,
  },
  ["idle-clock-before-first-event"] = function(bytes)
    local read_end = streamed(bytes, { idle_timeout = 1 })
    assert.is_nil(read_end.err)
    assert.equal("Hi", read_end.text)
  end,
  ["message-with-empty-tool-calls"] = function(bytes)
    local reply = lualogue.assert(asked(bytes))
    assert.is_nil(json.encode({ messages = { reply.choices[1].message } }):find("tool_calls", 1, true))
  end,
  ["refusal-as-event-stream"] = fails {
    kind = "api", status = 400, message = "bad model", type = "invalid_request_error", code = "model_not_found",
  },
  ["refusal-bom"] = refused { kind = "api", status = 400, message = "bad" },
  ["reply-choice-error"] = refused { kind = "api", status = 200, code = 502, message = "Upstream error" },
  ["reply-detail-200"] = refused { kind = "api", status = 200, message = "n > 1 is not supported" },
  ["reply-error-beside-empty-choices"] = refused {
    kind = "api", status = 200, code = 502, message = "Provider returned error",
  },
  ["sse-data-error-text"] = fails { kind = "decode", body = "error: engine out of memory" },
  ["sse-data-is-a-comment"] = completes("Hi"),
  ["sse-event-error-text"] = fails { kind = "api", message = "Model unloaded by user", body = "Model unloaded by user" },
  ["sse-one-newline"] = calls({ 'a {"x":1}', 'b {"y":1}' }, { "c1", "c2" }),
  ["stream-answers-plain-call"] = function(bytes)
    local reply, err = asked(bytes)
    assert.is_nil(reply)
    assert.equal("protocol", err.kind)
    assert.truthy(err.message:find("a stream of events came where JSON was expected", 1, true), err.message)
  end,
  ["stream-choice-error"] = fails { kind = "api", code = 502, message = "Upstream connection lost", partial = "Hel" },
  ["stream-code-message-body"] = fails {
    kind = "api", code = 429, message = "Resource has been exhausted (e.g. check quota).",
  },
  ["stream-error-code-event"] = fails { kind = "api", code = 50001, message = "NETWORK ERROR DUE TO HIGH TRAFFIC" },
  ["stream-error-field-line"] = fails {
    kind = "api", code = 400, type = "invalid_request_error",
    message = "the request exceeds the available context size. try increasing it",
  },
  ["stream-error-list-event"] = fails {
    kind = "api", code = 400,
    message = 'Invalid JSON payload received. Unknown name "web_search_options": Cannot find field.',
  },
  ["stream-finish-error"] = fails {
    kind = "api", message = "the server ended the answer with finish_reason error", partial = "Hel",
  },
  ["stream-x-groq-error"] = fails { kind = "api", message = "over_capacity", partial = "Hel" },
  ["tools-id-null-text"] = calls({ 'read_file {"path":"a"}' }, { "WcG8xhSs1" }),
  ["tools-index-0-id-empty"] = calls { 'w {"c":"Paris"}', 't {"z":"UTC"}' },
  ["tools-index-0-no-id"] = calls { 'w {"c":"Paris"}', 'w {"c":"Oslo"}', 't {"z":"UTC"}' },
  ["tools-new-id-in-every-piece"] = calls { 'w {"a":{"b":1},"c":2}' },
  ["tools-pieces-by-id"] = calls({ 's {"q":"first"}', 's {"q":"second"}' }, { "a", "b" }),
}

-- Those that are no answers.
local others = {
  ["ca-from-environment"] = function()
    local base_url, ca_file = server:tls(fixture.json(200, fixture.chat_reply "Hi"))
    local code = ('local l = require "lualogue" local r, e = l.new{ base_url = %q, api_key = "k", max_retries = 0 }'
      .. ':chat { messages = {} } print(r and r.text or e)'):format(base_url)
    for _, name in ipairs { "SSL_CERT_FILE", "CURL_CA_BUNDLE" } do
      assert.equal("Hi\n", program.lua(code, name .. "=" .. program.quote(ca_file)))
    end
    local output = program.lua(code)
    assert.truthy(output:find("^tls") and output:find("ca_file", 1, true), output)
  end,
  ["key-with-leading-blank"] = function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply "Hi"))
    for i, key in ipairs { " sk-abc ", "sk-abc\n" } do
      lualogue.assert(lualogue.new { base_url = base_url, api_key = key }:chat { messages = messages })
      assert.equal("Bearer sk-abc", server:requests(base_url)[i]:header "authorization")
    end
    local ok, why = pcall(lualogue.new, { base_url = base_url, api_key = "\239\187\191sk-abc" })
    assert.is_false(ok)
    assert.truthy(why:find("'api_key'", 1, true), why)
  end,
  ["logit-bias-numbers"] = function()
    assert.equal('{"logit_bias":{"50256":-100}}', json.encode { logit_bias = { [50256] = -100 } })
    assert.equal('{"logit_bias":{"1":-100,"2":5}}', json.encode { logit_bias = { -100, 5 } })
    assert.equal('{"logit_bias":{"50256":-100}}', json.encode { logit_bias = lualogue.object { [50256] = -100 } })
  end,
}

describe("an answer as servers really give it", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local names = {}
  for name in pairs(checks) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    it("is taken for what it is: " .. name, function()
      checks[name](assert(read("spec/fixtures/cases/" .. name .. ".http"), "its bytes are missing"))
    end)
  end

  it("and what goes there: the authorities, the key, number keys", function()
    for _, check in pairs(others) do check() end
  end)

  it("is known here for each case beside the checkout", function()
    local folder = "../shared/cases"
    local pipe = assert(io.popen("ls -1 " .. folder .. " 2>/dev/null", "r"))
    local n = 0
    for name in pipe:lines() do
      if not name:find(".", 1, true) then
        n = n + 1
        assert.is_function(checks[name] or others[name], "no check of the case " .. name)
        local bytes = read(folder .. "/" .. name .. "/response.http")
        -- The same bytes were looked at above.
        if bytes and bytes ~= read("spec/fixtures/cases/" .. name .. ".http") then checks[name](bytes) end
      end
    end
    pipe:close()
    if n == 0 then return pending(folder .. " is missing beside this checkout") end
  end)
end)
