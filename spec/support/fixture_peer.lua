--- A client made of a raw socket, for the specs about servers: it sends and sees single bytes.

local socket = require "cqueues.socket"

local peer = {}

---@class fixture.Peer
---@field sock any cqueues socket
local peer_mt = {}
peer_mt.__index = peer_mt

--- Connect; raises if nobody is there.
---@param base_url string
---@return fixture.Peer
function peer.connect(base_url)
  local port = base_url:match(":(%d+)/")
  local sock = assert(socket.connect { host = "127.0.0.1", port = tonumber(port), nodelay = true })
  sock:setmode("bn", "bn")
  sock:onerror(function(_, _, why) return why end)
  assert(sock:connect(2))
  return setmetatable({ sock = sock, base_url = base_url }, peer_mt)
end

function peer_mt:write(bytes)
  return self.sock:xwrite(bytes, "n", 5)
end

--- Send a request with the headers and the body as given.
function peer_mt:request(line, headers, body)
  self:write(line .. " HTTP/1.1\r\nHost: here\r\n" .. (headers or "") .. "\r\n" .. (body or ""))
  return self
end

--- What comes within the timeout, at most in one read: bytes, nil at the end, or nil, error.
function peer_mt:read(timeout)
  self.sock:clearerr("r")
  return self.sock:xread(-65536, timeout or 5)
end

--- Everything until the end of the connection, how it ended, and in how many reads.
function peer_mt:read_all()
  local parts = {}
  while true do
    local data, why = self:read()
    if not data then
      return table.concat(parts), why, #parts
    end
    parts[#parts + 1] = data
  end
end

--- Exactly so many bytes.
function peer_mt:read_bytes(count)
  local got = ""
  while #got < count do
    got = got .. assert(self:read(), "the connection ended early")
  end
  return got
end

function peer_mt:close()
  self.sock:close()
end

--- Everything that one request gets; for answers that end the connection.
---@param base_url string
---@return string bytes
---@return integer? why errno, nil for a proper end
---@return integer reads in how many pieces it came
function peer.get_all(base_url)
  local client = peer.connect(base_url):request("GET /v1/x")
  local all, why, reads = client:read_all()
  client:close()
  return all, why, reads
end

return peer
