--- What lualogue holds on to, in a process of its own: lua memory.lua CASE URL N
---
---     soak    N chats on one client: connections, and growth after a warm-up
---     slow    a reader that dawdles at the start of a stream of N events: growth meanwhile
---     paced   N streams at once, each 20 events 50 ms apart: memory and CPU
---
--- URL is the root of spec/bench/server. Prints one line of key=value; memory in KiB.

local core = require "lualogue.core"

local case, root, n = arg[1], arg[2], tonumber(arg[3])

local EVENT_TEXT_BYTES = 9
local SLOW_EVENTS = 200
local MESSAGES = { { role = "user", content = "What is AI?" } }

local function options(path)
  return { base_url = root .. path .. "/v1", api_key = "sk-bench", model = "gpt-4o-mini" }
end

local function rss_kib()
  local file = assert(io.open("/proc/self/status"))
  local kib = file:read("*a"):match("VmRSS:%s*(%d+) kB")
  file:close()
  return tonumber(kib)
end

local function settled()
  collectgarbage()
  collectgarbage()
  return rss_kib(), collectgarbage("count")
end

local function text_bytes(chunk)
  local choice = chunk.choices[1]
  local text = choice and choice.delta.content
  return text and #text or 0
end

local cases = {}

function cases.soak()
  local client = require("lualogue").new(options(""))
  local function chats(count)
    for _ = 1, count do assert(client:chat { messages = MESSAGES }) end
    return assert(client:request("GET", "/stats"))
  end
  local before = chats(1000)
  local rss, lua = settled()
  local after = chats(n)
  local rss_now, lua_now = settled()
  print(("connections=%d rss_kib=%d lua_kib=%.1f"):format(
    1 + after.connections - before.connections, rss_now - rss, lua_now - lua))
end

-- The stream keeps the text that was read, for message(): that is the reader's. So memory is
-- looked at while next to nothing was read and the server has all its time to send.
function cases.slow()
  local client = require("lualogue").new(options("/plain/" .. n))
  local warm_up = require("lualogue").new(options("/stream/1000"))
  for _ in assert(warm_up:stream { messages = MESSAGES }) do rss_kib() end
  local rss, lua = settled()
  local bytes, worst, worst_lua, seen = 0, 0, 0, 0
  for chunk in assert(client:stream { messages = MESSAGES }) do
    bytes = bytes + text_bytes(chunk)
    seen = seen + 1
    if seen <= SLOW_EVENTS then
      core.step(1)
      worst = math.max(worst, rss_kib() - rss)
      worst_lua = math.max(worst_lua, collectgarbage("count") - lua)
    end
  end
  assert(bytes == n * EVENT_TEXT_BYTES, "text is missing")
  print(("rss_kib=%d lua_kib=%.0f"):format(worst, worst_lua))
end

--- Take what each open stream has; the number of streams still open, and of bytes read.
local function drain(streams)
  local bytes, open = 0, 0
  for i, stream in pairs(streams) do
    local chunk, err = stream:next()
    while chunk do
      bytes = bytes + text_bytes(chunk)
      chunk, err = stream:next()
    end
    if chunk == false then
      open = open + 1
    else
      if err then error(err) end
      streams[i] = nil
    end
  end
  return open, bytes
end

function cases.paced()
  local events = 20
  local client = core.client(options(("/paced/50/%d"):format(events)))
  local streams = {}
  local params = { model = "gpt-4o-mini", messages = MESSAGES, stream = true }
  local rss = settled()
  local cpu = os.clock()
  for i = 1, n do streams[i] = client:stream(params) end
  local bytes, worst, open, turn = 0, 0, n, 0
  while open > 0 do
    core.step(1000)
    local now_open, got = drain(streams)
    open, bytes, turn = now_open, bytes + got, turn + 1
    if open == n and turn % 50 == 0 then worst = math.max(worst, rss_kib() - rss) end
  end
  cpu = os.clock() - cpu
  assert(bytes == n * events * EVENT_TEXT_BYTES, "text is missing")
  print(("cpu_us=%.0f items=%d rss_kib=%d"):format(cpu * 1e6, n * events, worst))
end

local run = cases[case]
if not run then error("no such case: " .. tostring(case), 0) end
run()
