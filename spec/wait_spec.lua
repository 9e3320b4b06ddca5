-- The driver: how a call waits, and what Ctrl-C does to it.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"
local core = require "lualogue.core"
local wait = require "lualogue.wait"

local messages = { { role = "user", content = "Hi" } }

describe("waiting", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function start(answer)
    local base_url = server:script(answer)
    return core.client { base_url = base_url, max_retries = 0 }:chat { messages = messages }, base_url
  end

  it("for news returns when there is some, undisturbed", function()
    local exchange = start(fixture.json(200, fixture.chat_reply "Hello"))
    local turns = 0
    while exchange:result() == false do
      assert.is_true(wait.news())
      turns = turns + 1
    end
    assert.equal("Hello", exchange:result().choices[1].message.content)
    assert.is_true(turns >= 1 and turns < 100, turns .. " waits for one short reply")
  end)

  it("for news ends at its deadline", function()
    local exchange = start({ { stall = true } })
    local deadline = core.now() + 0.2
    while core.now() < deadline do assert.is_true(wait.news(deadline)) end
    assert.is_false((exchange:result()))
    exchange:cancel()
  end)

  it("for news does not wait when the deadline has passed", function()
    local exchange, base_url = start({ { stall = true } })
    for _ = 1, 1000 do assert.is_true(wait.news(core.now() - 1)) end
    server:wait(base_url, { requests = 1 })
    assert.is_false((exchange:result()))
    exchange:cancel()
  end)

  it("for news with nothing under way returns", function()
    collectgarbage()
    collectgarbage()
    assert.equal(0, core.active())
    assert.is_true(wait.news())
  end)

  it("for a result gives what the exchange gives", function()
    local exchange = start(fixture.json(200, fixture.chat_reply "Hello"))
    local reply, err = wait.result(exchange)
    assert.equal("Hello", reply.choices[1].message.content)
    assert.is_nil(err)
    assert.equal(reply, (wait.result(exchange)))
    reply, err = wait.result((start(fixture.json(400, fixture.error_body "no"))))
    assert.is_nil(reply)
    assert.equal("api", err.kind)
  end)

  it("for one result lets the others go on", function()
    local first = start(fixture.json(200, fixture.chat_reply "first"))
    local last = start(fixture.json(200, fixture.chat_reply "last", nil, { header_delay = 0.05 }))
    assert.equal("last", wait.result(last).choices[1].message.content)
    assert.equal("first", first:result().choices[1].message.content)
  end)
end)

