--- `lualogue logs`: what was said.

local fault = require "lualogue.command.fault"
local log = require "lualogue.command.log"
local native = require "lualogue.native"
local output = require "lualogue.command.output"
local terminal = require "lualogue.terminal"

local logs = {}

--- Whether all words stand somewhere in a conversation.
local function has_words(conversation, words)
  local texts = {}
  for _, turn in ipairs(conversation.turns) do
    for _, message in ipairs(turn.messages) do texts[#texts + 1] = log.text(message):lower() end
  end
  local text = table.concat(texts, "\n")
  for _, word in ipairs(words) do
    if not text:find(word, 1, true) then return false end
  end
  return true
end

--- The conversations that are wanted, read, the newest first.
local function wanted(options)
  local here, words, found = native.core().current_folder(), {}, {}
  for word in (options.query or ""):lower():gmatch "%S+" do words[#words + 1] = word end
  for _, entry in ipairs(log.list()) do
    if #found == (options.number or 10) then break end
    local conversation = log.read(entry.path)
    local fits = conversation and (not options.here or conversation.head.folder == here)
    if fits and (not words[1] or has_words(conversation, words)) then
      found[#found + 1] = conversation
    end
  end
  return found
end

local function bytes_of(path)
  local file, why = io.open(path, "rb")
  if not file then fault.raise(fault.WORLD, why) end
  local bytes = file:read "*a"
  file:close()
  return bytes
end

local function line_of(conversation, columns)
  local last = conversation.turns[#conversation.turns]
  local line = ("%s  %3d  %s  %s"):format(conversation.id, #conversation.turns,
    terminal.pad(terminal.line(last and tostring(last.model or last.answered_by) or ""), 16),
    terminal.line(tostring(conversation.head.title)))
  return columns and terminal.cut(line, columns) or line
end

local ROLES = { user = "User", assistant = "Assistant", tool = "Tool", system = "System" }

--- The conversation up to where it goes on from, as Markdown.
local function document(conversation)
  local turn, chain = conversation.last, {}
  while turn do
    table.insert(chain, 1, turn)
    turn = turn.parent and conversation.by_id[turn.parent]
  end
  local parts = { ("# %s\n"):format(terminal.line(tostring(conversation.head.title))) }
  local system
  for _, one in ipairs(chain) do
    if type(one.system) == "string" and one.system ~= system then
      system = one.system
      parts[#parts + 1] = ("## System\n\n%s\n"):format(system)
    end
    for _, message in ipairs(one.messages) do
      local role = ROLES[message.role] or tostring(message.role)
      local by = message.role == "assistant" and (one.answered_by or one.model)
      parts[#parts + 1] = ("## %s%s%s\n\n%s\n"):format(role, by and (" (%s)"):format(by) or "",
        message.role == "assistant" and one.mark and ", " .. one.mark or "", log.text(message))
    end
  end
  local others = #conversation.turns - #chain
  return table.concat(parts, "\n"), others
end

--- One conversation.
local function show(options)
  for _, key in ipairs { "number", "query", "here" } do
    if options[key] then fault.use("--%s is for the list of all, not for one", key) end
  end
  local conversation = log.find(options[1])
  local write = output.answer()
  if options.path then
    write(conversation.path .. "\n")
  elseif options.json then
    write(bytes_of(conversation.path))
  else
    local text, others = document(conversation)
    write(text)
    if others > 0 then
      output.note(("lualogue: other answers and branches, --json has them: %d"):format(others))
    end
  end
  write()
  return 0
end

---@param options table
---@return integer code
function logs.run(options)
  if options[2] then fault.use("logs takes one ID: '%s'", options[2]) end
  if options[1] then return show(options) end
  local columns, write = output.terminal(), output.answer()
  for _, conversation in ipairs(wanted(options)) do
    if options.path then
      write(conversation.path .. "\n")
    elseif options.json then
      write(bytes_of(conversation.path))
    else
      write(line_of(conversation, columns) .. "\n")
    end
  end
  write()
  return 0
end

return logs
