--- A Unix socket before a server of this machine, for one connection: luajit unix.lua PATH PORT
---
--- Says "ready", and ends with the connection, or after 20 seconds.

local cqueues = require "cqueues"
local socket = require "cqueues.socket"

local path, port = arg[1], tonumber(arg[2])

local function plain(sock)
  sock:setmode("bn", "bn")
  sock:onerror(function(_, _, why) return why end)
  return sock
end

local function pump(from, to)
  repeat local data = from:xread(-65536) until not data or not to:xwrite(data, "n")
  to:shutdown "w"
end

local cq = cqueues.new()
cq:wrap(function()
  local listener = assert(socket.listen { path = path, unlink = true })
  assert(listener:listen())
  print "ready"
  io.stdout:flush()
  local client = listener:accept(10)
  if client then
    plain(client)
    local server = plain(socket.connect { host = "127.0.0.1", port = port })
    cq:wrap(pump, server, client)
    pump(client, server)
  end
  os.exit(0)
end)
cq:loop(20)
