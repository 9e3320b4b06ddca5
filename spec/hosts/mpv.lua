-- mpv: a script in its own thread; a timer of mpv's steps, another one beats.
local core = require "lualogue.core"
local heart = require("spec.hosts.heart").new(core.now)
local lualogue = require "lualogue"
local weather = require "spec.hosts.weather"

mp.add_periodic_timer(0.005, function() lualogue.step(2) end)
mp.add_periodic_timer(0.005, function() heart:beat() end)
lualogue.task(function()
  weather.sail(heart, function(line)
    io.stdout:write(line, "\n")
    io.stdout:flush()
  end)
  mp.command "quit"
end)
