--- The commands of a conversation, which begin with a slash.

local output = require "lualogue.command.output"
local whom = require "lualogue.command.whom"

local verbs = {}

local HELP = [[
/undo [N]   take back the last turn, or so many     /redo           take that back
/retry      ask again what has no answer            /regenerate     answer the last question anew
/edit TEXT  say something else instead of the last question   /edit N TEXT    of message N
/fork [N]   go on beside this, from message N on    /branches [N]   list them, or go over to one
/keep       keep an answer that was cut             /discard        forget it
/continue   go on with an answer that was cut       /reset          begin anew; /redo brings it back
/model [NAME]  /system [TEXT]   what they are, or from now on
/tokens     what this has cost, and what a question would send    /compact   summarise what is old
/save FILE  /load FILE   all of it, with its branches          /export [markdown|jsonl] [FILE]
/exit       or Ctrl-D; """ opens many lines, and closes them]]

local function first_word(text) return text:match "^(%S*)%s*(.*)$" end

local function number_of(text) return text ~= "" and (tonumber(text) or text) or nil end

--- The place of the last question.
local function last_question(dialogue)
  local history = dialogue:history()
  for i = #history, 1, -1 do
    if history[i].role == "user" then return i end
  end
end

local commands = {}

function commands.help() return HELP end
function commands.undo(self, text) return self.dialogue:undo(number_of(text)) end
function commands.redo(self) return self.dialogue:redo() end
function commands.reset(self) return self.dialogue:reset() end
function commands.keep(self) return self.dialogue:keep() and "kept" end
function commands.discard(self) return self.dialogue:discard() end
function commands.retry(self) self:show(self.dialogue:retry { stream = true }) return "" end

function commands.regenerate(self)
  self:show(self.dialogue:regenerate { stream = true })
  return ""
end

function commands.edit(self, text)
  local i, rest = text:match "^(%d+)%s+(.+)$"
  i = tonumber(i) or last_question(self.dialogue)
  rest = rest or text
  if not i or rest == "" then return nil, "edit what? /edit TEXT, /edit N TEXT" end
  local ok, err = self.dialogue:edit(i, rest)
  if not ok then return nil, err end
  if self.dialogue:history()[i].role == "user" then
    self:show(self.dialogue:retry { stream = true })
  end
  return ""
end

function commands.fork(self, text)
  self.dialogue = self.dialogue:fork(number_of(text))
  return ("on a branch of its own, after message %d"):format(#self.dialogue:history())
end

function commands.branches(self, text)
  local branches, current = self.dialogue:branches()
  local chosen = number_of(text)
  if chosen then
    if not branches[chosen] then return nil, ("there are %d branches"):format(#branches) end
    self.dialogue = branches[chosen]
    return ("on branch %d"):format(chosen)
  end
  local lines, log = {}, require "lualogue.command.log"
  local terminal = require "lualogue.terminal"
  for i, branch in ipairs(branches) do
    local history = branch:history()
    local last = history[#history]
    lines[i] = ("%s %d  %d messages  %s"):format(i == current and "*" or " ", i, #history,
      terminal.cut(terminal.line(last and log.text(last) or ""), 50))
  end
  return table.concat(lines, "\n")
end

commands["continue"] = function(self)
  local text, err = self.dialogue:continue()
  if not text then return nil, err end
  local write = output.answer()
  write(text)
  write()
  return ""
end

function commands.model(self, text)
  if text ~= "" then
    local who = whom.of(text)
    if who.client.base_url ~= self.who.client.base_url then
      return nil, "that one is on another server: lualogue chat -c -m " .. text
    end
    self.who, self.dialogue.params.model = who, who.model
  end
  return self.dialogue.params.model or "the server's"
end

function commands.system(self, text)
  if text ~= "" then self.dialogue.system = text end
  local system = self.dialogue.system
  return type(system) == "string" and system or system == nil and "none" or "several messages"
end

function commands.tokens(self)
  local usage = self.dialogue:usage()
  local _, parts, total = self.dialogue:preview()
  if not total then return nil, parts end
  return ("%d tokens in %d calls; a question would send %d before it"):format(
    usage.total_tokens, usage.calls, total)
end

function commands.compact(self)
  local made, err = self.dialogue:compact()
  if err then return nil, err end
  return made and made.text or "there is nothing to summarise"
end

function commands.save(self, path)
  if path == "" then return nil, "save where? /save FILE" end
  return self.dialogue:save(path)
end

function commands.load(self, path)
  if path == "" then return nil, "load what? /load FILE" end
  local dialogue, err = self.client:dialogue { load = path }
  if not dialogue then return nil, err end
  self.dialogue = dialogue
  dialogue.params.model = dialogue.params.model or self.who.model
  return ("%d messages"):format(#dialogue:history())
end

function commands.export(self, text)
  local format, path = first_word(text)
  if format ~= "markdown" and format ~= "jsonl" then format, path = "markdown", text end
  local document = self.dialogue:export(format)
  if path == "" then
    local write = output.answer()
    write(document)
    write()
    return ""
  end
  local ok, why = require("lualogue.native").core().replace_file(path, document)
  return ok, why
end

--- Do what a line says that begins with a slash.
---@param self lualogue.command.Chat
---@param line string
function verbs.obey(self, line)
  local name, text = line:match "^/(%S*)%s*(.-)%s*$"
  local fn = commands[name:lower()]
  if not fn then return output.note(("no command /%s; /help lists them"):format(name)) end
  local ok, result, err = pcall(fn, self, text)
  if not ok then
    local fault = require "lualogue.command.fault"
    if fault.is(result) then error(result, 0) end
    return output.note("lualogue: " .. tostring(result):gsub("^[^\n]-:%d+: ", ""))
  end
  if result == nil and err then return output.note("lualogue: " .. tostring(err)) end
  if not result then return output.note "there is nothing to do" end
  if result ~= "" then output.note(result == true and "done" or tostring(result)) end
end

return verbs
