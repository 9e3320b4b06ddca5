--- Running a lab: every cell is asked or found, checked and written down, so many at a time for
--- each server. An error is one cell's; what is done is never lost.

local asker = require "lualogue.lab.asker"
local cache = require "lualogue.lab.cache"
local errors = require "lualogue.errors"
local files = require "lualogue.lab.files"
local log = require "lualogue.lab.log"
local native = require "lualogue.native"
local plan = require "lualogue.lab.plan"
local prices = require "lualogue.lab.prices"
local record = require "lualogue.lab.record"
local results = require "lualogue.lab.result"
local resume = require "lualogue.lab.resume"
local secrets = require "lualogue.secrets"
local select_cells = require "lualogue.lab.select"
local task = require "lualogue.task"
local wait = require "lualogue.wait"
local protected = require("lualogue.task.wrap").pcall

local run = {}

local FOLDER = ".lualogue"

---@class lualogue.lab.Run
---@field spec lualogue.lab.Spec
---@field ask lualogue.lab.Asker
---@field log? table
---@field n_done integer
---@field n_errors integer

local function write_down(self, cell)
  if not self.log or self.ask.stop == "disk" then return end
  local ok, why = self.log:add(record.of(cell), cell.cached)
  if ok then return end
  self.ask:end_with "disk"
  self.ask:fault("the log of the run cannot be written", why)
end

local function done(self, cell)
  self.n_done = self.n_done + 1
  if cell.error and cell.error.message then
    cell.error.message = secrets.mask(self.ask.secrets, cell.error.message)
  end
  if cell.verdict == "error" then
    self.n_errors = self.n_errors + 1
    local most = self.options.max_errors
    if most and self.n_errors >= most then self.ask:end_with "errors" end
  end
  write_down(self, cell)
  local on_cell = self.options.on_cell
  if on_cell then on_cell(cell, self.n_done, self.n_cells) end
end

--- The reply for a cell: the one that was kept, else from the server.
local function reply_of(self, cell)
  local kept = cell.kept
  if not kept then
    return protected(self.ask.ask, self.ask, cell.model_of, "chat", cell.params, cell.bytes,
      cell.digest)
  end
  cell.kept = nil
  return true, kept.reply, kept.latency, true
end

--- Ask for one cell. False where nothing came of it since the run stops.
local function ask_for(self, cell)
  local ok, reply, more, cached = reply_of(self, cell)
  if not ok then
    if errors.is(reply) and reply.kind == "cancelled" then error(reply, 0) end
    record.failure(cell, errors.is(reply) and reply or { kind = "lab", message = tostring(reply) })
  elseif not reply then
    if more.kind == "cancelled" then return false end
    record.failure(cell, more)
  else
    local choice = reply.choices and reply.choices[1] or {}
    record.answer(cell, {
      message = choice.message or {}, finish_reason = choice.finish_reason, usage = reply.usage,
      latency = more, cached = cached,
    }, self.spec, self.ask)
  end
  return true
end

--- What was done in a run that was broken off, by the key of the cell.
local function take_over(records)
  local known = {}
  for _, line in ipairs(records or {}) do
    local cell = record.cell(line)
    if cell and cell.message and cell.digest then known[cell.key] = cell end
  end
  return known
end

local function work(self, cell)
  local before = self.known[cell.key]
  if cell.error then
    record.failure(cell, cell.error)
  elseif before and before.digest == cell.digest then
    record.answer(cell, before, self.spec, self.ask)
    self.n_taken = self.n_taken + 1
    self.n_done = self.n_done + 1
    if cell.verdict == "error" then self.n_errors = self.n_errors + 1 end
    return -- it stands in the log
  elseif not ask_for(self, cell) then
    return
  end
  done(self, cell)
end

