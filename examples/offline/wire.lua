--- How the offline model reads requests and writes answers, through lua-http.

local cjson = require "cjson"
local cqueues = require "cqueues"
local http_headers = require "http.headers"
local api = require "api"
local chat = require "chat"

local wire = {}

local max_body_bytes = 64 * 1024 * 1024
local read_timeout_s = 60

--- What one request is answered through.
---@class offline.Call
---@field stream table lua-http's stream
---@field method string
---@field path string without the query
---@field id string request id
---@field body string

local function response_headers(call, status, content_type)
  local headers = http_headers.new()
  headers:append(":status", tostring(status))
  headers:append("content-type", content_type)
  headers:append("x-request-id", call.id)
  headers:append("openai-processing-ms", "1")
  return headers
end

--- Answer with JSON.
---@param call offline.Call
---@param status integer
---@param body table
---@param extra? table<string, string> more headers
function wire.send_json(call, status, body, extra)
  local text = cjson.encode(body)
  local headers = response_headers(call, status, "application/json")
  headers:append("content-length", tostring(#text))
  for name, value in pairs(extra or {}) do
    headers:append(name, value)
  end
  local without_body = call.method == "HEAD"
  if call.stream:write_headers(headers, without_body) and not without_body then
    call.stream:write_chunk(text, true)
  end
end

--- Answer with bytes.
---@param call offline.Call
---@param bytes string
function wire.send_bytes(call, bytes)
  local headers = response_headers(call, 200, "application/octet-stream")
  headers:append("content-length", tostring(#bytes))
  local without_body = call.method == "HEAD"
  if call.stream:write_headers(headers, without_body) and not without_body then
    call.stream:write_chunk(bytes, true)
  end
end

--- Read the whole body. It is read before anything else is done, since lua-http, when it tidies
-- up after a client that left half-way through a body, spins for ever.
---@param call offline.Call
---@return string? body nil if the rest of it cannot be had
---@return boolean? too_large
function wire.read_body(call)
  local stream = call.stream
  local parts, bytes = {}, 0
  for chunk in function() return (stream:get_next_chunk(read_timeout_s)) end do
    bytes = bytes + #chunk
    if bytes > max_body_bytes then
      return nil, true
    end
    parts[#parts + 1] = chunk
  end
  if stream.state == "open" then
    return nil
  end
  return table.concat(parts)
end

--- Give up a request whose body has not been read to its end, and its connection.
---@param call offline.Call
function wire.abandon(call)
  local stream = call.stream
  stream.connection.socket:shutdown("rw")
  if stream.state ~= "closed" then
    stream:set_state("closed")
  end
end

--- The body of a request as JSON; fails with 400 if it is none.
---@param call offline.Call
---@return table
function wire.read_request(call)
  local ok, request = pcall(cjson.decode, call.body)
  if not ok or type(request) ~= "table" then
    api.fail(400, "The body of the request is not valid JSON. "
      .. "(Hint: POST requests need a body, with the header Content-Type: application/json.)")
  end
  return request
end

--- Answer a chat with events, word by word.
---@param call offline.Call
---@param thought offline.Chat
---@param head { id: string, created: integer }
---@param opts { usage: boolean, delay: number } whether to end with the usage; seconds per word
function wire.send_chat(call, thought, head, opts)
  local stream = call.stream
  local headers = response_headers(call, 200, "text/event-stream; charset=utf-8")
  if not stream:write_headers(headers, false) then
    return
  end
  local function send(event)
    return stream:write_chunk("data: " .. event .. "\n\n", false)
  end
  -- Put together by hand: stock lua-cjson cannot tell an empty list from an empty object.
  local form = ('{"id":"%s","object":"chat.completion.chunk","created":%d,"model":"%s",'):format(
    head.id, head.created, api.chat_model) .. '"system_fingerprint":null,"choices":[%s]%s}'
  for _, delta in ipairs(chat.deltas(thought)) do
    if opts.delay > 0 and type(delta.delta.content) == "string" and delta.delta.content ~= "" then
      cqueues.sleep(opts.delay)
    end
    local choice = ('{"index":%d,"delta":%s,"logprobs":null,"finish_reason":%s}'):format(
      delta.index, next(delta.delta) and cjson.encode(delta.delta) or "{}",
      cjson.encode(delta.finish_reason or cjson.null))
    if not send(form:format(choice, opts.usage and ',"usage":null' or "")) then
      return
    end
  end
  if opts.usage then
    send(form:format("", ',"usage":' .. cjson.encode(thought.usage)))
  end
  stream:write_chunk("data: [DONE]\n\n", true)
end

return wire
