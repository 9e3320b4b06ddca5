--- One call that is watched: what has been told of it, and what becomes of a failed attempt.

local native = require "lualogue.native"
local protected = require("lualogue.task.wrap").pcall -- the retry function may wait
local watcher = require "lualogue.observe.watcher"

---@class lualogue.WatchedCall
local call = {}
call.__index = call

local last_number = 0

--- What a cassette has put around the core's handle comes off.
local function core_handle(handle)
  while type(handle) == "table" do handle = rawget(handle, "handle") end
  return handle
end

--- A call that was started just now.
---@param who lualogue.Watcher
---@param handle table|userdata of the core, or of a cassette
---@param is_stream boolean
---@param turn? lualogue.LimiterTurn
---@return lualogue.WatchedCall
function call.new(who, handle, is_stream, turn)
  last_number = last_number + 1
  local core = native.core()
  local self = setmetatable({
    who = who, handle = handle, inner = core_handle(handle), number = last_number,
    is_stream = is_stream, turn = turn, attempt = 0, answered = 0, over = false, begun = core.now(),
  }, call)
  self.method, self.url, self.bytes = core.attempts.watch(self.inner)
  if who.with_body and who:listens() then self.body = core.attempts.body(self.inner) end
  self:tell_request()
  return self
end

--- Tell how far files are on their way, if it sends some or its answer goes into one.
---@param options any of the call
function call:follow(options)
  if type(options) ~= "table" or not self.who:listens() then return end
  local sends, saves = rawget(options, "multipart"), rawget(options, "to")
  if not sends and not saves then return end
  self.progress = require("lualogue.observe.progress").new(sends, saves)
end

--- Tell of something that happened to it.
---@param kind string
---@param event table
function call:tell(kind, event)
  local who = self.who
  if not who:listens() then return end
  event.type, event.call, event.at = kind, self.number, native.core().now()
  event.method, event.url = self.method, self.url
  who:tell(event)
end

--- An attempt begins.
function call:tell_request()
  self.attempt = self.attempt + 1
  self:tell("request", {
    attempt = self.attempt, bytes = self.bytes, stream = self.is_stream, body = self.body,
    waited = self.attempt == 1 and self.turn and self.turn.waited or nil,
  })
end

--- The headers of an answer. A cookie is as good as a key.
local function headers_of(meta)
  if meta and meta.headers["set-cookie"] then meta.headers["set-cookie"] = "[cookie]" end
  return meta and meta.headers or {}
end

--- The head of an answer has come.
function call:tell_headers(status)
  self.answered, self.status = self.attempt, status
  local meta = self.handle:meta()
  if not meta then return end
  self:tell("headers", {
    attempt = self.attempt, status = meta.status, request_id = meta.request_id,
    headers = headers_of(meta), http_version = meta.http_version, reused = meta.reused,
  })
end

-- Where it broke before the server had the request whole.
local EARLY = { request = true, queue = true, dns = true, connect = true, proxy = true, tls = true,
  upload = true }
local HARMLESS = { GET = true, HEAD = true }

--- Whether what was asked cannot have been done: refused, or never heard.
local function is_safe(method, err)
  if HARMLESS[method] or EARLY[err.phase] then return true end
  local status = err.kind == "api" and err.status or 0
  return status >= 300 and status < 500 or status == 503
end

--- How long the program wants to wait for another attempt; nil: there is none.
local function wish(self, err, advice)
  local fn = self.who.retry
  if not fn then return advice end
  local meta = err.status and self.handle:meta()
  local ok, delay = protected(fn, {
    attempt = self.attempt, method = self.method, url = self.url, stream = self.is_stream,
    status = err.status, headers = headers_of(meta), kind = err.kind, err = err,
    retry_after = err.retry_after, delay = advice, safe = is_safe(self.method, err),
  })
  if ok and delay == nil then return advice end
  if ok and delay == false then return nil end
  if ok and type(delay) == "number" and delay >= 0 and delay < math.huge then return delay end
  watcher.report(fn, "retry", ok and ("it returned %s (seconds, false or nil expected)"):format(
    tostring(delay)) or delay)
  return advice
end

--- An attempt has failed: say what becomes of it.
local function decide(self)
  local attempts = native.core().attempts
  local err, advice = attempts.failed(self.inner)
  if not err then return end
  local delay = wish(self, err, advice)
  if attempts.decide(self.inner, delay) then
    if self.turn then self.turn:again() end
    self:tell("retry", { attempt = self.attempt, delay = delay, status = err.status, err = err,
      reason = tostring(err) })
  end
end

--- See what has happened since the last time.
function call:look()
  if self.over then return end
  if self.progress then self.progress:look_now_and_then(self) end
  local begun, status, asks = native.core().attempts.state(self.inner)
  while self.attempt < begun do self:tell_request() end
  -- Of a redirect that is followed there may be one as well: the last counts.
  if status and (self.answered < self.attempt or self.status ~= status) then
    self:tell_headers(status)
  end
  if asks then decide(self) end
end

--- It is over; the first verdict counts.
---@param err? lualogue.Error
---@param facts? table `usage`, `finish_reason`, `model`, `verdict`
function call:finish(err, facts)
  if self.over then return end
  self.over = true
  if self.progress then self.progress:look(self) end
  if self.turn then
    local usage = err and err.usage or facts and facts.usage
    self.turn:correct(type(usage) == "table" and usage.total_tokens or nil)
    self.turn:close()
  end
  if not self.who:listens() then return end
  local ms = (native.core().now() - self.begun) * 1000
  local elapsed = math.floor(ms + 0.5) / 1000
  if err then
    return self:tell("error", { attempt = self.attempt, status = err.status, err = err,
      elapsed = elapsed })
  end
  facts = facts or {}
  local meta = self.handle:meta() or {}
  self:tell("done", {
    status = meta.status, request_id = meta.request_id, attempts = meta.attempts,
    timing = meta.timing, elapsed = elapsed,
    bytes_sent = meta.bytes_sent, bytes_received = meta.bytes_received, model = facts.model,
    usage = facts.usage, finish_reason = facts.finish_reason, verdict = facts.verdict or "complete",
  })
end

return call
