--- Which of the cells are asked: all, or those that somebody wants to see.

local log = require "lualogue.lab.log"
local native = require "lualogue.native"

local select_cells = {}

local function keep(cells, wanted)
  local kept = {}
  for _, cell in ipairs(cells) do
    if wanted(cell) then kept[#kept + 1] = cell end
  end
  return kept
end

--- Those whose prompt, model or row has the text in its name.
local function only(cells, text)
  return keep(cells, function(cell)
    return cell.prompt:find(text, 1, true) or cell.model:find(text, 1, true)
      or cell.label:find(text, 1, true) or cell.input == text
  end)
end

--- So many of the rows: with the same seed the same ones, whatever else there is.
local function sample(cells, n, seed)
  local order, rank = {}, {}
  for _, cell in ipairs(cells) do
    if not rank[cell.input] then
      rank[cell.input] = native.core().sha256(("%s:%s"):format(tostring(seed), cell.input))
      order[#order + 1] = cell.input
    end
  end
  table.sort(order, function(a, b) return rank[a] < rank[b] end)
  local chosen = {}
  for i = 1, math.min(n, #order) do chosen[order[i]] = true end
  return keep(cells, function(cell) return chosen[cell.input] end)
end

--- Those of the rows that did not pass in the last run that came to its end.
local function failing(cells, folder, name)
  for _, run in ipairs(log.list(folder, name)) do
    if log.is_over(run.path) then
      local _, records = log.read(run.path)
      local bad = {}
      for _, record in ipairs(records) do
        if record.verdict ~= "pass" then bad[record.row_key or ""] = true end
      end
      return keep(cells, function(cell) return bad[cell.row_key] end)
    end
  end
  return nil, "no run of this lab has come to its end: nothing is known to fail"
end

--- The cells that are wanted, in their order.
---@param cells lualogue.lab.Cell[]
---@param options lualogue.lab.RunOptions
---@param folder string
---@param name string of the lab
---@return lualogue.lab.Cell[]? cells
---@return string? why
function select_cells.of(cells, options, folder, name)
  if options.only then cells = only(cells, options.only) end
  if options.failing then
    local why
    cells, why = failing(cells, folder, name)
    if not cells then return nil, why end
  end
  if options.sample then cells = sample(cells, options.sample, options.seed or 0) end
  return cells
end

return select_cells
