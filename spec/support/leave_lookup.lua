-- Run by living_host with slow_resolver.so: leave while a lookup is under way.
local core = require "lualogue.core"
exchange = core.client { base_url = "http://slow.invalid/v1" }:chat { messages = {} } -- luacheck: ignore
for _ = 1, 5 do core.step(10) end
