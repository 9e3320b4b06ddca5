-- What a client is made of: arguments, environment, defaults. What it then sends is in client_spec.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local KEY = "sk-secret-0123456789"
local server

local messages = { { role = "user", content = "Hi" } }

--- Run `body` with these environment variables, and no others of ours.
local function with_environment(variables, body)
  local getenv = os.getenv
  -- busted sandboxes a spec's globals, not what they hold: this is the `os` of everybody.
  os.getenv = function(name) -- luacheck: ignore 122
    if variables[name] ~= nil then return variables[name] end
    if name:match "^OPENAI_" then return nil end
    return getenv(name)
  end
  local ok, err = pcall(body)
  os.getenv = getenv -- luacheck: ignore 122
  if not ok then error(err, 0) end
end

--- The message of what must raise, less the position, which must be a line of this file.
local function raised(options)
  local ok, message = pcall(function() lualogue.new(options) end)
  assert.is_false(ok)
  assert.is_string(message)
  return (assert(message:match "^[^:]*spec/new_spec%.lua:%d+: (.*)", message))
end

--- The one request that a client with these options sends.
local function sent_by(options)
  local base_url = server:script(fixture.json(200, fixture.chat_reply "Hello"))
  options.base_url = options.base_url or base_url
  local client = lualogue.new(options)
  assert(client:chat { model = "m", messages = messages })
  return server:requests(base_url)[1]
end

