-- nginx: what its timer runs sails, another timer of its beats. Started by nginx.conf.
local core = require "lualogue.core"
local weather = require "spec.hosts.weather"

local function say(line)
  io.stdout:write(line, "\n")
  io.stdout:flush()
end

return function()
  local heart, over = require("spec.hosts.heart").new(core.now), false
  require("lualogue.loop.nginx").attach()
  assert(ngx.timer.at(0, function()
    while not over do
      ngx.sleep(0.005)
      heart:beat()
    end
  end))
  assert(ngx.timer.at(0, function()
    local ok, err = pcall(weather.sail, heart, say)
    if not ok then say(tostring(err)) end
    over = true
    say("over")
  end))
end
