-- The recipes of README for Azure, OpenRouter and gateways, over the wire: each of its hosts is a server
-- of ours, and nothing else of them is changed.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local sources = require "spec.support.sources"

local KEYS = {
  OPENAI_API_KEY = "sk-openai-example", OPENROUTER_API_KEY = "sk-or-example", GATEWAY_KEY = "gateway-example",
  AZURE_OPENAI_API_KEY = "azure-example",
}
local server

--- The clients that the recipes make, and the server of each host.
local function recipes()
  local code = assert(sources.read("README.md"):match "```lua\n(local azure = .-)\n```")
  local hosts = {}
  code = code:gsub("https://([%w.-]+)", function(host)
    if host == "example.com" then return nil end -- it is only named
    hosts[host] = server:script(fixture.json(200, fixture.chat_reply "Hello"))
    return hosts[host]
  end)
  hosts.azure = server:script(fixture.json(200, fixture.chat_reply "Hello"))
  code = code:gsub('resource = "mine"', ('endpoint = "%s"'):format(hosts.azure)):gsub("local (%l+) =", "%1 =")
  local getenv = os.getenv
  os.getenv = function(name) -- luacheck: ignore 122
    if KEYS[name] then return KEYS[name] end
    if name:find "OPENAI" then return nil end
    return getenv(name)
  end
  local names = setmetatable({ lualogue = lualogue }, { __index = _G })
  local chunk
  if rawget(_G, "setfenv") then
    chunk = assert(loadstring(code)) -- luacheck: ignore 113
    setfenv(chunk, names) -- luacheck: ignore 113
  else
    chunk = assert(load(code, "=README.md", "t", names))
  end
  local ok, err = pcall(chunk)
  os.getenv = getenv -- luacheck: ignore 122
  if not ok then error(err, 0) end
  return names, hosts
end

describe("the recipe of", function()
  local clients, hosts
  setup(function()
    server = fixture.start()
    clients, hosts = recipes()
  end)
  teardown(function() server:stop() end)

  local wanted = {
    azure = { "azure", "/openai/v1/chat/completions", model = "chat", headers = { ["api-key"] = "azure-example" } },
    older = { "azure", "/openai/deployments/chat/chat/completions?api-version=2024-10-21",
      headers = { ["api-key"] = "azure-example" } },
    openrouter = { "openrouter.ai", "/api/v1/chat/completions", model = "meta-llama/llama-3.3-70b-instruct",
      headers = { authorization = "Bearer sk-or-example", ["http-referer"] = "https://example.com", ["x-title"] = "Example" } },
    gateway = { "gateway.example.com", "/team/openai/v1/chat/completions?tenant=blue",
      headers = { ["x-api-key"] = "gateway-example" } },
    relayed = { "relay.example.com", "/openai/chat/completions",
      headers = { authorization = "Bearer sk-openai-example", ["x-relay-authorization"] = "Bearer gateway-example" } },
  }
  local all = {}
  for _, want in pairs(wanted) do
    for name in pairs(want.headers) do all[name] = true end
  end
  for name, want in pairs(wanted) do
    it(name .. " sends what its server wants, and nothing of another", function()
      local client = assert(clients[name], "README has no " .. name)
      assert.equal("Hello", assert(client:chat { messages = { { role = "user", content = "Hi" } } }).text)
      local requests = server:requests(hosts[want[1]])
      local request = requests[#requests]
      assert.equal(want[2], request.path)
      for header in pairs(all) do assert.equal(want.headers[header], request:header(header)) end
      if want.model then assert.equal(want.model, request:json().model) end
    end)
  end

  it("each one is held here", function()
    local found = {}
    for name, value in pairs(clients) do
      if name ~= "lualogue" and type(value) == "table" then found[name] = true end
    end
    for name in pairs(wanted) do found[name] = nil end
    assert.same({}, found)
  end)
end)
