--- One round: all calls of one message, each answered whatever happens to it.

local arguments = require "lualogue.tools.arguments"
local errors = require "lualogue.errors"
local result = require "lualogue.tools.result"
local together = require "lualogue.tools.together"

local round = {}

--- A call and what came of it.
---@class lualogue.ToolResult
---@field id string
---@field name string as the model wrote it
---@field round integer from 1
---@field index integer in its round, from 1
---@field text string the arguments as the model wrote them
---@field arguments? table decoded; nil where they cannot be
---@field status "done"|"failed"|"timeout"|"refused"|"invalid" invalid: no such tool, or arguments
---that do not fit it
---@field content string what the model was told
---@field value? any what the tool gave
---@field error? any what it raised, or gave behind nil; for the others, why not
---@field seconds number that it took

--- What a round needs to know.
---@class lualogue.tools.Context
---@field round integer
---@field answers table<integer, lualogue.ToolResult> of calls that are answered; grows
---@field json lualogue.Json
---@field now fun(): number
---@field serial? boolean one after the other
---@field tell fun(event: table)

--- The calls of a message, each with an id of its own, as they are stored and sent back.
---@param message lualogue.Message
---@param number integer of the round
---@param encode fun(value: any): string
---@return lualogue.Message message the same where nothing is missing
function round.normal(message, number, encode)
  local calls, seen, changed = {}, {}, false
  for i, call in ipairs(message.tool_calls) do
    local id = call.id
    local f = call["function"]
    local odd = type(f) == "table" and type(f.arguments) == "table"
    if type(id) ~= "string" or id == "" or seen[id] or odd then
      local copy = {}
      for key, value in next, call do copy[key] = value end
      if type(id) ~= "string" or id == "" or seen[id] then id = ("call_%d_%d"):format(number, i) end
      copy.id, changed = id, true
      if odd then copy["function"] = { name = f.name, arguments = encode(f.arguments) } end
      call = copy
    end
    seen[id], calls[i] = true, call
  end
  if not changed then return message end
  local copy = {}
  for key, value in next, message do copy[key] = value end
  copy.tool_calls = calls
  return copy
end

local function approval(tool, value, info)
  if not tool.approve then return true end
  local ok, verdict, reason = pcall(tool.approve, value, info)
  if not ok then return false, "the approval failed: " .. result.error(verdict) end
  if verdict == true or verdict == "wait" then return verdict end
  return false, reason ~= nil and result.error(reason) or "it was not allowed"
end

local function answer(context, record, status, content)
  record.status, record.content = status, content
  context.answers[record.index] = record
  context.tell { type = "result", call = record }
end

local function refuse(context, record, status, why)
  record.error = why
  answer(context, record, status, "Error: " .. why)
end

--- What has become of a call that ran.
local function settle(context, record, tool, outcome)
  record.seconds = context.now() - record.began
  record.began = nil
  if outcome.late then
    local why = ("it took longer than %s seconds"):format(tostring(tool.timeout))
    return refuse(context, record, "timeout", why)
  end
  local failure = not outcome.ok and (outcome.err == nil and "it failed" or outcome.err)
    or outcome.value == nil and outcome.err
  if failure then
    record.error = failure
    return answer(context, record, "failed", "Error: " .. result.error(failure))
  end
  local content, why = result.text(outcome.value, tool.max_result, context.json.encode)
  record.value = outcome.value
  if not content then
    record.error = why
    return answer(context, record, "failed", "Error: " .. why)
  end
  answer(context, record, "done", content)
end

--- Prepare a call: a job where its tool may run, nil where it is answered or waits.
---@return table? job
---@return boolean? waits for a person
local function prepare(set, call, i, context)
  local f = call["function"] or call.custom or {}
  local record = {
    id = call.id, name = tostring(f.name), round = context.round, index = i,
    text = tostring(f.arguments or f.input or ""), seconds = 0,
  }
  local tool, value = arguments.read(set, f.name, f.arguments, context.json.decode)
  if not tool then
    refuse(context, record, "invalid", value)
    return nil
  end
  record.arguments = value
  local info = {
    id = call.id, name = tool.name, index = i, round = context.round, text = record.text,
  }
  context.tell { type = "call", call = info, arguments = value }
  local allowed, reason = approval(tool, value, info)
  if allowed == "wait" then return nil, true end
  if not allowed then
    refuse(context, record, "refused", reason)
    return nil
  end
  return {
    run = function()
      record.began = context.now()
      return tool.run(value, info)
    end,
    timeout = tool.timeout,
    done = function(outcome) settle(context, record, tool, outcome) end,
  }
end

--- Answer all calls of a message. Those in `context.answers` are not run again.
---@param set lualogue.tools.Set
---@param message lualogue.Message normal
---@param context lualogue.tools.Context
---@return lualogue.ToolResult[]? results in the order of the calls
---@return lualogue.Error? err code `approval`: a call waits for a person; the others are answered
function round.run(set, message, context)
  local group = together.new(context.serial)
  local waiting
  for i, call in ipairs(message.tool_calls) do
    if not context.answers[i] then
      local job, waits = prepare(set, call, i, context)
      if job then group:start(job) end
      if waits then waiting = waiting or call["function"].name end
    end
  end
  group:finish()
  if waiting then
    local why = ("'%s' waits for approval"):format(waiting)
    return nil, errors.new { kind = "busy", code = "approval", message = why }
  end
  local results = {}
  for i = 1, #message.tool_calls do results[i] = context.answers[i] end
  return results
end

--- The messages of a round: the calls, and their answers in call order.
---@param message lualogue.Message
---@param results lualogue.ToolResult[]
---@return lualogue.Message[]
function round.messages(message, results)
  local list = { message }
  for i, record in ipairs(results) do
    list[i + 1] = { role = "tool", tool_call_id = record.id, content = record.content }
  end
  return list
end

return round
