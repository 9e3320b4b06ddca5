-- What a client sends: each call of it as the server sees it.

local fixture = require "spec.support.fixture"
local json = require "lualogue.json"
local lualogue = require "lualogue"

local KEY = "sk-secret-0123456789"
local messages = { { role = "user", content = "Hi" } }
local server

local hello = fixture.json(200, fixture.chat_reply "Hello")

--- A client of a new origin with this script, and the origin's base URL.
local function client_of(script, options)
  local base_url = server:script(script)
  local settings = { base_url = base_url, api_key = KEY }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), base_url
end

--- The one request that `call(client)` leads to.
local function request_of(call, options, script)
  local client, base_url = client_of(script or hello, options)
  lualogue.assert(call(client))
  local requests = server:requests(base_url)
  assert.equal(1, #requests)
  return requests[1]
end

local function chat(options)
  return function(client) return client:chat({ model = "m", messages = messages }, options) end
end

--- The message of what must raise, less the position, which must be a line of this file.
local function raised(call, ...)
  local arguments, n = { ... }, select("#", ...)
  local unpack = table.unpack or unpack -- luacheck: ignore 143
  local ok, message = pcall(function() call(unpack(arguments, 1, n)) end)
  assert.is_false(ok)
  assert.is_string(message)
  return (assert(message:match "^[^:]*spec/client_spec%.lua:%d+: (.*)", message))
end

describe("a client", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  describe("sends headers:", function()
    it("its own", function()
      local request = request_of(chat(), { organization = "org-1", project = "proj-1" })
      assert.equal("POST", request.method)
      assert.equal("/chat/completions", request.path)
      assert.equal("Bearer " .. KEY, request:header "authorization")
      assert.equal("application/json", request:header "content-type")
      assert.equal("application/json", request:header "accept")
      assert.matches("^lualogue/", request:header "user-agent")
      assert.equal("org-1", request:header "openai-organization")
      assert.equal("proj-1", request:header "openai-project")
    end)

    it("no Expect, however long the body", function()
      local request = request_of(function(client)
        return client:chat { model = "m", messages = { { role = "user", content = ("x"):rep(3e6) } } }
      end)
      assert.is_nil(request:header "expect")
      assert.is_true(#request.body > 3e6)
      assert.is_true(request.complete)
    end)

    it("what is said to the client, over its own", function()
      local request = request_of(chat(), { headers = { ["user-AGENT"] = "mine", ["HTTP-Referer"] = "here" } })
      assert.equal("mine", request:header "user-agent")
      assert.equal("here", request:header "http-referer")
    end)

    it("what is said to the call, over the client's, whatever the case", function()
      local client, base_url = client_of(hello, { headers = { ["X-One"] = "client", ["X-Two"] = "client" } })
      assert(client:chat({ messages = messages }, { headers = { ["x-ONE"] = "call", authorization = "Basic abc" } }))
      assert(client:chat { messages = messages })
      local first, second = server:requests(base_url)[1], server:requests(base_url)[2]
      assert.equal("call", first:header "x-one")
      assert.equal("client", first:header "x-two")
      assert.equal("Basic abc", first:header "authorization")
      assert.equal("client", second:header "x-one")
      assert.equal("Bearer " .. KEY, second:header "authorization")
    end)

    it("none that is set to false", function()
      local off = {}
      for _, name in ipairs {
        "authorization", "Content-Type", "ACCEPT", "user-agent", "X-One", "X-Never", "OpenAI-Organization",
      } do
        off[name] = false
      end
      local options = { headers = { ["X-One"] = "1" }, organization = "org" }
      local request = request_of(chat { headers = off }, options)
      for name in pairs(off) do assert.is_nil(request:header(name), name) end
    end)

    it("no encoding that it can read where Accept-Encoding is set to false", function()
      local request = request_of(chat { headers = { ["accept-encoding"] = false } })
      assert.equal("identity", request:header "accept-encoding")
    end)

    it("user and password of the base URL where there is no key", function()
      local function authorization(key)
        local base_url = server:script(hello)
        local at = base_url:gsub("//", "//user:p%%40ss@")
        lualogue.assert(lualogue.new({ base_url = at, api_key = key }):chat { messages = messages })
        return server:requests(base_url)[1]:header "authorization"
      end
      assert.equal("Basic dXNlcjpwQHNz", authorization(false)) -- user:p@ss
      assert.equal("Bearer " .. KEY, authorization(KEY))
    end)

    it("an empty one where it is set to an empty string", function()
      local request = request_of(chat { headers = { ["X-Empty"] = "" } })
      assert.equal("", request:header "x-empty")
    end)

    it("no key where the call says api_key = false, another where it brings one", function()
      assert.is_nil(request_of(chat { api_key = false }):header "authorization")
      assert.equal("Bearer sk-other", request_of(chat { api_key = "sk-other" }):header "authorization")
    end)
  end)

  describe("builds the URL:", function()
    local function path_of(base, options, call)
      local base_url = server:script(hello)
      options = options or {}
      options.base_url = base_url:gsub("/v1$", "") .. base
      options.api_key = KEY
      assert(lualogue.new(options):chat({ messages = messages }, call))
      return server:requests(base_url)[1].target
    end

    it("below a path, with a slash at its end or without", function()
      assert.equal("/v1/chat/completions", path_of "/v1/")
      assert.equal("/chat/completions", path_of "")
      assert.equal("/chat/completions", path_of "/")
      assert.equal("/openai/deployments/x/chat/completions", path_of "/openai/deployments/x//")
    end)

    it("with the query of the base URL behind the path", function()
      assert.equal("/v1/chat/completions?api-version=1", path_of "/v1?api-version=1")
      assert.equal("/v1/chat/completions?api-version=1", path_of "/v1/?api-version=1")
    end)

    it("with the queries merged: what is nearer to the call wins", function()
      assert.equal("/v1/chat/completions?a=base", path_of("/v1?a=base"))
      assert.equal("/v1/chat/completions?a=client", path_of("/v1?a=base", { query = { a = "client" } }))
      assert.equal("/v1/chat/completions?a=call",
        path_of("/v1?a=base", { query = { a = "client" } }, { query = { a = "call" } }))
      assert.equal("/v1/chat/completions?b=client&a=call",
        path_of("/v1?a=base", { query = { b = "client" } }, { query = { a = "call" } }))
    end)

    it("with the query of a path, which client and call override", function()
      local client, base_url = client_of(hello, { query = { b = "client", ["c d"] = "client" } })
      assert(client:request("GET", "/x?a=1&b=2&c%20d=3"))
      assert(client:request("GET", "/x?a=1&b=2&aa=3", nil, { query = { a = "call", b = "call" } }))
      local first = server:requests(base_url)[1].path
      assert.equal("/x?a=1", first:match "^/x%?a=1")
      assert.is_truthy(first:find("b=client", 1, true))
      assert.is_truthy(first:find("c%20d=client", 1, true))
      assert.is_nil(first:find("b=2", 1, true))
      assert.is_nil(first:find("=3", 1, true))
      local second = server:requests(base_url)[2].path
      assert.matches("^/x%?aa=3&", second)
      assert.is_truthy(second:find("a=call", 1, true))
      assert.is_truthy(second:find("b=call", 1, true))
      assert.is_nil(second:find("a=1", 1, true))
    end)

    it("with names and values escaped, lists and tables in brackets", function()
      local function query_of(query) return path_of("/v1", nil, { query = query }):match "%?(.*)" end
      assert.equal("a%20b=c%26d%3D%2F%3F%23%25", query_of { ["a b"] = "c&d=/?#%" })
      assert.equal("x=%C3%A4%0D%0A", query_of { x = "ä\r\n" })
      assert.equal("n=3", query_of { n = 3 })
      assert.equal("f=true", query_of { f = true })
      assert.equal("l%5B%5D=1&l%5B%5D=2", query_of { l = { 1, 2 } })
      assert.equal("o%5Bk%5D=v", query_of { o = { k = "v" } })
      assert.equal("e=", query_of { e = "" })
    end)
  end)

  describe("sends the parameters of a chat", function()
    --- The body as it went over the wire.
    local function body_of(params, options)
      params.messages = params.messages or messages
      return request_of(function(client) return client:chat(params) end, options).body
    end

    it("as they are, known to us or not", function()
      local params = {
        model = "m", messages = { { role = "user", content = { { type = "text", text = "é\0\"\\/\n😀" } } } },
        temperature = 0.1, logit_bias = { ["50256"] = -100 }, stop = { "a", "b" }, stream = false,
        x_unknown = { deep = { { 1, 2, { y = false } } } }, user = "",
      }
      local sent = assert(json.decode(body_of(params)))
      assert.same(params, sent)
    end)

    it("with all digits of an integer", function()
      local seed = math.maxinteger or 9007199254740991
      assert.is_truthy(body_of { seed = seed }:find('"seed":' .. ("%d"):format(seed), 1, true))
      if math.type then
        assert.is_truthy(body_of { seed = math.mininteger }:find('"seed":-9223372036854775808', 1, true))
      end
    end)

    it("with empty lists and objects as the API has them, at any depth", function()
      local body = body_of {
        tools = {}, metadata = {}, stop = lualogue.array {}, x = lualogue.object {},
        response_format = { type = "json_schema", json_schema = {
          name = "n", schema = { type = "object", properties = {}, required = {} },
        } },
      }
      for _, part in ipairs {
        '"tools":[]', '"metadata":{}', '"stop":[]', '"x":{}', '"properties":{}', '"required":[]',
      } do
        assert.is_truthy(body:find(part, 1, true), part)
      end
    end)

    it("with null where it is asked for", function()
      assert.is_truthy(body_of { stop = lualogue.null }:find('"stop":null', 1, true))
    end)

    it("as valid UTF-8, not escaped", function()
      assert.is_truthy(body_of({ user = "käse 😀" }):find('"käse 😀"', 1, true))
    end)

    it("with the client's model only where they name none", function()
      assert.equal("default", json.decode(body_of({}, { model = "default" })).model)
      assert.equal("mine", json.decode(body_of({ model = "mine" }, { model = "default" })).model)
      assert.is_nil(json.decode(body_of {}).model)
      local _, count = body_of({ model = "mine" }, { model = "default" }):gsub('"model"', "")
      assert.equal(1, count)
    end)

    it("and leaves the caller's tables alone", function()
      local client = client_of(hello, { model = "default", headers = { ["X-One"] = "1" } })
      local params = { messages = { { role = "user", content = "Hi" } }, tools = {} }
      local options = { headers = { ["X-Two"] = 2 }, query = { a = 1 } }
      assert(client:chat(params, options))
      assert.same({ messages = { { role = "user", content = "Hi" } }, tools = {} }, params)
      assert.same({ headers = { ["X-Two"] = 2 }, query = { a = 1 } }, options)
      assert.is_nil(getmetatable(params.tools))
    end)

    it("and a message of a reply just as it came", function()
      local tool_call = { id = "c1", type = "function", ["function"] = { name = "f", arguments = "{}" } }
      local call = fixture.chat_reply(nil, { choices = { {
        index = 0, finish_reason = "tool_calls", message = { role = "assistant", tool_calls = { tool_call } },
      } } })
      local body = '{"choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":null,'
        .. '"annotations":[],"tool_calls":[{"id":"c1","type":"function",'
        .. '"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}'
      for _, answer in ipairs { fixture.json(200, call), fixture.json(200, body) } do
        local client, base_url = client_of { answer, hello }
        local reply = assert(client:chat { messages = messages })
        local message = reply.choices[1].message
        local answer_of_tool = { role = "tool", tool_call_id = "c1", content = "1" }
        assert(client:chat { messages = { messages[1], message, answer_of_tool } })
        local sent = server:requests(base_url)[2].body
        local back = json.decode(sent).messages[2]
        assert.same({ tool_call }, back.tool_calls)
        assert.equal("assistant", back.role)
        assert.is_truthy(sent:find('"content":null', 1, true))
        assert.is_nil(sent:find('"annotations":{}', 1, true))
      end
    end)
  end)

  describe("raises at the caller's line", function()
    local client
    before_each(function() client = lualogue.new { base_url = "http://127.0.0.1:1/v1", api_key = KEY } end)

    it("for parameters that are none", function()
      assert.matches("^bad argument 'params' to 'chat' %(table expected", raised(client.chat, client, "Hi"))
      assert.matches("^bad argument 'params' to 'chat' %(table expected", raised(client.chat, client))
      assert.matches("^bad argument 'params' to 'embeddings'", raised(client.embeddings, client, 3))
      assert.matches("^bad argument 'messages' to 'chat'", raised(client.chat, client, {}))
      assert.matches("^bad argument 'messages' to 'chat'", raised(client.chat, client, { messages = "Hi" }))
      assert.matches("^bad argument 'input' to 'embeddings'", raised(client.embeddings, client, {}))
      assert.matches("^bad argument 'input' to 'embeddings'", raised(client.embeddings, client, { input = 5 }))
    end)

    it("for a method, path or body of a request that are none", function()
      for _, method in ipairs { "get", "", "GET /", "G\r\nX: y", 5, false } do
        assert.matches("^bad argument 'method' to 'request'", raised(client.request, client, method, "/x"))
      end
      for _, path in ipairs { "/a b", "/a\r\nX: y", "/a#b", "/a\0b", 5, false } do
        assert.matches("^bad argument 'path' to 'request'", raised(client.request, client, "GET", path))
      end
      for _, body in ipairs { 5, true, print } do
        assert.matches("^bad argument 'body' to 'request'", raised(client.request, client, "POST", "/x", body))
      end
      assert.matches("^bad argument 'body' to 'request'", raised(client.request, client, "HEAD", "/x", {}))
    end)

    it("for options of a call that are wrong", function()
      local params = { messages = messages }
      for _, options in ipairs { "raw", 5, true } do
        assert.matches("^bad argument 'options' to 'chat'", raised(client.chat, client, params, options))
      end
      for name, value in pairs {
        timeout = -1, max_retries = 0.5, headers = "x", query = 5, raw = 1, http_version = "2.0", api_key = "",
        max_response_bytes = -1, base_url = "http://x", organization = "o", model = "m", tls_verify = false,
      } do
        assert.matches("^bad argument '" .. name .. "' to 'chat'",
          raised(client.chat, client, params, { [name] = value }))
      end
    end)

    it("for a value that cannot be sent, with its path, before anything is sent", function()
      local base_url = server:script(hello)
      client = lualogue.new { base_url = base_url, api_key = KEY }
      for path, params in pairs {
        ["messages%[1%]%.content"] = { messages = { { role = "user", content = print } } },
        ["temperature"] = { messages = messages, temperature = 0 / 0 },
        ["user"] = { messages = messages, user = "\255" },
        ["metadata%.x"] = { messages = messages, metadata = { x = math.huge } },
      } do
        assert.matches(path, raised(client.chat, client, params))
      end
      assert.equal(0, server:counts(base_url).accepted)
    end)

    it("for a call after close, which forgets the key at once", function()
      client:close()
      client:close()
      assert.matches("closed", raised(client.chat, client, { messages = messages }))
      assert.matches("closed", raised(client.request, client, "GET", "/x"))
      assert.matches("closed", tostring(client))
    end)
  end)

  it("is closed by Lua 5.4 at the end of its block", function()
    local close = getmetatable(client_of(hello)).__close
    local client = client_of(hello)
    close(client)
    assert.matches("closed", tostring(client))
  end)

  it("takes stream = true of a chat for a stream", function()
    local client = client_of(fixture.sse(fixture.words { "a", "b" }))
    local text = {}
    for piece in assert(client:chat { messages = messages, stream = true }):text() do text[#text + 1] = piece end
    assert.same({ "a", "b" }, text)
  end)

  it("holds one connection over 100 chats", function()
    local client, base_url = client_of(hello)
    for _ = 1, 100 do assert(client:chat { messages = messages }) end
    local counts = server:counts(base_url)
    assert.equal(100, counts.requests)
    assert.equal(1, counts.accepted)
  end)

  it("shares its connections with another client of the same server", function()
    local client, base_url = client_of(hello)
    assert(client:chat { messages = messages })
    assert(lualogue.new({ base_url = base_url, api_key = "sk-other" }):chat { messages = messages })
    assert.equal(1, server:counts(base_url).accepted)
    assert.equal("Bearer sk-other", server:requests(base_url)[2]:header "authorization")
  end)
end)
