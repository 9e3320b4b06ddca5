--- lualogue: a client for OpenAI and everything that speaks its protocol.
---
--- Errors: a wrong argument raises at the caller's line; everything that the world can do
--- returns `nil, err`, where `err` is a `lualogue.Error`; iterators raise `err` itself.

local native = require "lualogue.native"

---@class lualogue
---@field null lightuserdata JSON's null, in lists and in what is sent
---@field json lualogue.Json `encode`, `decode`, `array`, `object`, `ordered`, `raw`
---@field dialogue table `new` makes a dialogue of anything that has `chat` and `stream`
---@field cassette fun(path: string, options?: lualogue.CassetteOptions): lualogue.Cassette?
---opens recorded answers for `lualogue.new { cassette = }`; nil and an error if that cannot be
---@field lab lualogue.lab prompts x models x inputs as one table: runs, checks, comparisons
---@field models lualogue.models how much a model takes and gives
---@field trim lualogue.trim what of a long conversation is sent
---@field schema lualogue.SchemaLibrary what an answer must look like; callable
---@field partial_json lualogue.PartialJsonLibrary what an incomplete JSON text says
---@field image lualogue.ImagePart a part of a message: a file or bytes as a data URL, or a URL
---@field audio lualogue.SourcePart likewise, of a sound
---@field file_part lualogue.SourcePart likewise, of any file, such as a PDF
---@field azure fun(options: lualogue.AzureOptions): lualogue.Client a client of Azure OpenAI
---@field dotenv fun(path: string): table<string, string>?, lualogue.Error? what a file of variables
---says, such as ".env"; `lualogue.new { dotenv = path }` reads it by itself
---@field webhook lualogue.webhook whether a webhook comes from who knows the secret
---@field file fun(path: string, options?: lualogue.FileOptions): lualogue.File a file that is sent
---@field bytes fun(bytes: string, name: string|false, type?: string): lualogue.File bytes like one
---@field features lualogue.Features what this build can do
local lualogue = { _VERSION = "scm" }

--- A new client.
---
--- What is not given comes from the environment: `OPENAI_API_KEY`, `OPENAI_BASE_URL`,
--- `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID`; whom to trust from `CURL_CA_BUNDLE` or `SSL_CERT_FILE`,
--- and from `SSL_CERT_DIR`; a proxy from `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`,
--- in either case. What the environment does not say, the file of `dotenv` may. Without a key it
--- raises, unless `api_key = false` or the server is on this machine. `OPENAI_API_KEY` goes to a
--- `base_url` that was given in code only over TLS or to this machine; to send it elsewhere, name
--- it: `api_key = os.getenv "OPENAI_API_KEY"`.
---
--- `cassette` (`LUALOGUE_CASSETTE`) plays recorded answers, or records them, as `record`
--- (`LUALOGUE_RECORD`) says; see `lualogue.cassette`. With `LUALOGUE_OFFLINE=1` nothing is ever
--- sent: what no cassette answers is an error of the kind `connection` with the code `offline`.
---
--- ```lua
--- local client = lualogue.new()
--- local client = lualogue.new { base_url = "http://127.0.0.1:11434/v1", model = "llama3.2" }
--- ```
---@param options? lualogue.ClientOptions
---@return lualogue.Client
function lualogue.new(options) return require("lualogue.client.given").client(options) end

--- Like `assert`, but raises an error object as it is on every Lua: the `assert` of 5.1 and
--- 5.2 refuses anything but a string.
---
--- ```lua
--- local reply = lualogue.assert(client:chat { messages = messages })
--- ```
---@generic T
---@param value T?
---@param err? any
---@param ... any
---@return T value
---@return any ...
function lualogue.assert(value, err, ...)
  if not value then
    error(err == nil and "assertion failed!" or err, type(err) == "string" and 2 or 0)
  end
  return value, err, ...
end

--- What is known of a reply besides its body: the same as `reply.meta`.
---@param reply table
---@return lualogue.Meta? meta nil for a table that is no reply
function lualogue.meta(reply)
  if type(reply) ~= "table" then
    local why = "bad argument 'reply' to 'meta' (table expected, got "
    native.core().raise(why .. type(reply) .. ")")
  end
  return native.core().meta(reply)
