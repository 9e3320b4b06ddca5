--- Numbers of a run as bars of text, and in words.

local summary = require "lualogue.lab.summary"
local terminal = require "lualogue.terminal"

local bars = {}

local WIDTH = 30

--- A bar of blocks for a share, in eighths.
---@param share number 0 to 1
---@param width integer columns
---@return string
function bars.bar(share, width)
  local eighths = math.floor(share * width * 8 + 0.5)
  local whole = math.floor(eighths / 8)
  local rest = eighths % 8
  local parts = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" }
  local bar = ("█"):rep(whole) .. parts[rest + 1]
  return bar .. ("·"):rep(width - whole - (rest > 0 and 1 or 0))
end

--- An amount of money: four decimals, or as many as show two digits.
---@param value? number
---@return string
function bars.money(value)
  if not value then return "-" end
  if value == 0 then return "0" end
  local decimals = math.max(4, 1 - math.floor(math.log(value) / math.log(10)))
  return ("%." .. math.min(decimals, 12) .. "f"):format(value)
end

--- A time in seconds.
---@param value? number
---@return string
function bars.seconds(value) return value and ("%.2f s"):format(value) or "-" end

--- What an answer of a column costs on the average; nil where prices are missing.
---@param column lualogue.lab.Column
---@return number?
function bars.mean_cost(column)
  local n = column.n - column.unanswered
  return column.cost and n > 0 and column.cost / n or nil
end

--- The same in tokens.
---@param column lualogue.lab.Column
---@return number?
function bars.mean_tokens(column)
  local n = column.n - column.unanswered
  return n > 0 and column.tokens / n or nil
end

local function add(lines, result, width, title, value_of, text_of)
  local most, label_width = 0, 0
  for _, column in ipairs(result.columns) do
    most = math.max(most, value_of(column) or 0)
    label_width = math.max(label_width, terminal.width(terminal.line(column.label)))
  end
  if most <= 0 then return end
  label_width = math.min(label_width, math.max(20, width - WIDTH - 14))
  lines[#lines + 1] = ""
  lines[#lines + 1] = title
  for _, column in ipairs(result.columns) do
    local value = value_of(column)
    local label = terminal.pad(terminal.line(column.label), label_width)
    lines[#lines + 1] = ("%s  %s  %s"):format(label,
      bars.bar((value or 0) / most, WIDTH), value and text_of(value) or "-")
  end
end

--- Cost (or tokens, where there are no prices) and latency of each column.
---@param result lualogue.lab.Result
---@param width integer columns
---@return string[] lines
function bars.lines(result, width)
  local lines = {}
  if result.total.cost and result.total.cost > 0 then
    add(lines, result, width, "cost of an answer", bars.mean_cost, bars.money)
  else
    add(lines, result, width, "tokens of an answer", bars.mean_tokens, function(value)
      return ("%.0f"):format(value)
    end)
  end
  add(lines, result, width, "latency, median", function(column)
    return summary.percentile(column.all_latencies, 50)
  end, bars.seconds)
  return lines
end

return bars
