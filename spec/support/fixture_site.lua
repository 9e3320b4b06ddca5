--- One origin of the fixture server: a listening socket of its own, a script, and the record of
-- what came. Every script has its own port, so that tests share neither connections nor counts.

local cqueues = require "cqueues"
local condition = require "cqueues.condition"
local socket = require "cqueues.socket"

---@class fixture.Site
---@field number integer
---@field routes table<string, table[]> path below /v1, or "*" -> answers in order
---@field requests fixture.Request[]
---@field open_gates table<string, true>
local site_mt = {}
site_mt.__index = site_mt

local site = {}

local no_route = { { respond = {
  status = 404, framing = "content-length", content_type = "application/json",
  body = '{"error":{"message":"the script has no answer for this path","type":"fixture"}}',
} } }

--- Open a site.
---@param cq any the controller
---@param number integer
---@param serve fun(site: fixture.Site, socket: any, number: integer) serves one connection
---@param fail fun(message: string) reports a mistake of a script
---@return fixture.Site
function site.new(cq, number, serve, fail)
  local listener = assert(socket.listen { host = "127.0.0.1", port = 0 })
  assert(listener:listen())
  local _, _, port = listener:localname()
  local self = setmetatable({
    cq = cq, number = number, listener = listener, port = port, serve = serve, fail_ = fail,
    routes = {}, turns = {}, requests = {}, open_gates = {}, connections = {},
    accepted = 0, open = 0, sent_bytes = 0, failed_handshakes = 0,
    changed = condition.new(), released = condition.new(),
  }, site_mt)
  cq:wrap(self.accept_on, self)
  return self
end

function site_mt:accept_on()
  while self.listener do
    -- Raises when the listener is closed meanwhile.
    local ok, client = pcall(self.listener.accept, self.listener, { nodelay = true })
    if ok and client then
      client:setmode("bn", "bn")
      client:onerror(function(_, _, why)
        return why
      end)
      self.accepted = self.accepted + 1
      self.open = self.open + 1
      self:touch()
      self.cq:wrap(self.serve, self, client, self.accepted)
    else
      -- Out of descriptors, perhaps: not in a busy loop.
      cqueues.sleep(0.01)
    end
  end
end

--- Give the site another script, from its first answer on.
---@param routes table<string, table[]>
function site_mt:set_script(routes)
  self.routes, self.turns = routes, {}
end

local function in_turn(self, route)
  local answers = self.routes[route]
  local turn = (self.turns[route] or 0) + 1
  return answers[math.min(turn, #answers)], turn
end

--- If the next answer wants its connection not to be read at all, that answer.
function site_mt:peek_unread()
  if not self.routes["*"] then
    return nil
  end
  local answer, turn = in_turn(self, "*")
  if answer[1] and answer[1].read == "nothing" then
    self.turns["*"] = turn
    return answer
  end
end

--- The answer for a request; the last of a route repeats.
---@param request fixture.Request
---@return table[] steps
function site_mt:next_answer(request)
  local path = request.target:gsub("[?#].*", ""):gsub("^/v1", "")
  local route = self.routes[path] and path or "*"
  if not self.routes[route] then
    return no_route
  end
  local answer, turn = in_turn(self, route)
  self.turns[route] = turn
  request.turn = turn
  return answer
end

function site_mt:record(request)
  self.requests[#self.requests + 1] = request
  self:touch()
end

--- A connection is over.
function site_mt:forget()
  self.open = self.open - 1
  self:touch()
end

--- Something has changed that somebody may wait for.
function site_mt:touch()
  self.changed:signal()
end

function site_mt:fail(message)
  self.fail_(("site %d: %s"):format(self.number, tostring(message)))
end

--- Let everybody through who holds at a gate.
---@param gate string
function site_mt:release(gate)
  self.open_gates[gate] = true
  self.released:signal()
end

---@return table<string, integer> counts
function site_mt:counts()
  local left, done = 0, 0
  for _, request in ipairs(self.requests) do
    left = left + (request.left and 1 or 0)
    done = done + (request.done and 1 or 0)
  end
  return {
    accepted = self.accepted, open = self.open, requests = #self.requests, left = left,
    done = done, sent_bytes = self.sent_bytes, failed_handshakes = self.failed_handshakes,
  }
end

--- Wait until the counts are as wanted: `open` and `failed_handshakes` exactly, others at least.
---@param wanted table<string, integer>
---@param timeout number seconds
---@return boolean reached
---@return table counts as they are now
function site_mt:wait(wanted, timeout)
  local deadline = cqueues.monotime() + timeout
  while true do
    local counts, reached = self:counts(), true
    for name, value in pairs(wanted) do
      local now = counts[name] or error("there is no count " .. name)
      reached = reached and (name == "open" and now == value or name ~= "open" and now >= value)
    end
    local left = deadline - cqueues.monotime()
    if reached or left <= 0 then
      return reached, counts
    end
    cqueues.poll(self.changed, left)
  end
end

--- Stop listening; new connections are refused.
function site_mt:stop_listening()
  local listener = self.listener
  self.listener = nil
  if listener then
    listener:close()
  end
end

return site
