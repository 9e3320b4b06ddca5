--- Clients: where requests go, and what they have in common.

local environment = require "lualogue.environment"
local key = require "lualogue.client.key"
local misuse = require "lualogue.misuse"
local native = require "lualogue.native"
local observe = require "lualogue.observe"
local own = require "lualogue.client.own"
local stream = require "lualogue.stream"
local wait = require "lualogue.wait"

local client = {}

local CHAT = "chat.completions.create"

--- A client of one server. Make it with `lualogue.new`.
---@class lualogue.Client: lualogue.api.Resources
---@field package core lualogue.core.Client
---@field package key? table where keys come from that the core does not have
---@field package keyless? boolean what answers wants none
---@field package own_way? boolean|"file" its proxy is not the environment's
---@field package places? table which of its calls go elsewhere
---@field package defaults? table<string, any> parameters of the calls that do not name them
---@field model? string that the calls have which name none
---@field server string its base URL, without what may be secret in it
local methods = {}

local metatable = {
  __name = "lualogue.client",
  --- What is no method may be a resource, such as `files`: loaded when it is first asked for.
  __index = function(self, name)
    local method = methods[name]
    if method or type(name) ~= "string" then return method end
    local resource = require("lualogue.resources").of(self, name, rawget(self, "model"))
    if resource then rawset(self, name, resource) end
    return resource
  end,
  __close = function(self) methods.close(self) end,
  __tostring = function(self)
    return (tostring(self.core):gsub("^lualogue%.core%.client", "lualogue.client"))
  end,
}

--- The client's core; raises where a method was called with a dot.
local function core_of(self, method)
  if getmetatable(self) ~= metatable then misuse.colon("client", method) end
  return self.core
end

--- Ask for a chat completion and wait for the whole of it.
---
--- The parameters go to the server as they are; see the API's own description for them. With
--- `stream = true` this is `client:stream`.
---
--- A reply brings something: some content, reasoning or call, or at least a finish_reason. One that
--- does not is `nil, err` (`protocol`), and one that tells a failure is `api`, whatever its status.
--- A stream of events is `protocol` here too, not a reply put together from it: who asked for none
--- talks to a server that does not read its parameters. `client:stream` reads it.
---
--- ```lua
--- local reply, err = client:chat { messages = { { role = "user", content = "Hi" } } }
--- if not reply then error(err) end
--- print(reply.choices[1].message.content, reply.usage.total_tokens, reply.meta.request_id)
--- ```
---@param params lualogue.ChatParams
---@param options? lualogue.CallOptions
---@return lualogue.ChatReply? reply the server's table, nulls absent
---@return lualogue.Error? err
function methods:chat(params, options)
  core_of(self, "chat")
  local asked = type(params) == "table" and rawget(params, "stream")
  if asked and asked ~= native.core().json.null then return self:stream(params, options) end
  params = own.params(self, CHAT, params)
  return key.send(self, options, function(core, given)
    return wait.result(core:chat(params, given))
  end, "POST", "/chat/completions", params)
end

--- Ask for a chat completion and read it as it comes. Waits for the server's headers, so that
--- a refusal is `nil, err` and not a broken stream.
---
--- ```lua
--- for chunk in assert(client:stream { messages = messages }) do
---   local choice = chunk.choices[1]      -- none in the chunk that tells the usage
---   if choice and choice.delta then io.write(choice.delta.content or "") end
--- end
--- ```
---@param params lualogue.ChatParams
---@param options? lualogue.CallOptions
---@return lualogue.Stream? stream
---@return lualogue.Error? err
---@return nil
---@return lualogue.Stream? closing for the `for` of Lua 5.4, which closes it
function methods:stream(params, options)
  core_of(self, "stream")
  params = own.params(self, CHAT, params, true)
  local opened, err = key.send(self, options, function(core, given)
    return stream.open(core:stream(params, given))
  end, "POST", "/chat/completions", params)
  if not opened then return nil, err end
  return opened, nil, nil, opened
end

