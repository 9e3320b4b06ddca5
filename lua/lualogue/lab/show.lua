--- A run as a table of text: rows are inputs, columns prompt and model. Nothing of a model's answer
--- can do anything to the terminal.

local bars = require "lualogue.lab.bars"
local summary = require "lualogue.lab.summary"
local terminal = require "lualogue.terminal"

local show = {}

local COLORS = { pass = "32", fail = "31", cut = "33", error = "35" }
local LETTERS = { pass = "ok", fail = "no", cut = "cut", error = "err" }
local BAR = 20

--- How a terminal is written to: `color` with escapes, `rules` with lines; `width` columns.
---@class lualogue.lab.ShowOptions
---@field width? integer 100
---@field color? boolean
---@field rules? boolean

local function painted(text, color, options)
  if not options.color or not color then return text end
  return ("\27[%sm%s\27[0m"):format(color, text)
end

--- The verdict of a group in a word, and its color.
local function verdict_of(group)
  if #group.cells == 1 then
    local cell = group.cells[1]
    return LETTERS[cell.verdict] .. (cell.cached and " c" or ""), COLORS[cell.verdict]
  end
  local n_cached = 0
  for _, cell in ipairs(group.cells) do
    if cell.cached then n_cached = n_cached + 1 end
  end
  local text = ("%d/%d"):format(group.pass, group.n)
  if group.errors > 0 then text = text .. (" %de"):format(group.errors) end
  if n_cached == #group.cells then text = text .. " c" end
  local color = group.errors > 0 and COLORS.error or group.pass == group.n and COLORS.pass
    or group.pass == 0 and COLORS.fail or COLORS.cut
  return text, color
end

--- What a cell shows of a group: its first answer that did not pass, else its first.
local function text_of(group)
  local shown = group.cells[1]
  for _, cell in ipairs(group.cells) do
    if cell.verdict ~= "pass" then
      shown = cell
      break
    end
  end
  if shown.verdict == "error" and shown.text == "" then
    return terminal.line(shown.error and shown.error.message or "error")
  end
  return terminal.line(shown.text)
end

--- A line of cells, each a text with its color, under each other with the others.
local function line_of(cells, widths, options)
  local parts = {}
  for i, cell in ipairs(cells) do
    local is_last = i == #cells
    local fit = is_last and terminal.cut or terminal.pad
    local text = fit(cell.text, widths[i])
    parts[i] = painted(text, cell.color, options)
  end
  return (table.concat(parts, options.rules and " │ " or "  "):gsub("%s+$", ""))
end

local function rule_of(widths)
  local parts = {}
  for i, width in ipairs(widths) do parts[i] = ("─"):rep(width) end
  return table.concat(parts, "─┼─")
end

--- Where answers must share the width.
local function widths_of(rows, columns, options)
  local first = 4
  for _, row in ipairs(rows) do
    first = math.max(first, terminal.width(terminal.line(row.label)))
  end
  first = math.min(first, 24)
  local gap = options.rules and 3 or 2
  local left = (options.width or 100) - first
  local each = math.max(14, math.floor(left / #columns) - gap)
  local widths = { first }
  for i = 1, #columns do widths[i + 1] = each end
  return widths
end

--- The names of the columns; with numbers where one has no room.
local function labels_of(columns, width)
  local labels, is_numbered = {}, false
  for i, column in ipairs(columns) do
    labels[i] = terminal.line(column.label)
    is_numbered = is_numbered or terminal.width(labels[i]) > width
  end
  if is_numbered then
    for i, label in ipairs(labels) do labels[i] = ("[%d] %s"):format(i, label) end
  end
  return labels
end

--- The cells of the table.
local function add_table(lines, result, options)
  local columns, rows = result.columns, summary.rows(result.cells)
  local by_key = summary.groups(result.cells)
  local at = {} -- input, column -> group
  for _, group in next, by_key do
    local cell = group.cells[1]
    at[cell.input] = at[cell.input] or {}
    at[cell.input][cell.column_key] = group
  end
  local widths = widths_of(rows, columns, options)
  local head, labels = { { text = "row" } }, labels_of(columns, widths[2])
  for i, label in ipairs(labels) do head[i + 1] = { text = label, color = "1" } end
  lines[#lines + 1] = line_of(head, widths, options)
  if options.rules then lines[#lines + 1] = rule_of(widths) end
  for _, row in ipairs(rows) do
    local cells = { { text = terminal.line(row.label) } }
    for i, column in ipairs(columns) do
      local group = (at[row.input] or {})[column.key]
      if group then
        local verdict, color = verdict_of(group)
        cells[i + 1] = { text = verdict .. "  " .. text_of(group), color = color }
      else
        cells[i + 1] = { text = "-" }
      end
    end
    lines[#lines + 1] = line_of(cells, widths, options)
  end
  return labels
end

--- The sums below it.
local function add_sums(lines, result, options, labels)
  local width = 4
  for _, label in ipairs(labels) do width = math.max(width, terminal.width(label)) end
  width = math.min(width, 44)
  local has_cost = false
  for _, column in ipairs(result.columns) do
    has_cost = has_cost or (column.cost or 0) > 0
  end
  lines[#lines + 1] = ""
  local function add(column, label)
    local share = column.n > 0 and column.pass / column.n or 0
    local parts = {
      terminal.pad(label, width),
      painted(bars.bar(share, BAR), column.pass == column.n and COLORS.pass or nil, options),
      ("%3d/%d"):format(column.pass, column.n),
      ("%d tokens"):format(column.tokens),
    }
    if has_cost then parts[#parts + 1] = "cost " .. bars.money(column.cost) end
    if #column.latencies > 0 then
      parts[#parts + 1] = ("p50 %s  p95 %s"):format(
        bars.seconds(summary.percentile(column.latencies, 50)),
        bars.seconds(summary.percentile(column.latencies, 95)))
    end
    if column.cached > 0 then
      parts[#parts + 1] = ("%d%% cached"):format(math.floor(100 * column.cached / column.n + 0.5))
    end
    if column.cut > 0 then parts[#parts + 1] = ("%d cut"):format(column.cut) end
    if column.error > 0 then
      parts[#parts + 1] = painted("errors: " .. terminal.line(summary.error_label(column.errors)),
        COLORS.error, options)
    end
    lines[#lines + 1] = table.concat(parts, "  ")
  end
  for i, column in ipairs(result.columns) do add(column, labels[i]) end
  if #result.columns > 1 then add(result.total, "all") end
end

--- The table, its sums, and what else there is to say.
---@param result lualogue.lab.Result
---@param options lualogue.lab.ShowOptions
---@return string text
function show.table(result, options)
  local lines = {}
  add_sums(lines, result, options, add_table(lines, result, options))
  if options.rules and #result.columns > 1 then
    for _, line in ipairs(bars.lines(result, options.width or 100)) do lines[#lines + 1] = line end
  end
  for _, note in ipairs(result.notes) do lines[#lines + 1] = terminal.safe(note) end
  return table.concat(lines, "\n") .. "\n"
end

return show
