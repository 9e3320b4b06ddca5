-- Copas: two of its own threads. It has no timers: the one that beats sleeps as lualogue does.
local copas = require "copas"
local core = require "lualogue.core"
local heart = require("spec.hosts.heart").new(core.now)
local lualogue = require "lualogue"
local weather = require "spec.hosts.weather"

local over = false
require("lualogue.loop.copas").attach()
copas.addthread(function()
  weather.sail(heart, print)
  over = true
end)
copas.addthread(function()
  while not over do
    lualogue.sleep(0.005)
    heart:beat()
  end
end)
while not over do copas.step(1) end
