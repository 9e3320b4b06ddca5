-- What happens to each call, how much is asked for at most, and what is wrong with a server.
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local plain, server = require("offline").connect(lualogue)
local messages = { { role = "user", content = "I dreamt of the sea." } }

-- Each event has its type, the number of its call, and no key anywhere. In a file, as lines of
-- JSON: log = "calls.jsonl". On stderr, without a word in the program: LUALOGUE_LOG=debug.
local function show(event)
  local what = event.type == "request" and ("%d bytes"):format(event.bytes)
    or event.type == "headers" and ("status %d"):format(event.status)
    or event.type == "retry" and ("again in %.1f s: %s"):format(event.delay, event.reason)
    or event.type == "done" and ("%s, %d tokens"):format(event.verdict, event.usage.total_tokens)
    or tostring(event.err or event.message)
  print(("call %d  %-8s %s"):format(event.call, event.type, what))
end

-- More than two at once, or more than 600 a minute, wait for their turn; nobody else stands still.
local client = plain:with {
  on_event = show,
  limit = { requests_per_minute = 600, concurrent = 2 },
  -- Where lualogue would try again (info.delay), but never so that it may be done twice.
  retry = function(info) return info.delay and info.safe and math.min(info.delay, 2) end,
}
lualogue.assert(client:chat { messages = messages })
print(select(2, client:request("GET", "/no/such/path")))

local at_once, most = 0, 0
local function count(event)
  at_once = at_once + (event.type == "request" and 1 or event.type == "done" and -1 or 0)
  most = math.max(most, at_once)
end
lualogue.assert(lualogue.map({ 1, 2, 3, 4, 5, 6 }, function()
  return client:chat({ messages = messages }, { on_event = count })
end))
print(("six calls, %d at once"):format(most))

-- From here to the server and back, each step in plain words: for a first run.
print(plain:check())
server:close()
