--- Streams: the answer of a chat, as it comes.

local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local native = require "lualogue.native"
local reading = require "lualogue.stream.reading"
local wait = require "lualogue.wait"

local stream = {}

--- A streamed answer. Called (`for chunk in stream do`) it gives the next chunk and raises
--- the error object if the stream failed; `next` returns it instead.
---@class lualogue.Stream
---@field finish_reason? string why choice 1 ended ("stop", "length", "tool_calls", ...); nil before
---@field finish_reasons table<integer, string> the same for each choice, counted from 1
---@field usage? lualogue.Usage what it cost, if asked for (`stream_options.include_usage`)
---@field meta? lualogue.Meta status, request id, rate limits, timing; from the headers on
---@field id? string the server's id of the answer
---@field model? string the model that answered
---@operator call: lualogue.Chunk?
local methods = {}

-- What a stream is made of stands under keys that no field can have.
local HANDLE, FOLD, VERDICT = {}, {}, {}

--- What was read so far.
local function fold_of(self) return self[FOLD]:all() end

local fields = {
  finish_reason = function(self) return fold_of(self):finish_reason(0) end,
  finish_reasons = function(self) return fold_of(self):finish_reasons() end,
  usage = function(self) return fold_of(self).usage end,
  id = function(self) return fold_of(self).id end,
  model = function(self) return fold_of(self).model end,
  meta = function(self) return self[HANDLE]:meta() end,
}

local function close(self) self[HANDLE]:close() end

--- The core's stream; raises where a method was called with a dot.
local function handle_of(self, method)
  local handle = type(self) == "table" and self[HANDLE]
  if not handle then misuse.colon("stream", method) end
  return handle
end

--- The server's number of a choice that is counted from 1.
local function index_of(choice, method)
  if choice == nil then return 0 end
  if type(choice) ~= "number" or choice < 1 or choice % 1 ~= 0 then
    local why = "bad argument 'choice' to '%s' (a whole number from 1 expected)"
    native.core().raise(why:format(method))
  end
  return choice - 1
end

--- The verdict, once: an error is told what had come until then, with what the event brought
--- that told it.
local function finish(self, err, chunk)
  if not self[VERDICT] then
    self[VERDICT] = err or true
    local fold = fold_of(self)
    if chunk then fold:add(chunk) end
    if err then err.partial, err.usage = fold:message(0), err.usage or fold.usage end
    local told = self[HANDLE].told -- somebody watches
    if told then
      told(self[HANDLE], err, {
        usage = fold.usage, model = fold.model, finish_reason = fold:finish_reason(0),
      })
    end
  end
  return nil, err
end

--- The next chunk, or nil and what the end was.
local function next_chunk(self, handle)
  if wait.slice_end then wait.breathe() end
  while true do
    local chunk, more, last = handle:next() -- more: true where all of it is kept, or the error
    if chunk then
      if not more then fold_of(self):add(chunk) end
      return chunk
    elseif chunk == nil then
      return finish(self, more, last)
    elseif not wait.news(nil, handle) then
      handle:close()
    end
  end
end

--- The next chunk, waiting for it if need be.
---
--- ```lua
--- local chunk, err = stream:next()
--- while chunk do
---   local choice = chunk.choices[1]      -- none in the chunk that tells the usage
---   if choice and choice.delta then io.write(choice.delta.content or "") end
---   chunk, err = stream:next()
--- end
--- if err then print(err.kind, err.partial and err.partial.content) end
--- ```
---@return lualogue.Chunk? chunk nil at the end
---@return lualogue.Error? err nil if the stream was complete; `err.partial` is the message so far
function methods:next()
  return next_chunk(self, handle_of(self, "next"))
end

local metatable = {
  __name = "lualogue.stream",
  __index = function(self, key)
    local field = fields[key]
    if field then return field(self) end
    return methods[key]
  end,
  __call = function(self)
    local chunk, err = next_chunk(self, self[HANDLE])
    if err then error(err, 0) end
    return chunk
  end,
  __close = close,
  __tostring = function(self) return tostring(self[HANDLE]) end,
}

--- The chunks, for a `for` loop. On Lua 5.4 the loop closes the stream however it ends.
---
--- ```lua
--- for chunk in stream:chunks() do
---   local choice = chunk.choices[1]      -- none in the chunk that tells the usage
---   if choice and choice.delta then io.write(choice.delta.content or "") end
--- end
--- ```
---@return fun(): lualogue.Chunk? iterator raises the error object if the stream fails
---@return nil
---@return nil
---@return lualogue.Stream closing
function methods:chunks()
  local handle = handle_of(self, "chunks")
  return function() return errors.raise_at_end(next_chunk(self, handle)) end, nil, nil, self
