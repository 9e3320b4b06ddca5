--- A server for the specs that does what a script says, down to the byte, and remembers what came.
--
--     local fixture = require "spec.support.fixture"
--     local server = fixture.start()                        -- once per spec file, in `setup`
--     local base_url = server:script(fixture.json(200, fixture.chat_reply("Hello")))
--     ... a client talks to base_url ...
--     assert.equal("/chat/completions", server:requests(base_url)[1].path)
--     server:stop()                                         -- in `teardown`
--
-- A script is one answer for every request, or a list of answers: the first request gets the
-- first, and so on; the last repeats. Or `{ routes = { ["/models"] = ..., ["*"] = ... } }`.
-- Each script is an origin of its own, with its own port, connections and counts.
--
-- An answer is a list of steps; `json`, `sse`, `raw`, `redirect` and `html` make them, `join` puts
-- them together, and `faults` has fifteen that no client may take for a success:
--
--     { send = bytes, split = n?, delay = seconds?, times = n? }   n bytes per write; n times over
--     { sleep = seconds }      less if the client leaves
--     { stall = true }         until the client leaves
--     { hold = "gate" }        until `server:release(base_url, "gate")`
--     { close = true }  { reset = true }  { half_close = true }  { silence = true }: TLS is not closed
--     { respond = {...} }      what `json` and `sse` make
--     { goaway = "taken" }     HTTP/2: no more requests on this connection; "later": so soon after;
--                              "refused": nor this one
--     { read = "head" }        the request is read whole before an answer, unless the answer has a
--     { read = "body" }        `read` step of its own: "head" at its beginning, "body" where it is to
--     { read = "nothing" }     be read; "nothing", as the first step, never reads from the connection;
--                              "discard" reads it and keeps its length, `body_bytes`, alone;
--                              "stop" reads no more until a step does
--
-- After the steps the connection is kept, unless a step or a header says otherwise.
--
-- Options of `json` and `sse`:
--     framing = "content-length" | "chunked" | "close" | "none"    how the body ends
--     split = n | "every byte"     the body in writes (and chunks) of n bytes; with TCP_NODELAY
--     delay = seconds              between two writes of the body
--     header_delay = seconds       after each line of the head
--     ending = "complete" | "cut" | "reset" | "stall" | "silence"              what follows the last byte
--     times = n                    the body n times over, for bodies too large to be written down
--     content_length = n           a wrong one
--     encoding = "gzip" | "deflate" | "br", encoded_bytes = n      compressed; cut off after n bytes
--     version = "1.0", reason = "Text", close = true, interim = { 100, 103 }

local cjson = require "cjson"
local child = require "examples.offline.child"
local answers = require "spec.support.fixture_answers"

local fixture = {}
for name, value in pairs(answers) do
  fixture[name] = value
end

local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"

---@class fixture.Server
---@field child offline.Child?
---@field sites table<string, integer> base URL -> number
local server_mt = {}
server_mt.__index = server_mt

--- One request as it arrived.
---@class fixture.Request
---@field method string
---@field target string path and query as they came
---@field path string the target below the base URL, with its query
---@field version string "1.1", "1.0", "2"
---@field headers { [1]: string, [2]: string }[] in their order and case
---@field head string the bytes of the head (HTTP/1 only)
---@field body string
---@field body_bytes integer? of a body that was discarded
---@field complete boolean the whole body came
---@field connection integer the how-manieth connection of its site it came on
---@field turn integer? the how-manieth answer of its route it got
---@field left boolean the client left before the answer was over
---@field done boolean the answer was given to its end
local request_mt = {}
request_mt.__index = request_mt

