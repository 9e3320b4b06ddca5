-- `lualogue lab` as a shell runs it.
local command = require "spec.support.command"
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"
local sources = require "spec.support.sources"

local REPOSITORY = sources.lines_of("pwd")[1]
local EXAMPLE = REPOSITORY .. "/examples/lab/lab.lua"

describe("lualogue lab", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- A folder with this lab, whose model is on a server with this script.
  local function with_lab(script, text, body)
    command.with_world(server:script(script), function(world)
      world:write(world.folder .. "/lab.lua", 'local lab = require "lualogue.lab"\n' .. text)
      body(world)
    end)
  end

  local hello = fixture.json(200, fixture.chat_reply "Hello Lua")
  local PLAIN = 'return lab { models = "m", prompts = "${q}", inputs = { { id = "a", q = "1" }, { id = "b", q = "2" } }, check = lab.contains "%s" }'

  it("shows the example, offline, within a second: a regression (its README)", function()
    command.with_world(nil, function(world)
      local core = require "lualogue.core"
      local began = core.now()
      local out, err, code = world:run({ "lab", EXAMPLE, "--against", "baseline" }, { environment = "LUALOGUE_OFFLINE=1" })
      assert.is_true(core.now() - began < 5) -- a loaded machine
      assert.same({ "", 1 }, { err, code })
      assert.matches("terse · small  lost 1  won 0  shaky 1  same 2  unclear (p = 1)", out, 1, true)
      assert.matches("lost     Australia · terse · small  2/2 -> 0/2\n         [-Canberra-]{+Sydney.+}\n", out, 1, true)
      local readme = sources.read(REPOSITORY .. "/README.md")
      local function timeless(text) return (text:gsub("%d%.%d%d s", "0.00 s"):gsub("compared with [^\n]*/examples", "compared with examples")) end
      assert.is_truthy(timeless(readme):find(timeless(out), 1, true), "README.md does not show what is printed:\n" .. out)
    end)
  end)

  it("runs the example again from its cache, and holds it against the run before", function()
    command.with_world(nil, function(world)
      world:run { "lab", EXAMPLE }
      local out, _, code = world:run { "lab", EXAMPLE, "--against", "last" }
      assert.matches("100% cached", out, 1, true)
      assert.matches("no difference\n$", out)
      assert.equal(1, code)
      assert.equal(1, (select(3, world:run { "lab", EXAMPLE, "--fail-on-regression" })))
      assert.equal(0, (select(3, world:run { "lab", EXAMPLE, "--fail-on-regression=worse" })))
      assert.equal(0, (select(3, world:run { "lab", EXAMPLE, "--allow-failures" })))
      local listed = world:run { "lab", "list" }
      assert.equal(5, select(2, listed:gsub("27/32 passed\n", "")))
      assert.matches("^%d+T%d+Z[%d.]*%-%x+  ", listed)
    end)
  end)

  it("ends with 0 where all is well, 1 where a check failed", function()
    with_lab(hello, PLAIN:format "Lua", function(world)
      local out, err, code = world:run { "lab", "lab.lua" }
      assert.same({ "", 0 }, { err, code })
      assert.matches("a     ok  Hello Lua", out, 1, true)
      assert.is_nil(out:find "\27")
    end)
    with_lab(hello, PLAIN:format "C", function(world)
      assert.equal(1, (select(3, world:run { "lab", "lab.lua" })))
    end)
  end)

  it("ends with 2 for what is wrong in the lab, with its line (3, 10, 32)", function()
    for _, case in ipairs {
      { 'return lab { models = "m", prompts = "${q}", inputs = { { q = "1" } }, check = function() error "oops" end }', "no verdict on 1 · prompt · m: function at lab.lua:2: lab.lua:2: oops\n", "out" },
      { 'return lab { models = { "m", "m" }, prompts = "x" }', "^lualogue: lab.lua:2: bad argument 'spec' to 'lab' %(models: the name m comes twice%)\n$" },
      { 'return lab { models = "m", prompts = "${x}", inputs = { { q = "1" } } }', "lab.lua:2: .*${x} is missing in every row" },
      { "return lab {", "^lualogue: lab.lua:2: " },
      { "return 3", "it returns no lab" },
    } do
      with_lab(hello, case[1], function(world)
        local out, err, code = world:run { "lab", "lab.lua" }
        assert.equal(2, code)
        if case[3] then
          assert.matches("errors: check 1", out, 1, true)
          assert.matches(case[2], out, 1, true)
        else
          assert.matches(case[2], err)
        end
        if not case[3] then assert.equal("", out) end
      end)
    end
  end)

  it("ends with 2 for options that make no sense", function()
    with_lab(hello, PLAIN:format "Lua", function(world)
      for words, why in pairs {
        [""] = "a lab file or -p expected", ["lab.lua x.lua"] = "one lab file expected", ["none.lua"] = "No such file",
        ["lab.lua -p x"] = "--prompt makes a lab of its own", ["lab.lua -o x.pdf"] = ".csv, .jsonl, .md or .html expected",
        ["lab.lua --against none"] = "none: there is no such run", ["lab.lua --against baseline"] = "lab.baseline.jsonl is missing",
        ["lab.lua --fail-on-regression=bad"] = "worse, or nothing, expected", ["lab.lua --only zzz"] = "no cell is left",
        ["lab.lua --resume"] = "there is no run to go on with", ["lab.lua --failing"] = "nothing is known to fail",
        ["-p x -m m --check foo"] = "no such check", ["-p x -m m --input none.csv"] = "No such file", ["bless"] = "no run of a lab has come to its end",
      } do
        local out, err, code = world:run("lab " .. words)
        assert.same({ "", 2 }, { out, code }, words .. ": " .. err)
        assert.matches(why, err, 1, true)
        assert.equal(1, select(2, err:gsub("\n", "")), err)
      end
      assert.same({}, sources.lines_of("ls " .. program.quote(world.folder .. "/.lualogue")))
    end)
  end)

  it("shows nothing that acts on a terminal, in errors neither", function()
    command.with_world(nil, function(world)
      local _, err, code = world:run { "lab", "\27[31mred.lua" }
      assert.equal(2, code)
      assert.matches("\\x1b[31mred.lua: No such file", err, 1, true)
      assert.is_nil(err:find "\27")
    end)
  end)

  it("ends with 3 where the server fails, and shows the rest", function()
    with_lab({ fixture.json(400, fixture.error_body "No."), hello }, PLAIN:format "Lua", function(world)
      local out, _, code = world:run { "lab", "lab.lua", "-j1" }
      assert.equal(3, code)
      assert.matches("a     err  No.\nb     ok  Hello Lua\n", out, 1, true)
      assert.matches("errors: api 400 1", out, 1, true)
    end)
  end)

  it("ends with 3 and says what is left where it may cost no more (30)", function()
    with_lab(hello, PLAIN:format("Lua"):gsub("}$", ", prices = { m = { 1e6, 1e6 } } }"), function(world)
      local out, _, code = world:run { "lab", "lab.lua", "-j1", "--max-cost", "1" }
      assert.equal(3, code)
      assert.matches("stopped: the most that it may cost is spent; 1 of 2 cells are left undone", out, 1, true)
    end)
  end)

  it("blesses a run, and finds no difference to it afterwards (41)", function()
    with_lab(hello, PLAIN:format "Lua", function(world)
      world:run { "lab", "lab.lua" }
      local out, err, code = world:run { "lab", "bless" }
      assert.same({ "lab.baseline.jsonl  2/2 passed\n", "", 0 }, { out, err, code })
      local bytes = world:read(world.folder .. "/lab.baseline.jsonl")
      out, err, code = world:run { "lab", "lab.lua", "--fail-on-regression" }
      assert.matches("no difference\n$", out)
      assert.same({ "", 0 }, { err, code })
      world:run { "lab", "bless", "lab.lua" }
      assert.equal(bytes, world:read(world.folder .. "/lab.baseline.jsonl"))
    end)
  end)

  it("makes a lab of its options", function()
    command.with_world(server:script(hello), function(world)
      world:write(world.folder .. "/rows.csv", "q,expect\none,Lua\ntwo,C\n")
      local out, err, code = world:run { "lab", "-p", "Say ${q}", "--input", "rows.csv", "-m", "a", "-m", "b", "--check", "icontains ${expect}",
        "--check", "no contains x", "--repeat", "2", "-o", "out.csv", "-o", "out.md", "-o", "out.html", "-o", "out.jsonl" }
      assert.same({ "", 1 }, { err, code })
      assert.matches("one   2/2  Hello Lua", out, 1, true)
      assert.matches("two   0/2  Hello Lua", out, 1, true)
      assert.matches("prompt · a +██████████·········· +2/4", out)
      for _, name in ipairs { "csv", "md", "html", "jsonl" } do
        assert.matches("Hello Lua", world:read(world.folder .. "/out." .. name), 1, true)
      end
      local _, why, other = world:run { "lab", "-p", "x", "-m", "a", "-o", "no/such/out.csv" }
      assert.equal(3, other)
      assert.matches("no/such/out.csv", why, 1, true)
    end)
  end)

  it("takes prices and names of models from config.lua", function()
    with_lab(hello, PLAIN:format "Lua", function(world)
      world:write("~/.config/lualogue/config.lua", 'return { prices = { m = { 1e6, 1e6 } }, models = { short = "m" } }')
      assert.matches("cost 16.0000", (world:run { "lab", "lab.lua" }), 1, true)
      assert.matches("prompt · short  [█]+  1/1", (world:run { "lab", "-p", "Hi", "-m", "short" }))
      world:write("~/.config/lualogue/config.lua", "return { prices = { m = 3 } }")
      local _, err, code = world:run { "lab", "lab.lua" }
      assert.same({ 2, 'lualogue: config.lua: prices["m"]: { input, output, cached = ... } per million tokens expected\n' }, { code, err })
    end)
  end)

  it("counts before it sends anything, without a key", function()
    with_lab(hello, PLAIN:format("Lua"):gsub('"m"', '"gpt-4o-mini"'), function(world)
      local out, err, code = world:run({ "lab", "lab.lua", "--dry-run" }, { environment = "OPENAI_BASE_URL=https://nobody.invalid/v1" })
      assert.same({ "prompt · gpt-4o-mini  2 cells  2 to send  16 prompt tokens\n", "", 0 }, { out, err, code })
    end)
  end)

  it("shows somebody who waits a letter for each cell, and colors in a terminal alone (46)", function()
    with_lab(hello, PLAIN:format "Lua", function(world)
      local screen, code = world:terminal({ "lab", "lab.lua" }, 80)
      assert.equal(0, code)
      assert.matches("^%.%.\n", screen)
      assert.matches("\27[32mok  Hello Lua\27[0m", screen, 1, true)
      assert.matches("──┼──", screen, 1, true)
      assert.matches("^cc\n", (world:terminal({ "lab", "lab.lua" }, 80)))
      for _, variable in ipairs { "NO_COLOR=1", "TERM=dumb" } do
        assert.is_nil(world:terminal({ "lab", "lab.lua" }, 80, variable):find "\27%[%d")
      end
    end)
  end)

  it("ends with 130 at Ctrl-C, and shows what it has (28)", function()
    with_lab({ hello, fixture.join({ stall = true }, hello) }, PLAIN:format "Lua", function(world)
      local output = world:shell "set -m; timeout -s INT 3 $LUALOGUE lab lab.lua -j1; echo code $?"
      assert.matches("code 124", output, 1, true)
      assert.matches("a     ok  Hello Lua\n", output, 1, true)
      assert.matches("stopped by hand; 1 of 2 cells are left undone", output, 1, true)
      output = world:shell "$LUALOGUE lab lab.lua -j1 & sleep 3; kill -INT $!; wait $!; echo code $?"
      assert.matches("code 130", output, 1, true)
    end)
  end)

  it("writes the key in no file and on no screen", function()
    local key = "sk-secret-key-0123456789"
    with_lab({ fixture.json(401, fixture.error_body("Incorrect API key: " .. key)), fixture.json(200, fixture.chat_reply("it is " .. key)) }, PLAIN:format "x", function(world)
      local out, err = world:run({ "lab", "lab.lua", "-j1", "-o", "o.html", "-o", "o.csv", "-o", "o.jsonl", "-o", "o.md" }, { environment = "OPENAI_API_KEY=" .. key })
      assert.matches("it is ****", out, 1, true)
      assert.is_nil((out .. err):find(key, 1, true))
      world:run { "lab", "bless" }
      assert.same({}, sources.lines_of(("grep -rl %s %s %s"):format(key, world.folder, world.home)))
    end)
  end)

  it("ends without a word where nobody reads on (45)", function()
    with_lab(hello, PLAIN:format "Lua", function(world)
      local output = world:shell "$LUALOGUE lab lab.lua | head -1"
      assert.equal("row   prompt · m\n", output)
    end)
  end)
end)
