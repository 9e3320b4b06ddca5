-- The offline model: what the examples talk to when there is no key and no network. Over raw
-- HTTP, without lualogue.

local cjson = require "cjson"
local offline = dofile("examples/offline/init.lua")
local connect = require("spec.support.fixture_peer").connect

local options, server

--- Undo chunked framing.
local function dechunk(body)
  local parts, at = {}, 1
  while true do
    local size, start = body:match("^(%x+)\r\n()", at)
    size = tonumber(size, 16)
    if size == 0 then
      assert.equal("0\r\n\r\n", body:sub(at))
      return table.concat(parts)
    end
    parts[#parts + 1] = body:sub(start, start + size - 1)
    at = start + size + 2
  end
end

--- One request on a connection of its own: status, body, headers as one string.
local function call(method, path, body, headers)
  body = type(body) == "table" and cjson.encode(body) or body
  local peer = connect(options.base_url)
  peer:request(method .. " /v1" .. path, "Connection: close\r\n" .. (headers or "")
    .. (body and ("Content-Length: %d\r\n"):format(#body) or ""), body)
  local all = peer:read_all()
  peer:close()
  local status, head, rest = all:match("^HTTP/1.1 (%d+) [^\r\n]*\r\n(.-)\r\n\r\n(.*)$")
  if head:lower():find("transfer-encoding: chunked", 1, true) then
    rest = dechunk(rest)
  end
  return tonumber(status), rest, head:lower()
end

local function post(path, request)
  request.delay_ms = request.delay_ms or 0
  local status, body = call("POST", path, request)
  return cjson.decode(body), status
end

local function user(text)
  return { role = "user", content = text }
end

local function chat(request)
  request.model = request.model or "eliza"
  return post("/chat/completions", request)
end

--- The decoded events of a streamed chat, which must end with [DONE].
local function stream(request)
  request.model, request.stream, request.delay_ms = "eliza", true, request.delay_ms or 0
  local status, body, head = call("POST", "/chat/completions", request)
  assert.equal(200, status)
  assert.matches("content%-type: text/event%-stream", head)
  local events, done = {}, false
  for event in body:gmatch("(.-)\n\n") do
    local data = assert(event:match("^data: (.*)$"))
    assert.is_false(done)
    done = data == "[DONE]"
    events[#events + 1] = not done and cjson.decode(data) or nil
  end
  assert.is_true(done)
  return events, body
end

--- The text and the reason of one choice of a stream.
local function collect(events, index)
  local text, reason = {}, nil
  for _, event in ipairs(events) do
    local choice = event.choices[1]
    if choice and choice.index == index then
      text[#text + 1] = type(choice.delta.content) == "string" and choice.delta.content or ""
      reason = choice.finish_reason ~= cjson.null and choice.finish_reason or reason
    end
  end
  return table.concat(text), reason
end

local function refuses(request, status, param, code, path)
  local body, is = post(path or "/chat/completions", request)
  assert.equal(status, is)
  assert.equal("invalid_request_error", body.error.type)
  assert.equal(param or cjson.null, body.error.param)
  assert.equal(code or cjson.null, body.error.code)
  assert.is_true(#body.error.message > 10)
end

setup(function()
  options, server = assert(offline.start())
end)

teardown(function()
  server:close()
end)

describe("the offline model keeps files", function()
  local function form(...)
    local parts = {}
    for _, part in ipairs { ... } do parts[#parts + 1] = "--b\r\nContent-Disposition: form-data; " .. part[1] .. "\r\n\r\n" .. part[2] .. "\r\n" end
    return table.concat(parts) .. "--b--\r\n"
  end
  local FORM = "Content-Type: multipart/form-data; boundary=b\r\n"

  it("that come in a form, and gives them back", function()
    local bytes = "\0a\r\n--c\255"
    local status, body = call("POST", "/files", form({ 'name="purpose"', "batch" }, { 'name="file"; filename="a.txt"', bytes }), FORM)
    assert.equal(200, status)
    local file = cjson.decode(body)
    assert.same({ "file", #bytes, "a.txt", "batch" }, { file.object, file.bytes, file.filename, file.purpose })
    assert.equal(bytes, (select(2, call("GET", "/files/" .. file.id .. "/content"))))
    assert.equal(file.id, cjson.decode((select(2, call("GET", "/files/" .. file.id)))).id)
    assert.equal(file.id, cjson.decode((select(2, call("GET", "/files")))).data[1].id)
    assert.is_true(cjson.decode((select(2, call("DELETE", "/files/" .. file.id)))).deleted)
    assert.equal(404, (call("GET", "/files/" .. file.id .. "/content")))
    assert.equal(404, (call("DELETE", "/files/" .. file.id)))
  end)

  it("and refuses what is none", function()
    for _, wrong in ipairs { { "{}", "" }, { form({ 'name="purpose"', "batch" }), FORM }, { form({ 'name="file"; filename="a"', "x" }), FORM },
      { form({ 'name="file"', "a path" }, { 'name="purpose"', "batch" }), FORM }, { "--b\r\n", FORM }, { "", FORM } } do
      assert.equal(400, (call("POST", "/files", wrong[1], wrong[2])))
    end
  end)

  it("of which the oldest goes first", function()
    local first
    for i = 1, 17 do
      local _, body = call("POST", "/files", form({ 'name="purpose"', "batch" }, { 'name="file"; filename="a"', tostring(i) }), FORM)
      first = first or cjson.decode(body).id
    end
    assert.equal(404, (call("GET", "/files/" .. first)))
    assert.equal(16, #cjson.decode((select(2, call("GET", "/files")))).data)
  end)
end)

describe("the offline model chats", function()
  it("in one reply", function()
    local reply, status = chat { messages = { user "I am sad about exams" } }
    assert.equal(200, status)
    assert.equal("chat.completion", reply.object)
    assert.equal("eliza", reply.model)
    assert.equal(1, #reply.choices)
    assert.equal("I am sorry to hear that you are sad.", reply.choices[1].message.content)
    assert.equal("assistant", reply.choices[1].message.role)
    assert.equal("stop", reply.choices[1].finish_reason)
    assert.is_true(reply.created > 1500000000)
    local usage = reply.usage
    assert.equal(10, usage.completion_tokens)
    assert.equal(usage.prompt_tokens + usage.completion_tokens, usage.total_tokens)
  end)

  it("about the whole conversation, and the same way each time", function()
    local messages, answers = { { role = "system", content = "You are terse." } }, {}
    for i, text in ipairs { "My sister moved to Oslo", "bla", "blub", "bla" } do
      messages[#messages + 1] = user(text)
      local answer = chat({ messages = messages }).choices[1].message.content
      assert.equal(answer, chat({ messages = messages }).choices[1].message.content)
      messages[#messages + 1] = { role = "assistant", content = answer }
      answers[i] = answer
    end
    assert.equal("Tell me more about your family.", answers[1])
    assert.equal("Let us come back to your sister moved to Oslo.", answers[2])
    assert.are_not.equal(answers[3], answers[4])
  end)

  it("with pronouns turned round", function()
    for said, answer in pairs {
      ["I can't talk to you"] = "How do you know that you cannot talk to me?",
      ["Well, my name is Ann"] = "I am pleased to meet you, Ann. What brings you here?",
      ["If you loved me I would be glad"] = "Do you think it is likely that I loved you you would be glad?",
      ["I need your help"] = "What would it mean to you if you got my help?",
      ["What is AI?"] = "Why do you ask?",
      ["ÄÖÜ… 你好"] = "I am not sure that I follow you. Could you put it another way?",
    } do
      assert.equal(answer, chat({ messages = { user(said) } }).choices[1].message.content)
    end
  end)

  it("with parts of text as content", function()
    local parts = { { type = "text", text = "I am sad" }, { type = "text", text = "today" } }
    assert.matches("sorry", chat({ messages = { user(parts) } }).choices[1].message.content)
  end)

  it("in several choices that differ", function()
    local reply = chat { messages = { user "What is AI?" }, n = 3 }
    local seen = {}
    for i, choice in ipairs(reply.choices) do
      assert.equal(i - 1, choice.index)
      seen[choice.message.content] = true
    end
    assert.equal(3, #reply.choices)
    assert.is_true(seen["Why do you ask?"])
    assert.is_nil(next(seen, next(seen, next(seen, next(seen)))))
  end)

  it("no further than it may", function()
    for _, name in ipairs { "max_tokens", "max_completion_tokens" } do
      local choice = chat({ messages = { user "I am sad" }, [name] = 3 }).choices[1]
      assert.equal("I am sorry", choice.message.content)
      assert.equal("length", choice.finish_reason)
    end
    local choice = chat({ messages = { user "I am sad" }, stop = { "xyz", " to hear" } }).choices[1]
    assert.equal("I am sorry", choice.message.content)
    assert.equal("stop", choice.finish_reason)
  end)
end)

describe("the offline model streams", function()
  it("word by word", function()
    local events = stream { messages = { user "I am sad" } }
    assert.equal("assistant", events[1].choices[1].delta.role)
    assert.equal("I", events[2].choices[1].delta.content)
    assert.equal(" am", events[3].choices[1].delta.content)
    local text, reason = collect(events, 0)
    assert.equal("I am sorry to hear that you are sad.", text)
    assert.equal("stop", reason)
    for _, event in ipairs(events) do
      assert.equal("chat.completion.chunk", event.object)
      assert.equal(events[1].id, event.id)
      assert.is_nil(event.usage)
    end
  end)

  it("what it says in one reply, for each choice", function()
    local request = { messages = { user "I dreamed of my dog" }, n = 3, max_tokens = 7 }
    local events = stream(request)
    request.stream = nil
    for i, choice in ipairs(chat(request).choices) do
      local text, reason = collect(events, i - 1)
      assert.equal(choice.message.content, text)
      assert.equal(choice.finish_reason, reason)
    end
  end)

  it("the usage at the end, if asked", function()
    local events, body = stream {
      messages = { user "I am sad" }, stream_options = { include_usage = true },
    }
    local last = table.remove(events)
    assert.equal(10, last.usage.completion_tokens)
    assert.matches('"choices":%[%],"usage":{', body)
    for _, event in ipairs(events) do
      assert.equal(cjson.null, event.usage)
    end
  end)

  it("as slowly as asked, and minds a client that leaves", function()
    local request = cjson.encode {
      model = "eliza", stream = true, delay_ms = 60000, messages = { user "I am sad" },
    }
    local peer = connect(options.base_url):request("POST /v1/chat/completions",
      ("Content-Length: %d\r\n"):format(#request), request)
    local got = ""
    repeat
      got = got .. assert(peer:read())
    until got:find('"role"', 1, true)
    assert.is_nil((peer:read(0.05)))
    assert.is_nil(got:find('"content":"I"', 1, true))
    peer:close()
    assert.equal(200, (select(2, chat { messages = { user "Hello" } })))
  end)
end)

describe("the offline model uses tools:", function()
  local weather = {
    type = "function", ["function"] = {
      name = "get_weather", description = "The weather of a city",
      parameters = {
        type = "object", required = { "city", "unit", "days" }, properties = {
          city = { type = "string" }, unit = { type = "string", enum = { "celsius", "kelvin" } },
          days = { type = "integer" },
        },
      },
    },
  }

  local question = user "What will the weather be in Rome for 3 days, in kelvin?"

  it("it calls what the question is about", function()
    local choice = chat({ messages = { question }, tools = { weather } }).choices[1]
    assert.equal("tool_calls", choice.finish_reason)
    assert.equal(cjson.null, choice.message.content)
    local asked = choice.message.tool_calls[1]
    assert.equal("get_weather", asked["function"].name)
    assert.same({ city = "Rome", unit = "kelvin", days = 3 }, cjson.decode(asked["function"].arguments))
  end)

  it("it streams the call in parts", function()
    local arguments, reason = "", nil
    for _, event in ipairs(stream { messages = { question }, tools = { weather } }) do
      for _, part in ipairs(event.choices[1].delta.tool_calls or {}) do
        arguments = arguments .. part["function"].arguments
      end
      reason = event.choices[1].finish_reason
    end
    assert.equal("tool_calls", reason)
    assert.equal("Rome", cjson.decode(arguments).city)
  end)

  it("it reads the answer out", function()
    local asked = chat({ messages = { question }, tools = { weather } }).choices[1].message
    local reply = chat { tools = { weather }, messages = {
      question, asked, { role = "tool", tool_call_id = asked.tool_calls[1].id, content = "sunny" },
    } }
    assert.equal("I looked it up: sunny.", reply.choices[1].message.content)
  end)

  it("it answers as a schema wants", function()
    local schema = { type = "object", properties = {
      city = { type = "string" }, days = { type = "integer" }, sunny = { type = "boolean" },
      tags = { type = "array", items = { type = "string", enum = { "rain", "snow" } } },
    } }
    local reply = chat { messages = { user "In Rome 3 days of snow" },
      response_format = { type = "json_schema", json_schema = { name = "w", schema = schema } } }
    assert.same({ city = "Rome", days = 3, sunny = true, tags = { "snow" } },
      cjson.decode(reply.choices[1].message.content))
    reply = chat { messages = { user "I am sad" }, response_format = { type = "json_object" } }
    assert.equal("I am sorry to hear that you are sad.",
      cjson.decode(reply.choices[1].message.content).answer)
  end)

  it("it talks where no tool fits, or none may be used", function()
    local reply = chat { messages = { user "I am sad" }, tools = { weather } }
    assert.matches("sorry", reply.choices[1].message.content)
    reply = chat { messages = { question }, tools = { weather }, tool_choice = "none" }
    assert.equal("stop", reply.choices[1].finish_reason)
  end)
end)

describe("the offline model embeds", function()
  local function embed(request)
    request.model = request.model or "eliza-embedding"
    return post("/embeddings", request)
  end

  local function cosine(a, b)
    local sum = 0
    for i = 1, #a do
      sum = sum + a[i] * b[i]
    end
    return sum
  end

  it("one text or many, with length 1", function()
    local reply = embed { input = { "one", "two" } }
    assert.equal("list", reply.object)
    assert.equal(1, reply.data[2].index)
    assert.equal(512, #reply.data[1].embedding)
    assert.is_true(math.abs(cosine(reply.data[1].embedding, reply.data[1].embedding) - 1) < 1e-9)
    assert.equal(2, reply.usage.total_tokens)
    assert.same(reply.data[1].embedding, embed({ input = "one" }).data[1].embedding)
    assert.equal(3, #embed({ input = { 1, 2, 3 }, dimensions = 3 }).data[1].embedding)
  end)

  it("as base64 the same numbers, rounded to floats", function()
    local plain = embed({ input = "a dog barks", dimensions = 64 }).data[1].embedding
    local text = embed({ input = "a dog barks", dimensions = 64, encoding_format = "base64" }).data[1].embedding
    local alphabet, bytes, bits, held = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", {}, 0, 0
    for char in text:gmatch("[^=]") do
      held, bits = held * 64 + alphabet:find(char, 1, true) - 1, bits + 6
      if bits >= 8 then
        bits = bits - 8
        bytes[#bytes + 1] = math.floor(held / 2 ^ bits)
        held = held % 2 ^ bits
      end
    end
    assert.equal(4 * 64, #bytes)
    for i, value in ipairs(plain) do
      local b1, b2, b3, b4 = bytes[4 * i - 3], bytes[4 * i - 2], bytes[4 * i - 1], bytes[4 * i]
      local exponent = b4 % 128 * 2 + math.floor(b3 / 128)
      local fraction = (b3 % 128 * 65536 + b2 * 256 + b1) / 2 ^ 23
      local decoded = exponent == 0 and 0 or (1 + fraction) * 2 ^ (exponent - 127)
      assert.is_true(math.abs((b4 >= 128 and -decoded or decoded) - value) <= math.abs(value) * 2 ^ -24)
    end
  end)

  it("so that a search finds what is meant", function()
    local texts = {
      "The cat sleeps on the warm windowsill.", "A recipe for sourdough bread with rye flour.",
      "Our puppy learned to fetch the ball.", "Heavy rain is expected along the coast tomorrow.",
      "Lua is a small scripting language embedded in games.",
    }
    local data = embed({ input = texts }).data
    for question, wanted in pairs {
      ["How do I bake a loaf?"] = 2, ["training a young dog"] = 3, ["tomorrow's weather"] = 4,
      ["kittens that nap"] = 1, ["programming languages"] = 5,
    } do
      local vector, best, most = embed({ input = question }).data[1].embedding, nil, -1
      for i, item in ipairs(data) do
        local likeness = cosine(vector, item.embedding)
        if likeness > most then
          best, most = i, likeness
        end
      end
      assert.equal(texts[wanted], texts[best])
    end
  end)
end)

describe("the offline model refuses", function()
  it("wrong parameters, and names them", function()
    local hello = { user "Hello" }
    refuses({ messages = hello }, 400, "model", "missing_required_parameter")
    refuses({ model = "eliza" }, 400, "messages", "missing_required_parameter")
    refuses({ model = "eliza", messages = {} }, 400, "messages", "invalid_type")
    refuses({ model = "eliza", messages = { { role = "queen", content = "x" } } }, 400,
      "messages[0].role", "invalid_value")
    refuses({ model = "eliza", messages = { hello[1], { role = "user" } } }, 400,
      "messages[1].content", "invalid_type")
    refuses({ model = "eliza", messages = hello, n = 0 }, 400, "n", "invalid_value")
    refuses({ model = "eliza", messages = hello, max_tokens = 1.5 }, 400, "max_tokens", "invalid_value")
    refuses({ model = "eliza", messages = hello, temperature = 3 }, 400, "temperature", "invalid_value")
    refuses({ model = "eliza", messages = hello, stop = { 1 } }, 400, "stop", "invalid_type")
    refuses({ model = "eliza-embedding", input = "" }, 400, "input", "invalid_type", "/embeddings")
    refuses({ model = "eliza-embedding", input = "x", dimensions = 0 }, 400, "dimensions",
      "invalid_value", "/embeddings")
  end)

  it("models and paths that are not there", function()
    refuses({ model = "gpt-4o", messages = { user "Hello" } }, 404, "model", "model_not_found")
    refuses({}, 404, nil, nil, "/nothing")
    local status, body = call("GET", "/models/gpt-4o")
    assert.equal(404, status)
    assert.equal("model_not_found", cjson.decode(body).error.code)
  end)

  it("methods, and says which it takes", function()
    local status, body, head = call("GET", "/chat/completions")
    assert.equal(405, status)
    assert.matches("GET", cjson.decode(body).error.message)
    assert.matches("allow: options, post", head)
    status, body, head = call("OPTIONS", "/models")
    assert.equal(200, status)
    assert.equal("", body)
    assert.matches("allow: get, head, options", head)
  end)

  it("bodies that are no JSON", function()
    for _, body in ipairs { "{", "", "42", "\0\255" } do
      local status, reply = call("POST", "/chat/completions", body)
      assert.equal(400, status)
      assert.equal("invalid_request_error", cjson.decode(reply).error.type)
    end
  end)

  it("a wrong key, if it was started with one", function()
    local with_key, other = assert(offline.start("--api-key sesame"))
    local saved = options
    options = with_key
    local status, body = call("GET", "/models")
    assert.equal(401, status)
    assert.equal(cjson.null, cjson.decode(body).error.code)
    status, body = call("GET", "/models", nil, "Authorization: Bearer open-up\r\n")
    assert.equal(401, status)
    assert.equal("invalid_api_key", cjson.decode(body).error.code)
    assert.is_nil(body:find("open-up", 1, true))
    assert.equal(200, (call("GET", "/models", nil, "Authorization: Bearer sesame\r\n")))
    options = saved
    other:close()
  end)
end)

describe("the offline model is polite:", function()
  it("it lists its models", function()
    local status, body = call("GET", "/models?limit=1")
    assert.equal(200, status)
    local list = cjson.decode(body)
    assert.equal("list", list.object)
    assert.equal("eliza", list.data[1].id)
    assert.equal("model", cjson.decode((select(2, call("GET", "/models/eliza")))).object)
  end)

  it("it answers HEAD without a body", function()
    local status, body, head = call("HEAD", "/models")
    assert.equal(200, status)
    assert.equal("", body)
    assert.matches("content%-length: %d%d%d", head)
  end)

  it("it keeps a connection, after errors too", function()
    local peer = connect(options.base_url)
    for _, path in ipairs { "/v1/models", "/v1/nothing", "/v1/models/eliza" } do
      peer:request("GET " .. path)
      local got = ""
      repeat
        got = got .. assert(peer:read())
      until got:find("\r\n\r\n.*}$")
      assert.equal(#got:match("\r\n\r\n(.*)$"), tonumber(got:match("content%-length: (%d+)")))
    end
    peer:close()
  end)

  it("it survives whatever comes", function()
    for _, garbage in ipairs {
      "", "\r\n\r\n", "\0\1\2\3", "GET /v1/models HTTP/1.1\r\n", "GET /v1/nothing HTTP/1.1\r\n"
        .. "Content-Length: 5\r\n\r\n", "POST /v1/chat/completions HTTP/1.1\r\n"
        .. "Transfer-Encoding: chunked\r\n\r\n5\r\nab", "POST /v1/embeddings HTTP/1.1\r\n"
        .. "Content-Length: 100\r\n\r\n{", "\22\3\1\0\5\1\0\0\1\0", ("x"):rep(100000),
    } do
      local peer = connect(options.base_url)
      peer:write(garbage)
      peer:close()
    end
    assert.equal(200, (call("GET", "/models")))
  end)

  it("it takes a large body, with an invitation", function()
    local status, body, head = call("POST", "/embeddings",
      { model = "eliza-embedding", input = ("word "):rep(50000), dimensions = 2 },
      "Expect: 100-continue\r\n")
    assert.equal(100, status)
    assert.matches("^\r\nhttp/1.1 200 ok\r\n", head)
    assert.equal(2, #cjson.decode(body).data[1].embedding)
  end)
end)

describe("finding a server", function()
  local interpreter = jit and "luajit" or _VERSION:lower():gsub(" ", "")

  --- What `endpoint` finds in an environment, as lines.
  local function find(environment, models, with)
    local program = ([[
      local offline = dofile("examples/offline/init.lua")
      local options, server = offline.endpoint(function(url)
        return url:find(%q, 1, true) and { data = { { id = "embed-small" }, { id = "chatty" } } }
      end)
      print(server.name, options.base_url, options.api_key, options.model, server.embedding_model)
      server:close()
      server:close()
    ]]):format(models or "nowhere")
    local pipe = io.popen(("P=$(cat <<'END'\n%s\nEND\n); env -u OPENAI_API_KEY -u OPENAI_BASE_URL %s %s -e \"$P\" 2>&1")
      :format(program, environment, with or interpreter))
    local text = pipe:read("*a")
    pipe:close()
    return text
  end

  it("prefers the environment", function()
    assert.matches("environment\thttps://api.openai.com/v1\tnil\tgpt%-4o%-mini\ttext%-embedding%-3%-small",
      find("OPENAI_API_KEY=sk-1", "127.0.0.1"))
    assert.matches("environment\thttp://here:1/v1/\tfalse\tchatty\tembed%-small",
      find("OPENAI_BASE_URL=http://here:1/v1/", "http://here:1/v1/models"))
    assert.matches("environment\thttp://here:1/v1\tnil\tmine\t",
      find("OPENAI_BASE_URL=http://here:1/v1 OPENAI_API_KEY=k OPENAI_MODEL=mine"))
  end)

  it("then takes a server on this machine", function()
    assert.matches("ollama\thttp://127.0.0.1:11434/v1\tfalse\tchatty\tembed%-small", find("", "127.0.0.1"))
    assert.matches("llama.cpp\thttp://127.0.0.1:8080/v1\tfalse\tchatty", find("OPENAI_API_KEY=", "8080"))
    assert.matches("llama.cpp\t", find("OPENAI_API_KEY=' ' OPENAI_BASE_URL=' '", "8080")) -- blank is unset
  end)

  it("then starts the offline model, and says so", function()
    local said = find("")
    assert.matches("talking to the offline model %(ELIZA%) at http://127.0.0.1:%d+/v1, model eliza\n", said)
    assert.matches("offline\thttp://127.0.0.1:%d+/v1\tfalse\teliza\teliza%-embedding\n", said)
  end)

  it("never prints a key", function()
    assert.is_nil(find("OPENAI_API_KEY=sk-secret OPENAI_BASE_URL=http://here:1/v1"):find("secret", 1, true))
  end)

  it("says what is missing where nothing can run it", function()
    local folder = io.popen("mktemp -d"):read("*l")
    os.execute(("for t in mktemp mkfifo sh; do ln -s $(command -v $t) %s/$t; done"):format(folder))
    local said = find("PATH=" .. folder, nil, "$(command -v " .. interpreter .. ")")
    os.execute("rm -r " .. folder)
    assert.matches("the offline model did not start", said)
    assert.matches("apt%-get install luajit lua%-http lua%-cjson", said)
  end)
end)
