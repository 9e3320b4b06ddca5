--- Chat completions of the offline model: what a request asks for, what is answered, and the
-- forms in which the API gives it.

local api = require "api"
local eliza = require "eliza"
local tools = require "tools"

local chat = {}

local unpack = unpack or table.unpack

local max_choices = 128
local max_tokens = 1000000

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
  api.check(api.present(messages), "Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
  api.check(type(messages) == "table" and #messages > 0,
    "Invalid 'messages': expected a list with at least one message.", "messages", "invalid_type")
  for i, message in ipairs(messages) do
    local where = ("messages[%d]"):format(i - 1)
    api.check(type(message) == "table" and roles[message.role],
      ("Invalid value for '%s.role': it is none of the supported roles."):format(where),
      where .. ".role", "invalid_value")
    api.check(api.present(message.content) or message.role == "assistant",
      ("Invalid value for '%s.content': expected a string or a list."):format(where),
      where .. ".content", "invalid_type")
  end
end

local function stop_list(request)
  local stop = request.stop
  if not api.present(stop) then
    return {}
  end
  local list = type(stop) == "table" and stop or { stop }
  api.check(#list <= 4, "Invalid 'stop': expected at most 4 sequences.", "stop", "array_above_max_length")
  for _, item in ipairs(list) do
    api.check(type(item) == "string" and item ~= "",
      "Invalid 'stop': expected a string or a list of strings.", "stop", "invalid_type")
  end
  return list
end

--- Check everything that the offline model obeys, and give it sensible names.
local function read_chat(request)
  check_messages(request.messages)
  local sampling = request.temperature
  api.check(not api.present(sampling) or type(sampling) == "number" and sampling >= 0 and sampling <= 2,
    "Invalid 'temperature': expected a number from 0 to 2.", "temperature", "invalid_value")
  return {
    count = api.check_count(request, "n", 1, max_choices) or 1,
    limit = api.check_count(request, "max_completion_tokens", 1, max_tokens)
      or api.check_count(request, "max_tokens", 1, max_tokens) or math.huge,
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
  text = tools.structured(request, text) or text
  local pieces = api.pieces(cut_at_stop(text, options.stop))
  local finish_reason = "stop"
  if #pieces > options.limit then
    pieces = { unpack(pieces, 1, options.limit) }
    finish_reason = "length"
  end
  return { pieces = pieces, finish_reason = finish_reason, cost = #pieces }
end

--- What is to be answered, which `completion` and `deltas` put into the forms of the API.
---@class offline.Chat
---@field choices table[] each with `pieces`, `finish_reason` and perhaps `calls`
---@field usage table

--- Think of the answer to a chat request.
---@param request table decoded body
---@return offline.Chat
function chat.think(request)
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
  local choices, completion = {}, 0
  for i = 1, options.count do
    choices[i] = choose(request, options, said, i - 1)
    completion = completion + choices[i].cost
  end
  return { choices = choices, usage = {
    prompt_tokens = prompt, completion_tokens = completion, total_tokens = prompt + completion,
  } }
end

--- The reply to a chat request that is not streamed.
---@param thought offline.Chat
---@param head { id: string, created: integer }
---@return table
function chat.completion(thought, head)
  local choices = {}
  for i, choice in ipairs(thought.choices) do
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
    choices = choices, usage = thought.usage, system_fingerprint = api.null,
  }
end

--- The deltas of a streamed chat: the choices take turns, word by word.
---@param thought offline.Chat
---@return { index: integer, delta: table, finish_reason: string? }[]
function chat.deltas(thought)
  local deltas, longest = {}, 0
  for i, choice in ipairs(thought.choices) do
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
    for i, choice in ipairs(thought.choices) do
      if choice.pieces[turn] then
        deltas[#deltas + 1] = { index = i - 1, delta = { content = choice.pieces[turn] } }
      end
    end
  end
  for i, choice in ipairs(thought.choices) do
    deltas[#deltas + 1] = { index = i - 1, delta = {}, finish_reason = choice.finish_reason }
  end
  return deltas
end

return chat
