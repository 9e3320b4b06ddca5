-- Loops: whoever owns the loop lets the tasks go on, and is not held up.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"

-- How each host runs: `every(s, fn)` calls fn until it returns true; `go()` runs the loop.
local HOSTS = {
  uv = [[
    local uv = require "luv"
    local loop = require("lualogue.loop.uv")
    local function attach() loop.attach() end
    local function every(s, fn)
      local timer = uv.new_timer()
      timer:start(s * 1000, s * 1000, function() if fn() then timer:close() end end)
    end
    local function go() uv.run() end
    local function host_sleep(s) end
  ]],
  cqueues = [[
    local cqueues = require "cqueues"
    local loop = require("lualogue.loop.cqueues")
    local cq = cqueues.new()
    local function attach() loop.attach(cq) end
    local function every(s, fn)
      cq:wrap(function() repeat cqueues.sleep(s) until fn() end)
    end
    local function go() assert(cq:loop()) end
    local function host_sleep(s) cqueues.sleep(s) end
  ]],
  frame = [[
    local loop = require("lualogue.loop.frame")
    local function attach() loop.attach() end
    local beats, next_frame = {}, 0
    local function every(s, fn) beats[#beats + 1] = fn end
    local function go()
      while true do
        local left = lualogue.step(2)
        for i = #beats, 1, -1 do if beats[i]() then table.remove(beats, i) end end
        if left == 0 and #beats == 0 then return end
        next_frame = math.max(core.now(), next_frame + 0.005)
        while core.now() < next_frame do os.execute "sleep 0.002" end
      end
    end
    local function host_sleep(s) end
  ]],
}

local PRELUDE = [[
  io.stdout:setvbuf "no"
  local lualogue, core = require "lualogue", require "lualogue.core"
  local function client_of(url) return lualogue.new { base_url = url, max_retries = 0 } end
  local messages = { { role = "user", content = "Hi" } }
]]

local function words(n, delay)
  local list = {}
  for i = 1, n do list[i] = "w" .. i .. " " end
  return fixture.sse(fixture.words(list), { split = 200, delay = delay })
end

for name, host in pairs(HOSTS) do
  describe("the loop " .. name, function()
    local server
    setup(function() server = fixture.start() end)
    teardown(function() server:stop() end)

    local function run(code, ...)
      local output, code_of_exit = program.lua(PRELUDE .. host .. code:format(...))
      assert.equal(0, code_of_exit, output)
      return output
    end

    it("goes on while streams come", function()
      local url = server:script(words(30, 0.005))
      local output = run([[
        attach()
        local client, beats, done = client_of %q, 0, 0
        for i = 1, 5 do
          lualogue.task(function()
            local stream = assert(client:stream { messages = messages })
            assert(#assert(stream:message()).content > 30)
            done = done + 1
          end)
        end
        local worst, last = 0, core.now()
        every(0.005, function()
          local now = core.now()
          worst, last, beats = math.max(worst, now - last), now, beats + 1
          return done == 5
        end)
        go()
        print("done", done, beats > 10, worst < 1)
      ]], url)
      assert.equal("done\t5\ttrue\ttrue\n", output)
    end)

    it("picks up what there was before it was attached", function()
      local url = server:script(words(3))
      assert.equal("w1 w2 w3 \n", run([[
        local client = client_of %q
        lualogue.task(function()
          print(assert(assert(client:stream { messages = messages }):message()).content)
        end)
        attach()
        go()
      ]], url))
    end)

    it("begins again when there is something again", function()
      assert.equal("1\n2\n3\n", run [[
        attach()
        for i = 1, 3 do
          lualogue.task(function() lualogue.sleep(0.01) print(i) end)
          go()
        end
      ]])
    end)

    it("is not confused by a call that blocks", function()
      local url, slow = server:script(words(10)), server:script({ { sleep = 0.3 }, fixture.json(200, fixture.chat_reply "late")[1] })
      assert.equal("late\ntrue\n", run([[
        attach()
        local client, other = client_of %q, client_of %q
        lualogue.task(function()
          local n, next_text = 0, assert(client:stream { messages = messages }):text()
          while next_text() do n = n + 1 end -- 5.1 cannot wait in a for
          print(n == 10)
        end)
        local called = false
        every(0.005, function()
          if called then return true end
          called = true
          local reply
          coroutine.wrap(function() reply = assert(other:chat { messages = messages }) end)()
          print(reply.choices[1].message.content)
        end)
        go()
      ]], url, slow):gsub("true\nlate", "late\ntrue"))
    end)

    it("cancels", function()
      local url = server:script(fixture.sse(fixture.words { "a", { stall = true } }, { done = false }))
      assert.equal("cancelled\tcancelled\t0\n", run([[
        attach()
        local client = client_of %q
        local task = lualogue.task(function()
          local next_text = assert(client:stream { messages = messages }):text()
          while next_text() do end -- 5.1 cannot wait in a for
        end)
        lualogue.task(function()
          lualogue.sleep(0.1)
          task:cancel()
          print(task:status() == "running" and select(2, task:wait()).kind or task:status(), select(2, task:wait()).kind, core.active())
        end)
        go()
      ]], url))
      server:wait(url, { open = 0 })
    end)

    it("tells of a failure that nobody waited for, and ends", function()
      local output = run [[
        attach()
        lualogue.task(function() lualogue.sleep(0.01) error "a fault" end)
        go()
      ]]
      local _, n = output:gsub("nobody waited for it: [^\n]*a fault", "")
      assert.equal(1, n, output)
    end)

    it("trips the clocks of a server that stalls", function()
      local url = server:script(fixture.sse(fixture.words { "a", { stall = true } }, { done = false }))
      assert.equal("timeout\n", run([[
        attach()
        local client = lualogue.new { base_url = %q, idle_timeout = 0.2 }
        lualogue.task(function()
          print(select(2, assert(client:stream { messages = messages }):message()).kind)
        end)
        go()
      ]], url))
    end)

    it("lets a slow task hold a fast server back, and not the others", function()
      local piece = fixture.sse({ fixture.chunk(("x"):rep(1000)) }, { done = false })[1].respond.pieces[1]
      local n = 40000 -- 48 MB, of which a fraction may be on its way
      local url = server:script {
        { send = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
        { send = piece, times = n }, { send = "data: [DONE]\n\n" }, { close = true },
      }
      assert.equal("w1 w2 w3 \nheld\n", run([[
        attach()
        local slow, other = client_of %q, client_of %q
        local task = lualogue.task(function()
          local next_text = assert(slow:stream { messages = messages }):text()
          while next_text() do lualogue.sleep(0.05) end
        end)
        lualogue.task(function()
          lualogue.sleep(1)
          print(assert(assert(other:stream { messages = messages }):message()).content)
          task:cancel()
        end)
        go()
        print "held"
      ]], url, server:script(words(3))))
      local sent = server:counts(url).sent_bytes
      assert.is_true(sent < n * #piece / 2, "the server could send " .. sent .. " bytes")
    end)

    it("is the only one", function()
      local other = name == "frame" and "uv" or "frame"
      local output = run([[
        attach()
        attach()
        print(select(2, pcall(require("lualogue.loop.%s").attach)))
        if %q ~= "frame" then
          print(select(2, pcall(lualogue.run)))
          print(select(2, pcall(lualogue.step)))
        end
        loop.detach()
        print((pcall(lualogue.run)), "attached twice")
        loop.detach()
        print((pcall(lualogue.run)), "detached twice")
      ]], other, name)
      assert.truthy(output:find("cannot attach lualogue.loop." .. other, 1, true), output)
      assert.truthy(output:find("lualogue.loop." .. name .. " is attached", 1, true), output)
      if name ~= "frame" then
        assert.truthy(output:find("^[^\n]+:%d+: cannot attach"), output)
        assert.truthy(output:find("lualogue.run was called while", 1, true), output)
        assert.truthy(output:find("lualogue.step was called while", 1, true), output)
        assert.truthy(output:find("false\tattached twice", 1, true), output)
      end
      assert.truthy(output:find("true\tdetached twice", 1, true), output)
    end)

    it("closes with the program, whatever is under way", function()
      local url = server:script(fixture.sse(fixture.words { "a", { stall = true } }, { done = false }))
      assert.equal("leaving\n", run([[
        attach()
        local client = client_of %q
        for _ = 1, 5 do
          lualogue.task(function()
            local next_text = assert(client:stream { messages = messages }):text()
            while next_text() do end -- 5.1 cannot wait in a for
            print "never"
          end)
        end
        every(0.05, function()
          if core.active() < 5 then return end
          print "leaving"
          os.exit(0, true)
        end)
        go()
      ]], url))
      server:wait(url, { open = 0 })
    end)
  end)
end

describe("the loop frame", function()
  it("has one descriptor and one deadline for a loop of one's own, or the descriptor alone", function()
    assert.equal("true\tdue\ntrue\talarm\ntrue\tended\n", (program.lua(PRELUDE .. [[
      local frame, socket = require("lualogue.loop.frame").attach(), require "socket"
      local watched = { getfd = frame.pollfd, dirty = function() return false end }
      print(frame.due() == nil, "due")
      local ended = 0
      lualogue.task(function() lualogue.sleep(0.05) ended = ended + 1 end)
      while lualogue.step(2) > 0 do
        frame.alarm()
        socket.select({ watched }, nil, 20)
      end
      print(ended == 1, "alarm")
      lualogue.task(function() lualogue.sleep(0.05) ended = ended + 1 end)
      while lualogue.step(2) > 0 do socket.select({ watched }, nil, frame.due() / 1000) end
      print(ended == 2, "ended")
    ]])))
  end)
end)

describe("the loop cqueues", function()
  it("lets any coroutine of the controller wait, and tasks wait as cqueues does", function()
    assert.equal("slept\t5\ntask\ntrue\n", (program.lua(PRELUDE .. HOSTS.cqueues .. [[
      attach()
      local n = 0
      every(0.01, function() n = n + 1 return n == 5 end)
      local task = lualogue.task(function() host_sleep(0.1) return "task" end)
      cq:wrap(function()
        lualogue.sleep(0.4)
        print("slept", n)
        print((task:wait()))
      end)
      go()
      local ok = pcall(require("lualogue.loop.cqueues").attach, cqueues.new())
      print(not ok)
    ]])))
  end)

  it("leaves its tasks standing when it is taken off, and lets them go on once it is back", function()
    assert.equal("off\ntrue\ton\n", (program.lua(PRELUDE .. HOSTS.cqueues .. [[
      attach()
      local seen
      lualogue.task(function()
        lualogue.sleep(0.01)
        loop.detach()
        lualogue.sleep(0.01)
        seen = "on"
      end)
      cq:loop(0.2)
      print(seen or "off")
      attach()
      go()
      print(cq:empty(), seen)
    ]])))
  end)
end)
