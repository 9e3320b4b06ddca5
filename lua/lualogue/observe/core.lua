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

function methods:chat(params, options)
  local who, rest = divide(self, options, "chat")
  return handles.exchange(who, self.inner:chat(params, rest))
end

function methods:stream(params, options)
  local who, rest = divide(self, options, "stream")
  return handles.stream(who, self.inner:stream(params, rest))
end

function methods:embeddings(params, options)
  local who, rest = divide(self, options, "embeddings")
  return handles.exchange(who, self.inner:embeddings(params, rest))
end

function methods:request(method, path, body, options)
  local who, rest = divide(self, options, "request")
  local started = self.inner:request(method, path, body, rest)
  if type(rest) == "table" and rawget(rest, "stream") then return handles.events(who, started) end
  return handles.exchange(who, started)
end

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
