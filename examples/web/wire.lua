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

--- Read a request: "POST /say", the talk's name, and the text. Nil if it was refused, or never came.
function wire.read(http)
  local head = http:get_headers(PATIENCE_S)
  if not head then return end
  local method, host = head:get ":method", head:get ":authority" or ""
  if not OURS[host:match "^[^:]*"] then return wire.refuse(http, 403, "Not here.") end
  local what = method .. " " .. head:get ":path"
  if method ~= "POST" then return what end
  local name, size = head:get "x-talk" or "", tonumber(head:get "content-length" or "")
  local is_name = name:find "^[%w-]+$" and #name >= 16 and #name <= 64
  if not is_name then return wire.refuse(http, 400, "Which talk?") end
  local text = size and size <= MAX_BYTES and http:get_body_as_string(PATIENCE_S)
  if text and #text < size then text = nil end
  if text and not pcall(json.encode, text) then return wire.refuse(http, 400, "Not UTF-8.") end
  if text then return what, name, text end
  wire.refuse(http, 413, "Too long, or not all of it came.")
  http.connection.socket:shutdown "rw" -- lua-http would read the rest, and spin where none comes
  if http.state ~= "closed" then http:set_state "closed" end
end

return wire
