-- cqueues: one of its own coroutines sails, another beats.
local cqueues = require "cqueues"
local core = require "lualogue.core"
local heart = require("spec.hosts.heart").new(core.now)
local weather = require "spec.hosts.weather"

local cq, over = cqueues.new(), false
require("lualogue.loop.cqueues").attach(cq)
cq:wrap(function()
  weather.sail(heart, print)
  over = true
end)
cq:wrap(function()
  while not over do
    cqueues.sleep(0.005)
    heart:beat()
  end
end)
assert(cq:loop())
