--- What came of a run: its cells, their sums, and the forms in which they are shown.

local errors = require "lualogue.errors"
local log = require "lualogue.lab.log"
local misuse = require "lualogue.misuse"
local record = require "lualogue.lab.record"
local summary = require "lualogue.lab.summary"

local results = {}

---@class lualogue.lab.Result
---@field cells lualogue.lab.Cell[] those that are done, in the order of the plan
---@field columns lualogue.lab.Column[] sums by prompt, model and parameters
---@field total lualogue.lab.Column
---@field lab string whose run it is
---@field file? string the lab file
---@field prompts table<string, any> their texts
---@field path? string of its log
---@field stopped? "cost"|"errors"|"disk"|"interrupted" why it is not complete
---@field n_left integer cells that nothing came of
---@field n_sent integer requests that were sent
---@field n_beside integer questions of checks
---@field spent number what was paid in this run
---@field seconds number
---@field notes string[] what else there is to say
local methods = {}
local metatable = { __name = "lualogue.lab.result", __index = methods }

local WHY = {
  cost = "stopped: the most that it may cost is spent",
  errors = "stopped: too many errors",
  disk = "stopped: nothing more can be written down",
  interrupted = "stopped by hand",
}

local MOST_TOLD = 5

--- Checks that could not be made are told with their cells: that is a mistake of the lab file.
local function add_check_errors(notes, cells)
  local n = 0
  for _, cell in ipairs(cells) do
    if cell.verdict == "error" and cell.error and cell.error.kind == "check" then
      n = n + 1
      if n <= MOST_TOLD then
        notes[#notes + 1] = ("no verdict on %s%s: %s"):format(
          cell.label ~= "" and cell.label .. " · " or "", summary.label(cell),
          tostring(cell.error.message))
      end
    end
  end
  if n > MOST_TOLD then notes[#notes + 1] = ("... and on %d more"):format(n - MOST_TOLD) end
end

local function new(fields)
  fields.columns, fields.total = summary.of(fields.cells)
  fields.notes = fields.notes or {}
  add_check_errors(fields.notes, fields.cells)
  return setmetatable(fields, metatable)
end

local function notes_of(run, n_left)
  local notes, ask = {}, run.ask
  for _, warning in ipairs(run.spec.warnings) do notes[#notes + 1] = "warning: " .. warning end
  if run.note then notes[#notes + 1] = run.note end
  if run.n_taken > 0 then
    notes[#notes + 1] = ("%d cells were done before"):format(run.n_taken)
  end
  for _, fault in ipairs(ask.faults) do notes[#notes + 1] = fault end
  if ask.n_beside > 0 then
    notes[#notes + 1] = ("questions of checks: %d, sent: %d"):format(
      ask.n_beside, ask.n_beside_sent)
  end
  if ask.stop then
    notes[#notes + 1] = ("%s; %d of %d cells are left undone"):format(
      WHY[ask.stop], n_left, run.n_cells)
  end
  return notes
end

--- The result of a run; its log is finished.
---@param run lualogue.lab.Run
---@param header lualogue.lab.Header
---@param cells lualogue.lab.Cell[]
---@param seconds number
---@return lualogue.lab.Result
function results.of_run(run, header, cells, seconds)
  local done = {}
  for _, cell in ipairs(cells) do
    if cell.verdict then done[#done + 1] = cell end
  end
  local n_left, ask = #cells - #done, run.ask
  if run.log then
    if ask.stop ~= "disk" then
      local ok, why
      if ask.stop then ok, why = run.log:flush() else ok, why = run.log:finish { n = #done } end
      if not ok then
        ask.stop = "disk"
        ask:fault("the log of the run cannot be written", why)
      end
    end
  end
  return new {
    cells = done, lab = header.lab, file = header.file, prompts = header.prompts,
    path = run.log and run.log.path,
    stopped = ask.stop, n_left = n_left, n_sent = ask.n_sent, n_beside = ask.n_beside,
    spent = ask.spent, seconds = seconds, notes = notes_of(run, n_left),
  }
end

--- The result of an earlier run, or a blessed one, from its file.
---@param path string
---@return lualogue.lab.Result? result
---@return lualogue.Error? err
function results.read(path)
  local header, records, is_over = log.read(path)
  if not header then return nil, errors.new { kind = "file", message = tostring(records) } end
  local by_key, cells = {}, {}
  for _, line in ipairs(records) do
    local cell = record.cell(line)
    local before = cell and by_key[cell.key]
    if before then
      cells[before] = cell -- the last line says it
    elseif cell then
      cells[#cells + 1] = cell
      by_key[cell.key] = #cells
    end
  end
  return new {
    cells = cells, lab = header.lab, file = header.file, prompts = header.prompts or {},
    path = path,
    n_left = not (is_over or header.blessed) and math.max(0, (header.n or 0) - #cells) or 0,
    n_sent = 0, n_beside = 0, spent = 0, seconds = 0,
  }
end

--- A table for a terminal, with sums and bars below. Nothing in an answer can act on the terminal.
---
--- ```lua
--- io.write(result:table { width = 120 })
--- ```
---@param options? lualogue.lab.ShowOptions
---@return string
function methods:table(options)
  return require("lualogue.lab.show").table(self, options or {})
end

--- RFC 4180, a line for each cell. With `excel = true` what a spreadsheet takes for a formula is
--- made text.
---
--- ```lua
--- io.open("run.csv", "wb"):write(result:csv())
--- ```
---@param options? { excel: boolean? }
---@return string
function methods:csv(options)
  return require("lualogue.lab.export").csv(self.cells, options and options.excel)
end

--- A line of JSON for each cell, its text as it came.
---
--- ```lua
--- io.open("run.jsonl", "wb"):write(result:jsonl())
--- ```
---@return string
function methods:jsonl() return require("lualogue.lab.export").jsonl(self.cells) end

--- A table that fits a pull request, and what became of each row since an earlier run; answers
--- stand in it as code.
---
--- ```lua
--- io.open("run.md", "wb"):write(result:markdown { against = before })
--- ```
---@param options? { against: lualogue.lab.Result? }
---@return string
function methods:markdown(options)
  local before = options and options.against
  return require("lualogue.lab.export").markdown(self, before and self:compare(before))
end

--- One page of HTML: answers, sums, cost against success, latency, and what became of each row
--- since an earlier run. It has no script and loads nothing; texts of models are inert.
---
--- ```lua
--- io.open("run.html", "wb"):write(result:html { against = before })
--- ```
---@param options? { against: lualogue.lab.Result? }
---@return string
function methods:html(options)
  local before = options and options.against
  return require("lualogue.lab.html").page(self, before and self:compare(before))
end

--- What became of each row since an earlier run.
---
--- ```lua
--- local change = result:compare(assert(lab.read "lab.baseline.jsonl"))
--- print(change.lost, change.won, change:table())
--- ```
---@param before lualogue.lab.Result
---@return lualogue.lab.Comparison
function methods:compare(before)
  if getmetatable(before) ~= metatable then
    misuse.raise "bad argument 'before' to 'compare' (a result expected: see lab.read)"
  end
  return require("lualogue.lab.compare").of(self, before)
end

--- Write it down as what later runs are held against. A run that is not complete, or that has
--- errors, is none.
---
--- ```lua
--- assert(result:bless "lab.baseline.jsonl")
--- ```
---@param path string
---@return true? done
---@return lualogue.Error? err
function methods:bless(path)
  misuse.check(path, "string", "path", "bless")
  return require("lualogue.lab.bless").write(self, path)
end

--- Whether all is well: nothing failed, nothing is left undone.
---
--- ```lua
--- os.exit(result:ok())
--- ```
---@return boolean
function methods:ok() return self.n_left == 0 and self.total.pass == self.total.n end

return results
