--- A run as CSV, as JSONL and as Markdown.

local csv = require "lualogue.lab.csv"
local json = require "lualogue.json"
local record = require "lualogue.lab.record"
local summary = require "lualogue.lab.summary"
local terminal = require "lualogue.terminal"

local export = {}

local function or_empty(value)
  if value == nil then return false end
  return value
end

--- Sorted names of the fields that any of some tables has.
local function names_of(cells, field)
  local names, known = {}, {}
  for _, cell in ipairs(cells) do
    for name in next, cell[field] or {} do
      if not known[name] then names[#names + 1] = name end
      known[name] = true
    end
  end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  return names
end

local function plain(value)
  if type(value) == "table" then return json.encode(value) end
  return or_empty(value)
end

local function reasons_of(cell)
  local reasons = {}
  for _, check in ipairs(cell.checks or {}) do
    if not check.ok then
      reasons[#reasons + 1] = ("%s: %s"):format(check.name, check.reason or "no")
    end
  end
  return #reasons > 0 and table.concat(reasons, "; ") or false
end

local FIXED = { "verdict", "reasons", "text", "finish_reason", "prompt_tokens",
  "completion_tokens", "latency", "cost", "cached", "error" }

--- RFC 4180, a line for each cell; what is in the rows as `row.NAME`.
---@param cells lualogue.lab.Cell[]
---@param is_for_excel? boolean what a spreadsheet takes for a formula is made text
---@return string
function export.csv(cells, is_for_excel)
  local varied, in_row = names_of(cells, "vary"), names_of(cells, "row")
  local head = { "prompt", "model" }
  for _, name in ipairs(varied) do head[#head + 1] = name end
  head[#head + 1], head[#head + 2] = "input", "repeat"
  for _, name in ipairs(in_row) do head[#head + 1] = "row." .. tostring(name) end
  for _, name in ipairs(FIXED) do head[#head + 1] = name end
  local lines = { csv.line(head, is_for_excel) }
  for _, cell in ipairs(cells) do
    local usage, line = cell.usage or {}, { cell.prompt, cell.model }
    for _, name in ipairs(varied) do line[#line + 1] = plain(cell.vary[name]) end
    line[#line + 1], line[#line + 2] = cell.input, cell.nth
    for _, name in ipairs(in_row) do line[#line + 1] = plain((cell.row or {})[name]) end
    for _, value in ipairs {
      cell.verdict, reasons_of(cell), cell.text, or_empty(cell.finish_reason),
      or_empty(usage.prompt_tokens), or_empty(usage.completion_tokens), or_empty(cell.latency),
      or_empty(cell.cost), cell.cached and "yes" or "no",
      cell.error and cell.error.message or false,
    } do
      line[#line + 1] = value
    end
    lines[#lines + 1] = csv.line(line, is_for_excel)
  end
  return table.concat(lines)
end

--- A line of JSON for each cell, as it stands in the log of the run.
---@param cells lualogue.lab.Cell[]
---@return string
function export.jsonl(cells)
  local lines = {}
  for i, cell in ipairs(cells) do lines[i] = json.encode(record.of(cell)) end
  return #lines > 0 and table.concat(lines, "\n") .. "\n" or ""
end

--- A text in a cell of a Markdown table, as code: nothing in it is Markdown or HTML.
---@param text string
---@param columns integer at most
---@return string
function export.code(text, columns)
  text = terminal.cut(terminal.line(text), columns)
  if text == "" then return "" end
  local longest = 0
  for run in text:gmatch "`+" do longest = math.max(longest, #run) end
  local fence = ("`"):rep(longest + 1)
  local pad = longest > 0 and " " or ""
  return fence .. pad .. text:gsub("|", "\\|") .. pad .. fence
end

--- What became of each row, as lines of Markdown.
local function add_change(lines, change)
  local function add(...) lines[#lines + 1] = table.concat({ ... }, " ") end
  add ""
  for _, name in ipairs(change.changed) do
    add("- the text of the prompt", export.code(name, 40), "changed")
  end
  for _, column in ipairs(change.columns) do
    local sums = ("lost %d, won %d, shaky %d, same %d; %s (p = %.3g)"):format(column.lost,
      column.won, column.shaky, column.same, column.verdict, column.p)
    add("-", export.code(column.label, 80) .. ":", sums)
  end
  for _, row in ipairs(change.rows) do
    if row.verdict ~= "same" then
      add(("- **%s**"):format(row.verdict), export.code(row.label, 40),
        export.code(summary.label(row), 80),
        row.old_text and export.code(row.old_text, 60) .. " → " .. export.code(row.new_text, 60)
          or "")
    end
  end
end

--- A table that fits a pull request.
---@param result lualogue.lab.Result
---@param change? lualogue.lab.Comparison
---@return string
function export.markdown(result, change)
  local columns, lines = result.columns, {}
  local by_key = summary.groups(result.cells)
  local head, rule = { "row" }, { "---" }
  for _, column in ipairs(columns) do
    head[#head + 1], rule[#rule + 1] = export.code(column.label, 60), "---"
  end
  local function add(fields) lines[#lines + 1] = "| " .. table.concat(fields, " | ") .. " |" end
  add(head)
  add(rule)
  local at = {}
  for _, group in next, by_key do
    local cell = group.cells[1]
    at[cell.input .. "\0" .. cell.column_key] = group
  end
  for _, row in ipairs(summary.rows(result.cells)) do
    local fields = { export.code(row.label, 40) }
    for _, column in ipairs(columns) do
      local group = at[row.input .. "\0" .. column.key]
      local field = "-"
      if group then
        local first = summary.shown(group)
        local verdict = #group.cells == 1 and first.verdict
          or ("%d/%d"):format(group.pass, group.n) .. (group.errors > 0 and " (errors)" or "")
        field = ("%s %s"):format(verdict, export.code(first.text, 60))
      end
      fields[#fields + 1] = field
    end
    add(fields)
  end
  add { "**pass**", (function()
    local sums = {}
    for i, column in ipairs(columns) do sums[i] = ("%d/%d"):format(column.pass, column.n) end
    return table.concat(sums, " | ")
  end)() }
  if change then add_change(lines, change) end
  return table.concat(lines, "\n") .. "\n"
end

return export