--- The value of a header, whatever its case; several are joined by ", ".
---@param name string
---@return string? value
function request_mt:header(name)
  local values = {}
  for _, pair in ipairs(self.headers) do
    if pair[1]:lower() == name:lower() then
      values[#values + 1] = pair[2]
    end
  end
  return values[1] and table.concat(values, ", ")
end

--- The body, decoded.
---@return any
function request_mt:json()
  return cjson.decode(self.body)
end

-- ------------------------------------------------------------------ talking to the child

--- Send a command and return what it gives. A mistake in a script raises at the spec's line.
local function ask(self, command, level)
  if not self.child then
    error("the fixture server has been stopped", level or 3)
  end
  local reply = self.child:ask(cjson.encode(command))
  if not reply then
    error("the fixture server has died", level or 3)
  end
  reply = cjson.decode(reply)
  if reply.error or reply.failures then
    error("fixture server: " .. (reply.error or table.concat(reply.failures, "\n")), level or 3)
  end
  return reply
end

local function site_of(self, base_url)
  return self.sites[base_url] or error("no script has the base URL " .. tostring(base_url), 3)
end

--- Whole numbers as such where the Lua in use has them.
local function whole(value)
  return math.tointeger and math.tointeger(value) or value
end

-- ------------------------------------------------------------------ scripts

--- One answer or a list of them as a list of answers, with every step checked.
local function answer_list(script)
  local list = script
  if type(script) ~= "table" or type(script[1]) ~= "table" then
    error("a script is an answer, a list of answers, or { routes = ... }", 4)
  end
  if script[1][1] == nil then
    list = { script }
  end
  for _, answer in ipairs(list) do
    for _, step in ipairs(answer) do
      if type(step) ~= "table" or not answers.is_step(step) then
        error("a step has none of the known names", 4)
      end
    end
  end
  return list
end

local function routes_of(script)
  local routes = {}
  if type(script) == "table" and script.routes then
    for path, answer in pairs(script.routes) do
      routes[path] = answer_list(answer)
    end
  else
    routes["*"] = answer_list(script)
  end
  return routes
end

--- Open an origin that answers as the script says.
---@param script table
---@return string base_url ends in /v1
function server_mt:script(script)
  local reply = ask(self, { name = "script", routes = routes_of(script) })
  self.sites[reply.base_url] = reply.site
  return reply.base_url
end

--- The same with TLS, under a certificate authority made for this server.
---@param script table
---@param opts? { certificate: "good"|"wrong_host"|"expired"|nil, http2: boolean?, asks: boolean?, newest: "1.2"|nil }
--- `asks`: clients must say who they are; `newest`: it speaks no newer TLS
---@return string base_url https
---@return string ca_file the authority's certificate; removed when the server stops
---@return { cert: string, key: string }? client with `asks`: files that it takes, likewise
function server_mt:tls(script, opts)
  opts = opts or {}
  local reply = ask(self, {
    name = "script", routes = routes_of(script),
    tls = { certificate = opts.certificate or "good", http2 = opts.http2 or false,
      asks = opts.asks, newest = opts.newest },
  })
  self.sites[reply.base_url] = reply.site
  return reply.base_url, reply.ca_file, reply.client
end

--- Give an origin another script; it begins with that one's first answer.
---@param base_url string
---@param script table
function server_mt:rescript(base_url, script)
  ask(self, { name = "rescript", site = site_of(self, base_url), routes = routes_of(script) })
end

--- Let the answers go on that hold at a gate, now and later.
---@param base_url string
---@param gate string
function server_mt:release(base_url, gate)
  ask(self, { name = "release", site = site_of(self, base_url), gate = gate })
end

--- Refuse new connections from now on.
---@param base_url string
function server_mt:stop_listening(base_url)
  ask(self, { name = "stop_listening", site = site_of(self, base_url) })
end

--- A base URL at which a connection attempt neither succeeds nor fails.
---@return string base_url
function server_mt:deaf()
  return ask(self, { name = "deaf" }).base_url
end

--- A base URL at which a connection attempt is refused.
---@return string base_url
function server_mt:refused()
  local base_url = self:script({ { close = true } })
  self:stop_listening(base_url)
  return base_url
end

-- ------------------------------------------------------------------ what came

--- What an origin has been asked so far.
---@param base_url string
---@return fixture.Request[]
function server_mt:requests(base_url)
  local reply = ask(self, { name = "requests", site = site_of(self, base_url) })
  for _, request in ipairs(reply.requests) do
    request.path = request.target:gsub("^/v1", "")
    request.connection, request.turn = whole(request.connection), whole(request.turn)
    setmetatable(request, request_mt)
  end
  return reply.requests
end

local function whole_counts(counts)
  for name, value in pairs(counts) do
    counts[name] = whole(value)
  end
  return counts
end

--- How much an origin has seen: `accepted` and `open` connections, `requests`, those whose client
-- `left` before the end, those answered to the end (`done`), `sent_bytes`, `failed_handshakes`.
---@param base_url string
---@return table<string, integer>
function server_mt:counts(base_url)
  return whole_counts(ask(self, { name = "counts", site = site_of(self, base_url) }).counts)
end

--- Wait until the counts are as wanted (`open` exactly, the others at least); raises if they do
-- not become so. Nothing else of this process runs meanwhile.
---@param base_url string
---@param wanted table<string, integer> such as `{ open = 0 }`
---@param timeout? number seconds, 5 unless given
---@return table<string, integer> counts
function server_mt:wait(base_url, wanted, timeout)
  local reply = ask(self, {
    name = "wait", site = site_of(self, base_url), wanted = wanted, timeout = timeout or 5,
  })
  if not reply.reached then
    local is = {}
    for name in pairs(wanted) do
      is[#is + 1] = ("%s is %d, not %d"):format(name, reply.counts[name], wanted[name])
    end
    error("the fixture server waited in vain: " .. table.concat(is, "; "), 2)
  end
  return whole_counts(reply.counts)
end

-- ------------------------------------------------------------------ life

--- End the server, and wait until it has ended. May be called again.
function server_mt:stop()
  local process = self.child
  self.child = nil
  if process then
    process:close()
  end
end

--- Start a server. It ends with `stop`, or with this process.
---@return fixture.Server
function fixture.start()
  local needs = { "ffi", "http.server", "openssl.x509", "cjson" }
  local process, err = child.start(here .. "server.lua", "", needs)
  if not process then
    error("the fixture server did not start: " .. tostring(err), 2)
  end
  return setmetatable({ child = process, sites = {} }, server_mt)
end

return fixture
