-- Tools that wait: calls of one message run at once, each within its time, and a cancel at any
-- moment leaves a dialogue that goes on.

local dialogue = require "lualogue.dialogue"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local script_client = require "spec.support.script_client"
local trim = require "lualogue.trim"

local now = require("lualogue.core").now

local function call(id, name, arguments)
  return { id = id, type = "function", ["function"] = { name = name or "look", arguments = arguments or "{}" } }
end

local function calls(...)
  local list = { ... }
  return function()
    local copies = {}
    for i, one in ipairs(list) do copies[i] = call(one.id, one["function"].name, one["function"].arguments) end
    return { tool_calls = copies }
  end
end

--- Numbers that look random and are the same in every run, without touching math.random.
local function sequence(seed)
  return function(n)
    seed = (seed * 1103515245 + 12345) % 2147483648
    return math.floor(seed / 65536) % n
  end
end

local THREE = { calls(call("a", "one"), call("b", "two"), call("c", "three")), "done" }

--- A dialogue with the tools one, two and three, which do what `work` says.
local function three(work, options, more)
  local client = script_client.new(THREE)
  local d = dialogue.new(client, options)
  for _, name in ipairs { "one", "two", "three" } do
    local spec = { name = name, run = function(_, info) return work(name, info) end }
    for key, value in pairs(more or {}) do spec[key] = value end
    d:tool(spec)
  end
  return d, client
end

