--- HTTP/1 as the fixture server speaks it: reads requests, records them, and does to the client
-- what the script says, byte by byte.

local connection = require "fixture_connection"
local render = require "fixture_render"

local http1 = {}

local max_head_bytes = 4 * 1024 * 1024

-- ------------------------------------------------------------------ requests

--- Read and record the head of the next request.
---@param self fixture.Connection
---@return fixture.Request?
local function read_head(self)
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
local function read_chunks(self, request)
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

--- Read a body of so many bytes, piece by piece, since it may be large.
local function read_bytes(self, request, bytes)
  local parts = {}
  while bytes > 0 and self:wait_for(function(received) return #received > 0 end) do
    local part = self:take(bytes)
    parts[#parts + 1] = part
    bytes = bytes - #part
  end
  request.body = table.concat(parts)
  request.complete = bytes <= 0
end

--- Read the body of a request, and invite it if the client waits for that.
local function read_body(self, request, invite)
  if request.complete then
    return
  end
  if invite and header(request, "expect") == "100-continue" then
    self:write("HTTP/1.1 100 Continue\r\n\r\n")
  end
  if (header(request, "transfer-encoding") or ""):find("chunked", 1, true) then
    read_chunks(self, request)
  else
    read_bytes(self, request, tonumber(header(request, "content-length") or "") or 0)
  end
  self.site:touch()
end

-- ------------------------------------------------------------------ steps

local steps = {}
local run

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

--- The end of TCP without that of TLS.
function steps.silence(self)
  self:fall_silent()
end

function steps.half_close(self)
  self.socket:shutdown("w")
end

--- The body goes by, and only its length is kept: for those of a gigabyte.
local function discard(self, request)
  local bytes = tonumber(header(request, "content-length") or "") or 0
  request.body_bytes = 0
  while request.body_bytes < bytes and self:wait_for(function(received) return #received > 0 end) do
    request.body_bytes = request.body_bytes + #self:take(bytes - request.body_bytes)
  end
  request.complete = request.body_bytes == bytes
  self.site:touch()
end

function steps.read(self, step, request)
  if step.read == "discard" and request then
    discard(self, request)
  elseif step.read == "stop" then
    self.reading = false
  end
  if step.read == "body" and request then
    read_body(self, request, false)
  end
end

function steps.respond(self, step, request)
  run(self, render.steps(step.respond, request and request.method == "HEAD"), request)
end

--- Do steps until one ends the connection.
function run(self, list, request)
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
local function serve_one(self)
  local site = self.site
  local unread = site:peek_unread()
  if unread then
    run(self, unread)
    return false
  end
  local request = read_head(self)
  if not request then
    return false
  end
  local answer = site:next_answer(request)
  if not reads_itself(answer) then
    read_body(self, request, request.version ~= "1.0")
  end
  run(self, answer, request)
  request.left = self.gone
  request.done = not self.gone
  site:touch()
  if self.gone or self.closed then
    return false
  end
  read_body(self, request, false)
  return request.version ~= "1.0" and header(request, "connection") ~= "close"
end

--- Serve a connection until it is over. Never raises: what goes wrong is told to the site.
---@param site fixture.Site
---@param socket any an accepted cqueues socket
---@param number integer
function http1.serve(site, socket, number)
  local self = connection.new(site, socket, number)
  local ok, err = pcall(function()
    repeat
      local more = serve_one(self)
    until not more
  end)
  if not ok then
    site:fail(err)
  end
  self:close()
end

return http1
