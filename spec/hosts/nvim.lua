-- Neovim: what a plugin does, beside a timer of the editor's own; texts go into a buffer.
local core = require "lualogue.core"
local heart = require("spec.hosts.heart").new(core.now)
local lualogue = require "lualogue"
local weather = require "spec.hosts.weather"

local uv = vim.uv or vim.loop
require("lualogue.loop.uv").attach()
local timer = uv.new_timer()
timer:start(5, 5, vim.schedule_wrap(function() heart:beat() end))
local over = false
lualogue.task(function()
  weather.sail(heart, function(line)
    vim.api.nvim_buf_set_lines(0, -1, -1, false, { line }) -- allowed nowhere but in the main loop
    io.stdout:write(line, "\n")
  end)
  timer:close()
  over = true
end)
vim.wait(60000, function() return over end, 20)
vim.cmd "qall!"
