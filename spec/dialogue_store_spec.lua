-- A dialogue in a file: what is loaded sends the same requests, and no moment at which a save is
-- killed loses what was there.
local dialogue = require "lualogue.dialogue"
local json = require "lualogue.json"
local program = require "spec.support.program"
local script_client = require "spec.support.script_client"
local sources = require "spec.support.sources"
local trim = require "lualogue.trim"

local say = script_client.say
-- Where each step is watched, a part of them.
local KILLS = (os.getenv("LLG_GC") or (os.getenv("LLG_BUILD") or ""):find("asan", 1, true)) and 20 or 200

local function echo(params) return "re " .. params.messages[#params.messages].content end

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

describe("a saved dialogue", function()
  local folder, path
  setup(function()
    folder = sources.lines_of("mktemp -d")[1]
    path = folder .. "/dialogue.json"
  end)
  teardown(function() os.execute("rm -r " .. program.quote(folder)) end)

  --- A dialogue with something of everything.
  local function full(options)
    local client = script_client.new({ echo }, { model = "gpt-4o" })
    options = options or {}
    options.system, options.temperature = "S", 0.5
    local d = dialogue.new(client, options)
    for i = 1, 6 do d:ask(("question %d "):format(i) .. ("word "):rep(20)) end
    d:regenerate()
    d:edit(5, "other")
    d:retry()
    d:inject { id = "note", text = "N", depth = 1 }
    d:pin(1)
    d:hear "a bell"
    d:ask "last"
    d:undo()
    return d, client
  end

  it("sends the same requests", function()
    for _, policy in ipairs { trim.tokens(200), trim.chain { trim.tool_results(1), trim.tokens(150) }, trim.turns(2), false } do
      local d, client = full { trim = policy }
      d:ask "more"
      assert.is_true(d:save(path))
      local other = script_client.new({ echo }, { model = "gpt-4o" })
      local loaded = assert(dialogue.new(other, { load = path, trim = policy }))
      assert.same(d:history(), loaded:history())
      assert.same(d:usage(), loaded:usage())
      for _ = 1, 12 do
        d:ask "and on"
        loaded:ask "and on"
        assert.same(client.requests[#client.requests], other.requests[#other.requests])
      end
      loaded:undo(15)
      d:undo(15)
      assert.equal(#d:branches(), #loaded:branches())
      assert.same(d:alternatives(1), loaded:alternatives(1))
    end
  end)

  it("has its redo, its branches and its pending turn", function()
    local d = full()
    assert.is_true(d:save(path))
    local client = script_client.new({ { err = { kind = "timeout", message = "slow" } }, "late" }, { model = "gpt-4o" })
    local loaded = assert(dialogue.new(client, { load = path }))
    assert.is_true(loaded:redo())
    assert.equal("re last", loaded:history()[#loaded:history()].content)
    loaded:ask("pending", { top_p = 0.1 })
    assert.is_true(loaded:save(path))
    local again = assert(dialogue.new(client, { load = path, temperature = 0.9 }))
    assert.equal("u:pending", say(again.pending.messages))
    assert.equal("timeout", again.pending.err.kind)
    assert.equal("late", (again:retry()))
    assert.equal(0.1, client.requests[2].top_p)
    assert.equal(0.9, client.requests[2].temperature)
    assert.equal("s:S", say { client.requests[2].messages[1] })
  end)

  it("68: has its summaries", function()
    local d = full()
    d.inside.tree.checkpoints[d:history()[4]] = { text = "they talked" }
    assert.is_true(d:save(path))
    local loaded = assert(dialogue.new(script_client.new { echo }, { load = path, trim = trim.summary() }))
    assert.truthy(loaded:preview("x").messages[2].content:find("question 1", 1, true)) -- pinned
    loaded:pin(1, false)
    assert.truthy(loaded:preview("x").messages[2].content:find("they talked", 1, true))
  end)

  it("can be read by its owner only, and by every Lua", function()
    local d = full()
    assert.is_true(d:save(path))
    assert.equal("600", sources.lines_of("stat -c %a " .. program.quote(path))[1])
    assert.equal("1", sources.lines_of("ls -A " .. program.quote(folder) .. " | wc -l")[1])
    write(folder .. "/open.json", "{}")
    os.execute("chmod 644 " .. program.quote(folder .. "/open.json"))
    assert.is_true(d:save(folder .. "/open.json"))
    assert.equal("600", sources.lines_of("stat -c %a " .. program.quote(folder .. "/open.json"))[1])
    os.remove(folder .. "/open.json")
  end)

  it("that cannot be written leaves everything as it was", function()
    local d = full()
    local before = d:export "jsonl"
    local ok, err = d:save(folder .. "/nowhere/x.json")
    assert.is_nil(ok)
    assert.equal("file", err.kind)
    assert.truthy(err.message:find("No such file", 1, true), err.message)
    ok, err = d:save(folder)
    assert.is_nil(ok)
    assert.equal("file", err.kind)
    assert.equal("1", sources.lines_of("ls -A " .. program.quote(folder) .. " | wc -l")[1])
    assert.equal(before, d:export "jsonl")
    assert.is_false(pcall(d.save, d, ""))
    assert.is_false(pcall(d.save, d, "a\0b"))
  end)

  it("has no place for what a caller's policy remembers and cannot be written", function()
    local knot = {}
    knot.knot, knot.fn = knot, print
    local function policy(list) return list, { state = { knot = knot, n = 7, start = list[1] } } end
    local client = script_client.new({ echo }, { model = "gpt-4o" })
    local d = dialogue.new(client, { trim = policy })
    d:ask "one"
    assert.is_true(d:save(path))
    local seen
    local loaded = assert(dialogue.new(client, { load = path, trim = function(list, ctx)
      seen = ctx.state
      return list
    end }))
    loaded:ask "two"
    assert.equal(7, seen.n)
    assert.equal(loaded:history()[1], seen.start)
  end)

  it("with a state that means nothing is loaded all the same", function()
    assert(full { trim = trim.tokens(200) }:save(path))
    local file = assert(io.open(path, "rb"))
    local data = json.decode(file:read "*a")
    file:close()
    for _, state in ipairs { { start = "x", at = "y" }, { parts = 7 }, { parts = { ["1"] = 7 } }, { start = { message = 1e9 } }, "x" } do
      data.trim_state = state
      write(path, json.encode(data))
      for _, policy in ipairs { trim.tokens(200), trim.chain { trim.tokens(200) } } do
        local d = assert(dialogue.new(script_client.new { echo }, { load = path, trim = policy }))
        assert(d:ask "more")
      end
    end
  end)

  it("that cannot be encoded raises, with the place", function()
    local d = full()
    d:append { role = "user", content = "x", callback = print }
    local ok, message = pcall(d.save, d, path)
    assert.is_false(ok)
    assert.truthy(message:find("dialogue_store_spec", 1, true), message)
    assert.truthy(message:find("callback", 1, true), message)
  end)

  describe("is refused", function()
    local function refusal(bytes)
      if bytes then write(path, bytes) else os.remove(path) end
      local d, err = dialogue.new(script_client.new { echo }, { load = path })
      assert.is_nil(d)
      return err
    end

    local function changed(change)
      assert(full():save(path))
      local file = assert(io.open(path, "rb"))
      local data = json.decode(file:read "*a")
      file:close()
      change(data)
      return refusal(json.encode(data))
    end

    it("where there is none", function() assert.equal("file", refusal(nil).kind) end)

    it("where it is torn, at every place", function()
      assert(full():save(path))
      local file = assert(io.open(path, "rb"))
      local bytes = file:read "*a"
      file:close()
      for n = 0, #bytes - 2, 97 do assert.equal("decode", refusal(bytes:sub(1, n)).kind) end
    end)

    it("where it is foreign", function()
      for _, bytes in ipairs { "[]", "null", "7", '{"messages":[]}', '"x"' } do
        local err = refusal(bytes)
        assert.equal("decode", err.kind)
      end
    end)

    it("where it is newer, with both numbers", function()
      local err = changed(function(data) data.version = 7 end)
      assert.equal("version", err.code)
      assert.truthy(err.message:find("version 7, and this lualogue knows version 1", 1, true), err.message)
    end)

    it("where it does not fit together", function()
      for what, change in pairs {
        ["nodes[2]: its parent is not before it"] = function(data) data.nodes[2].parent = 2 end,
        ["nodes[3]: no message"] = function(data) data.nodes[3].message = "x" end,
        ["its head is no message"] = function(data) data.head = 999 end,
        ["it has no messages"] = function(data) data.nodes = nil end,
        ["it has no account"] = function(data) data.account = nil end,
        ["pins[1]: no such message"] = function(data) data.pins[1] = 0 end,
        ["redo[1]: no such message"] = function(data) data.redo[1] = -1 end,
        ["injections[1]: no note"] = function(data) data.injections[1].depth = nil end,
        ["account.learned[\"gpt-4o\"]: no account"] = function(data) data.account.learned["gpt-4o"].ratio = "x" end,
        ["vectors[1]: no vector"] = function(data) data.vectors[1] = { at = 1, text = "x", n = 1, vector = { 1, "x" } } end,
        ["pending: no turn"] = function(data) data.pending = { base = 99 } end,
        ["checkpoints[1]: it is of no message"] = function(data) data.checkpoints[1] = { at = 1.5, text = "x" } end,
      } do
        local err = changed(change)
        assert.equal("decode", err.kind)
        assert.truthy(err.message:find(what, 1, true), err.message)
      end
    end)
  end)

  it("is the old one or the new one when the save was killed", function()
    local code = ([[
      local dialogue = require "lualogue.dialogue"
      local client = { chat = function() return { choices = { { message = { role = "assistant", content = ("word "):rep(2000) } } } } end, stream = print }
      local d = dialogue.new(client)
      for i = 1, 20 do d:ask("question " .. i) end
      io.write("ready\n") io.flush()
      for i = 1, 1e9 do
        d:undo()
        d:ask("number " .. i)
        assert(d:save(%q))
        if i == 1 then io.write("saved\n") io.flush() end
      end
    ]]):format(path)
    local seed, whole = 4711, 0
    for _ = 1, KILLS do
      os.remove(path)
      local child = program.start(code)
      assert.equal("ready", child:line())
      assert.equal("saved", child:line())
      seed = (seed * 16807) % 2147483647
      os.execute(("sleep 0.%03d; kill -9 %s"):format(seed % 12, child.pid))
      child:rest()
      local d = assert(dialogue.new(script_client.new { echo }, { load = path }))
      local history = d:history()
      assert.equal(40, #history)
      if history[39].content:find "^number %d+$" then whole = whole + 1 end
    end
    assert.equal(KILLS, whole)
    os.execute("rm -f " .. program.quote(folder) .. "/dialogue.json.*")
  end)
end)
