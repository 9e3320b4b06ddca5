---@meta
-- luacheck: ignore 212 241
--- Types of what the core starts: exchanges, streams and other events.

--- One request and its answer. Collected, it is cancelled.
---@class lualogue.core.Exchange
local exchange = {}

--- The verdict, which is repeated for ever.
---@return any reply `false`: not yet; nil: it failed
---@return lualogue.Error? err
function exchange:result() end

--- Give up: the result is then an error of the kind `cancelled`, unless there is one already.
function exchange:cancel() end

--- Ask to be told of its next news: `core.ready` then gives this number, once. At once if it is
--- over. A later number takes the place of an earlier one.
---@param number integer from 1
function exchange:arm(number) end

--- What is known of the answer besides its body.
---@return lualogue.Meta? meta nil before there is an answer
function exchange:meta() end

--- How far the bodies are, in bytes as they go over the wire.
---@return integer? sent nil of a handle that was freed
---@return integer? to_send
---@return integer? received
---@return integer? to_receive nil where it is not known
function exchange:progress() end

--- The events of one answer. Collected, it is closed.
---@class lualogue.core.Events
local events = {}

--- Whether the server has answered with a stream.
---@return boolean? opened `false`: not yet; nil: it failed
---@return lualogue.Error? err
function events:opened() end

--- The next event. The last verdict is repeated for ever.
---@return lualogue.Event|false|nil event `false`: not yet; nil: the end
---@return lualogue.Error? err nil if the stream was complete
function events:next() end

--- End it: the connection is dropped unless the answer was complete. May be called again.
function events:close() end

--- Ask to be told of its next news (the answer's headers, events, the end): `core.ready` then
--- gives this number, once. At once if events wait or it is over.
---@param number integer from 1
function events:arm(number) end

--- Give a reply that was made of the events what the reply of a plain call has: `text`, `meta`.
---@generic T: table
---@param reply T
---@return T reply the same table
function events:attach(reply) end

--- What is known of the answer besides its events.
---@return lualogue.Meta? meta nil before there is an answer
function events:meta() end

--- How far the bodies are, in bytes as they go over the wire.
---@return integer? sent nil of a handle that was freed
---@return integer? to_send
---@return integer? received
---@return integer? to_receive nil where it is not known
function events:progress() end

--- The body of one answer as it comes. Collected, it is closed.
---@class lualogue.core.Bytes
local bytes = {}

--- Whether the server has answered with a success.
---@return boolean? opened `false`: not yet; nil: it failed
---@return lualogue.Error? err
function bytes:opened() end

--- The next piece, never empty. The last verdict is repeated for ever.
---@return string|false|nil piece `false`: not yet; nil: the end
---@return lualogue.Error? err nil if the answer was complete
function bytes:next() end

--- End it: the connection is dropped unless the answer was complete. May be called again.
function bytes:close() end

--- Ask to be told of its next news (the answer's headers, pieces, the end): `core.ready` then gives
--- this number, once. At once if pieces wait or it is over.
---@param number integer from 1
function bytes:arm(number) end

--- As of `events`.
---@return integer? sent
---@return integer? to_send
---@return integer? received
---@return integer? to_receive
function bytes:progress() end

--- What is known of the answer besides its body.
---@return lualogue.Meta? meta nil before there is an answer
function bytes:meta() end

--- One streamed answer. Collected, it is closed.
---@class lualogue.core.Stream
local stream = {}

--- Whether the server has answered with a stream.
---@return boolean? opened `false`: not yet; nil: it failed
---@return lualogue.Error? err
function stream:opened() end

--- The next chunk. The last verdict is repeated for ever.
---@return lualogue.Chunk|false|nil chunk `false`: not yet; nil: the end
---@return true|lualogue.Error|nil more beside a chunk that is nothing but a piece of text, true if
---it is kept (see `keep_text`); beside nil: the error, or nil if the stream was complete
---@return lualogue.Chunk? last beside an error, the first time: the chunk that told it, if one did
function stream:next() end

--- The next event, as its text where it is nothing but a piece of the content of this choice, else
--- as its chunk.
---@param choice? integer counted from 1; default 1
---@return string|lualogue.Chunk|false|nil text `false`: not yet; nil: the end
---@return boolean|lualogue.Error|nil kept beside a text, whether it is kept; beside nil: the error,
---or nil if the stream was complete
---@return lualogue.Chunk? last as of `next`
function stream:next_text(choice) end

--- The same as a function, for who reads much text.
---@param choice? integer counted from 1; default 1
---@return fun(): string|lualogue.Chunk|false|nil, boolean|lualogue.Error|nil, lualogue.Chunk?
function stream:texts(choice) end

--- From now on text is kept: what `next` and `next_text` say is kept need not be joined by who
--- reads, but is asked for once, with `take_text`.
function stream:keep_text() end

--- Whether any text is kept.
---@return boolean
function stream:has_text() end

--- What was kept since the last time, and of which choice; nil where that is nothing.
---@return string[]? texts
---@return integer? choice counted from 1
---@return lualogue.Chunk? last the last one of them that said more than its text (usage, timings),
---without it
function stream:take_text() end

--- End it: the connection is dropped unless the answer was complete. May be called again.
function stream:close() end

--- Ask to be told of its next news (the answer's headers, events, the end): `core.ready` then
--- gives this number, once. At once if events wait or it is over.
---@param number integer from 1
function stream:arm(number) end

--- Give a reply that was made of the chunks what the reply of a plain call has: `text`, `meta`.
---@generic T: table
---@param reply T
---@return T reply the same table
function stream:attach(reply) end

--- What is known of the answer besides its chunks.
---@return lualogue.Meta? meta nil before there is an answer
function stream:meta() end

--- A program that runs. Collected, it is killed.
---@class lualogue.core.Command
local command = {}

--- What it printed, once it has ended well.
---@return string|false|nil printed `false`: not yet; nil: it failed
---@return string? said the first line of its standard error; beside nil: what went wrong
---@return string? said beside nil
function command:result() end

--- Kill it, if it runs. May be called again.
function command:close() end
