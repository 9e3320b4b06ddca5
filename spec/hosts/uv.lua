-- luv: the tasks on its loop, a timer of 5 ms beside them.
local uv = require "luv"
local core = require "lualogue.core"
local heart = require("spec.hosts.heart").new(core.now)
local lualogue = require "lualogue"
local weather = require "spec.hosts.weather"

require("lualogue.loop.uv").attach()
local timer = uv.new_timer()
timer:start(5, 5, function() heart:beat() end)
lualogue.task(function()
  weather.sail(heart, print)
  timer:close()
end)
uv.run()
