--- Many tasks at once, in a process of its own: lua tasks.lua CASE URL N [EVENTS [MS]]
---
---     streams   N tasks, each of which reads a stream of EVENTS events, one each MS milliseconds
---     uv        the same on luv's loop
---     beside    one small chat after another beside N open streams
---     grow      N streams begun, stepped, and cancelled all at once
---
--- URL is the root of spec/bench/server. Prints one line of key=value; times in microseconds,
--- memory in KiB.

local lualogue = require "lualogue"
local core = require "lualogue.core"

local case, root, n = arg[1], arg[2], tonumber(arg[3])
local events, interval_ms = tonumber(arg[4] or 20), tonumber(arg[5] or 50)

local EVENT_TEXT_BYTES = 9
local MESSAGES = { { role = "user", content = "What is AI?" } }
local PARAMS = { messages = MESSAGES }

local function client_of(path)
  return lualogue.new {
    base_url = root .. path .. "/v1", api_key = "sk-bench", model = "gpt-4o-mini",
    connect_timeout = 60, max_retries = 0,
  }
end

local function rss_kib()
  local file = assert(io.open("/proc/self/statm"))
  local pages = file:read("*a"):match("%d+ (%d+)")
  file:close()
  return tonumber(pages) * 4
end

--- N tasks that read a stream each; what is to be checked and measured of them.
local function begin_readers()
  local client = client_of(("/paced/%d/%d"):format(interval_ms, events))
  local seen = { bytes = 0, done = 0, worst_kib = 0, open = 0 }
  local function read()
    local stream = assert(client:stream(PARAMS))
    seen.open = seen.open + 1
    for text in stream:text() do seen.bytes = seen.bytes + #text end
    seen.open = seen.open - 1
    if stream.finish_reason == "stop" then seen.done = seen.done + 1 end
  end
  for _ = 1, n do lualogue.task(read) end
  return seen
end

local function streams(run)
  for text in assert(client_of("/stream/100"):stream(PARAMS)):text() do assert(text) end
  collectgarbage()
  collectgarbage()
  local rss = rss_kib()
  local cpu, wall = os.clock(), core.now()
  local seen = begin_readers()
  lualogue.task(function()
    for _ = 1, math.floor(events * interval_ms / 200) do
      lualogue.sleep(0.2)
      if seen.open == n then seen.worst_kib = math.max(seen.worst_kib, rss_kib() - rss) end
    end
  end)
  run()
  cpu, wall = os.clock() - cpu, core.now() - wall
  assert(seen.done == n, "not all streams are complete")
  assert(seen.bytes == n * events * EVENT_TEXT_BYTES, "text is missing")
  print(("cpu_us=%.0f wall_us=%.0f items=%d rss_kib=%d"):format(
    cpu * 1e6, wall * 1e6, n * events, seen.worst_kib))
end

local cases = {}

function cases.streams() streams(lualogue.run) end

function cases.uv()
  local uv = require "luv"
  require("lualogue.loop.uv").attach()
  streams(uv.run)
end

--- Streams that say nothing for as long as this lasts.
local function open_streams(count)
  local client, list, open = client_of("/paced/100000/2"), {}, 0
  for i = 1, count do
    list[i] = lualogue.task(function()
      local stream = assert(client:stream(PARAMS))
      open = open + 1
      stream:message()
    end)
  end
  local until_s = core.now() + 60
  while open < count and core.now() < until_s do lualogue.sleep(0.01) end
  return list
end

function cases.beside()
  local chats, rounds = 300, {}
  lualogue.run(function()
    local client = client_of("")
    open_streams(n)
    lualogue.sleep(1)
    for i = 1, chats do
      local begun = os.clock()
      assert(client:chat(PARAMS))
      rounds[i] = os.clock() - begun
    end
  end)
  table.sort(rounds)
  print(("cpu_us=%.1f items=1"):format(rounds[math.floor(chats / 2)] * 1e6))
end

function cases.grow()
  lualogue.run(function()
    local begun = os.clock()
    local list = open_streams(n)
    lualogue.sleep(1)
    local opened = os.clock()
    for _ = 1, 1000 do lualogue.sleep(0) end
    local stepped = os.clock()
    for i = n, 1, -1 do list[i]:cancel() end
    for i = 1, n do list[i]:wait() end
    local ended = os.clock()
    print(("start_us=%.1f step_us=%.2f cancel_us=%.1f items=1"):format(
      (opened - begun) / n * 1e6, (stepped - opened) / 1000 * 1e6, (ended - stepped) / n * 1e6))
  end)
end

local run = cases[case]
if not run then error("no such case: " .. tostring(case), 0) end
run()
