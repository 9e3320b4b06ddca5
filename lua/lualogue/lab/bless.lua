--- A run as what later ones are held against: a file for the version control, which is the same
--- byte for byte whenever the answers are.

local errors = require "lualogue.errors"
local files = require "lualogue.lab.files"
local json = require "lualogue.json"

local bless = {}

--- Where the blessed run of a lab file stands: beside it.
---@param path string of the lab file
---@return string
function bless.path(path) return (path:gsub("%.lua$", "") .. ".baseline.jsonl") end

local function refuse(format, ...)
  return nil, errors.new { kind = "lab", message = "not blessed: " .. format:format(...) }
end

local function line_of(cell)
  local results = json.array {}
  for i, check in ipairs(cell.checks) do results[i] = { name = check.name, ok = check.ok } end
  return json.encode {
    prompt = cell.prompt, model = cell.model, vary = json.object(cell.vary), input = cell.input,
    nth = cell.nth, label = cell.label, verdict = cell.verdict, checks = results,
    text = cell.text, finish_reason = cell.finish_reason,
  }
end

--- See `result:bless`.
---@param result lualogue.lab.Result
---@param path string
---@return true? done
---@return lualogue.Error? err
function bless.write(result, path)
  if result.stopped or result.n_left > 0 then return refuse "the run is not complete" end
  if result.total.n == 0 then return refuse "the run has no cells" end
  if result.total.error > 0 then
    return refuse("%d of %d cells are errors", result.total.error, result.total.n)
  end
  local cells, lines = {}, {}
  for i, cell in ipairs(result.cells) do cells[i] = cell end
  table.sort(cells, function(a, b)
    if a.row_key ~= b.row_key then return a.row_key < b.row_key end
    return a.nth < b.nth
  end)
  lines[1] = json.encode {
    lualogue_lab = 1, blessed = true, lab = result.lab:match "[^/]*$", n = #cells,
    prompts = json.object(result.prompts),
  }
  for i, cell in ipairs(cells) do lines[i + 1] = line_of(cell) end
  local ok, why = files.put(path, table.concat(lines, "\n") .. "\n")
  if not ok then return nil, files.failure(why) end
  return true
end

return bless
