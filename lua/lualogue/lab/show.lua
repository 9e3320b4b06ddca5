--- A run as a table of text: rows are inputs, columns prompt and model. Nothing of a model's answer
--- can do anything to the terminal.

local bars = require "lualogue.lab.bars"
local summary = require "lualogue.lab.summary"
local terminal = require "lualogue.terminal"

local show = {}

local COLORS = { pass = "32", fail = "31", cut = "33", error = "35" }
local LETTERS = { pass = "ok", fail = "no", cut = "cut", error = "err" }
local BAR, NARROWEST = 20, 14

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

--- What a cell shows of a group.
local function text_of(group)
  local shown = summary.shown(group)
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

--- Where answers must share the width: that of a row's name, of a column, and how many of these
--- fit beside each other.
local function widths_of(rows, columns, options)
  local first = 4
  for _, row in ipairs(rows) do
    first = math.max(first, terminal.width(terminal.line(row.label)))
  end
  first = math.min(first, 24)
  local gap = options.rules and 3 or 2
  local left = (options.width or 100) - first
  local n = math.max(1, math.min(#columns, math.floor(left / (NARROWEST + gap))))
  return first, math.max(NARROWEST, math.floor(left / n) - gap), n
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

--- What a row has in a column.
local function field_of(group)
  if not group then return { text = "-" } end
  local verdict, color = verdict_of(group)
  return { text = verdict .. "  " .. text_of(group), color = color }
end

--- The table: where not all columns fit beside each other, the others stand below.
local function add_table(lines, result, options)
  local columns, rows, at = result.columns, summary.rows(result.cells), {}
  for _, group in next, (summary.groups(result.cells)) do
    local cell = group.cells[1]
    at[cell.input .. "\0" .. cell.column_key] = group
  end
  local first, each, n_beside = widths_of(rows, columns, options)
  local labels = labels_of(columns, each)
  for from = 1, #columns, n_beside do
    local head, widths = { { text = "row" } }, { first }
    local to = math.min(from + n_beside - 1, #columns)
    for i = from, to do
      head[#head + 1], widths[#widths + 1] = { text = labels[i], color = "1" }, each
    end
    if from > 1 then lines[#lines + 1] = "" end
    lines[#lines + 1] = line_of(head, widths, options)
    if options.rules then lines[#lines + 1] = rule_of(widths) end
    for _, row in ipairs(rows) do
      local cells = { { text = terminal.line(row.label) } }
      for i = from, to do
        cells[#cells + 1] = field_of(at[row.input .. "\0" .. columns[i].key])
      end
      lines[#lines + 1] = line_of(cells, widths, options)
    end
  end
  return labels
end

--- What is said of a column below the table.
local function sums_of(column, label, has_cost, bar)
  local latency, rest = "", {}
  if #column.latencies > 0 then
    latency = ("p50 %s  p95 %s"):format(
      bars.seconds(summary.percentile(column.latencies, 50)),
      bars.seconds(summary.percentile(column.latencies, 95)))
  end
  if column.cached > 0 then
    rest[1] = ("%d%% cached"):format(math.floor(100 * column.cached / column.n + 0.5))
  end
  if column.cut > 0 then rest[#rest + 1] = ("%d cut"):format(column.cut) end
  if column.error > 0 then
    rest[#rest + 1] = "errors: " .. terminal.line(summary.error_label(column.errors))
  end
  return {
    label, bars.bar(column.n > 0 and column.pass / column.n or 0, bar),
    ("%d/%d"):format(column.pass, column.n), ("%d tokens"):format(column.tokens),
    has_cost and "cost " .. bars.money(column.cost) or "", latency, table.concat(rest, "  "),
  }
end

local RIGHT = { [3] = true, [4] = true }

--- The sums below it.
local function add_sums(lines, result, options, labels)
  local has_cost, width = false, options.width or 100
  for _, column in ipairs(result.columns) do has_cost = has_cost or (column.cost or 0) > 0 end
  local list, widths, bar = {}, {}, width >= 90 and BAR or BAR / 2
  for i, column in ipairs(result.columns) do
    list[i] = sums_of(column, terminal.cut(labels[i], math.max(16, width - 60)), has_cost, bar)
  end
  if #list > 1 then list[#list + 1] = sums_of(result.total, "all", has_cost, bar) end
  for _, sums in ipairs(list) do
    for i, text in ipairs(sums) do widths[i] = math.max(widths[i] or 0, terminal.width(text)) end
  end
  lines[#lines + 1] = ""
  for k, sums in ipairs(list) do
    local column, parts = result.columns[k] or result.total, {}
    for i, text in ipairs(sums) do
      if widths[i] > 0 then
        text = terminal.pad(text, widths[i], RIGHT[i] and "right" or "left")
        if i == 2 and column.pass == column.n then text = painted(text, COLORS.pass, options) end
        if i == 7 and column.error > 0 then text = painted(text, COLORS.error, options) end
        parts[#parts + 1] = text
      end
    end
    lines[#lines + 1] = table.concat(parts, "  "):gsub("%s+$", "")
  end
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
