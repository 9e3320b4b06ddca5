-- A long conversation with a small budget: what is sent, left out, summarised, as it happens.
-- usage: lua examples/memory.lua [budget in tokens]
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local trim = lualogue.trim
local client, server = require("offline").connect(lualogue)
local budget = tonumber(arg[1]) or 400

local function on_event(event)
  if event.type == "summarised" then
    print(("     ~ %d messages became: %s"):format(event.messages, event.checkpoint.text))
  elseif event.type == "trimmed" then
    print(("     ~ %d messages are not sent any more"):format(event.info.dropped))
  else
    print("     ~ " .. event.type .. (event.err and ": " .. tostring(event.err) or ""))
  end
end

local dialogue = client:dialogue {
  system = "You listen, and remember what matters.",
  on_event = on_event,
  -- The summary is made when 60 % of the budget is used; the guard behind it always holds.
  trim = trim.chain { trim.summary { when = 0.6, keep = 4 }, trim.tokens(budget) },
}

for day = 1, 12 do
  local question = ("Day %d: I worked on my garden, where I planted %d trees and a hedge.")
    :format(day, day + 2)
  local request, parts, total = dialogue:preview(question)
  if not request then error(tostring(parts)) end
  local form = "%2d   %d of %d messages, %d tokens: system %d, summary %d, history %d, question %d"
  print(form:format(
    day, #request.messages, #dialogue:history() + 2, total, parts.system, parts.summary,
    parts.history, parts.newest))
  local text, answer = dialogue:ask(question)
  if not text then error(tostring(answer)) end
end

-- History is never cut, only what is sent.
dialogue:pin(1) -- the first day is sent from now on, whatever happens
print(("all %d messages are there; sent would be %d"):format(
  #dialogue:history(), #dialogue:history { sent = true }))
local usage = dialogue:usage()
print(("%d calls for %d turns, %d tokens"):format(usage.calls, usage.turns, usage.total_tokens))
server:close()
