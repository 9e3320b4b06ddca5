--- Streams of events: the answer of any path, as it comes.

local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local wait = require "lualogue.wait"

local events = {}

--- One event of a stream.
---@class lualogue.Event
---@field name? string its `event` field; nil where there was none
---@field data any its data: decoded where it is a JSON object or list, else the text

--- The events of an answer, from `client:request` with `stream = true`. Called
--- (`for event in events do`) it gives the next event and raises the error object if the stream
--- failed; `next` returns it instead.
---
--- How the stream ended is told as far as its protocol is known, by its events: responses, images,
--- transcriptions, speech, messages, threads and chats end with an event that says so, and any with
--- `[DONE]`. Without it they are `truncated`; an event that is an error is `api`. A stream of
--- another kind is complete where its transfer came to its end.
---@class lualogue.Events
---@field meta? lualogue.Meta status, request id, rate limits, timing; from the headers on
---@operator call: lualogue.Event?
local methods = {}

local HANDLE = {}

--- The core's handle; raises where a method was called with a dot.
local function handle_of(self, method)
  local handle = type(self) == "table" and self[HANDLE]
  if not handle then misuse.colon("events", method) end
  return handle
end

--- The next event, waiting for it if need be.
---
--- ```lua
--- local event, err = events:next()
--- while event do
---   if event.name == "response.output_text.delta" then io.write(event.data.delta) end
---   event, err = events:next()
--- end
--- if err then print(err) end
--- ```
---@return lualogue.Event? event nil at the end
---@return lualogue.Error? err nil if the stream was complete
function methods:next() return wait.piece(handle_of(self, "next")) end

--- The events, for a `for` loop. On Lua 5.4 the loop closes the stream however it ends.
---
--- ```lua
--- for event in events:events() do print(event.name, event.data) end
--- ```
---@return fun(): lualogue.Event? iterator raises the error object if the stream fails
---@return nil
---@return nil
---@return lualogue.Events closing
function methods:events()
  handle_of(self, "events")
  return function() return errors.raise_at_end(self:next()) end, nil, nil, self
end

--- End the stream now: the connection is dropped, the server stops. Safe to call at any time and
--- more than once.
function methods:close() handle_of(self, "close"):close() end

--- Give a table that was made of the events what the reply of a plain call has: `text`, `meta`.
---@generic T: table
---@param reply T
---@return T reply the same table
function methods:attach(reply) return handle_of(self, "attach"):attach(reply) end

local metatable = {
  __name = "lualogue.events",
  __index = function(self, key)
    if key == "meta" then return self[HANDLE]:meta() end
    return methods[key]
  end,
  __call = function(self) return errors.raise_at_end(self:next()) end,
  __close = function(self) self[HANDLE]:close() end,
  __tostring = function(self) return tostring(self[HANDLE]) end,
}

--- The events of a handle of the core, once the server has answered.
---@param handle lualogue.core.Events
---@return lualogue.Events? events
---@return lualogue.Error? err
function events.open(handle)
  local opened, err = wait.opened(handle)
  if not opened then return nil, err end
  return setmetatable({ [HANDLE] = handle }, metatable)
end

return events
