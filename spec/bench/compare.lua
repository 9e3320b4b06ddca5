--- Runs the bench against a server that is up, and prints one table: lualogue beside bare
--- libcurl, each ratio with its limit, and with the goal where that is lower. Ends with 1 if one
--- of them is over its limit. Started by run.
---
--- A limit is what holds today with some room for noise: over it is a step back. Why a goal is not
--- reached, `make bench-profile` shows: who spends what.
---
--- Runs of both alternate, and the median of the ratios of neighbours counts: times move by
--- a quarter and more with what else the machine does, ratios of neighbours far less. Each
--- run measures its own CPU around its workload; the start alone is wall time.
---
---     lua5.4 compare.lua URL BUILD ROOT quick|full [LUA...]

local url, build, root, mode = arg[1], arg[2], arg[3], arg[4]
local luas = { table.unpack(arg, 5) }
local quick = mode == "quick"

local PAIRS = quick and 5 or 9
-- A short run is noisier: it fails only where the limit is missed by more than this.
local MARGIN = quick and 1.1 or 1

local function count(full) return quick and full // 5 or full end

local function shell(command)
  local pipe = assert(io.popen(command))
  local line = pipe:read("l")
  if not pipe:close() or not line then error("failed: " .. command, 0) end
  return line
end

--- Run a command; the key=value pairs of its one line, as numbers.
local function figures(command)
  local found = {}
  for key, value in shell(command):gmatch("([%w_]+)=([-%d.]+)") do
    found[key] = tonumber(value)
  end
  return found
end

local function median(values)
  table.sort(values)
  local middle = #values // 2
  if #values % 2 == 1 then return values[middle + 1] end
  return (values[middle] + values[middle + 1]) / 2
end

local function floor(workload, n)
  return ("%s/bench/floor %s %s %d"):format(build, workload, url, n)
end

local function script(lua, name, workload, n)
  return ("%s %s/spec/bench/%s.lua %s %s %d"):format(lua, root, name, workload, url, n)
end

local function environment(lua)
  return ("LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/%s/?.so;;' "):format(
    root, root, build, lua)
end

local function client(lua, workload, n)
  return environment(lua) .. script(lua, "client", workload, n)
end

-- Processes that may run where they like.
local BESIDE = ("taskset -c %s "):format(os.getenv "LLG_BENCH_CPUS" or "0")

local over, missed = 0, 0

--- One line of the table. `limit` may be nil: then the line only informs.
local function report(name, lua, base, cost, ratio, limit, goal)
  local verdict = ""
  if limit then
    verdict = ratio <= limit * MARGIN and "OK" or "OVER"
    if verdict == "OVER" then over = over + 1 end
  end
  if goal and ratio > goal then
    missed = missed + 1
    verdict = verdict .. ", goal missed"
  end
  local function shown(value) return value and ("%.4g"):format(value) or "-" end
  print(("%-31s %-7s %10s %10s %8s %6s %6s  %s"):format(
    name, lua, base, cost, ("%.2f"):format(ratio), shown(goal), shown(limit), verdict))
  io.flush()
end

--- Alternate the commands, PAIRS times; per command the list of what `key` was per item.
local function alternate(pairs_wanted, key, commands)
  local costs = {}
  for i = 1, #commands do costs[i] = {} end
  for round = 1, pairs_wanted do
    for i, command in ipairs(commands) do
      local got = figures(command)
      costs[i][round] = got[key] / (got.items or 1)
    end
  end
  return costs
end

local function ratios(costs, of)
  local list = {}
  for round = 1, #costs[1] do
    local at = {}
    for i = 1, #costs do at[i] = costs[i][round] end
    list[round] = of(table.unpack(at))
  end
  return median(list)
end

local function micros(values) return ("%.3g"):format(median(values)) end

