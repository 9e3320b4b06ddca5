--- Webhooks: whether what somebody sent to your server comes from OpenAI.
---
--- They are signed after the Standard Webhooks: the header `webhook-signature` is a list of
--- "v1,BASE64", each the HMAC-SHA-256 of "ID.TIMESTAMP.BODY" under a secret that both sides know.

local environment = require "lualogue.environment"
local native = require "lualogue.native"

---@class lualogue.webhook
local webhook = {}

local TOLERANCE_S = 300

local ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

local function refuse(name, why)
  native.core().raise(("bad argument '%s' to 'verify' (%s)"):format(name, why))
end

local function failure(code, message)
  return nil, native.core().error { kind = "protocol", code = code, message = message }
end

--- The bytes of a secret.
local function bytes_of(secret)
  if type(secret) ~= "string" then
    refuse("secret", "string or list of strings expected, got " .. type(secret))
  end
  local text = environment.trim(secret)
  local encoded = text:match "^whsec_(.*)$"
  local bytes = not encoded and text or native.core().base64_decode(encoded)
  if not bytes then refuse("secret", "what follows whsec_ is no base64") end
  if bytes == "" then refuse("secret", "it is empty") end
  return bytes
end

local function keys_of(secret)
  if secret == nil then
    secret = environment.variable "OPENAI_WEBHOOK_SECRET"
    if not secret then
      refuse("secret", "string expected, got nothing; OPENAI_WEBHOOK_SECRET is not set")
    end
  end
  if type(secret) ~= "table" then return { bytes_of(secret) } end
  local keys = {}
  for i = 1, #secret do keys[i] = bytes_of(rawget(secret, i)) end
  if #keys == 0 then refuse("secret", "the list is empty") end
  return keys
end

--- The values of a header, whatever its case; servers give several as a list.
local function values_of(headers, wanted)
  local values = {}
  for name, value in next, headers do
    if type(name) == "string" and name:lower() == wanted then
      for _, one in ipairs(type(value) == "table" and value or { value }) do
        values[#values + 1] = tostring(one)
      end
    end
  end
  return values
end

--- The value of a header that may be there once.
local function single(headers, wanted)
  local values = values_of(headers, wanted)
  if #values == 0 or values[1] == "" then
    return failure("missing_header", ("the header %s is missing"):format(wanted))
  elseif #values > 1 then
    return failure("missing_header", ("the header %s came %d times"):format(wanted, #values))
  end
  return values[1]
end

--- Whether the time is one at which it may have been sent.
local function check_time(text, now, tolerance)
  local sent = #text <= 15 and text:match "^%d+$" and tonumber(text)
  if not sent then
    return failure("missing_header", ("the header %s is no time"):format(TIMESTAMP))
  elseif now - sent > tolerance then
    local words = "it was sent %.0f s ago, more than %g s"
    return failure("stale", words:format(now - sent, tolerance))
  elseif sent - now > tolerance then
    return failure("stale", ("it was sent in %.0f s from now, more than %g s"):format(
      sent - now, tolerance))
  end
  return true
end

--- Whether one of the signatures was made with one of the keys.
local function is_signed(keys, text, signatures)
  local core = native.core()
  local found = false
  for _, key in ipairs(keys) do
    local wanted = core.base64(core.hmac_sha256(key, text))
    for _, list in ipairs(signatures) do
      for entry in list:gmatch "%S+" do
        local version, signature = entry:match "^(%w+),(.*)$"
        if not version then version, signature = "v1", entry end
        if version == "v1" and core.same_bytes(wanted, signature) then found = true end
      end
    end
  end
  return found
end

local function number(options, name, default)
  local value = rawget(options, name)
  if value == nil then return default end
  if type(value) ~= "number" then refuse(name, "seconds expected, got " .. type(value)) end
  if value ~= value or value < 0 then refuse(name, "seconds from 0 expected") end
  return value
end

local OPTIONS = { tolerance = true, now = true }

local function check_options(options)
  if options == nil then return {} end
  if type(options) ~= "table" then refuse("options", "table expected, got " .. type(options)) end
  for name in next, options do
    if not OPTIONS[name] then refuse(tostring(name), "unknown option") end
  end
  return options
end

--- What can be wrong with a request: its headers, its time, who signed it.
local function check(body, headers, keys, now, tolerance)
  local id, timestamp, ok, err
  id, err = single(headers, ID)
  if not id then return nil, err end
  timestamp, err = single(headers, TIMESTAMP)
  if not timestamp then return nil, err end
  local signatures = values_of(headers, SIGNATURE)
  if not (signatures[1] or ""):find "%S" then
    return failure("missing_header", ("the header %s is missing"):format(SIGNATURE))
  end
  ok, err = check_time(timestamp, now, tolerance)
  if not ok then return nil, err end
  if not is_signed(keys, id .. "." .. timestamp .. "." .. body, signatures) then
    return failure("signature", "the signature is not one that the secret makes of this body")
  end
  return true
end

--- The event that a webhook brings, if it comes from who knows the secret and was sent just now.
---
--- Give the body as it came, byte by byte: not decoded and encoded again. While a secret is being
--- changed give a list of both. Each `webhook-id` may come again, when the sender had no answer in
--- time: do what is to be done once with that id.
---
--- ```lua
--- local event, err = lualogue.webhook.verify(body, headers)      -- OPENAI_WEBHOOK_SECRET
--- if not event then return 400, tostring(err) end
--- if event.type == "batch.completed" then fetch(event.data.id) end
--- ```
---@param body string
---@param headers table<string, string|string[]> of the request; their case does not matter
---@param secret? string|string[] "whsec_" and base64, or any other bytes; OPENAI_WEBHOOK_SECRET
---@param options? lualogue.WebhookOptions
---@return lualogue.WebhookEvent? event
---@return lualogue.Error? err of the kind `protocol`, with the code `missing_header`, `stale` or
---`signature`; `decode` where what was signed is no JSON
function webhook.verify(body, headers, secret, options)
  if type(body) ~= "string" then refuse("body", "string expected, got " .. type(body)) end
  if type(headers) ~= "table" then refuse("headers", "table expected, got " .. type(headers)) end
  options = check_options(options)
  local tolerance = number(options, "tolerance", TOLERANCE_S)
  local now = number(options, "now", os.time())
  local ok, err = check(body, headers, keys_of(secret), now, tolerance)
  if not ok then return nil, err end
  local event
  event, err = native.core().json.decode(body)
  if err then return nil, err end
  if type(event) ~= "table" then
    return nil, native.core().error { kind = "decode", message = "the body is no JSON object" }
  end
  return event
end

return webhook
