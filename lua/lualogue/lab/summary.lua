--- Sums of a run: for each column (prompt, model, parameters) and for all.

local plan = require "lualogue.lab.plan"

local summary = {}

---@class lualogue.lab.Column
---@field key string
---@field prompt string
---@field model string
---@field vary table<string, any>
---@field label string
---@field n integer cells that are done
---@field pass integer
---@field fail integer
---@field cut integer
---@field error integer
---@field cached integer
---@field cost? number of all answers, also those that are cached; nil where a price is missing
---@field tokens integer of all answers
---@field latencies number[] seconds, sorted, of answers that came now
---@field all_latencies number[] likewise, also of those that are cached
---@field unanswered integer cells without an answer
---@field errors table<string, integer> by kind

local function new(fields)
  fields.n, fields.pass, fields.fail, fields.cut, fields.error = 0, 0, 0, 0, 0
  fields.cached, fields.cost, fields.tokens, fields.unanswered, fields.errors = 0, 0, 0, 0, {}
  fields.latencies, fields.all_latencies = {}, {}
  return fields
end

--- What an error is counted as: `api 429`, `timeout`.
local function kind_of(err)
  return err.status and ("%s %s"):format(err.kind, tostring(err.status)) or tostring(err.kind)
end

local function add(sum, cell)
  sum.n = sum.n + 1
  sum[cell.verdict] = sum[cell.verdict] + 1
  if cell.cached then sum.cached = sum.cached + 1 end
  if cell.message or cell.finish_reason then
    sum.cost = sum.cost and cell.cost and sum.cost + cell.cost or nil
    local usage = cell.usage or {}
    local both = (usage.prompt_tokens or 0) + (usage.completion_tokens or 0)
    sum.tokens = sum.tokens + (usage.total_tokens or both)
    if cell.latency then
      sum.all_latencies[#sum.all_latencies + 1] = cell.latency
      if not cell.cached then sum.latencies[#sum.latencies + 1] = cell.latency end
    end
  else
    sum.unanswered = sum.unanswered + 1
  end
  if cell.verdict == "error" and cell.error then
    local kind = kind_of(cell.error)
    sum.errors[kind] = (sum.errors[kind] or 0) + 1
  end
end

--- `prompt · model · temperature=0`
---@param cell table
---@return string
function summary.label(cell)
  local vary = plan.vary_label(cell.vary)
  return cell.prompt .. " · " .. cell.model .. (vary ~= "" and " · " .. vary or "")
end

--- The sums of cells, by column in their order.
---@param cells lualogue.lab.Cell[]
---@return lualogue.lab.Column[] columns
---@return lualogue.lab.Column total
function summary.of(cells)
  local columns, by_key, total = {}, {}, new { label = "all" }
  for _, cell in ipairs(cells) do
    local column = by_key[cell.column_key]
    if not column then
      column = new { key = cell.column_key, prompt = cell.prompt, model = cell.model,
        vary = cell.vary, label = summary.label(cell) }
      by_key[cell.column_key] = column
      columns[#columns + 1] = column
    end
    if cell.verdict then
      add(column, cell)
      add(total, cell)
    end
  end
  columns[#columns + 1] = total
  for _, column in ipairs(columns) do
    table.sort(column.latencies)
    table.sort(column.all_latencies)
  end
  columns[#columns] = nil
  return columns, total
end

--- A percentile of a sorted list, by the nearest rank.
---@param sorted number[]
---@param percent number
---@return number?
function summary.percentile(sorted, percent)
  if #sorted == 0 then return nil end
  return sorted[math.max(1, math.ceil(percent / 100 * #sorted))]
end

--- `api 429 2, timeout 1`
---@param errors table<string, integer>
---@return string
function summary.error_label(errors)
  local kinds = {}
  for kind in next, errors do kinds[#kinds + 1] = kind end
  table.sort(kinds)
  for i, kind in ipairs(kinds) do kinds[i] = ("%s %d"):format(kind, errors[kind]) end
  return table.concat(kinds, ", ")
end

---@class lualogue.lab.Group the repeats of one row in one column
---@field row_key string
---@field cells lualogue.lab.Cell[] in the order of the repeats
---@field pass integer
---@field n integer that have a verdict other than an error
---@field errors integer

--- Cells by row and column.
---@param cells lualogue.lab.Cell[]
---@return table<string, lualogue.lab.Group> by_key
---@return lualogue.lab.Group[] list in their order
function summary.groups(cells)
  local by_key, list = {}, {}
  for _, cell in ipairs(cells) do
    if cell.verdict then
      local group = by_key[cell.row_key]
      if not group then
        group = { row_key = cell.row_key, cells = {}, pass = 0, n = 0, errors = 0 }
        by_key[cell.row_key] = group
        list[#list + 1] = group
      end
      group.cells[#group.cells + 1] = cell
      if cell.verdict == "error" then
        group.errors = group.errors + 1
      else
        group.n = group.n + 1
        if cell.verdict == "pass" then group.pass = group.pass + 1 end
      end
    end
  end
  for _, group in ipairs(list) do
    table.sort(group.cells, function(a, b) return a.nth < b.nth end)
  end
  return by_key, list
end

--- The cell that stands for a group: the first that did not pass, else the first.
---@param group lualogue.lab.Group
---@return lualogue.lab.Cell
function summary.shown(group)
  for _, cell in ipairs(group.cells) do
    if cell.verdict ~= "pass" then return cell end
  end
  return group.cells[1]
end

--- The rows of cells in their order: { input =, label = } each.
---@param cells lualogue.lab.Cell[]
---@return { input: string, label: string }[]
function summary.rows(cells)
  local rows, known = {}, {}
  for _, cell in ipairs(cells) do
    if not known[cell.input] then
      known[cell.input] = true
      rows[#rows + 1] = { input = cell.input, label = cell.label }
    end
  end
  return rows
end

return summary
