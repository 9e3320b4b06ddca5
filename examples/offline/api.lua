--- What the offline model answers: functions from a decoded request to a reply, without any I/O.
--
-- A wrong request raises a failure made by `api.fail`; the server turns it into the error body
-- that the official API would send.

local eliza = require "eliza"
local embed = require "embed"
local tools = require "tools"

local api = {}

api.chat_model = "eliza"
api.embedding_model = "eliza-embedding"

local models = {
  { id = api.chat_model, object = "model", created = 1704067200, owned_by = "offline" },
  { id = api.embedding_model, object = "model", created = 1704067200, owned_by = "offline" },
}

local default_dimensions = 384
local max_dimensions = 4096
local max_inputs = 2048

---@class offline.Failure
---@field status integer HTTP status
---@field body { error: { message: string, type: string, param: any, code: any } }

--- Raise a failure in the official form.
---@param status integer HTTP status
---@param message string
---@param param? string the parameter that is wrong
---@param code? string
function api.fail(status, message, param, code)
  error({
    status = status,
    body = { error = {
      message = message, type = "invalid_request_error", param = param or api.null,
      code = code or api.null,
    } },
  }, 0)
end

--- What stands for null in replies; the server sets it to its JSON library's.
api.null = nil

local function check(ok, message, param, code)
  if not ok then
    api.fail(400, message, param, code)
  end
end

local function present(value)
  return value ~= nil and value ~= api.null
end

-- ------------------------------------------------------------------ pieces

