--- The error of a prompt that is too long, in the words of each server, and never a rate limit.

local overflow = {}

--- What an error tells: numbers of tokens, where it has them.
---@class lualogue.dialogue.Overflow
---@field window? integer
---@field prompt? integer what the server counted

-- Wordings that speak of too many tokens and mean requests in a minute.
local NEVER = { "rate limit", "rate_limit", "too many requests", "throttl", "quota", "per minute" }

-- Each with the captures of the window and of the prompt, where it has that. What was requested in
-- all is not the prompt: the answer is in it.
local WORDINGS = {
  { "maximum context length is (%d+)", "(%d+) in the messages" },
  { "maximum context length is (%d+)", "resulted in (%d+) tokens" },
  { "maximum context length is (%d+)", "request has (%d+) input tokens" },
  { "maximum context length is (%d+)" },
  { "%d+ tokens > (%d+) maximum", "(%d+) tokens > %d+ maximum" },
  { "maximum number of tokens allowed %((%d+)%)", "input token count %((%d+)%)" },
  { "maximum prompt length is (%d+)", "contains (%d+)" },
  { "context size %((%d+)", "request %((%d+) tokens" },
  { "context length %((%d+)%)" },
  { "context length of (%d+)" },
  { "prompt[^.]- exceeds the limit of (%d+)" },
  { "input[^.]- exceeds the limit of (%d+)" },
  { "context[^.]- exceeds the limit of (%d+)" },
  { "exceeds the limit of (%d+)", unless = "max_[%a_]*tokens" },
  { "context window of (%d+)" },
}

-- What a limit may be about that is none of the prompt's.
local ANSWER = { max_tokens = true, max_completion_tokens = true, max_output_tokens = true }

-- Without a number, or with one of another kind: it is one all the same.
local SAYS_SO = {
  "context_length_exceeded", "exceed_context_size", "model_context_window_exceeded",
  "maximum context length", "context window", "prompt is too long", "input is too long",
  "context length exceeded", "exceeds the context", "exceeds the available context",
  "reduce the length of the messages", "prompt too long",
}

local function text_of(err)
  local parts = {}
  for _, field in ipairs { "message", "code", "type", "body" } do
    if err[field] ~= nil then parts[#parts + 1] = tostring(err[field]):lower() end
  end
  return table.concat(parts, "\n")
end

local function number(text) return text and tonumber((text:gsub("[,_]", ""))) end

local function numbers_of(text)
  -- Digits with separators between them: 128,000.
  text = text:gsub("(%d)[,_](%d%d%d)", "%1%2"):gsub("(%d)[,_](%d%d%d)", "%1%2")
  local window = text:match('"n_ctx"%s*:%s*(%d+)')
  local prompt = text:match('"n_prompt_tokens"%s*:%s*(%d+)')
  if window then return number(window), number(prompt) end
  for _, wording in ipairs(WORDINGS) do
    window = text:match(wording[1])
    prompt = window and wording[2] and text:match(wording[2])
    local other = wording.unless and text:find(wording.unless)
    if window and not other and (prompt or not wording[2]) then
      return number(window), number(prompt)
    end
  end
end

--- What an error says of the window, if that is what it is about.
---@param err lualogue.Error
---@return lualogue.dialogue.Overflow?
function overflow.read(err)
  if err.kind ~= "api" or err.status == 429 or ANSWER[err.param] then return nil end
  local text = text_of(err)
  for _, words in ipairs(NEVER) do
    if text:find(words, 1, true) then return nil end
  end
  local window, prompt = numbers_of(text)
  if window then return { window = window, prompt = prompt } end
  for _, words in ipairs(SAYS_SO) do
    if text:find(words, 1, true) then return {} end
  end
end

--- Whether a complete answer says that there was no room for it.
---@param finish string?
---@param message lualogue.Message
---@param usage lualogue.Usage?
---@param window number?
---@return lualogue.dialogue.Overflow?
function overflow.in_answer(finish, message, usage, window)
  if finish == "model_context_window_exceeded" then return {} end
  if finish ~= "length" or not usage or not window then return nil end
  local said = type(message.content) == "string" and message.content ~= ""
    or type(message.content) == "table" or message.tool_calls ~= nil
  if said or (usage.completion_tokens or 0) > 0 then return nil end
  if (usage.prompt_tokens or 0) >= 0.99 * window then return { prompt = usage.prompt_tokens } end
end

return overflow