describe("lualogue.new", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  describe("and the environment:", function()
    it("key, base URL, organization and project come from it", function()
      local base_url = server:script(fixture.json(200, fixture.chat_reply "Hello"))
      with_environment({
        OPENAI_API_KEY = KEY, OPENAI_BASE_URL = base_url,
        OPENAI_ORG_ID = "org-1", OPENAI_PROJECT_ID = "proj-1",
      }, function()
        assert(lualogue.new():chat { model = "m", messages = messages })
      end)
      local request = server:requests(base_url)[1]
      assert.equal("Bearer " .. KEY, request:header "authorization")
      assert.equal("org-1", request:header "openai-organization")
      assert.equal("proj-1", request:header "openai-project")
    end)

    it("options win over it", function()
      with_environment({
        OPENAI_API_KEY = "sk-other", OPENAI_BASE_URL = "http://127.0.0.1:1/v1",
        OPENAI_ORG_ID = "org-1", OPENAI_PROJECT_ID = "proj-1",
      }, function()
        local request = sent_by { api_key = KEY, organization = "org-2", project = "proj-2" }
        assert.equal("Bearer " .. KEY, request:header "authorization")
        assert.equal("org-2", request:header "openai-organization")
        assert.equal("proj-2", request:header "openai-project")
      end)
    end)

    it("a variable that is empty or blank counts as unset", function()
      with_environment({
        OPENAI_API_KEY = "", OPENAI_BASE_URL = " ", OPENAI_ORG_ID = "", OPENAI_PROJECT_ID = "\n",
      }, function()
        assert.matches("OPENAI_API_KEY", raised {})
        local request = sent_by {}
        assert.is_nil(request:header "authorization")
        assert.is_nil(request:header "openai-organization")
        assert.is_nil(request:header "openai-project")
        assert.equal("lualogue.client (api.openai.com)", tostring(lualogue.new { api_key = KEY }))
      end)
    end)

    it("a line end behind the key does no harm", function()
      with_environment({ OPENAI_API_KEY = KEY .. "\n" }, function()
        assert.equal("Bearer " .. KEY, sent_by({}):header "authorization")
      end)
    end)

    it("its key goes to no other server without TLS, unless the caller names it", function()
      with_environment({ OPENAI_API_KEY = KEY }, function()
        for _, base_url in ipairs {
          "http://example.com/v1", "HTTP://192.168.0.1:8080/v1", "http://localhost.example.com/v1",
          "http://localhost@example.com/v1", "ftp://example.com/v1", "http://https.example.com/v1",
        } do
          local message = raised { base_url = base_url }
          assert.matches("^OPENAI_API_KEY is not sent without TLS", message)
          assert.matches("api_key = false", message)
          assert.is_nil(message:find(KEY, 1, true))
          for _, key in ipairs { false, KEY } do
            assert.is_truthy(lualogue.new { base_url = base_url, api_key = key })
          end
        end
        for _, base_url in ipairs { "https://example.com/v1", "HTTPS://example.com/v1", "http://127.0.0.1:1/v1" } do
          assert.is_truthy(lualogue.new { base_url = base_url })
        end
        assert.is_truthy(lualogue.new())
        assert.matches("must begin with http", raised { base_url = "example.com/v1" })
      end)
      with_environment({ OPENAI_API_KEY = KEY, OPENAI_BASE_URL = "http://example.com/v1" }, function()
        assert.is_truthy(lualogue.new()) -- who set both meant it
      end)
    end)

    it("blanks around a key do no harm, wherever it comes from", function()
      with_environment({}, function()
        for _, key in ipairs { " " .. KEY .. " ", KEY .. "\r\n", "\t" .. KEY } do
          assert.equal("Bearer " .. KEY, sent_by({ api_key = key }):header "authorization")
          assert.equal("Bearer " .. KEY, sent_by({ api_key = function() return key end }):header "authorization")
        end
      end)
    end)

    it("api_key = false sends none, whatever it holds", function()
      with_environment({ OPENAI_API_KEY = KEY }, function()
        assert.is_nil(sent_by({ api_key = false }):header "authorization")
      end)
    end)
  end)

  describe("without a key", function()
    it("raises, and names the ways out", function()
      with_environment({}, function()
        for _, options in ipairs {
          {}, { base_url = "https://example.com/v1" }, { base_url = "http://localhost.example.com/v1" },
          { base_url = "http://localhost@example.com/v1" }, { base_url = "http://127.0.0.1.example.com/v1" },
          { base_url = "http://example.com/localhost" }, { base_url = "http://192.168.0.1/v1" },
        } do
          local message = raised(options)
          assert.matches("OPENAI_API_KEY", message)
          assert.matches("api_key = false", message)
        end
      end)
    end)

    it("takes a server on this machine", function()
      with_environment({}, function()
        for _, base_url in ipairs {
          "http://127.0.0.1/v1", "http://127.0.0.1:11434/v1", "http://127.8.9.10", "http://localhost:8080/v1",
          "http://LOCALHOST/v1", "http://[::1]:8080/v1", "http://[::1]", "https://user:word@localhost/v1",
        } do
          assert.is_truthy(lualogue.new { base_url = base_url }, base_url)
        end
      end)
    end)

    it("takes api_key = false anywhere", function()
      with_environment({}, function()
        assert.is_truthy(lualogue.new { base_url = "https://example.com/v1", api_key = false })
      end)
    end)
  end)

  describe("raises at the caller's line, with the name of the argument, for", function()
    local wrong = {
      { "api_key", 5, "string" }, { "api_key", true, "string" }, { "api_key", "", "empty" },
      { "api_key", "sk-\r\nX: y", "line break" }, { "api_key", "sk-\0", "NUL" }, { "api_key", " \n ", "empty" },
      { "api_key", "sk a", "a blank" }, { "api_key", "\239\187\191sk-a", "byte order mark" }, { "api_key", "sk-\195\164", "ASCII" },
      { "base_url", 5, "string" }, { "base_url", false, "string" }, { "base_url", "", "empty" },
      { "base_url", "api.openai.com/v1", "http" }, { "base_url", "http://a b/v1", "blank" },
      { "base_url", "http://", "no host" }, { "base_url", "http://:80/v1", "no host" },
      { "base_url", "http:///v1", "no host" }, { "base_url", "http://a/\r\nX: y", "control" }, { "base_url", "http://a/v1#part", "#" },
      { "ca_file", 5, "string" }, { "ca_path", {}, "string" }, { "ca_file", "", "empty" },
      { "connect_timeout", "5", "number" }, { "connect_timeout", 0, "greater than 0" },
      { "connect_timeout", -1, "greater than 0" }, { "first_byte_timeout", true, "number" },
      { "idle_timeout", 0 / 0, "greater than 0" }, { "timeout", math.huge, "greater than 0" },
      { "timeout", {}, "number" }, { "headers", "X: y", "table" }, { "headers", { "X: y" }, "names of headers" },
      { "headers", { X = true }, "string or false", "headers.X" },
      { "headers", { host = false }, "cannot do without", "headers.host" },
      { "headers", { ["Content-Length"] = false }, "cannot do without", "headers.Content-Length" },
      { "headers", { X = "a\r\nY: b" }, "line break", "headers.X" },
      { "headers", { X = "a\0b" }, "control", "headers.X" }, { "headers", { ["X Y"] = "a" }, "name", "headers.X Y" },
      { "headers", { [""] = "a" }, "empty", "headers." }, { "http_version", 2, "string" },
      { "http_version", "3", "1.1" }, { "max_response_bytes", 0, "from 1" },
      { "max_response_bytes", "1", "number" }, { "max_retries", -1, "from 0" }, { "max_retries", 1.5, "whole" },
      { "max_retries", "2", "number" }, { "model", 4, "string" }, { "model", "", "empty" },
      { "organization", 1, "string" }, { "organization", false, "string" },
      { "organization", "a\nb", "line break" }, { "project", {}, "string" }, { "project", false, "string" },
      { "query", "a=b", "table" }, { "query", { 1 }, "strings" }, { "query", { a = print }, "string, number" },
      { "tls_verify", 1, "boolean" }, { "tls_verify", "false", "boolean" },
      { "raw", true, "unknown option" }, { "max_retires", 3, "unknown option" }, { "apikey", KEY, "unknown option" },
    }
    for _, case in ipairs(wrong) do
      local name, value, why, shown = case[1], case[2], case[3], case[4] or case[1]
      it(("%s = %s"):format(name, tostring(value):gsub("[%c]", "?"):gsub(": 0x%x+", "")), function()
        local message = raised { api_key = KEY, [name] = value }
        assert.equal(("bad argument '%s' to 'new'"):format(shown), message:match "^bad argument '.-' to 'new'")
        assert.is_truthy(message:find(why, 1, true), message)
        assert.is_nil(message:find(KEY, 1, true))
      end)
    end

    it("an argument that is no table", function()
      for _, argument in ipairs { "sk-123", 5, true } do
        assert.matches("^bad argument 'options' to 'new' %(table expected", raised(argument))
      end
    end)

    it("an option under a number", function()
      assert.matches("bad argument 'options' to 'new'", raised { "sk-123", api_key = KEY })
    end)
  end)

  it("takes every option that there is", function()
    local request = sent_by {
      api_key = KEY, organization = "org", project = "proj", model = "m", connect_timeout = 1,
      first_byte_timeout = 2.5, idle_timeout = false, timeout = 30, max_retries = 0, headers = { ["X-One"] = 1 },
      query = { a = 1 }, ca_file = "/nowhere", ca_path = "/nowhere", tls_verify = true,
      max_response_bytes = 1e6, http_version = "1.1",
      max_connections = 5, proxy = false, no_proxy = "localhost", tls_min_version = "1.3",
      client_cert = "/nowhere", client_key = "/nowhere",
    }
    assert.equal("1", request:header "x-one")
    assert.equal("/chat/completions?a=1", request.path)
  end)

  it("leaves the table that it is given as it was", function()
    with_environment({ OPENAI_API_KEY = KEY, OPENAI_ORG_ID = "org" }, function()
      local options = { base_url = "http://127.0.0.1:1/v1" }
      lualogue.new(options)
      assert.same({ base_url = "http://127.0.0.1:1/v1" }, options)
    end)
  end)

  it("shows the host, and no secret, in tostring", function()
    local client = lualogue.new {
      api_key = KEY, base_url = "http://user:word@example.com:8080/v1?api-key=hidden", query = { key = "hidden" },
    }
    assert.equal("lualogue.client (example.com:8080)", tostring(client))
  end)

  it("keeps the key out of every table", function()
    local client = lualogue.new { api_key = KEY, base_url = "http://127.0.0.1:1/v1" }
    local function search(value, seen)
      assert.is_false(type(value) == "string" and value:find(KEY, 1, true) ~= nil)
      if type(value) ~= "table" or seen[value] then return end
      seen[value] = true
      for k, v in pairs(value) do
        search(k, seen)
        search(v, seen)
      end
      search(getmetatable(value), seen)
    end
    search(client, {})
  end)
end)

describe("lualogue.assert", function()
  it("gives back what it gets", function()
    assert.same({ 1, nil, 3 }, { lualogue.assert(1, nil, 3) })
  end)

  it("raises an error object as it is, on every Lua", function()
    local object = setmetatable({ kind = "api" }, { __tostring = function() return "text" end })
    local ok, err = pcall(lualogue.assert, nil, object)
    assert.is_false(ok)
    assert.is_true(rawequal(object, err))
  end)

  it("has words for a failure without any", function()
    local ok, err = pcall(lualogue.assert, false)
    assert.is_false(ok)
    assert.matches("assertion failed!", tostring(err))
  end)
end)
