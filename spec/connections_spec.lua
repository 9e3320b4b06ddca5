-- Connections: how many there may be, what is kept for the next call, what is closed at once.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local core = require "lualogue.core"
local program = require "spec.support.program"

local hello = fixture.json(200, fixture.chat_reply "Hello")
local DEFAULTS = { max = 10000, max_per_host = 10000, max_idle = 100 }

--- The sockets of this process in a state of /proc/net/tcp ("08" is CLOSE_WAIT); all without one.
local function sockets(state)
  local pipe = assert(io.popen [[ls -l /proc/$PPID/fd 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p']])
  local ours, count = {}, 0
  for inode in pipe:lines() do ours[inode] = true end
  pipe:close()
  for line in io.lines "/proc/net/tcp" do
    local is, inode = line:match "^%s*%d+: %x+:%x+ %x+:%x+ (%x%x) %x+:%x+ %x+:%x+ %x+%s+%d+%s+%d+%s+(%d+)"
    if inode and ours[inode] and (not state or is == state) then count = count + 1 end
  end
  return count
end

describe("connections", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)
  before_each(function() core.connections { max_idle = 0 } core.connections(DEFAULTS) end)

  local function start(client, count)
    local exchanges = {}
    for i = 1, count do exchanges[i] = client:chat { messages = {} } end
    return exchanges
  end

  --- Step until all are over; how many were a success, and the last error.
  local function finish(exchanges)
    local good, failure
    repeat
      core.step(100)
      local open = 0
      good = 0
      for _, exchange in ipairs(exchanges) do
        local reply, err = exchange:result()
        if reply then good = good + 1 elseif reply == false then open = open + 1 end
        failure = err or failure
      end
    until open == 0
    return good, failure
  end

  local function client(base_url, options)
    options = options or {}
    options.base_url, options.max_retries = base_url, options.max_retries or 0
    if options.timeout == nil then options.timeout = 30 end
    return core.client(options)
  end

  it("that the server closes are closed with the next step", function()
    local base_url = server:script { { hello[1], { sleep = 0.5 }, { close = true } } }
    local c = client(base_url)
    core.connections { max_idle = 300 }
    assert.equal(300, finish(start(c, 300)))
    server:wait(base_url, { open = 0 })
    core.step(0)
    assert.equal(0, sockets "08")
    assert.equal(0, core.connections().open)
  end)

  it("that the server closes are closed also when the client was", function()
    local base_url = server:script { { hello[1], { hold = "closed" }, { close = true } } }
    local c = client(base_url)
    assert.equal(20, finish(start(c, 20)))
    c:close()
    server:release(base_url, "closed")
    server:wait(base_url, { open = 0 })
    core.step()
    assert.equal(0, sockets "08")
    assert.equal(0, core.connections().open)
  end)

  it("are closed with the client that used them last", function()
    local base_url = server:script(hello)
    local one, two = client(base_url), client(base_url)
    finish(start(one, 3))
    finish(start(two, 1))
    one:close()
    assert.equal(1, core.connections().open)
    finish(start(two, 1))
    assert.equal(3, server:counts(base_url).accepted)
    two:close()
    assert.equal(0, core.connections().open)
    server:wait(base_url, { open = 0 })
  end)

  it("of a client that was forgotten serve the next one", function()
    local base_url = server:script(hello)
    for _ = 1, 3 do
      finish(start(client(base_url), 1))
      collectgarbage()
      collectgarbage()
    end
    assert.equal(1, server:counts(base_url).accepted)
  end)

  it("are no more than the limit after a burst", function()
    local base_url = server:script(hello)
    local before = sockets()
    local c = client(base_url)
    for _ = 1, 20 do assert.equal(200, finish(start(c, 200))) end
    local now = core.connections()
    assert.is_true(now.idle > 5 and now.idle <= 100, now.idle .. " are idle")
    assert.equal(now.idle, now.open)
    assert.equal(now.open, sockets() - before)
    assert.equal(5, core.connections({ max_idle = 5 }).open)
    server:wait(base_url, { open = 5 })
  end)

  it("are used again, the last one first", function()
    local base_url = server:script(hello)
    local c = client(base_url)
    finish(start(c, 3))
    for _ = 1, 5 do finish(start(c, 1)) end
    local requests = server:requests(base_url)
    for i = 5, 8 do assert.equal(requests[4].connection, requests[i].connection) end
    assert.equal(3, server:counts(base_url).accepted)
  end)

  it("are shared by clients to which a server is the same", function()
    local base_url = server:script(hello)
    finish(start(client(base_url), 1))
    finish(start(client(base_url, { api_key = "sk-2" }), 1))
    assert.equal(1, server:counts(base_url).accepted)
    finish(start(client(base_url, { tls_verify = false }), 1))
    assert.equal(2, server:counts(base_url).accepted)
  end)

  it("to one server are no more than a client wants, and waiting is not connecting", function()
    local base_url = server:script { { { sleep = 0.15 }, hello[1] } }
    local c = client(base_url, { max_connections = 2, connect_timeout = 0.3, first_byte_timeout = 0.5 })
    assert.equal(8, finish(start(c, 8)))
    assert.equal(2, server:counts(base_url).accepted)
  end)

  it("that one server does not get do not hold up another", function()
    local slow = server:script { { { hold = "gate" }, hello[1] } }
    local quick = server:script(hello)
    core.connections { max_per_host = 1 }
    local held = start(client(slow), 3)
    assert.equal(2, finish(start(client(quick), 2)))
    server:release(slow, "gate")
    assert.equal(3, finish(held))
    assert.equal(1, server:counts(slow).accepted)
  end)

  it("of all servers together have a limit: what is idle elsewhere gives way", function()
    local one, two = server:script(hello), server:script(hello)
    core.connections { max = 2 }
    assert.equal(6, finish(start(client(one), 6)))
    assert.equal(6, finish(start(client(two), 6)))
    assert.equal(2, core.connections().open)
    server:wait(one, { open = 0 })
  end)

  it("that are waited for in vain are waited for no longer than the call may take", function()
    local base_url = server:script { { { stall = true } } }
    local c = client(base_url, { max_connections = 1, timeout = false, first_byte_timeout = false })
    local first = c:chat { messages = {} }
    local second = c:chat({ messages = {} }, { timeout = 0.2 })
    local _, err = finish { second }
    assert.equal("timeout", err.kind)
    assert.equal("queue", err.phase)
    assert.equal(0, err.attempts)
    local third, fourth = c:chat { messages = {} }, c:chat({ messages = {} }, { timeout = 0.2 })
    core.step(0)
    third:cancel()
    first:cancel() -- the turn is not lost with those who have given up
    local _, last = finish { fourth }
    assert.equal("first_byte", last.phase)
  end)

  it("are closed at once by max_idle = 0", function()
    local base_url = server:script(hello)
    core.connections { max_idle = 0 }
    finish(start(client(base_url), 3))
    assert.equal(0, core.connections().open)
    server:wait(base_url, { open = 0 })
  end)

  it("leave descriptors to the host: calls wait rather than fail", function()
    local base_url = server:script { { { sleep = 0.05 }, hello[1] } }
    local output = program.run(("sh -c %s"):format(program.quote(("ulimit -n 100; exec %s -e %s"):format(
      program.INTERPRETER, program.quote(([[
        local core = require "lualogue.core"
        local client = core.client { base_url = %q, max_retries = 0 }
        local exchanges, good, short = {}, 0, false
        for i = 1, 300 do exchanges[i] = client:chat { messages = {} } end
        repeat
          core.step(100)
          local file = io.open "/dev/null"
          if file then file:close() else short = true end
        until core.active() == 0
        for _, exchange in ipairs(exchanges) do
          local reply, err = exchange:result()
          if reply then good = good + 1 else print(err) end
        end
        print(good, short)
      ]]):format(base_url))))))
    assert.equal("300\tfalse\n", output)
  end)

  it("say that no descriptor is left, and go on once there is one", function()
    local base_url = server:script(hello)
    local output = program.run(("sh -c %s"):format(program.quote(("ulimit -n 60; exec %s -e %s"):format(
      program.INTERPRETER, program.quote(([[
        local core = require "lualogue.core"
        local client = core.client { base_url = %q, max_retries = 0 }
        local function chat()
          local exchange = client:chat { messages = {} }
          repeat core.step() until exchange:result() ~= false
          return exchange:result()
        end
        local files = {}
        repeat files[#files + 1] = io.open "/dev/null" until #files > 100 or not io.open "/dev/null"
        for _ = 1, 100 do files[#files + 1] = io.open "/dev/null" end
        local reply, err = chat()
        print(reply, err.kind, err.phase, err.message:match "descriptor")
        for _, file in ipairs(files) do file:close() end
        collectgarbage()
        print(chat().choices[1].message.content)
      ]]):format(base_url))))))
    assert.equal("nil\tlimit\tconnect\tdescriptor\nHello\n", output)
  end)

  it("limits that are none raise at the caller's line", function()
    for _, wrong in ipairs { { max = 0 }, { max = 1.5 }, { max_idle = -1 }, { max = "5" }, { most = 3 }, { 5 }, 5 } do
      local ok, message = pcall(function() lualogue.connections(wrong) end)
      assert.is_false(ok)
      assert.matches("spec/connections_spec%.lua:%d+: bad argument", message)
    end
    assert.equal(10000, lualogue.connections().max)
  end)
end)
