--- One question and its answer: streamed, in one piece, as the server sent it, or held against a
--- schema.

local fault = require "lualogue.command.fault"
local native = require "lualogue.native"

local answer = {}

---@class lualogue.command.Answer
---@field text string as far as it came
---@field message? lualogue.Message
---@field usage? table
---@field finish_reason? string
---@field model? string that answered
---@field seconds number
---@field err? lualogue.Error

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
  local reply = native.core().json.decode(bytes)
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
---@param how { stream?: boolean, raw?: boolean, schema?: table, protect?: function }
---@param write? fun(piece: string) gets a streamed answer, or the bytes of the server's
---@return lualogue.command.Answer
function answer.ask(client, params, how, write)
  local found, began = { text = "" }, native.core().now()
  fault.checked_by(how.protect or pcall, function()
    if how.raw then return raw(client, params, found, write) end
    if how.schema then return parsed(client, params, found, how.schema) end
    if how.stream then return streamed(client, params, found, write) end
    return whole(client, params, found)
  end)
  found.seconds = native.core().now() - began
  return found
end

return answer
