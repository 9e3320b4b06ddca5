--- The fixture server: a child process of the specs that answers as a script says, however badly.
--
-- Commands come as lines of JSON on standard input, an answer to each goes out as one line on
-- standard output; `fixture.lua` is the other side. The process ends when its input does.
-- LuaJIT with cqueues, lua-http, luaossl and lua-cjson. FIXTURE_DEBUG=1: mistakes go to stderr too.
-- FIXTURE_RECORD=FOLDER: at its end all requests are written into a file there.

local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
package.path = here .. "?.lua;" .. package.path

local cjson = require "cjson"
local cqueues = require "cqueues"
local ffi = require "ffi"
local http1 = require "fixture_http1"
local new_site = require("fixture_site").new

ffi.cdef [[
long read(int fd, void *buf, unsigned long count);
int listen(int fd, int backlog);
unsigned int alarm(unsigned int seconds);
int getpid(void);
]]

local standstill_s = 20

local cq = cqueues.new()
local sites, failures, cleanups = {}, {}, {}

local function fail(message)
  failures[#failures + 1] = message
  if os.getenv("FIXTURE_DEBUG") then
    io.stderr:write("fixture server: ", message, "\n")
  end
end

local function site_of(command)
  return sites[command.site] or error("no such site")
end

-- ------------------------------------------------------------------ commands

local commands = {}

function commands.script(command)
  local number = #sites + 1
  local serve, scheme, extra, client = http1.serve, "http", nil, nil
  if command.tls then
    local tls = require "fixture_tls"
    serve, extra, client = tls.serve(command.tls, cleanups)
    scheme = "https"
  end
  local site = new_site(cq, number, serve, fail)
  site:set_script(command.routes)
  sites[number] = site
  return {
    site = number, port = site.port, ca_file = extra, client = client,
    base_url = ("%s://%s:%d/v1"):format(scheme, command.host or "127.0.0.1", site.port),
  }
end

function commands.rescript(command)
  site_of(command):set_script(command.routes)
  return {}
end

function commands.requests(command)
  return { requests = site_of(command).requests }
end

function commands.counts(command)
  return { counts = site_of(command):counts() }
end

function commands.wait(command)
  local reached, counts = site_of(command):wait(command.wanted, command.timeout)
  return { reached = reached, counts = counts }
end

function commands.release(command)
  site_of(command):release(command.gate)
  return {}
end

function commands.stop_listening(command)
  site_of(command):stop_listening()
  return {}
end

local kept_open = {}

--- A port on which connects hang: its queue of connections is full, and nobody accepts.
function commands.deaf()
  local socket = require "cqueues.socket"
  local listener = assert(socket.listen { host = "127.0.0.1", port = 0 })
  assert(listener:listen())
  assert(ffi.C.listen(listener:pollfd(), 0) == 0)
  local _, _, port = listener:localname()
  table.insert(kept_open, listener)
  for _ = 1, 3 do
    local client = socket.connect { host = "127.0.0.1", port = port }
    client:connect(0.02)
    table.insert(kept_open, client)
  end
  return { base_url = ("http://127.0.0.1:%d/v1"):format(port) }
end

-- ------------------------------------------------------------------ life

local function reply(value)
  if #failures > 0 then
    value.failures, failures = failures, {}
  end
  io.stdout:write(cjson.encode(value), "\n")
  io.stdout:flush()
end

local function obey(line)
  local ok, result = pcall(function()
    local command = cjson.decode(line)
    return (commands[command.name] or error("no such command"))(command)
  end)
  reply(ok and result or { error = tostring(result) })
end

--- For `make validate`: all that came, a line of JSON for each, with a letter for each byte of a body.
local function write_down(folder)
  local name = ("%s/%d-%d.jsonl"):format(folder, os.time(), ffi.C.getpid())
  local file
  for _, site in ipairs(sites) do
    for _, request in ipairs(site.requests) do
      local headers = {}
      for _, pair in ipairs(request.headers) do headers[pair[1]:lower()] = pair[2] end
      local body = request.body:gsub("[\128-\255]", function(byte)
        return string.char(192 + math.floor(byte:byte() / 64), 128 + byte:byte() % 64)
      end)
      file = file or assert(io.open(name, "wb"))
      file:write(cjson.encode { method = request.method, target = request.target, headers = headers, body = body,
        complete = request.complete and not request.body_bytes }, "\n")
    end
  end
  if file then file:close() end
end

--- For `make spec-keys`: what let somebody in, one on a line; what is shorter is no secret.
local LETS_IN = { ["authorization"] = true, ["api-key"] = true, ["x-api-key"] = true }
local function write_keys(folder)
  local file = assert(io.open(("%s/%d"):format(folder, ffi.C.getpid()), "wb"))
  for _, site in ipairs(sites) do
    for _, request in ipairs(site.requests) do
      for _, pair in ipairs(request.headers) do
        local key = LETS_IN[pair[1]:lower()] and pair[2]:match "%S+$"
        if key and #key >= 12 then file:write(key, "\n") end
      end
    end
  end
  file:close()
end

local function end_with_parent()
  local folder = os.getenv "FIXTURE_RECORD"
  if folder then write_down(folder) end
  folder = os.getenv "FIXTURE_KEYS"
  if folder then write_keys(folder) end
  for _, clean in ipairs(cleanups) do
    pcall(clean)
  end
  os.exit(0)
end

local function read_commands()
  local size = 65536
  local space, pending = ffi.new("uint8_t[?]", size), ""
  while true do
    cqueues.poll({ pollfd = 0, events = "r" })
    local count = tonumber(ffi.C.read(0, space, size))
    if count <= 0 then
      end_with_parent()
    end
    pending = pending .. ffi.string(space, count)
    while true do
      local line, rest = pending:match("^([^\n]*)\n(.*)$")
      if not line then
        break
      end
      pending = rest
      obey(line)
    end
  end
end

--- Die of a signal where the loop has come to a standstill, lest the specs wait for ever.
local function prove_liveliness()
  while true do
    ffi.C.alarm(standstill_s)
    cqueues.sleep(standstill_s / 4)
  end
end

cq:wrap(read_commands)
cq:wrap(prove_liveliness)
io.stdout:write("ready\n")
io.stdout:flush()
repeat
  local ok, err = cq:step()
  if not ok then
    fail(tostring(err))
  end
until cq:empty()
