-- `client:with`: a client that goes on from another.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local KEY = "sk-secret-0123456789"
local messages = { { role = "user", content = "Hi" } }
local hello = fixture.json(200, fixture.chat_reply "Hello")
local server

local function client_of(options, script)
  local base_url = server:script(script or hello)
  local settings = { base_url = base_url .. "?version=1", api_key = KEY, model = "m" }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), base_url
end

local function sent(client, base_url)
  assert(client:chat { messages = messages })
  local requests = server:requests(base_url)
  return requests[#requests]
end

local function raised(client, options)
  local ok, message = pcall(function() client:with(options) end)
  assert.is_false(ok)
  return (assert(message:match "^[^:]*spec/with_spec%.lua:%d+: (.*)", message))
end

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

describe("client:with", function()
  it("keeps what it is not told, and shares the connections", function()
    local client, base_url = client_of {
      headers = { ["X-One"] = "1" }, query = { a = 1 }, organization = "org", project = "proj",
      defaults = { seed = 7 }, max_retries = 0,
    }
    local first = sent(client, base_url)
    local second = sent(client:with {}, base_url)
    assert.equal(first.head, second.head)
    assert.equal(first.body, second.body)
    assert.equal("/chat/completions?version=1&a=1", second.path)
    assert.equal("m", client:with({}).model)
    assert.equal(1, server:counts(base_url).accepted)
  end)

  it("takes another key, header, query, model and default over them, by name", function()
    local client, base_url = client_of {
      headers = { ["X-One"] = "1", ["X-Two"] = "2", ["X-Three"] = "3" }, query = { a = 1, b = { 1, 2 } },
      organization = "org", defaults = { seed = 7, temperature = 0 },
    }
    local other = client:with {
      api_key = "sk-other", headers = { ["x-two"] = "two", ["X-Three"] = false, ["X-Four"] = 4 },
      query = { b = 3, c = 4 }, project = "proj", model = "other",
      defaults = { seed = lualogue.null, temperature = 1, user = "u" },
    }
    local request = sent(other, base_url)
    assert.equal("Bearer sk-other", request:header "authorization")
    assert.equal("1", request:header "x-one")
    assert.equal("two", request:header "x-two")
    assert.is_nil(request:header "x-three")
    assert.equal("4", request:header "x-four")
    assert.equal("org", request:header "openai-organization")
    assert.equal("proj", request:header "openai-project")
    local query = {}
    for pair in request.path:match("%?(.*)"):gmatch "[^&]+" do query[#query + 1] = pair end
    table.sort(query)
    assert.same({ "a=1", "b%5B%5D=1", "b%5B%5D=2", "b=3", "c=4", "version=1" }, query)
    local body = request:json()
    assert.equal("other", body.model)
    assert.equal(1, body.temperature)
    assert.equal("u", body.user)
    assert.is_nil(body.seed)
    local before = sent(client, base_url)
    assert.equal("Bearer " .. KEY, before:header "authorization")
    assert.equal("2", before:header "x-two")
    assert.equal(7, before:json().seed)
    assert.is_nil(sent(client:with { defaults = false }, base_url):json().seed)
    assert.equal(1, server:counts(base_url).accepted)
  end)

  it("takes any kind of key in the place of any other", function()
    local kinds = {
      { { api_key = "sk-string" }, "Bearer sk-string" }, { { api_key = false } },
      { { api_key = function() return "sk-function" end }, "Bearer sk-function" },
      { { api_key_command = { "echo", "sk-command" } }, "Bearer sk-command" },
      { { api_key = "sk-named", key_header = "x-key" }, nil, "sk-named" },
    }
    for _, from in ipairs(kinds) do
      for _, to in ipairs(kinds) do
        local base_url = server:script(hello)
        local options = { base_url = base_url }
        for name, value in pairs(from[1]) do options[name] = value end
        local client = lualogue.new(options)
        local request = sent(client:with {}, base_url)
        assert.equal(from[2], request:header "authorization")
        assert.equal(from[3], request:header "x-key")
        local named = from[3] and not to[3] -- the name of the header is kept
        request = sent(client:with(to[1]), base_url)
        assert.equal(not named and to[2] or nil, request:header "authorization")
        assert.equal(named and to[2] and to[2]:sub(8) or to[3], request:header "x-key")
      end
    end
  end)

  it("takes other time limits", function()
    local client = client_of({ max_retries = 0, timeout = 30 }, { { stall = true } })
    local _, err = client:with({ first_byte_timeout = 0.05 }):chat { messages = messages }
    assert.equal("timeout", err.kind)
    assert.equal("first_byte", err.phase)
    client = client_of({ max_retries = 0, first_byte_timeout = 0.05 }, { { stall = true } })
    _, err = client:with({ model = "x" }):chat { messages = messages }
    assert.equal("first_byte", err.phase)
    local base_url
    client, base_url = client_of({ max_retries = 0 }, { fixture.json(500, "", { ["retry-after-ms"] = "1" }), hello })
    assert(client:with({ max_retries = 1 }):chat { messages = messages })
    assert.equal(2, #server:requests(base_url))
  end)

  it("may be closed, and go on when the other is", function()
    local client, base_url = client_of()
    local other = client:with { model = "x" }
    sent(client, base_url)
    client:close()
    assert.equal("Bearer " .. KEY, sent(other, base_url):header "authorization")
    local third = other:with {}
    third:close()
    sent(other, base_url)
    local ok, message = pcall(function() client:with {} end)
    assert.is_false(ok)
    assert.matches("'with' on a client that was closed", message)
  end)

  it("sends nothing that may be secret to another server", function()
    local other_url = server:script(hello)
    local client = client_of {
      headers = { ["X-Key"] = "secret" }, query = { key = "secret" }, organization = "org", project = "proj",
      defaults = { seed = 7 },
    }
    local message = raised(client, { base_url = other_url })
    assert.matches("^bad argument 'base_url' to 'with' %(the key is not for another server", message)
    local request = sent(client:with { base_url = other_url, api_key = false }, other_url)
    assert.equal("/chat/completions", request.path)
    for _, name in ipairs { "authorization", "x-key", "openai-organization", "openai-project" } do
      assert.is_nil(request:header(name))
    end
    assert.equal("application/json", request:header "content-type")
    assert.equal(7, request:json().seed)
    request = sent(client:with { base_url = other_url, api_key = "sk-2", headers = { a = "b" }, query = { c = 1 } }, other_url)
    assert.equal("Bearer sk-2", request:header "authorization")
    assert.equal("b", request:header "a")
    assert.equal("/chat/completions?c=1", request.path)
  end)

  it("keeps all of it for another path of the same server", function()
    local client, base_url = client_of { headers = { ["X-One"] = "1" }, query = { a = 1 } }
    local other = client:with { base_url = base_url .. "/deployments/x?version=2" }
    local request = sent(other, base_url)
    assert.equal("/deployments/x/chat/completions?version=2&a=1", request.path)
    assert.equal("Bearer " .. KEY, request:header "authorization")
    assert.equal("1", request:header "x-one")
  end)

  it("asks no function for a key for another server", function()
    local client = client_of { api_key = function() error "asked" end }
    assert.matches("the key is not for another server", raised(client, { base_url = server:script(hello) }))
  end)

  it("goes by the way to the new server that the environment says, unless one was chosen", function()
    local getenv = os.getenv
    local proxy = server:script(hello)
    os.getenv = function(name) -- luacheck: ignore 122
      if name == "http_proxy" then return (proxy:match "^http://[^/]*") end
      if name:lower():find "proxy" then return nil end
      return getenv(name)
    end
    local ok, err = pcall(function()
      local client, base_url = client_of()
      local away = client:with { base_url = "http://example.com/v1", api_key = false, max_retries = 0 }
      assert(away:chat { messages = messages })
      assert.matches("^http://example.com/v1/chat", server:requests(proxy)[1].target)
      local back = away:with { base_url = base_url, api_key = false }
      sent(back, base_url)
      assert.equal(1, #server:requests(proxy))
      local chosen = lualogue.new { base_url = base_url, proxy = false, max_retries = 0 }
      chosen = chosen:with { base_url = "http://127.0.0.2:1/v1", api_key = false }
      assert.is_nil((chosen:chat { messages = messages }))
      assert.equal(1, #server:requests(proxy))
    end)
    os.getenv = getenv -- luacheck: ignore 122
    if not ok then error(err, 0) end
  end)

  it("is watched by whom the other is, unless it says otherwise", function()
    local told = {}
    local function teller(name)
      return function(event) if event.type == "done" then told[#told + 1] = name end end
    end
    local client, base_url = client_of()
    sent(client:with { on_event = teller "a" }, base_url)
    sent(client, base_url)
    assert.same({ "a" }, told)
    client, base_url = client_of { on_event = teller "b" }
    sent(client:with {}, base_url)
    sent(client:with { on_event = teller "c", model = "x" }, base_url)
    sent(client:with { on_event = false }, base_url)
    sent(client:with { api_key_command = { "echo", "sk-2" } }, base_url)
    assert.same({ "a", "b", "c", "b" }, told)
    assert.matches("^bad argument 'on_event' to 'with'", raised(client, { on_event = 5 }))
    assert.equal(1, server:counts(base_url).accepted)
  end)

  it("keeps a resource of its own", function()
    local client, base_url = client_of({}, fixture.json(200, { ok = true }))
    assert(client.files:retrieve "f1")
    local other = client:with { headers = { ["X-One"] = "1" } }
    assert(other.files:retrieve "f1")
    local requests = server:requests(base_url)
    assert.is_nil(requests[1]:header "x-one")
    assert.equal("1", requests[2]:header "x-one")
  end)

  it("raises at the caller's line, with the name of what is wrong", function()
    local client = client_of()
    local wrong = {
      { { modle = "x" }, "bad argument 'modle' to 'with' %(unknown option%)" },
      { { raw = true }, "bad argument 'raw' to 'with' %(unknown option%)" },
      { { timeout = "x" }, "bad argument 'timeout' to 'with' %(number" },
      { { api_key = "a b" }, "bad argument 'api_key' to 'with' %(it contains a blank" },
      { { base_url = "x" }, "bad argument 'base_url' to 'with' %(it must begin with" },
      { { base_url = 5 }, "bad argument 'base_url' to 'with' %(string" },
      { { cassette = "x" }, "bad argument 'cassette' to 'with' %(only lualogue.new takes it%)" },
      { { record = "all" }, "bad argument 'record' to 'with' %(only" },
      { { dotenv = "x" }, "bad argument 'dotenv' to 'with' %(only" },
      { { defaults = 5 }, "bad argument 'defaults' to 'with' %(table expected" },
      { { defaults = { model = "x" } }, "bad argument 'defaults.model' to 'with'" },
      { { key_header = "x" }, "bad argument 'key_header' to 'with' %(the key has to be given with it" },
      { { api_key_command = {} }, "bad argument 'api_key_command' to 'with'" },
      { { headers = 5 }, "bad argument 'headers' to 'with'" }, { { query = 5 }, "bad argument 'query' to 'with'" },
      { nil, "bad argument 'options' to 'with' %(table expected, got nothing" },
      { "x", "bad argument 'options' to 'with' %(table expected, got string" },
    }
    for i = 1, 17 do assert.matches(wrong[i][2], raised(client, wrong[i][1])) end
    local ok, message = pcall(function() client.with {} end)
    assert.is_false(ok)
    assert.matches("call it with a colon: client:with", message)
  end)

  it("leaves the tables that it is given as they were", function()
    local client = client_of()
    local options = { headers = { a = "b" }, query = { c = 1 }, defaults = { seed = 7 }, api_key = function() return KEY end }
    local ask = options.api_key
    client:with(options)
    assert.same({ headers = { a = "b" }, query = { c = 1 }, defaults = { seed = 7 }, api_key = ask }, options)
  end)

  it("plays the cassette of the other", function()
    local path = os.tmpname()
    os.remove(path)
    local client = client_of { cassette = path }
    sent(client:with { temperature = nil }, (client.server))
    client:close()
    local tape = assert(lualogue.cassette(path, { record = "none" }))
    local player = lualogue.new { cassette = tape, base_url = "https://example.com/v1" }
    assert.equal("Hello", assert(player:with({ model = "m", api_key = function() error "asked" end }):chat { messages = messages }).text)
    os.remove(path)
  end)
end)
