--- One HTTP/2 connection of the fixture server, on lua-http: described responses only, no raw bytes.

local cqueues = require "cqueues"
local errno = require "cqueues.errno"
local common = require "http.connection_common"
local h2_connection = require "http.h2_connection"
local h2_error = require "http.h2_error"
local new_headers = require("http.headers").new
local render = require "fixture_render"

local http2 = {}

local look_again_s = 0.005
local hop_by_hop = { connection = true, ["transfer-encoding"] = true, ["keep-alive"] = true }

---@class fixture.Stream2
---@field site fixture.Site
---@field connection any lua-http's
---@field stream any lua-http's
local stream_mt = {}
stream_mt.__index = stream_mt

--- Whether the client has reset the stream or left.
function stream_mt:is_gone()
  return self.peer.gone or self.stream.rst_stream_error ~= nil or self.stream.state == "closed"
end

--- Sleep, or less if the client leaves.
function stream_mt:pause(seconds, stop)
  local deadline = cqueues.monotime() + seconds
  while not self:is_gone() and not (stop and stop()) do
    local left = deadline - cqueues.monotime()
    if left <= 0 then
      return
    end
    cqueues.poll(math.min(left, look_again_s))
  end
end

--- Everything that comes of the body.
---@return string
function stream_mt:read_body()
  local parts = {}
  repeat
    -- With a timeout, since nothing wakes a stream when its connection ends.
    local chunk, _, why = self.stream:get_next_chunk(look_again_s)
    parts[#parts + 1] = chunk
  until not chunk and (why ~= errno.ETIMEDOUT or self:is_gone())
  return table.concat(parts)
end

--- Read and record the whole request.
function stream_mt:read_request()
  local headers = self.stream:get_headers()
  if not headers then
    return nil
  end
  local request = {
    connection = self.peer.number, method = headers:get(":method") or "",
    target = headers:get(":path") or "", version = "2", headers = {}, body = "",
    complete = false, left = false, done = false,
  }
  for name, value in headers:each() do
    if name:sub(1, 1) ~= ":" then
      request.headers[#request.headers + 1] = { name, value }
    end
  end
  self.site:record(request)
  self.peer.unanswered[request] = true
  request.body = self:read_body()
  request.complete = self.stream.state == "half closed (remote)"
  return request
end

-- ------------------------------------------------------------------ steps

local steps = {}

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

function steps.reset(self)
  self.stream:rst_stream(h2_error.errors.INTERNAL_ERROR:new { message = "as the script says" })
  self.over = true
end

function steps.close(self)
  self.over = true
  self.connection.socket:shutdown("rw")
end

--- "refused": this request was not looked at; "taken": it will be answered, no other will, which
--- is said at once or "later".
function steps.goaway(self, step)
  local last = step.goaway == "refused" and 0 or self.stream.id
  local function say()
    self.connection:write_goaway_frame(last, h2_error.errors.NO_ERROR.code, "as the script says")
  end
  if step.goaway ~= "later" then return say() end
  self.site.cq:wrap(function()
    cqueues.sleep(0.05)
    say()
    self.site:touch()
  end)
end

local function head_of(response, pieces)
  local headers = new_headers()
  headers:append(":status", tostring(response.status))
  for _, pair in ipairs(render.headers(response, pieces)) do
    local name = pair[1]:lower()
    if not hop_by_hop[name] then
      headers:append(name, pair[2])
    end
  end
  return headers
end

function steps.respond(self, step)
  local response = step.respond
  local pieces = render.pieces(response)
  self.stream:write_headers(head_of(response, pieces), false)
  local sent
  for _, piece in ipairs(response.split and render.cut(pieces, response.split) or pieces) do
    if type(piece) ~= "string" then
      self:run({ piece })
    else
      if sent and response.delay then
        self:pause(response.delay)
      end
      if self.over or self:is_gone() or not self.stream:write_chunk(piece, false) then
        return
      end
      self.site.sent_bytes = self.site.sent_bytes + #piece
      sent = true
    end
  end
  local ending = response.ending or "complete"
  if ending == "complete" then
    self.stream:write_chunk("", true)
    self.over = true
  else
    self:run({ { [ending == "cut" and "close" or ending] = true } })
  end
end

--- Do steps until one ends the stream.
function stream_mt:run(list)
  for _, step in ipairs(list) do
    if self.over or self:is_gone() then
      return
    end
    local name = next(step)
    local act = steps[name] or error("HTTP/2 has no step " .. tostring(name))
    act(self, step)
  end
end

local function serve_stream(self)
  local request = self:read_request()
  if not request then
    return
  end
  self:run(self.site:next_answer(request))
  request.done = self.over
  request.left = not self.over
  self.peer.unanswered[request] = nil
  self.site:touch()
  if not self.over then
    self.stream:shutdown()
  end
end

--- Whoever still waits for the client's window will not be woken any more.
local function leave(site, peer)
  peer.gone = true
  for request in pairs(peer.unanswered) do
    request.left = true
  end
  site:touch()
end

--- Serve a connection until it is over. Never raises.
---@param site fixture.Site
---@param socket any a cqueues socket after its handshake
---@param number integer
function http2.serve(site, socket, number)
  socket:setmode("b", "b")
  socket:onerror(common.onerror)
  local peer = { number = number, gone = false, unanswered = {} }
  local ok, err = pcall(function()
    local connection = assert(h2_connection.new(socket, "server", {}))
    -- Without a timeout, lua-http takes any wake-up for one that has run out.
    for stream in function() return (connection:get_next_incoming_stream(1e6)) end do
      site.cq:wrap(function()
        local self = setmetatable({
          site = site, connection = connection, stream = stream, peer = peer, over = false,
        }, stream_mt)
        local served, why = pcall(serve_stream, self)
        if not served and not peer.gone then
          site:fail(why)
          socket:shutdown("rw")
        end
      end)
    end
    leave(site, peer)
    connection:close()
  end)
  if not ok and not peer.gone then
    site:fail(err)
  end
  leave(site, peer)
  pcall(socket.close, socket)
  site:forget()
end

return http2
