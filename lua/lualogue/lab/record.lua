--- A cell as it stands in the log of a run, and what came of it.

local checks = require "lualogue.lab.checks"
local json = require "lualogue.json"
local plan = require "lualogue.lab.plan"
local prices = require "lualogue.lab.prices"

local record = {}

-- `function_call` is what some servers still say for a call.
local ENDED = { stop = true, tool_calls = true, function_call = true }

--- The text of a message, whose content may come in parts.
local function text_of(message)
  local content = message.content
  if type(content) == "string" then return content end
  local parts = {}
  for _, part in ipairs(type(content) == "table" and content or {}) do
    if type(part) == "table" and type(part.text) == "string" then parts[#parts + 1] = part.text end
  end
  return table.concat(parts)
end

local function verdict_of(cell)
  local verdict = "pass"
  for _, result in ipairs(cell.checks) do
    if result.ok == nil then
      cell.error = { kind = "check", message = ("%s: %s"):format(result.name, result.reason) }
      return "error"
    end
    if not result.ok then verdict = "fail" end
  end
  if cell.finish_reason and not ENDED[cell.finish_reason] then return "cut" end
  return verdict
end

--- An answer has come, now or in an earlier run: what it costs, and what the checks say.
---@param cell lualogue.lab.Cell changed in place
---@param answer table `message`, `finish_reason`, `usage`, `latency`, `cached`
---@param spec lualogue.lab.Spec
---@param ask lualogue.lab.Asker
function record.answer(cell, answer, spec, ask)
  cell.message, cell.text = answer.message, text_of(answer.message)
  cell.finish_reason, cell.usage = answer.finish_reason, answer.usage
  cell.latency, cell.cached = answer.latency, answer.cached or false
  cell.cost = prices.cost(spec.prices, cell.model_of, answer.usage)
  cell.checks = {}
  for i, check in ipairs(spec.checks) do
    cell.checks[i] = checks.try(check, cell, cell.row, ask)
  end
  cell.verdict = verdict_of(cell)
end

--- There is no answer.
---@param cell lualogue.lab.Cell changed in place
---@param err table
function record.failure(cell, err)
  cell.error = {
    kind = err.kind, message = err.message, status = err.status, code = err.code,
  }
  cell.verdict, cell.text, cell.checks = "error", "", {}
end

--- What stands in the log.
---@param cell lualogue.lab.Cell
---@return table
function record.of(cell)
  local results = json.array {}
  for i, result in ipairs(cell.checks) do results[i] = result end
  return {
    prompt = cell.prompt, model = cell.model, vary = json.object(cell.vary), input = cell.input,
    nth = cell.nth, label = cell.label, digest = cell.digest, verdict = cell.verdict,
    row_key = cell.row_key, checks = results, message = cell.message,
    finish_reason = cell.finish_reason, usage = cell.usage, latency = cell.latency,
    cached = cell.cached, cost = cell.cost, error = cell.error,
  }
end

local VERDICTS = { pass = true, fail = true, cut = true, error = true }
local KINDS = {
  label = "string", text = "string", finish_reason = "string", digest = "string",
  message = "table", usage = "table", error = "table", vary = "table", checks = "table",
  latency = "number", cost = "number", cached = "boolean",
}

--- The cell of a line of the log, without its row; what is not as it should be is left out. nil for
--- a line that tells of no cell.
---@param line table changed in place
---@return lualogue.lab.Cell?
function record.cell(line)
  if not VERDICTS[line.verdict] or type(line.prompt) ~= "string" or type(line.model) ~= "string"
    or type(line.input) ~= "string" or type(line.nth) ~= "number" then
    return nil
  end
  for name, kind in next, KINDS do
    if type(line[name]) ~= kind then line[name] = nil end
  end
  line.vary, line.checks, line.label = line.vary or {}, line.checks or {}, line.label or ""
  for i = #line.checks, 1, -1 do
    local result = line.checks[i]
    if type(result) ~= "table" or type(result.name) ~= "string" then
      table.remove(line.checks, i)
    end
  end
  line.text = line.text or line.message and text_of(line.message) or ""
  return plan.know(line)
end

return record
