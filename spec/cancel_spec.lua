-- Giving up: at any moment, at once, and the connection is free.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local core = require "lualogue.core"

local messages = { { role = "user", content = "Hi" } }

-- What is cancelled below would go on for 4 s and more; a cancel takes no measurable time, and a
-- busy machine gets this much of it.
local AT_ONCE = 1

local function wait_for(exchange)
  local reply, err
  repeat
    core.step(100)
    reply, err = exchange:result()
  until reply ~= false
  return reply, err
end

local function steps(seconds)
  local until_s = core.now() + seconds
  while core.now() < until_s do core.step(10) end
end

describe("cancel", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client(base_url, options)
    options = options or {}
    options.base_url = base_url
    return core.client(options)
  end

  local function assert_cancels(exchange)
    local begun = core.now()
    exchange:cancel()
    local reply, err = exchange:result()
    assert.is_true(core.now() - begun < AT_ONCE)
    assert.is_nil(reply)
    assert.equal("cancelled", err.kind)
    assert.equal(0, core.active())
    assert.same({ exchange:result() }, { nil, err })
  end

  it("before the first step", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply("never")))
    assert_cancels(client(base_url):chat { messages = messages })
    assert.equal(0, #server:requests(base_url))
  end)

  it("while connecting", function()
    local exchange = client(server:deaf()):chat { messages = messages }
    steps(0.05)
    assert_cancels(exchange)
  end)

  it("while waiting for the headers", function()
    local base_url = server:script({ { stall = true } })
    local exchange = client(base_url):chat { messages = messages }
    steps(0.05)
    server:wait(base_url, { requests = 1 })
    assert_cancels(exchange)
    server:wait(base_url, { open = 0 })
  end)

  it("in the middle of the body", function()
    local base_url = server:script(fixture.json(200, fixture.chat_reply("cut"), nil, { ending = "stall", content_length = 9999 }))
    local exchange = client(base_url):chat { messages = messages }
    steps(0.05)
    server:wait(base_url, { requests = 1 })
    assert_cancels(exchange)
    server:wait(base_url, { open = 0 })
  end)

  it("while waiting to try again", function()
    local base_url = server:script(fixture.json(503, fixture.error_body("busy"), { ["Retry-After"] = "30" }))
    local exchange = client(base_url):chat { messages = messages }
    local until_s = core.now() + 5
    while #server:requests(base_url) == 0 and core.now() < until_s do core.step(10) end
    steps(0.05)
    assert.equal(false, (exchange:result()))
    assert_cancels(exchange)
    assert.equal(1, #server:requests(base_url))
  end)

  it("in a name lookup: neither a cancel nor a clock waits for the resolver", function()
    local child = io.popen(("LD_PRELOAD=%s/aid/slow_resolver.so ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:detect_leaks=0 %s spec/support/slow_lookup.lua 2>&1"):format(
      os.getenv("LLG_BUILD"), os.getenv("LLG_INTERPRETER")))
    local output = child:read("*a")
    child:close()
    local cancelled, timed_out, kind, phase = output:match("^cancel (%S+) timeout (%S+) (%S+) (%S+)\n$")
    assert.truthy(cancelled, output)
    -- the resolver takes 4 s
    assert.is_true(tonumber(cancelled) < AT_ONCE, output)
    assert.is_true(tonumber(timed_out) < 2, output)
    assert.equal("timeout", kind)
    assert.equal("dns", phase)
  end)

  it("a host lives on after lua_close with a name lookup under way", function()
    local child = io.popen(("LLG_RESOLVER_MS=600 LD_PRELOAD=%s/aid/slow_resolver.so ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:detect_leaks=0 %s/%s/living_host spec/support/leave_lookup.lua 1200 2>&1"):format(
      os.getenv("LLG_BUILD"), os.getenv("LLG_BUILD"), os.getenv("LLG_LUA")))
    local output = child:read("*a")
    child:close()
    assert.equal("alive\n", output)
  end)

  it("a stream: close drops the connection at once, and the server stops", function()
    local base_url = server:script(fixture.sse(fixture.words { "a", { stall = true } }, { done = false }))
    local stream = assert(lualogue.new { base_url = base_url }:stream { messages = messages })
    assert.truthy(stream:next())
    assert.truthy(stream:next())
    stream:close()
    stream:close()
    server:wait(base_url, { open = 0, left = 1 })
    local message, err = stream:message()
    assert.is_nil(message)
    assert.equal("cancelled", err.kind)
    assert.equal("a", err.partial.content)
    assert.equal("a", stream:snapshot().content)
  end)

  it("collection cancels what nobody holds any more", function()
    local base_url = server:script({ { stall = true } })
    do
      local exchange = client(base_url):chat { messages = messages }
      steps(0.05)
      server:wait(base_url, { requests = 1 })
      assert.equal(false, (exchange:result()))
      assert.equal(1, core.active())
    end
    collectgarbage()
    collectgarbage()
    assert.equal(0, core.active())
    server:wait(base_url, { open = 0 })
  end)

  it("leaves its neighbours alone, and the client usable", function()
    local stalled = server:script({ { stall = true } })
    local good = server:script(fixture.json(200, fixture.chat_reply("well")))
    local one = client(stalled):chat { messages = messages }
    local other = client(good)
    local two = other:chat { messages = messages }
    steps(0.02)
    one:cancel()
    assert.equal("well", assert(wait_for(two)).choices[1].message.content)
    assert.equal("well", assert(wait_for(other:chat { messages = messages })).choices[1].message.content)
  end)
end)