end

--- A vector of numbers, as `embeddings` returns them.
---@param list number[]
---@return lualogue.Vector
function lualogue.vector(list) return native.core().vector(list) end

--- Mark a table as a JSON list, so that it is sent as `[]` when it is empty.
---@generic T: table
---@param list? T a new table if absent
---@return T list the same table
function lualogue.array(list) return native.core().json.array(list) end

--- Mark a table as a JSON object, so that it is sent as `{}` when it is empty.
---@generic T: table
---@param object? T a new table if absent
---@return T object the same table
function lualogue.object(object) return native.core().json.object(object) end

--- Make a JSON object whose fields are sent in the order of this list, such as the properties of a
--- schema: a model writes its answer in that order. The same as `lualogue.json.ordered`.
---
--- ```lua
--- local properties = lualogue.ordered {
---   { "reasons", { type = "string" } },
---   { "score", { type = "integer" } },
--- }
--- ```
---@param pairs any[][] { key, value } each
---@return table object
function lualogue.ordered(pairs) return require("lualogue.json").ordered(pairs) end

--- JSON text that is sent as it stands, wherever in a request it is put. Raises if it is not JSON.
--- The same as `lualogue.json.raw`.
---
--- ```lua
--- local schema = lualogue.raw(assert(io.open("schema.json")):read("*a"))
--- ```
---@param text string one JSON value
---@return userdata raw
function lualogue.raw(text) return native.core().json.raw(text) end

--- How many connections there are, of all clients together, and how many there may be; what is
--- given is set first. A connection is kept after a call for the next one to the same server, and
--- closed as soon as its server closes it or speaks unasked.
---
--- ```lua
--- lualogue.connections { max_per_host = 20, max_idle = 4 }
--- print(lualogue.connections().open)
--- ```
---@param limits? lualogue.ConnectionLimits
---@return lualogue.Connections
function lualogue.connections(limits) return native.core().connections(limits) end

--- Whether Ctrl-C ends a wait of lualogue (`nil, err` with the kind `cancelled`) instead of
--- the program. Off by default: lualogue touches no signal unless a program asks for it.
---@param on boolean
function lualogue.interrupts(on)
  if type(on) ~= "boolean" then
    local why = "bad argument 'on' to 'interrupts' (boolean expected, got "
    native.core().raise(why .. type(on) .. ")")
  end
  require("lualogue.wait").interrupts(on)
end

--- Begin a task: a function that runs beside others. It begins with the next turn of the loop, and
--- within it every call of lualogue lets the others go on while it waits. What it begins itself
--- ends with it. An error that nobody waits for is written to stderr, with its traceback, once.
---
--- ```lua
--- lualogue.task(function() npc.line = assert(dialogue:ask("Who goes there?")) end)
--- ```
---@param fn function
---@param ... any its arguments
---@return lualogue.Task
function lualogue.task(fn, ...) return require("lualogue.task").start(fn, ...) end

--- Run all tasks to their end, in a program that has no loop of its own. With a function, it is
--- begun as a task, and what `task:wait()` would give is returned. Raises in a task or on a loop.
---
--- ```lua
--- for i = 1, 3 do lualogue.task(ask, questions[i]) end
--- lualogue.run()
--- ```
---@param fn? function
---@param ... any its arguments
---@return any ... `true` without a function; `nil, err` after Ctrl-C, which cancels all tasks
function lualogue.run(fn, ...) return require("lualogue.task").run(fn, ...) end

--- Do what is due now, for no longer than the budget: once a frame, in the update of a game.
---
--- ```lua
--- function love.update() lualogue.step(2) end
--- ```
---@param budget_ms? number milliseconds; 2
---@return integer n_tasks how many have not ended
function lualogue.step(budget_ms) return require("lualogue.task").step(budget_ms) end

