--- A long dialogue with a real server of a small window, a llama.cpp: no error of its window may
--- come through, and the count settles. The address is the only argument.
---     lua5.4 spec/bench/dialogue_rig.lua http://127.0.0.1:4040/v1 [TURNS] [blind]
--- Blind: it cannot ask for the window, and learns it from the first refusal.

local lualogue = require "lualogue"

local base_url, turns = arg[1], tonumber(arg[2]) or 200
local tighter, turn = {}, 0
local client = lualogue.new { base_url = base_url, api_key = false, model = "rig-tiny" }
local seen = client
if arg[3] == "blind" then
  seen = { model = client.model, server = client.server }
  function seen.chat(_, ...) return client:chat(...) end
  function seen.stream(_, ...) return client:stream(...) end
end
local d = lualogue.dialogue.new(seen, {
  system = "You are a guide through an old castle, and you answer at length.", max_tokens = 60, seed = 1,
  on_event = function(event)
    if event.type == "retried" then tighter[#tighter + 1] = turn end
    if event.type == "retried" or event.type == "input_truncated" then
      print(("  turn %d: %s, window %s"):format(turn, event.type, tostring(event.window)))
    end
  end,
})

local WORDS = {}
for word in ("the gate behind which a king once hid seven golden keys from every thief in town"):gmatch "%a+" do
  WORDS[#WORDS + 1] = word
end

local seed = 42
local function random(n)
  seed = (seed * 16807) % 2147483647
  return seed % n + 1
end

local function question()
  local words = {}
  -- The first ones are long: the window is met at once.
  for i = 1, turn <= 3 and 450 or random(60) do words[i] = WORDS[random(#WORDS)] end
  return table.concat(words, " ") .. "?"
end

local function read(text)
  local stream, err = d:stream(text)
  if not stream then return nil, err end
  repeat text, err = stream:next() until not text
  if err then return nil, err end
  return true, stream.answer
end

local worst = 0
for n = 1, turns do
  turn = n
  local way = n % 2 == 0 and read or function(text) return d:ask(text) end
  local ok, answer = way(question())
  if not ok then
    print(("turn %d failed: %s"):format(n, tostring(answer)))
    os.exit(1)
  end
  local account = d.inside.account:of "rig-tiny"
  local expected = answer.info.total * (account.ratio or 1)
  local off = answer.usage.prompt_tokens / expected - 1
  if n > 20 then worst = math.max(worst, math.abs(off)) end
  if n <= 10 or n % 20 == 0 then
    print(("  turn %3d: %4d messages sent, we count %4d, the server %4d, ratio %.3f, window %s"):format(
      n, #d:preview().messages, answer.info.total, answer.usage.prompt_tokens, account.ratio, tostring(account.window)))
  end
end
local usage = d:usage()
print(("%d turns, %d calls, %d tokens; tighter sends in turns { %s }; our count off by at most %.1f %% from turn 21 on")
  :format(usage.turns, usage.calls, usage.total_tokens, table.concat(tighter, ", "), worst * 100))
for _, at in ipairs(tighter) do
  if at > 3 or #tighter > 1 then os.exit(1) end
end