--- `limits`: by Lua; `goal`: of both.
local function plain(name, lua, workload, n, limits, goal, floor_of)
  local bare = floor(floor_of or workload, n)
  local costs = alternate(PAIRS, "cpu_us", { bare, client(lua, workload, n) })
  local ratio = ratios(costs, function(base, cost) return cost / base end)
  report(name, lua, micros(costs[1]), micros(costs[2]), ratio, limits and limits[lua], goal)
end

local function twice(name, lua, workload, n)
  local costs =
    alternate(PAIRS, "cpu_us", { client(lua, workload, n), client(lua, workload, 2 * n) })
  local ratio = ratios(costs, function(once, both) return 2 * both / once end)
  report(name, lua, micros(costs[1]), micros(costs[2]), ratio, 2.2)
end

local function start(name, lua, workload, limits, goal)
  local launch = build .. "/bench/launch "
  local ours = environment(lua) .. launch .. script(lua, "client", workload, 1)
  local costs = alternate(3 * PAIRS, "first_us", { launch .. floor(workload, 1), ours })
  local ratio = ratios(costs, function(base, cost) return cost / base end)
  report(name, lua, micros(costs[1]), micros(costs[2]), ratio, limits[lua], goal)
end

local function memory(lua)
  local function run(case, n)
    return figures(environment(lua) .. script(lua, "memory", case, n))
  end
  local soak = run("soak", count(10000))
  report("connections of all chats", lua, "", "", soak.connections, 1)
  report("MiB grown by them, process", lua, "", "", soak.rss_kib / 1024, 0.5)
  report("MiB grown by them, Lua", lua, "", "", soak.lua_kib / 1024, 0.1)
  local slow = run("slow", count(400000))
  report("MiB held for a slow reader", lua, "", "", slow.rss_kib / 1024, 2)
end

local function many(lua)
  local streams = 500
  local base = ("%s/bench/floor_many %s %d"):format(build, url, streams)
  local ours = environment(lua) .. script(lua, "memory", "paced", streams)
  local costs = alternate(quick and 1 or 3, "cpu_us", { base, ours })
  local ratio = ratios(costs, function(bare, cost) return cost / bare end)
  report("chunk, 500 paced streams", lua, micros(costs[1]), micros(costs[2]), ratio)
  local bare_kib, kib = figures(base).rss_kib / streams, figures(ours).rss_kib / streams
  report("KiB held for each of them", lua, micros { bare_kib }, micros { kib }, kib / bare_kib)
end

--- Tasks, each of which reads a stream of its own, and what many open ones cost everybody else.
local function tasks(lua)
  local function ours(case, streams, ...)
    local more = table.concat({ ... }, " ")
    return environment(lua) .. script(lua, "tasks", case, streams) .. " " .. more
  end
  local SHAPES = {
    { "streams", 500, 200, 20, limit = 1.8, wall_s = 4.2, kb = 36 }, { "uv", 500, 200, 20, limit = 1.8 },
    { "streams", 2000, 50, 80, limit = 2 },
  }
  for _, shape in ipairs(SHAPES) do
    local case, streams, events, ms = table.unpack(shape)
    events = quick and events // 2 or events
    local wall_us, bare_us, kib = {}, {}, {}
    local base = ("%s/bench/floor_many %s %d %d %d"):format(build, url, streams, events, ms)
    local costs = { {}, {} }
    for round = 1, quick and 1 or 3 do
      local bare, got = figures(base), figures(ours(case, streams, events, ms))
      costs[1][round], costs[2][round] = bare.cpu_us / bare.items, got.cpu_us / got.items
      kib[round] = got.rss_kib / streams
      -- Beside their server, not behind it: what the clock says is of both.
      local beside = environment(lua) .. BESIDE .. script(lua, "tasks", case, streams)
      bare_us[round] = quick and 0 or figures(BESIDE .. base).wall_us
      wall_us[round] = quick and 0 or figures(("%s %d %d"):format(beside, events, ms)).wall_us
    end
    local ratio = ratios(costs, function(bare, cost) return cost / bare end)
    local name = ("%d tasks%s"):format(streams, case == "uv" and " on luv" or "")
    report("event, " .. name, lua, micros(costs[1]), micros(costs[2]), ratio, shape.limit)
    if not quick then
      report(("s for %.0f s, %s"):format(events * ms / 1000, name), lua,
        ("%.2f"):format(median(bare_us) / 1e6), "", median(wall_us) / 1e6, shape.wall_s)
    end
    report("kB each, " .. name, lua, "", "", median(kib) * 1.024, shape.kb)
  end
  local alone
  for _, streams in ipairs { 0, 1000, 3000, 9000 } do
    local cost = figures(ours("beside", streams)).cpu_us
    alone = alone or cost
    report(("chat beside %d streams"):format(streams), lua, "", micros { cost }, cost / alone, 2)
  end
  local few
  for _, streams in ipairs { 1000, 3000, 10000 } do
    local got = figures(ours("grow", streams))
    few = few or got
    for _, what in ipairs { "start", "step", "cancel" } do
      local key = what .. "_us"
      report(("%s, %d streams"):format(what, streams), lua, "", micros { got[key] }, got[key] / few[key], 2)
    end
  end
  local held = figures(ours("streams", 10000, 5, 1000))
  report("event, 10000 tasks, one a second", lua, "", micros { held.cpu_us / held.items }, held.wall_us / 1e6)
