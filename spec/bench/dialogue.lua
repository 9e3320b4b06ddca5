--- What a dialogue itself costs for one more turn, for a fork, and to keep: with 1,000, 10,000 and
--- 100,000 messages remembered. Fails over its limits.

local dialogue = require "lualogue.dialogue"
local trim = require "lualogue.trim"

local TURN_MS, BYTES_A_MESSAGE, OF_TEXT = 5, 400, 1.5

local now = os.clock

--- A client that answers at once.
local client = { model = "gpt-4o" }
function client.chat()
  return { choices = { { message = { role = "assistant", content = "Yes, that is so. " .. ("word "):rep(40) }, finish_reason = "stop" } } }
end
function client.stream() end

local function kb()
  collectgarbage()
  collectgarbage()
  return collectgarbage("count")
end

local function text_of(i) return ("message number %d of a long conversation "):format(i) .. ("and on "):rep(30) end

--- A dialogue of n messages, and the bytes of their texts.
local function remembered(n)
  local list, n_bytes = {}, 0
  for i = 1, n do
    list[i] = { role = i % 2 == 1 and "user" or "assistant", content = text_of(i) }
    n_bytes = n_bytes + #list[i].content
  end
  local d = dialogue.new(client, { system = "You are terse.", trim = trim.tokens(4000) })
  d:import(list)
  return d, n_bytes
end

local function median(times)
  table.sort(times)
  return times[math.floor(#times / 2) + 1]
end

local function timed(n, fn)
  local times = {}
  for i = 1, n do
    local start = now()
    fn(i)
    times[i] = (now() - start) * 1000
  end
  return median(times)
end

local bad = false
local function hold(ok, what)
  if ok then return end
  bad = true
  print("  over its limit: " .. what)
end

local before = kb()
local d, n_bytes = remembered(10000)
assert(d:ask("warm up"))
local kept = (kb() - before) * 1024
local limit = OF_TEXT * n_bytes + BYTES_A_MESSAGE * 10000
print(("%s: 10,000 messages: %.2f MB of text, %.2f MB kept: the text and %.0f bytes a message"):format(
  rawget(_G, "jit") and "luajit" or _VERSION, n_bytes / 2 ^ 20, kept / 2 ^ 20, (kept - n_bytes) / 10000))
hold(kept <= limit, "memory")

local turn_of = {}
for _, n in ipairs { 1000, 10000, 100000 } do
  d = remembered(n)
  local first = timed(1, function() assert(d:ask("first")) end)
  local fork = timed(101, function() d:fork() end)
  local turn = timed(201, function(i) assert(d:ask("question " .. i)) end)
  local _, _, total = d:preview("x")
  local undo = timed(51, function() d:undo() d:redo() end)
  turn_of[n] = turn
  print(("  %6d remembered: first turn %.2f ms, one more %.3f ms (%d tokens sent), fork %.4f ms, undo and redo %.4f ms")
    :format(n, first, turn, total, fork, undo))
  hold(turn <= TURN_MS, "one more turn")
  hold(fork <= 0.1, "a fork")
end
hold(turn_of[100000] <= 3 * turn_of[1000] + 0.3, "a turn costs what is sent, not what is remembered")
os.exit(bad and 1 or 0)
