-- client:check(): what is wrong between here and the server, each fault under its own name, with
-- what mends it.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local program = require "spec.support.program"

local KEY = "sk-secret-0123456789"
local usage = { prompt_tokens = 3, completion_tokens = 5, total_tokens = 8 }
local server

local hello = fixture.json(200, fixture.chat_reply "yes")
local streamed = fixture.sse(fixture.words({ "yes" }, { usage = usage }))
local refusal = fixture.json(400, fixture.error_body "you must provide messages")
local models = fixture.json(200, { object = "list", data = { { id = "m1" }, { id = "m2" } } })

--- A server that keeps the protocol, but for these answers.
local function site(answers)
  answers = answers or {}
  return { routes = {
    ["/models"] = answers.models or models,
    ["/chat/completions"] = { answers.answer or hello, answers.stream or streamed,
      answers.errors or refusal },
    ["*"] = fixture.json(404, "no such page"),
  } }
end

local function client_of(base_url, options)
  local settings = { base_url = base_url, api_key = KEY }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings)
end

--- What a check has found, by name.
local function by_name(report)
  local items = {}
  for _, item in ipairs(report) do items[item.name] = item end
  return items
end

--- Check, and hold what is wrong against what should be. Its items by name.
local function wrong(client, names, options)
  local report = client:check(options)
  local found = {}
  for _, item in ipairs(report) do
    assert.is_string(item.message)
    if item.ok == false then
      found[#found + 1] = item.name
      assert.is_string(item.mend)
    else
      assert.is_nil(item.mend)
    end
  end
  assert.same(names, found, tostring(report))
  assert.equal(#names == 0, report.ok)
  assert.is_nil(tostring(report):find(KEY, 1, true))
  for _, item in ipairs(report) do assert.is_nil((item.message .. (item.mend or "")):find(KEY, 1, true)) end
  return by_name(report), report
end

describe("a check", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("finds all in order where it is so", function()
    local url = server:script(site())
    local items, report = wrong(client_of(url), {})
    for _, name in ipairs { "lua", "libcurl", "json", "connection", "key", "models", "model", "answer",
      "finish_reason", "usage", "stream", "stream_end", "stream_usage", "errors" } do
      assert.is_true(items[name].ok, name)
    end
    for _, name in ipairs { "name", "proxy", "tls" } do assert.is_nil(items[name].ok) end
    assert.equal(17, #report)
    assert.matches("^ok    lua           Lua 5", tostring(report))
    assert.equal(4, #server:requests(url))
    assert.equal('"m1"', server:requests(url)[2].body:match '"model":("%w+")')
  end)

  it("asks for no answer where that is not wanted", function()
    local url = server:script { routes = { ["/models"] = models, ["*"] = refusal } }
    local items = wrong(client_of(url), {}, { chat = false, model = "m" })
    assert.is_nil(items.answer.ok)
    assert.is_true(items.errors.ok)
    assert.equal(2, #server:requests(url))
  end)

  it("finds a name that nobody knows", function()
    local items = wrong(client_of("https://" .. ("x"):rep(64) .. ".invalid/v1"), { "name" })
    assert.matches("spelt", items.name.mend)
    assert.is_nil(items.connection.ok)
    assert.matches("not looked at", items.answer.message)
  end)

  it("finds a port where nobody listens, and one that does not answer", function()
    local items = wrong(client_of(server:refused()), { "connection" })
    assert.matches("nothing listens on 127%.0%.0%.1:%d+", items.connection.mend)
    items = wrong(client_of(server:deaf(), { connect_timeout = 0.2 }), { "connection" }, { timeout = 0.3 })
    assert.matches("timeout", items.connection.message)
    items = wrong(client_of("http://localhost/v1", { unix_socket = "/none/such.sock" }), { "connection" })
    assert.matches("unix_socket", items.connection.mend)
  end)

  it("finds that nothing may be sent", function()
    local path = os.tmpname()
    os.remove(path)
    lualogue.assert(client_of(server:script(hello), { cassette = path, model = "m" }):chat { messages = {} })
    local client = client_of(server:refused(), { cassette = path, record = "none" })
    assert.matches("cassette", wrong(client, { "connection" }).connection.mend)
    os.remove(path)
    local output = program.lua(([[
      local lualogue = require "lualogue"
      print(lualogue.new { base_url = %q, api_key = false }:check())]]):format(server:script(hello)), "LUALOGUE_OFFLINE=1")
    assert.matches("WRONG connection.*Unset LUALOGUE_OFFLINE", output)
  end)

  it("is an error of a client that was closed", function()
    local client = client_of(server:script(site()))
    client:close()
    local ok, err = pcall(client.check, client)
    assert.is_false(ok)
    assert.matches("check_spec.lua:%d+: 'check' on a client that was closed", err)
  end)

  it("finds a certificate that is not good, and says in which way", function()
    local url = server:tls(site())
    assert.matches("ca_file", wrong(client_of(url), { "tls" }).tls.mend)
    local ca_file
    url, ca_file = server:tls(site(), { certificate = "wrong_host" })
    assert.matches("another name", wrong(client_of(url, { ca_file = ca_file }), { "tls" }).tls.mend)
    url, ca_file = server:tls(site(), { certificate = "expired" })
    assert.matches("expired", wrong(client_of(url, { ca_file = ca_file }), { "tls" }).tls.mend)
    url, ca_file = server:tls(site())
    assert.is_true(wrong(client_of(url, { ca_file = ca_file }), {}).tls.ok)
    url = server:tls(site())
    assert.matches("tls_verify", wrong(client_of(url, { tls_verify = false }), { "tls" }).tls.message)
  end)

  it("finds TLS where there is none", function()
    local plain = { { read = "nothing" }, { send = "HTTP/1.1 400 Bad Request\r\n\r\n" }, { close = true } }
    local url = server:script(plain):gsub("^http:", "https:")
    assert.matches("begin with http://", wrong(client_of(url), { "tls" }).tls.mend)
    url = server:script(site()):gsub("^http:", "https:")
    assert.matches("begin with http://", wrong(client_of(url), { "tls" }, { timeout = 0.3 }).tls.mend)
  end)

  it("finds a proxy that is not there, or wants a password", function()
    local url = server:script(site())
    local proxy = server:refused():gsub("/v1$", "")
    local items = wrong(client_of(url, { proxy = proxy:gsub("//", "//user:s3cret-of-the-proxy@") }), { "proxy" })
    assert.matches("127%.0%.0%.1:%d+", items.proxy.mend)
    assert.is_nil((items.proxy.message .. items.proxy.mend):find("s3cret", 1, true))
    local asking = server:script(fixture.raw("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"))
    items = wrong(client_of(url, { proxy = asking:gsub("/v1$", "") }), { "proxy" })
    assert.matches("407", items.proxy.message)
  end)

  it("finds a key that is refused, missing, or not to be had", function()
    local no = fixture.json(401, fixture.error_body("Incorrect API key provided: " .. KEY, { code = "invalid_api_key" }))
    local items = wrong(client_of(server:script(no)), { "key" })
    assert.matches("refuses this key", items.key.mend)
    local nobody = fixture.json(401, fixture.error_body "You didn't provide an API key.")
    items = wrong(client_of(server:script(nobody), { api_key = false }), { "key" })
    assert.matches("wants a key", items.key.mend)
    items = wrong(client_of(server:script(site { answer = no })), { "key" })
    assert.matches("401", items.key.message)
    items = wrong(client_of(server:script(site()), { api_key = function() return nil, "the vault is shut" end }), { "key" })
    assert.matches("the vault is shut", items.key.message)
  end)

  it("leaves it to the answer whether a key is good that may not list models", function()
    local no = fixture.json(403, fixture.error_body "insufficient permissions")
    local items = wrong(client_of(server:script(site { models = no }), { model = "m" }), {})
    assert.is_true(items.key.ok)
    assert.is_nil(items.models.ok)
    wrong(client_of(server:script(site { models = no }), { model = "m" }), { "key" }, { chat = false })
  end)

  it("finds a model that is not there, or that nobody names", function()
    local no = fixture.json(404, fixture.error_body("The model `gpt-9` does not exist", { code = "model_not_found" }))
    local items = wrong(client_of(server:script(site { answer = no }), { model = "gpt-9" }), { "model" })
    assert.matches("m1, m2", items.model.mend)
    items = wrong(client_of(server:script(site { models = fixture.json(404, "none") })), { "model" })
    assert.matches("model = ", items.model.mend)
  end)

  it("finds a base URL that leads elsewhere", function()
    local items = wrong(client_of(server:script(fixture.json(404, "404 page not found")), { model = "m" }), { "answer" })
    assert.matches("/v1", items.answer.mend)
    items = wrong(client_of(server:script(fixture.html(200)), { model = "m" }), { "answer" })
    assert.matches("no such API", items.answer.mend)
  end)

  it("finds a server that fails, is too slow, or has had enough", function()
    local items = wrong(client_of(server:script(site { answer = fixture.json(500, fixture.error_body "oops") })), { "answer" })
    assert.matches("its log", items.answer.mend)
    items = wrong(client_of(server:script(site { answer = fixture.json(429,
      fixture.error_body("quota", { code = "insufficient_quota" })) })), { "answer" })
    assert.matches("billing", items.answer.mend)
    items = wrong(client_of(server:script(site { answer = { { stall = true } } })), { "answer" }, { timeout = 0.3 })
    assert.matches("does not answer", items.answer.mend)
  end)

  it("finds what a server leaves out of its answers", function()
    local reply = fixture.chat_reply "yes"
    reply.usage = nil
    wrong(client_of(server:script(site { answer = fixture.json(200, reply) })), { "usage" })
    reply = fixture.chat_reply "yes"
    reply.choices[1].finish_reason = nil
    wrong(client_of(server:script(site { answer = fixture.json(200, reply) })), { "finish_reason" })
  end)

  it("finds what a server leaves out of its streams", function()
    local none = fixture.sse(fixture.words({ "yes" }, { usage = usage }), { done = false })
    local items = wrong(client_of(server:script(site { stream = none })), { "stream_end" })
    assert.matches("%[DONE%]", items.stream_end.message)
    wrong(client_of(server:script(site { stream = fixture.sse(fixture.words { "yes" }) })), { "stream_usage" })
    local open = fixture.sse({ fixture.chunk { content = "yes" } }, { done = true })
    items = wrong(client_of(server:script(site { stream = open })), { "stream", "stream_usage" })
    assert.matches("finish_reason", items.stream.message)
    local cut = fixture.sse({ fixture.chunk { content = "yes" } }, { done = false })
    items = wrong(client_of(server:script(site { stream = cut })), { "stream", "stream_end", "stream_usage" })
    assert.matches("gateway", items.stream.mend)
    wrong(client_of(server:script(site { stream = hello })), { "stream" })
  end)

  it("asks once more where a server does not take stream_options", function()
    local no = fixture.json(400, fixture.error_body "unknown field stream_options")
    local url = server:script { routes = { ["/models"] = models, ["/chat/completions"] = { hello, no,
      fixture.sse(fixture.words { "yes" }), refusal } } }
    local items = wrong(client_of(url), { "stream_usage" })
    assert.matches("refuses stream_options", items.stream_usage.message)
  end)

  it("finds errors that are none, or in another form", function()
    wrong(client_of(server:script(site { errors = hello })), { "errors" })
    wrong(client_of(server:script(site { errors = fixture.json(500, "panic") })), { "errors" })
    local items = wrong(client_of(server:script(site { errors = fixture.json(422, { detail = "no" }) })), { "errors" })
    assert.matches("another form", items.errors.message)
  end)

  it("raises for nothing that a server can do", function()
    for name, fault in pairs(fixture.faults) do
      for _, place in ipairs { "models", "answer", "stream", "errors" } do
        local ok, report = pcall(function()
          return client_of(server:script(site { [place] = fault }), { model = "m" }):check { timeout = 5 }
        end)
        assert.is_true(ok, name .. " in " .. place .. ": " .. tostring(report))
        assert.equal(17, #report)
      end
    end
  end)

  it("waits within a task as any call does", function()
    local url = server:script(site { models = fixture.join({ { hold = "go" } }, models) })
    local client = client_of(url)
    lualogue.task(function()
      lualogue.task(function()
        lualogue.sleep(0.01)
        server:release(url, "go") -- without this turn of another task there would be no answer
      end)
      assert.is_true(client:check().ok)
    end):wait()
  end)

  it("has options that are checked", function()
    local client = client_of(server:script(site()))
    for name, options in pairs { options = 3, model = { model = 3 }, timeout = { timeout = 0 }, chats = { chats = true } } do
      local ok, err = pcall(client.check, client, options)
      assert.is_false(ok)
      assert.matches(("check_spec.lua:%%d+: bad argument '%s' to 'check'"):format(name), err)
    end
  end)

  it("says what a first run has to know", function()
    local output = program.lua(([[
      local lualogue = require "lualogue"
      local client = lualogue.new { base_url = %q, api_key = false }
      print(client:check())
    ]]):format(server:refused()))
    assert.matches("\nWRONG connection    connection: 127%.0%.0%.1:%d+: ", output)
    assert.matches("\n                    %-> Start the server on this machine", output)
    assert.matches("\n%-     not looked at, since what comes before has failed: key, models, model", output)
  end)
end)
