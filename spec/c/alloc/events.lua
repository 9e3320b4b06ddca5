-- Any path as a stream of events: to its end, and left in the middle; with options that are copied,
-- and a refusal whose words hold what may not be shown.
local lualogue = require "lualogue"
local client = lualogue.new { model = "eliza", api_key = "sk-secret-0123456789", max_retries = 0 }
local body = { model = "eliza", messages = { { role = "user", content = "I am sad" } }, stream = true }
local options = { stream = true, headers = { ["X-One"] = "sk-other-0123456789" }, query = { list = { 1, "two" } } }

local function read()
  local events, err = client:request("POST", "/chat/completions", body, options)
  if not events then return not assert(err, "nil came without an error") end
  local n, event = 0
  repeat
    event, err = events:next()
    if event then n = n + 1 end
  until not event
  if err then return false end
  local left = client:request("POST", "/chat/completions", body, options)
  if not left then return false end
  left:next()
  left:close()
  local nothing, refused = client:request("POST", "/nowhere/sk-other-0123456789", body, options)
  if nothing ~= nil or not refused or refused.kind ~= "api" then return false end
  return n > 2 and events.meta ~= nil and not refused.message:find "sk-other"
end

assert(read())
return read