end

-- What is printed in a row: its limits on 5.4 and LuaJIT, and the goal of both.
local function limits(puc, jit) return { ["lua5.4"] = puc, luajit = jit } end
local CHAT, CHAT_GOAL = limits(2.9, 2.7), 1.4
local FIRST = limits(4.3, 4.3)
local TEXT, TEXT_GOAL = limits(3.7, 3.3), 2.5
local WHOLE, WHOLE_GOAL = limits(11.5, 7.8), 6
local COUNTED = limits(15, 12)
local VECTORS, VECTORS_GOAL = limits(4.8, 4.6), 3
local COLD = limits(7.5, 7.5)
local READY, READY_GOAL = limits(1.8, 1.8), 1.25
local START, START_GOAL = limits(2, 2), 1.4

print(("%-31s %-7s %10s %10s %8s %6s %6s"):format(
  "CPU in us per item", "Lua", "libcurl", "lualogue", "ratio", "goal", "limit"))
for _, lua in ipairs(luas) do
  local events, chats = count(200000), count(5000)
  plain("chat", lua, "chats", chats, CHAT, CHAT_GOAL)
  plain("stream, up to its first text", lua, "first", chats, FIRST)
  for _, kind in ipairs { "plain", "padded", "counted" } do
    local whole = kind == "counted" and COUNTED or WHOLE
    plain(kind .. " event, as text", lua, kind .. "_text", events, TEXT, TEXT_GOAL, kind)
    plain(kind .. " event, whole", lua, kind .. "_chunks", events, whole, WHOLE_GOAL, kind)
  end
  twice("twice as many events, text", lua, "padded_text", events)
  twice("twice as many events, whole", lua, "padded_chunks", events)
  plain("256 vectors, base64", lua, "embeddings", count(100), VECTORS, VECTORS_GOAL)
  plain("256 vectors, five calls, cold", lua, "cold", 5, COLD, VECTORS_GOAL)
  plain("256 vectors, numbers", lua, "floats", count(10))
  start("start to a client (wall)", lua, "ready", READY, READY_GOAL)
  start("start to first text (wall)", lua, "start", START, START_GOAL)
  memory(lua)
  many(lua)
  tasks(lua)
end
print("plain: alike but for the text; padded: as api.openai.com's; counted: id, usage and timings change")
if missed > 0 then print(("%d goals missed: make bench-profile shows who spends what"):format(missed)) end
if quick then print("quick: a limit counts as kept up to a tenth above it, for noise") end
if over > 0 then
  print(("%d over the limit"):format(over))
  os.exit(1)
end
