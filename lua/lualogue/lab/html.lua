--- A run as one page: no script, nothing from elsewhere, every text of a model inert.

local bars = require "lualogue.lab.bars"
local head = require "lualogue.lab.page_head"
local plot = require "lualogue.lab.plot"
local summary = require "lualogue.lab.summary"
local terminal = require "lualogue.terminal"
local words = require "lualogue.lab.words"

local html = {}

local ENTITIES = {
  ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;",
}

--- A text as HTML; control characters and directions are written out.
---@param text any
---@return string
function html.escape(text)
  return (terminal.safe(tostring(text)):gsub("[&<>\"']", ENTITIES))
end
local escape = html.escape

local function add(out, format, ...) out[#out + 1] = format:format(...) end

local function add_sums(out, result)
  add(out, '<h2>Sums</h2>\n<div class="scroll"><table>\n<tr><th>prompt · model</th><th>pass</th>'
    .. "<th>cut</th><th>errors</th><th>tokens</th><th>cost</th><th>p50</th><th>p95</th>"
    .. "<th>cached</th></tr>")
  local function row(column, mark)
    add(out, '<tr><td>%s %s</td><td class="number">%d/%d</td><td class="number">%d</td><td>%s</td>'
      .. '<td class="number">%d</td><td class="number">%s</td><td class="number">%s</td>'
      .. '<td class="number">%s</td><td class="number">%d</td></tr>', mark, escape(column.label),
      column.pass, column.n, column.cut, escape(summary.error_label(column.errors)), column.tokens,
      bars.money(column.cost and column.cost > 0 and column.cost or nil),
      bars.seconds(summary.percentile(column.latencies, 50)),
      bars.seconds(summary.percentile(column.latencies, 95)), column.cached)
  end
  for i, column in ipairs(result.columns) do
    row(column, ('<span class="dot" style="background:%s">%d</span>'):format(plot.color(i), i))
  end
  if #result.columns > 1 then row(result.total, "") end
  add(out, "</table></div>")
end

--- One answer with what was said of it.
local function add_answer(out, cell)
  add(out, '<p><b class="%s">%s</b>%s <small>%s%s</small></p>', cell.verdict, cell.verdict,
    cell.nth > 1 and (" #%d"):format(cell.nth) or "",
    cell.latency and bars.seconds(cell.latency) or "", cell.cached and ", cached" or "")
  if cell.text ~= "" then add(out, '<pre dir="auto">%s</pre>', escape(cell.text)) end
  if cell.error then
    add(out, '<p class="error">%s</p>', escape(cell.error.message or cell.error.kind))
  end
  for _, check in ipairs(cell.checks or {}) do
    local class = check.ok and "pass" or check.ok == false and "fail" or "error"
    add(out, '<p><small class="%s">%s%s</small></p>', class, escape(check.name),
      check.ok and "" or ": " .. escape(check.reason or "no"))
  end
end

local function add_group(out, group)
  local first = summary.shown(group)
  local shown, class = first.verdict, first.verdict
  if #group.cells > 1 then
    shown = ("%d/%d"):format(group.pass, group.n)
    class = group.errors > 0 and "error" or group.pass == group.n and "pass"
      or group.pass == 0 and "fail" or "cut"
  end
  add(out, '<td><details><summary><b class="%s">%s</b> <bdi>%s</bdi></summary>', class, shown,
    escape(terminal.cut(terminal.line(first.text), 120)))
  for _, cell in ipairs(group.cells) do add_answer(out, cell) end
  add(out, "</details></td>")
end

local function add_cells(out, result)
  local at = {}
  local _, groups = summary.groups(result.cells)
  for _, group in ipairs(groups) do
    local cell = group.cells[1]
    at[cell.input .. "\0" .. cell.column_key] = group
  end
  add(out, '<h2>Answers</h2>\n<div class="scroll"><table>\n<tr><th>row</th>')
  for _, column in ipairs(result.columns) do add(out, "<th>%s</th>", escape(column.label)) end
  add(out, "</tr>")
  for _, row in ipairs(summary.rows(result.cells)) do
    add(out, "<tr><td><bdi>%s</bdi></td>", escape(row.label))
    for _, column in ipairs(result.columns) do
      local group = at[row.input .. "\0" .. column.key]
      if group then add_group(out, group) else add(out, "<td>-</td>") end
    end
    add(out, "</tr>")
  end
  add(out, "</table></div>")
end

local function diff_of(before, now)
  local parts = {}
  for i, part in ipairs(words.diff(before, now)) do
    local tag = part[1] == "-" and "del" or part[1] == "+" and "ins"
    local text = escape(part[2])
    parts[i] = tag and ("<%s>%s</%s>"):format(tag, text, tag) or text
  end
  return table.concat(parts)
end

local function add_comparison(out, change)
  add(out, "<h2>Since %s</h2>", escape(change.before.path or "an earlier run"))
  for _, name in ipairs(change.changed) do
    add(out, "<p>The text of the prompt %s changed.</p>", escape(name))
  end
  add(out, "<table><tr><th>prompt · model</th><th>lost</th><th>won</th><th>shaky</th><th>same</th>"
    .. "<th>sign test</th></tr>")
  for _, column in ipairs(change.columns) do
    add(out, '<tr><td>%s</td><td class="number">%d</td><td class="number">%d</td>'
      .. '<td class="number">%d</td><td class="number">%d</td><td class="%s">%s, p = %.3g</td>'
      .. "</tr>",
      escape(column.label), column.lost, column.won, column.shaky, column.same, column.verdict,
      column.verdict, column.p)
  end
  add(out, "</table>")
  for _, row in ipairs(change.rows) do
    if row.verdict ~= "same" then
      add(out, '<p><b class="%s">%s</b> <bdi>%s</bdi> · %s</p>', row.verdict, row.verdict,
        escape(row.label), escape(summary.label(row)))
      if row.old_text then
        add(out, '<pre dir="auto">%s</pre>', diff_of(row.old_text, row.new_text))
      end
    end
  end
end

--- The page of a run.
---@param result lualogue.lab.Result
---@param change? lualogue.lab.Comparison
---@return string
function html.page(result, change)
  local out = { head:format(escape(result.lab)) }
  add(out, "<h1>%s</h1>\n<p>%d of %d passed.</p>", escape(result.lab), result.total.pass,
    result.total.n)
  for _, note in ipairs(result.notes) do add(out, "<p>%s</p>", escape(note)) end
  if change then add_comparison(out, change) end
  local scatter, strips = plot.scatter(result, escape), plot.strips(result, escape)
  if scatter then add(out, "<h2>Cost and success</h2>\n%s", scatter) end
  if strips then add(out, "<h2>Latency</h2>\n%s", strips) end
  add_sums(out, result)
  add_cells(out, result)
  add(out, "</body>\n</html>")
  return table.concat(out, "\n") .. "\n"
end

return html
