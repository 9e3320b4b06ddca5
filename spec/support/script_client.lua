--- What has `chat` and `stream` like a client and answers as a script says: for what a dialogue does
--- with answers, where it does not matter how they came.
--
--     local client = script_client.new { "Hello", { content = "Bye" }, { err = {...} }, function(params) ... end }
--
-- The last one repeats. A text is an answer; a table with `content` or `tool_calls` a message, with
-- `finish` and `usage` beside; `{ err = }` a failure; `{ pieces = {...}, err = }` a stream that breaks
-- behind them.

local script_client = {}

local function copy(value)
  if type(value) ~= "table" then return value end
  local result = {}
  for key, inner in pairs(value) do result[key] = copy(inner) end
  return result
end

local function count_words(messages)
  local n = 3
  for _, message in ipairs(messages) do
    n = n + 4
    if type(message.content) == "string" then n = n + select(2, message.content:gsub("%S+", "")) end
  end
  return n
end

script_client.count_words = count_words

local Client = {}
Client.__index = Client

function Client:take(params)
  self.requests[#self.requests + 1] = copy(params)
  local step = self.script[math.min(#self.requests, #self.script)]
  if type(step) == "function" then step = step(params, #self.requests) end
  if type(step) == "string" then step = { content = step } end
  return step
end

local function parts_of(step, params)
  local message = { role = "assistant" }
  for name, value in pairs(step) do
    if name ~= "finish" and name ~= "usage" and name ~= "pieces" and name ~= "err" then message[name] = value end
  end
  local prompt = count_words(params.messages)
  local usage = step.usage or { prompt_tokens = prompt, completion_tokens = 5, total_tokens = prompt + 5 }
  return message, step.finish or (step.tool_calls and "tool_calls" or "stop"), usage
end

function Client:chat(params)
  local step = self:take(params)
  if step.err then return nil, step.err end
  local message, finish, usage = parts_of(step, params)
  return { model = params.model, choices = { { index = 0, message = message, finish_reason = finish } }, usage = usage }
end

local Stream = {}
Stream.__index = Stream

function Stream:next()
  if self.closed and not self.whole then return nil, self.verdict end
  self.at = self.at + 1
  local piece = self.pieces[self.at]
  if piece then
    self.text = self.text .. piece
    return { choices = { { index = 0, delta = { content = piece } } } }
  end
  if self.step.err then return nil, self.step.err end
  self.whole, self.finish_reason, self.usage = true, self.finish, self.told
  return nil
end

function Stream:snapshot() return { role = "assistant", content = self.text } end

function Stream:message()
  if self.step.err then return nil, self.step.err end
  self.final.content = self.final.content or self.text
  return self.final
end

function Stream:close()
  self.closed = true
  self.verdict = self.verdict or { kind = "cancelled", message = "closed" }
end

function Client:stream(params)
  local step = self:take(params)
  if step.err and not step.pieces then return nil, step.err end
  local message, finish, usage = parts_of(step, params)
  local pieces = step.pieces
  if not pieces then
    pieces = {}
    for word in (message.content or ""):gmatch("%S+%s*") do pieces[#pieces + 1] = word end
  end
  local stream = setmetatable({
    step = step, pieces = pieces, at = 0, text = "", final = message, finish = finish, told = usage,
  }, Stream)
  return stream, nil, nil, stream
end

--- A client of a script.
---@param script table[]
---@param more? table fields of the client: `model`, `embeddings`
---@return table client with `requests`, as they came
function script_client.new(script, more)
  local client = setmetatable({ script = script, requests = {} }, Client)
  for name, value in pairs(more or {}) do client[name] = value end
  return client
end

--- What a list of messages says, in one line.
---@param messages table[]
---@return string
function script_client.say(messages)
  local words = {}
  for i, message in ipairs(messages) do
    words[i] = ("%s:%s"):format(message.role:sub(1, 1), tostring(message.content))
  end
  return table.concat(words, " ")
end

return script_client