--- The cells by the server that is asked, in their order, and how many are worked on at a time.
local function workers(self, cells)
  local queues, list = {}, {}
  for _, cell in ipairs(cells) do
    local server = cell.model_of.server
    local queue = queues[server]
    if not queue then
      queue = { at = 0 }
      queues[server] = queue
      queues[#queues + 1] = queue
    end
    queue[#queue + 1] = cell
    queue.limit = self.ask:lane_of(cell.model_of).limit
  end
  local asks = 1
  for _, check in ipairs(self.spec.checks) do
    if check.asks then asks = 2 end -- one asks for a cell while another one is judged
  end
  for _, queue in ipairs(queues) do
    for _ = 1, math.min(queue.limit * asks, #queue) do
      list[#list + 1] = function()
        while queue.at < #queue and not self.ask.stop do
          queue.at = queue.at + 1
          work(self, queue[queue.at])
          wait.breathe()
        end
      end
    end
  end
  return list
end

--- Of all who may be asked the price must be known where there is a most.
local function check_prices(self, model)
  if not self.options.max_cost or prices.of(self.spec.prices, model) then return true end
  return nil, errors.new { kind = "lab", message = "max_cost: the prices have no " .. model.name }
end

--- The clients that will be needed, before anything is sent. nil and the error of what is missing.
local function prepare(self, cells)
  local seen = {}
  for _, cell in ipairs(cells) do
    local model = cell.model_of
    local is_there = self.known[cell.key] or cell.error
    if not is_there then
      cell.kept = self.ask:find(cell.digest)
      is_there = cell.kept
    end
    if not seen[model] and not is_there then
      seen[model] = true
      local ok, why = pcall(self.ask.client_of, self.ask, model)
      if not ok then
        why = tostring(type(why) == "table" and why.message or why):gsub("^[^\n]-:%d+: ", "")
        return nil, errors.new { kind = "lab", message = ("model %s: %s"):format(model.name, why) }
      end
      local err
      ok, err = check_prices(self, model)
      if not ok then return nil, err end
    end
  end
  for _, check in ipairs(self.spec.checks) do
    for _, model in ipairs(check.asks or {}) do
      local ok, err = check_prices(self, model)
      if not ok then return nil, err end
    end
  end
  return true
end

--- The run to go on with, if there is one.
local function find_earlier(self, folder, header)
  if self.options.log == false or self.options.fresh then return true end
  local path, records, note = resume.find(folder, header)
  self.note, self.path = note, path
  self.known = take_over(records)
  if self.options.resume and not path then return nil, note or "there is no run to go on with" end
  return true
end

local function open_log(self, folder, header)
  if self.options.log == false then return true end
  local ok, why = files.make_home(folder)
  if not ok then return nil, why end
  if self.path then
    self.log, why = log.go_on(self.path)
  else
    self.log, why = log.begin(folder, header)
  end
  return self.log and true, why
end

--- A name by which the runs of a lab are found again.
---@param spec lualogue.lab.Spec
---@return string
function run.name_of(spec)
  return spec.name or spec.path and spec.path:gsub("^%./", "") or "lab"
end

--- What is to be asked. nil and the error where nothing is left.
local function cells_of(spec, options, folder)
  local cells, why = select_cells.of(plan.cells(spec), options, folder, run.name_of(spec))
  if cells and #cells == 0 then cells, why = nil, "no cell is left to be asked" end
  if not cells then return nil, errors.new { kind = "lab", message = why } end
  return cells
end

--- A lab whose models are all asked with one client: they are where that is.
local function with_client(spec, client)
  if not client then return spec end
  local copy = setmetatable({ models = {} }, { __index = spec })
  for i, model in ipairs(spec.models) do
    copy.models[i] = setmetatable({ client = client, server = client.server }, { __index = model })
  end
  return copy
end

--- Where cache and logs are.
---@param options lualogue.lab.RunOptions
---@return string
function run.folder_of(options)
  return options.folder or FOLDER
end

--- See `lab.estimate`.
---@param spec lualogue.lab.Spec
---@param options lualogue.lab.RunOptions
---@return lualogue.lab.Estimate? estimate
---@return lualogue.Error? err
function run.estimate(spec, options)
  local folder = run.folder_of(options)
  spec = with_client(spec, options.client)
  local cells, err = cells_of(spec, options, folder)
  if not cells then return nil, err end
  local reads = options.cache ~= false and not options.fresh
  return require("lualogue.lab.estimate").of(spec, cells, reads and cache.new(folder) or nil)
end

--- See `lab.run`.
---@param spec lualogue.lab.Spec
---@param options lualogue.lab.RunOptions
---@return lualogue.lab.Result? result
---@return lualogue.Error? err
function run.run(spec, options)
  local folder = run.folder_of(options)
  spec = with_client(spec, options.client)
  local cells, err = cells_of(spec, options, folder)
  if not cells then return nil, err end
  local header = {
    lab = run.name_of(spec), file = spec.path, spec = plan.hash(cells),
    parts = resume.parts(spec, cells), prompts = {}, n = #cells, time = os.time(),
  }
  for _, prompt in ipairs(spec.prompts) do header.prompts[prompt.name] = prompt.source end
  local self = {
    spec = spec, options = options, ask = asker.new(spec, options, folder), known = {},
    n_done = 0, n_errors = 0, n_taken = 0, n_cells = #cells,
  }
  local ok, why = find_earlier(self, folder, header)
  if not ok then return nil, errors.new { kind = "lab", message = why } end
  ok, err = prepare(self, cells)
  if not ok then return nil, err end
  ok, why = open_log(self, folder, header)
  if not ok then return nil, files.failure(why) end
  local began = native.core().now()
  local whole, all, failed = protected(task.all, workers(self, cells))
  if whole and not all and not (errors.is(failed) and failed.kind == "cancelled") then
    whole, all = false, failed
  end
  self.ask:close()
  if not whole then error(all, 0) end
  if not all then self.ask:end_with "interrupted" end
  return results.of_run(self, header, cells, native.core().now() - began)
end

return run
