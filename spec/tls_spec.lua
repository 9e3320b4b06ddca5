-- TLS: verified unless someone says otherwise, and HTTP/2 over it.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local server

local hello = fixture.json(200, fixture.chat_reply "Hello")

--- A TLS origin: its base URL and its authority's file.
local function origin(opts, script) return server:tls(script or hello, opts) end

local function chat_at(base_url, options, call_options)
  local settings = { base_url = base_url, api_key = "sk-secret-0123456789" }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings):chat({ messages = messages }, call_options)
end

--- A refused certificate: kind, phase, host, and no second attempt; nothing was sent.
local function assert_refused(base_url, options)
  local reply, err = chat_at(base_url, options)
  assert.is_nil(reply)
  assert.equal("tls", err.kind)
  assert.equal("tls", err.phase)
  assert.equal(1, err.attempts)
  assert.is_nil(err.status)
  assert.is_truthy(err.message:find(base_url:match "//(.-)/", 1, true), err.message)
  assert.equal(0, server:counts(base_url).requests)
  assert.equal(1, server:counts(base_url).accepted)
  return err
end

describe("TLS", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("refuses a certificate of an authority that nobody knows", function()
    local base_url = origin()
    assert.matches("certificate", assert_refused(base_url, { max_retries = 3 }).message)
  end)

  it("takes it with the authority's file", function()
    local base_url, ca_file = origin()
    local reply = lualogue.assert(chat_at(base_url, { ca_file = ca_file }))
    assert.equal("Hello", reply.choices[1].message.content)
    assert.is_true(reply.meta.timing.tls > 0)
  end)

  it("takes it with a folder of authorities, named by their hashes", function()
    local base_url, ca_file = origin()
    local folder = os.tmpname()
    os.remove(folder)
    assert(os.execute(("mkdir %s && cp %s %s/a.pem && openssl rehash %s"):format(folder, ca_file, folder, folder)))
    local reply, err = chat_at(base_url, { ca_path = folder })
    os.execute("rm -r " .. folder)
    assert.is_truthy(reply, tostring(err))
  end)

  it("takes it with tls_verify = false", function()
    for _, certificate in ipairs { "good", "expired", "wrong_host" } do
      local base_url = origin { certificate = certificate }
      assert.is_truthy(chat_at(base_url, { tls_verify = false }))
    end
  end)

  it("takes nothing for having met it unverified before", function()
    local base_url = origin()
    assert.is_truthy(chat_at(base_url, { tls_verify = false }))
    local reply, err = chat_at(base_url)
    assert.is_nil(reply)
    assert.equal("tls", err.kind)
    assert.equal(1, server:counts(base_url).requests)
  end)

  it("refuses a certificate of another host", function()
    local base_url, ca_file = origin { certificate = "wrong_host" }
    assert_refused(base_url, { ca_file = ca_file })
  end)

  it("refuses a certificate that has expired", function()
    local base_url, ca_file = origin { certificate = "expired" }
    assert.matches("expired", assert_refused(base_url, { ca_file = ca_file }).message)
  end)

  it("says that an authority's file is not there or is none", function()
    local base_url = origin()
    for _, ca_file in ipairs { "/nowhere/ca.pem", "spec/tls_spec.lua" } do
      local reply, err = chat_at(base_url, { ca_file = ca_file })
      assert.is_nil(reply)
      assert.equal("tls", err.kind)
      assert.equal(1, err.attempts)
      assert.is_truthy(err.message:find(ca_file, 1, true), err.message)
    end
  end)

  it("that breaks off in the handshake is tried again", function()
    local base_url = server:script { { read = "nothing" }, { close = true } }
    local reply, err = chat_at((base_url:gsub("^http:", "https:")), { max_retries = 1 })
    assert.is_nil(reply)
    assert.equal("tls", err.kind)
    assert.equal("tls", err.phase)
    assert.equal(2, err.attempts)
    assert.equal(2, server:counts(base_url).accepted)
  end)

  it("is told who asks, where it wants to know", function()
    local base_url, ca_file, client = origin { asks = true }
    local options = { ca_file = ca_file, client_cert = client.cert, client_key = client.key }
    local reply = lualogue.assert(chat_at(base_url, options))
    assert.equal("Hello", reply.choices[1].message.content)
    local _, err = chat_at(base_url, { ca_file = ca_file, max_retries = 0 })
    assert.is_truthy(({ tls = true, connection = true })[err.kind], tostring(err))
    assert.equal(1, server:counts(base_url).requests)
  end)

  it("says that a certificate of one's own is not there or is none", function()
    local base_url, ca_file = origin()
    for _, cert in ipairs { "/nowhere/cert.pem", "spec/tls_spec.lua" } do
      local _, err = chat_at(base_url, { ca_file = ca_file, client_cert = cert })
      assert.equal("tls", err.kind)
      assert.equal(1, err.attempts)
      assert.is_truthy(err.message:find(cert, 1, true), err.message)
    end
  end)

  it("is refused below tls_min_version", function()
    local base_url, ca_file = origin { newest = "1.2" }
    assert.is_truthy(chat_at(base_url, { ca_file = ca_file, tls_min_version = "1.2" }))
    local _, err = chat_at(base_url, { ca_file = ca_file, tls_min_version = "1.3", max_retries = 0 })
    assert.equal("tls", err.kind)
    assert.is_truthy(chat_at(origin(), { ca_file = ca_file, tls_min_version = "1.3" }))
  end)

  it("leaves the client usable after a refusal", function()
    local bad, ca_file = origin { certificate = "expired" }
    assert.is_nil((chat_at(bad, { ca_file = ca_file })))
    local good = origin()
    assert.is_truthy(chat_at(good, { ca_file = ca_file }))
  end)

  describe("and HTTP/2:", function()
    if not lualogue.features.http2 then
      it("this libcurl has none, and says so", function() assert.is_false(lualogue.features.http2) end)
      return
    end

    local function two(script) return origin({ http2 = true }, script) end

    it("a chat takes it by default only where this libcurl is known to be good at it", function()
      local base_url, ca_file = two()
      local version = lualogue.assert(chat_at(base_url, { ca_file = ca_file })).meta.http_version
      assert.equal(lualogue.features.http2_by_default and "2" or "1.1", version)
      local major, minor = lualogue.features.libcurl:match "^(%d+)%.(%d+)"
      assert.equal(tonumber(major) * 100 + tonumber(minor) >= 810, lualogue.features.http2_by_default)
    end)

    it("a chat takes it if it is told to", function()
      local base_url, ca_file = two()
      local reply = lualogue.assert(chat_at(base_url, { ca_file = ca_file, http_version = "2" }))
      assert.equal("Hello", reply.choices[1].message.content)
      assert.equal("2", reply.meta.http_version)
      local request = server:requests(base_url)[1]
      assert.equal("2", request.version)
      assert.equal("application/json", request:header "content-type")
      assert.matches("^lualogue/", request:header "user-agent")
    end)

    it("a chat takes 1.1 where the server cannot", function()
      local base_url, ca_file = origin()
      local options = { ca_file = ca_file, http_version = "2" }
      assert.equal("1.1", lualogue.assert(chat_at(base_url, options)).meta.http_version)
    end)

    it("a chat takes 1.1 if it is told to, by client or call", function()
      local base_url, ca_file = origin()
      for _, options in ipairs { { http_version = "1.1" }, {} } do
        options.ca_file = ca_file
        local call = not options.http_version and { http_version = "1.1" } or nil
        assert.equal("1.1", lualogue.assert(chat_at(base_url, options, call)).meta.http_version)
      end
    end)

    it("1.1 is asked for in the handshake, not only taken", function()
      -- This server speaks nothing but HTTP/2 with whom names it: without, it falls back to 1.1.
      local base_url, ca_file = two()
      local reply = lualogue.assert(chat_at(base_url, { ca_file = ca_file, http_version = "1.1" }))
      assert.equal("1.1", reply.meta.http_version)
      assert.equal("1.1", server:requests(base_url)[1].version)
    end)

    it("a stream takes 1.1 by default, and 2 if it is told to", function()
      local base_url, ca_file = two(fixture.sse(fixture.words { "a", "b" }))
      local client = lualogue.new { base_url = base_url, ca_file = ca_file, api_key = "sk-1" }
      -- In this order: an idle connection of 1.1 would do for both.
      for _, version in ipairs { "2", "1.1" } do
        local options = version == "2" and { http_version = "2" } or nil
        local stream = lualogue.assert(client:stream({ messages = messages }, options))
        assert.equal("ab", lualogue.assert(stream:message()).content)
        assert.equal(version, stream.meta.http_version)
      end
    end)

    it("many calls share one connection", function()
      local base_url, ca_file = two()
      local client = lualogue.new { base_url = base_url, ca_file = ca_file, http_version = "2", api_key = "sk-1" }
      for i = 1, 20 do
        local meta = lualogue.assert(client:chat { messages = messages }).meta
        assert.equal("2", meta.http_version)
        assert.equal(i > 1, meta.reused)
      end
      assert.equal(1, server:counts(base_url).accepted)
    end)

    it("a refusal is told as ever", function()
      local base_url, ca_file = two(fixture.json(401, fixture.error_body "no", { ["X-Request-Id"] = "req-1" }))
      local _, err = chat_at(base_url, { ca_file = ca_file, http_version = "2" })
      assert.equal("api", err.kind)
      assert.equal(401, err.status)
      assert.equal("req-1", err.request_id)
    end)

    it("a stream of it that is reset is a broken connection, and tried again", function()
      local cut = fixture.json(200, fixture.chat_reply "Hello", nil, { framing = "none", ending = "reset" })
      local base_url, ca_file = two { cut, hello }
      local reply = lualogue.assert(chat_at(base_url, { ca_file = ca_file, http_version = "2", max_retries = 1 }))
      assert.equal(2, reply.meta.attempts)
      base_url, ca_file = two(cut)
      local _, err = chat_at(base_url, { ca_file = ca_file, http_version = "2", max_retries = 0 })
      assert.equal("connection", err.kind)
    end)

    it("a connection that the server announces to close is a broken one, and tried again", function()
      for _, refused in ipairs {
        { { goaway = "refused" }, { stall = true } }, { { goaway = "taken" }, { close = true } },
      } do
        local base_url, ca_file = two { refused, hello }
        local options = { ca_file = ca_file, http_version = "2", max_retries = 1 }
        assert.equal(2, lualogue.assert(chat_at(base_url, options)).meta.attempts)
        base_url = two { refused }
        options.max_retries = 0
        local _, err = chat_at(base_url, options)
        assert.equal("connection", err.kind)
      end
    end)

    it("a connection that is closed after an answer is not used again", function()
      local base_url, ca_file = two { { { goaway = "later" }, hello[1] } }
      local client = lualogue.new { base_url = base_url, ca_file = ca_file, http_version = "2", max_retries = 2 }
      for _ = 1, 3 do
        local reply = lualogue.assert(client:chat { messages = messages })
        assert.equal("Hello", reply.choices[1].message.content)
        os.execute "sleep 0.1"
      end
    end)
  end)
end)
