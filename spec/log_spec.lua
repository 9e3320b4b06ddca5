-- What is written of calls: `log`, a file of lines of JSON, and LUALOGUE_LOG, lines on stderr.

local core = require "lualogue.core"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local said_during = require("spec.support.said").during
local program = require "spec.support.program"
local sources = require "spec.support.sources"

local KEY = "sk-secret-0123456789"
local messages = { { role = "user", content = "Hi" } }
local hello = fixture.json(200, fixture.chat_reply "Hello")
local soon = fixture.json(503, fixture.error_body("not now, " .. KEY), { ["retry-after-ms"] = "1" })

local read = sources.read

--- The records of a file, of which every line is one.
local function records_of(path)
  local list, text = {}, read(path)
  assert.equal("\n", text:sub(-1))
  for line in text:gmatch "([^\n]*)\n" do list[#list + 1] = lualogue.assert(lualogue.json.decode(line)) end
  return list
end

local server, folder

--- A client of a new origin with this script.
local function client_of(script, options)
  local settings = { base_url = server:script(script), api_key = KEY, model = "m" }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings)
end

describe("a log", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)
  before_each(function() folder = sources.lines_of("mktemp -d")[1] end)
  after_each(function() os.execute("rm -r " .. program.quote(folder)) end)

  it("has each event as a line of JSON, for its owner alone, and no key", function()
    local path = folder .. "/a.log"
    local client = client_of({ soon, hello }, { log = path })
    lualogue.assert(client:chat { messages = { { role = "user", content = KEY } } })
    local list = records_of(path)
    local types, levels = {}, {}
    for i, record in ipairs(list) do
      types[i], levels[i] = record.type, record.level
      assert.matches("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$", record.time)
      assert.equal(core.log.pid(), record.pid)
    end
    assert.equal("request headers retry request headers done", table.concat(types, " "))
    assert.equal("debug debug warn debug debug info", table.concat(levels, " "))
    assert.equal("api", list[3].err.kind)
    assert.is_nil(list[3].err.body)
    assert.equal(8, list[6].usage.total_tokens)
    assert.is_nil(read(path):find(KEY, 1, true))
    assert.is_nil(read(path):find("\"content\"", 1, true))
    assert.equal("600", sources.lines_of("stat -c %a " .. program.quote(path))[1])
    lualogue.assert(client:chat { messages = messages })
    assert.equal(9, #records_of(path))
  end)

  it("has what its level asks for", function()
    local path = folder .. "/a.log"
    local client = client_of({ soon, hello, fixture.json(400, fixture.error_body "no") },
      { log = { path = path, level = "warn" } })
    lualogue.assert(client:chat { messages = messages })
    client:chat { messages = messages }
    local list = records_of(path)
    assert.equal(2, #list)
    assert.equal("retry", list[1].type)
    assert.equal("error", list[2].type)
  end)

  it("holds what is no text of Unicode too", function()
    local path = folder .. "/a.log"
    local client = client_of(fixture.json(200, fixture.chat_reply "Hello", { ["x-odd"] = "caf\233" }),
      { log = path, on_event_body = true })
    lualogue.assert(client:request("POST", "/files", "\255\254\0", { headers = { ["content-type"] = "x/y" } }))
    local list = records_of(path)
    assert.equal(3, #list)
    assert.equal(1, list[1].attempt)
    assert.matches("^%?%?", list[1].body)
    assert.matches("^caf%?", list[2].headers["x-odd"])
  end)

  it("is renamed before it grows beyond its size, and so often", function()
    local path = folder .. "/a.log"
    local client = client_of(hello, { log = { path = path, max_bytes = 1500, keep = 2 } })
    for _ = 1, 12 do lualogue.assert(client:chat { messages = messages }) end
    local names = sources.lines_of("ls " .. program.quote(folder))
    assert.same({ "a.log", "a.log.1", "a.log.2" }, names)
    local calls, last = 0, nil
    for _, name in ipairs { "a.log.2", "a.log.1", "a.log" } do
      assert.is_true(#read(folder .. "/" .. name) <= 1500)
      for _, record in ipairs(records_of(folder .. "/" .. name)) do
        assert.is_true(not last or record.at >= last)
        last = record.at
        if record.type == "done" then calls = calls + 1 end
      end
    end
    assert.is_true(calls >= 3)
  end)

  it("that is shared by processes loses and mixes no line", function()
    local path = folder .. "/a.log"
    local code = ([[
      local core = require "lualogue.core"
      for i = 1, 200 do
        local text = core.log.pid() .. ":" .. i .. ":" .. ("x"):rep(i) .. ":end\n"
        assert(core.log.append(%q, text, 20000, 100))
      end]]):format(path)
    local children = {}
    for i = 1, 4 do children[i] = program.start(code) end
    for i = 1, 4 do assert.equal("", children[i]:rest()) end
    local seen, n = {}, 0
    local names = sources.lines_of("ls -v " .. program.quote(folder))
    assert.is_true(#names > 1) -- one that another process holds just now is not waited for
    for _, name in ipairs(names) do
      for line in read(folder .. "/" .. name):gmatch "([^\n]*)\n" do
        local pid, i, x = line:match "^(%d+):(%d+):(x+):end$"
        assert.equal(tonumber(i), #(x or ""))
        assert.is_nil(seen[pid .. ":" .. i])
        seen[pid .. ":" .. i], n = true, n + 1
      end
    end
    assert.equal(800, n)
  end)

  it("stays where it is when the program goes elsewhere", function()
    local output = program.run(("%s -e %s"):format(program.INTERPRETER, program.quote(([[
      local log = require "lualogue.observe.log"
      print(log.of_option("a.log", "new").path, log.of_option("./b.log", "new").path)
      print(log.of_option(%q, "new").path)]]):format(folder .. "/c.log"))), { cwd = folder })
    assert.equal(("%s/a.log\t%s/./b.log\n%s/c.log\n"):format(folder, folder, folder), output)
    assert.equal("a.log b.log c.log", table.concat(sources.lines_of("ls " .. program.quote(folder)), " "))
  end)

  it("that cannot be opened is an error of new", function()
    for path, why in pairs {
      [folder .. "/none/a.log"] = "No such file", [folder] = "Is a directory", [""] = "a path expected",
    } do
      local ok, err = pcall(lualogue.new, { api_key = false, base_url = "http://127.0.0.1:1/v1", log = path })
      assert.is_false(ok)
      assert.matches("log_spec.lua:%d+: bad argument 'log[.path]*' to 'new'", err)
      assert.is_truthy(err:find(why, 1, true), err)
    end
  end)

  it("that cannot be written to is warned of once, and costs no answer", function()
    local path = folder .. "/a.log"
    os.execute(("ln -s /dev/full %s"):format(program.quote(path)))
    local said = said_during(function()
      local client = client_of(hello, { log = path })
      for _ = 1, 3 do assert.equal("Hello", lualogue.assert(client:chat { messages = messages }).text) end
      os.remove(path)
      lualogue.assert(client:chat { messages = messages })
      assert.equal("\n", read(path):sub(1, 1)) -- what was cut off before ends there
    end)
    assert.equal(1, #said)
    assert.matches("log is incomplete: cannot write to .*No space left", said[1])
    os.execute(("ln -sf /dev/full %s"):format(program.quote(path)))
    local warnings = {}
    local client = client_of(hello, { log = path, on_event = function(event)
      if event.type == "warning" then warnings[#warnings + 1] = event.message end
    end })
    said = said_during(function() lualogue.assert(client:chat { messages = messages }) end)
    assert.equal(0, #said)
    assert.equal(1, #warnings)
  end)

  it("has options that are checked", function()
    for name, log in pairs {
      ["log"] = 3, ["log.path"] = {}, ["log.level"] = { path = "x", level = "loud" },
      ["log.keep"] = { path = "x", keep = 0 }, ["log.max_bytes"] = { path = "x", max_bytes = 1.5 },
    } do
      local ok, err = pcall(lualogue.new, { api_key = false, base_url = "http://127.0.0.1:1/v1", log = log })
      assert.is_false(ok)
      assert.is_truthy(err:find(("bad argument '%s' to 'new'"):format(name), 1, true), err)
    end
    local ok, err = pcall(lualogue.new, { api_key = false, log = { path = "x", size = 1 } })
    assert.is_false(ok)
    assert.matches("got \"size\"", err)
  end)
end)

describe("LUALOGUE_LOG", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- What a call says under this level, and on the other way out.
  local function run(level)
    return program.lua(([[
      local lualogue = require "lualogue"
      local client = lualogue.new { base_url = %q, api_key = %q, model = "m" }
      print(lualogue.assert(client:chat { messages = { { role = "user", content = "Hi" } } }).text)
    ]]):format(server:script { soon, hello }, KEY), level and "LUALOGUE_LOG=" .. level or "")
  end

  it("says what happens, as much as its level asks for", function()
    assert.equal("Hello\n", run())
    assert.equal("Hello\n", run "error")
    local warned = run "warn"
    assert.matches("^lualogue warn: retry #1 POST http://%S+/chat/completions: again in 0.001 s: api 503: not now", warned)
    assert.equal(2, select(2, warned:gsub("\n", "\n")))
    assert.matches("lualogue info: done #1 .*: complete, 200 in %d", run "info")
    local all = run "DEBUG"
    assert.equal(7, select(2, all:gsub("\n", "\n")))
    assert.matches("lualogue debug: request #1", all)
    assert.is_nil(all:find(KEY, 1, true))
  end)

  it("costs no answer where stderr is closed", function()
    local output = program.lua(([[
      local lualogue = require "lualogue"
      local client = lualogue.new { base_url = %q, api_key = false, model = "m" }
      io.stderr = assert(io.tmpfile())
      io.stderr:close()
      print(lualogue.assert(client:chat { messages = { { role = "user", content = "Hi" } } }).text)
    ]]):format(server:script(hello)), "LUALOGUE_LOG=debug")
    assert.equal("Hello\n", output)
  end)

  it("is refused where it is no level", function()
    local output, code = run "loud"
    assert.equal(1, code)
    assert.matches('LUALOGUE_LOG is "loud": debug, info, warn or error expected', output)
  end)
end)
