--- One question to several models at once, their answers side by side.

local answer = require "lualogue.command.answer"
local history = require "lualogue.command.history"
local output = require "lualogue.command.output"
local protect = require("lualogue.task.wrap").pcall
local telling = require "lualogue.command.telling"
local terminal = require "lualogue.terminal"
local whom = require "lualogue.command.whom"

local several = {}

local GAP, LEAST = 3, 20 -- columns between answers, and of one

--- Texts beside each other, each under its name.
local function columns(names, texts, width)
  local blocks, height = {}, 0
  for i, text in ipairs(texts) do
    blocks[i] = terminal.wrap(terminal.safe(text):gsub("%s+$", ""):gsub("\t", "    "), width)
    height = math.max(height, #blocks[i])
  end
  local function row(of)
    local cells = {}
    for i = 1, #names do cells[i] = terminal.pad(of(i), width) end
    return (table.concat(cells, (" "):rep(GAP)):gsub(" +$", "")) .. "\n"
  end
  local out = { row(function(i) return names[i] end), row(function() return ("-"):rep(width) end) }
  for line = 1, height do out[#out + 1] = row(function(i) return blocks[i][line] or "" end) end
  return table.concat(out)
end

--- Texts below each other.
local function sections(names, texts)
  local out = {}
  for i, name in ipairs(names) do
    out[i] = ("%s## %s\n\n%s\n"):format(i > 1 and "\n" or "", name, (texts[i]:gsub("\n+$", "")))
  end
  return table.concat(out)
end

local function show(names, texts)
  local total = output.terminal()
  local width = total and math.floor((total - GAP * (#names - 1)) / #names)
  if width and width >= LEAST then return output.raw(columns(names, texts, width)) end
  local text = sections(names, texts)
  output.raw(total and terminal.safe(text) or text)
end

--- The bytes of each reply, a line end behind each.
local function show_raw(texts)
  local write = output.answer()
  for _, text in ipairs(texts) do
    write(text)
    if text ~= "" and text:sub(-1) ~= "\n" then write "\n" end
  end
  write()
end

--- Ask all at once, and show the answers in the order of their names.
---@param job lualogue.command.Job
---@param whos lualogue.command.Who[]
---@param write_down fun(job: table, who: table, found: table)
---@return integer code the highest of all
function several.ask(job, whos, write_down)
  local lualogue = require "lualogue"
  local clients, messages = {}, {}
  for i, who in ipairs(whos) do
    clients[i] = whom.client(who)
    messages[i] = history.messages(job, who)
  end
  lualogue.interrupts(true)
  local founds = lualogue.map(whos, function(who, i)
    local bytes
    local found = answer.ask(clients[i], answer.params(who, messages[i], job.params),
      { raw = job.how.raw, schema = job.how.schema, protect = protect },
      function(piece) bytes = piece end)
    found.bytes = bytes
    return found
  end, { concurrency = #whos })
  lualogue.interrupts(false)
  if not founds then return require("lualogue.command.fault").INTERRUPTED end
  local names, texts, code = {}, {}, 0
  for i, found in ipairs(founds) do
    if not found.err then
      names[#names + 1] = whos[i].name or whos[i].model
      texts[#texts + 1] = job.how.raw and found.bytes
        or job.extract and telling.code(found.text) or found.text
    end
    write_down(job, whos[i], found)
  end
  if #names > 0 and job.how.raw then show_raw(texts) elseif #names > 0 then show(names, texts) end
  for i, found in ipairs(founds) do
    if job.usage then telling.usage(found, whos[i]) end
    code = math.max(code, telling.verdict(found, whos[i].name or whos[i].model))
  end
  return code
end

return several