end

--- The text of one choice, piece by piece, for a `for` loop: the quick way, which builds no
--- table for a piece of text. Pieces are never empty.
---
--- ```lua
--- for text in stream:text() do io.write(text) io.flush() end
--- ```
---@param choice? integer which choice, counted from 1; default 1
---@return fun(): string? iterator raises the error object if the stream fails
---@return nil
---@return nil
---@return lualogue.Stream closing
function methods:text(choice)
  local handle, index = handle_of(self, "text"), index_of(choice, "text")
  local next_text = handle:texts(index + 1)

  return function()
    if wait.slice_end then wait.breathe() end
    while true do
      local text, kept, last = next_text()
      if kept == true then return text end
      if text == nil then
        return errors.raise_at_end(finish(self, kept, last))
      elseif text == false then
        if not wait.news(nil, handle) then handle:close() end
      elseif kept == false then
        fold_of(self):add_text(index, text)
        if text ~= "" then return text end
      else
        local inside = self[FOLD]:text_of(text, index)
        if inside and inside ~= "" then return inside end
      end
    end
  end, nil, nil, self
end

--- The value of an answer in JSON, for a `for` loop, as far as it came: with each piece of text the
--- same table, which has grown, and its state (see `lualogue.partial_json`). At the end it is held
--- against the schema. Raises the error object if the stream fails, and where the answer is
--- refused, cut, no JSON, or does not fit.
---
--- ```lua
--- local form = lualogue.schema "title, tags [string]"
--- local format = lualogue.schema.response_format(form)
--- local stream = assert(client:stream { messages = messages, response_format = format })
--- for answer in stream:parsed(form) do show(answer.title, answer.tags) end
--- ```
---@param schema? string|lualogue.Schema|table in any form; absent: any JSON will do
---@return fun(): any, lualogue.PartialState? iterator
---@return nil
---@return nil
---@return lualogue.Stream closing
function methods:parsed(schema)
  handle_of(self, "parsed")
  return require("lualogue.parse.growing")(self, schema), nil, nil, self
end

--- The whole message, once the stream is complete: reads what has not been read yet.
---
--- ```lua
--- local message = assert(stream:message())
--- messages[#messages + 1] = message      -- it may be sent back as it is
--- ```
---@param choice? integer counted from 1; default 1
---@return lualogue.Message? message
---@return lualogue.Error? err of a stream that was cut off or closed early, with `err.partial`; of
---one in which this choice never came (`protocol`)
function methods:message(choice)
  handle_of(self, "message")
  index_of(choice, "message")
  local chunk, err
  repeat chunk, err = self:next() until not chunk
  if err then return nil, err end
  local message = self:snapshot(choice)
  if message then return message end
  local why = ("the answer has no choice %d"):format(choice or 1)
  return nil, native.core().error { kind = "protocol", message = why }
end

--- The whole reply, once the stream is complete, as `client:chat` would have given it: all choices
--- with their `logprobs`, `usage`, and what else the server told (`service_tier`,
--- `system_fingerprint`, `citations`, `timings`, filters), `reply.text` and `reply.meta`.
---
--- ```lua
--- local reply = lualogue.assert(stream:reply())
--- print(reply.text, reply.choices[1].finish_reason, reply.service_tier)
--- ```
---@return lualogue.ChatReply? reply a new table each time
---@return lualogue.Error? err of a stream that was cut off or closed early, with `err.partial`
function methods:reply()
  local handle = handle_of(self, "reply")
  local chunk, err
  repeat chunk, err = self:next() until not chunk
  if err then return nil, err end
  return handle:attach(fold_of(self):reply())
end

--- The message as far as it was read, without waiting; nil before the first chunk.
---@param choice? integer counted from 1; default 1
---@return lualogue.Message?
function methods:snapshot(choice)
  handle_of(self, "snapshot")
  return fold_of(self):message(index_of(choice, "snapshot"))
end

--- End the stream now: the connection is dropped, the server stops. Safe to call at any time
--- and more than once; what was read stays readable.
function methods:close() handle_of(self, "close"):close() end

--- A stream around a handle of the core, once the server has answered.
---@param handle lualogue.core.Stream
---@return lualogue.Stream? stream
---@return lualogue.Error? err
function stream.open(handle)
  local opened, err = wait.opened(handle)
  if not opened then return nil, err end
  handle:keep_text()
  local self = setmetatable({
    [HANDLE] = handle,
    [FOLD] = reading.new(handle),
    [VERDICT] = false,
  }, metatable)
  return self
end

return stream
