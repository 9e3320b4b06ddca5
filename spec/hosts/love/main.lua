-- LÖVE: each update steps for 2 ms at the most; the frames are the heartbeat.
local core = require "lualogue.core"
local heart = require("spec.hosts.heart").new(core.now)
local lualogue = require "lualogue"
local weather = require "spec.hosts.weather"

local BUDGET_MS = 2
local longest_ms, most_ms = 0, 0 -- on the clock, and of the processor's time

function love.load()
  lualogue.task(function()
    weather.sail(heart, function(line)
      io.stdout:write(line, "\n")
      io.stdout:flush()
    end)
    print(("step: longest %.1f ms with a budget of %d, %.1f ms of CPU"):format(
      longest_ms, BUDGET_MS, most_ms))
    love.event.quit()
  end)
end

function love.update()
  heart:beat()
  local begun, cpu = core.now(), os.clock()
  lualogue.step(BUDGET_MS)
  longest_ms = math.max(longest_ms, (core.now() - begun) * 1000)
  most_ms = math.max(most_ms, (os.clock() - cpu) * 1000)
end
