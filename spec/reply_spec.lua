-- What a client gives back: replies of every kind, and what is known of them besides.

local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local server

--- A client of a new origin with this script, and the origin's base URL.
local function client_of(script, options)
  local base_url = server:script(script)
  local settings = { base_url = base_url, api_key = "sk-secret-0123456789" }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), base_url
end

local function is_whole(n) return math.type == nil or math.type(n) == "integer" end

describe("a reply", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  describe("to a chat", function()
    it("is the server's own table, less nulls, with whole numbers whole", function()
      local client = client_of(fixture.json(200, '{"id":"x","system_fingerprint":null,"created":1700000000,'
        .. '"choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},'
        .. '"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"total_tokens":8.0},'
        .. '"x_extra":{"a":[1]}}'))
      local reply = assert(client:chat { messages = messages })
      assert.equal("Hello", reply.choices[1].message.content)
      assert.equal(8, reply.usage.total_tokens)
      assert.is_true(is_whole(reply.usage.total_tokens) and is_whole(reply.created))
      assert.is_nil(reply.system_fingerprint)
      assert.is_nil(reply.choices[1].message.refusal)
      assert.same({ a = { 1 } }, reply.x_extra)
    end)

    it("keeps what is not JSON's business: U+0000, escapes, all of Unicode", function()
      local client = client_of(fixture.json(200,
        '{"choices":[{"message":{"content":"a\\u0000b\\n\\"\\\\\\u00e9\\ud83d\\ude00é"}}]}'))
      local reply = assert(client:chat { messages = messages })
      assert.equal("a\0b\n\"\\é😀é", reply.choices[1].message.content)
    end)

    it("has its text, always a string, which is not sent back", function()
      local function text_of(body)
        local reply = assert((client_of(fixture.json(200, body))):request("POST", "/answers", {}))
        assert.is_nil(json.encode(reply):find('"text":"all', 1, true))
        assert.is_nil(rawget(reply, "text"))
        return reply.text
      end
      assert.equal("all", text_of '{"choices":[{"index":0,"message":{"content":"all"}},{"index":1,"message":{"content":"b"}}]}')
      assert.equal("all", text_of '{"choices":[{"index":1,"message":{"content":"b"}},{"index":0,"message":{"content":"all"}}]}')
      assert.equal("all", text_of '{"choices":[{"message":{"content":"all"}}]}')
      assert.equal("ab", text_of '{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"text":"x"}]},{"type":"text","text":"a"},"b",null,5]}}]}')
      assert.equal("t", text_of '{"choices":[{"text":"t"}]}')
      assert.equal("ab", text_of('{"output":[{"type":"reasoning","content":[{"text":"x"}]},{"type":"message","content":[{"type":"output_text","text":"a"}]},'
        .. '{"type":"function_call"},{"type":"message","content":[{"type":"refusal","refusal":"x"},{"type":"output_text","text":"b"}]}]}'))
      for _, body in ipairs {
        '{"choices":[{"message":{"content":null,"tool_calls":[{}]}}]}', '{"choices":[{"message":{"refusal":"no"}}]}', '{"choices":[{}]}',
        '{"choices":[{"message":{"content":5}}]}', '{"choices":[5]}', '{"choices":{"a":1}}', '{"id":"x"}', '{"output":[5,{"type":"message"}]}', '{"output":{}}',
      } do
        assert.equal("", text_of(body), body)
      end
      local long = {}
      for i = 1, 5000 do long[i] = ('{"type":"text","text":"%d,"}'):format(i) end
      local all = text_of('{"choices":[{"message":{"content":[' .. table.concat(long, ",") .. "]}}]}")
      assert.equal("4999,5000,", all:sub(-10))
    end)

    it("may come in pieces, in chunks, with a head of other replies before it", function()
      local body = fixture.chat_reply(("long "):rep(2000))
      for _, opts in ipairs {
        { split = 7 }, { framing = "chunked", split = 7 }, { framing = "close" }, { interim = { 103, 100 } },
        { version = "1.0" }, { header_delay = 0.001 }, { framing = "chunked", interim = { 103 } },
      } do
        local client = client_of(fixture.json(200, body, nil, opts))
        local reply = assert(client:chat { messages = messages })
        assert.equal(body.choices[1].message.content, reply.choices[1].message.content)
      end
    end)

    it("needs no content type", function()
      for _, headers in ipairs { { ["Content-Type"] = false }, { ["Content-Type"] = "text/plain" } } do
        local client = client_of(fixture.json(200, fixture.chat_reply "Hello", headers))
        assert.equal("Hello", assert(client:chat { messages = messages }).choices[1].message.content)
      end
    end)

    it("may begin with a byte order mark, and have trailers behind it", function()
      local body = '\239\187\191{"choices":[{"text":"a"}]}'
      local client = client_of { fixture.json(200, body), fixture.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
        .. "\r\n\r\n1d\r\n" .. body .. "\r\n0\r\nX-Request-Id: trailer\r\n\r\n") }
      for _ = 1, 2 do
        local reply = assert(client:chat { messages = messages })
        assert.equal("a", reply.text)
        assert.is_nil(reply.meta.request_id)
      end
    end)

    it("may be any success", function()
      local client = client_of(fixture.json(201, fixture.chat_reply "Hello"))
      assert.equal(201, assert(client:chat { messages = messages }).meta.status)
    end)

    it("with an error that is null is none", function()
      local client = client_of(fixture.json(200, '{"error":null,"choices":[{"message":{"content":"Hello"}}]}'))
      assert.equal("Hello", assert(client:chat { messages = messages }).choices[1].message.content)
    end)
  end)

  describe("to embeddings", function()
    -- 1, -2.5, 0.5 as little-endian float32
    local base64, list = "AACAPwAAIMAAAAA/", { 1, -2.5, 0.5 }

    local function answer(...)
      local data = {}
      for i, embedding in ipairs { ... } do
        data[i] = { object = "embedding", index = i - 1, embedding = embedding }
      end
      return fixture.json(200, { object = "list", data = data, model = "m", usage = { prompt_tokens = 2 } })
    end

    it("has vectors, whether base64 or numbers came", function()
      local client = client_of { answer(base64, base64), answer(list, list) }
      for _ = 1, 2 do
        local reply = assert(client:embeddings { model = "m", input = { "one", "two" } })
        assert.equal(2, #reply.data)
        assert.same(list, reply.data[2].embedding:totable())
        assert.equal(3, #reply.data[1].embedding)
        assert.equal(1, reply.data[2].index)
        assert.equal(2, reply.usage.prompt_tokens)
        assert.equal(200, reply.meta.status)
      end
    end)

    it("is asked for without an encoding_format where we do not know the server", function()
      local client, base_url = client_of(answer(list))
      assert(client:embeddings { model = "m", input = "one" })
      assert.is_nil(json.decode(server:requests(base_url)[1].body).encoding_format)
    end)

    it("is asked for in the caller's encoding_format, if there is one", function()
      local client, base_url = client_of { answer(list), answer(base64) }
      for i, format in ipairs { "float", "base64" } do
        local reply = assert(client:embeddings { model = "m", input = "one", encoding_format = format })
        assert.equal(format, json.decode(server:requests(base_url)[i].body).encoding_format)
        assert.same(list, reply.data[1].embedding:totable())
      end
    end)

    it("names the client's model where the parameters do not", function()
      local client, base_url = client_of(answer(list), { model = "default" })
      assert(client:embeddings { input = "one" })
      assert.equal("default", json.decode(server:requests(base_url)[1].body).model)
    end)

    it("that holds an error or nonsense is an error", function()
      local client = client_of {
        fixture.json(200, { error = { message = "no" } }), answer "====", answer("AACA"),
        fixture.json(200, '{"data":[{"embedding":[1,'), fixture.json(200, ""), fixture.html(200),
      }
      for _, kind in ipairs { "api", "decode", "decode", "decode", "decode", "protocol" } do
        local reply, err = client:embeddings { model = "m", input = "one" }
        assert.is_nil(reply)
        assert.equal(kind, err.kind)
      end
    end)

    describe("from a server that is known to speak base64:", function()
      -- The host is not ours, so a proxy of the environment brings the request to the fixture.
      local script = [[
        local lualogue = require "lualogue"
        local client = lualogue.new { base_url = arg[1], api_key = "sk-1", max_retries = 0 }
        local params = { model = "m", input = "one", encoding_format = arg[2] }
        local reply = lualogue.assert(client:embeddings(params))
        print(table.concat(reply.data[1].embedding:totable(), " "), params.encoding_format)
      ]]

      local function ask(base_url, format)
        local proxy = server:script(answer(base64))
        local path = os.tmpname()
        local file = assert(io.open(path, "w"))
        file:write(script)
        file:close()
        local pipe = assert(io.popen(("http_proxy=%s no_proxy= %s %s %s %s 2>&1"):format(
          proxy:gsub("/v1$", ""), os.getenv "LLG_INTERPRETER" or arg[-1], path, base_url, format or "")))
        local output = pipe:read "*a"
        pipe:close()
        os.remove(path)
        assert.matches("^1%S* %-2%.5 0%.5", output)
        local request = server:requests(proxy)[1]
        assert.equal(base_url .. "/embeddings", (request.target:gsub("%?.*", "")))
        return json.decode(request.body).encoding_format
      end

      it("api.openai.com is asked for base64, unless the caller says otherwise", function()
        assert.equal("base64", ask "http://api.openai.com/v1")
        assert.equal("float", ask("http://api.openai.com/v1", "float"))
      end)

      it("Azure is asked for base64", function()
        assert.equal("base64", ask "http://mine.openai.azure.com/openai/v1")
        assert.equal("base64", ask "http://MINE.cognitiveservices.azure.com:8080/openai/v1")
      end)

      it("a name that only looks like theirs is not", function()
        assert.is_nil(ask "http://api.openai.com.example/v1")
        assert.is_nil(ask "http://notazure.com/v1")
      end)
    end)
  end)

  describe("knows its meta:", function()
    it("status, request id, attempts, version, bytes, time", function()
      local body = json.encode(fixture.chat_reply "Hello")
      local client, base_url = client_of(fixture.json(200, body, {
        ["X-Request-Id"] = "req-1", ["Set-Cookie"] = "a=1", ["X-One"] = "one",
      }))
      local reply = assert(client:chat { messages = messages })
      local meta = reply.meta
      assert.equal(200, meta.status)
      assert.equal("req-1", meta.request_id)
      assert.equal(1, meta.attempts)
      assert.equal("1.1", meta.http_version)
      assert.is_false(meta.reused)
      assert.equal("one", meta.headers["x-one"])
      assert.equal(#server:requests(base_url)[1].body, meta.bytes_sent)
      assert.equal(#body, meta.bytes_received)
      assert.is_true(is_whole(meta.bytes_received) and is_whole(meta.status) and is_whole(meta.attempts))
      for _, phase in ipairs { "dns", "connect", "tls", "first_byte", "total" } do
        assert.is_true(meta.timing[phase] >= 0 and meta.timing[phase] < 30, phase)
      end
      assert.equal(0, meta.timing.tls)
      assert.is_true(meta.timing.connect > 0)
      assert.is_true(meta.timing.first_byte >= meta.timing.connect)
      assert.is_true(meta.timing.total >= meta.timing.first_byte)
      assert.is_true(meta.elapsed >= 0)
    end)

    it("that the connection was used before", function()
      local client = client_of(fixture.json(200, fixture.chat_reply "Hello"))
      assert.is_false(assert(client:chat { messages = messages }).meta.reused)
      local meta = assert(client:chat { messages = messages }).meta
      assert.is_true(meta.reused)
      assert.equal(0, meta.timing.connect)
    end)

    it("rate limits, with the time until they are reset in seconds", function()
      local client = client_of(fixture.json(200, fixture.chat_reply "Hello", {
        ["x-ratelimit-limit-requests"] = "60", ["x-ratelimit-remaining-requests"] = "59",
        ["x-ratelimit-reset-requests"] = "1s", ["x-ratelimit-limit-tokens"] = "150000",
        ["x-ratelimit-remaining-tokens"] = "149984", ["x-ratelimit-reset-tokens"] = "6m0s",
      }))
      local meta = assert(client:chat { messages = messages }).meta
      assert.same({ limit = 60, remaining = 59, reset = 1 }, meta.rate_limit.requests)
      assert.same({ limit = 150000, remaining = 149984, reset = 360 }, meta.rate_limit.tokens)
      assert.is_true(is_whole(meta.rate_limit.requests.remaining))
    end)

    it("every way in which such a time is written", function()
      local cases = {
        ["20ms"] = 0.02, ["1.5s"] = 1.5, ["2h3m4s"] = 7384, ["1d"] = 86400, ["7"] = 7, ["1m0.25s"] = 60.25,
        ["soon"] = "soon", ["1x"] = "1x",
      }
      for text, seconds in pairs(cases) do
        local client = client_of(fixture.json(200, fixture.chat_reply "x", { ["x-ratelimit-reset-tokens"] = text }))
        local tokens = assert(client:chat { messages = messages }).meta.rate_limit.tokens
        if type(seconds) == "number" then
          assert.is_true(math.abs(tokens.reset - seconds) < 1e-9, text)
        else
          assert.equal(seconds, tokens.reset)
        end
      end
    end)

    it("no request id and no limits where the server says nothing of them", function()
      local meta = assert(client_of(fixture.json(200, fixture.chat_reply "x")):chat { messages = messages }).meta
      assert.is_nil(meta.request_id)
      assert.same({}, meta.rate_limit)
    end)

    it("which lualogue.meta gives as well", function()
      local reply = assert(client_of(fixture.json(200, fixture.chat_reply "x")):chat { messages = messages })
      assert.equal(reply.meta, lualogue.meta(reply))
      assert.is_nil(lualogue.meta {})
      assert.has_error(function() lualogue.meta "text" end)
    end)

    it("which is no field of the reply: neither pairs nor encoding sees it", function()
      local reply = assert(client_of(fixture.json(200, fixture.chat_reply "x")):chat { messages = messages })
      assert.equal(200, reply.meta.status)
      for name in pairs(reply) do assert.not_equal("meta", name) end
      assert.is_nil(rawget(reply, "meta"))
      assert.is_nil(json.encode(reply):find("meta", 1, true))
      assert.equal("Hello", json.decode(json.encode(reply)).choices and "Hello")
      assert.is_nil(reply.nothing)
    end)

    it("and the server's own field of that name comes first", function()
      local reply = assert(client_of(fixture.json(200, { choices = { { text = "a" } }, meta = "theirs" })):chat { messages = messages })
      assert.equal("theirs", reply.meta)
      assert.equal(200, lualogue.meta(reply).status)
    end)

    it("of a stream, from its first chunk on", function()
      local base_url = server:script(fixture.sse { fixture.chunk "a", { hold = "end" }, fixture.chunk "b" })
      local client = lualogue.new { base_url = base_url, api_key = false }
      local stream = assert(client:stream { messages = messages })
      assert(stream:next())
      local meta = stream.meta
      assert.equal(200, meta.status)
      assert.equal("1.1", meta.http_version)
      assert.equal(1, meta.attempts)
      assert.is_false(meta.reused)
      assert.is_true(meta.timing.first_byte > 0)
      assert.is_true(meta.bytes_received > 0)
      stream:close()
      assert.equal("1.1", stream.meta.http_version)
    end)

    it("after the client was closed and collected", function()
      local reply
      do
        local client = client_of(fixture.json(200, fixture.chat_reply "x", { ["X-Request-Id"] = "req-9" }))
        reply = assert(client:chat { messages = messages })
        client:close()
      end
      collectgarbage()
      collectgarbage()
      assert.equal("req-9", reply.meta.request_id)
    end)
  end)
end)