--- Cut a text into what the offline model calls tokens: words and marks, each with the white
-- space before it. Joined, they are the text.
---@param text string
---@return string[]
function api.pieces(text)
  local out, at = {}, 1
  while at <= #text do
    local _, stop = text:find("^%s*[%w'_\128-\255]+", at)
    if not stop then
      _, stop = text:find("^%s*[^%s]", at)
    end
    stop = stop or #text
    out[#out + 1] = text:sub(at, stop)
    at = stop + 1
  end
  return out
end

local function usage(prompt, completion)
  return {
    prompt_tokens = prompt, completion_tokens = completion, total_tokens = prompt + completion,
  }
end

-- ------------------------------------------------------------------ chat

local roles = {
  system = true, developer = true, user = true, assistant = true, tool = true, ["function"] = true,
}

--- The text of a message, whether it is a string or a list of parts.
local function text_of(message)
  local content = message.content
  if type(content) == "string" then
    return content
  end
  local texts = {}
  for _, part in ipairs(type(content) == "table" and content or {}) do
    if type(part) == "table" and type(part.text) == "string" then
      texts[#texts + 1] = part.text
    end
  end
  return table.concat(texts, " ")
end

local function check_messages(messages)
  check(present(messages), "Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
  check(type(messages) == "table" and #messages > 0,
    "Invalid 'messages': expected a list with at least one message.", "messages", "invalid_type")
  for i, message in ipairs(messages) do
    local where = ("messages[%d]"):format(i - 1)
    check(type(message) == "table" and roles[message.role],
      ("Invalid value for '%s.role': it is none of the supported roles."):format(where),
      where .. ".role", "invalid_value")
    check(present(message.content) or message.role == "assistant",
      ("Invalid value for '%s.content': expected a string or a list."):format(where),
      where .. ".content", "invalid_type")
  end
end

local function check_count(request, name, least, most)
  local value = request[name]
  if not present(value) then
    return nil
  end
  check(type(value) == "number" and value % 1 == 0 and value >= least and value <= most,
    ("Invalid '%s': expected a whole number from %d to %d."):format(name, least, most),
    name, "invalid_value")
  return value
end

local function stop_list(request)
  local stop = request.stop
  if not present(stop) then
    return {}
  end
  local list = type(stop) == "table" and stop or { stop }
  check(#list <= 4, "Invalid 'stop': expected at most 4 sequences.", "stop", "array_above_max_length")
  for _, item in ipairs(list) do
    check(type(item) == "string" and item ~= "",
      "Invalid 'stop': expected a string or a list of strings.", "stop", "invalid_type")
  end
  return list
end

--- Check everything that the offline model obeys, and give it sensible names.
local function read_chat(request)
  check_messages(request.messages)
  local sampling = request.temperature
  check(not present(sampling) or type(sampling) == "number" and sampling >= 0 and sampling <= 2,
    "Invalid 'temperature': expected a number from 0 to 2.", "temperature", "invalid_value")
  return {
    count = check_count(request, "n", 1, 128) or 1,
    limit = check_count(request, "max_completion_tokens", 1, 1000000)
      or check_count(request, "max_tokens", 1, 1000000) or math.huge,
    stop = stop_list(request),
  }
end

local function cut_at_stop(text, stop)
  local first
  for _, item in ipairs(stop) do
    local at = text:find(item, 1, true)
    first = at and math.min(at, first or at) or first
  end
  return first and text:sub(1, first - 1) or text
end

--- One choice: its pieces, or its tool calls.
local function choose(request, options, said, variant)
  local calls = tools.calls(request, variant)
  if calls then
    return { pieces = {}, calls = calls, finish_reason = "tool_calls", cost = 8 * #calls }
  end
  local text = tools.answer(request) or eliza.answer(said, variant)
  local pieces = api.pieces(cut_at_stop(text, options.stop))
  local finish_reason = "stop"
  if #pieces > options.limit then
    pieces = { (unpack or table.unpack)(pieces, 1, options.limit) }
    finish_reason = "length"
  end
  return { pieces = pieces, finish_reason = finish_reason, cost = #pieces }
end

--- A finished chat, which `completion` and `chunks` put into the forms of the API.
---@class offline.Chat
---@field choices table[] each with `pieces`, `finish_reason` and perhaps `calls`
---@field usage table

--- Think of the answer to a chat request.
---@param request table decoded body
---@return offline.Chat
function api.chat(request)
  api.check_model(request.model)
  local options = read_chat(request)
  local said, prompt = {}, 3
  for _, message in ipairs(request.messages) do
    local text = text_of(message)
    prompt = prompt + 3 + #api.pieces(text)
    if message.role == "user" then
      said[#said + 1] = text
    end
  end
  local chat, completion = { choices = {} }, 0
  for i = 1, options.count do
    chat.choices[i] = choose(request, options, said, i - 1)
    completion = completion + chat.choices[i].cost
  end
  chat.usage = usage(prompt, completion)
  return chat
end

--- The reply to a chat request that is not streamed.
---@param chat offline.Chat
---@param head { id: string, created: integer }
---@return table
function api.completion(chat, head)
  local choices = {}
  for i, choice in ipairs(chat.choices) do
    choices[i] = {
      index = i - 1, logprobs = api.null, finish_reason = choice.finish_reason,
      message = {
        role = "assistant", refusal = api.null, tool_calls = choice.calls,
        content = not choice.calls and table.concat(choice.pieces) or api.null,
      },
    }
  end
  return {
    id = head.id, object = "chat.completion", created = head.created, model = api.chat_model,
    choices = choices, usage = chat.usage, system_fingerprint = api.null,
  }
end

--- The deltas of a streamed chat: the choices take turns, word by word.
---@param chat offline.Chat
---@return { index: integer, delta: table, finish_reason: string? }[]
function api.deltas(chat)
  local deltas, longest = {}, 0
  for i, choice in ipairs(chat.choices) do
    deltas[#deltas + 1] = {
      index = i - 1,
      delta = { role = "assistant", content = choice.calls and api.null or "", refusal = api.null },
    }
    longest = math.max(longest, #choice.pieces)
    for _, delta in ipairs(tools.deltas(choice.calls)) do
      deltas[#deltas + 1] = { index = i - 1, delta = delta }
    end
  end
  for turn = 1, longest do
    for i, choice in ipairs(chat.choices) do
      if choice.pieces[turn] then
        deltas[#deltas + 1] = { index = i - 1, delta = { content = choice.pieces[turn] } }
      end
    end
  end
  for i, choice in ipairs(chat.choices) do
    deltas[#deltas + 1] = { index = i - 1, delta = {}, finish_reason = choice.finish_reason }
  end
  return deltas
end

-- ------------------------------------------------------------------ embeddings

--- The inputs as a list of texts; a list of token numbers is a text too.
local function inputs_of(request)
  local input = request.input
  check(present(input), "Missing required parameter: 'input'.", "input", "missing_required_parameter")
  if type(input) ~= "table" or type(input[1]) == "number" then
    input = { input }
  end
  check(#input >= 1 and #input <= max_inputs,
    ("Invalid 'input': expected from 1 to %d texts."):format(max_inputs), "input", "invalid_value")
  local texts = {}
  for i, item in ipairs(input) do
    if type(item) == "table" and type(item[1]) == "number" then
      item = "token" .. table.concat(item, " token")
    end
    check(type(item) == "string" and item ~= "",
      "Invalid 'input': a text is empty or not a string.", "input", "invalid_type")
    texts[i] = item
  end
  return texts
end

--- The reply to an embeddings request.
---@param request table decoded body
---@return table
function api.embeddings(request)
  api.check_model(request.model)
  local texts = inputs_of(request)
  local dimensions = check_count(request, "dimensions", 1, max_dimensions) or default_dimensions
  local format = present(request.encoding_format) and request.encoding_format or "float"
  check(format == "float" or format == "base64",
    "Invalid 'encoding_format': expected 'float' or 'base64'.", "encoding_format", "invalid_value")
  local data, cost = {}, 0
  for i, text in ipairs(texts) do
    local vector = embed.vector(text, dimensions)
    data[i] = {
      object = "embedding", index = i - 1,
      embedding = format == "base64" and embed.base64(vector) or vector,
    }
    cost = cost + #api.pieces(text)
  end
  return {
    object = "list", data = data, model = api.embedding_model,
    usage = { prompt_tokens = cost, total_tokens = cost },
  }
end

-- ------------------------------------------------------------------ models

--- Every model, as GET /models answers it.
---@return table
function api.models()
  return { object = "list", data = models }
end

--- One model; fails with 404 if there is none of that name.
---@param id string
---@return table
function api.model(id)
  for _, model in ipairs(models) do
    if model.id == id then
      return model
    end
  end
  api.fail(404, ("The model '%s' does not exist."):format(id), "model", "model_not_found")
end

--- Fail unless `model` names one of ours.
---@param model any
function api.check_model(model)
  check(present(model), "Missing required parameter: 'model'.", "model", "missing_required_parameter")
  check(type(model) == "string", "Invalid type for 'model': expected a string.", "model", "invalid_type")
  api.model(model)
end

return api
