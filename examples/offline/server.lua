--- The offline model: a small server that speaks the OpenAI protocol on the loopback address,
-- with a rule-based ELIZA behind it, so that every example runs without a key and a network.
--
--     luajit examples/offline/server.lua [--port 0] [--api-key KEY] [--parent-pipe]
--
-- It prints one line, its base URL, when it listens. With `--parent-pipe` it ends when its
-- standard input does, that is with the process that started it.
--
-- Environment: OFFLINE_DELAY_MS, the time between two words (default 25; a request may set its own
-- as `delay_ms`); OFFLINE_DEBUG, to have failures of connections reported on standard error.

local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
package.path = here .. "?.lua;" .. package.path

local cjson = require "cjson"
local cqueues = require "cqueues"
local http_headers = require "http.headers"
local http_server = require "http.server"
local http_util = require "http.util"
local api = require "api"
local chat = require "chat"
local files = require "files"
local wire = require "wire"

api.null = cjson.null

local idle_timeout_s = 60
local usage_text = "usage: server.lua [--port N] [--api-key KEY] [--parent-pipe]"

---@class offline.Options
---@field port integer 0 for any free port
---@field api_key? string what clients must send as their key
---@field parent_pipe boolean end when standard input does
---@field delay_ms number

---@param args string[]
---@return offline.Options
local function read_options(args)
  local options = {
    port = 0, parent_pipe = false, delay_ms = tonumber(os.getenv("OFFLINE_DELAY_MS") or "") or 25,
  }
  local i = 1
  while args[i] do
    if args[i] == "--port" and tonumber(args[i + 1]) then
      options.port, i = tonumber(args[i + 1]), i + 1
    elseif args[i] == "--api-key" and args[i + 1] then
      options.api_key, i = args[i + 1], i + 1
    elseif args[i] == "--parent-pipe" then
      options.parent_pipe = true
    else
      io.stderr:write(usage_text, "\n")
      os.exit(2)
    end
    i = i + 1
  end
  return options
end

local options = read_options(arg)

-- ------------------------------------------------------------------ endpoints

--- The pause before each word, in seconds.
local function delay_of(request)
  local delay_ms = type(request.delay_ms) == "number" and request.delay_ms or options.delay_ms
  return math.max(0, math.min(delay_ms, 60000)) / 1000
end

local function chat_completions(call)
  local request = wire.read_request(call)
  local thought = chat.think(request)
  local head = { id = "chatcmpl-" .. call.id, created = os.time() }
  if request.stream == true then
    local wanted = type(request.stream_options) == "table" and request.stream_options
    wire.send_chat(call, thought, head, {
      usage = wanted and wanted.include_usage == true, delay = delay_of(request),
    })
    return
  end
  local pause = delay_of(request) * thought.usage.completion_tokens
  if pause > 0 then
    cqueues.sleep(pause)
  end
  wire.send_json(call, 200, chat.completion(thought, head))
end

local function embeddings(call)
  wire.send_json(call, 200, api.embeddings(wire.read_request(call)))
end

local function list_models(call)
  wire.send_json(call, 200, api.models())
end

local function one_model(call, id)
  wire.send_json(call, 200, api.model(id))
end

local function create_file(call)
  wire.send_json(call, 200, files.create(call.headers:get("content-type"), call.body))
end

local function list_files(call) wire.send_json(call, 200, files.list()) end
local function one_file(call, id) wire.send_json(call, 200, files.retrieve(id)) end
local function delete_file(call, id) wire.send_json(call, 200, files.delete(id)) end
local function file_content(call, id) wire.send_bytes(call, files.content(id)) end

--- Path pattern, methods.
local routes = {
  { "^/v1/chat/completions$", { POST = chat_completions } },
  { "^/v1/embeddings$", { POST = embeddings } },
  { "^/v1/models$", { GET = list_models } },
  { "^/v1/models/([^/]+)$", { GET = one_model } },
  { "^/v1/files$", { GET = list_files, POST = create_file } },
  { "^/v1/files/([^/]+)$", { GET = one_file, DELETE = delete_file } },
  { "^/v1/files/([^/]+)/content$", { GET = file_content } },
}