--- Ask for an answer that fits a schema, and get the checked table.
---
--- The server is asked for it by `response_format`; one that refuses this is asked by a tool that
--- must be called, or for JSON with the schema in the prompt, which `parsed.method` says. An answer
--- that is no JSON or does not fit is asked for once more, with what is wrong with it; that stays
--- between us and the model.
---
--- ```lua
--- local answer, parsed = client:parse({ messages = messages }, "verdict yes|no, score int")
--- if not answer then error(parsed) end
--- print(answer.verdict, answer.score, parsed.method, parsed.usage.total_tokens)
--- ```
---@param params lualogue.ChatParams without `response_format` and `stream`
---@param schema string|lualogue.Schema|table in any form of `lualogue.schema`
---@param options? lualogue.ParseOptions
---@return table? value fields that are null are absent
---@return lualogue.Parsed|lualogue.ParseError more how it came, or what went wrong
function methods:parse(params, schema, options)
  core_of(self, "parse")
  return require("lualogue.parse").with(self, params, schema, options)
end

--- Ask, run the tools that the model calls, and ask again, until it answers in words.
---
--- Calls of one message run at once, and are answered in their order. What goes wrong with one (no
--- such tool, arguments that do not fit, an error, too slow, not allowed) is told to the model; the
--- others run. A `tool_choice` that forces a call holds for the first round. Whatever makes the run
--- fail, no tool that has finished runs again when it is resumed.
---
--- ```lua
--- local run, err = client:run_tools({ messages = messages }, { tools = { {
---   name = "weather", description = "The weather in a city.", parameters = "city",
---   run = function(arguments) return forecast(arguments.city) end,
--- } } })
--- if not run then error(err) end                 -- again with { tools = …, resume = err.pending }
--- print(run.text, #run.calls, run.usage.total_tokens)
--- ```
---@param params lualogue.ChatParams `stream = true`: its text and its calls are told as they come
---@param options lualogue.RunToolsOptions
---@return lualogue.ToolRun? run
---@return lualogue.ToolRunError? err code `rounds`: more of them than `max_rounds`; `approval`: a
---call waits for a person
function methods:run_tools(params, options)
  core_of(self, "run_tools")
  return require("lualogue.tools").run(self, params, options)
end

--- Turn texts into vectors. Whatever form the server sends them in, each
--- `reply.data[i].embedding` is a `lualogue.Vector`.
---
--- ```lua
--- local params = { model = "text-embedding-3-small", input = { "one", "two" } }
--- local reply = assert(client:embeddings(params))
--- print(reply.data[1].embedding:cosine(reply.data[2].embedding))
--- ```
---@param params lualogue.EmbeddingsParams
---@param options? lualogue.CallOptions
---@return lualogue.EmbeddingsReply? reply
---@return lualogue.Error? err
function methods:embeddings(params, options)
  core_of(self, "embeddings")
  params = own.params(self, "embeddings.create", params)
  return key.send(self, options, function(core, given)
    return wait.result(core:embeddings(params, given))
  end, "POST", "/embeddings", params)
end

--- Any other endpoint. A table is sent as JSON, or as a form if there is a `lualogue.file` in it; a
--- string as it is (`headers` may say what it is); nil sends no body. The reply is decoded JSON;
--- with `raw = true` it is the bytes, with `to = path` they go into a file, with `stream = true` it
--- is a `lualogue.Events`, once the server has begun to answer, and with both `raw` and `stream` a
--- `lualogue.ByteStream`. What tells the server to stream is up to its API, mostly a
--- `stream = true` in the body.
---
--- ```lua
--- local models = assert(client:request("GET", "/models"))
--- local speech = { model = "tts-1", voice = "alloy", input = "Hello." }
--- assert(client:request("POST", "/audio/speech", speech, { to = "hello.mp3" }))
--- local body = { model = "gpt-4o-mini", input = "Hi", stream = true }
--- local events = assert(client:request("POST", "/responses", body, { stream = true }))
--- for event in events:events() do print(event.name, event.data) end
--- ```
---@param method string upper case, such as "GET"
---@param path string below the base URL, such as "/models"
---@param body? table|string
---@param options? lualogue.CallOptions
---@return any reply
---@return lualogue.Error? err
---@return nil
---@return lualogue.Events|lualogue.ByteStream|nil closing of a stream, for the `for` of Lua 5.4,
---which closes it
function methods:request(method, path, body, options)
  core_of(self, "request")
  local sent
  sent, options = require("lualogue.upload").prepare(body, options)
  local streams = type(options) == "table" and rawget(options, "stream")
  local read = not streams and wait.result
    or rawget(options, "raw") and require("lualogue.byte_stream").open
    or require("lualogue.events").open
  local reply, err = key.send(self, options, function(core, given)
    return read(core:request(method, path, sent, given))
  end, method, path, body)
  if not streams or not reply then return reply, err end
  return reply, nil, nil, reply
