---@meta
-- luacheck: ignore 212 241
--- Types of the native module, `require "lualogue.core"`. It starts work and never waits, but for
--- `step`; `lualogue` adds the waiting. Usable on its own:
---
---     local core = require "lualogue.core"
---     local client = core.client { base_url = "http://127.0.0.1:11434/v1" }
---     local exchange = client:chat { model = "llama3.2", messages = messages }
---     local reply, err
---     repeat
---       core.step()
---       reply, err = exchange:result()
---     until reply ~= false

---@class lualogue.Core
---@field json lualogue.core.Json
---@field reel lualogue.core.Reel
---@field attempts lualogue.core.Attempts
---@field log lualogue.core.Log
local core = {}

--- A client. Reads no environment, and takes the key as a string only.
---@param options lualogue.ClientOptions with `base_url`
---@return lualogue.core.Client
function core.client(options) end

--- Let everything that is under way go on. The only function that may wait: up to `ms`, or until
--- there is news. 0 does not wait; nothing, or a negative number, waits until there is news or
--- nothing is under way. Never raises for a failed transfer; raises if it is running already.
--- With a budget it stops working (waiting does not count) once that is spent; a later step, which
--- is due at once, goes on where it stopped.
---@param ms? number milliseconds
---@param budget_ms? number milliseconds of work, such as what a frame has left; absent: no limit
---@return integer news how many exchanges have something new
function core.step(ms, budget_ms) end

--- Which exchanges and streams have news, for who waits on many: `list[1]` to `list[n]` are the
--- numbers that they were armed with (`exchange:arm`), the first to have news first. What stands
--- in the list beyond `n` is left as it is.
---@param list integer[]
---@return integer n
function core.ready(list) end

--- How many exchanges are under way.
---@return integer
function core.active() end

--- Seconds on a clock that never goes back.
---@return number
function core.now() end

--- One descriptor for the poll of another loop: readable when a step has work.
---@return integer? fd nil where the system has none: step now and then
function core.pollfd() end

--- Let the descriptor become readable after so many milliseconds as well, for a loop that has no
--- timers of its own: after each step, `core.alarm(core.due())`. A step takes it back.
---@param ms? number absent: not
---@return boolean set false where the process has no descriptor left for it
function core.alarm(ms) end

--- A number by which another thread of the process, with a Lua state and a core of its own, can
--- end this one's wait: `core.wake(number)`. Give it away as what it is, a number.
---@return integer waker
function core.waker() end

--- End the present or the next wait of whoever has this number (`core.waker`): its `core.step`
--- returns early.
---@param waker integer
---@return boolean known false if that Lua state has ended
function core.wake(waker) end

--- When a step is due whatever the descriptor says.
---@return integer? ms milliseconds from now; nil: never
function core.due() end

--- Whether Ctrl-C wakes a step instead of ending the program. A second one that nobody has asked
--- for with `interrupted` does what it did before.
---@param on boolean
function core.interrupts(on) end

--- Whether Ctrl-C came since the last time this was asked.
---@return boolean
function core.interrupted() end

--- The function behind `lualogue.connections`, which describes it.
---@param limits? lualogue.ConnectionLimits
---@return lualogue.Connections
function core.connections(limits) end

--- What is known of a reply besides its body.
---@param reply table
---@return lualogue.Meta? meta nil for a table that is no reply
function core.meta(reply) end

--- A vector of a list of numbers.
---@param list number[] raises for what does not fit a float32
---@return lualogue.Vector
function core.vector(list) end

--- The body of an embeddings reply that came otherwise, such as in the file of a batch.
---@param body string
---@return lualogue.EmbeddingsReply? reply
---@return lualogue.Error? err
function core.decode_embeddings(body) end

--- Bytes as base64, padded.
---@param bytes string
---@return string text
function core.base64(bytes) end

--- What base64 stands for, padded or not.
---@param text string
---@return string? bytes nil where it is no base64
function core.base64_decode(text) end

--- HMAC-SHA-256: what only who knows the key can make of the bytes.
---@param key string
---@param bytes string
---@return string digest 32 bytes
function core.hmac_sha256(key, bytes) end

--- Whether two strings are equal, in a time that depends on their lengths alone.
---@param a string
---@param b string
---@return boolean
function core.same_bytes(a, b) end

--- The SHA-256 of bytes, in hexadecimal.
---@param bytes string
---@return string text
function core.sha256(bytes) end

--- Run a program for what it prints: no shell, nothing on its standard input, nobody waits.
---@param argv string[] its name, looked up in PATH, and its arguments
---@return lualogue.core.Command? command
---@return string? why not
function core.command(argv) end

--- What this build can do.
---@return lualogue.Features
function core.features() end

--- Whether somebody else than its owner may read a file.
---@param path string
---@return string? mode such as "0644"; nil: nobody, or there is no such file
function core.others_may_read(path) end

--- Replace a file as a whole or not at all: written beside it, synced, renamed; mode 0600.
---@param path string
---@param bytes string
---@return true? done
---@return string? why not
function core.replace_file(path, bytes) end

