--- Pictures of a run as SVG, for the page: what an answer costs against how often it is right, and
--- how long answers took.

local bars = require "lualogue.lab.bars"
local summary = require "lualogue.lab.summary"

local plot = {}

local COLORS = { "#2563eb", "#d97706", "#059669", "#dc2626", "#7c3aed", "#0891b2", "#be185d",
  "#65a30d" }
local WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 340, 56, 44, 16, 24
local STRIP = 26

--- The color of a column.
---@param i integer
---@return string
function plot.color(i) return COLORS[(i - 1) % #COLORS + 1] end

--- A number for a coordinate: the same text on every machine.
local function at(value) return ("%.1f"):format(value) end

--- A number without an exponent.
local function plain(value) return (("%.10f"):format(value):gsub("%.?0+$", "")) end

--- The end of an axis: a round number that is no smaller, and its step.
local function axis_end(most)
  local power = 10 ^ math.floor(math.log(most) / math.log(10))
  for _, step in ipairs { 1, 2, 5, 10 } do
    if most <= step * power + 1e-12 then return step * power end
  end
  return most
end

--- Where a rate may well be, as far as so many answers tell: Wilson's interval at 95 %.
local function interval(pass, n)
  local z, rate = 1.96, pass / n
  local middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
  local half = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
  return math.max(0, middle - half), math.min(1, middle + half)
end

local function open(out, width, height, title)
  out[#out + 1] = ('<svg viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">')
    :format(width, height, width, height, title)
end

local function text(out, x, y, anchor, words, class)
  out[#out + 1] = ('<text x="%s" y="%s" text-anchor="%s"%s>%s</text>'):format(at(x), at(y), anchor,
    class and (' class="%s"'):format(class) or "", words)
end

local function line(out, x1, y1, x2, y2, class, color)
  out[#out + 1] = ('<line x1="%s" y1="%s" x2="%s" y2="%s" class="%s"%s/>'):format(at(x1), at(y1),
    at(x2), at(y2), class, color and (' stroke="%s"'):format(color) or "")
end

--- Where a mark has room beside those that there are; the line to its place says where it belongs.
local function beside(places, x, y)
  local at_x, step = x, x < WIDTH / 2 and 18 or -18
  for _ = 1, #places + 1 do
    local is_free = true
    for _, other in ipairs(places) do
      is_free = is_free and (math.abs(other[1] - at_x) >= 16 or math.abs(other[2] - y) >= 16)
    end
    if is_free then break end
    at_x = at_x + step
  end
  places[#places + 1] = { at_x, y }
  return at_x
end

--- Cost (or tokens) of an answer across, the share that passed upwards; a point for each column,
--- the line through it says how sure that is. nil where no answer has either.
---@param result lualogue.lab.Result
---@param escape fun(text: string): string
---@return string? svg
function plot.scatter(result, escape)
  local is_money = result.total.cost and result.total.cost > 0
  local value_of = is_money and bars.mean_cost or bars.mean_tokens
  local most = 0
  for _, column in ipairs(result.columns) do most = math.max(most, value_of(column) or 0) end
  if most <= 0 then return nil end
  most = axis_end(most)
  local across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
  local function x_of(value) return LEFT + across * value / most end
  local function y_of(rate) return TOP + up * (1 - rate) end
  local places, out, name = {}, {}, is_money and "cost of an answer" or "tokens of an answer"
  open(out, WIDTH, HEIGHT, name .. " against the share that passed")
  for i = 0, 4 do
    local y, x = y_of(i / 4), x_of(most * i / 4)
    line(out, LEFT, y, WIDTH - RIGHT, y, "grid")
    text(out, LEFT - 8, y + 4, "end", ("%d %%"):format(25 * i))
    local label = plain(most * i / 4)
    text(out, x, HEIGHT - BOTTOM + 18, "middle", label)
  end
  text(out, LEFT + across / 2, HEIGHT - 6, "middle", name)
  for i, column in ipairs(result.columns) do
    local value = value_of(column)
    if value and column.n > 0 then
      local x, y = x_of(value), y_of(column.pass / column.n)
      local low, high = interval(column.pass, column.n)
      line(out, x, y_of(low), x, y_of(high), "sure", plot.color(i))
      local mark_x = beside(places, x, y)
      if mark_x ~= x then line(out, x, y, mark_x, y, "sure", plot.color(i)) end
      out[#out + 1] = ('<circle cx="%s" cy="%s" r="8" fill="%s"><title>%s</title></circle>'):format(
        at(mark_x), at(y), plot.color(i), escape(column.label))
      text(out, mark_x, y + 4, "middle", ("%d"):format(i), "on")
    end
  end
  out[#out + 1] = "</svg>"
  return table.concat(out, "\n")
end

--- A strip for each column with a line for each answer; fainter those that are cached, with the
--- time that they took then. nil where no time is known.
---@param result lualogue.lab.Result
---@param escape fun(text: string): string
---@return string? svg
function plot.strips(result, escape)
  local most = result.total.all_latencies[#result.total.all_latencies] or 0
  if most <= 0 then return nil end
  most = axis_end(most)
  local across = WIDTH - LEFT - RIGHT
  local height = TOP + STRIP * #result.columns + BOTTOM
  local function x_of(value) return LEFT + across * value / most end
  local out, place = {}, {}
  open(out, WIDTH, height, "latency of the answers in seconds")
  for i = 0, 4 do
    local x = x_of(most * i / 4)
    line(out, x, TOP, x, height - BOTTOM, "grid")
    text(out, x, height - BOTTOM + 18, "middle", ("%.4g"):format(most * i / 4))
  end
  text(out, LEFT + across / 2, height - 6, "middle",
    "latency in seconds; the thick line is the median")
  for i, column in ipairs(result.columns) do
    place[column.key] = { y = TOP + STRIP * (i - 1), color = plot.color(i) }
    out[#out + 1] = ("<g><title>%s</title>"):format(escape(column.label))
    text(out, LEFT - 12, TOP + STRIP * (i - 0.5) + 4, "end", ("%d"):format(i))
    out[#out + 1] = "</g>"
    local median = summary.percentile(column.all_latencies, 50)
    if median then
      local y = TOP + STRIP * (i - 1)
      line(out, x_of(median), y + 2, x_of(median), y + STRIP - 2, "median", plot.color(i))
    end
  end
  for _, cell in ipairs(result.cells) do
    local strip = cell.latency and place[cell.column_key]
    if strip then
      line(out, x_of(cell.latency), strip.y + 5, x_of(cell.latency), strip.y + STRIP - 5,
        cell.cached and "tick cached" or "tick", strip.color)
    end
  end
  out[#out + 1] = "</svg>"
  return table.concat(out, "\n")
end

return plot
