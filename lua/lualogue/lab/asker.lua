--- Who asks: from the cache, from an equal request that is under way, else the server, in the lane
--- that leads there. What is asked is known by all of its bytes.

local cache = require "lualogue.lab.cache"
local environment = require "lualogue.environment"
local errors = require "lualogue.errors"
local json = require "lualogue.json"
local lane = require "lualogue.lab.lane"
local native = require "lualogue.native"
local plan = require "lualogue.lab.plan"
local prices = require "lualogue.lab.prices"
local secrets = require "lualogue.secrets"
local task = require "lualogue.task"
local protected = require("lualogue.task.wrap").pcall

local asker = {}
asker.__index = asker

local AT_ONCE, AT_ONCE_HERE = 4, 1 -- requests to one server; to one on this machine
local MAX_RETRY_AFTER_S = 120
local PATHS = { chat = "/chat/completions", embeddings = "/embeddings" }
local COMPLETE = { stop = true, tool_calls = true }

---@class lualogue.lab.Asker
---@field n_sent integer requests
---@field n_beside integer answers to questions of checks, of which
---@field n_beside_sent integer were not there already
---@field spent number in the unit of the prices
---@field stop? string why nothing more is sent: "cost", "errors", "disk", "interrupted"
---@field faults string[] what went wrong beside the answers

---@param spec lualogue.lab.Spec
---@param options lualogue.lab.RunOptions
---@param folder string
---@return lualogue.lab.Asker
function asker.new(spec, options, folder)
  return setmetatable({
    spec = spec, cache = options.cache ~= false and cache.new(folder) or nil,
    reads = options.cache ~= false and not options.fresh, jobs = options.jobs,
    max_cost = options.max_cost, max_retries = options.max_retries or 4,
    clients = {}, lanes = {}, flights = {}, secrets = {}, faults = {}, known_fault = {},
    n_sent = 0, n_beside = 0, n_beside_sent = 0, spent = 0,
  }, asker)
end