-- The same in the main program and in a task.
for _, where in ipairs { "the main program", "a task" } do
  local function within(body)
    if where == "a task" then return lualogue.run(body) end
    return body()
  end

  describe("tools that wait, in " .. where, function()
    it("run at once, and are answered in the order of their calls", function()
      within(function()
        local log = {}
        local d, client = three(function(name)
          log[#log + 1] = "begin " .. name
          lualogue.sleep(name == "one" and 0.03 or 0.005)
          log[#log + 1] = "end " .. name
          return name
        end)
        local text, answer = d:ask "?"
        assert.equal("done", text)
        assert.same({ "begin one", "begin two", "begin three" }, { log[1], log[2], log[3] })
        assert.equal("end one", log[6])
        assert.equal("one two three", ("%s %s %s"):format(client.requests[2].messages[3].content,
          client.requests[2].messages[4].content, client.requests[2].messages[5].content))
        assert.is_true(answer.calls[1].seconds >= 0.029, answer.calls[1].seconds)
      end)
    end)

    it("run one after the other on request", function()
      within(function()
        local log = {}
        local d = three(function(name)
          log[#log + 1] = "begin " .. name
          lualogue.sleep(0.002)
          log[#log + 1] = "end " .. name
        end, { serial = true })
        assert.equal("done", (d:ask "?"))
        assert.same({ "begin one", "end one", "begin two", "end two", "begin three", "end three" }, log)
        log = {}
        assert.equal("done", (d:ask("?", { serial = false })))
      end)
    end)

    it("are told to have taken too long, and the others are not", function()
      within(function()
        local d, client = three(function(name)
          lualogue.sleep(name == "two" and 100 or 0.001)
          return name
        end, nil, { timeout = 0.03 })
        local began = now()
        local text, answer = d:ask "?"
        assert.equal("done", text)
        assert.is_true(now() - began < 50)
        assert.same({ "done", "timeout", "done" }, { answer.calls[1].status, answer.calls[2].status, answer.calls[3].status })
        assert.equal("Error: it took longer than 0.03 seconds", client.requests[2].messages[4].content)
        assert.is_true(trim.check(client.requests[2].messages))
      end)
    end)

    it("have their time one by one as well, and alone", function()
      within(function()
        for _, options in ipairs { { serial = true }, {} } do
          local client = script_client.new { calls(call("a", "slow")), "done" }
          local d = dialogue.new(client, options)
          d:tool { name = "slow", timeout = 0.02, run = function() lualogue.sleep(100) end }
          local _, answer = d:ask "?"
          assert.equal("timeout", answer.calls[1].status)
        end
      end)
    end)

    it("may be asked for while somebody thinks, which takes none of their time", function()
      within(function()
        local d = three(function(name) return name end, nil, {
          timeout = 0.02,
          approve = function(_, info)
            lualogue.sleep(0.05)
            return info.name ~= "two", "no"
          end,
        })
        local text, answer = d:ask "?"
        assert.equal("done", text)
        assert.same({ "done", "refused", "done" }, { answer.calls[1].status, answer.calls[2].status, answer.calls[3].status })
      end)
    end)

    it("fail each for itself", function()
      within(function()
        local d, client = three(function(name)
          lualogue.sleep(0.001)
          if name == "two" then error "boom" end
          return name
        end)
        assert.equal("done", (d:ask "?"))
        assert.matches("^Error: .*boom", client.requests[2].messages[4].content)
        assert.equal("three", client.requests[2].messages[5].content)
      end)
    end)

    it("find the dialogue busy", function()
      within(function()
        local found = {}
        local d
        d = three(function() found[#found + 1] = select(2, d:ask "in between").kind end)
        assert.equal("done", (d:ask "?"))
        assert.same({ "busy", "busy", "busy" }, found)
      end)
    end)
  end)
end

describe("a tool whose time is up", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  it("has what it opened closed", function()
    local base_url = server:script { { stall = true } }
    local other = lualogue.new { base_url = base_url, api_key = false, max_retries = 0 }
    local client = script_client.new { calls(call("a", "ask")), "done" }
    local d = dialogue.new(client)
    d:tool { name = "ask", timeout = 0.05, run = function()
      return other:chat { model = "m", messages = { { role = "user", content = "?" } } }
    end }
    local _, answer = d:ask "?"
    assert.equal("timeout", answer.calls[1].status)
    local left
    for _ = 1, 100 do
      left = server:requests(base_url)[1].left
      if left then break end
      lualogue.sleep(0.02)
    end
    assert.is_true(left)
  end)
end)

describe("a task that is cancelled in a turn with tools", function()
  --- A client that lets others have their turn before it answers.
  local function slow_client(script)
    local client = script_client.new(script)
    for _, name in ipairs { "chat", "stream" } do
      local plain = client[name]
      client[name] = function(...)
        lualogue.sleep(0)
        lualogue.sleep(0)
        return plain(...)
      end
    end
    return client
  end

  local function check_sound(list, what)
    local ok, why = trim.check(list)
    assert(ok, ("%s: %s"):format(what, why and why.why or ""))
  end

  --- One turn with three tools, of which one waits for longer than the others, cancelled after `n`
  --- turns of the scheduler.
  local function storm(n, serial)
    local script = { calls(call("a", "one"), call("b", "two"), call("c", "three")), calls(call("d", "one"), call("e", "two")), "done", "next" }
    local client = slow_client(script)
    local d = dialogue.new(client, { serial = serial })
    local begun, ended = {}, {}
    for _, name in ipairs { "one", "two", "three" } do
      d:tool { name = name, run = function(_, info)
        begun[info.id] = (begun[info.id] or 0) + 1
        for _ = 1, name == "two" and 4 or 1 do lualogue.sleep(0) end
        ended[info.id] = (ended[info.id] or 0) + 1
        return name
      end }
    end
    local before = d:export "jsonl"
    local task = lualogue.task(function()
      if n % 3 ~= 0 then return d:ask "first" end
      local next_event = lualogue.assert(d:stream "first"):events()
      repeat lualogue.sleep(0) until not next_event() -- no `for`: 5.1 cannot wait in one
    end)
    for _ = 1, n do lualogue.step(0) end
    local was_over = task:status() ~= "running"
    task:cancel()
    lualogue.run()
    if not was_over then
      assert.equal("cancelled", task:status())
      assert.equal(before, d:export "jsonl")
    end
    return d, client, ended, was_over
  end

  it("leaves nothing behind: 500 of them, and the next ask works", function()
    local random = sequence(5)
    local cut, kept = 0, 0
    for i = 1, 500 do
      local d, client, ended, was_over = storm(random(40), i % 4 == 0)
      if not was_over then
        cut = cut + 1
        local way = i % 5
        if not d.pending then
          assert.equal(0, #client.requests) -- it had not begun
        elseif way == 0 then
          local again = lualogue.assert(d:retry())
          if type(again) ~= "string" then
            repeat until not again:next()
            assert.truthy(again.answer)
          end
          -- What had been answered did not run again.
          for _, message in ipairs((d:history())) do
            if message.role == "tool" then assert.equal(1, ended[message.tool_call_id] or 0, "twice") end
          end
        elseif way == 1 then
          d:keep()
          kept = kept + 1
        elseif way == 2 then
          d:discard()
        end
      end
      client.script = { "fine" }
      assert.equal("fine", lualogue.assert(d:ask "second"))
      for k, request in ipairs(client.requests) do check_sound(request.messages, ("run %d, request %d"):format(i, k)) end
      check_sound((d:history()), "history of run " .. i)
    end
    assert.is_true(cut > 250, cut)
    assert.is_true(kept > 30, kept)
  end)

  it("keeps the answers of the calls that had ended", function()
    local client = slow_client { calls(call("a", "quick"), call("b", "slow")), "done" }
    local d = dialogue.new(client)
    local quick, slow = 0, 0
    d:tool { name = "quick", run = function() quick = quick + 1 return "q" end }
    d:tool { name = "slow", run = function() slow = slow + 1 if slow == 1 then lualogue.sleep(100) end return "s" end }
    local task = lualogue.task(function() return d:ask "?" end)
    for _ = 1, 30 do lualogue.step(0) end
    assert.equal(1, slow)
    task:cancel()
    lualogue.run()
    assert.equal("cancelled", task:status())
    assert.equal("a", d.pending.answers[1].id)
    assert.is_nil(d.pending.answers[2])
    assert.equal("done", (d:retry()))
    assert.equal(1, quick)
    assert.equal(2, slow)
  end)
end)
