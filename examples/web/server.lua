-- A chat in the browser: a page, and the server behind it, on lua-http (Debian's is for LuaJIT).
--     eval "$(make -s env LUA=luajit)" && luajit examples/web/server.lua 8091
-- and then http://127.0.0.1:8091/. Each page has a talk of its own, and many are answered at once.
local here = arg[0]:match "^(.*[/\\])" or "./"
package.path = here .. "?.lua;" .. here .. "../?/init.lua;" .. package.path

local answer, talk, wire = require "answer", require "talk", require "wire"
local http_server = require "http.server"
local lualogue = require "lualogue"

local MAX_TALKS = 100
local client = require("offline").connect(lualogue)
local talks, names = {}, {}

--- The talk of a page; of more than a hundred the oldest is forgotten.
local function talk_of(name)
  if not talks[name] then talks[name], names[#names + 1] = talk.new(client), name end
  if #names > MAX_TALKS then talks[table.remove(names, 1)] = nil end
  return talks[name]
end

local function file(name, kind)
  return function(http)
    local opened = assert(io.open(here .. name, "rb"))
    wire.reply(http, 200, kind, opened:read "*a")
    opened:close()
  end
end

--- End what is under way (a page that is loaded again has left it), and show what there is.
local function stop(http, its)
  its:stop()
  wire.reply(http, 200, "application/json", lualogue.json.encode(its:state()))
end

--- Answer a question; without one the last, anew.
local function ask(http, its, question)
  if its:is_busy() then return wire.refuse(http, 409, "One answer after the other.") end
  answer(http, its, question ~= "" and question or nil)
end

local routes = {
  ["GET /"] = file("page.html", "text/html"), ["GET /page.js"] = file("page.js", "text/javascript"),
  ["GET /page.css"] = file("page.css", "text/css"),
  ["POST /open"] = stop, ["POST /stop"] = stop, ["POST /ask"] = ask,
}

local server = assert(http_server.listen {
  host = "127.0.0.1", port = tonumber(arg[1]) or 8091, tls = false, version = 1.1,
  onerror = function(_, _, what, why) io.stderr:write(what, ": ", tostring(why), "\n") end,
  onstream = function(_, http)
    local what, name, text = wire.read(http)
    if what and not routes[what] then return wire.refuse(http, 404, "Nothing here.") end
    if what then routes[what](http, name and talk_of(name), text) end
  end,
})
require("lualogue.loop.cqueues").attach(server.cq) -- a call waits as the others do that serve
assert(server:loop())
