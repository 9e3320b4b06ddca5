-- A loop of one's own, here around LuaSocket's select: any loop that can wait for a descriptor
-- does the same.  usage: lua examples/own_loop.lua
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)
local loop = require("lualogue.loop.frame").attach()

local has_socket, socket = pcall(require, "socket")
local core = require "lualogue.core"

-- What select wants of something to watch.
local watched = { getfd = loop.pollfd, dirty = function() return false end }

--- Wait until the descriptor is readable, for so long at most.
local function wait(seconds)
  if has_socket then
    socket.select({ watched }, nil, seconds)
  else -- without LuaSocket the core's own wait has to do
    core.step(seconds * 1000)
  end
end

-- Two tasks that read as if they blocked.
local answers = {}
for i, question in ipairs { "What is a coroutine?", "What is an event loop?" } do
  lualogue.task(function()
    local stream = assert(client:stream { messages = { { role = "user", content = question } } })
    local next_text = stream:text()
    local text = next_text()
    while text do
      answers[i] = (answers[i] or "") .. text
      text = next_text()
    end
  end)
end

-- The loop: the program's own work, a step of lualogue, and then no wait longer than either allows.
local BEAT_S = 0.02
local beats, next_beat = 0, core.now()
repeat
  local left = lualogue.step(2)
  if core.now() >= next_beat then
    beats, next_beat = beats + 1, core.now() + BEAT_S
  end
  local due = loop.due() -- milliseconds; nil: only the descriptor will say
  wait(math.max(0, math.min(next_beat - core.now(), due and due / 1000 or BEAT_S)))
until left == 0

for i = 1, 2 do print(answers[i]) end
print(("the loop went on meanwhile: %d beats"):format(beats))
server:close()
