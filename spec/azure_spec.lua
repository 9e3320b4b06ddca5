-- Azure OpenAI: both styles of its URLs, and where the key goes.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local program = require "spec.support.program"

local KEY = "azure-secret-0123456789"
local VERSION = "2024-10-21"
local messages = { { role = "user", content = "Hi" } }
local hello = fixture.json(200, fixture.chat_reply "Hello")
local server

--- A client whose server has everything, and its endpoint.
local function client_of(options, script)
  local endpoint = server:script(script or { routes = { ["*"] = hello } })
  local settings = { endpoint = endpoint, api_key = KEY, max_retries = 0 }
  for name, value in pairs(options or {}) do settings[name] = value or nil end
  return lualogue.azure(settings), endpoint
end

local function last(endpoint)
  local requests = server:requests(endpoint)
  return requests[#requests]
end

--- Run `body` with these environment variables, and no others that lualogue reads.
local function with_environment(variables, body)
  local getenv = os.getenv
  os.getenv = function(name) -- luacheck: ignore 122
    if variables[name] ~= nil then return variables[name] end
    if name:match "OPENAI" then return nil end
    return getenv(name)
  end
  local ok, err = pcall(body)
  os.getenv = getenv -- luacheck: ignore 122
  if not ok then error(err, 0) end
end

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

describe("lualogue.azure", function()
  it("asks below /openai/v1 where no version is given", function()
    with_environment({}, function()
      local client, endpoint = client_of { deployment = "my-chat" }
      assert.equal("Hello", assert(client:chat { messages = messages }).text)
      local request = last(endpoint)
      assert.equal("/openai/v1/chat/completions", request.path)
      assert.equal(KEY, request:header "api-key")
      assert.is_nil(request:header "authorization")
      assert.equal("my-chat", request:json().model)
      assert(client:chat { messages = messages, model = "other" })
      assert.equal("other", last(endpoint):json().model)
      assert(client.responses:create { input = "Hi" })
      assert.equal("/openai/v1/responses", last(endpoint).path)
      assert(client.files:retrieve "f1")
      assert.equal("/openai/v1/files/f1", last(endpoint).path)
      assert.equal(KEY, last(endpoint):header "api-key")
    end)
  end)

  it("asks the deployment where there is a version, and not for what is none of its", function()
    with_environment({}, function()
      local client, endpoint = client_of({ deployment = "my-chat", api_version = VERSION },
        { routes = { ["*"] = { hello, fixture.sse(fixture.words { "a" }), hello } } })
      assert(client:chat { messages = messages })
      assert.equal("/openai/deployments/my-chat/chat/completions?api-version=" .. VERSION, last(endpoint).path)
      assert.equal(KEY, last(endpoint):header "api-key")
      assert(assert(client:stream { messages = messages, model = "gpt-4o" }):message())
      assert.equal("/openai/deployments/my-chat/chat/completions?api-version=" .. VERSION, last(endpoint).path)
      local paths = {
        { function() return client:embeddings { input = "one" } end, "/deployments/my-chat/embeddings" },
        { function() return client.images:generate { prompt = "a cat" } end, "/deployments/my-chat/images/generations" },
        { function() return client:request("POST", "audio/speech", {}) end, "/deployments/my-chat/audio/speech" },
        { function() return client.files:retrieve "f1" end, "/files/f1" },
        { function() return client.audio.transcriptions:create { file = lualogue.bytes("x", "a.wav") } end, "/deployments/my-chat/audio/transcriptions" },
        { function() return client.chat_completions:retrieve "c1" end, "/chat/completions/c1" },
        { function() return client:request("GET", "/chat/completions") end, "/chat/completions" },
        { function() return client.responses:create { input = "Hi" } end, "/responses" },
        { function() return client.batches:create { input_file_id = "f" } end, "/batches" },
      }
      for _, case in ipairs(paths) do
        case[1]()
        assert.equal("/openai" .. case[2] .. "?api-version=" .. VERSION, last(endpoint).path)
        assert.equal(KEY, last(endpoint):header "api-key")
      end
    end)
  end)

  it("asks the deployment that a call names where the client has none", function()
    with_environment({}, function()
      local client, endpoint = client_of { api_version = VERSION }
      assert(client:chat { messages = messages, model = "a b/c" })
      assert.equal("/openai/deployments/a%20b%2Fc/chat/completions?api-version=" .. VERSION, last(endpoint).path)
      assert(client:chat { messages = messages, model = "d" })
      assert.equal("/openai/deployments/d/chat/completions?api-version=" .. VERSION, last(endpoint).path)
      assert(client.audio.transcriptions:create { file = lualogue.bytes("x", "a.wav"), model = "w" })
      assert.equal("/openai/deployments/w/audio/transcriptions?api-version=" .. VERSION, last(endpoint).path)
      local ok, message = pcall(function() client:chat { messages = messages } end)
      assert.is_false(ok)
      assert.matches("azure_spec%.lua:%d+: no deployment", message)
      client, endpoint = client_of { api_version = VERSION, model = "m" }
      assert(client:chat { messages = messages })
      assert.equal("/openai/deployments/m/chat/completions?api-version=" .. VERSION, last(endpoint).path)
      for i = 1, 200 do assert(client:chat { messages = messages, model = "m" .. i }) end
      assert.equal(1, server:counts(endpoint).accepted)
    end)
  end)

  it("takes the endpoint as a portal shows it", function()
    with_environment({}, function()
      for _, tail in ipairs { "/", "//", "/openai", "/openai/", "/openai/v1", "/openai/v1/" } do
        local endpoint = server:script(hello)
        assert(lualogue.azure({ endpoint = endpoint .. tail, api_key = KEY, deployment = "d" }):chat { messages = messages })
        assert.equal("/openai/v1/chat/completions", last(endpoint).path)
      end
      assert.equal("lualogue.client (mine.openai.azure.com)", tostring(lualogue.azure { resource = "mine", api_key = KEY }))
      assert.equal("https://mine.openai.azure.com/openai/v1", lualogue.azure({ resource = "mine", api_key = KEY }).server)
    end)
  end)

  it("takes what is not given from the environment", function()
    local endpoint = server:script(hello)
    local variables = { AZURE_OPENAI_ENDPOINT = endpoint, AZURE_OPENAI_API_KEY = KEY, OPENAI_API_VERSION = VERSION,
      OPENAI_API_KEY = "sk-openai", OPENAI_BASE_URL = "http://127.0.0.1:1", OPENAI_ORG_ID = "org" }
    with_environment(variables, function()
      assert(lualogue.azure({ deployment = "d" }):chat { messages = messages })
      local request = last(endpoint)
      assert.equal("/openai/deployments/d/chat/completions?api-version=" .. VERSION, request.path)
      assert.equal(KEY, request:header "api-key")
      assert.is_nil(request:header "authorization")
      assert.is_nil(request:header "openai-organization")
      assert(lualogue.azure({ deployment = "d", api_version = false }):chat { messages = messages })
      assert.equal("/openai/v1/chat/completions", last(endpoint).path)
      variables.AZURE_OPENAI_AD_TOKEN = "token-0123456789"
      assert(lualogue.azure({ deployment = "d" }):chat { messages = messages })
      assert.equal("Bearer token-0123456789", last(endpoint):header "authorization")
      assert.is_nil(last(endpoint):header "api-key")
      assert(lualogue.azure({ deployment = "d", api_key = "other-key" }):chat { messages = messages })
      assert.equal("other-key", last(endpoint):header "api-key")
      assert.is_nil(last(endpoint):header "authorization")
    end)
  end)

  it("takes it from a file as well", function()
    local endpoint = server:script(hello)
    program.with_folder(function(folder)
      local file = assert(io.open(folder .. "/.env", "w"))
      file:write(("AZURE_OPENAI_ENDPOINT=%s\nAZURE_OPENAI_API_KEY=%s\nOPENAI_API_VERSION=%s\n"):format(endpoint, KEY, VERSION))
      file:close()
      with_environment({}, function()
        assert(lualogue.azure({ deployment = "d", dotenv = folder .. "/.env" }):chat { messages = messages })
      end)
    end)
    assert.equal("/openai/deployments/d/chat/completions?api-version=" .. VERSION, last(endpoint).path)
    assert.equal(KEY, last(endpoint):header "api-key")
  end)

  it("takes keys and tokens of any kind", function()
    with_environment({}, function()
      for _, version in ipairs { VERSION, false } do
        local client, endpoint = client_of { api_key = function() return KEY end, deployment = "d", api_version = version }
        assert(client:chat { messages = messages })
        assert.equal(KEY, last(endpoint):header "api-key")
        client, endpoint = client_of { api_key = false, api_key_command = { "echo", KEY }, deployment = "d", api_version = version }
        assert(client:chat { messages = messages })
        assert.equal(KEY, last(endpoint):header "api-key")
        client, endpoint = client_of { api_key = false, ad_token = function() return "token" end, deployment = "d", api_version = version }
        assert(client:chat { messages = messages })
        assert.equal("Bearer token", last(endpoint):header "authorization")
        assert.is_nil(last(endpoint):header "api-key")
      end
    end)
  end)

  it("runs a command again after a 401, and asks the same deployment", function()
    with_environment({}, function()
      program.with_folder(function(folder)
        local script = ("echo x >>%s/runs; echo key-$(wc -l <%s/runs)-0123"):format(folder, folder)
        local client, endpoint = client_of({ api_key = false, api_key_command = { "sh", "-c", script }, deployment = "d",
          api_version = VERSION }, { fixture.json(401, fixture.error_body "no"), hello })
        assert(client:chat { messages = messages })
        local requests = server:requests(endpoint)
        assert.equal("key-1-0123", requests[1]:header "api-key")
        assert.equal("key-2-0123", requests[2]:header "api-key")
        assert.equal(requests[1].path, requests[2].path)
      end)
    end)
  end)

  it("goes on as client:with says", function()
    with_environment({}, function()
      local client, endpoint = client_of { deployment = "d", api_version = VERSION, query = { a = 1 } }
      assert(client:with({ headers = { ["X-One"] = "1" } }):chat { messages = messages })
      assert.matches("^/openai/deployments/d/chat/completions%?", last(endpoint).path)
      assert.matches("a=1", last(endpoint).path)
      assert.equal("1", last(endpoint):header "x-one")
      assert(client:with({ model = "e" }):chat { messages = messages })
      assert.matches("^/openai/deployments/e/chat/completions%?", last(endpoint).path)
      local other = server:script(hello)
      assert(client:with({ base_url = other, api_key = "k" }):chat { messages = messages })
      assert.equal("/chat/completions", last(other).path)
    end)
  end)

  it("is closed as a whole", function()
    with_environment({}, function()
      local client = client_of { deployment = "d", api_version = VERSION }
      assert(client:chat { messages = messages })
      local other = client:with {}
      client:close()
      local ok, message = pcall(function() client:chat { messages = messages } end)
      assert.is_false(ok)
      assert.matches("on a client that was closed", message)
      assert(other:chat { messages = messages })
    end)
  end)

  it("plays a cassette without a key", function()
    local path = os.tmpname()
    os.remove(path)
    with_environment({}, function()
      local client, endpoint = client_of { deployment = "d", api_version = VERSION, cassette = path }
      assert(client:chat { messages = messages })
      assert.matches("^/openai/deployments/d/", last(endpoint).path)
      client:close()
      local player = lualogue.azure { resource = "mine", deployment = "d", api_version = VERSION, cassette = path, record = "none" }
      assert.equal("Hello", assert(player:chat { messages = messages }).text)
    end)
    local file = assert(io.open(path))
    assert.is_nil(file:read("*a"):find(KEY, 1, true))
    file:close()
    os.remove(path)
  end)

  it("raises at the caller's line for what is wrong, and shows no key", function()
    with_environment({}, function()
      local wrong = {
        { nil, "bad argument 'options' to 'azure'" }, { "mine", "bad argument 'options' to 'azure'" },
        { {}, "no server: give lualogue.azure a resource or an endpoint" },
        { { resource = "a.b" }, "bad argument 'resource' to 'azure'" }, { { resource = "" }, "bad argument 'resource'" },
        { { resource = "a", endpoint = "https://b" }, "there is an endpoint too" },
        { { resource = "a", base_url = "https://b" }, "bad argument 'base_url' to 'azure'" },
        { { resource = "a", deployment = 5 }, "bad argument 'deployment' to 'azure'" },
        { { resource = "a", deployment = "..", api_version = VERSION }, "bad argument 'deployment' to 'azure'" },
        { { resource = "a", api_version = 2024 }, "bad argument 'api_version' to 'azure'" },
        { { resource = "a", api_key = KEY, ad_token = "t" }, "bad argument 'ad_token' to 'azure'" },
        { { resource = "a" }, "no API key: set AZURE_OPENAI_API_KEY" },
        { { resource = "a", api_key = KEY, query = 5 }, "bad argument 'query'" },
        { { resource = "a", api_key = KEY, api_version = VERSION, query = 5 }, "bad argument 'query'" },
        { { resource = "a", api_key = KEY, azure = true }, "bad argument 'azure' to 'new' %(unknown option" },
      }
      for i = 1, 15 do
        local ok, message = pcall(function() lualogue.azure(wrong[i][1]) end)
        assert.is_false(ok)
        assert.matches("azure_spec%.lua:%d+: ", message)
        assert.matches(wrong[i][2], message)
        assert.is_nil(message:find(KEY, 1, true))
      end
    end)
    with_environment({ AZURE_OPENAI_API_KEY = KEY }, function()
      local ok, message = pcall(function() lualogue.azure { endpoint = "http://example.com" } end)
      assert.is_false(ok)
      assert.matches("AZURE_OPENAI_API_KEY is not sent without TLS", message)
    end)
  end)
end)
