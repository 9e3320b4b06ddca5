-- What the caller gave to get in is said to nobody else: not in a message, not in a field of an
-- error, not in the headers of a reply, whichever header, query, URL or proxy it was given in.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local program = require "spec.support.program"

local SECRET = "s3cr3t/of+the=caller"
local IN_URL = "s3cr3t%2Fof%2Bthe%3Dcaller"
local messages = { { role = "user", content = "Hi" } }
local server

--- Every string in an error object or in a meta, however deep.
local function strings(value, found)
  found = found or {}
  if type(value) == "table" then
    for key, inside in pairs(value) do
      strings(key, found)
      strings(inside, found)
    end
  elseif type(value) == "string" then
    found[#found + 1] = value
  end
  return found
end

local function assert_free(value, ...)
  for _, text in ipairs(strings(value)) do
    for _, secret in ipairs { SECRET, IN_URL, ... } do
      assert.is_nil(text:find(secret, 1, true), text)
    end
  end
end

-- The ways in which a caller gives one, each with what else may not be shown.
local ways = {
  ["Authorization"] = { api_key = SECRET },
  ["Authorization of its own"] = { headers = { Authorization = "Token " .. SECRET } },
  ["api-key"] = { headers = { ["api-key"] = SECRET } },
  ["x-api-key"] = { headers = { ["X-Api-Key"] = SECRET } },
  ["x-goog-api-key"] = { headers = { ["x-goog-api-key"] = SECRET } },
  ["Ocp-Apim-Subscription-Key"] = { headers = { ["Ocp-Apim-Subscription-Key"] = SECRET } },
  ["Cookie"] = { headers = { Cookie = "theme=dark; session=" .. SECRET .. "; a=b" } },
  ["a header that nobody knows"] = { headers = { ["X-Mine"] = SECRET } },
  ["the query"] = { query = { key = SECRET, other = 1 } },
  ["the query of the base URL"] = { base = function(url) return url .. "?key=" .. IN_URL end },
  ["a password in the URL"] = {
    base = function(url) return (url:gsub("//", "//someone:" .. IN_URL:gsub("%%", "%%%%") .. "@")) end,
    also = "c29tZW9uZTpzM2NyM3Qvb2YrdGhlPWNhbGxlcg", -- someone:s3cr3t/of+the=caller in base64
  },
  ["a user in the URL"] = {
    base = function(url) return (url:gsub("//", "//" .. IN_URL:gsub("%%", "%%%%") .. "@")) end,
  },
}

local function client_of(way, script)
  local base_url = server:script(script)
  local options = { base_url = way.base and way.base(base_url) or base_url, api_key = way.api_key or false, max_retries = 0 }
  for _, name in ipairs { "headers", "query" } do options[name] = way[name] end
  return lualogue.new(options)
end

--- Every answer in which it may come back.
local function echoes(also)
  local words = ("no %s, or %s, or %s, or (%s)"):format(SECRET, IN_URL, (SECRET:gsub("/", "\\/")), also or "")
  return {
    fixture.json(401, fixture.error_body(words, { code = SECRET, type = IN_URL, param = words }), { ["X-Request-Id"] = SECRET }),
    fixture.json(400, ('{"error": {"message": "no %s"}}'):format((SECRET:gsub("/", "\\/")))),
    fixture.json(500, words), fixture.json(403, "<html>" .. words, { ["Content-Type"] = "text/html" }),
    fixture.redirect(302, "https://elsewhere.example/login/" .. IN_URL .. "/" .. SECRET .. "?next=" .. IN_URL),
    fixture.redirect(307, "https://elsewhere.example/" .. ("x"):rep(430) .. SECRET:rep(8)),
    fixture.json(200, { error = { message = words } }), fixture.json(200, '{"choices": [ ' .. words),
  }
end

describe("a secret that a server repeats", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  for name, way in pairs(ways) do
    it("is in no error: " .. name, function()
      for _, script in ipairs(echoes(way.also)) do
        local client = client_of(way, script)
        for _, method in ipairs { "chat", "stream" } do
          local reply, err = client[method](client, { messages = messages })
          if reply then reply, err = reply:message() end
          assert.is_nil(reply)
          assert_free(err, way.also)
          assert_free({ tostring(err) }, way.also)
        end
      end
    end)

    it("is in no event that is an error: " .. name, function()
      local script = fixture.sse { fixture.chunk "a", { error = { message = "no " .. SECRET, code = IN_URL } } }
      local stream = assert(client_of(way, script):stream { messages = messages })
      local message, err = stream:message()
      assert.is_nil(message)
      assert_free(err, way.also)
      assert_free(stream.meta, way.also)
    end)

    it("is in no meta: " .. name, function()
      local echo = { ["X-Echo"] = "you sent " .. SECRET, ["X-Url"] = "/v1?key=" .. IN_URL, ["X-Request-Id"] = SECRET,
        ["X-Also"] = way.also or "nothing" }
      local reply = assert(client_of(way, fixture.json(200, fixture.chat_reply(SECRET), echo)):chat { messages = messages })
      assert_free(reply.meta, way.also)
      assert.is_string(reply.meta.headers["x-echo"])
      assert.equal(SECRET, reply.choices[1].message.content) -- an answer is the caller's own
      local stream = assert(client_of(way, fixture.sse(fixture.words { "a" }, { headers = echo })):stream { messages = messages })
      assert_free(stream.meta, way.also)
      assert(stream:message())
      assert_free(stream.meta, way.also)
    end)
  end

  it("is in no error: a proxy's password", function()
    local code = [[
      local lualogue = require "lualogue"
      local client = lualogue.new { base_url = "http://models.example/v1", api_key = false, max_retries = 0 }
      local reply, err = client:chat { messages = {} }
      print(reply, err.status, err.message)
    ]]
    local basic = "bWU6czNjcjN0L29mK3RoZT1jYWxsZXI" -- me:s3cr3t/of+the=caller
    local proxy = server:script(fixture.json(400, fixture.error_body("no " .. SECRET .. " for you, " .. basic)))
    local at = proxy:gsub("/v1$", ""):gsub("//", "//me:" .. IN_URL:gsub("%%", "%%%%") .. "@")
    local output, exit = program.lua(code, "http_proxy=" .. program.quote(at))
    assert.equal(0, exit, output)
    assert.equal("nil\t400\tno [key] for you, [key]\n", output)
  end)

  it("is told from the words of a message: what is short, and what everybody knows, stays", function()
    for key, words in pairs {
      k = "unknown kind of token", token = "the token limit is 4096", ollama = "is ollama running?", ["1234567"] = "1234567",
    } do
      local client = client_of({ api_key = key, headers = { ["X-One"] = key }, query = { q = key } },
        fixture.json(400, fixture.error_body(words)))
      local _, err = client:chat { messages = messages }
      assert.equal(words, err.message)
    end
    local words = "application/json of lualogue/scm, version 2024-10-21, request 0123456789"
    local client = client_of({ query = { ["api-version"] = "2024-10-21" }, headers = { ["X-Request-Id"] = "request 0123456789" } },
      fixture.json(400, fixture.error_body(words)))
    local _, err = client:chat { messages = messages }
    assert.equal(words, err.message)
  end)

  it("is found wherever it stands, the longest first, as often as it does", function()
    local other = SECRET .. "-and-more"
    local client = client_of({ api_key = SECRET, headers = { ["api-key"] = other } }, fixture.json(400, fixture.error_body(
      SECRET .. " " .. other .. SECRET .. "." .. other:sub(1, -2) .. "\0" .. SECRET)))
    local _, err = client:chat { messages = messages }
    assert.equal("[key] [key][key].[key]-and-mor\0[key]", err.message)
  end)

  it("is one of many", function()
    local headers = {}
    for i = 1, 100 do headers["X-" .. i] = ("value number %d."):format(i) end
    local client = client_of({ headers = headers }, fixture.json(400, fixture.error_body(
      "value number 1. and value number 50. and value number 100.")))
    local _, err = client:chat { messages = messages }
    assert.equal("[key] and [key] and [key]", err.message)
  end)
end)

describe("the key in memory", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  -- How often the header that is sent stands in the memory of this process as we keep it, with a NUL
  -- behind it; libcurl's copies have a line end.
  local COUNT = [[
    local lualogue = require "lualogue"
    local key = os.getenv "WANTED"
    local prefix = "Authorization: Bearer "
    local function count()
      local memory, n = assert(io.open("/proc/self/mem", "rb")), 0
      for line in io.lines "/proc/self/maps" do
        local from, to, mode = line:match "^(%x+)-(%x+) (%S+)"
        from, to = tonumber(from, 16), tonumber(to, 16)
        if mode == "rw-p" and to - from < 2 ^ 28 and memory:seek("set", from) then
          local bytes = memory:read(to - from) or ""
          local at = bytes:find(prefix, 1, true)
          while at do
            local behind = at + #prefix
            if bytes:sub(behind, behind + #key - 1) == key and bytes:byte(behind + #key) == 0 then n = n + 1 end
            at = bytes:find(prefix, behind, true)
          end
        end
      end
      memory:close()
      return n
    end
  ]]

  local function output_of(code, base_url, more)
    local environment = ("WANTED=sk-of-this-very-test BASE=%s %s"):format(base_url, more or "")
    local output, exit = program.lua(COUNT .. code, environment)
    assert.equal(0, exit, output)
    return output
  end

  it("is gone once the client is closed, though replies, streams and errors are held", function()
    local base_url = server:script { routes = {
      ["/chat/completions"] = { fixture.json(200, fixture.chat_reply "Hello"), fixture.sse(fixture.words { "a", "b" }),
        fixture.json(401, fixture.error_body "no"), fixture.sse(fixture.words { "a", "b" }) },
    } }
    local output = output_of([[
      local client = lualogue.new { base_url = os.getenv "BASE", api_key = key, max_retries = 0 }
      local params = { messages = { { role = "user", content = "Hi" } } }
      local reply = assert(client:chat(params, { headers = { ["X-One"] = "1" } }))
      local stream = assert(client:stream(params))
      assert(stream:message())
      local nothing, err = client:chat(params)
      assert(not nothing and err.status == 401)
      local closed = assert(client:stream(params))
      closed:close()
      client:close()
      print(count(), reply.meta.status + stream.meta.status + closed.meta.status, err.host)
    ]], base_url)
    assert.equal("0\t600\t" .. base_url:match "//(.-)/" .. "\n", output)
  end)

  it("is gone as soon as what was under way is over", function()
    local base_url = server:script { { hold = "gate" }, { close = true } }
    local code = [[
      local core = require "lualogue.core"
      local client = core.client { base_url = os.getenv "BASE", api_key = key, max_retries = 0 }
      local exchange = client:chat { messages = {} }
      core.step(0)
      client:close()
      if os.getenv "LOOK" then return print(count()) end
      exchange:cancel()
      print(count(), select(2, exchange:result()).kind)
    ]]
    assert.equal("0\tcancelled\n", output_of(code, base_url))
    -- A process that has looked has copies of what it saw, hence another one to see it there.
    assert.is_true(tonumber(output_of(code, base_url, "LOOK=1")) > 0)
  end)
end)
