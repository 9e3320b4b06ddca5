--- A comparison as text: what became of each prompt and model, and the rows that turned.

local summary = require "lualogue.lab.summary"
local terminal = require "lualogue.terminal"
local words = require "lualogue.lab.words"

local show_change = {}

local COLORS = { lost = "31", worse = "31", won = "32", better = "32", shaky = "33", error = "35" }
local AROUND = 6 -- words of a long common part that are shown at each end of it
local CHANGED = 25 -- likewise of a long part that differs

local function painted(text, color, options)
  if not options.color or not color then return text end
  return ("\27[%sm%s\27[0m"):format(color, text)
end

--- The middle of a long part is left out.
local function shortened(text, n, is_first, is_last)
  local list = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  if #list <= 2 * n + 1 then return text end
  local head = is_first and "" or table.concat(list, " ", 1, n)
  local tail = is_last and "" or table.concat(list, " ", #list - n + 1)
  return (text:match "^%s" or "") .. head .. " … " .. tail .. (text:match "%s$" or "")
end

--- The words that differ, in a line.
---@param before string
---@param now string
---@param options lualogue.lab.ShowOptions
---@return string
function show_change.words(before, now, options)
  local parts, diff = {}, words.diff(before, now)
  for i, part in ipairs(diff) do
    local kind, text = part[1], part[2]
    if kind == "=" then
      parts[i] = terminal.safe(shortened(text, AROUND, i == 1, i == #diff))
    elseif options.color then
      text = shortened(text, CHANGED)
      parts[i] = painted(terminal.safe(text), kind == "-" and "31;9" or "32", options)
    else
      text = terminal.safe(shortened(text, CHANGED))
      parts[i] = (kind == "-" and "[-%s-]" or "{+%s+}"):format(text)
    end
  end
  return (table.concat(parts):gsub("%s+", " "))
end

local function counts(group)
  if not group then return "-" end
  return ("%d/%d"):format(group.pass, group.n) .. (group.errors > 0 and " and errors" or "")
end

local function add_row(lines, row, options)
  lines[#lines + 1] = ("%s  %s · %s  %s -> %s"):format(
    painted(terminal.pad(row.verdict, 7), COLORS[row.verdict], options),
    terminal.line(row.label), terminal.line(summary.label(row)), counts(row.before),
    counts(row.now))
  if row.old_text then
    lines[#lines + 1] = "         " .. show_change.words(row.old_text, row.new_text, options)
  end
end

local function p_of(value)
  return value >= 0.001 and ("%.3g"):format(value) or ("%.1e"):format(value)
end

--- See `comparison:table`.
---@param comparison lualogue.lab.Comparison
---@param options lualogue.lab.ShowOptions
---@return string
function show_change.table(comparison, options)
  local lines, width = {}, 4
  for _, column in ipairs(comparison.columns) do
    width = math.max(width, terminal.width(terminal.line(column.label)))
  end
  lines[#lines + 1] = "compared with " .. terminal.line(comparison.before.path or "an earlier run")
  for _, name in ipairs(comparison.changed) do
    lines[#lines + 1] = ("the text of the prompt %s changed"):format(terminal.line(name))
  end
  for _, column in ipairs(comparison.columns) do
    lines[#lines + 1] = ("%s  lost %d  won %d  shaky %d  same %d%s  %s (p = %s)"):format(
      terminal.pad(terminal.line(column.label), width), column.lost, column.won, column.shaky,
      column.same, column.error > 0 and ("  errors %d"):format(column.error) or "",
      painted(column.verdict, COLORS[column.verdict], options), p_of(column.p))
  end
  local n_other_words = 0
  for _, row in ipairs(comparison.rows) do
    if row.verdict ~= "same" then
      add_row(lines, row, options)
    elseif row.old_text then
      n_other_words = n_other_words + 1
    end
  end
  if n_other_words > 0 then
    lines[#lines + 1] = ("%d rows are the same in other words"):format(n_other_words)
  end
  if comparison.lost + comparison.won + comparison.shaky + comparison.error == 0
    and comparison.new + comparison.missing == 0 and n_other_words == 0 then
    lines[#lines + 1] = "no difference"
  end
  return table.concat(lines, "\n") .. "\n"
end

return show_change
