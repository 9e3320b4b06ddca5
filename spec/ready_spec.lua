-- Who waits on many: each handle is armed with a number, and the core gives the numbers back.
local fixture = require "spec.support.fixture"
local core = require "lualogue.core"

local messages = { { role = "user", content = "Hi" } }

local function numbers()
  local list = {}
  local n = core.ready(list)
  assert.equal(n, #list)
  return list
end

--- Step until numbers have come, for at most 20 s.
local function wait_for_numbers()
  local until_s = core.now() + 20
  local list
  repeat
    core.step(100)
    list = numbers()
  until #list > 0 or core.now() > until_s
  return list
end

describe("the ready list", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)
  before_each(function() numbers() end)

  local function start(answer, stream)
    local client = core.client { base_url = server:script(answer), max_retries = 0 }
    return client[stream and "stream" or "chat"](client, { messages = messages })
  end

  local hello = fixture.json(200, fixture.chat_reply "Hello")

  it("is empty where nothing was armed", function()
    local exchange = start(hello)
    while exchange:result() == false do core.step(100) end
    assert.same({}, numbers())
  end)

  it("names the exchange that is over, once", function()
    local slow, quick = start({ { stall = true } }), start(hello)
    slow:arm(1)
    quick:arm(2)
    assert.same({ 2 }, wait_for_numbers())
    assert.same({}, numbers())
    assert.equal("Hello", quick:result().choices[1].message.content)
    slow:cancel()
    assert.same({ 1 }, numbers())
  end)

  it("names them in the order of their news", function()
    local list = {}
    for i = 1, 5 do
      list[i] = start({ { stall = true } })
      list[i]:arm(i)
    end
    for _, i in ipairs { 3, 1, 5, 2, 4 } do list[i]:cancel() end
    assert.same({ 3, 1, 5, 2, 4 }, numbers())
  end)

  it("names at once what has news already", function()
    local exchange = start(hello)
    while exchange:result() == false do core.step(100) end
    exchange:arm(7)
    assert.equal(0, core.due())
    assert.same({ 7 }, numbers())
    local stream = start(fixture.sse(fixture.words { "a" }), true)
    while not stream:next() do core.step(100) end
    while core.active() > 0 do core.step(100) end
    stream:arm(8)
    assert.same({ 8 }, numbers())
  end)

  it("names a stream again for each time that it is armed", function()
    local stream = start(fixture.sse(fixture.words { "a", { hold = "more" }, "b" }), true)
    local base_url = nil
    local text, rounds = {}, 0
    while true do
      local chunk = stream:next()
      if chunk == nil then break end
      if chunk then
        local choice = chunk.choices[1]
        text[#text + 1] = choice.delta.content
      else
        stream:arm(9)
        assert.same({}, numbers())
        if text[1] and not base_url then
          base_url = true
          for url in pairs(server.sites) do server:release(url, "more") end
        end
        assert.same({ 9 }, wait_for_numbers())
        rounds = rounds + 1
      end
      assert.is_true(rounds < 50)
    end
    assert.equal("ab", table.concat(text))
  end)

  it("goes by the last number", function()
    local exchange = start({ { stall = true } })
    exchange:arm(1)
    exchange:arm(2)
    exchange:cancel()
    assert.same({ 2 }, numbers())
    exchange:arm(3)
    exchange:arm(4)
    assert.same({ 4 }, numbers())
  end)

  it("forgets what was collected", function()
    start({ { stall = true } }):arm(1)
    collectgarbage()
    collectgarbage()
    assert.equal(0, core.active())
    assert.same({}, numbers())
  end)

  it("leaves what stands behind the numbers as it is", function()
    local list = { "a", "b", "c" }
    assert.equal(0, core.ready(list))
    assert.same({ "a", "b", "c" }, list)
    local exchange = start({ { stall = true } })
    exchange:arm(5)
    exchange:cancel()
    assert.equal(1, core.ready(list))
    assert.same({ 5, "b", "c" }, list)
  end)

  it("makes a step due, but does not keep one from waiting", function()
    local exchange, other = start({ { stall = true } }), start({ { stall = true } })
    exchange:arm(1)
    core.step(0)
    exchange:cancel()
    assert.equal(0, core.due())
    local begun = core.now()
    core.step(50)
    assert.is_true(core.now() - begun >= 0.04)
    assert.same({ 1 }, numbers())
    other:cancel()
  end)

  it("holds ten thousand numbers", function()
    local client = core.client { base_url = "http://127.0.0.1:1/v1", max_retries = 0 }
    local held = {}
    for i = 1, 10000 do
      held[i] = client:request("GET", "/x")
      held[i]:arm(i)
    end
    for i = 1, 10000 do held[i]:cancel() end
    local list = {}
    assert.equal(10000, core.ready(list))
    for i = 1, 10000 do assert.equal(i, list[i]) end
  end)

  it("refuses what is no number, and what is no list", function()
    local exchange = start(hello)
    for _, wrong in ipairs { 0, -1, 1.5, 0 / 0, math.huge, "x", true } do
      local ok, message = pcall(exchange.arm, exchange, wrong)
      assert.is_false(ok)
      assert.truthy(message:find("number", 1, true), message)
    end
    assert.is_false(pcall(core.ready))
    assert.is_false(pcall(core.ready, 1))
    exchange:cancel()
  end)
end)

describe("a step", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("with a budget is due again until all is done", function()
    local client = core.client { base_url = server:script(fixture.json(200, fixture.chat_reply "Hello")), max_retries = 0 }
    local list, done = {}, 0
    for i = 1, 20 do
      list[i] = client:chat { messages = messages }
      list[i]:arm(i)
    end
    local until_s, numbers_now = core.now() + 20, {}
    while done < 20 and core.now() < until_s do
      core.step(core.due() == 0 and 0 or 100, 0)
      done = done + core.ready(numbers_now)
    end
    assert.equal(20, done)
  end)

  it("refuses a budget that is no number", function()
    assert.is_false(pcall(core.step, 0, "soon"))
    assert.is_false(pcall(core.alarm, "soon"))
  end)

  it("is woken by number, from this thread as well", function()
    local client = core.client { base_url = server:script({ { stall = true } }), max_retries = 0 }
    local exchange = client:chat { messages = messages }
    local number = core.waker()
    assert.equal(number, core.waker())
    assert.is_true(core.wake(number))
    local begun = core.now()
    repeat core.step(20000) until core.active() > 0
    assert.is_true(core.now() - begun < 10)
    assert.is_false(core.wake(number + 1000000))
    assert.is_false(core.wake(0 / 0))
    exchange:cancel()
  end)
end)
