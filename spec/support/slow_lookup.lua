-- Run with slow_resolver.so: how long a cancel and a clock take while a lookup sleeps.
local core = require "lualogue.core"
local messages = { { role = "user", content = "Hi" } }

local exchange = core.client { base_url = "http://slow.invalid/v1" }:chat { messages = messages }
for _ = 1, 5 do core.step(20) end
local begun = core.now()
exchange:cancel()
assert(select(2, exchange:result()).kind == "cancelled")
local cancelled = core.now() - begun

local client = core.client { base_url = "http://slow.invalid/v1", connect_timeout = 0.2, max_retries = 0 }
exchange = client:chat { messages = messages }
begun = core.now()
local reply, err
repeat
  core.step()
  reply, err = exchange:result()
until reply ~= false
print(("cancel %.3f timeout %.3f %s %s"):format(cancelled, core.now() - begun, err.kind, err.phase))
io.stdout:flush()
os.exit(0, false)
