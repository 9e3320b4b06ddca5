--- A server for one request whose body it reads slowly: luajit slow_reader.lua BYTES PAUSE
---
--- Prints its port, reads the head, then BYTES every PAUSE seconds, then answers at once and ends.
--- It ends after 20 seconds in any case.

local cqueues = require "cqueues"
local socket = require "cqueues.socket"

local piece, pause = tonumber(arg[1]), tonumber(arg[2])
local answer = '{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"read"}}]}'

local function serve(listener)
  local client = listener:accept(10)
  if not client then return end
  client:setmode("bn", "bn")
  local head = ""
  repeat head = head .. client:xread(1, 5) until head:find "\r\n\r\n"
  local left = tonumber(head:lower():match "content%-length: (%d+)")
  while left > 0 do
    cqueues.sleep(pause)
    local part = client:xread(math.min(piece, left), 5)
    if not part then return end
    left = left - #part
  end
  client:xwrite(("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"):format(#answer, answer), "n", 5)
  client:close()
end

local cq = cqueues.new()
cq:wrap(function()
  -- A small window, so that the other side's machine holds what is not read.
  local listener = assert(socket.listen { host = "127.0.0.1", port = 0 })
  assert(listener:listen())
  local _, _, port = listener:localname()
  print(port)
  io.stdout:flush()
  pcall(serve, listener)
  os.exit(0)
end)
cq:loop(20)