describe("the end of the state", function()
  -- Finalisers run in any order: each of these leaves something else for last.
  local leavings = {
    ["an exchange under way"] = "x = c:chat{messages={}} core.step(0)",
    ["a stream under way"] = "x = c:stream{messages={}} core.step(0)",
    ["a client and no exchange"] = "",
    ["a closed client with an exchange"] = "x = c:chat{messages={}} core.step(0) c:close()",
    ["many"] = "x = {} for i = 1, 50 do x[i] = c:stream{messages={}} core.step(0) end",
  }
  for what, code in pairs(leavings) do
    it("with " .. what, function()
      local command = ("%s -e %q 2>&1; echo $?"):format(os.getenv("LLG_INTERPRETER"),
        "core = require 'lualogue.core' c = core.client{base_url='http://127.0.0.1:9/v1'} " .. code)
      local child = io.popen(command)
      local output = child:read("*a")
      child:close()
      assert.equal("0\n", output)
    end)
  end
end)

describe("after a fork", function()
  it("the child talks through a pool of its own, and what it inherited is cancelled", function()
    local has_ffi, ffi = pcall(require, "ffi")
    if not has_ffi then return pending("no fork without LuaJIT's ffi; spec/c/unit/pool_test.c forks for every Lua") end
    ffi.cdef "int fork(void); int waitpid(int, int *, int); void _exit(int);"
    local server = fixture.start()
    local base_url = server:script(fixture.json(200, fixture.chat_reply("here"), nil, { header_delay = 0.1 }))
    local client = core.client { base_url = base_url }
    local exchange = client:chat { messages = messages }
    core.step(20)
    local pid = ffi.C.fork()
    if pid == 0 then
      local ok = pcall(function()
        local reply, err = exchange:result()
        assert(reply == nil and err.kind == "cancelled")
        assert(wait_for(client:chat { messages = messages }).choices[1].message.content == "here")
      end)
      ffi.C._exit(ok and 0 or 1)
    end
    local status = ffi.new("int[1]", -1)
    ffi.C.waitpid(pid, status, 0)
    assert.equal(0, status[0])
    assert.equal("here", assert(wait_for(exchange)).choices[1].message.content)
    server:stop()
  end)
end)
