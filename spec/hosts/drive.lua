-- Real hosts, each through every weather: what comes is right, and the host goes on meanwhile. The
-- pauses of each are printed; a call that blocked would be one of half a second and more.
local fixture = require "spec.support.fixture"
local host = require "spec.hosts.host"
local program = require "spec.support.program"

local WIDE_MS = 250 -- far above what is measured, far below what a blocking call costs
local CPU_MS = 30 -- of one pause: of the process's own time no more than 13 was ever seen

local weathers = { -- as spec/hosts/weather.lua has them
  alone = "slept", slow = "20 pieces", stalled = "timeout behind 1", fast = "2000 pieces",
  lookup = "timeout dns", hole = "timeout connect", tls = "20 replies",
}

describe("a host", function()
  local server, hole, hole_pid, environment
  setup(function()
    server = fixture.start()
    local function stream(pieces, options) return fixture.sse(fixture.words(pieces), options) end
    local function pieces(n)
      local list = {}
      for i = 1, n do list[i] = "word " end
      return list
    end
    local event = fixture.sse({ fixture.chunk("word ") }, { done = false })[1].respond.pieces[1]
    hole = io.popen("exec " .. host.BUILD .. "/aid/black_hole", "r")
    local port = hole:read("*l")
    hole_pid = hole:read("*l")
    local tls_url, ca_file = server:tls(fixture.json(200, fixture.chat_reply "Hi"))
    environment = {
      SLOW = server:script(stream(pieces(20), { delay = 0.05, split = 200 })),
      STALLED = server:script(fixture.sse(fixture.words { "word ", { stall = true } }, { done = false })),
      -- Ten events in each piece, one piece in five milliseconds.
      FAST = server:script {
        { send = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
        { send = event:rep(2000), split = 10 * #event, delay = 0.005 },
        { send = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n' },
        { close = true },
      },
      LOOKUP = "http://slow.invalid/v1",
      HOLE = "http://127.0.0.1:" .. port .. "/v1",
      TLS = tls_url, CA = ca_file,
    }
  end)
  teardown(function()
    os.execute("kill " .. hole_pid)
    hole:close()
    server:stop()
  end)

  --- The words in front of a command: where the weathers are, and a build for this Lua.
  local function prefix(lua)
    local words = {}
    for name, value in pairs(environment) do
      words[#words + 1] = ("LLG_WEATHER_%s=%s"):format(name, program.quote(value))
    end
    words[#words + 1] = host.paths(lua)
    words[#words + 1] = "LD_PRELOAD=" .. host.HERE .. "/" .. host.BUILD .. "/aid/slow_resolver.so"
    return table.concat(words, " ") .. " "
  end

  local function sails(name, command, lua)
    local output = program.run(prefix(lua) .. command)
    local seen = {}
    for weather, came, figures, longest, cpu in output:gmatch(
        "weather (%w+): ([^|\n]-) | ([^\n]-longest ([%d.]+) ms, CPU at most ([%d.]+) ms)") do
      print(("%-8s %-8s %s"):format(name, weather, figures))
      seen[weather] = came
      assert.is_true(tonumber(longest) < WIDE_MS, name .. ", " .. weather .. ": " .. figures)
      assert.is_true(tonumber(cpu) < CPU_MS, name .. ", " .. weather .. ": " .. figures)
    end
    assert.same(weathers, seen, output)
    for step in output:gmatch("step: [^\n]*") do print(name .. " " .. step) end
  end

  local function sailor(name, needs, body)
    it(name .. " sails through every weather", function()
      local reason = host.missing(needs)
      if reason then return pending(reason) end
      body()
    end)
  end

  for _, lua in ipairs { "lua5.4", "luajit" } do
    sailor("luv, " .. lua, { lua }, function() sails("luv", lua .. " spec/hosts/uv.lua", lua) end)
    sailor("cqueues, " .. lua, { lua }, function() sails("cqueues", lua .. " spec/hosts/cqueues.lua", lua) end)
  end
  sailor("copas", { "luajit" }, function() sails("copas", "luajit spec/hosts/copas.lua", "luajit") end)
  sailor("Neovim", { "nvim" }, function()
    sails("Neovim", "nvim --headless -u NONE -i NONE -n -S spec/hosts/nvim.lua", "luajit")
  end)
  sailor("LÖVE", { "love", "xvfb-run" }, function()
    sails("LÖVE", "SDL_AUDIODRIVER=dummy xvfb-run -a love spec/hosts/love", "luajit")
  end)
  sailor("mpv", { "mpv" }, function()
    sails("mpv", "mpv --no-config --idle=yes --vo=null --ao=null --really-quiet --script=spec/hosts/mpv.lua", "lua5.2")
  end)
  sailor("nginx", { "/usr/sbin/nginx" }, function()
    program.with_folder(function(folder)
      local path, cpath = host.environment_of("luajit")
      local pipe = assert(io.open("spec/hosts/nginx.conf"))
      local conf = pipe:read("*a")
      pipe:close()
      conf = conf:gsub("MODULES", "/usr/lib/nginx/modules"):gsub("LUAPATH", host.HERE .. "/?.lua;" .. path)
        :gsub("LUACPATH", cpath)
      local file = assert(io.open(folder .. "/nginx.conf", "w"))
      file:write(conf)
      file:close()
      -- It goes on until it is told to stop, which is when it has said that all is over.
      sails("nginx", ("sh -c '/usr/sbin/nginx -p %s -c %s/nginx.conf & n=$!; "):format(folder, folder)
        .. "t=0; while [ $t -lt 300 ] && ! grep -qs over " .. folder .. "/out; do sleep 0.1; t=$((t+1)); done; kill $n; wait $n' >"
        .. folder .. "/out; cat " .. folder .. "/out", "luajit")
    end)
  end)
end)
