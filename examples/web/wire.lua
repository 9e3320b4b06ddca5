-- Requests and replies, through lua-http.
local http_headers = require "http.headers"
local json = require("lualogue").json

local wire = {}

local MAX_BYTES, PATIENCE_S = 65536, 10
-- Pages of other sites reach this server too, as the browser's user does. They may not send X-Talk,
-- and a name of theirs that leads here is not ours.
local OURS = { ["127.0.0.1"] = true, localhost = true }

--- Write the head of a reply; false if nobody listens any more.
function wire.begin(http, status, kind)
  local headers = http_headers.new()
  headers:append(":status", tostring(status))
  headers:append("content-type", kind .. "; charset=utf-8")
  headers:append("cache-control", "no-store")
  headers:append("content-security-policy", "default-src 'self'") -- no script of a model's
  return http:write_headers(headers, false)
end

function wire.reply(http, status, kind, text)
  if wire.begin(http, status, kind) then http:write_chunk(text, true) end
end

function wire.refuse(http, status, why) wire.reply(http, status, "text/plain", why .. "\n") end

--- Refuse a request whose body was not read, nor is: lua-http would, and spins where none comes.
local function drop(http, status, why)
  wire.refuse(http, status, why)
  http.connection.socket:shutdown "rw"
  if http.state ~= "closed" then http:set_state "closed" end
end

--- Read a request: "POST /ask", the talk's name, the text. Nil if it was refused, or never came.
function wire.read(http)
  local head = http:get_headers(PATIENCE_S)
  if not head then return end
  local method, host = head:get ":method", head:get ":authority" or ""
  if not OURS[host:match "^[^:]*"] then return drop(http, 403, "Not here.") end
  local what = method .. " " .. (head:get ":path" or "")
  if method ~= "POST" then return what end
  local name, size = head:get "x-talk" or "", tonumber(head:get "content-length" or "")
  local is_name = name:find "^[%w-]+$" and #name >= 16 and #name <= 64
  if not is_name then return drop(http, 400, "Which talk?") end
  local text = size and size <= MAX_BYTES and http:get_body_as_string(PATIENCE_S)
  if not text or #text < size then return drop(http, 413, "Too long, or not whole.") end
  if not pcall(json.encode, text) then return wire.refuse(http, 400, "Not UTF-8.") end
  return what, name, text
end

return wire
