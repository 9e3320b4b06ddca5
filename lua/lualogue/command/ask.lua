--- `lualogue PROMPT`: ask, show the answer, write it down.

local answer = require "lualogue.command.answer"
local fault = require "lualogue.command.fault"
local history = require "lualogue.command.history"
local output = require "lualogue.command.output"
local request = require "lualogue.command.request"
local settings = require "lualogue.command.settings"
local whom = require "lualogue.command.whom"

local ask = {}

--- A question with all that is to be known to ask it.
---@class lualogue.command.Job
---@field question lualogue.Message
---@field conversation? lualogue.command.Conversation
---@field parent? lualogue.command.Turn which it follows
---@field system? string
---@field params table
---@field schema_text? string as it was given
---@field extract? boolean
---@field usage? boolean
---@field logs boolean
---@field how { stream: boolean, raw?: boolean, schema?: table }

--- What is said before this question, and by whom it was answered.
local function conversation_of(options)
  if not (options["continue"] or options.cid) then return nil end
  local log = require "lualogue.command.log"
  if options.cid then return log.find(options.cid) end
  return log.newest(options.global)
end

--- Write a turn down; a log that cannot be written is told, and costs nothing else.
local function write_down(job, who, found)
  if not job.logs or found.text == "" and found.err then return end
  local log = require "lualogue.command.log"
  job.conversation = job.conversation or log.new()
  local message = found.message or { role = "assistant", content = found.text }
  local messages = { job.question, message }
  local ok, why = log.add(job.conversation, {
    parent = job.parent and job.parent.id, model = who.name or who.model, system = job.system,
    params = job.params, messages = messages, usage = found.usage,
    schema = job.schema_text, finish_reason = found.finish_reason, answered_by = found.model,
    seconds = found.seconds,
    mark = (found.err or found.fault) and "interrupted" or nil,
  })
  if not ok then output.note("lualogue: the log is not written: " .. tostring(why)) end
end

--- What is shown of a whole answer.
local function shown(job, found)
  if not job.extract then return found.text end
  return require("lualogue.command.telling").code(found.text)
end

--- Ask one model.
local function ask_one(job, who)
  local lualogue = require "lualogue"
  lualogue.interrupts(true)
  local client = whom.client(who)
  local write = output.answer()
  local messages = history.messages(job, who)
  local params = answer.params(who, messages, job.params, job.how.stream and job.usage)
  local found = answer.ask(client, params, job.how, write)
  lualogue.interrupts(false)
  local whole = not job.how.stream and not job.how.raw
  local ok, why = pcall(function()
    if whole then write(shown(job, found)) end
    if not found.fault then write() end
  end)
  write_down(job, who, found)
  if found.fault or not ok then error(found.fault or why, 0) end
  local telling = require "lualogue.command.telling"
  if job.usage then telling.usage(found, who) end
  return telling.verdict(found)
end

--- A question with all that is to be known to ask it.
---@param options table
---@param built lualogue.command.Request
---@param conversation? lualogue.command.Conversation
---@param parent? lualogue.command.Turn
---@return lualogue.command.Job
function ask.job(options, built, conversation, parent)
  local job = {
    conversation = conversation, parent = parent, params = built.params, question = built.question,
    extract = built.extract, usage = options.usage, schema_text = built.schema_text,
    system = built.system or parent and parent.system,
    how = { raw = options.json, schema = built.schema },
    logs = not options.no_log and not options.dry_run and settings.logs(),
  }
  job.how.stream = not (options.no_stream or job.extract or options.json or built.schema)
  return job
end

--- Ask it of all who were named.
---@param job lualogue.command.Job
---@param names string[]
---@param options table
---@return integer code
function ask.all(job, names, options)
  local whos = {}
  for i, name in ipairs(names) do whos[i] = whom.of(name) end
  if #whos == 0 then whos[1] = whom.of(job.parent and job.parent.model) end
  if options.dry_run then return require("lualogue.command.dry_run").show(job, whos) end
  if #whos == 1 then return ask_one(job, whos[1]) end
  return require("lualogue.command.several").ask(job, whos, write_down)
end

--- Whether there is nothing to ask: help, for somebody who looks.
local function without_prompt()
  if not output.has_input_terminal() then
    fault.use "no prompt: neither words nor piped text (lualogue --help)"
  end
  local options = require "lualogue.command.options"
  io.stderr:write(require("lualogue.command.help").text(options.commands.ask))
  return fault.USE
end

---@param options table
---@return integer code
function ask.run(options)
  if options.version then return require("lualogue.command.version").show() end
  if options.save then return require("lualogue.command.save").run(options) end
  local built = request.build(options)
  if not built.content then return without_prompt() end
  built.question = { role = "user", content = built.content }
  local conversation = conversation_of(options)
  local job = ask.job(options, built, conversation, conversation and conversation.last)
  return ask.all(job, built.models, options)
end

return ask
