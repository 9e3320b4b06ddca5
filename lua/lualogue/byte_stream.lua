--- The body of an answer as it comes: bytes, a piece at a time.

local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local wait = require "lualogue.wait"

local byte_stream = {}

--- An answer that is read as it comes: from `client:request` with `raw = true, stream = true`, and
--- from operations that answer with bytes with `stream = true`. Called (`for piece in stream do`)
--- it gives the next piece and raises the error object if the answer failed; `next` returns it
--- instead.
---
--- No more than a few hundred KB wait for a reader: then the server has to. The answer is complete
--- where HTTP says so; one that broke is `truncated`, and is not asked for again.
---@class lualogue.ByteStream
---@field meta? lualogue.Meta status, request id, timing; from the headers on
---@operator call: string?
local methods = {}

local HANDLE = {}

--- The core's handle; raises where a method was called with a dot.
local function handle_of(self, method)
  local handle = type(self) == "table" and self[HANDLE]
  if not handle then misuse.colon("stream", method) end
  return handle
end

--- The next piece, waiting for it if need be. Pieces are never empty, and their borders mean
--- nothing.
---
--- ```lua
--- local piece, err = stream:next()
--- while piece do
---   player:write(piece)
---   piece, err = stream:next()
--- end
--- if err then print(err) end
--- ```
---@return string? piece nil at the end
---@return lualogue.Error? err nil if the answer was complete
function methods:next() return wait.piece(handle_of(self, "next")) end

--- The pieces, for a `for` loop. On Lua 5.4 the loop closes the stream however it ends.
---
--- ```lua
--- for piece in stream:bytes() do player:write(piece) end
--- ```
---@return fun(): string? iterator raises the error object if the answer fails
---@return nil
---@return nil
---@return lualogue.ByteStream closing
function methods:bytes()
  handle_of(self, "bytes")
  return function() return errors.raise_at_end(self:next()) end, nil, nil, self
end

--- End it now: the connection is dropped, the server stops. Safe to call at any time and more than
--- once.
function methods:close() handle_of(self, "close"):close() end

local metatable = {
  __name = "lualogue.bytes",
  __index = function(self, key)
    if key == "meta" then return self[HANDLE]:meta() end
    return methods[key]
  end,
  __call = function(self) return errors.raise_at_end(self:next()) end,
  __close = function(self) self[HANDLE]:close() end,
  __tostring = function(self) return tostring(self[HANDLE]) end,
}

--- The bytes of a handle of the core, once the server has answered with a success.
---@param handle lualogue.core.Bytes
---@return lualogue.ByteStream? stream
---@return lualogue.Error? err
function byte_stream.open(handle)
  local opened, err = wait.opened(handle)
  if not opened then return nil, err end
  return setmetatable({ [HANDLE] = handle }, metatable)
end

return byte_stream
