--- What is said of an answer, beside it.

local fault = require "lualogue.command.fault"
local output = require "lualogue.command.output"

local telling = {}

--- The first code block of a text, or all of it. A block that was not closed goes to the end.
---@param text string
---@return string
function telling.code(text)
  local fence, from
  for line, after in (text .. "\n"):gmatch "([^\n]*)\n()" do
    local ticks = line:match "^%s*(```+)" or line:match "^%s*(~~~+)"
    if not fence and ticks then
      fence, from = ticks, after
    elseif fence and ticks and ticks:sub(1, #fence) == fence and line:match "^%s*[`~]+%s*$" then
      return (text:sub(from, after - #line - 2))
    end
  end
  return fence and text:sub(from) or text
end

--- An amount with three digits that count, two behind the point at least.
local function money(amount)
  local digits = amount > 0 and 2 - math.floor(math.log(amount) / math.log(10)) or 2
  return ("$%." .. math.max(2, digits) .. "f"):format(amount)
end

--- Say beside the answer what it cost.
---@param found lualogue.command.Answer
---@param who lualogue.command.Who
function telling.usage(found, who)
  local usage, parts = found.usage, {}
  if found.err and not usage then return end
  if type(usage) == "table" then
    local details = usage.prompt_tokens_details
    local cached = type(details) == "table" and details.cached_tokens
    parts[1] = ("%s + %s = %s tokens"):format(tostring(usage.prompt_tokens or "?"),
      tostring(usage.completion_tokens or "?"), tostring(usage.total_tokens or "?"))
    if cached and cached > 0 then parts[2] = ("%d cached"):format(cached) end
  else
    parts[1] = "the server told no usage"
  end
  parts[#parts + 1] = ("%.2f s"):format(found.seconds)
  local list = require("lualogue.command.settings").config().prices
  local model = { name = who.name, id = who.model or found.model }
  local cost = list and require("lualogue.lab.prices").cost(list, model, usage)
  if cost then parts[#parts + 1] = money(cost) end
  output.note(("%s: %s"):format(found.model or who.model or "?", table.concat(parts, ", ")))
end

local CUT = { length = "it reached its limit of tokens", content_filter = "the server's filter" }

--- Say what is to be known beside the answer: why there is none, why it is not whole.
---@param found lualogue.command.Answer
---@param label? string
---@return integer code
function telling.verdict(found, label)
  local function note(text)
    output.note(("lualogue: %s%s"):format(label and label .. ": " or "", text))
  end
  if found.err then
    if found.err.kind ~= "cancelled" then note(tostring(found.err)) end
    return fault.code(found.err)
  end
  local message = found.message or {}
  if CUT[found.finish_reason] then note("the answer is cut: " .. CUT[found.finish_reason]) end
  if type(message.refusal) == "string" and message.refusal ~= "" then
    note("refused: " .. message.refusal)
    return fault.WORLD
  end
  if message.tool_calls and #message.tool_calls > 0 then
    note "the model wants to call a tool; --json shows the call"
  end
  return 0
end

return telling
