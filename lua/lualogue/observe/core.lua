--- A client's core with somebody who watches: it has the methods of the core's client, and its
--- handles those of the core's.

local handles = require "lualogue.observe.handles"

local seam = {}

local methods = {}
local metatable = {
  __index = methods,
  __tostring = function(self) return tostring(self.inner) end,
}

local OURS = { on_event = true, on_event_body = true, retry = true }

--- Who watches this call, and its options for the core.
local function divide(self, options, method)
  if type(options) ~= "table" then return self.watcher, options end
  local who, rest = self.watcher, options
  for name in next, OURS do
    if rawget(options, name) ~= nil then
      who, rest = self.watcher:of_call(options, method), {}
      break
    end
  end
  if rest ~= options then
    for name, value in next, options do
      if not OURS[name] then rest[name] = value end
    end
  end
  return who, rest
end

--- Start a call when it is its turn.
local function start(who, make, body, begin, ...)
  local limiter = who.limiter
  if not limiter then return make(who, begin(...)) end
  local tokens = 0
  if limiter.limits.tokens_per_minute then
    tokens = require "lualogue.limiter.estimate"(body, who.model)
  end
  local turn, err = limiter:enter(tokens)
  if not turn then return handles.failed(err) end
  local ok, handle = pcall(begin, ...)
  if not ok then
    turn:close()
    error(handle, 0) -- it has its place already
  end
  return make(who, handle, turn)
end

function methods:chat(params, options)
  local who, rest = divide(self, options, "chat")
  return start(who, handles.exchange, params, self.inner.chat, self.inner, params, rest)
end

function methods:stream(params, options)
  local who, rest = divide(self, options, "stream")
  return start(who, handles.stream, params, self.inner.stream, self.inner, params, rest)
end

function methods:embeddings(params, options)
  local who, rest = divide(self, options, "embeddings")
  return start(who, handles.exchange, params, self.inner.embeddings, self.inner, params, rest)
end

function methods:request(method, path, body, options)
  local who, rest = divide(self, options, "request")
  local is_stream = type(rest) == "table" and rawget(rest, "stream")
  local make = is_stream and handles.events or handles.exchange
  local handle = start(who, make, body, self.inner.request, self.inner, method, path, body, rest)
  if handle.call then handle.call:follow(rest) end
  return handle
end

function methods:about() return self.inner:about() end

function methods:with(options) return seam.wrap(self.inner:with(options), self.watcher) end

function methods:close() self.inner:close() end

--- Who watches this core; nil: nobody.
---@param core any
---@return lualogue.Watcher?
function seam.watcher_of(core)
  if getmetatable(core) == metatable then return core.watcher end
end

--- The core's client, watched; one that is so already has no second around it.
---@param inner lualogue.core.Client
---@param who lualogue.Watcher
---@return lualogue.core.Client
function seam.wrap(inner, who)
  if getmetatable(inner) == metatable then return inner end
  return setmetatable({ inner = inner, watcher = who }, metatable)
end

return seam