--- Something went wrong that costs no answer; each kind is told once.
function asker:fault(kind, why)
  if self.known_fault[kind] then return end
  self.known_fault[kind] = true
  self.faults[#self.faults + 1] = ("%s: %s"):format(kind, why)
end

--- From now on nothing is sent.
---@param why "cost"|"errors"|"disk"|"interrupted"
function asker:end_with(why)
  self.stop = self.stop or why
  for _, found in next, self.lanes do found:open() end
end

-- ------------------------------------------------------------------ who

--- Options for a client; what they hold of secrets stands in nothing that is written.
local function options_of(self, model)
  local options = {}
  for name, value in next, model.options do options[name] = value end
  if self.spec.cassette ~= nil then
    options.cassette = self.tape
    if not self.tape then
      local source = self.spec.cassette
      if type(source) == "string" then
        if source:sub(1, 1) ~= "/" then source = self.spec.folder .. source end
        local err
        source, err = require("lualogue.cassette").open(source)
        if not source then error(err, 0) end
      end
      self.tape, options.cassette = source, source
    end
  end
  local key = options.api_key
  if type(key) == "function" then
    options.api_key = function()
      local text, why = key()
      secrets.note(self.secrets, { api_key = text })
      return text, why
    end
  end
  secrets.note(self.secrets, options)
  secrets.note(self.secrets, { api_key = environment.variable "OPENAI_API_KEY" })
  return options
end

--- The client for a model, made when it is first needed. Raises where none can be made.
---@param model lualogue.lab.Model
---@return lualogue.Client
function asker:client_of(model)
  local client = model.client or self.clients[model]
  if not client then
    client = require("lualogue.client.given").client(options_of(self, model))
    self.clients[model] = client
  end
  return client
end

--- The lane to a model's server.
---@param model lualogue.lab.Model
---@return lualogue.lab.Lane
function asker:lane_of(model)
  local server = model.server
  local found = self.lanes[server]
  if not found then
    local limit = self.jobs or model.limit
      or environment.is_loopback(server) and AT_ONCE_HERE or AT_ONCE
    found = lane.new(limit)
    self.lanes[server] = found
  elseif model.limit and not self.jobs then
    found.limit = math.max(found.limit, model.limit)
  end
  return found
end

-- ------------------------------------------------------------------ sending

local NEVER_THERE = { dns = true, connect = true, proxy = true, tls = true }

--- How long to wait before a failed request is sent again; nil: that is of no use. A server that
--- was never reached is not tried again for each cell.
local function pause_of(err, n_failed, was_reached)
  local status = err.status
  local has_no_connection = NEVER_THERE[err.phase]
  if has_no_connection and not was_reached then return nil end
  if err.kind == "connection" then
    if err.code ~= nil then return nil end -- offline, or not on the cassette
  elseif err.kind == "timeout" then
    if not has_no_connection then return nil end -- it may have been acted upon, and took long
  elseif err.kind ~= "api" or err.code == "insufficient_quota" or not status
    or not (status == 408 or status == 409 or status == 429 or status >= 500) then
    return nil
  end
  if err.retry_after and err.retry_after > MAX_RETRY_AFTER_S then return nil end
  return err.retry_after or math.min(8, 0.5 * 2 ^ (n_failed - 1))
end

--- Whether all who go to this server have to wait.
local function is_asked_to_wait(err)
  return (err.status == 429 or err.status == 503) and err.retry_after ~= nil
    and err.retry_after <= MAX_RETRY_AFTER_S
end

local function send(self, model, way, params)
  local client = self:client_of(model)
  if way == "embeddings" then return client:embeddings(params, { max_retries = 0 }) end
  return client:chat(params, { max_retries = 0 })
end

--- One attempt, in its lane: done, value, err.
local function attempt(self, model, way, params)
  local way_there = self:lane_of(model)
  way_there:enter()
  if self.max_cost and self.spent >= self.max_cost then self:end_with "cost" end
  if self.stop then
    way_there:leave()
    return nil
  end
  self.n_sent = self.n_sent + 1
  local done, value, err = protected(send, self, model, way, params)
  if done and (value or err.status) then way_there.was_reached = true end
  if done and not value and is_asked_to_wait(err) then way_there:hold(err.retry_after) end
  way_there:leave()
  if not done then error(value, 0) end
  return true, value, err
end

--- Ask the server until there is an answer, or it is clear that there is none.
local function ask_server(self, model, way, params)
  local n_failed = 0
  while true do
    local sent, reply, err = attempt(self, model, way, params)
    if not sent then return nil, errors.new { kind = "cancelled", message = "not sent" } end
    if reply then return reply end
    n_failed = n_failed + 1
    local was_reached = self:lane_of(model).was_reached
    local pause = n_failed <= self.max_retries and pause_of(err, n_failed, was_reached)
    if not pause then return nil, err end
    if not is_asked_to_wait(err) then task.sleep(pause) end -- else its lane is held
  end
end

--- Whether an answer is one that may be had again.
local function is_complete(way, reply)
  if way == "embeddings" then return true end
  for _, choice in ipairs(reply.choices or {}) do
    if not COMPLETE[choice.finish_reason] or choice.message and choice.message.refusal then
      return false
    end
  end
  return reply.error == nil
end

--- What is kept of a reply: its JSON, without what is secret.
local function plain(self, reply)
  local text = json.encode(reply)
  local masked = secrets.mask(self.secrets, text)
  if masked ~= text then return masked, json.decode(masked) end
  return text, reply
end

local function fly(self, model, way, params, bytes, digest)
  local reply, err = ask_server(self, model, way, params)
  if not reply then return nil, err end
  local meta = reply.meta or native.core().meta(reply)
  local latency = meta and meta.timing.total or 0
  local text
  text, reply = plain(self, reply)
  self.spent = self.spent + (prices.cost(self.spec.prices, model, reply.usage) or 0)
  if self.cache and is_complete(way, reply) then
    local ok, why = self.cache:put(digest, PATHS[way], bytes, text, latency)
    if not ok then self:fault("the cache cannot be written", why) end
  end
  return reply, latency
end

--- The answer that is kept, if it may be taken.
---@param digest string
---@return { reply: table, latency: number }?
function asker:find(digest)
  if not self.reads then return nil end
  local reply, latency = self.cache:get(digest)
  return reply and { reply = reply, latency = latency }
end

--- The reply to a request.
---@param model lualogue.lab.Model
---@param way "chat"|"embeddings"
---@param params table
---@param bytes string the same as JSON
---@param digest string
---@return table? reply
---@return number|lualogue.Error latency or the error
---@return boolean? cached
function asker:ask(model, way, params, bytes, digest)
  local kept = self:find(digest)
  if kept then return kept.reply, kept.latency, true end
  local flight, is_shared = self.flights[digest], true
  if not flight then
    is_shared = false
    flight = task.start(fly, self, model, way, params, bytes, digest)
    self.flights[digest] = flight
  end
  local reply, more = flight:wait()
  if not is_shared then self.flights[digest] = nil end
  return reply, more, is_shared
end

--- What a check asks: counted apart.
---@param model lualogue.lab.Model
---@param way "chat"|"embeddings"
---@param params table
---@param nth integer
---@return table? reply
---@return lualogue.Error? err
function asker:beside(model, way, params, nth)
  local bytes = json.encode(params)
  local digest = plan.digest(model.server, PATHS[way], bytes, nth)
  local before = self.n_sent
  local reply, err, cached = self:ask(model, way, params, bytes, digest)
  self.n_beside = self.n_beside + 1
  if not cached and self.n_sent > before then self.n_beside_sent = self.n_beside_sent + 1 end
  if not reply then return nil, err end
  return reply
end

--- The run is over: keys are forgotten, and what was recorded is written.
function asker:close()
  for _, client in next, self.clients do client:close() end
  if not self.tape then return end
  local ok, err = self.tape:save()
  if not ok then self:fault("the cassette is not written", err.message) end
end

return asker
