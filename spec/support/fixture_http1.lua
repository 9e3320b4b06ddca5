--- One HTTP/1 connection of the fixture server: reads requests, records them, and does to the
-- client what the script says, byte by byte.
--
-- A reader coroutine moves what arrives into `connection.received` and notices that the client
-- has left; another coroutine parses and answers. Runs under LuaJIT only, whose pcall may be
-- yielded across.

local cqueues = require "cqueues"
local condition = require "cqueues.condition"
local ffi = require "ffi"
local render = require "fixture_render"

local http1 = {}

ffi.cdef [[
int setsockopt(int fd, int level, int name, const void *value, unsigned int length);
int getsockopt(int fd, int level, int name, void *value, unsigned int *length);
struct llg_fixture_linger { int on; int seconds; };
]]

local SOL_SOCKET, SO_LINGER, IPPROTO_TCP, TCP_INFO = 1, 13, 6, 11
local TCP_ESTABLISHED = 1
local max_head_bytes = 4 * 1024 * 1024

---@class fixture.Connection
---@field number integer the how-manieth of its site
---@field site fixture.Site
---@field socket any cqueues socket
---@field received string what came and is not parsed yet
---@field gone boolean the client has left
---@field closed boolean we have closed
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

--- Wait until `find(received)` gives something true, or the client is gone.
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

function connection_mt:take(bytes)
  local taken = self.received:sub(1, bytes)
  self.received = self.received:sub(bytes + 1)
  return taken
end

-- ------------------------------------------------------------------ requests

--- Read and record the head of the next request.
---@return fixture.Request?
function connection_mt:read_head()
  local stop = self:wait_for(function(received)
    local _, last = received:find("\r\n\r\n", 1, true)
    return last or #received > max_head_bytes and #received
  end)
  local head = self:take(stop or #self.received)
  if head == "" then
    return nil
  end
  local line, rest = head:match("^([^\r\n]*)\r?\n?(.*)$")
  local method, target, version = line:match("^(%S+) (%S+) HTTP/(%S+)$")
  local request = {
    connection = self.number, head = head, method = method or "", target = target or "",
    version = version or "", headers = {}, body = "", complete = false, left = false, done = false,
  }
  for name, value in rest:gmatch("([^\r\n:]+):[ \t]*([^\r\n]*)\r\n") do
    request.headers[#request.headers + 1] = { name, value }
  end
  self.site:record(request)
  return stop and method and request or nil
end

local function header(request, wanted)
  for _, pair in ipairs(request.headers) do
    if pair[1]:lower() == wanted then
      return pair[2]:lower()
    end
  end
end

--- Read a body that comes in chunks.
function connection_mt:read_chunks(request)
  repeat
    local stop = self:wait_for(function(received)
      return (select(2, received:find("\r\n", 1, true)))
    end)
    local size = stop and tonumber(self:take(stop):match("^%x+") or "", 16)
    if not size or not self:wait_for(function(received) return #received >= size + 2 end) then
      return
    end
    request.body = request.body .. self:take(size)
    self:take(2)
  until size == 0
  request.complete = true
end

--- Read the body of a request, and invite it if the client waits for that.
function connection_mt:read_body(request, invite)
  if request.complete then
    return
  end
  if invite and header(request, "expect") == "100-continue" then
    self:write("HTTP/1.1 100 Continue\r\n\r\n")
  end
  if (header(request, "transfer-encoding") or ""):find("chunked", 1, true) then
    self:read_chunks(request)
  else
    local bytes = tonumber(header(request, "content-length") or "") or 0
    request.complete = self:wait_for(function(received) return #received >= bytes end) or false
    request.body = self:take(bytes)
  end
  self.site:touch()
end

-- ------------------------------------------------------------------ writing

--- Write bytes in one piece; false if the client has gone.
---@param bytes string
---@return boolean
function connection_mt:write(bytes)
  if not self.socket:xwrite(bytes, "n") then
    self:leave()
    return false
  end
  self.site.sent_bytes = self.site.sent_bytes + #bytes
  return true
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
  self.socket:close()
  self.site:forget(self)
end

-- ------------------------------------------------------------------ steps

local steps = {}

function steps.send(self, step)
  local bytes, size = step.send, step.split or #step.send
  for _ = 1, step.times or 1 do
    for at = 1, #bytes, math.max(size, 1) do
      if step.delay and at > 1 then
        self:pause(step.delay)
      end
      if not self:write(bytes:sub(at, at + size - 1)) then
        return
      end
    end
  end
end

function steps.sleep(self, step)
  self:pause(step.sleep)
end

function steps.stall(self)
  self:pause(math.huge)
end

function steps.hold(self, step)
  local site = self.site
  self:pause(math.huge, function() return site.open_gates[step.hold] end)
end

function steps.close(self)
  self:close()
end

function steps.reset(self)
  self:close(true)
end

function steps.half_close(self)
  self.socket:shutdown("w")
end

function steps.read(self, step, request)
  if step.read == "body" and request then
    self:read_body(request, false)
  end
end

function steps.respond(self, step, request)
  self:run(render.steps(step.respond, request and request.method == "HEAD"), request)
end

--- Do steps until one ends the connection.
function connection_mt:run(list, request)
  for _, step in ipairs(list) do
    if self.closed or self.gone and not step.send then
      return
    end
    local known
    for name, act in pairs(steps) do
      if step[name] ~= nil then
        known = true
        act(self, step, request)
        break
      end
    end
    if not known then
      error("a step that the server does not know")
    end
  end
end

local function reads_itself(answer)
  for _, step in ipairs(answer) do
    if step.read then
      return true
    end
  end
  return false
end

--- Answer one request; false when the connection is over.
function connection_mt:serve_one()
  local site = self.site
  local unread = site:peek_unread()
  if unread then
    self:run(unread)
    return false
  end
  local request = self:read_head()
  if not request then
    return false
  end
  local answer = site:next_answer(request)
  if not reads_itself(answer) then
    self:read_body(request, request.version ~= "1.0")
  end
  self:run(answer, request)
  request.left = self.gone
  request.done = not self.gone
  site:touch()
  if self.gone or self.closed then
    return false
  end
  self:read_body(request, false)
  return request.version ~= "1.0" and header(request, "connection") ~= "close"
end

--- Serve a connection until it is over. Never raises: what goes wrong is told to the site.
---@param site fixture.Site
---@param socket any an accepted cqueues socket
---@param number integer
function http1.serve(site, socket, number)
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
  local ok, err = pcall(function()
    repeat
      local more = self:serve_one()
    until not more
  end)
  if not ok then
    site:fail(err)
  end
  self:close()
end

return http1
