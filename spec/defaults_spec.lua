-- Parameters that a client adds to its calls.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local hello = fixture.json(200, fixture.chat_reply "Hello")
local vectors = fixture.json(200, { object = "list", data = { { object = "embedding", index = 0, embedding = { 1 } } } })
local server

local function client_of(defaults, script)
  local base_url = server:script(script or hello)
  return lualogue.new { base_url = base_url, model = "m", defaults = defaults }, base_url
end

--- The last body that came, without what every call has.
local function last(base_url)
  local requests = server:requests(base_url)
  local body = requests[#requests]:json()
  for _, name in ipairs { "messages", "model", "input", "prompt" } do body[name] = nil end
  return body
end

local function raised(defaults)
  local ok, message = pcall(function() lualogue.new { base_url = "http://127.0.0.1:1", defaults = defaults } end)
  assert.is_false(ok)
  return (assert(message:match "^[^:]*spec/defaults_spec%.lua:%d+: (.*)", message))
end

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

describe("defaults", function()
  it("go where the caller says nothing, and the caller wins", function()
    local client, base_url = client_of { temperature = 0, seed = 7 }
    assert(client:chat { messages = messages })
    assert.same({ temperature = 0, seed = 7 }, last(base_url))
    assert(client:chat { messages = messages, temperature = 1, user = "u" })
    assert.same({ temperature = 1, seed = 7, user = "u" }, last(base_url))
    assert(client:chat { messages = messages, seed = false })
    assert.same({ temperature = 0, seed = false }, last(base_url))
  end)

  it("are taken away by null, which is sent where there is none", function()
    local client, base_url = client_of { temperature = 0 }
    assert(client:chat { messages = messages, temperature = lualogue.null, seed = lualogue.null })
    local body = server:requests(base_url)[1].body
    assert.is_nil(body:find("temperature", 1, true))
    assert.is_truthy(body:find('"seed":null', 1, true))
  end)

  it("neither change the caller's tables nor see what those inherit", function()
    local client, base_url = client_of { temperature = 0 }
    local params = setmetatable({ messages = messages }, { __index = { temperature = 1, seed = 7 } })
    assert(client:chat(params))
    assert.same({ temperature = 0 }, last(base_url))
    assert.is_nil(rawget(params, "temperature"))
    local inherited = setmetatable({}, { __index = { temperature = 1 }, __pairs = function() error "pairs" end })
    client, base_url = client_of(inherited)
    assert(client:chat { messages = messages })
    assert.same({}, last(base_url))
  end)

  it("are those of the time when the client was made", function()
    local given = { temperature = 0 }
    local client, base_url = client_of(given)
    given.temperature = 2
    assert(client:chat { messages = messages })
    assert.same({ temperature = 0 }, last(base_url))
  end)

  it("serve streams, of which stream_options is one", function()
    local client, base_url = client_of({ temperature = 0, stream_options = { include_usage = true } },
      { fixture.sse(fixture.words { "a" }), hello })
    assert(assert(client:stream { messages = messages }):message())
    assert.same({ temperature = 0, stream = true, stream_options = { include_usage = true } }, last(base_url))
    assert(client:chat { messages = messages })
    assert.same({ temperature = 0 }, last(base_url))
  end)

  it("serve whatever is made of chats", function()
    local answer = fixture.json(200, fixture.chat_reply '{"a":1}')
    local client, base_url = client_of({ temperature = 0 }, answer)
    assert(client:parse({ messages = messages }, "a int"))
    assert.equal(0, last(base_url).temperature)
    assert(client:run_tools({ messages = messages }, { tools = { { name = "t", run = function() end } } }))
    assert.equal(0, last(base_url).temperature)
    assert(client.chat_completions:create { messages = messages })
    assert.same({ temperature = 0 }, last(base_url))
  end)

  it("serve a dialogue, which shows and counts them, and keeps them out of its file", function()
    local client, base_url = client_of({ temperature = 0, max_completion_tokens = 50, dimensions = 8, top_k = 5,
      stream_options = { include_usage = true } }, { hello, fixture.sse(fixture.words { "a" }), hello })
    local dialogue = client:dialogue { temperature = 1 }
    assert(dialogue:ask "Hi")
    assert.same({ temperature = 1, max_completion_tokens = 50, top_k = 5 }, last(base_url))
    local preview = dialogue:preview()
    assert.equal(50, preview.max_completion_tokens)
    assert.is_nil(preview.dimensions)
    for _ in assert(dialogue:stream "Hi") do end -- luacheck: ignore 542
    assert.same({ include_usage = true }, last(base_url).stream_options)
    local path = os.tmpname()
    assert(dialogue:save(path))
    local file = assert(io.open(path))
    assert.is_nil(file:read("*a"):find("max_completion_tokens", 1, true))
    file:close()
    local later = client:with { defaults = { max_completion_tokens = 70 } }
    assert(assert(later:dialogue { load = path }):ask "Hi")
    os.remove(path)
    assert.same({ temperature = 1, max_completion_tokens = 70, top_k = 5 }, last(base_url))
    dialogue = client:dialogue { temperature = lualogue.null }
    assert(dialogue:fork():ask "Hi")
    assert.same({ max_completion_tokens = 50, top_k = 5 }, last(base_url))
  end)

  it("go to other operations as far as those have them", function()
    local client, base_url = client_of({ temperature = 0, user = "u", dimensions = 8, top_k = 5, max_output_tokens = 9 },
      { routes = { ["/embeddings"] = vectors, ["*"] = hello } })
    assert(client:chat { messages = messages })
    assert.same({ temperature = 0, user = "u", top_k = 5 }, last(base_url))
    assert(client:embeddings { input = "one" })
    assert.same({ user = "u", dimensions = 8 }, last(base_url))
    assert(client.responses:create { input = "one" })
    assert.same({ temperature = 0, user = "u", max_output_tokens = 9 }, last(base_url))
    assert(client.completions:create { prompt = "one", temperature = 1 })
    assert.same({ temperature = 1, user = "u" }, last(base_url))
    assert(client.images:generate { prompt = "one" })
    assert.same({}, last(base_url))
    assert(client:request("POST", "/chat/completions", { messages = messages }))
    assert.same({}, last(base_url))
  end)

  it("are no place for what a call is about", function()
    for _, name in ipairs { "messages", "input", "prompt", "stream", "tools", "response_format", "n" } do
      assert.matches("^bad argument 'defaults." .. name .. "' to 'new' %(it belongs to a call%)", raised { [name] = 1 })
    end
    assert.matches("bad argument 'defaults.model' to 'new' %(the client has an option", raised { model = "x" })
    assert.matches("bad argument 'defaults' to 'new' %(table expected, got number", raised(5))
    assert.matches("bad argument 'defaults' to 'new' %(table expected, got boolean", raised(false))
    assert.matches("bad argument 'defaults' to 'new' %(its keys", raised { 5 })
  end)

  it("do not hide that a call is wrong", function()
    local client = client_of { temperature = 0 }
    for _, params in ipairs { 5, "x", false } do
      local ok, message = pcall(function() return client:chat(params) end)
      assert.is_false(ok)
      assert.matches("defaults_spec%.lua:%d+: bad argument 'params' to 'chat'", message)
    end
    local ok, message = pcall(function() return client:chat() end)
    assert.is_false(ok)
    assert.matches("bad argument '[%w]+' to 'chat'", message)
  end)
end)
