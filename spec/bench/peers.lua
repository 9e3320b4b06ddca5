--- Prints the table of bench-peers. Started by spec/bench/peers, against a server that is up.
---
---     lua5.4 peers.lua URL BUILD ROOT PACKAGE CPUS
---
--- How it is measured: every cell is a process of its own; a round runs each of them once, one
--- after the other, and what is printed is the median of ROUNDS rounds. "x" is the median of
--- the rounds' ratios to bare libcurl in the same round, so that a machine that is busy in one
--- round slows both.
---
--- CPU is user and system of the client, never of the server. Of bare libcurl, lualogue and
--- node: of the process, around the workload alone, after a warm-up (node's is far the longest,
--- 100,000 chunks and 5,000 chats, so that its code is compiled). Of curl: of the Lua script
--- and all its children, whole, since a process per call has nothing that stays warm. One
--- stream of CHUNKS chunks; CHATS chats (CURL_CHATS for curl).
---
--- First byte is the wall time from the start of a process to the first text that it prints,
--- with every core that the bench was given, since node starts with more than one thread.
--- Memory is the most that the process had resident in 1,000 chats and a warm-up of 100; not
--- asked of curl, whose processes are gone after each.

local url, build, root, package_folder, cpus = arg[1], arg[2], arg[3], arg[4], arg[5]

local ROUNDS = 5
local CHUNKS = 20000
local CHATS = 1000
local CURL_CHATS = 100

local LAUNCH = build .. "/bench/launch "
local ANY_CPU = ("taskset -c %s "):format(cpus)

local function figures(command)
  local pipe = assert(io.popen(command))
  local line = pipe:read("l")
  if not pipe:close() or not line then error("failed: " .. command, 0) end
  local found = {}
  for key, value in line:gmatch("([%w_]+)=([-%d.]+)") do
    found[key] = tonumber(value)
  end
  return found
end

local function median(values)
  local sorted = table.move(values, 1, #values, 1, {})
  table.sort(sorted)
  return sorted[#sorted // 2 + 1] -- of an odd number
end

--- A cell: `key` of what the command says, divided by `by`.
local function cell(command, key, by)
  return { command = command, key = key, by = by, values = {} }
end

--- The cells of one client. `command(workload, n)` is its command line; `prefix` comes before
--- launch. `whole` is nil where text has no way of its own.
local function row(name, prefix, command, text, whole, memory)
  local function launched(workload, n) return prefix .. LAUNCH .. command(workload, n) end
  local made = {
    name = name,
    text = cell(prefix .. command(text, CHUNKS), "cpu_us", CHUNKS),
    chat = cell(prefix .. command("chats", CHATS), "cpu_us", CHATS),
    start = cell(prefix .. ANY_CPU .. LAUNCH .. command("start", 1), "first_us", 1000),
    memory = cell(launched(memory, CHATS), "rss_kib", 1024),
  }
  made.whole = whole and cell(prefix .. command(whole, CHUNKS), "cpu_us", CHUNKS) or made.text
  return made
end

local function floor()
  return row("bare libcurl", "", function(workload, n)
    return ("%s/bench/floor %s %s %d"):format(build, workload, url, n)
  end, "padded", nil, "chats")
end

local function ours(lua)
  local paths = ("LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/%s/?.so;;' "):format(
    root, root, build, lua)
  return row("lualogue, " .. lua, paths, function(workload, n)
    return ("%s %s/spec/bench/client.lua %s %s %d"):format(lua, root, workload, url, n)
  end, "padded_text", "padded_chunks", "chats")
end

local function node()
  return row("openai (npm), node", ("PACKAGE='%s' "):format(package_folder), function(workload, n)
    return ("node %s/spec/bench/peers.mjs %s %s %d"):format(root, workload, url, n)
  end, "stream", nil, "memory")
end

local function curl(lua)
  local function launched(workload, n)
    return LAUNCH .. ("%s %s/spec/bench/peers_curl.lua %s %s %d"):format(
      lua, root, workload, url, n)
  end
  local made = {
    name = "curl by io.popen, " .. lua,
    text = cell(launched("stream", CHUNKS), "cpu_us", CHUNKS),
    chat = cell(launched("chats", CURL_CHATS), "cpu_us", CURL_CHATS),
    start = cell(ANY_CPU .. launched("start", 1), "first_us", 1000),
  }
  made.whole = made.text
  return made
end

local COLUMNS = { "text", "whole", "chat", "start", "memory" }

local function run(rows)
  for round = 1, ROUNDS do
    for _, column in ipairs(COLUMNS) do
      for _, client in ipairs(rows) do
        local at = client[column]
        if at and not at.values[round] then
          at.values[round] = figures(at.command)[at.key] / at.by
        end
      end
    end
  end
end

local function show(value)
  return value < 10 and ("%.2f"):format(value) or ("%.0f"):format(value)
end

--- "figure ratio" of a cell beside the floor's.
local function beside(at, base)
  if not at then return ("%8s %7s"):format("-", "-") end
  local ratios = {}
  for round = 1, ROUNDS do ratios[round] = at.values[round] / base.values[round] end
  return ("%8s %7s"):format(show(median(at.values)), "x" .. show(median(ratios)))
end

local rows = { floor(), ours("lua5.4"), ours("luajit"), node(), curl("lua5.4"), curl("luajit") }
run(rows)
print(("%-25s%17s%17s%17s%17s%17s"):format(
  "", "chunk, text  us", "chunk, whole  us", "chat  us", "first byte  ms", "memory  MiB"))
for _, client in ipairs(rows) do
  local line = { ("%-25s"):format(client.name) }
  for i, column in ipairs(COLUMNS) do
    line[i + 1] = " " .. beside(client[column], rows[1][column])
  end
  print(table.concat(line))
end
print("us: CPU of the client, user and system, per chunk and per chat; x: times bare libcurl.")
print("Of npm's package and of curl, text costs what whole chunks cost: they decode each one.")
