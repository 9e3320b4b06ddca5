-- While a call is being built the host's Lua may run: a finalizer in any allocation, a metamethod
-- wherever a table is asked for a field. It may close the client, cancel what was started,
-- change the tables that are being read, and collect what nobody holds any more.
local core = require "lualogue.core"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local program = require "spec.support.program"
local torture = require "spec.support.torture"

local calls, messages, options, settings = torture.calls, torture.messages, torture.options, torture.settings
local give_up = torture.give_up

--- A process of its own has little to collect, hence collects often.
local function survives(name, call, base_url)
  local output, code = program.lua(("require('spec.support.torture').run(%q, %q, %q)"):format(
    name, call or "", base_url or ""))
  assert.equal("", output)
  assert.equal(0, code)
end

describe("a finalizer that runs while a call is built", function()
  for name in pairs(calls) do
    it("may close the client: " .. name, function() survives("close", name) end)
    it("may empty the tables that are read: " .. name, function() survives("empty", name) end)
    it("may cancel, collect and call: " .. name, function() survives("reenter", name) end)
  end

  it("may empty the options of a new client", function() survives "empty_settings" end)

  it("may close the client from a cdata's own tostring", function() survives "cdata" end)
end)

describe("a finalizer that runs while an answer is read may do anything:", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function stream(more)
    local events = {}
    for i = 1, 12 do
      events[i] = fixture.chunk(("w%d%s"):format(i, i % 3 == 0 and '"\n\195\164' or ""))
      events[i].usage = { total_tokens = i }
    end
    for _, event in ipairs(more) do events[#events + 1] = event end
    return fixture.sse(events)
  end

  local big = ("x"):rep(6000) -- more than an event that is copied in place may have
  for name, answer in pairs {
    ["a stream"] = stream { fixture.chunk("", { finish_reason = "stop" }) },
    ["a stream of long events"] = stream { fixture.chunk(big), fixture.chunk(big .. '"'), fixture.chunk("", { finish_reason = "stop" }) },
    ["a stream that fails"] = stream { { error = { message = "no, " .. ("x"):rep(43), code = 5 } } },
    ["a stream with an event that is none"] = stream { "{no JSON" },
    ["a stream that is cut"] = stream {},
    ["a reply"] = fixture.json(200, fixture.chat_reply(big .. "\195\164")),
    ["a refusal"] = fixture.json(401, fixture.error_body("no " .. big, { code = "x", param = "y" }), { ["X-Request-Id"] = "r-1" }),
    ["a refusal of a place"] = fixture.json(404, "not found"),
    ["a page"] = fixture.json(200, "<html>" .. big, { ["Content-Type"] = "text/html" }),
    ["another origin"] = fixture.redirect(302, "https://elsewhere.example/" .. big:sub(1, 300)),
    ["half a body"] = fixture.faults["cut off in the body"],
  } do
    it(name, function() survives("read", "", server:script(answer)) end)
  end
end)

describe("a metamethod of the tables of a call", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- A table whose every metamethod fails the test: none has a say.
  local function guarded(t)
    local function never() error "a metamethod was asked" end
    return setmetatable(t, {
      __index = never, __newindex = never, __pairs = never, __len = never, __call = never, __eq = never,
    })
  end

  it("is not asked", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply "Hello"))
    local o = guarded(settings())
    o.base_url = base_url
    for _, make in ipairs { core.client, lualogue.new } do
      local client = make(o)
      for _, call in pairs(calls) do
        local call_options = guarded(options())
        guarded(call_options.headers)
        guarded(call_options.query)
        local started = call(client, call_options)
        if make == core.client then give_up(started) end
      end
      local params = guarded { messages = guarded { guarded(messages()[1]) } }
      local started = client:chat(params, guarded {})
      if make == core.client then give_up(started) end
      client:close()
    end
  end)

  it("does not close the client under the call", function()
    local client = core.client(settings())
    local closing = setmetatable({}, { __index = function(_, key)
      client:close()
      if key == "messages" or key == "headers" or key == "query" then return {} end
    end })
    assert.has_error(function() client:chat(closing) end)
    give_up(client:chat({ messages = messages() }, closing))
    client:close()
  end)

  it("adds nothing: what is inherited is seen by no reader", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply "Hello"))
    local client = lualogue.new { base_url = base_url, api_key = "sk-of-the-client", model = "mine" }
    local inherited = { __index = { messages = messages(), input = "x", model = "other", stream = true } }
    for _, name in ipairs { "chat", "stream", "embeddings" } do
      local ok, message = pcall(function() client[name](client, setmetatable({}, inherited)) end)
      assert.is_false(ok)
      assert.matches(name == "embeddings" and "bad argument 'input'" or "bad argument 'messages'", message)
    end
    local call_options = setmetatable({}, { __index = {
      api_key = "sk-inherited", headers = { ["X-Inherited"] = "1" }, query = { inherited = 1 }, unknown = 1, raw = true,
    } })
    local reply = lualogue.assert(client:chat(setmetatable({ messages = messages() }, inherited), call_options))
    assert.equal("Hello", reply.choices[1].message.content)
    local request = server:requests(base_url)[1]
    assert.equal("Bearer sk-of-the-client", request:header "authorization")
    assert.is_nil(request:header "x-inherited")
    assert.equal("/chat/completions", request.path)
    assert.same({ messages = messages(), model = "mine" }, request:json())
  end)
end)
