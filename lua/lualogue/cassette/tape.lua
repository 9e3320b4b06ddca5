--- An answer as the core records and plays it <-> as it stands in a file.

local json = require "lualogue.json"
local native = require "lualogue.native"

local tape = {}

--- Of an answer's head nothing else is kept: the rest may hold what is nobody's business.
local KEPT = {
  ["content-type"] = true, ["x-request-id"] = true, ["request-id"] = true,
  ["retry-after"] = true, ["retry-after-ms"] = true, ["x-should-retry"] = true,
}

local function is_kept(name) return KEPT[name] or name:find "^x%-ratelimit%-" ~= nil end

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local value_of = {}
for i = 1, 64 do value_of[ALPHABET:sub(i, i)] = i - 1 end

local function from_base64(text)
  text = text:gsub("[^%w+/]", "")
  local out = {}
  for at = 1, #text, 4 do
    local group = text:sub(at, at + 3)
    local n, bits = 0, #group
    for i = 1, 4 do n = n * 64 + (value_of[group:sub(i, i)] or 0) end
    local bytes = string.char(math.floor(n / 65536), math.floor(n / 256) % 256, n % 256)
    out[#out + 1] = bytes:sub(1, bits - 1)
  end
  return table.concat(out)
end

--- Bytes as `text`, or as `base64` where they are not UTF-8, into a table.
---@param into table
---@param bytes string
---@return table into
function tape.put_bytes(into, bytes)
  if pcall(json.encode, bytes) then
    into.text = bytes
  else
    into.base64 = native.core().base64(bytes)
  end
  return into
end

--- The bytes that `put_bytes` put there.
---@param from table
---@return string? bytes nil if there are none
function tape.bytes_of(from)
  if type(from.text) == "string" then return from.text end
  if type(from.base64) == "string" then return from_base64(from.base64) end
end

--- How a transfer ended that did not end well. What the caller did to it is no part of the answer.
local function failure_of(recorded)
  local failure = recorded.failure
  if not failure then return nil, "done" end
  if failure.kind == "cancelled" or failure.kind == "limit" then
    failure = {
      kind = "connection", phase = "body", transient = false,
      message = "the recording ends here: nobody read on when it was made",
    }
  end
  return failure, failure.message:find "reset" and "reset" or "cut"
end

local function pairs_of(cuts)
  local list = {}
  for i = 1, #cuts, 2 do list[#list + 1] = json.array { cuts[i], cuts[i + 1] } end
  return json.array(list)
end

--- What stands in the file for an answer; nil where nothing came and the caller gave up.
---@param recorded table from the core
---@param mask fun(text: string): string
---@return table? response
function tape.to_file(recorded, mask)
  if recorded.status == 0 and recorded.failure and recorded.failure.kind == "cancelled" then
    return nil
  end
  local headers, is_stream = {}, false
  for i = 1, #recorded.headers, 2 do
    local name, value = recorded.headers[i], recorded.headers[i + 1]
    if name == "content-type" and value:find "^text/event%-stream" then is_stream = true end
    if is_kept(name) and pcall(json.encode, value) then headers[name] = mask(value) end
  end
  local failure, ending = failure_of(recorded)
  local response = {
    status = recorded.status, headers = json.object(headers),
    ms = json.array { recorded.head_ms, recorded.end_ms },
  }
  if failure then
    response.error = {
      kind = failure.kind, phase = failure.phase, message = mask(failure.message),
      transient = failure.transient or nil,
    }
  end
  local bytes = mask(recorded.body)
  local is_json, raw = pcall(json.raw, bytes)
  if failure or is_stream then
    response.stream = { cuts = pairs_of(recorded.cuts), ["end"] = ending }
    tape.put_bytes(response.stream, bytes)
  elseif is_json then
    response.body = raw
  elseif bytes ~= "" then
    tape.put_bytes(response, bytes)
  end
  return response
end

--- What the core plays for an answer of the file.
---@param response table decoded
---@param body? string its JSON body as it stands in the file
---@return table recorded
function tape.from_file(response, body)
  local ms = type(response.ms) == "table" and response.ms or {}
  local recorded = {
    status = response.status, head_ms = ms[1] or 0, end_ms = ms[2] or 0,
    headers = {}, cuts = {}, failure = response.error,
  }
  for name, value in next, type(response.headers) == "table" and response.headers or {} do
    recorded.headers[#recorded.headers + 1] = name
    recorded.headers[#recorded.headers + 1] = tostring(value)
  end
  local stream = response.stream
  recorded.body = body or tape.bytes_of(stream or response) or ""
  for _, cut in ipairs(stream and type(stream.cuts) == "table" and stream.cuts or {}) do
    recorded.cuts[#recorded.cuts + 1] = cut[1]
    recorded.cuts[#recorded.cuts + 1] = cut[2]
  end
  if stream and stream["end"] ~= "done" and not recorded.failure then
    recorded.failure = {
      kind = "connection", phase = "body", message = "the connection broke (phase body)",
    }
  end
  return recorded
end

return tape
