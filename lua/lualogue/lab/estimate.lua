--- What a run would ask, in tokens and money, without sending anything.

local bars = require "lualogue.lab.bars"
local prices = require "lualogue.lab.prices"
local summary = require "lualogue.lab.summary"
local terminal = require "lualogue.terminal"
local tokens = require "lualogue.tokens"

local estimate = {}

---@class lualogue.lab.EstimateColumn
---@field label string
---@field n integer cells
---@field n_sent integer that no cache has an answer to
---@field n_bad integer whose prompt cannot be made
---@field tokens integer of the prompts that would be sent
---@field is_exact boolean
---@field cost? number of these; nil where the price is not known
---@field most? number with answers of `max_tokens`; nil where there is no such bound

---@class lualogue.lab.Estimate
---@field columns lualogue.lab.EstimateColumn[]
---@field total lualogue.lab.EstimateColumn
local methods = {}
local metatable = { __name = "lualogue.lab.estimate", __index = methods }

local function new(label)
  return { label = label, n = 0, n_sent = 0, n_bad = 0, tokens = 0, is_exact = true, cost = 0,
    most = 0 }
end

local function bound_of(params) return params.max_completion_tokens or params.max_tokens end

local function add(sum, n, is_exact, cost, most)
  sum.n_sent = sum.n_sent + 1
  sum.tokens = sum.tokens + n
  sum.is_exact = sum.is_exact and is_exact
  sum.cost = sum.cost and cost and sum.cost + cost or nil
  sum.most = sum.most and most and sum.most + most or nil
end

--- The tokens of a request: their number, and whether it is exact.
local function count(params)
  local n, report = tokens.count_messages(params.messages, params.model, {
    tools = params.tools, tool_choice = params.tool_choice, functions = params.functions,
    function_call = params.function_call,
  })
  if not n then error(report, 0) end
  local is_known = not tokens.for_model(params.model).approximate
  return n, is_known and report.precision == "exact"
end

--- See `lab.estimate`.
---@param spec lualogue.lab.Spec
---@param cells lualogue.lab.Cell[]
---@param kept? lualogue.lab.Cache
---@return lualogue.lab.Estimate
function estimate.of(spec, cells, kept)
  local columns, total, by_key, counted = summary.of(cells), new "all", {}, {}
  for i, column in ipairs(columns) do
    columns[i] = new(column.label)
    by_key[column.key] = columns[i]
  end
  for _, cell in ipairs(cells) do
    local column = by_key[cell.column_key]
    column.n, total.n = column.n + 1, total.n + 1
    if cell.error then
      column.n_bad, total.n_bad = column.n_bad + 1, total.n_bad + 1
    elseif not (kept and kept:has(cell.digest)) then
      local known = counted[cell.bytes]
      if not known then
        local ok, n, is_exact = pcall(count, cell.params)
        known = { ok and n or 0, ok and is_exact }
        counted[cell.bytes] = known
      end
      local bound = bound_of(cell.params)
      local cost = prices.cost(spec.prices, cell.model_of, { prompt_tokens = known[1] })
      local most = bound and prices.cost(spec.prices, cell.model_of,
        { prompt_tokens = known[1], completion_tokens = bound })
      add(column, known[1], known[2], cost, most or nil)
      add(total, known[1], known[2], cost, most or nil)
    end
  end
  return setmetatable({ columns = columns, total = total }, metatable)
end

--- As text: a line for each prompt and model.
---
--- ```lua
--- io.write(lab.estimate(spec):table())
--- ```
---@return string
function methods:table()
  local lines, width = {}, 4
  for _, column in ipairs(self.columns) do
    width = math.max(width, terminal.width(terminal.line(column.label)))
  end
  local function line(column)
    local parts = {
      terminal.pad(terminal.line(column.label), width),
      ("%d cells"):format(column.n), ("%d to send"):format(column.n_sent),
      ("%s%d prompt tokens"):format(column.is_exact and "" or "about ", column.tokens),
    }
    if column.n_bad > 0 then parts[#parts + 1] = ("%d cannot be made"):format(column.n_bad) end
    if column.cost and column.cost > 0 then
      parts[#parts + 1] = "cost " .. bars.money(column.cost) .. " and the answers"
      if column.most then parts[#parts + 1] = "at most " .. bars.money(column.most) end
    end
    lines[#lines + 1] = table.concat(parts, "  ")
  end
  for _, column in ipairs(self.columns) do line(column) end
  if #self.columns > 1 then line(self.total) end
  return table.concat(lines, "\n") .. "\n"
end

return estimate
