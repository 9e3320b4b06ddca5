-- What a run of the lab has done is never lost: not to kill -9, not to Ctrl-C, not to a full disk.
local fixture = require "spec.support.fixture"
local lab = require "lualogue.lab"
local log = require "lualogue.lab.log"
local program = require "spec.support.program"

local N = 100
local CODE = [[
  local lab = require "lualogue.lab"
  local rows = {}
  for i = 1, %d do rows[i] = { id = "r" .. i, q = "Q" .. i } end
  local spec = lab {
    models = { { model = "m", base_url = %q, api_key = false, concurrency = 4 } }, prompts = "${q}", inputs = rows,
    check = lab.contains "Lua", name = "kill",
  }
  io.stdout:setvbuf "no"
  require("lualogue").interrupts(true)
  local result, err = lab.run(spec, { folder = %q, cache = %s, on_cell = function(_, n) print(n) end })
  if not result then print(err) return end
  print(("sum %%d pass %%d sent %%d left %%d stopped %%s"):format(
    result.total.n, result.total.pass, result.n_sent, result.n_left, tostring(result.stopped)))
  print(result:table { width = 60 })
]]

describe("a run of the lab", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function code(url, folder, cache) return CODE:format(N, url, folder, tostring(cache)) end

  local function script() return server:script(fixture.join({ sleep = 0.004 }, fixture.json(200, fixture.chat_reply "Hello Lua"))) end

  --- Read a child's lines until one matches, or its end.
  local function upto(child, pattern)
    for line in function() return child:line() end do
      if line:find(pattern) then return line end
    end
  end

  it("is gone on with after each of twenty kills, and its sum is right (25)", function()
    local seed = 20261125 -- of where they fall
    program.with_folder(function(folder)
      local url, n_kills, last_n = script(), 0, nil
      for round = 1, 60 do
        if n_kills == 20 then break end
        seed = (seed * 1103515245 + 12345) % 2147483648
        local child = program.start(code(url, folder .. round, false))
        local wanted = 1 + seed % (N - 1)
        upto(child, "^" .. wanted .. "$")
        os.execute("kill -9 " .. child.pid)
        child:rest()
        local first = io.popen("ls " .. program.quote(folder .. round) .. "/runs/*.jsonl"):read "*l"
        local was_over = log.is_over(first) -- it was faster than the kill
        local output = program.lua(code(url, folder .. round, false))
        local n, pass, sent, left = output:match "sum (%d+) pass (%d+) sent (%d+) left (%d+) stopped nil"
        assert.same({ tostring(N), tostring(N), "0" }, { n, pass, left }, output)
        -- What was told as done is not asked again.
        assert.is_true(was_over or tonumber(sent) <= N - wanted, output)
        local logs = io.popen("ls " .. program.quote(folder .. round) .. "/runs/*.jsonl"):read "*a"
        local path = logs:match "^([^\n]+)\n$"
        if not was_over then
          assert.is_string(path, "one log: " .. logs)
          assert.equal(N, #assert(lab.read(path)).cells)
          n_kills, last_n = n_kills + 1, sent
        end
        os.execute("rm -r " .. program.quote(folder .. round))
      end
      assert.equal(20, n_kills)
      assert.is_string(last_n)
    end)
  end)

  it("ends at Ctrl-C with what is done, and is gone on with (28)", function()
    program.with_folder(function(folder)
      local url = script()
      local child = program.start(code(url, folder, false))
      upto(child, "^20$")
      child:interrupt()
      local rest = child:rest()
      local n, left = rest:match "sum (%d+) pass %d+ sent %d+ left (%d+) stopped interrupted"
      assert.is_string(n, rest)
      assert.equal(N, tonumber(n) + tonumber(left))
      assert.matches("stopped by hand; " .. left .. " of 100 cells are left undone", rest, 1, true)
      local output = program.lua(code(url, folder, false))
      assert.matches(("sum 100 pass 100 sent %s left 0 stopped nil"):format(left), output, 1, true)
    end)
  end)

  it("says that the disk is full, stops, and shows what it has", function()
    program.with_folder(function(folder)
      -- A file may have so many blocks of 512 bytes here: some cells fit.
      local limited = ("sh -c %s"):format(program.quote("trap '' XFSZ; ulimit -f 8; exec " .. program.INTERPRETER .. " -e \"$0\" ")):gsub("'$", "' ")
      local output = program.run(limited .. program.quote(code(script(), folder, false)))
      local n, left = output:match "sum (%d+) pass %d+ sent %d+ left (%d+) stopped disk"
      assert.is_string(n, output)
      assert.is_true(tonumber(n) >= 5 and tonumber(left) > 50, output)
      assert.matches("the log of the run cannot be written: cannot write '.*': File too large", output)
      assert.matches("r3 +ok  Hello Lua", output)
      assert.matches("sum 100 pass 100 .* stopped nil", (program.lua(code(script(), folder, false))))
    end)
  end)

  it("two at once have answers each, and the files are whole (22)", function()
    program.with_folder(function(folder)
      local url = script()
      local first, second = program.start(code(url, folder, true)), program.start(code(url, folder, true))
      assert.matches("sum 100 pass 100", first:rest())
      assert.matches("sum 100 pass 100", second:rest())
      assert.matches("sum 100 pass 100 sent 0", (program.lua(code(url, folder, true))))
      assert.equal("", io.popen("find " .. program.quote(folder) .. " -name '*.tmp'"):read "*a")
    end)
  end)
end)