-- ------------------------------------------------------------------ requests

local function check_key(call)
  if not options.api_key then
    return
  end
  local given = (call.headers:get("authorization") or ""):match("^[Bb]earer%s+(.+)$")
  if not given then
    api.fail(401, "You didn't provide an API key: it goes into the header Authorization: Bearer.")
  elseif given ~= options.api_key then
    api.fail(401, "Incorrect API key provided.", nil, "invalid_api_key")
  end
end

local function allowed_methods(methods)
  local list = { "OPTIONS" }
  for method in pairs(methods) do
    list[#list + 1] = method
    list[#list + 1] = method == "GET" and "HEAD" or nil
  end
  table.sort(list)
  return table.concat(list, ", ")
end

local function send_options(call, methods)
  local headers = http_headers.new()
  headers:append(":status", "200")
  headers:append("allow", allowed_methods(methods))
  call.stream:write_headers(headers, true)
end

local function dispatch(call)
  for _, route in ipairs(routes) do
    local pattern, methods = route[1], route[2]
    local matched = call.path:match(pattern)
    if matched then
      local handler = methods[call.method == "HEAD" and "GET" or call.method]
      if call.method == "OPTIONS" then
        send_options(call, methods)
        return
      end
      check_key(call)
      if not handler then
        call.extra = { allow = allowed_methods(methods) }
        api.fail(405, ("Not allowed to %s on %s. (Hint: perhaps another method was meant?)"):format(
          call.method, call.path), nil, "method_not_supported")
      end
      handler(call, matched)
      return
    end
  end
  check_key(call)
  api.fail(404, ("Invalid URL (%s %s)"):format(call.method, call.path))
end

--- A failure as the body of an error; anything unforeseen is a 500, never a dead server.
local function send_failure(call, failure)
  if type(failure) ~= "table" or not failure.status then
    io.stderr:write("offline model: ", tostring(failure), "\n")
    failure = { status = 500, body = { error = {
      message = "The offline model failed.", type = "server_error", param = cjson.null, code = cjson.null,
    } } }
  end
  wire.send_json(call, failure.status, failure.body, call.extra)
end

local request_count = 0

local function on_stream(_, stream)
  local headers = stream:get_headers(idle_timeout_s)
  if not headers then
    return
  end
  request_count = request_count + 1
  local call = {
    stream = stream, headers = headers, method = headers:get(":method") or "GET",
    path = (headers:get(":path") or "/"):match("^[^?#]*"),
    id = ("offline-%d"):format(request_count),
  }
  if (headers:get("expect") or ""):lower() == "100-continue" then
    stream:write_continue()
  end
  local body, too_large = wire.read_body(call)
  call.body = body
  -- Not the plain pcall, across which 5.1 cannot yield.
  local ok, failure = http_util.yieldable_pcall(function()
    if body then
      dispatch(call)
    elseif too_large then
      api.fail(413, "The request's body is too large.")
    end
  end)
  if not ok then
    send_failure(call, failure)
  end
  if not body then
    wire.abandon(call)
  end
end

-- ------------------------------------------------------------------ life

local server = assert(http_server.listen {
  host = "127.0.0.1", port = options.port, tls = false, version = 1.1,
  intra_stream_timeout = idle_timeout_s, onstream = on_stream,
  onerror = function(_, _, operation, err)
    if os.getenv("OFFLINE_DEBUG") then
      io.stderr:write("offline model: ", tostring(operation), ": ", tostring(err), "\n")
    end
  end,
})
assert(server:listen())

--- End with the parent: its end of the pipe closes whatever happens to it.
local function watch_parent()
  io.stdin:setvbuf("no")
  repeat
    cqueues.poll({ pollfd = 0, events = "r" })
  until not io.stdin:read(1)
  os.exit(0)
end

if options.parent_pipe then
  server.cq:wrap(watch_parent)
end

local _, _, port = server:localname()
io.stdout:write(("http://127.0.0.1:%d/v1\n"):format(port))
io.stdout:flush()
assert(server:loop())