end

--- A new dialogue with this client: it remembers what was said, trims what is sent, and survives
--- what goes wrong. Everything that is no option of ours is a parameter of every request.
---
--- ```lua
--- local dialogue = client:dialogue { system = "You are terse.", temperature = 0.3 }
--- print(assert(dialogue:ask("What is AI?")))
--- ```
---@param options? lualogue.DialogueOptions
---@return lualogue.Dialogue? dialogue nil when the file of `load` cannot be loaded
---@return lualogue.Error? err
function methods:dialogue(options)
  core_of(self, "dialogue")
  return require("lualogue.dialogue").new(self, options)
end

--- Say in plain words what is wrong between here and the server, and what mends it: name,
--- connection, proxy, TLS, key, model, and whether what answers keeps the protocol. It asks for the
--- models, two short answers (`chat = false`: none) and an error, and raises for nothing of that.
---
--- ```lua
--- local report = client:check()
--- if not report.ok then print(report) end
--- ```
---@param options? lualogue.CheckOptions
---@return lualogue.CheckReport report a list of what was looked at
function methods:check(options)
  core_of(self, "check")
  return require "lualogue.check"(self, options)
end

--- Forget the key and the settings, and close the connections that no call uses. What is under
--- way goes on; a new call raises.
function methods:close()
  core_of(self, "close"):close()
  if self.places then self.places:close() end
end

--- A client like this one but for some options, which shares its connections: another key, model,
--- time limit or server for some of the calls. What `lualogue.new` takes may be given, but not what
--- a client is opened with (`cassette`, `record`, `dotenv`).
---
--- `headers`, `query` and `defaults` go over those of this client, name by name; a header that is
--- `false` and a default that is `lualogue.null` are left out, and so are all defaults with
--- `defaults = false`. To a `base_url` at another server nothing goes along that may be secret:
--- neither key nor headers, query, organization and project. Hence `api_key` has to be given there.
--- How it is reached stays (certificates, a chosen proxy), or is what the environment says.
---
--- Each of the two may be closed without harm to the other.
---
--- ```lua
--- local patient = client:with { timeout = 1200, max_retries = 5, defaults = { temperature = 0 } }
--- local local_one = client:with { base_url = "http://127.0.0.1:11434/v1", api_key = false }
--- ```
---@param options lualogue.ClientOptions
---@return lualogue.Client
function methods:with(options)
  core_of(self, "with")
  return setmetatable(require("lualogue.client.derive").fields(self, options), metatable)
end

--- See `lualogue.new`, which fills in what the environment says.
---@param options lualogue.ClientOptions with `base_url`, without `cassette`
---@param cassette? lualogue.Cassette
---@param offline? boolean nothing may be sent
---@param own_way? boolean|"file" a proxy was chosen, or none, or is that of a file of variables
---@return lualogue.Client
function client.new(options, cassette, offline, own_way)
  local settings = {}
  for name, value in next, options do settings[name] = value end
  local given = own.take(settings, "new")
  local watched_by = observe.take(settings)
  local core = native.core().client(settings)
  local keyless = offline or cassette and not cassette.records
  if cassette or offline then
    core = require("lualogue.cassette.seam").wrap(core, settings, cassette, offline or false)
  end
  if watched_by then core = observe.over(core, watched_by) end
  return setmetatable({
    core = core, key = not keyless and given.key or nil, keyless = keyless,
    model = settings.model, server = environment.plain_url(settings.base_url),
    defaults = given.defaults, own_way = own_way,
  }, metatable)
end

return client
