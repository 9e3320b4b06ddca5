--- A client's own limits: how many requests and tokens a minute, and how many calls at once. Who
--- comes too early waits for its turn, in the order of coming, and lets all others go on.
---
--- What is asked for within any minute stays within the limits: it is counted over the last sixty
--- seconds, not in minutes of a clock.

local native = require "lualogue.native"
local scheduler = require "lualogue.task.scheduler"
local wait = require "lualogue.wait"

local limiter = {}

local WINDOW = 60
local GRAIN = 0.1 -- what is asked for within so many seconds is counted as one
local STARVED = 1 -- seconds that somebody waits for a place until lost ones are looked for
local HELP_KB = 1024

local NAMES = { "requests_per_minute", "tokens_per_minute", "concurrent" }

---@class lualogue.Limiter
---@field limits lualogue.Limits
---@field now fun(): number
---@field window number seconds
local methods = {}
local metatable = { __name = "lualogue.limiter", __index = methods }

--- A place in the queue, and afterwards among the calls under way.
---@class lualogue.LimiterTurn
local turn = {}
local turn_metatable = { __index = turn }

local function refuse(name, where, expected, value)
  native.core().raise(("bad argument '%s' to '%s' (%s expected, got %s)"):format(
    name, where, expected, type(value) == "table" and "table" or tostring(value)))
end

--- New limits.
---@param limits lualogue.Limits
---@param where? string the function that was given them; "new"
---@param options? { now: fun(): number, window: number } a clock of one's own, for tests
---@return lualogue.Limiter
function limiter.new(limits, where, options)
  where = where or "new"
  if getmetatable(limits) == metatable then return limits end
  if type(limits) ~= "table" then refuse("limit", where, "table", limits) end
  local own, known = {}, {}
  for _, name in ipairs(NAMES) do
    local value = rawget(limits, name)
    known[name] = true
    if value ~= nil then
      if type(value) ~= "number" or value < 1 or value % 1 ~= 0 or value > 2 ^ 53 then
        refuse("limit." .. name, where, "a whole number from 1", value)
      end
      own[name] = value
    end
  end
  for name in next, limits do
    if not known[name] then refuse("limit", where, table.concat(NAMES, ", "), name) end
  end
  return setmetatable({
    limits = own, now = options and options.now or native.core().now,
    window = options and options.window or WINDOW,
    queue = {}, first = 1, last = 0, -- turns that wait; `false` for one that left
    spans = {}, oldest = 1, newest = 0, requests = 0, tokens = 0, -- what was asked for lately
    under_way = setmetatable({}, { __mode = "k" }), n_under_way = 0,
  }, metatable)
end

-- ------------------------------------------------------------------ what was asked for lately

local function forget_old(self, now)
  local span = self.spans[self.oldest]
  while span and span.ends + self.window <= now do
    self.spans[self.oldest] = nil
    self.oldest = self.oldest + 1
    self.requests, self.tokens = self.requests - span.requests, self.tokens - span.tokens
    span.is_over = true
    span = self.spans[self.oldest]
  end
end

--- Count a request; the span in which it was made.
local function count(self, tokens, now)
  local span = self.spans[self.newest]
  if not span or now >= span.begins + GRAIN * self.window / WINDOW then
    self.newest = self.newest + 1
    span = { begins = now, requests = 0, tokens = 0 }
    self.spans[self.newest] = span
  end
  span.ends = now
  span.requests, span.tokens = span.requests + 1, span.tokens + tokens
  self.requests, self.tokens = self.requests + 1, self.tokens + tokens
  return span
end

--- When there is room for this much in the last minute; at once: `now`.
local function time_for(self, tokens, now)
  local limits = self.limits
  local requests_over = self.requests + 1 - (limits.requests_per_minute or math.huge)
  local tokens_over = self.tokens + tokens - (limits.tokens_per_minute or math.huge)
  local at = now
  for i = self.oldest, self.newest do
    if requests_over <= 0 and tokens_over <= 0 then return at end
    local span = self.spans[i]
    requests_over, tokens_over = requests_over - span.requests, tokens_over - span.tokens
    at = span.ends + self.window
  end
  return at
end

-- ------------------------------------------------------------------ whose turn it is

--- Places of calls that were forgotten without a word are free again once they are collected. An
--- idle program never collects by itself: it is helped on, a little each time.
local function find_lost(self)
  collectgarbage("step", HELP_KB)
  local n = 0
  for _ in next, self.under_way do n = n + 1 end
  self.n_under_way = n
end

local function is_full(self)
  return self.limits.concurrent ~= nil and self.n_under_way >= self.limits.concurrent
end

