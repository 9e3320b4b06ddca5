-- Tasks: begun, waited for, cancelled, failed; alone and together.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"
local lualogue = require "lualogue"
local core = require "lualogue.core"

local messages = { { role = "user", content = "Hi" } }

-- 5.1 (not LuaJIT) cannot yield out of pcall and `for`.
local OLD = not require("lualogue.task.yieldable").through_pcall

local function run(fn, ...) return lualogue.run(fn, ...) end

--- What is told of failures while `body` runs, and by the end of it.
local function told(body)
  local list = {}
  lualogue.on_error(function(text, err) list[#list + 1] = { text = text, err = err } end)
  local ok, err = pcall(body)
  lualogue.on_error(nil)
  if not ok then error(err, 0) end
  return list
end

describe("a task", function()
  it("returns what its function does", function()
    local task = lualogue.task(function(...) return select("#", ...), ... end, 1, nil, "x", nil)
    assert.equal("running", task:status())
    local got = { n = 0 }
    local function keep(...) got = { n = select("#", ...), ... } end
    keep(task:wait())
    assert.equal(5, got.n)
    assert.same({ 4, 1, nil, "x", nil }, { got[1], got[2], got[3], got[4], got[5] })
    assert.equal("done", task:status())
    keep(task:wait()) -- and again
    assert.equal(5, got.n)
  end)

  it("begins with its turn, not before", function()
    local begun = false
    local task = lualogue.task(function() begun = true end)
    assert.is_false(begun)
    task:wait()
    assert.is_true(begun)
  end)

  it("runs beside others", function()
    local order = {}
    local begun = core.now()
    run(function()
      for i = 1, 20 do
        lualogue.task(function()
          lualogue.sleep((21 - i) / 100)
          order[#order + 1] = i
        end)
      end
      lualogue.sleep(0.25)
    end)
    assert.is_true(core.now() - begun < 2)
    assert.equal(20, #order)
    assert.equal(1, order[20])
    assert.equal(20, order[1])
  end)

  it("may be waited for by many, from everywhere", function()
    local shared = lualogue.task(function() lualogue.sleep(0.02) return "x" end)
    local got = {}
    for i = 1, 3 do lualogue.task(function() got[i] = shared:wait() end) end
    assert.equal("x", (shared:wait()))
    run()
    assert.same({ "x", "x", "x" }, got)
  end)

  it("says what it is", function()
    local task = lualogue.task(function() end)
    assert.truthy(tostring(task):find("^lualogue%.task %(running%): "))
    task:wait()
    assert.truthy(tostring(task):find("^lualogue%.task %(done%): "))
  end)

  it("cannot wait for itself, nor for one that waits for it", function()
    local b
    local messages_of = {}
    local a = lualogue.task(function() return (b:wait()) end) -- not as its last call, which has no line
    b = lualogue.task(function() return (a:wait()) end)
    local own
    own = lualogue.task(function() return (own:wait()) end)
    for i, task in ipairs { a, b, own } do
      messages_of[i] = select(2, pcall(task.wait, task))
      assert.truthy(tostring(messages_of[i]):find "^spec/task_spec.lua:%d+: a task cannot wait for itself", messages_of[i])
    end
  end)

  it("refuses what is no function, and a dot", function()
    for _, wrong in ipairs { 1, "x", {}, true } do
      local ok, message = pcall(lualogue.task, wrong)
      assert.is_false(ok)
      assert.truthy(message:find("spec/task_spec.lua:%d+: bad argument 'fn' to 'task'"), message)
    end
    assert.is_false(pcall(lualogue.task))
    local task = lualogue.task(function() end)
    local ok, message = pcall(task.wait)
    assert.is_false(ok)
    assert.truthy(message:find("colon", 1, true))
    task:wait()
  end)
end)

describe("an error in a task", function()
  it("of the world is nil, err where it is waited for", function()
    local err = core.error { kind = "api", message = "no" }
    local task = lualogue.task(function() error(err, 0) end)
    local list = told(function()
      local value, got = task:wait()
      assert.is_nil(value)
      assert.equal(err, got)
      assert.equal("failed", task:status())
      run()
    end)
    assert.equal(0, #list)
  end)

  it("of the program is raised where it is waited for", function()
    local list = told(function()
      local task = lualogue.task(function() error "a fault" end)
      local ok, message = pcall(task.wait, task)
      assert.is_false(ok)
      assert.truthy(message:find("spec/task_spec.lua:%d+: a fault$"), message)
      assert.is_false(pcall(task.wait, task)) -- and again
      run()
    end)
    assert.equal(0, #list)
  end)

  it("that nobody waits for is told once, with its traceback", function()
    local list = told(function()
      local function deep() error "a fault" end
      run(function() lualogue.task(function() deep() end) lualogue.sleep(0.01) end)
      run(function() lualogue.sleep(0.1) end)
      collectgarbage()
      run()
    end)
    assert.equal(1, #list)
    assert.truthy(list[1].text:find("nobody waited for it: .*spec/task_spec.lua:%d+: a fault"), list[1].text)
    assert.truthy(list[1].text:find("deep", 1, true))
    assert.truthy(list[1].err:find("a fault", 1, true))
  end)

  it("is told soon in a program that goes on, without a collection of its own", function()
    local n
    local list = told(function()
      run(function()
        lualogue.task(function() error "a fault" end)
        lualogue.sleep(1)
        n = true
      end)
    end)
    assert.is_true(n)
    assert.equal(1, #list)
  end)

  it("is not told while somebody may still wait for it", function()
    local list = told(function()
      run(function()
        local task = lualogue.task(function() error "a fault" end)
        lualogue.sleep(0.3)
        assert.is_false((lualogue.task(function() return (pcall(task.wait, task)) end):wait()))
      end)
    end)
    if not OLD then assert.equal(0, #list) end
  end)

  it("that was handed on is told with where it came from", function()
    local list = told(function()
      run(function()
        lualogue.task(function()
          local function origin() error "a fault" end
          local inner = lualogue.task(function() origin() end)
          inner:wait()
        end)
        lualogue.sleep(0.02)
      end)
    end)
    assert.equal(1, #list)
    assert.truthy(list[1].text:find("origin", 1, true), list[1].text)
  end)

  it("may be anything", function()
    for _, value in ipairs { 42, false, {} } do
      local ok, err = pcall(run, function() error(value, 0) end)
      assert.is_false(ok)
      assert.equal(value, err)
    end
    local ok, err = pcall(run, function() error() end)
    assert.is_false(ok)
    assert.is_nil(err)
  end)

  it("goes to stderr where the program says nothing, also at its end", function()
    local output, code = program.lua [[
      io.stdout:setvbuf "no"
      local lualogue = require "lualogue"
      kept = lualogue.task(function() error "kept" end)
      lualogue.task(function() error "lost" end)
      lualogue.run()
      print "end"
    ]]
    assert.equal(0, code)
    assert.truthy(output:find("lualogue: a task failed, and nobody waited for it: .*lost.*stack traceback"), output)
    local _, n = output:gsub("nobody waited", "")
    assert.equal(2, n, output)
    assert.truthy(output:find("end", 1, true) < output:find("kept", 1, true), output)
  end)

  it("a reporter that fails loses nothing", function()
    local output = program.lua [[
      local lualogue = require "lualogue"
      lualogue.on_error(function() error "broken" end)
      lualogue.task(function() error "first" end)
      lualogue.run()
    ]]
    assert.truthy(output:find("first", 1, true), output)
    assert.truthy(output:find("broken", 1, true), output)
  end)
end)

describe("the children of a task", function()
  it("end with it", function()
    local ended, child = {}, nil
    run(function()
      child = lualogue.task(function() lualogue.sleep(60) ended[1] = true end)
      lualogue.task(function() lualogue.task(function() lualogue.sleep(60) ended[2] = true end) lualogue.sleep(60) end)
      lualogue.sleep(0.01)
    end)
    assert.same({}, ended)
    assert.equal("cancelled", child:status())
    assert.equal("cancelled", select(2, child:wait()).kind)
  end)

  it("have ended when it is over", function()
    local alive = 0
    local parent = lualogue.task(function()
      for _ = 1, 3 do
        lualogue.task(function()
          alive = alive + 1
          lualogue.wrap(function() lualogue.sleep(60) end)()
        end)
        lualogue.task(function() lualogue.sleep(60) end)
      end
      lualogue.sleep(0.01)
      return "x"
    end)
    assert.equal("x", parent:wait())
    assert.equal(0, require("lualogue.task.scheduler").n_alive)
    assert.equal(3, alive)
  end)

  it("end with it when it fails", function()
    local child
    assert.is_false(pcall(run, function()
      child = lualogue.task(function() lualogue.sleep(60) end)
      lualogue.sleep(0.01)
      error "a fault"
    end))
    assert.equal("cancelled", child:status())
  end)
end)

describe("cancelling a task", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function stall()
    local base_url = server:script({ { stall = true } })
    return lualogue.new { base_url = base_url, max_retries = 0 }, base_url
  end

  it("before it has begun", function()
    local begun = false
    local task = lualogue.task(function() begun = true end)
    task:cancel()
    assert.equal("cancelled", task:status())
    run()
    assert.is_false(begun)
    local value, err = task:wait()
    assert.is_nil(value)
    assert.equal("cancelled", err.kind)
  end)

  it("in a wait raises there, and closes the connection at once", function()
    local client, base_url = stall()
    local after = false
    local task = lualogue.task(function()
      client:chat { messages = messages }
      after = true
    end)
    run(function()
      while core.active() == 0 do lualogue.sleep(0.001) end
      lualogue.sleep(0.05)
      task:cancel()
      task:cancel()
      assert.equal(0, core.active())
    end)
    server:wait(base_url, { open = 0 })
    assert.is_false(after)
    assert.equal("cancelled", task:status())
  end)

  it("while it sleeps in the middle of a stream closes the stream", function()
    local base_url = server:script(fixture.sse(fixture.words { "a", { stall = true } }, { done = false }))
    local client = lualogue.new { base_url = base_url, max_retries = 0 }
    local task = lualogue.task(function()
      local stream = assert(client:stream { messages = messages })
      assert(stream:next())
      lualogue.sleep(60)
      return stream
    end)
    run(function()
      lualogue.sleep(0.1)
      server:wait(base_url, { open = 1 })
      task:cancel()
      assert.equal(0, core.active())
    end)
    server:wait(base_url, { open = 0 })
  end)

  it("does nothing to one that is over", function()
    local task = lualogue.task(function() return 1 end)
    task:wait()
    task:cancel()
    assert.equal(1, task:wait())
    assert.equal("done", task:status())
  end)

  it("by itself takes effect at its next wait", function()
    local reached = false
    local task
    task = lualogue.task(function()
      task:cancel()
      reached = true
      lualogue.sleep(0)
      reached = "further"
    end)
    task:wait()
    assert.is_true(reached)
    assert.equal("cancelled", task:status())
  end)

  if not OLD then
    it("raises at every later wait too, and lets it clean up", function()
      local kinds, cleaned = {}, false
      local task = lualogue.task(function()
        for i = 1, 3 do
          local ok, err = pcall(lualogue.sleep, 60)
          kinds[i] = not ok and err.kind
        end
        cleaned = true
        return "ended"
      end)
      run(function() lualogue.sleep(0.01) task:cancel() end)
      assert.same({ "cancelled", "cancelled", "cancelled" }, kinds)
      assert.is_true(cleaned)
      assert.equal("ended", task:wait())
    end)

    it("that it will not have ends it after a hundred waits", function()
      local n = 0
      local list = told(function()
        local task = lualogue.task(function()
          while true do
            pcall(lualogue.sleep, 60)
            n = n + 1
          end
        end)
        run(function() lualogue.sleep(0.01) task:cancel() end)
        task = nil -- luacheck: ignore
        run()
        collectgarbage()
        run(function() lualogue.sleep(0.2) end)
      end)
      assert.equal(100, n)
      assert.equal(1, #list)
      assert.truthy(list[1].text:find("cancelled and went on", 1, true), list[1].text)
    end)
  end

  it("ends the wait of whoever waits for it", function()
    local task = lualogue.task(function() lualogue.sleep(60) end)
    local err
    run(function()
      lualogue.task(function() lualogue.sleep(0.01) task:cancel() end)
      err = select(2, task:wait())
    end)
    assert.equal("cancelled", err.kind)
  end)

  if rawget(coroutine, "close") then
    it("happens at the end of a <close> variable", function()
      local task = assert(load([[
        local task = ...
        do local held <close> = task end
        return task
      ]]))(lualogue.task(function() lualogue.sleep(60) end))
      assert.equal("cancelled", task:status())
    end)
  end
end)

describe("a task that yields to somebody else", function()
  it("ends, and is told why", function()
    local task = lualogue.task(function() coroutine.yield "x" end)
    local ok, message = pcall(task.wait, task)
    assert.is_false(ok)
    assert.truthy(message:find("^spec/task_spec.lua:%d+: a task yielded to something else"), message)
    assert.truthy(message:find("lualogue.sleep", 1, true), message)
  end)

  it("may have coroutines of its own", function()
    local got = run(function()
      local next_number = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
      local sum = 0
      for n in next_number do sum = sum + n end
      return sum
    end)
    assert.equal(6, got)
  end)
end)

describe("a coroutine within a task", function()
  it("blocks where it is the user's own", function()
    local n = 0
    run(function()
      lualogue.task(function() while true do lualogue.sleep(0.001) n = n + 1 end end)
      lualogue.sleep(0.05)
      local before = n
      assert.is_true(before > 0)
      coroutine.wrap(function() lualogue.sleep(0.05) end)()
      assert.equal(before, n)
    end)
  end)

  it("waits as the task does when made with lualogue.wrap", function()
    local n = 0
    run(function()
      lualogue.task(function() while true do lualogue.sleep(0.001) n = n + 1 end end)
      lualogue.sleep(0.02)
      local before = n
      local words = lualogue.wrap(function(a, b)
        lualogue.sleep(0.05)
        local c = coroutine.yield(a + b)
        lualogue.sleep(0.05)
        coroutine.yield(c * 2)
        return "end"
      end)
      assert.equal(3, words(1, 2))
      assert.equal(20, words(10))
      assert.equal("end", words())
      assert.is_true(n > before + 5)
      local ok, message = pcall(words)
      assert.is_false(ok)
      assert.truthy(message:find("dead", 1, true), message)
    end)
  end)

  it("made with lualogue.wrap blocks outside of tasks, and hands on errors", function()
    assert.equal(1, lualogue.wrap(function() lualogue.sleep(0.001) return 1 end)())
    local ok, message = pcall(lualogue.wrap(function() error "a fault" end))
    assert.is_false(ok)
    assert.truthy(message:find("a fault", 1, true))
    assert.is_false(pcall(lualogue.wrap, 1))
  end)

  if not OLD then
    it("made with lualogue.wrap is cancelled with the task", function()
      local kind, inner_kind
      local task = lualogue.task(function()
        local ok, err = pcall(lualogue.wrap(function()
          local good, why = pcall(lualogue.sleep, 60)
          inner_kind = not good and why.kind
          error(why, 0)
        end))
        kind = not ok and err.kind
        error(err, 0)
      end)
      run(function() lualogue.sleep(0.01) task:cancel() end)
      assert.equal("cancelled", inner_kind)
      assert.equal("cancelled", kind)
      assert.equal("cancelled", task:status())
    end)
  end
end)

describe("where a task cannot yield", function()
  for name, below in pairs {
    ["table.sort"] = function(fn) table.sort({ 2, 1 }, function(a, b) fn() return a < b end) end,
    ["string.gsub"] = function(fn) return (("x"):gsub("x", function() fn() end)) end,
  } do
    it("a call blocks: " .. name, function()
      local done = 0
      run(function()
        below(function()
          lualogue.sleep(0.001)
          done = done + 1
        end)
      end)
      assert.is_true(done > 0)
    end)
  end

  for name, case in pairs {
    ["pcall"] = { "pcall", function() pcall(lualogue.sleep, 0.01) return true end },
    ["a for"] = { "for", function() for _ in function() lualogue.sleep(0.01) end do return true end return true end },
  } do
    it(OLD and "5.1 says so: " .. name or "it waits all the same: " .. name, function()
      local task = lualogue.task(case[2])
      local ok, value = pcall(task.wait, task)
      if OLD and name == "a for" then
        assert.is_false(ok)
        assert.truthy(value:find("spec/task_spec.lua:%d+: a task cannot wait here in Lua 5.1: .*for"), value)
      else
        assert.is_true(value)
      end
    end)
  end
end)

describe("lualogue.sleep", function()
  it("waits", function()
    local begun = core.now()
    assert.is_true(lualogue.sleep(0.03))
    assert.is_true(core.now() - begun >= 0.029)
    begun = core.now()
    assert.is_true(run(function() return lualogue.sleep(0.03) end))
    assert.is_true(core.now() - begun >= 0.029)
  end)

  it("of 0 gives the others a turn", function()
    local order = {}
    run(function()
      local other = lualogue.task(function() order[#order + 1] = "other" end)
      lualogue.sleep(0)
      order[#order + 1] = "one"
      other:wait()
    end)
    assert.same({ "other", "one" }, order)
  end)

  it("refuses what is no time", function()
    for _, wrong in ipairs { -1, 0 / 0, math.huge, "1", true } do
      local ok, message = pcall(lualogue.sleep, wrong)
      assert.is_false(ok)
      assert.truthy(message:find("spec/task_spec.lua:%d+: bad argument 'seconds' to 'sleep'"), message)
    end
    assert.is_false(pcall(lualogue.sleep))
  end)
end)

describe("lualogue.run", function()
  it("returns when all tasks have ended", function()
    local n = 0
    for _ = 1, 3 do lualogue.task(function() lualogue.sleep(0.01) n = n + 1 end) end
    assert.is_true(run())
    assert.equal(3, n)
    assert.is_true(run()) -- with nothing to do
  end)

  it("and lualogue.step raise in a task", function()
    for _, name in ipairs { "run", "step" } do
      local task = lualogue.task(function() lualogue[name]() end)
      local ok, message = pcall(task.wait, task)
      assert.is_false(ok)
      assert.truthy(message:find("spec/task_spec.lua:%d+: lualogue." .. name .. " was called in a task"), message)
    end
  end)

  it("says so where nothing can happen any more", function()
    local co = coroutine.create(function() end)
    assert.truthy(co)
    local waiter = lualogue.task(function()
      require("lualogue.wait").news(math.huge, { arm = function() end })
    end)
    local ok, message = pcall(run)
    assert.is_false(ok)
    assert.truthy(message:find("nothing is under way", 1, true), message)
    waiter:cancel()
    run()
  end)

  it("Ctrl-C cancels all tasks", function()
    local child = program.start [[
      io.stdout:setvbuf "no"
      local lualogue = require "lualogue"
      lualogue.interrupts(true)
      local a = lualogue.task(function() lualogue.sleep(60) end)
      lualogue.task(function() print "ready" lualogue.sleep(60) end)
      local value, err = lualogue.run()
      print(value, err.kind, a:status(), select(2, a:wait()).kind)
      value, err = lualogue.run(function() print "ready" lualogue.sleep(60) end)
      print(value, err.kind)
      local task = lualogue.task(function() print "ready" lualogue.sleep(60) end)
      value, err = task:wait()
      print(value, err.kind)
    ]]
    for _, wanted in ipairs { "nil\tcancelled\tcancelled\tcancelled", "nil\tcancelled", "nil\tcancelled" } do
      assert.equal("ready", child:line())
      child:interrupt()
      assert.equal(wanted, child:line())
    end
    assert.equal("", child:rest())
  end)
end)

describe("lualogue.step", function()
  it("lets tasks go on, and says how many are left", function()
    local n = 0
    lualogue.task(function() for _ = 1, 3 do lualogue.sleep(0) n = n + 1 end end)
    local frames = 0
    while lualogue.step(2) > 0 and frames < 100 do frames = frames + 1 end
    assert.equal(3, n)
    assert.equal(0, lualogue.step())
  end)

  it("does in one frame what can be done", function()
    local order = {}
    lualogue.task(function()
      for i = 1, 10 do
        lualogue.sleep(0)
        order[i] = i
      end
    end)
    lualogue.step(1000)
    assert.equal(10, #order)
  end)

  it("keeps to its budget", function()
    local stop = false
    for _ = 1, 50 do
      lualogue.task(function()
        while not stop do
          local until_s = core.now() + 0.001
          while core.now() < until_s do end
          lualogue.sleep(0)
        end
      end)
    end
    local begun = core.now()
    lualogue.step(10)
    assert.is_true(core.now() - begun < 1) -- all fifty, again and again, would never end
    stop = true
    run()
  end)

  it("refuses what is no budget", function()
    for _, wrong in ipairs { -1, 0 / 0, "x", true } do
      local ok, message = pcall(lualogue.step, wrong)
      assert.is_false(ok)
      assert.truthy(message:find("budget_ms", 1, true), message)
    end
  end)
end)

describe("a task that does not yield", function()
  it("is told of once, with its place, where it holds a host up", function()
    local said = {}
    lualogue.on_error(function(text) said[#said + 1] = text end)
    local function compute(seconds)
      local until_s = core.now() + seconds
      while core.now() < until_s do end
    end
    lualogue.task(function()
      compute(1.1)
      lualogue.sleep(0)
      compute(1.1)
    end)
    repeat until lualogue.step(2) == 0
    lualogue.run(compute, 1.1) -- a script has nobody to hold up
    lualogue.on_error(nil)
    assert.equal(1, #said)
    assert.truthy(said[1]:find("a task held its host up for 1.%d s: .*lualogue.sleep.*spec/task_spec.lua:%d+"), said[1])
  end)
end)
