--- What a call will cost in tokens, as far as that is known before it is made: what is sent,
--- counted exactly where that can be, and as many as the answer may have, where the call says.

local tokens = require "lualogue.tokens"

local FALLBACK = "gpt-4o" -- for a model that is not known

--- Tokens of all the text in a value.
local function text_tokens(encoding, value, depth)
  if type(value) == "string" then return encoding:count(value) or 0 end
  if type(value) ~= "table" or depth > 50 then return type(value) == "number" and 1 or 0 end
  local sum = 0
  for _, inner in next, value do sum = sum + text_tokens(encoding, inner, depth + 1) end
  return sum
end

local function answer_tokens(body)
  local most = rawget(body, "max_completion_tokens") or rawget(body, "max_tokens")
    or rawget(body, "max_output_tokens")
  local n = rawget(body, "n")
  if type(most) ~= "number" then return 0 end
  return most * (type(n) == "number" and n >= 1 and n or 1)
end

local function prompt_tokens(body, model)
  local messages = rawget(body, "messages")
  if type(messages) == "table" then
    local ok, n = pcall(tokens.count_messages, messages, model, {
      tools = rawget(body, "tools"), tool_choice = rawget(body, "tool_choice"),
      functions = rawget(body, "functions"), function_call = rawget(body, "function_call"),
    })
    if ok then return n or 0 end
  end
  local encoding, sum = tokens.for_model(model), 0
  for _, name in ipairs { "messages", "input", "prompt", "instructions", "tools" } do
    sum = sum + text_tokens(encoding, rawget(body, name), 1)
  end
  return sum
end

--- Tokens that a request with this body will take; 0 for one that has none.
---@param body any
---@param model? string the client's
---@return number
return function(body, model)
  if type(body) ~= "table" then return 0 end
  local named = rawget(body, "model")
  local n = prompt_tokens(body, type(named) == "string" and named or model or FALLBACK)
  return math.ceil(n + answer_tokens(body))
end
