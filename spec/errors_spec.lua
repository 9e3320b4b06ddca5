-- What a caller is told when a call fails: the kind, the fields, one readable line, never the key.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local KEY = "sk-secret-0123456789abcdef"
local messages = { { role = "user", content = "Hi" } }
local server

local hello = fixture.json(200, fixture.chat_reply "Hello")

--- A client of a new origin with this script, and the origin's base URL. Without retries.
local function client_of(script, options)
  local base_url = server:script(script)
  local settings = { base_url = base_url, api_key = KEY, max_retries = 0 }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), base_url
end

--- What is true of every error.
local function assert_error(reply, err)
  assert.is_nil(reply)
  assert.is_table(err)
  local line = tostring(err)
  assert.is_string(err.kind)
  assert.is_true(#err.message > 0)
  assert.is_nil(line:find("[\r\n]"), line)
  assert.is_truthy(line:find(err.kind, 1, true))
  for _, text in ipairs { line, err.message, err.body or "" } do
    assert.is_nil(text:find(KEY, 1, true))
  end
  return err
end

--- The error of a chat with a server that does as the script says, after which the same client is
--- as usable as before.
local function error_of(script, options, call_options)
  local client, base_url = client_of(script, options)
  local err = assert_error(client:chat({ messages = messages }, call_options))
  server:rescript(base_url, hello)
  local reply = lualogue.assert(client:chat({ messages = messages }, { max_retries = 1 }))
  assert.equal("Hello", reply.choices[1].message.content)
  return err
end

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

describe("a refusal", function()
  --- Fields of the error by the body of the refusal.
  local cases = {
    { "an error object", 400, [[{"error":{"message":"bad model","type":"invalid_request_error","param":"model",]]
      .. [["code":"model_not_found"}}]],
      { message = "bad model", type = "invalid_request_error", param = "model", code = "model_not_found" } },
    { "an error object with nulls", 401,
      '{"error":{"message":"no key","type":"invalid_request_error","param":null,"code":null}}',
      { message = "no key", type = "invalid_request_error" } },
    { "an error object with a numeric code", 429, '{"error":{"message":"slow down","code":1305}}',
      { message = "slow down", code = 1305 } },
    { "an error that is a string", 404, '{"error":"model \'x\' not found"}', { message = "model 'x' not found" } },
    { "FastAPI's detail", 422, '{"detail":"field required"}', { message = "field required" } },
    { "FastAPI's detail as a list", 422, '{"detail":[{"loc":["body","model"],"msg":"field required"}]}',
      { message = "field required" } },
    { "vLLM's flat object", 400, '{"object":"error","message":"too long","type":"BadRequestError","param":null,'
      .. '"code":400}', { message = "too long", type = "BadRequestError", code = 400 } },
    { "an object without an envelope", 403, '{"message":"forbidden","code":"denied"}',
      { message = "forbidden", code = "denied" } },
    { "an error object without a message", 400, '{"error":{"code":"broken"}}', { code = "broken" } },
    { "an empty object", 400, "{}", {} },
    { "a list", 400, '[{"error":{"message":"in a list"}}]', { message = "in a list" } },
    { "text", 502, "upstream\nfailed\n", { message = "upstream" } },
    { "text of many lines", 503, "\n\n  a\r\nb", { message = "a" } },
    { "JSON that is cut off", 500, '{"error":{"message":"x', {} },
    { "a number", 500, "42", { message = "42" } },
    { "no body", 404, "", { message = "404" } },
  }
  for _, case in ipairs(cases) do
    local name, status, body, fields = case[1], case[2], case[3], case[4]
    it("with " .. name, function()
      local err = error_of(fixture.json(status, body, { ["X-Request-Id"] = "req-1" }))
      assert.equal("api", err.kind)
      assert.equal(status, err.status)
      assert.equal("req-1", err.request_id)
      assert.equal(1, err.attempts)
      assert.equal(body ~= "" and body or nil, err.body)
      for _, field in ipairs { "code", "type", "param" } do assert.equal(fields[field], err[field]) end
      if fields.message then assert.is_truthy(err.message:find(fields.message, 1, true), err.message) end
      assert.is_truthy(tostring(err):find("api " .. status, 1, true), tostring(err))
    end)
  end

  it("with a page of HTML shows its words, not its tags", function()
    local err = error_of(fixture.html(502))
    assert.equal("api", err.kind)
    assert.equal(502, err.status)
    assert.matches("Bad gateway", err.message)
    assert.is_nil(err.message:find("<", 1, true))
    assert.matches("^<html>", err.body)
  end)

  it("reads as one line: kind, status, code, message", function()
    local err = error_of(fixture.json(401, fixture.error_body("Incorrect\nAPI key", { code = "invalid_api_key" })))
    assert.equal("api 401 (invalid_api_key): Incorrect API key", tostring(err))
    assert.equal("Incorrect\nAPI key", err.message)
  end)

  it("says after how long to come again", function()
    assert.equal(7, error_of(fixture.json(429, "", { ["Retry-After"] = "7" })).retry_after)
    assert.equal(0.25, error_of(fixture.json(429, "", { ["retry-after-ms"] = "250" })).retry_after)
    local date = os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 60)
    local retry_after = error_of(fixture.json(503, "", { ["Retry-After"] = date })).retry_after
    assert.is_true(retry_after > 30 and retry_after <= 60)
    assert.is_nil(error_of(fixture.json(429, "", { ["Retry-After"] = "soon" })).retry_after)
  end)

  it("keeps of a long body what a person could read", function()
    local err = error_of(fixture.json(500, ("x"):rep(3e6)))
    assert.equal("api", err.kind)
    assert.is_true(#err.message <= 512)
    assert.is_true(#err.body <= 1024 * 1024)
  end)

  it("is no limit error, however little a reply may hold", function()
    local err = error_of(fixture.json(404, fixture.error_body(("no "):rep(300))), nil, { max_response_bytes = 100 })
    assert.equal("api", err.kind)
    assert.equal(404, err.status)
  end)

  it("of a stream is nil, err as well", function()
    local client = client_of(fixture.json(401, fixture.error_body "no key"))
    local err = assert_error(client:stream { messages = messages })
    assert.equal("api", err.kind)
    assert.equal(401, err.status)
    assert.equal("no key", err.message)
  end)

  it("that comes with status 200 is one", function()
    local script = fixture.json(200, fixture.error_body("overloaded", { type = "server_error", code = "busy" }),
      { ["X-Request-Id"] = "req-2" })
    local client, base_url = client_of(script, { max_retries = 3 })
    local err = assert_error(client:chat { messages = messages })
    assert.equal("api", err.kind)
    assert.equal(200, err.status)
    assert.equal("busy", err.code)
    assert.equal("server_error", err.type)
    assert.equal("overloaded", err.message)
    assert.equal("req-2", err.request_id)
    assert.equal(1, server:counts(base_url).requests)
    assert.equal("nope", error_of(fixture.json(200, { error = "nope" })).message)
  end)
end)

describe("the key", function()
  it("that a server echoes is nowhere in the error", function()
    for _, body in ipairs {
      fixture.error_body("Incorrect API key provided: " .. KEY .. "."),
      { error = { message = "no", code = KEY, type = "t " .. KEY, param = KEY } }, { error = KEY }, { detail = KEY },
      "Bearer " .. KEY, "a\0b " .. KEY .. " \0 c", "<html>" .. KEY .. "</html>",
    } do
      local err = error_of(fixture.json(401, body, { ["X-Request-Id"] = KEY }))
      for name, value in pairs(err) do
        assert.is_nil(tostring(value):find(KEY, 1, true), name)
      end
    end
    assert.equal("a\0b [key] \0 c", error_of(fixture.json(401, "a\0b " .. KEY .. " \0 c")).body)
  end)

  it("of the call is as secret as the client's", function()
    local other = "sk-other-0123456789"
    local err = error_of(fixture.json(401, fixture.error_body("no " .. other)), nil, { api_key = other })
    assert.equal("no [key]", err.message)
    err = error_of(fixture.json(401, fixture.error_body("no " .. other)), nil, { headers = { ["api-key"] = other } })
    assert.equal("no [key]", err.message)
  end)

  it("that a server echoes with a success is not hidden from the caller", function()
    local client = client_of(fixture.json(200, fixture.chat_reply(KEY)))
    assert.equal(KEY, assert(client:chat { messages = messages }).choices[1].message.content)
  end)

  it("in the URL is not in the error", function()
    local base_url = server:refused():gsub("//", "//user:hidden@") .. "?api-key=hidden"
    local client = lualogue.new { base_url = base_url, api_key = false, max_retries = 0 }
    local err = assert_error(client:chat { messages = messages })
    assert.equal("connection", err.kind)
    assert.is_nil(tostring(err):find("hidden", 1, true))
  end)
end)

describe("an answer that is none:", function()
  for name, kind in pairs {
    ["an empty body"] = "decode", ["JSON that is cut off"] = "decode", ["JSON that is no object"] = "protocol",
    ["a page instead of JSON"] = "protocol", ["a length that is too short"] = "decode",
    ["gzip that is none"] = "protocol", ["gzip that is cut off"] = "decode",
    ["closed without a word"] = "connection", ["reset without a word"] = "connection",
    ["cut off in the head"] = "connection", ["cut off in the body"] = "connection",
    ["reset in the body"] = "connection", ["cut off between chunks"] = "connection",
    ["a bad chunk size"] = "connection", ["not HTTP"] = "protocol",
  } do
    it(name, function()
      local err = error_of(fixture.faults[name])
      assert.equal(kind, err.kind, tostring(err))
      assert.equal(1, err.attempts)
      if kind == "decode" or name:find "body" or name:find "page" then assert.equal(200, err.status) end
      assert.is_string(err.phase)
      if kind == "connection" then assert.matches("127%.0%.0%.1:%d+", err.message) end
    end)
  end

  it("every fault of the fixture server is tested here", function()
    local n = 0
    for _ in pairs(fixture.faults) do n = n + 1 end
    assert.equal(15, n)
  end)

  it("broken connections are tried again, and counted", function()
    for _, name in ipairs { "closed without a word", "reset in the body", "cut off between chunks" } do
      local fault = fixture.faults[name]
      local client, base_url = client_of({ fault, hello }, { max_retries = 1 })
      local reply = lualogue.assert(client:chat { messages = messages })
      assert.equal(2, reply.meta.attempts)
      assert.equal(2, server:counts(base_url).requests)
    end
  end)

  it("an answer that could be read but not understood is not", function()
    for _, name in ipairs { "JSON that is cut off", "a page instead of JSON", "an empty body", "gzip that is none" } do
      local client, base_url = client_of(fixture.faults[name], { max_retries = 3 })
      assert_error(client:chat { messages = messages })
      assert.equal(1, server:counts(base_url).requests, name)
    end
  end)

  it("JSON that is nested too deeply is a limit", function()
    local err = error_of(fixture.json(200, ("["):rep(100000)))
    assert.equal("limit", err.kind)
    assert.equal("body", err.phase)
    assert.matches("LLG_MAX_JSON_DEPTH", err.message)
  end)

  it("a head without end is a limit", function()
    local err = error_of(fixture.json(200, "{}", { ["X-Long"] = ("x"):rep(90000), ["X-Long-2"] = ("x"):rep(90000),
      ["X-Long-3"] = ("x"):rep(90000) }))
    assert.equal("limit", err.kind)
    assert.matches("LLG_MAX_HEADER_BYTES", err.message)
  end)
end)

describe("a server that is not there:", function()
  local function error_at(base_url, options)
    local settings = { base_url = base_url, api_key = KEY, max_retries = 0 }
    for name, value in pairs(options or {}) do settings[name] = value end
    return assert_error(lualogue.new(settings):chat { messages = messages })
  end

  it("a refused port", function()
    local base_url = server:refused()
    local err = error_at(base_url)
    assert.equal("connection", err.kind)
    assert.equal("connect", err.phase)
    assert.is_truthy(err.message:find(base_url:match "//(.-)/", 1, true))
    assert.is_nil(err.status)
    assert.is_nil(err.body)
    assert.equal(1, err.attempts)
  end)

  -- Longer than a name may be: no name server is asked, so that this also holds without one.
  local nowhere = ("x"):rep(64) .. ".invalid"

  it("a name that does not exist", function()
    local err = error_at("http://" .. nowhere .. "/v1")
    assert.equal("connection", err.kind)
    assert.equal("dns", err.phase)
    assert.is_truthy(err.message:find(nowhere, 1, true))
  end)

  it("and the next call of any kind is none the worse", function()
    local next_calls = {
      [hello] = function(client) return client:chat { messages = messages } end,
      [fixture.sse(fixture.words { "a" })] = function(client)
        return lualogue.assert(client:stream { messages = messages }):message()
      end,
    }
    for script, call in pairs(next_calls) do
      for _, failing in ipairs { "http://" .. nowhere .. "/v1", server:refused(), "ftp://127.0.0.1/v1" } do
        error_at(failing)
        lualogue.assert(call((client_of(script))))
      end
    end
  end)

  it("a host that says nothing", function()
    local err = error_at(server:deaf(), { connect_timeout = 0.1 })
    assert.equal("timeout", err.kind)
    assert.equal("connect", err.phase)
    assert.matches("connect_timeout", err.message)
  end)

  it("a scheme that we do not speak", function()
    for _, base_url in ipairs { "ftp://127.0.0.1/v1", "file://here/etc/passwd", "gopher://127.0.0.1/", "no://x" } do
      local err = error_at(base_url, { max_retries = 3 })
      assert.equal("protocol", err.kind)
      assert.equal("request", err.phase)
      assert.equal(1, err.attempts)
    end
  end)

  it("a URL that is none", function()
    for _, base_url in ipairs { "http://127.0.0.1:99999/v1", "http://127.0.0.1:http/v1", "http://a[b/v1" } do
      local err = error_at(base_url, { max_retries = 3 })
      assert.equal("protocol", err.kind)
      assert.equal(1, err.attempts)
    end
  end)

  it("and one that speaks no TLS", function()
    local plain = { { read = "nothing" }, { send = "HTTP/1.1 400 Bad Request\r\n\r\n" }, { close = true } }
    local err = error_at((server:script(plain):gsub("^http:", "https:")))
    assert.equal("tls", err.kind)
    assert.equal("tls", err.phase)
  end)
end)

describe("a header or key with a line break or a NUL", function()
  it("is refused before anything is sent", function()
    local client, base_url = client_of(hello)
    for _, bad in ipairs { "a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b" } do
      for _, options in ipairs { { headers = { ["X-One"] = bad } }, { api_key = bad }, { headers = { [bad] = "a" } } } do
        local ok, message = pcall(function() return client:chat({ messages = messages }, options) end)
        assert.is_false(ok)
        assert.matches("errors_spec%.lua:%d+: bad argument '.-' to 'chat'", message)
        assert.is_nil(message:find "%c", message)
      end
    end
    assert.equal(0, server:counts(base_url).accepted)
    assert(client:chat { messages = messages })
  end)
end)