--- What is in a folder, in no order: `name`, `is_folder`, `bytes`, `time` (of the last change, as
--- `os.time` has it) each.
---@param path string
---@return { name: string, is_folder: boolean, bytes: number, time: number }[]? entries
---@return string? why not
function core.folder(path) end

--- Make a folder, and those around it, where they are missing; for the owner only.
---@param path string
---@return true? done
---@return string? why not
function core.make_folder(path) end

---@return string? path
---@return string? why not
function core.current_folder() end

--- Add to the end of a file, made with mode 0600. What does not fit is not left there.
---@param path string
---@param bytes string
---@return true? done
---@return string? why not
function core.append_file(path, bytes) end

--- Whether a descriptor is a terminal, and how large; 0 where it does not know.
---@param fd integer 0, 1 or 2
---@return integer? columns nil: it is none
---@return integer? rows
function core.terminal(fd) end

--- Make a table an error object: `tostring` gives its line.
---@param fields table with `kind` and `message`
---@return lualogue.Error err the same table
function core.error(fields) end

--- Raise a message with the line of the nearest caller outside of lualogue.
---@param message string
function core.raise(message) end

--- Say where lualogue's own sources are, so that `raise` passes over them.
---@param prefix? string what the `source` of their functions begins with, such as
---"@/usr/share/lua/"; absent: the folder of the file that calls this
function core.set_home(prefix) end

--- What this build, and the libcurl that is loaded, can do.
---@class lualogue.Features
---@field version string of the module
---@field libcurl string version
---@field tls? string TLS library with its version; nil: no https
---@field built_for string the Lua that the module was built for, as `_VERSION` spells it
---@field json? "linked"|"cjson"|"vim.json" what decodes JSON; nil: nothing is there
---@field http2 boolean
---@field http2_by_default boolean plain calls take it where the server can: libcurl 8.10 or later,
---since 7.88 may leave a call waiting whose connection the server announces to close
---@field gzip boolean compressed answers
---@field brotli boolean
---@field zstd boolean
---@field https_proxy boolean a proxy may be spoken to over TLS
---@field unix_sockets boolean `unix_socket` can be had
---@field idn boolean names may have letters beyond ASCII
---@field async_dns boolean names are looked up beside the loop
---@field dns_never_blocks boolean neither a cancel nor a clock waits for a lookup
---@field warnings string[] what this libcurl does worse than a newer one; usually none

--- Recording and replay, as `lualogue.cassette` uses it. Handles are exchanges and streams.
---@class lualogue.core.Reel
---@field deck fun(speed?: number, split?: integer): userdata tapes of which each is played once
---@field add fun(deck: userdata, tape: table): integer its number
---@field is_used fun(deck: userdata, number: integer): boolean
---@field body fun(handle: any): string? the request's body, until the exchange is over
---@field record fun(handle: any) before the first step
---@field play fun(handle: any, deck: userdata, numbers: integer[]) likewise; one for each attempt
---@field tapes fun(handle: any): table[]? what came since the last time; nil: some of it was lost

--- The functions behind `lualogue.json`, which describes them.
---@class lualogue.core.Json
---@field null lualogue.Null
---@field encode fun(value: any): string
---@field decode fun(text: string): (value: any, err: lualogue.Error?)
---@field array fun(list?: table): table
---@field object fun(object?: table): table
---@field raw fun(text: string): userdata
---@field library fun(): ("linked"|"cjson"|"vim.json"|nil), lualogue.Error?

--- Where requests go and what they have in common. Each method starts the work and returns at
--- once; wrong arguments raise.
---@class lualogue.core.Client
local client = {}

--- Start `POST /chat/completions`.
---@param params lualogue.ChatParams without `stream`
---@param options? lualogue.CallOptions
---@return lualogue.core.Exchange
function client:chat(params, options) end

--- Start the same as a stream.
---@param params lualogue.ChatParams
---@param options? lualogue.CallOptions
---@return lualogue.core.Stream
function client:stream(params, options) end

--- Start `POST /embeddings`.
---@param params lualogue.EmbeddingsParams
---@param options? lualogue.CallOptions
---@return lualogue.core.Exchange
function client:embeddings(params, options) end

--- One part of a form: a text, or a file, which is opened when it is sent.
---@class lualogue.core.Part
---@field [1] string name
---@field [2]? string value; nil with a path
---@field path? string
---@field offset? integer with a path: where what is sent of it begins
---@field length? integer with a path: how much that is at most
---@field filename? string what the server is told
---@field type? string media type

--- Start any other request.
---@param method string upper case, such as "GET"
---@param path string below the base URL, such as "/models"
---@param body? table|string a table is sent as JSON, a string as it is; with `multipart = true` a
---list of `lualogue.core.Part`
---@param options? lualogue.CallOptions
---@return lualogue.core.Exchange|lualogue.core.Events|lualogue.core.Bytes started events with
---`stream = true`, bytes with `raw` too
function client:request(method, path, body, options) end

--- Forget the key and the settings, and close the connections that no call uses. What is under
--- way goes on; a new call raises.
function client:close() end

--- By which way its requests go, and whether a key does.
---@return lualogue.core.Way
function client:about() end

--- A client like this one but for some options; see `lualogue.Client:with`.
---@param options? lualogue.ClientOptions
---@return lualogue.core.Client
function client:with(options) end
