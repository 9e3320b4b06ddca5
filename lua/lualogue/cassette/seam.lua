--- A client's core with a cassette under it: what is recorded is played, what is not is recorded or
--- refused. It has the methods of the core's client, so that nothing above knows of it.

local native = require "lualogue.native"
local secrets = require "lualogue.secrets"

local seam = {}

--- What a proxy does not do itself, its handle does.
local metatable = {
  __index = function(self, name)
    local handle = rawget(self, "handle")
    local method = handle[name]
    if type(method) ~= "function" then return method end
    return function(_, ...) return method(handle, ...) end
  end,
  __close = function(self) (self.close or self.cancel)(self) end,
  __tostring = function(self) return tostring(self.handle) end,
}

--- A handle that tells when it has its verdict.
local function watched(handle, told)
  local proxy = { handle = handle }
  local function heard(ends_all, value, more, last)
    if value == nil or (ends_all and value ~= false) then told() end
    return value, more, last
  end
  for _, name in ipairs { "result", "next", "next_text", "opened" } do
    local method, ends_all = handle[name], name == "result"
    proxy[name] = method and function(_, ...) return heard(ends_all, method(handle, ...)) end
  end
  proxy.texts = handle.texts and function(_, ...)
    local read = handle:texts(...)
    return function() return heard(false, read()) end
  end
  for _, name in ipairs { "close", "cancel" } do
    if handle[name] then
      proxy[name] = function()
        handle[name](handle)
        told()
      end
    end
  end
  return setmetatable(proxy, metatable)
end

--- A handle that failed before anything was sent.
local function failed(handle, err)
  (handle.close or handle.cancel)(handle)
  local proxy = { handle = handle }
  local function verdict() return nil, err end
  for _, name in ipairs { "result", "next", "next_text", "opened" } do
    if handle[name] then proxy[name] = verdict end
  end
  proxy.texts = handle.texts and function() return verdict end
  proxy.close = handle.close and function() end
  return setmetatable(proxy, metatable)
end

local function offline_error(name)
  return native.core().error {
    kind = "connection", code = "offline", phase = "request",
    message = "LUALOGUE_OFFLINE is set: nothing is sent, " .. name .. " neither",
  }
end

--- Play, record or refuse what was just started.
local function thread(self, handle, method, path, options)
  local cassette, reel = self.cassette, native.core().reel
  local name = method .. " " .. path
  if not cassette then return failed(handle, offline_error(name)) end
  secrets.note(cassette.secrets, options)
  local query = type(options) == "table" and rawget(options, "query") or nil
  local request = cassette:request(method, path, query, reel.body(handle))
  local numbers, why = cassette:find(request)
  if numbers then
    reel.play(handle, cassette.deck, numbers)
    return handle
  end
  if not cassette.records then return failed(handle, why) end
  if self.offline then return failed(handle, offline_error(name)) end
  reel.record(handle)
  local place = cassette:reserve()
  return watched(handle, function() cassette:take(place, request, reel.tapes(handle)) end)
end

local methods = {}

function methods:chat(params, options)
  return thread(self, self.core:chat(params, options), "POST", "/chat/completions", options)
end

function methods:stream(params, options)
  return thread(self, self.core:stream(params, options), "POST", "/chat/completions", options)
end

function methods:embeddings(params, options)
  return thread(self, self.core:embeddings(params, options), "POST", "/embeddings", options)
end

function methods:request(method, path, body, options)
  local handle = self.core:request(method, path, body, options)
  if path:sub(1, 1) ~= "/" then path = "/" .. path end
  return thread(self, handle, method, path, options)
end

function methods:about() return self.core:about() end

function methods:with(options)
  return seam.wrap(self.core:with(options), options, self.cassette, self.offline)
end

function methods:close() self.core:close() end

local core_metatable = {
  __index = methods,
  __tostring = function(self) return tostring(self.core) end,
}

--- The core's client over a cassette, or offline without one.
---@param core lualogue.core.Client
---@param settings table the options that it was made with
---@param cassette? lualogue.Cassette
---@param offline boolean nothing may be sent
---@return lualogue.core.Client
function seam.wrap(core, settings, cassette, offline)
  if cassette then secrets.note(cassette.secrets, settings) end
  local self = { core = core, cassette = cassette, offline = offline }
  return setmetatable(self, core_metatable)
end

return seam
