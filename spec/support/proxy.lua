--- A proxy for one connection: luajit proxy.lua http|socks5 [USER:PASSWORD]
---
--- Prints its port, then a line for each thing that it was told, and ends with the connection, or
--- after 20 seconds. Whoever does not name the user and the password is refused.

local cqueues = require "cqueues"
local socket = require "cqueues.socket"

local kind, wanted = arg[1], arg[2]

local function say(...)
  print(...)
  io.stdout:flush()
end

local function open(listener_or_nil, host, port)
  local sock = listener_or_nil or assert(socket.connect { host = host, port = port, nodelay = true })
  sock:setmode("bn", "bn")
  sock:onerror(function(_, _, why) return why end)
  return sock
end

--- Move bytes from one to the other until one of them ends.
local function pump(from, to)
  while true do
    local data = from:xread(-65536)
    if not data or not to:xwrite(data, "n") then break end
  end
  to:shutdown "w"
end

local function relay(cq, client, host, port)
  local server = open(nil, host, port)
  if not server:connect(2) then return false end
  cq:wrap(pump, server, client)
  return server
end

local function decode64(text)
  local map, bits, out = {}, "", ""
  local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  for i = 1, 64 do map[alphabet:sub(i, i)] = i - 1 end
  for c in text:gmatch "[%w+/]" do
    for b = 5, 0, -1 do bits = bits .. math.floor(map[c] / 2 ^ b) % 2 end
  end
  for byte in bits:gmatch "%d%d%d%d%d%d%d%d" do out = out .. string.char(tonumber(byte, 2)) end
  return out
end

local function refuse(client)
  client:xwrite("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
    .. "Content-Length: 2\r\nConnection: close\r\n\r\nno", "n")
  client:close()
end

local function http(cq, client)
  local head = ""
  repeat
    local byte = client:xread(1)
    if not byte then return end
    head = head .. byte
  until head:find "\r\n\r\n$"
  local method, target = head:match "^(%S+) (%S+)"
  local auth = head:match "[Pp]roxy%-[Aa]uthorization: Basic (%S+)"
  say(method, target, auth and decode64(auth), head:match "\n[Aa]uthorization: ([^\r]*)")
  if wanted and (not auth or decode64(auth) ~= wanted) then return refuse(client) end
  local host, port = target:gsub("^http://", ""):match "^([^:/]+):(%d+)"
  local server = relay(cq, client, host, tonumber(port))
  if not server then return client:close() end
  if method == "CONNECT" then
    client:xwrite("HTTP/1.1 200 Connection established\r\n\r\n", "n")
  else
    server:xwrite((head:gsub("^(%S+ )http://[^/]+", "%1")), "n")
  end
  pump(client, server)
end

local function socks(cq, client)
  local function bytes(n) return client:xread(n) or error "cut" end
  local methods = bytes(2):byte(2)
  local offered = bytes(methods)
  if wanted then
    if not offered:find("\2", 1, true) then
      client:xwrite("\5\255", "n")
      say "no password"
      return client:close()
    end
    client:xwrite("\5\2", "n")
    local user = bytes(bytes(2):byte(2))
    local password = bytes(bytes(1):byte())
    say("user", user .. ":" .. password)
    local right = user .. ":" .. password == wanted
    client:xwrite(right and "\1\0" or "\1\1", "n")
    if not right then return client:close() end
  else
    client:xwrite("\5\0", "n")
  end
  local kinds = { [1] = "address", [3] = "name" }
  local what = kinds[bytes(4):byte(4)]
  local host
  if what == "name" then
    host = bytes(bytes(1):byte())
  else
    host = ("%d.%d.%d.%d"):format(bytes(4):byte(1, 4))
  end
  local high, low = bytes(2):byte(1, 2)
  say("connect", what, host)
  local server = relay(cq, client, host:find "%.invalid$" and "127.0.0.1" or host, high * 256 + low)
  client:xwrite("\5" .. (server and "\0" or "\5") .. "\0\1\0\0\0\0\0\0", "n")
  if server then pump(client, server) end
end

local cq = cqueues.new()
cq:wrap(function()
  local listener = assert(socket.listen { host = "127.0.0.1", port = 0 })
  assert(listener:listen())
  local _, _, port = listener:localname()
  say(port)
  local client = listener:accept(10)
  if client then
    open(client)
    local ok, err = pcall(kind == "http" and http or socks, cq, client)
    if not ok then say("error", err) end
  end
  cqueues.sleep(0.05)
  os.exit(0)
end)
cq:loop(20)
