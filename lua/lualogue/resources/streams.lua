--- Streamed answers of the API's operations: the events as they come, their text, and at the end
--- what a plain call would have given.

local delta = require "lualogue.delta"
local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local native = require "lualogue.native"

local streams = {}

--- What the events of a response come to.
local function response_fold()
  local fold = delta.new_response()
  return {
    add = function(event) return fold:add(event) end,
    reply = function() return fold:response() end,
  }
end

--- The same of a completion that is no chat, whose events are chunks.
local function chunk_fold()
  local fold = delta.new(native.core().json.encode)
  local any = false
  return {
    add = function(chunk)
      any = true
      fold:add(chunk)
      return fold:text_in(chunk, 0)
    end,
    reply = function() return any and fold:reply() or nil end,
  }
end

--- Of anything else the event that ends it is what came: `image_generation.completed`,
--- `transcript.text.done`. Before, that is nothing.
local function event_fold()
  local last
  return {
    add = function(event)
      local kind = type(event.type) == "string" and event.type or ""
      if kind:find "%.completed$" or kind:find "%.done$" then last = event end
      local is_text = kind:find "text%.delta$" and type(event.delta) == "string"
      return is_text and event.delta or nil
    end,
    reply = function() return last end,
  }
end

--- A streamed answer of an operation (`client.responses:stream { ... }`). Called
--- (`for event in stream do`) it gives the next event, a table with a `type`, and raises the error
--- object if the stream failed; `next` returns it instead.
---@class lualogue.ResourceStream
---@field meta? lualogue.Meta status, request id, rate limits, timing; from the headers on
---@operator call: table?
local methods = {}

local EVENTS, FOLD, VERDICT = {}, {}, {}

--- Raises where a method was called with a dot.
local function check(self, method)
  local events = type(self) == "table" and rawget(self, EVENTS)
  if not events then misuse.colon("stream", method) end
  return events
end

--- The next event and the text that it brings.
local function take(self, events)
  while true do
    local event, err = events:next()
    if not event then
      if err and not self[VERDICT] then err.partial = err.partial or self[FOLD].reply() end
      self[VERDICT] = true
      return nil, err
    end
    if type(event.data) == "table" then return event.data, self[FOLD].add(event.data) end
  end
end

--- The next event, waiting for it if need be. What is no JSON object is passed over.
---
--- ```lua
--- local event, err = stream:next()
--- while event do
---   print(event.type)
---   event, err = stream:next()
--- end
--- ```
---@return table? event nil at the end
---@return lualogue.Error? err nil if the stream was complete; `err.partial` is what had come
function methods:next()
  local event, err = take(self, check(self, "next"))
  if event then return event end
  return nil, err
end

--- The events, for a `for` loop. On Lua 5.4 the loop closes the stream however it ends.
---@return fun(): table? iterator raises the error object if the stream fails
---@return nil
---@return nil
---@return lualogue.ResourceStream closing
function methods:events()
  check(self, "events")
  return function() return errors.raise_at_end(self:next()) end, nil, nil, self
end

--- The text of the answer, piece by piece, for a `for` loop. Pieces are never empty. Of an answer
--- that is no text there is none.
---
--- ```lua
--- for text in client.responses:stream({ input = "Hi" }):text() do io.write(text) io.flush() end
--- ```
---@return fun(): string? iterator raises the error object if the stream fails
---@return nil
---@return nil
---@return lualogue.ResourceStream closing
function methods:text()
  local events = check(self, "text")
  return function()
    while true do
      local event, more = take(self, events)
      if not event then return errors.raise_at_end(nil, more) end
      if more and more ~= "" then return more end
    end
  end, nil, nil, self
end

--- What a plain call would have given, once the stream is complete: reads what was not read yet.
--- Of a response that is the response, of a completion its reply, of anything else the event that
--- ended it.
---
--- ```lua
--- local response = lualogue.assert(stream:reply())
--- print(response.text, response.status, response.usage.total_tokens)
--- ```
---@return table? reply with `text` and `meta`, as any reply
---@return lualogue.Error? err of a stream that was cut off or closed early, with `err.partial`
function methods:reply()
  local events = check(self, "reply")
  local event, err
  repeat event, err = take(self, events) until not event
  if err then return nil, err end
  local reply = self[FOLD].reply()
  if reply then return events:attach(reply) end
  local message = "the stream is complete, and nothing was in it"
  return nil, native.core().error { kind = "protocol", message = message }
end

--- What came so far, without waiting: as `reply`, but unfinished. nil before anything did.
---@return table?
function methods:snapshot()
  check(self, "snapshot")
  return self[FOLD].reply()
end

--- End the stream now: the connection is dropped, the server stops. Safe to call at any time and
--- more than once; what was read stays readable.
function methods:close() check(self, "close"):close() end

local metatable = {
  __name = "lualogue.resource_stream",
  __index = function(self, key)
    if key == "meta" then return self[EVENTS].meta end
    return methods[key]
  end,
  __call = function(self) return errors.raise_at_end(self:next()) end,
  __close = function(self) self[EVENTS]:close() end,
  __tostring = function(self)
    return (tostring(self[EVENTS]):gsub("^lualogue%.events", "lualogue.resource_stream"))
  end,
}

--- A stream around events.
---@param events lualogue.Events
---@param path string of the operation
---@return lualogue.ResourceStream
function streams.new(events, path)
  local fold = event_fold
  if path:find "^/responses" then fold = response_fold end
  if path:find "completions$" then fold = chunk_fold end
  return setmetatable({ [EVENTS] = events, [FOLD] = fold(), [VERDICT] = false }, metatable)
end

return streams