--- When the first of the queue may go, as far as that is known; nil: when a call ends.
local function time_of_first(self, first, now)
  if is_full(self) and first.full_since and now >= first.full_since + STARVED then
    find_lost(self)
    first.full_since = nil
  end
  if is_full(self) then
    first.full_since = first.full_since or now
    return nil, first.full_since + STARVED
  end
  return time_for(self, first.tokens, now)
end

--- Let those go whose turn it is. The first of the others knows when to look again.
---@package
function methods:admit()
  local now = self.now()
  forget_old(self, now)
  while self.first <= self.last do
    local first = self.queue[self.first]
    if first then
      local at, look_at = time_of_first(self, first, now)
      if not at or at > now then
        local before = first.look_at
        first.look_at = at or look_at
        if first.look_at ~= before then scheduler.tell(first) end
        return
      end
      first.is_admitted = true
      first.span = count(self, first.tokens, now)
      self.under_way[first.token], self.n_under_way = true, self.n_under_way + 1
      scheduler.tell(first)
    end
    self.queue[self.first] = nil
    self.first = self.first + 1
  end
  self.first, self.last = 1, 0
end

--- To be told of its turn by number, as the core's handles are.
function turn:arm()
  if self.is_admitted or self.is_over then scheduler.tell(self) end
end

--- Whether nobody else is there who could end a call for this one.
local function is_alone(self)
  return is_full(self.limiter) and scheduler.n_alive <= self.n_own and not scheduler.driver
end

--- Whether it need not wait any longer: it is its turn, it was closed, or its turn never comes.
local function is_settled(self)
  local owner = self.limiter
  if not (self.is_admitted or self.is_over) then owner:admit() end
  if self.is_admitted or self.is_over then return true end
  if is_alone(self) then
    collectgarbage()
    collectgarbage()
    find_lost(owner)
    owner:admit()
    self.is_stuck = is_alone(self)
  end
  return self.is_admitted or self.is_stuck or false
end

--- The same for one that blocks, which has to look for the first of the queue as well.
local function is_settled_or_looks(self)
  if is_settled(self) then return true end
  local first = self.limiter.queue[self.limiter.first]
  self.look_at = first and first.look_at
  return false
end

--- Wait where there is nobody to yield to: the tasks go on.
---@return boolean undisturbed
function turn:block() return scheduler.drive(is_settled_or_looks, self) end

--- Leave the queue, or give the place back. Safe to call more than once; the turn of a task that
--- was cancelled is closed with what else it has opened.
function turn:close()
  if self.is_over then return end
  self.is_over = true
  local owner = self.limiter
  if self.is_admitted then
    if owner.under_way[self.token] then
      owner.under_way[self.token], owner.n_under_way = nil, owner.n_under_way - 1
    end
  else
    owner.queue[self.index] = false
    scheduler.tell(self)
  end
  owner:admit()
end

--- What it really was, once the server has counted.
---@param tokens? number
function turn:correct(tokens)
  local span, owner = self.span, self.limiter
  if type(tokens) ~= "number" or not span or span.is_over then return end
  local more = tokens - self.tokens
  self.tokens, span.tokens, owner.tokens = tokens, span.tokens + more, owner.tokens + more
end

--- Another attempt is made: it counts, but does not wait again.
function turn:again()
  local owner = self.limiter
  local now = owner.now()
  forget_old(owner, now)
  self.span = count(owner, self.tokens, now)
end

local function failure(message, code)
  return nil, native.core().error {
    kind = code == "interrupted" and "cancelled" or "limit", code = code, phase = "queue",
    message = message,
  }
end

--- Wait for a turn.
---@param tokens number what it will cost, as far as that is known
---@return lualogue.LimiterTurn? turn to be closed when the call is over
---@return lualogue.Error? err
function methods:enter(tokens)
  local most = self.limits.tokens_per_minute
  if most and tokens > most then
    return failure(("the call would take %d tokens, and tokens_per_minute allows %d"):format(
      tokens, most), "tokens_per_minute")
  end
  local begun = self.now()
  self.last = self.last + 1
  local own = setmetatable({
    limiter = self, tokens = tokens, token = {}, index = self.last,
    n_own = (wait.current or wait.claimed()) and 1 or 0,
  }, turn_metatable)
  self.queue[self.last] = own
  self:admit()
  if not own.is_admitted then wait.own(own) end
  while not is_settled(own) do
    if not wait.news(own.look_at or math.huge, own) then
      own:close()
      return failure("the wait was ended by Ctrl-C", "interrupted")
    end
  end
  if not own.is_admitted then
    own:close()
    return failure(("no more than %d calls at once, and those under way are the caller's own:"
      .. " it has to read or close one first"):format(self.limits.concurrent or 0), "concurrent")
  end
  own.waited = math.max(0, self.now() - begun)
  return own
end

--- Whether a value is one.
---@param value any
---@return boolean
function limiter.is(value) return getmetatable(value) == metatable end

return limiter
