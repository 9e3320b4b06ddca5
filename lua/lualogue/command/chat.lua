--- `lualogue chat`: a conversation in the terminal, with a memory that can be moved in.

local fault = require "lualogue.command.fault"
local log = require "lualogue.command.log"
local lualogue = require "lualogue"
local native = require "lualogue.native"
local output = require "lualogue.command.output"
local reader = require "lualogue.command.reader"
local request = require "lualogue.command.request"
local settings = require "lualogue.command.settings"
local telling = require "lualogue.command.telling"
local verbs = require "lualogue.command.verbs"
local whom = require "lualogue.command.whom"
local written = require "lualogue.command.written"

local chat = {}

---@class lualogue.command.Chat
---@field dialogue lualogue.Dialogue
---@field client lualogue.Client
---@field who lualogue.command.Who
---@field read fun(prompt: string): string?
---@field written? table what is in the log; nil: there is none
---@field usage? boolean
---@field newest? lualogue.command.Answer
---@field code integer of the exit
local Chat = {}
Chat.__index = Chat

--- Print an answer as it comes. Returns how it ended, as `telling.verdict` wants it.
local function shown(self, stream, err)
  local began, write = native.core().now(), output.answer()
  local found = { text = "", err = err }
  lualogue.interrupts(true)
  while stream do
    local text, why = stream:next()
    if not text then
      found.err = why
      break
    end
    write(text)
  end
  lualogue.interrupts(false)
  write()
  if not output.terminal() then output.raw "\n" end
  if stream and stream.answer then
    found.usage, found.finish_reason = stream.usage, stream.finish_reason
    found.model, found.message = self.who.model, stream.answer.message
  end
  found.seconds = native.core().now() - began
  return found
end

--- After Ctrl-C: what came is kept, or forgotten. It is in the log before it is asked for: another
--- Ctrl-C leaves.
local function keep_or_discard(self)
  if not self.dialogue.pending or not self.dialogue:keep() then return end
  self:write_down()
  local reply = self.read "\n[k]eep what came, or [d]iscard it? "
  if reply and not reply:find "^%s*[kK]" then self.dialogue:undo() end
end

--- Show the answer that a verb of the dialogue has begun.
function Chat:show(stream, err)
  local found = shown(self, stream, err)
  self.newest = found
  local code = telling.verdict(found)
  if code == fault.INTERRUPTED then
    keep_or_discard(self)
  elseif code ~= 0 then
    self.code = code
    if self.dialogue.pending then output.note "(/retry asks again, /keep keeps what came)" end
  end
  if self.usage then telling.usage(found, self.who) end
end

--- Bring the log up to where the conversation is.
function Chat:write_down()
  if not self.written then return end
  local model = self.who.name or self.who.model
  local ok, why = self.written:follow(self.dialogue, model, self.newest)
  self.newest = nil
  if ok then return end
  output.note("lualogue: the log is not written: " .. tostring(why))
  self.written = nil -- said once
end

local function open(options)
  local conversation
  if options.cid then conversation = log.find(options.cid) end
  if options["continue"] then conversation = log.newest(options.global) end
  local last = conversation and conversation.last
  local who = whom.of(options.model or last and last.model)
  local client = whom.client(who)
  local params, conf = {}, settings.config()
  for key, value in pairs(conf.options or {}) do params[key] = value end
  for key, value in pairs(request.plain(request.params(options.option))) do params[key] = value end
  params.model, params.prices = who.model, nil
  params.system = options.system or last and last.system or conf.system
  if options.usage and params.stream_options == nil then
    params.stream_options = { include_usage = true }
  end
  local dialogue = fault.checked(client.dialogue, client, params)
  if last then dialogue:import(log.messages(conversation, last)) end
  local self = setmetatable({
    dialogue = dialogue, client = client, who = who, usage = options.usage, code = 0,
    read = reader.new(output.has_input_terminal()),
  }, Chat)
  if not options.no_log and settings.logs() then
    self.written = written.new(conversation or log.new())
  end
  return self
end

---@param options table
---@return integer code
function chat.run(options)
  if options[1] then fault.use("chat takes no words: '%s'", options[1]) end
  local self = open(options)
  for line in function() return self.read "\n> " end do
    if line:find "^/exit%s*$" or line:find "^/quit%s*$" then break end
    if line:find "^/" then
      verbs.obey(self, line)
    elseif line:find "%S" then
      self:show(self.dialogue:stream(line))
    end
    self:write_down()
  end
  return self.code
end

return chat