describe("Ctrl-C", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  -- What a child does after it has said "ready" goes on for 20 s, unless it is interrupted.
  local PRELUDE = [[
    io.stdout:setvbuf "no"
    local lualogue, core = require "lualogue", require "lualogue.core"
    local client = lualogue.new { base_url = %q, timeout = 20, max_retries = 0 }
    local messages = { { role = "user", content = "Hi" } }
    local function work() -- without a wait
      local until_s = core.now() + 20
      while core.now() < until_s do end
    end
    local function tell(value, err)
      print(value and "a reply" or "nil", err and err.kind or "no error")
    end
    local function good() return client:request("GET", "/good") end
  ]]

  local function script()
    return server:script { routes = {
      ["*"] = { { stall = true } },
      ["/good"] = fixture.json(200, { ok = true }),
      ["/chat/completions"] = fixture.sse(fixture.words { "Hel", { stall = true } }, { done = false }),
    } }
  end

  --- Start a child at what goes wrong in the middle; its server is the second result.
  local function start(code)
    local base_url = script()
    return program.start(PRELUDE:format(base_url) .. code), base_url
  end

  local function ready(child) assert.equal("ready", child:line()) end

  it("ends a wait, and the program goes on", function()
    local child, base_url = start [[
      lualogue.interrupts(true)
      print "ready"
      tell(client:request("GET", "/never"))
      tell(good())
    ]]
    ready(child)
    server:wait(base_url, { requests = 1 })
    child:interrupt()
    assert.equal("nil\tcancelled", child:line())
    assert.equal("a reply\tno error", child:line())
    assert.equal("", child:rest())
    server:wait(base_url, { open = 0 })
  end)

  it("ends the wait for a stream's headers", function()
    local base_url = server:script { { stall = true } }
    local child = program.start(PRELUDE:format(base_url) .. [[
      lualogue.interrupts(true)
      print "ready"
      tell(client:stream { messages = messages })
    ]])
    ready(child)
    server:wait(base_url, { requests = 1 })
    child:interrupt()
    assert.equal("nil\tcancelled", child:line())
    assert.equal("", child:rest())
  end)

  it("ends a stream, which keeps what had come", function()
    for _, read in ipairs { "for text in stream:text() do print(text) end", "for c in stream do print(c.choices[1].delta.content) end" } do
      local child, base_url = start([[
        lualogue.interrupts(true)
        local stream = assert(client:stream { messages = messages })
        local ok, err = pcall(function() ]] .. read .. [[ end)
        tell(ok, err)
        print(err.partial.content, stream:snapshot().content)
        tell(good())
      ]])
      local line
      repeat line = assert(child:line(), "the child ended early") until line == "Hel"
      child:interrupt()
      assert.equal("nil\tcancelled", child:line())
      assert.equal("Hel\tHel", child:line())
      assert.equal("a reply\tno error", child:line())
      assert.equal("", child:rest())
      server:wait(base_url, { open = 0, left = 1 })
    end
  end)

  it("again and again ends one wait each", function()
    local child, base_url = start [[
      lualogue.interrupts(true)
      print "ready"
      for i = 1, 3 do tell(client:request("GET", "/never/" .. i)) end
    ]]
    ready(child)
    for i = 1, 3 do
      server:wait(base_url, { requests = i })
      child:interrupt()
      assert.equal("nil\tcancelled", child:line())
    end
    assert.equal("", child:rest())
  end)

  it("between two waits ends the next one", function()
    local child = start [[
      lualogue.interrupts(true)
      print "ready"
      io.popen("sleep 0.5"):close()
      tell(client:request("GET", "/never"))
      tell(good())
    ]]
    ready(child)
    child:interrupt()
    assert.equal("nil\tcancelled", child:line())
    assert.equal("a reply\tno error", child:line())
    assert.equal("", child:rest())
  end)

  it("a second time, unseen, ends the program", function()
    local child = start [[
      lualogue.interrupts(true)
      print "ready"
      work()
      print "survived"
    ]]
    ready(child)
    child:interrupt()
    os.execute "sleep 0.3"
    child:interrupt()
    assert.is_nil(child:rest():find("survived", 1, true))
  end)

  it("once, unseen, does not", function()
    local child = start [[
      lualogue.interrupts(true)
      print "ready"
      local until_s = core.now() + 1
      while core.now() < until_s do end
      print "survived"
    ]]
    ready(child)
    child:interrupt()
    assert.equal("survived\n", child:rest())
  end)

  for what, code in pairs {
    ["that was never asked for"] = "",
    ["after interrupts(false)"] = "lualogue.interrupts(true) lualogue.interrupts(false)",
    ["after interrupts(true) twice and interrupts(false) once"] =
      "lualogue.interrupts(true) lualogue.interrupts(true) lualogue.interrupts(false)",
  } do
    it(what .. " ends the program at its work", function()
      local child = start(code .. ' print "ready" work() print "survived"')
      ready(child)
      child:interrupt()
      assert.is_nil(child:rest():find("survived", 1, true))
    end)

    it(what .. " ends the program in a wait", function()
      local child, base_url = start(code .. [[
        print "ready"
        tell(client:request("GET", "/never"))
        print "survived"
      ]])
      ready(child)
      server:wait(base_url, { requests = 1 })
      os.execute "sleep 0.3" -- the interpreter's own handler wakes nothing: be in the wait by now
      child:interrupt()
      local rest = child:rest()
      assert.is_nil(rest:find("survived", 1, true), rest)
    end)
  end

  it("is asked for with a boolean", function()
    local ok, message = pcall(require("lualogue").interrupts, "on")
    assert.is_false(ok)
    assert.truthy(message:find("'on'", 1, true))
  end)
end)
