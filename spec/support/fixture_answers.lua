--- Words in which specs describe answers. Everything here is plain data; see fixture.lua.

local cjson = require "cjson"

local answers = {}

-- ------------------------------------------------------------------ data of the API

--- The reply to a chat that is not streamed.
---@param text? string
---@param more? table fields to add or replace
---@return table
function answers.chat_reply(text, more)
  local reply = {
    id = "chatcmpl-1", object = "chat.completion", created = 1700000000, model = "fixture",
    choices = { {
      index = 0, finish_reason = "stop", message = { role = "assistant", content = text },
    } },
    usage = { prompt_tokens = 3, completion_tokens = 5, total_tokens = 8 },
  }
  for name, value in pairs(more or {}) do
    reply[name] = value
  end
  return reply
end

--- One streamed chunk.
---@param delta table|string a string is text
---@param more? { index: integer?, finish_reason: string? }
---@return table
function answers.chunk(delta, more)
  more = more or {}
  if type(delta) == "string" then
    delta = { content = delta }
  end
  return {
    id = "chatcmpl-1", object = "chat.completion.chunk", created = 1700000000, model = "fixture",
    choices = { { index = more.index or 0, delta = delta, finish_reason = more.finish_reason or cjson.null } },
  }
end

--- The events of a whole streamed answer: the role, the words, the reason why it ended.
---@param words string[] steps may stand between them
---@param more? { finish_reason: string|false?, usage: table? } false: no reason is given
---@return table[] events for `sse`
function answers.words(words, more)
  more = more or {}
  local events = { answers.chunk({ role = "assistant", content = "" }) }
  for _, word in ipairs(words) do
    events[#events + 1] = type(word) == "string" and answers.chunk(word) or word
  end
  if more.finish_reason ~= false then
    events[#events + 1] = answers.chunk({}, { finish_reason = more.finish_reason or "stop" })
  end
  if more.usage then
    events[#events + 1] = { verbatim = 'data: {"id":"chatcmpl-1","object":"chat.completion.chunk",'
      .. '"created":1700000000,"model":"fixture","choices":[],"usage":'
      .. cjson.encode(more.usage) .. "}\n\n" }
  end
  return events
end

--- The body of an error as the official API gives it.
---@param message string
---@param more? { type: string?, code: string?, param: string? }
---@return table
function answers.error_body(message, more)
  more = more or {}
  return { error = {
    message = message, type = more.type or "invalid_request_error",
    code = more.code or cjson.null, param = more.param or cjson.null,
  } }
end

-- ------------------------------------------------------------------ whole answers

--- A list of pairs, so that order and case of headers are as written.
local function header_list(headers)
  local list = {}
  for name, value in pairs(headers or {}) do
    list[#list + 1] = type(name) == "number" and value or { name, value }
  end
  if not (headers and headers[1]) then
    table.sort(list, function(a, b) return a[1] < b[1] end)
  end
  return list
end

local function respond(description, opts)
  for name, value in pairs(opts or {}) do
    if name == "split" and value == "every byte" then
      value = 1
    end
    description[name] = value
  end
  return { { respond = description } }
end

--- A response with a body.
---@param status integer
---@param body table|string a table is encoded as JSON, a string is sent as it is
---@param headers? table<string, string|false> or a list of pairs; false: leave a default header out
---@param opts? table see fixture.lua
---@return table answer
function answers.json(status, body, headers, opts)
  return respond({
    status = status, body = type(body) == "table" and cjson.encode(body) or body,
    headers = header_list(headers), content_type = "application/json", framing = "content-length",
  }, opts)
end

local step_names = {
  "send", "sleep", "stall", "hold", "close", "reset", "half_close", "read", "respond",
  "goaway", "silence",
}

--- Whether a table is a step of an answer.
---@param item table
---@return boolean
function answers.is_step(item)
  for _, name in ipairs(step_names) do
    if item[name] ~= nil then
      return true
    end
  end
  return false
end

local function event_bytes(event)
  if type(event) == "string" then
    return "data: " .. event .. "\n\n"
  elseif event.verbatim then
    return event.verbatim
  elseif answers.is_step(event) then
    return event
  end
  return "data: " .. cjson.encode(event) .. "\n\n"
end

--- A stream of server-sent events.
---@param events table[] a table is sent as `data:` and JSON, a string as `data:` and itself,
---  `{ verbatim = "..." }` as it is; steps (`{ sleep = 0.1 }`, `{ hold = "gate" }`) may stand between
---@param opts? table as for `json`, and `done = false`: do not end with [DONE]; `status`; `headers`
---@return table answer
function answers.sse(events, opts)
  local pieces = {}
  for i, event in ipairs(events) do
    pieces[i] = event_bytes(event)
  end
  opts = opts or {}
  local description = {
    status = 200, content_type = "text/event-stream", framing = "chunked", pieces = pieces,
  }
  for name, value in pairs(opts) do
    description[name] = value
  end
  description.headers = header_list(opts.headers)
  if opts.done ~= false then
    pieces[#pieces + 1] = event_bytes("[DONE]")
  end
  description.done = nil
  return respond(description, { split = opts.split })
end

--- Bytes as they are.
---@param bytes string
---@param opts? { split: integer?, delay: number?, close: boolean?, reset: boolean? }
---@return table answer
function answers.raw(bytes, opts)
  opts = opts or {}
  local split = opts.split == "every byte" and 1 or opts.split
  local answer = { { send = bytes, split = split, delay = opts.delay } }
  for _, ending in ipairs { "close", "reset", "stall" } do
    if opts[ending] then
      answer[#answer + 1] = { [ending] = true }
    end
  end
  return answer
end

--- A redirect.
---@param status integer
---@param location string
---@param opts? table as for `json`
---@return table answer
function answers.redirect(status, location, opts)
  return answers.json(status, "", { Location = location }, opts)
end

--- An error page of something between the client and the API.
---@param status integer
---@param opts? table as for `json`
---@return table answer
function answers.html(status, opts)
  local page = "<html><head><title>Error</title></head><body>Bad gateway</body></html>"
  return answers.json(status, page, { ["Content-Type"] = "text/html" }, opts)
end

--- One answer out of steps and answers, one after the other.
--
--     fixture.join({ sleep = 0.1 }, fixture.json(200, {}))
---@param ... table
---@return table answer
function answers.join(...)
  local joined = {}
  for _, part in ipairs { ... } do
    for _, step in ipairs(answers.is_step(part) and { part } or part) do
      joined[#joined + 1] = step
    end
  end
  return joined
end

-- ------------------------------------------------------------------ faults

--- Answers that no client may take for a success, by what is wrong with them.
---@type table<string, table>
answers.faults = {
  ["closed without a word"] = { { close = true } },
  ["reset without a word"] = { { reset = true } },
  ["not HTTP"] = answers.raw("220 mail.example ESMTP\r\n", { close = true }),
  ["cut off in the head"] = answers.raw("HTTP/1.1 200 OK\r\nContent-Ty", { close = true }),
  ["cut off in the body"] = answers.json(200, answers.chat_reply("Hello"), nil,
    { content_length = 5000, ending = "cut" }),
  ["reset in the body"] = answers.json(200, answers.chat_reply("Hello"), nil,
    { content_length = 5000, ending = "reset" }),
  ["cut off between chunks"] = answers.json(200, answers.chat_reply("Hello"), nil,
    { framing = "chunked", ending = "cut" }),
  ["a bad chunk size"] = answers.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    .. "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n", { close = true }),
  ["a length that is too short"] = answers.json(200, answers.chat_reply("Hello"), nil,
    { content_length = 20, ending = "cut" }),
  ["gzip that is cut off"] = answers.json(200, answers.chat_reply("Hello"), nil,
    { encoding = "gzip", encoded_bytes = 40 }),
  ["gzip that is none"] = answers.json(200, answers.chat_reply("Hello"),
    { ["Content-Encoding"] = "gzip" }),
  ["an empty body"] = answers.json(200, ""),
  ["JSON that is cut off"] = answers.json(200, '{"id":"chatcmpl-1","choices":[{"index":0,'),
  ["JSON that is no object"] = answers.json(200, "42"),
  ["a page instead of JSON"] = answers.html(200),
}

return answers
