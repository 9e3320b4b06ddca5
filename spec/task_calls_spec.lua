-- What clients do within tasks: the same calls, which now let each other go on.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"
local lualogue = require "lualogue"
local core = require "lualogue.core"
local scheduler = require "lualogue.task.scheduler"

local messages = { { role = "user", content = "Hi" } }
local through_pcall = require("lualogue.task.yieldable").through_pcall

local function words(n)
  local list = {}
  for i = 1, n do list[i] = "w" .. i .. " " end
  return list
end

describe("within tasks", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client_of(script, options)
    options = options or {}
    local base_url = server:script(script)
    options.base_url, options.max_retries = base_url, 0
    return lualogue.new(options), base_url
  end

  --- The whole text of a stream, on every Lua.
  local function read(client)
    local stream = assert(client:stream { messages = messages })
    local text, got = stream:text(), {}
    local piece = text()
    while piece do
      got[#got + 1] = piece
      piece = text()
    end
    return table.concat(got), stream
  end

  it("fifty streams come at once", function()
    local client = client_of(fixture.sse(fixture.words(words(20)), { split = 300, delay = 0.005 }))
    local wanted = table.concat(words(20))
    local list = {}
    for i = 1, 50 do list[i] = i end
    local begun = core.now()
    local texts = assert(lualogue.map(list, function() return (read(client)) end, { concurrency = 50 }))
    assert.is_true(core.now() - begun < 10)
    for i = 1, 50 do assert.equal(wanted, texts[i]) end
    assert.equal(0, scheduler.n_alive)
  end)

  it("a refusal is nil, err as anywhere", function()
    local client = client_of(fixture.json(400, fixture.error_body "no"))
    local reply, err = lualogue.task(client.chat, client, { messages = messages }):wait()
    assert.is_nil(reply)
    assert.equal("api", err.kind)
    local results, first, index = lualogue.map({ 1, 2 }, function() return client:chat { messages = messages } end)
    assert.is_nil(results)
    assert.equal("api", first.kind)
    assert.truthy(index)
  end)

  it("two may read one stream, each event going to one of them", function()
    local client = client_of(fixture.sse(fixture.words(words(20)), { split = 200, delay = 0.002 }))
    local got, readers = {}, {}
    lualogue.run(function()
      local stream = assert(client:stream { messages = messages })
      for i = 1, 2 do
        readers[i] = 0
        lualogue.task(function()
          local chunk = stream:next()
          while chunk do
            local choice = chunk.choices[1]
            got[#got + 1] = choice.delta.content ~= "" and choice.delta.content or nil
            readers[i] = readers[i] + 1
            chunk = stream:next()
          end
        end)
      end
      while scheduler.n_alive > 1 do lualogue.sleep(0.01) end
      assert.equal(table.concat(words(20)), stream:message().content)
    end)
    assert.equal(table.concat(words(20)), table.concat(got))
    assert.is_true(readers[1] > 0 and readers[2] > 0)
  end)

  it("one of two that wait for a stream is cancelled, and the other goes on", function()
    local client, base_url = client_of(fixture.sse(fixture.words { "a", { hold = "more" }, "b" }))
    local text
    lualogue.run(function()
      local stream = assert(client:stream { messages = messages })
      local function drain()
        while stream:next() do end
        return stream:snapshot().content
      end
      local first, second, third = lualogue.task(drain), lualogue.task(drain), lualogue.task(drain)
      lualogue.sleep(0.05)
      second:cancel() -- in the middle, then the last, whose number the stream is armed with
      third:cancel()
      lualogue.sleep(0.01)
      server:release(base_url, "more")
      text = first:wait()
    end)
    assert.equal("ab", text)
  end)

  it("a stream belongs to the task that opened it, and outlives it", function()
    local client = client_of(fixture.sse(fixture.words { "a", "b" }))
    lualogue.run(function()
      local opener = lualogue.task(function() return (assert(client:stream { messages = messages })) end)
      local stream = opener:wait()
      opener:cancel()
      assert.equal("ab", assert(stream:message()).content)
    end)
  end)

  it("the key function may wait", function()
    local client = client_of(fixture.json(200, fixture.chat_reply "Hello"), {
      api_key = function()
        lualogue.sleep(0.02)
        return "sk-late"
      end,
    })
    local turns = 0
    lualogue.run(function()
      lualogue.task(function()
        while true do
          lualogue.sleep(0.002)
          turns = turns + 1
        end
      end)
      assert.equal("Hello", assert(client:chat { messages = messages }).choices[1].message.content)
    end)
    assert.is_true(turns > 2, turns .. " turns")
  end)

  it("the key function that fails says so", function()
    local client = client_of(fixture.json(200, fixture.chat_reply "Hello"), {
      api_key = function() lualogue.sleep(0) error "no key today" end,
    })
    local _, err = lualogue.task(client.chat, client, { messages = messages }):wait()
    assert.equal("key", err.kind)
    assert.truthy(err.message:find("no key today", 1, true))
  end)

  it("who drains a full queue lets the host have its turn", function()
    local client = client_of(fixture.sse(fixture.words(words(3000))))
    local longest = 0
    lualogue.task(function()
      local stream = assert(client:stream { messages = messages })
      lualogue.sleep(0.3) -- it comes meanwhile
      local chunk = stream:next()
      while chunk do
        local until_s = core.now() + 0.001 -- what a buffer takes to show it
        while core.now() < until_s do end
        chunk = stream:next()
      end
    end)
    local turns = 0
    while scheduler.n_alive > 0 and turns < 50 do
      core.step(5)
      local begun = core.now()
      scheduler.advance(0)
      scheduler.resume()
      longest = math.max(longest, core.now() - begun)
      turns = turns + 1
    end
    assert.is_true(longest < 0.5, ("a turn of %.3f s"):format(longest))
    assert.is_true(scheduler.n_alive == 1, "3 s of work were done in fifty turns")
    for _ = 1, 3 do require("lualogue.task.strand").cancel_all() end
    lualogue.run()
  end)

  it("a storm of cancels leaves nothing behind", function()
    local client, base_url = client_of(fixture.sse(fixture.words { "a", { hold = "@all" }, "b" }))
    local seed = 42
    local function random(n)
      seed = (seed * 16807) % 2147483647
      return seed % n + 1
    end
    local N, HALF, done, ended = 1000, 500, 0, {}
    local order = {}
    for i = 1, N do
      local place = random(i)
      order[i] = order[place]
      order[place] = i
    end
    lualogue.run(function()
      local list = {}
      for i = 1, N do list[i] = lualogue.task(function() read(client) done = done + 1 end) end
      for i = 1, HALF do
        list[order[i]]:cancel()
        if random(8) == 1 then lualogue.sleep(random(10) / 1000) end
      end
      server:release(base_url, "@all")
      for i = 1, N do
        list[i]:wait()
        local status = list[i]:status()
        ended[status] = (ended[status] or 0) + 1
      end
    end)
    assert.same({ done = N - HALF, cancelled = HALF }, ended)
    assert.equal(done, ended.done)
    assert.equal(0, scheduler.n_alive)
    local open
    for _ = 1, 100 do
      open = server:counts(base_url).open
      if open <= ended.done then break end -- those that are kept for later
      os.execute "sleep 0.05"
    end
    assert.is_true(open <= ended.done)
  end)

  it("the end of the program ends all that is under way", function()
    local base_url = server:script(fixture.sse(fixture.words { "a", { stall = true } }, { done = false }))
    for _, leave in ipairs { "", "os.exit(0, true)", "error 'a fault'" } do
      local output = program.lua(([[
        local lualogue = require "lualogue"
        local client = lualogue.new { base_url = %q }
        for _ = 1, 5 do
          lualogue.task(function()
            local stream = assert(client:stream { messages = {} })
            stream:message()
            print "never"
          end)
        end
        lualogue.run(function() lualogue.sleep(0.2) end) %s
      ]]):format(base_url, leave):gsub("lualogue.run%(function.-end%)", "for _ = 1, 200 do lualogue.step(2) end"))
      assert.is_nil(output:find("never", 1, true), output)
      server:wait(base_url, { open = 0 })
    end
  end)

  it("the end of the program ends everything, in whatever state it is", function()
    local base_url = server:script { routes = {
      ["/chat/completions"] = fixture.sse(fixture.words { "a", { stall = true } }, { done = false }),
      ["/mute"] = { { stall = true } },
      ["/later"] = fixture.json(429, fixture.error_body "later", { ["Retry-After"] = "30" }),
    } }
    for _, leave in ipairs { "", "os.exit(0, true)", "error 'a fault'", "error {}" } do
      local output = program.lua(([[
        local lualogue, core = require "lualogue", require "lualogue.core"
        lualogue.on_error(function() end)
        local client = lualogue.new { base_url = %q }
        local tls = lualogue.new { base_url = %q, api_key = false }
        local function never(...) print("never", ...) end
        local function begin(fn, ...) return lualogue.task(function(...) never(fn(...)) end, ...) end
        local streams = {}
        for i = 1, 5 do
          begin(function()
            streams[i] = assert(client:stream { messages = {} })
            return streams[i]:message()
          end)
          begin(client.request, client, "POST", "/mute", {})
          begin(client.request, client, "POST", "/later", {}, { max_retries = 3 })
          begin(tls.chat, tls, { messages = {} })
        end
        begin(function() for text in assert(client:stream { messages = {} }):text() do lualogue.sleep(60) end end)
        local inner
        local outer = begin(function()
          inner = lualogue.task(lualogue.sleep, 60)
          return inner:wait()
        end)
        begin(function() return outer:wait() end)
        begin(lualogue.map, { 1, 2, 3 }, function() return client:chat { messages = {} } end, { concurrency = 2 })
        begin(lualogue.race, { function() lualogue.sleep(60) end, function() lualogue.sleep(61) end })
        lualogue.task(function() error "nobody waits for this" end)
        lualogue.task(function() lualogue.sleep(0.01) error { kind = "odd" } end)
        local cancelled = begin(client.chat, client, { messages = {} })
        local until_s = core.now() + 20
        repeat
          lualogue.step(2)
          local n = 0
          for i = 1, 5 do n = n + (streams[i] and 1 or 0) end
        until n == 5 and core.now() > until_s - 19.8 or core.now() > until_s
        cancelled:cancel() -- its turn to be told never comes
        local pending = client:stream { messages = {} } -- blocks until its headers; nobody reads it
        lualogue.task(function() never "begun" end)
        print(core.active() > 20, pending ~= nil) %s
      ]]):format(base_url, base_url:gsub("^http:", "https:"), leave))
      assert.truthy(output:find "true\ttrue\n", output)
      assert.is_nil(output:find("never", 1, true), output)
      server:wait(base_url, { open = 0 })
    end
  end)

  if through_pcall then
    it("an iterator raises the error object into the task", function()
      local client = client_of(fixture.sse(fixture.words({ "a" }, { finish_reason = false }), { done = false }))
      local _, err = lualogue.task(function()
        for _ in assert(client:stream { messages = messages }):text() do end
      end):wait()
      assert.equal("truncated", err.kind)
      assert.equal("a", err.partial.content)
    end)
  end
end)

describe("the loop uv", function()
  it("may be run again within a task: its tick is armed before", function()
    assert.equal("inner\nouter\n", (program.lua [[
      local lualogue, uv = require "lualogue", require "luv"
      require("lualogue.loop.uv").attach()
      lualogue.task(function()
        local inner = false
        lualogue.task(function()
          lualogue.sleep(0.02)
          inner = true
          print "inner"
          lualogue.sleep(60)
        end)
        lualogue.sleep(0)
        while not inner do uv.run "once" end -- as vim.wait does
        print "outer"
      end)
      uv.run()
    ]]))
  end)
end)
