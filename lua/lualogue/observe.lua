--- Who watches the calls of a client, and what is said of them: `on_event`, `retry`,
--- `log` and `LUALOGUE_LOG`.
---
--- It stands between a client and its core, and only where somebody watches: all others pay
--- nothing, and load nothing. What is told is told on the caller's side, while its call waits.

local native = require "lualogue.native"

local observe = {}

local function nobody() return require("lualogue.observe.watcher").new({}, nil, true) end

--- Take what is ours out of the options of a client.
---@param settings table changed in place
---@param parent? lualogue.Watcher that of the client of which this one is a variant
---@param where? string the function that was given them; "new"
---@return lualogue.Watcher? watcher nil where nobody watches
function observe.take(settings, parent, where)
  if parent or observe.wants(settings) or settings.log ~= nil or settings.limit ~= nil
    or os.getenv "LUALOGUE_LOG" then
    return require("lualogue.observe.watcher").new(settings, parent, nil, where)
  end
end

--- What a client's core is made of.
---@param core lualogue.core.Client
---@return lualogue.core.Client inner that nobody watches
---@return lualogue.Watcher? watcher
function observe.parts(core)
  local who = require("lualogue.observe.core").watcher_of(core)
  return who and core.inner or core, who
end

--- Whether a call has options that are ours.
---@param options any
---@return boolean
function observe.wants(options)
  return type(options) == "table" and (rawget(options, "on_event") ~= nil
    or rawget(options, "retry") ~= nil or rawget(options, "on_event_body") ~= nil)
end

--- A client's core, watched.
---@param inner lualogue.core.Client
---@param watched_by? lualogue.Watcher nil: only calls that say so themselves
---@return lualogue.core.Client
function observe.over(inner, watched_by)
  return require("lualogue.observe.core").wrap(inner, watched_by or nobody())
end

--- The core for a call: watched where its options say so.
---@param inner lualogue.core.Client
---@param options any
---@return lualogue.core.Client
function observe.of_call(inner, options)
  return observe.wants(options) and observe.over(inner) or inner
end

--- Tell of something that is no part of a request: a `warning`, how far an upload has come.
---@param inner lualogue.core.Client the client's core
---@param options any of the call, if there is one
---@param event lualogue.ClientEvent with its `type`
function observe.tell(inner, options, event)
  local own = observe.wants(options)
  local who = require("lualogue.observe.core").watcher_of(inner)
  if own then who = (who or nobody()):of_call(options, "request") end
  if not who then return end
  event.at = event.at or native.core().now()
  who:tell(event)
end

return observe
