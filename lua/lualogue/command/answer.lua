--- One question and its answer: streamed, in one piece, as the server sent it, or held against a
--- schema.

local fault = require "lualogue.command.fault"
local json = require "lualogue.json"
local native = require "lualogue.native"
local output = require "lualogue.command.output"

local answer = {}

---@class lualogue.command.Answer
---@field text string as far as it came
---@field message? lualogue.Message
---@field usage? table
---@field finish_reason? string
---@field model? string that answered
---@field seconds number
---@field err? lualogue.Error

--- The first code block of a text, or all of it. A block that was not closed goes to the end.
---@param text string
---@return string
function answer.code(text)
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

--- The parameters of a request.
---@param who lualogue.command.Who
---@param messages lualogue.Message[]
---@param params table
---@param wants_usage? boolean of a stream
---@return table
function answer.params(who, messages, params, wants_usage)
  local copy = { model = who.model, messages = messages }
  for key, value in pairs(params) do copy[key] = value end
  if wants_usage and copy.stream_options == nil then
    copy.stream_options = { include_usage = true }
  end
  return copy
end

--- Fill in what a reply, or what came of a stream, says.
local function take(found, reply)
  local choice = reply.choices and reply.choices[1] or {}
  found.message, found.usage, found.model = choice.message, reply.usage, reply.model
  found.finish_reason = choice.finish_reason
  local content = choice.message and choice.message.content
  found.text = type(content) == "string" and content or ""
end

local function whole(client, params, found)
  local reply, err = client:chat(params)
  found.err = err
  if reply then take(found, reply) end
end

--- Read a stream as it comes. What goes wrong with standard output ends it too, but is told later,
--- once all is in the log.
local function streamed(client, params, found, write)
  local stream, err = client:stream(params)
  if not stream then
    found.err = err
    return
  end
  local ok, why = pcall(function()
    for text in stream:text() do write(text) end
  end)
  if not ok then
    stream:close()
    if fault.is(why) then found.fault = why else found.err = why end
    if type(why) ~= "table" then error(why, 0) end
  end
  local message = stream:snapshot()
  found.message, found.usage, found.model = message, stream.usage, stream.model
  found.finish_reason = stream.finish_reason
  found.text = message and type(message.content) == "string" and message.content or ""
end

local function raw(client, params, found, write)
  local bytes, err = client:request("POST", "/chat/completions", params, { raw = true })
  found.err = err
  if not bytes then return end
  write(bytes)
  local reply = json.decode(bytes)
  if type(reply) ~= "table" or type(reply.choices) ~= "table" then
    found.err = native.core().error { kind = "protocol", message = "this is no answer to a chat" }
  else
    take(found, reply)
  end
end

local function parsed(client, params, found, schema)
  local value, more = client:parse(params, schema)
  found.usage = more.usage
  if value == nil then
    found.err = more
    return
  end
  take(found, more.reply)
  found.usage, found.message = more.usage, more.message
  found.text = more.text
end

--- Ask. Ctrl-C ends it: the error is then `cancelled`.
---@param client lualogue.Client
---@param params table
---@param how { stream?: boolean, raw?: boolean, schema?: table }
---@param write? fun(piece: string) gets a streamed answer, or the bytes of the server's
---@return lualogue.command.Answer
function answer.ask(client, params, how, write)
  local found, began = { text = "" }, native.core().now()
  fault.checked(function()
    if how.raw then return raw(client, params, found, write) end
    if how.schema then return parsed(client, params, found, how.schema) end
    if how.stream then return streamed(client, params, found, write) end
    return whole(client, params, found)
  end)
  found.seconds = native.core().now() - began
  return found
end

--- An amount with three digits that count, two behind the point at least.
local function money(amount)
  local digits = amount > 0 and 2 - math.floor(math.log(amount) / math.log(10)) or 2
  return ("$%." .. math.max(2, digits) .. "f"):format(amount)
end

--- Say beside the answer what it cost.
---@param found lualogue.command.Answer
---@param who lualogue.command.Who
function answer.tell_usage(found, who)
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
function answer.verdict(found, label)
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

return answer
