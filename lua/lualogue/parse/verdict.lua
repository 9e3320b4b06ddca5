--- What a choice must be before its text is looked at: neither refused nor cut. Each that is not
--- is an error of its own.

local errors = require "lualogue.errors"

local verdict = {}

local function fault(kind, code, message, partial)
  return errors.new { kind = kind, code = code, message = message, partial = partial }
end

--- What is wrong with an answer as a whole, or nil.
---@param message lualogue.Message
---@param finish_reason? string
---@return lualogue.Error? err codes `refusal`, `content_filter`, `length`
function verdict.of(message, finish_reason)
  local refusal = message.refusal
  if type(refusal) == "string" and refusal ~= "" then
    return fault("api", "refusal", "the model refuses: " .. refusal, message)
  elseif finish_reason == "content_filter" then
    return fault("api", "content_filter", "the server's filter cut the answer", message)
  elseif finish_reason == "length" then
    local why = "the answer was cut before its end (finish_reason length): allow more tokens"
    return fault("limit", "length", why, message)
  end
end

--- A text that stands between the marks of a code block, as models like to put it.
local function unfenced(text)
  return text:match "^%s*```%w*[ \t]*\r?\n(.-)\r?\n?[ \t]*```%s*$" or text
end

--- The value of a text, checked.
---@param text string
---@param form lualogue.Schema
---@return table? value
---@return lualogue.Error|string[] more codes `json`, `schema`; or what was not checked
function verdict.value(text, form)
  local json = require "lualogue.json"
  local value, err = json.decode(unfenced(text))
  if err then
    if not text:find "%S" then err = { message = "the answer is empty" } end
    return nil, errors.new { kind = "decode", code = "json", message = err.message, text = text }
  end
  local ok, more = require("lualogue.schema").validate(value, form)
  if ok then return value, more end
  more.text = text
  return nil, more
end

return verdict
