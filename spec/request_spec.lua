-- `client:request`, for what has no name of its own; and keys that a function brings.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local server

local hello = fixture.json(200, fixture.chat_reply "Hello")

--- A client of a new origin with this script, and the origin's base URL.
local function client_of(script, options)
  local base_url = server:script(script)
  local settings = { base_url = base_url, api_key = "sk-secret-0123456789" }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), base_url
end

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

describe("client:request", function()
  it("sends any method, with a JSON body or none", function()
    local client, base_url = client_of(fixture.json(200, { ok = true }))
    local methods = { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY" }
    for _, method in ipairs(methods) do
      assert.is_true(assert(client:request(method, "/x")).ok)
      assert.is_true(assert(client:request(method, "/x", { a = 1 })).ok)
    end
    local requests = server:requests(base_url)
    assert.equal(2 * #methods, #requests)
    for i, method in ipairs(methods) do
      local plain, with_body = requests[2 * i - 1], requests[2 * i]
      assert.equal(method, plain.method)
      assert.equal(method, with_body.method)
      assert.equal("", plain.body)
      assert.equal('{"a":1}', with_body.body)
      assert.equal("application/json", with_body:header "content-type")
    end
    assert.equal(1, server:counts(base_url).accepted)
  end)

  it("says how long a body is, also where a method should have one and has none", function()
    local client, base_url = client_of(fixture.json(200, { ok = true }))
    for i, method in ipairs { "POST", "PUT", "PATCH" } do
      assert(client:request(method, "/x"))
      assert.equal("0", server:requests(base_url)[i]:header "content-length")
    end
    assert(client:request("GET", "/x"))
    assert.is_nil(server:requests(base_url)[4]:header "content-length")
  end)

  it("leaves no trace of one method in the next", function()
    local client, base_url = client_of(fixture.json(200, { ok = true }))
    local order = { "POST", "HEAD", "POST", "GET", "PUT", "HEAD", "DELETE", "POST", "GET" }
    for _, method in ipairs(order) do
      local body = method ~= "GET" and method ~= "HEAD" and { a = method } or nil
      local reply, err = client:request(method, "/x", body)
      assert.is_truthy(reply, tostring(err))
    end
    for i, request in ipairs(server:requests(base_url)) do
      assert.equal(order[i], request.method)
      local has_body = request.method ~= "GET" and request.method ~= "HEAD"
      assert.equal(has_body and '{"a":"' .. request.method .. '"}' or "", request.body)
    end
  end)

  it("asks with HEAD and waits for no body", function()
    local client = client_of(fixture.json(200, { ok = true }, { ["X-One"] = "1" }))
    local reply = assert(client:request("HEAD", "/x"))
    assert.same({}, reply)
    assert.equal("1", reply.meta.headers["x-one"])
    local refused = client_of(fixture.json(404, { error = { message = "no" } }))
    local _, err = refused:request("HEAD", "/x")
    assert.equal("api", err.kind)
    assert.equal(404, err.status)
  end)

  it("sends a string as it is", function()
    local bytes = "a\0b\r\n\255{}" .. ("x"):rep(100000)
    local client, base_url = client_of(fixture.json(200, { ok = true }))
    assert(client:request("POST", "/x", bytes))
    assert(client:request("POST", "/x", "a,b", { headers = { ["Content-Type"] = "text/csv" } }))
    assert(client:request("POST", "/x", ""))
    local requests = server:requests(base_url)
    assert.equal(bytes, requests[1].body)
    assert.equal("application/octet-stream", requests[1]:header "content-type")
    assert.equal("text/csv", requests[2]:header "content-type")
    assert.equal("", requests[3].body)
    assert.equal("0", requests[3]:header "content-length")
  end)

  it("adds a slash before a path without one", function()
    local client, base_url = client_of(fixture.json(200, { ok = true }))
    assert(client:request("GET", "models"))
    assert.equal("/models", server:requests(base_url)[1].path)
  end)

  it("adds nothing to the body", function()
    local client, base_url = client_of(fixture.json(200, { ok = true }), { model = "default" })
    assert(client:request("POST", "/x", {}))
    assert.equal("{}", server:requests(base_url)[1].body)
  end)

  it("gives a list that came as a list", function()
    local client = client_of(fixture.json(200, '[{"a":1},null,2]'))
    local reply = assert(client:request("GET", "/x"))
    assert.equal(1, reply[1].a)
    assert.equal(lualogue.null, reply[2])
    assert.equal(2, reply[3])
  end)

  it("gives an empty table for a success without content", function()
    for _, status in ipairs { 204, 205 } do
      local client = client_of(fixture.raw(("HTTP/1.1 %d Nothing\r\nContent-Length: 0\r\n\r\n"):format(status)))
      local reply = assert(client:request("DELETE", "/x"))
      assert.same({}, reply)
      assert.equal(status, reply.meta.status)
    end
  end)

  it("gives the bytes where raw replies are asked for", function()
    local bytes = "\0\1\255ID3" .. ("x"):rep(70000)
    local client = client_of { fixture.json(200, bytes, { ["Content-Type"] = "audio/mpeg" }), fixture.html(200),
      fixture.json(200, ""), fixture.json(400, { error = { message = "no" } }) }
    assert.equal(bytes, assert(client:request("POST", "/x", { a = 1 }, { raw = true })))
    assert.matches("^<html>", assert(client:request("GET", "/x", nil, { raw = true })))
    assert.equal("", assert(client:request("GET", "/x", nil, { raw = true })))
    local reply, err = client:request("GET", "/x", nil, { raw = true })
    assert.is_nil(reply)
    assert.equal("no", err.message)
  end)

  it("raises the path of what cannot be sent", function()
    local client = client_of(hello)
    local ok, message = pcall(function() return client:request("POST", "/x", { a = { b = print } }) end)
    assert.is_false(ok)
    assert.matches("request_spec%.lua:%d+: .*a%.b", message)
  end)
end)

describe("a key that a function brings", function()
  it("is asked for once per call, and may be another each time", function()
    local calls = 0
    local client, base_url = client_of(hello, {
      api_key = function()
        calls = calls + 1
        return "sk-" .. calls
      end,
    })
    assert.equal(0, calls)
    assert(client:chat { messages = messages })
    assert(client:request("GET", "/x"))
    assert(client:embeddings { input = "one" })
    assert.equal(3, calls)
    for i, request in ipairs(server:requests(base_url)) do
      assert.equal("Bearer sk-" .. i, request:header "authorization")
    end
  end)

  it("is the same for all attempts of a call", function()
    local calls = 0
    local client, base_url = client_of({ fixture.json(500, "", { ["retry-after-ms"] = "1" }), hello }, {
      api_key = function()
        calls = calls + 1
        return "sk-" .. calls
      end,
    })
    assert(client:chat { messages = messages })
    assert.equal(1, calls)
    assert.equal("Bearer sk-1", server:requests(base_url)[2]:header "authorization")
  end)

  it("is asked for by a stream as well", function()
    local client, base_url = client_of(fixture.sse(fixture.words { "a" }), { api_key = function() return "sk-f" end })
    assert(assert(client:stream { messages = messages }):message())
    assert.equal("Bearer sk-f", server:requests(base_url)[1]:header "authorization")
  end)

  it("is not asked for where the call brings its own", function()
    local client, base_url = client_of(hello, { api_key = function() error "asked" end })
    local options = { api_key = "sk-call", headers = { ["X-One"] = "1" } }
    assert(client:chat({ messages = messages }, options))
    assert.equal("Bearer sk-call", server:requests(base_url)[1]:header "authorization")
    assert(client:chat({ messages = messages }, { api_key = false }))
    assert.is_nil(server:requests(base_url)[2]:header "authorization")
  end)

  it("goes with the headers and options of the call, which stay as they were", function()
    local client, base_url = client_of(hello, { api_key = function() return "sk-f" end })
    local options = { headers = { ["X-One"] = "1" } }
    assert(client:chat({ messages = messages }, options))
    assert.equal("1", server:requests(base_url)[1]:header "x-one")
    assert.same({ headers = { ["X-One"] = "1" } }, options)
  end)

  it("that fails is nil and an error of the kind key, before anything is sent", function()
    local failures = {
      { function() return nil, "vault is sealed" end, "vault is sealed" },
      { function() error "no such file" end, "no such file" },
      { function() error { code = 5 } end, "function failed" },
      { function() return "" end, "gave no key" },
      { function() return false end, "gave no key" },
      { function() return 5 end, "gave no key" },
      { function() return "sk-1\r\nX-Evil: y" end, "control character" },
      { function() return "sk-1\0" end, "control character" },
      { function() return "sk-1 a" end, "a blank in it" },
      { function() return "\239\187\191sk-1" end, "not ASCII" },
      { function() return " \n" end, "gave no key" },
      { function() end, "gave no key" },
    }
    local base_url = server:script(hello)
    for _, case in ipairs(failures) do
      local client = lualogue.new { base_url = base_url, api_key = case[1] }
      for _, call in ipairs {
        function() return client:chat { messages = messages } end,
        function() return client:stream { messages = messages } end,
        function() return client:embeddings { input = "one" } end,
        function() return client:request("GET", "/x") end,
      } do
        local reply, err = call()
        assert.is_nil(reply)
        assert.equal("key", err.kind)
        assert.is_truthy(err.message:find(case[2], 1, true), err.message)
        assert.is_nil(err.message:find("sk-1", 1, true))
      end
    end
    assert.equal(0, server:counts(base_url).accepted)
  end)

  it("does not hide that an argument is wrong", function()
    local client = client_of(hello, { api_key = function() return "sk-f" end })
    for _, options in ipairs { "raw", 5, true } do
      local ok, message = pcall(function() return client:chat({ messages = messages }, options) end)
      assert.is_false(ok)
      assert.matches("request_spec%.lua:%d+: bad argument 'options' to 'chat'", message)
      ok, message = pcall(function() return client:request("GET", "/x", nil, options) end)
      assert.is_false(ok)
      assert.matches("request_spec%.lua:%d+: bad argument 'options' to 'request'", message)
    end
  end)

  it("leaves the client usable when it fails once", function()
    local fails = true
    local client = client_of(hello, { api_key = function() return not fails and "sk-f" or nil, "not yet" end })
    assert.is_nil((client:chat { messages = messages }))
    fails = false
    assert.equal("Hello", assert(client:chat { messages = messages }).choices[1].message.content)
  end)
end)
