--- `lualogue lab`: prompts, models and inputs in all combinations, checked, and held against an
--- earlier run.

local bless = require "lualogue.lab.bless"
local environment = require "lualogue.environment"
local fault = require "lualogue.command.fault"
local files = require "lualogue.lab.files"
local lab = require "lualogue.lab"
local native = require "lualogue.native"
local output = require "lualogue.command.output"
local prices = require "lualogue.lab.prices"
local runs = require "lualogue.lab.runs"
local running = require "lualogue.lab.run"
local settings = require "lualogue.command.settings"

local command = {}

local FAILED = 1
local MARKS = { pass = ".", fail = "F", cut = "C", error = "E" }
local WRITERS = {
  csv = function(result, options) return result:csv { excel = options.excel } end,
  jsonl = function(result) return result:jsonl() end,
  md = function(result, _, before) return result:markdown { against = before } end,
  html = function(result, _, before) return result:html { against = before } end,
}
-- What makes a lab without a file.
local OWN = { "prompt", "input", "model", "check" }

--- Wrong use, or the world, as the error says.
local function raise(err)
  fault.raise(err.kind == "lab" and fault.USE or fault.code(err), err.message)
end

--- A lab of what the command line says.
local function spec_of(options)
  local file = options[1]
  if options[2] then fault.use("one lab file expected, got %s as well", options[2]) end
  if not file and not options.prompt then
    fault.use "a lab file or -p expected (lualogue lab --help)"
  end
  if not file then return require("lualogue.command.own_lab").spec(options) end
  for _, name in ipairs(OWN) do
    if options[name] then fault.use("--%s makes a lab of its own, without a file", name) end
  end
  local spec, err = lab.load(file)
  if not spec then fault.use("%s", err.message) end
  spec.repeats = options["repeat"] or spec.repeats
  if next(spec.prices) == nil then
    spec.prices = settings.config().prices or {}
    local flaw = prices.flaw(spec.prices)
    if flaw then fault.use("config.lua: %s", flaw) end
  end
  return spec
end

local function run_options(options)
  return {
    jobs = options.jobs, fresh = options.fresh, cache = not options.no_cache, only = options.only,
    failing = options.failing, sample = options.sample, seed = options.seed,
    resume = options.resume, max_cost = options.max_cost, max_errors = options.max_errors,
  }
end

--- Files that are to be written, each with what writes it; told before anything is sent.
local function outputs_of(options)
  local list = {}
  for i, path in ipairs(options.output or {}) do
    local writer = WRITERS[path:match "%.(%w+)$" or ""]
    if not writer then fault.use("-o %s: .csv, .jsonl, .md or .html expected", path) end
    list[i] = { path = path, write = writer }
  end
  return list
end

--- How the table is shown where standard output goes.
local function show_options()
  local columns = output.terminal()
  if not columns then return { width = 100 } end
  local is_plain = environment.variable "NO_COLOR" or environment.variable "TERM" == "dumb"
  return { width = columns, rules = true, color = not is_plain }
end

--- A letter for each cell, for somebody who waits.
local function progress()
  if not native.core().terminal(2) then return nil, function() end end
  local n = 0
  local function on_cell(cell)
    n = n + 1
    local mark = MARKS[cell.verdict]
    io.stderr:write(cell.cached and mark == "." and "c" or mark, n % 80 == 0 and "\n" or "")
    io.stderr:flush()
  end
  return on_cell, function()
    if n % 80 ~= 0 then io.stderr:write "\n" end
  end
end

--- The code to end with, the worst first.
local function code_of(result, change, options)
  if result.stopped == "interrupted" then return fault.INTERRUPTED end
  if (result.total.errors.check or 0) > 0 then return fault.USE end
  if result.total.error > 0 or result.n_left > 0 then return fault.WORLD end
  local has_failed
  if options.fail_on_regression then
    has_failed = change:regressed(options.fail_on_regression == "worse" and "worse" or nil)
  else
    has_failed = result.total.pass < result.total.n
  end
  return has_failed and not options.allow_failures and FAILED or 0
end

local function write_files(list, result, options, before)
  local is_whole = true
  for _, item in ipairs(list) do
    local ok, why = files.put(item.path, item.write(result, options, before))
    if not ok then
      is_whole = false
      output.note("lualogue: " .. tostring(why))
    end
  end
  return is_whole
end

--- Run a lab and show what came of it.
local function run(options)
  local regression = options.fail_on_regression
  if regression and regression ~= true and regression ~= "worse" then
    fault.use("--fail-on-regression=%s: worse, or nothing, expected", regression)
  end
  local spec, list = spec_of(options), outputs_of(options)
  local chosen, folder = run_options(options), running.folder_of {}
  if options.dry_run then
    local estimate, err = lab.estimate(spec, chosen)
    if not estimate then raise(err) end
    return output.print(estimate:table())
  end
  local before, result, err
  local against = options.against or regression and "baseline"
  if against then
    before, err = runs.find(against, folder, running.name_of(spec), spec.path)
    if not before then raise(err) end
  end
  local lualogue = require "lualogue"
  local finish
  chosen.on_cell, finish = progress()
  lualogue.interrupts(true)
  result, err = lab.run(spec, chosen)
  lualogue.interrupts(false)
  finish()
  if not result then raise(err) end
  local is_whole = write_files(list, result, options, before)
  local change = before and result:compare(before)
  local shown = show_options()
  output.raw(result:table(shown) .. (change and "\n" .. change:table(shown) or ""))
  local code = code_of(result, change, options)
  return is_whole and code or math.max(code, fault.WORLD)
end

--- The newest runs: their names, whose they are, how far they came.
local function list_runs()
  local log = require "lualogue.lab.log"
  local lines = {}
  for i, found in ipairs(log.list(running.folder_of {})) do
    if i > 50 then break end
    local result = lab.read(found.path)
    if result then
      lines[#lines + 1] = ("%s  %s  %d/%d passed%s\n"):format(found.id, result.lab,
        result.total.pass, result.total.n,
        result.n_left > 0 and ("  broken off, %d left"):format(result.n_left) or "")
    end
  end
  if #lines == 0 then output.note "lualogue: there are no runs in this folder" end
  return output.print(require("lualogue.terminal").safe(table.concat(lines)))
end

--- Make a run what later ones are held against.
local function bless_run(options)
  if options[3] then fault.use "lab bless: one run expected" end
  local what, name = options[2] or "last", nil
  if what:find "%.lua$" then what, name = "last", what:gsub("^%./", "") end
  local result, err = runs.find(what, running.folder_of {}, name)
  if not result then raise(err) end
  local path = bless.path(result.file or result.lab)
  local ok
  ok, err = result:bless(path)
  if not ok then raise(err) end
  return output.print(("%s  %d/%d passed\n"):format(path, result.total.pass, result.total.n))
end

--- See `command.main`.
---@param options table
---@return integer code
function command.run(options)
  if options[1] == "list" and not options[2] then return list_runs() end
  if options[1] == "bless" then return bless_run(options) end
  return run(options)
end

return command
