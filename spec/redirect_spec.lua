-- Redirects: followed within one origin with method and body, told in every other case.

local fixture = require "spec.support.fixture"
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

--- An origin whose path /chat/completions redirects, and what is at the places it may point to.
local function redirecting(status, location, options)
  return client_of({ routes = {
    ["/chat/completions"] = fixture.redirect(status, location), ["*"] = hello,
  } }, options)
end

local function chat(client) return client:chat { messages = messages } end

--- The error of a redirect that is not followed: one request, and none elsewhere.
local function told(client, base_url)
  local reply, err = chat(client)
  assert.is_nil(reply)
  assert.equal("api", err.kind)
  assert.equal(1, err.attempts)
  assert.equal(1, server:counts(base_url).requests)
  assert.is_nil(tostring(err):find(KEY, 1, true))
  return err
end

describe("a redirect", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("with 307 or 308 within the origin is followed with method, body and key", function()
    for _, status in ipairs { 307, 308 } do
      for _, location in ipairs { "/v1/else", "else", "?again=1" } do
        local client, base_url = client_of { fixture.redirect(status, location), hello }
        local reply = lualogue.assert(chat(client))
        assert.equal("Hello", reply.choices[1].message.content)
        assert.equal(200, reply.meta.status)
        assert.equal(1, reply.meta.attempts)
        local first, second = server:requests(base_url)[1], server:requests(base_url)[2]
        assert.equal("POST", second.method)
        assert.equal(first.body, second.body)
        assert.equal("Bearer " .. KEY, second:header "authorization")
        assert.not_equal(first.target, second.target)
      end
    end
  end)

  it("to the full URL of the same origin is followed", function()
    local client, base_url = client_of(hello)
    server:rescript(base_url, { routes = {
      ["/chat/completions"] = fixture.redirect(308, base_url:upper():gsub("/V1", "/v1") .. "/else"), ["*"] = hello,
    } })
    lualogue.assert(chat(client))
    assert.equal("/else", server:requests(base_url)[2].path)
  end)

  it("of a stream, of a GET and of embeddings is followed as well", function()
    local client = client_of { fixture.redirect(307, "/v1/else"), fixture.sse(fixture.words { "a" }) }
    assert.equal("a", lualogue.assert(lualogue.assert(client:stream { messages = messages }):message()).content)
    client = client_of { fixture.redirect(308, "/v1/else"), fixture.json(200, { ok = true }) }
    assert.is_true(lualogue.assert(client:request("GET", "/x")).ok)
  end)

  it("does not remember: the next call asks the first place again", function()
    local client, base_url = redirecting(307, "/v1/else")
    lualogue.assert(chat(client))
    lualogue.assert(chat(client))
    assert.equal("/chat/completions", server:requests(base_url)[3].path)
  end)

  it("goes on from where it led when that is tried again", function()
    local client, base_url = client_of { fixture.redirect(307, "/v1/else"),
      fixture.json(503, "", { ["retry-after-ms"] = "1" }), hello }
    assert.equal(2, lualogue.assert(chat(client)).meta.attempts)
    assert.equal("/else", server:requests(base_url)[3].path)
  end)

  it("to another host, port or scheme is told, and never gets the key", function()
    local other = server:script(hello)
    local here = server:script(hello)
    for _, location in ipairs {
      other .. "/else", (here:gsub("^http:", "https:")) .. "/else", (here:gsub("127%.0%.0%.1", "localhost")) .. "/else",
      "//" .. other:match "//([^/]*)" .. "/else", "http://user@" .. other:match "//(.*)", "ftp://127.0.0.1/x",
    } do
      server:rescript(here, { routes = { ["/chat/completions"] = fixture.redirect(307, location), ["*"] = hello } })
      local seen = server:counts(here).requests
      local reply, err = chat(lualogue.new { base_url = here, api_key = KEY })
      assert.is_nil(reply)
      assert.equal("api", err.kind)
      assert.equal(307, err.status)
      assert.equal("headers", err.phase)
      assert.matches("another origin", err.message)
      assert.equal(seen + 1, server:counts(here).requests)
    end
    assert.equal(0, server:counts(other).accepted)
  end)

  it("with any other status is told, with the place it pointed to", function()
    for _, status in ipairs { 300, 301, 302, 303, 304, 305, 399 } do
      local client, base_url = redirecting(status, "/v1/else?secret=hidden")
      local err = told(client, base_url)
      assert.equal(status, err.status)
      assert.is_truthy(err.message:find(base_url .. "/else", 1, true), err.message)
      assert.is_nil(err.message:find("hidden", 1, true))
    end
  end)

  it("without a place is told", function()
    local client, base_url = client_of(fixture.json(307, ""))
    local err = told(client, base_url)
    assert.equal(307, err.status)
    assert.matches("Location", err.message)
  end)

  it("that goes in a circle ends", function()
    local client, base_url = client_of(fixture.redirect(307, "/v1/round"))
    local reply, err = chat(client)
    assert.is_nil(reply)
    assert.equal("api", err.kind)
    assert.equal(307, err.status)
    assert.matches("too many redirects", err.message)
    assert.equal(6, server:counts(base_url).requests)
  end)

  it("does not show the password of the base URL", function()
    local base_url = server:script(fixture.redirect(302, "/v1/else"))
    local client = lualogue.new { base_url = (base_url:gsub("//", "//user:hidden@")), api_key = KEY }
    local _, err = chat(client)
    assert.equal(302, err.status)
    assert.is_nil(err.message:find("hidden", 1, true))
  end)

  it("leaves the client usable", function()
    local client, base_url = client_of { fixture.redirect(302, "http://127.0.0.1:1/x"), hello }
    assert.is_nil((chat(client)))
    assert.equal("Hello", lualogue.assert(chat(client)).choices[1].message.content)
    assert.equal(1, server:counts(base_url).accepted)
  end)
end)
