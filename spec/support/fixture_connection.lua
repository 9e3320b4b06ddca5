--- One accepted connection of the fixture server, below HTTP: bytes in, bytes out, and whether
-- the client is still there.
--
-- A reader coroutine moves what arrives into `received` and notices that the client has left;
-- another one parses and answers. LuaJIT only, for its FFI and for its pcall, which may be
-- yielded across.

local cqueues = require "cqueues"
local condition = require "cqueues.condition"
local ffi = require "ffi"

local connection = {}

ffi.cdef [[
int shutdown(int fd, int how);
int SSL_shutdown(void *ssl);
int setsockopt(int fd, int level, int name, const void *value, unsigned int length);
int getsockopt(int fd, int level, int name, void *value, unsigned int *length);
struct llg_fixture_linger { int on; int seconds; };
]]

local SOL_SOCKET, SO_LINGER, IPPROTO_TCP, TCP_INFO = 1, 13, 6, 11
local TCP_ESTABLISHED, SHUT_WR = 1, 1

---@class fixture.Connection
---@field number integer the how-manieth of its site
---@field site fixture.Site
---@field socket any cqueues socket
---@field received string what came and is not parsed yet
---@field gone boolean the client has left
---@field closed boolean we have closed
---@field reading boolean what comes is to be read
---@field changed any condition: something came, or the client left
local connection_mt = {}
connection_mt.__index = connection_mt

-- ------------------------------------------------------------------ reading

--- Move bytes from the socket until the client leaves or `self.reading` is false.
function connection_mt:read_on()
  while not self.closed do
    if not self.reading then
      self.changed:wait()
    else
      local data = self.socket:xread(-65536)
      if self.closed then
        return
      elseif not data then
        self:leave()
        return
      end
      self.received = self.received .. data
      self.changed:signal()
      cqueues.sleep(0) -- a client that never pauses must not keep the others from running
    end
  end
end

--- Note that the client has gone.
function connection_mt:leave()
  self.gone = true
  self.changed:signal()
  self.site:touch()
end

--- Whether the kernel still holds the connection for open: for sockets that we do not read.
local function is_established(fd)
  local info, size = ffi.new("uint8_t[256]"), ffi.new("unsigned int[1]", 256)
  return ffi.C.getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, size) == 0 and info[0] == TCP_ESTABLISHED
end

--- Sleep, or less if the client leaves.
---@param seconds number
---@param stop? fun(): boolean end earlier
function connection_mt:pause(seconds, stop)
  local deadline = cqueues.monotime() + seconds
  while not self.gone and not (stop and stop()) do
    local left = deadline - cqueues.monotime()
    if left <= 0 then
      return
    end
    if self.reading then
      cqueues.poll(self.changed, self.site.released, left < math.huge and left or nil)
    else
      cqueues.poll(self.site.released, math.min(left, 0.005))
      if not is_established(self.fd) then
        self:leave()
      end
    end
  end
end

--- Wait until `find(received)` gives something true; nil if the client leaves first.
---@param find fun(received: string): any
---@return any found
function connection_mt:wait_for(find)
  self.reading = true
  self.changed:signal()
  while true do
    local found = find(self.received)
    if found then
      return found
    elseif self.gone or self.closed then
      return nil
    end
    cqueues.poll(self.changed)
  end
end

--- Take so many bytes off what came.
---@param bytes integer
---@return string
function connection_mt:take(bytes)
  local taken = self.received:sub(1, bytes)
  self.received = self.received:sub(bytes + 1)
  return taken
end

-- ------------------------------------------------------------------ writing

--- Write bytes in one piece; false if the client has gone.
---@param bytes string
---@return boolean
function connection_mt:write(bytes)
  if self.broken then
    return false -- a socket that is asked again and again at last raises
  end
  if not self.socket:xwrite(bytes, "n") then
    self.broken = true
    self:leave()
    return false
  end
  self.site.sent_bytes = self.site.sent_bytes + #bytes
  return true
end

--- close_notify, which cqueues leaves out.
local function say_goodbye(ssl)
  if ssl then
    ffi.load("libssl.so.3").SSL_shutdown(ffi.cast("void **", ssl)[0])
  end
end

--- Close without the words that TLS has for it.
function connection_mt:fall_silent()
  ffi.C.shutdown(self.fd, SHUT_WR)
  self.silent = true
  self:close()
end

--- Close, once.
---@param reset? boolean with a reset instead of a proper end
function connection_mt:close(reset)
  if self.closed then
    return
  end
  self.closed = true
  if reset then
    local linger = ffi.new("struct llg_fixture_linger", 1, 0)
    ffi.C.setsockopt(self.fd, SOL_SOCKET, SO_LINGER, linger, ffi.sizeof(linger))
  end
  self.changed:signal()
  if not reset and not self.silent then
    say_goodbye(self.socket:checktls())
  end
  self.socket:close()
  self.site:forget(self)
end

--- Take a connection over; nothing is read from it until somebody waits for something.
---@param site fixture.Site
---@param socket any an accepted cqueues socket
---@param number integer
---@return fixture.Connection
function connection.new(site, socket, number)
  local self = setmetatable({
    site = site, socket = socket, fd = socket:pollfd(), number = number, received = "",
    reading = false, gone = false, closed = false, changed = condition.new(),
  }, connection_mt)
  site.cq:wrap(function()
    local ok, err = pcall(self.read_on, self)
    if not ok and not self.closed then
      site:fail(err)
      self:leave()
    end
  end)
  return self
end

return connection