--- Wait for a while. Outside of a task it blocks, but what is under way goes on.
---@param seconds number
---@return true? slept
---@return lualogue.Error? err after Ctrl-C, if `lualogue.interrupts(true)`
function lualogue.sleep(seconds) return require("lualogue.task").sleep(seconds) end

---@class lualogue.MapOptions
---@field concurrency? integer how many at a time; 8
---@field keep_going? boolean a failure does not end the others, see `lualogue.map`

--- Call a function for each item of a list, several at a time, each as a task; the results in
--- the order of the list. The first failure, raised or returned as `nil, err`, cancels the others
--- and is returned (raised if it is a fault of the program). With `keep_going` all are tried: the
--- result of a failed one is `false`, the second value a table of the errors by index.
---
--- ```lua
--- local replies = assert(lualogue.map(prompts, function(prompt)
---   return client:chat { messages = { { role = "user", content = prompt } } }
--- end, { concurrency = 8 }))
--- ```
---@param list any[]
---@param fn fun(item: any, index: integer): any
---@param options? lualogue.MapOptions
---@return any[]? results `false` where the function returned nothing
---@return any err the first failure; with `keep_going` the table of all
---@return integer? index of the item that failed
function lualogue.map(list, fn, options) return require("lualogue.task").map(list, fn, options) end

--- Wait for several at once: functions, each of which becomes a task, and tasks that there are.
--- The first result of each, under its key. The first failure cancels the others and is returned.
---
--- ```lua
--- local got = assert(lualogue.all { weather = ask_weather, news = ask_news })
--- print(got.weather, got.news)
--- ```
---@param members table<any, function|lualogue.Task>
---@return table? results
---@return any err
---@return any key whose failure it is
function lualogue.all(members) return require("lualogue.task").all(members) end

--- Wait for the first of several that ends, however it ends; the others are cancelled.
---
--- ```lua
--- local reply, err = lualogue.race {
---   function() return client:chat { messages = messages } end,
---   function() lualogue.sleep(5) return nil, "too slow" end,
--- }
--- ```
---@param members table<any, function|lualogue.Task>
---@return any ... what `task:wait()` gives for the first
function lualogue.race(members) return require("lualogue.task").race(members) end

--- Like `coroutine.wrap`, for coroutines that call lualogue: a wait within it lets the task around
--- it wait. (In any other coroutine within a task a call blocks, and the other tasks stand still.)
---
--- ```lua
--- local loud = lualogue.wrap(function()
---   for text in stream:text() do coroutine.yield(text:upper()) end
--- end)
--- ```
---@param fn function
---@return function
function lualogue.wrap(fn) return require("lualogue.task").wrap(fn) end

--- Who is told of the failure of a task that nobody waits for, and of a task that holds up its
--- host; nil: stderr again.
---@param fn? fun(text: string, err: any) `text` with the traceback; `err` what was raised
function lualogue.on_error(fn) require("lualogue.task").on_error(fn) end

-- What needs the core is fetched when it is first asked for.
local lazy = {
  json = function() return require "lualogue.json" end,
  dialogue = function() return require "lualogue.dialogue" end,
  cassette = function() return require("lualogue.cassette").open end,
  lab = function() return require "lualogue.lab" end,
  models = function() return require "lualogue.models" end,
  trim = function() return require "lualogue.trim" end,
  schema = function() return require "lualogue.schema" end,
  partial_json = function() return require "lualogue.partial_json" end,
  image = function() return require("lualogue.parts").image end,
  audio = function() return require("lualogue.parts").audio end,
  file_part = function() return require("lualogue.parts").file_part end,
  azure = function() return require("lualogue.azure").client end,
  dotenv = function() return require("lualogue.dotenv").read end,
  webhook = function() return require "lualogue.webhook" end,
  file = function() return require("lualogue.upload").file end,
  bytes = function() return require("lualogue.upload").bytes end,
  null = function() return native.core().json.null end,
  features = function() return native.core().features() end,
}

return setmetatable(lualogue, {
  __index = function(self, key)
    local make = lazy[key]
    if not make then return nil end
    local value = make()
    rawset(self, key, value)
    return value
  end,
})
