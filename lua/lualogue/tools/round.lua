--- One round: all calls of one message, each answered whatever happens to it.

local arguments = require "lualogue.tools.arguments"
local errors = require "lualogue.errors"
local result = require "lualogue.tools.result"
local protected = require("lualogue.task.wrap").pcall -- approvals may wait, on every Lua
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
---@field waits? string the name of a call that waits for a person

--- A call as it is stored and sent back: whatever a server has left out is there.
local function whole(call, id, encode)
  local copy = {}
  for key, value in next, type(call) == "table" and call or {} do copy[key] = value end
  copy.id, copy.type = id, copy.type or (copy.custom and "custom" or "function")
  if copy.type ~= "custom" then
    local f = type(copy["function"]) == "table" and copy["function"] or {}
    local text = f.arguments
    if text == nil then text = "{}" end
    if type(text) == "table" then text = encode(text) end
    copy["function"] = { name = tostring(f.name), arguments = tostring(text) }
  end
  return copy
end

local function is_whole(call, seen)
  local f = type(call) == "table" and (call["function"] or call.custom)
  return type(f) == "table" and type(call.id) == "string" and call.id ~= "" and not seen[call.id]
    and type(call.type) == "string" and type(f.arguments or f.input) == "string"
    and type(f.name) == "string"
end

--- The calls of a message, each with an id of its own, as they are stored and sent back.
---@param message lualogue.Message
---@param number integer of the round
---@param encode fun(value: any): string
---@return lualogue.Message message the same where nothing is missing
function round.normal(message, number, encode)
  local calls, seen, changed = {}, {}, false
  for i, call in ipairs(message.tool_calls) do
    if not is_whole(call, seen) then
      local id = type(call) == "table" and call.id
      if type(id) ~= "string" or id == "" or seen[id] then id = ("call_%d_%d"):format(number, i) end
      call, changed = whole(call, id, encode), true
    end
    seen[call.id], calls[i] = true, call
  end
  if not changed then return message end
  local copy = {}
  for key, value in next, message do copy[key] = value end
  copy.tool_calls = calls
  return copy
end

local function approval(tool, value, info)
  if not tool.approve then return true end
  local ok, verdict, reason = protected(tool.approve, value, info)
  if not ok then
    -- A task that was cancelled goes no further, whoever it asks.
    if errors.is(verdict) and verdict.kind == "cancelled" then error(verdict, 0) end
    return false, "the approval failed: " .. result.error(verdict)
  end
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
  record.seconds = record.began and context.now() - record.began or 0
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

--- The job of a call: it is allowed, runs, and is answered. Nil where it is answered already.
local function job_of(set, call, i, context)
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
  local job = { timeout = tool.timeout }
  local verdict, reason
  function job.run()
    context.tell { type = "call", call = info, arguments = value }
    verdict, reason = approval(tool, value, info)
    if verdict ~= true then return end
    record.began = context.now()
    if job.clock then job.clock() end
    return tool.run(value, info)
  end
  function job.done(outcome)
    if verdict == true or not outcome.ok then return settle(context, record, tool, outcome) end
    if verdict ~= "wait" then return refuse(context, record, "refused", reason) end
    context.waits = context.waits or tool.name
  end
  return job
end

--- Answer all calls of a message. Those in `context.answers` are not run again.
---@param set lualogue.tools.Set
---@param message lualogue.Message normal
---@param context lualogue.tools.Context
---@return lualogue.ToolResult[]? results in the order of the calls
---@return lualogue.Error? err code `approval`: a call waits for a person; kind `cancelled`: one was
---ended. The others are answered.
function round.run(set, message, context)
  local jobs = {}
  for i, call in ipairs(message.tool_calls) do
    if not context.answers[i] then jobs[#jobs + 1] = job_of(set, call, i, context) end
  end
  local group = together.new(#jobs, context.serial)
  for _, job in ipairs(jobs) do group:start(job) end
  local ok, err = group:finish()
  if not ok then return nil, err end
  if context.waits then
    local why = ("'%s' waits for approval"):format(context.waits)
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
