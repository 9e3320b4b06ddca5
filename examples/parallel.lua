-- Fifty questions, eight at a time, with a line that says how far it is.
-- usage: lua examples/parallel.lua [how many] [at a time]
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)

local n, at_once = tonumber(arg[1]) or 50, tonumber(arg[2]) or 8
local animals = { "cat", "heron", "newt", "otter", "wasp" }
local prompts = {}
for i = 1, n do
  prompts[i] = ("Name one thing about the %s, number %d."):format(animals[i % #animals + 1], i)
end

local running, done, tokens = 0, 0, 0

local function progress()
  io.stderr:write(("\r%3d of %d answered, %d on their way, %d tokens "):format(
    done, n, running, tokens))
end

-- Reads as if it blocked; while one waits, the others go on.
local function ask(prompt)
  running = running + 1
  progress()
  local reply, err = client:chat { messages = { { role = "user", content = prompt } } }
  running, done = running - 1, done + 1
  if not reply then return nil, err end
  tokens = tokens + (reply.usage and reply.usage.total_tokens or 0)
  progress()
  return reply.text
end

local core = require "lualogue.core"
local begun = core.now()
-- keep_going: one that fails does not end the others.
local answers, errors = lualogue.map(prompts, ask, { concurrency = at_once, keep_going = true })
local took = core.now() - begun
io.stderr:write("\n")

for i = 1, math.min(3, n) do
  print(prompts[i], answers[i] or tostring(errors[i]))
end
local failed = 0
for _ in pairs(errors) do failed = failed + 1 end
print(("%d answers, %d failed, %d tokens, %.2f s"):format(n - failed, failed, tokens, took))
server:close()
