-- Several tasks at once: lualogue.map, all, race.
local lualogue = require "lualogue"
local core = require "lualogue.core"
local scheduler = require "lualogue.task.scheduler"

local OLD = not require("lualogue.task.yieldable").through_pcall

local function no() return core.error { kind = "api", message = "no" } end

--- Each way of calling: in a task, and outside.
local function both(name, body)
  it(name .. " (outside of tasks)", body)
  it(name .. " (in a task)", function()
    lualogue.run(body, true)
    assert.equal(0, scheduler.n_alive)
  end)
end

describe("lualogue.map", function()
  both("keeps the order", function()
    local list = {}
    for i = 1, 20 do list[i] = i end
    local results = lualogue.map(list, function(item, index)
      lualogue.sleep((20 - item) / 2000)
      return item * 10 + index
    end)
    for i = 1, 20 do assert.equal(i * 11, results[i]) end
    assert.equal(20, #results)
  end)

  both("runs so many at a time", function()
    for _, wanted in ipairs { 1, 3, 8, 100 } do
      local list, now, most = {}, 0, 0
      for i = 1, 20 do list[i] = i end
      lualogue.map(list, function()
        now = now + 1
        most = math.max(most, now)
        lualogue.sleep(0.002)
        now = now - 1
      end, { concurrency = wanted })
      assert.equal(math.min(wanted, 20), most)
    end
  end)

  both("has no holes", function()
    assert.same({ false, 2, false }, lualogue.map({ 1, 2, 3 }, function(i) if i == 2 then return i end end))
    assert.same({}, lualogue.map({}, function() end))
  end)

  both("gives the first failure of the world, and cancels the others", function()
    local cancelled, begun, err = 0, 0, no()
    local results, got, index = lualogue.map({ 1, 2, 3, 4, 5 }, function(item)
      begun = begun + 1
      if item == 2 then
        lualogue.sleep(0.01)
        return nil, err
      end
      lualogue.sleep(60)
      cancelled = cancelled + 1
    end, { concurrency = 3 })
    assert.is_nil(results)
    assert.equal(err, got)
    assert.equal(2, index)
    assert.equal(3, begun)
    assert.equal(0, cancelled)
    assert.equal(0, core.active())
  end)

  both("gives a raised error object likewise, and raises what is a fault", function(in_task)
    local err = no()
    assert.same({ nil, err, 1 }, { lualogue.map({ 1 }, function() error(err, 0) end) })
    if in_task and OLD then return end -- no wait below pcall
    local ok, message = pcall(lualogue.map, { 1, 2 }, function() error "a fault" end)
    assert.is_false(ok)
    assert.truthy(message:find("a fault", 1, true))
  end)

  both("goes on all the same with keep_going", function()
    local results, errors = lualogue.map({ 1, 2, 3, 4 }, function(item)
      lualogue.sleep(0.001)
      if item == 2 then return nil, "no" end
      if item == 3 then error("raised", 0) end
      return item
    end, { keep_going = true })
    assert.same({ 1, false, false, 4 }, results)
    assert.same({ [2] = "no", [3] = "raised" }, errors)
  end)

  it("reports a failure once", function()
    local told = 0
    lualogue.on_error(function() told = told + 1 end)
    pcall(lualogue.map, { 1, 2, 3 }, function() error "a fault" end)
    collectgarbage()
    collectgarbage()
    lualogue.run(function() lualogue.sleep(0.2) end)
    lualogue.on_error(nil)
    assert.equal(0, told)
  end)

  it("is cancelled with its task", function()
    local n = 0
    local task = lualogue.task(function()
      lualogue.map({ 1, 2, 3 }, function() lualogue.sleep(60) n = n + 1 end)
      n = n + 1
    end)
    lualogue.run(function() lualogue.sleep(0.01) task:cancel() end)
    assert.equal(0, n)
    assert.equal("cancelled", task:status())
    assert.equal(0, scheduler.n_alive)
  end)

  it("refuses what it does not understand", function()
    for wanted, call in pairs {
      ["'list'"] = function() lualogue.map(1, print) end,
      ["'fn'"] = function() lualogue.map({}, 1) end,
      ["'options'"] = function() lualogue.map({}, print, 1) end,
      ["concurrency"] = function() lualogue.map({}, print, { concurrency = 0 }) end,
      ["concurency"] = function() lualogue.map({}, print, { concurency = 1 }) end,
    } do
      local ok, message = pcall(call)
      assert.is_false(ok)
      assert.truthy(message:find("spec/task_group_spec.lua:%d+: bad argument"), message)
      assert.truthy(message:find(wanted, 1, true), message)
    end
  end)
end)

describe("lualogue.all", function()
  both("gives all results under their keys", function()
    local task = lualogue.task(function() lualogue.sleep(0.01) return "task", "more" end)
    assert.same({ "a", "task", x = "x" }, lualogue.all {
      function() lualogue.sleep(0.01) return "a" end, task, x = function() return "x" end,
    })
    assert.same({ "task" }, lualogue.all { task }) -- which is over
    assert.same({}, lualogue.all {})
  end)

  both("gives the first failure, and cancels the others", function()
    local err = no()
    local other = lualogue.task(function() lualogue.sleep(60) end)
    assert.same({ nil, err, "bad" }, { lualogue.all {
      good = function() return 1 end, bad = function() lualogue.sleep(0.01) return nil, err end, other = other,
    } })
    assert.equal("cancelled", other:status())
  end)

  both("of a task that was cancelled gives that", function()
    local task = lualogue.task(function() end)
    task:cancel()
    local results, err = lualogue.all { task }
    assert.is_nil(results)
    assert.equal("cancelled", err.kind)
  end)

  it("lets a task be waited for in two places", function()
    lualogue.run(function()
      local shared = lualogue.task(function() lualogue.sleep(0.01) return "x" end)
      local a = lualogue.task(function() return lualogue.all { shared }[1] end)
      local b = lualogue.task(function() return lualogue.all { shared }[1] end)
      assert.equal("x", a:wait())
      assert.equal("x", b:wait())
      assert.equal("x", shared:wait())
    end)
  end)

  it("refuses what is neither function nor task, before it begins any", function()
    local begun = false
    local ok, message = pcall(lualogue.all, { function() begun = true end, 1 })
    assert.is_false(ok)
    assert.truthy(message:find("member 2: a function or a task expected, got number", 1, true), message)
    lualogue.run()
    assert.is_false(begun)
    assert.is_false(pcall(lualogue.all, 1))
  end)
end)

describe("lualogue.race", function()
  both("gives what the first gives, and cancels the others", function()
    local ended = 0
    local function slow() lualogue.sleep(60) ended = ended + 1 end
    local function quick() lualogue.sleep(0.01) return "a", nil, "c" end
    local a, b, c = lualogue.race { slow, quick, slow }
    assert.same({ "a", nil, "c" }, { a, b, c })
    assert.equal(0, ended)
  end)

  both("gives a failure if that is first", function(in_task)
    local err = no()
    local a, b = lualogue.race { function() error(err, 0) end, function() lualogue.sleep(60) end }
    assert.is_nil(a)
    assert.equal(err, b)
    if in_task and OLD then return end -- no wait below pcall
    local ok = pcall(lualogue.race, { function() error "a fault" end })
    assert.is_false(ok)
  end)

  it("refuses to wait for nobody", function()
    local ok, message = pcall(lualogue.race, {})
    assert.is_false(ok)
    assert.truthy(message:find("nobody to wait for", 1, true), message)
    assert.is_false(pcall(lualogue.race, { 1 }))
  end)
end)

describe("deadlines", function()
  local deadlines = require "lualogue.task.deadlines"

  it("come in their order, whoever leaves in between", function()
    local heap, waiters, seed = {}, {}, 7
    local function random(n)
      seed = (seed * 16807) % 2147483647
      return seed % n + 1
    end
    for i = 1, 500 do
      waiters[i] = {}
      deadlines.add(heap, waiters[i], random(100))
    end
    for _ = 1, 200 do deadlines.remove(heap, waiters[random(500)]) end
    local last, n = 0, 0
    while heap[1] do
      local first = heap[1]
      assert.equal(1, first.place)
      assert.is_true(first.at >= last)
      last = first.at
      deadlines.remove(heap, first)
      n = n + 1
    end
    local left = 0
    for i = 1, 500 do assert.is_nil(waiters[i].place) end
    assert.is_true(n >= 300 and left == 0)
  end)
end)
