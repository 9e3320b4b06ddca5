--- Jobs that run at once, as tasks, or one after the other. A job is a table: `run`, what it does;
--- `timeout`, seconds or nil; `done`, which gets the outcome: `ok`, `value`, `err`, `late`.
---
--- What a cancel ends has no outcome: its job counts as not done.

local errors = require "lualogue.errors"
local protected = require("lualogue.task.wrap").pcall -- jobs may wait, on every Lua
local task = require "lualogue.task"

local together = {}

---@class lualogue.tools.Group
---@field private alone boolean jobs run here, not in tasks
---@field private jobs table[] those that run in tasks
---@field private stopped? lualogue.Error of a job that was cancelled
local methods = {}
local metatable = { __index = methods }

--- A group of n jobs.
---@param n integer
---@param serial? boolean one after the other
---@return lualogue.tools.Group
function together.new(n, serial)
  return setmetatable({ alone = serial or n == 1, jobs = {} }, metatable)
end

local function is_cancel(value) return errors.is(value) and value.kind == "cancelled" end

--- Run a job here, and say what came of it.
local function carry_out(self, job)
  local ok, value, err = protected(job.run)
  if not ok then value, err = nil, value end
  job.over = true
  if not job.late and value == nil and is_cancel(err) then
    self.stopped = self.stopped or err
    return
  end
  job.done { ok = ok, value = value, err = err, late = job.late and value == nil }
end

--- The same within a task of its own, which its time may end.
local function in_task(self, job)
  local function work()
    if job.timeout then
      job.clock = function() -- ends with the task
        task.start(function()
          task.sleep(job.timeout)
          job.late = true
          job.task:cancel()
        end)
      end
    end
    carry_out(self, job)
  end
  job.task = task.start(work)
end

--- Wait for the end of a job's task. In 5.1 a cancel ends it at once, and nothing was said yet.
local function await(self, job)
  local _, err = job.task:wait()
  if job.over then return end
  if job.late then return job.done { ok = false, late = true } end
  self.stopped = self.stopped or err or errors.new { kind = "cancelled", message = "cancelled" }
end

--- Start a job.
---@param job table
function methods:start(job)
  if self.stopped then return end
  if not self.alone then
    self.jobs[#self.jobs + 1] = job
    in_task(self, job)
  elseif job.timeout then
    in_task(self, job)
    await(self, job)
  else
    carry_out(self, job)
    -- Where it was this task that was cancelled, it goes no further.
    if self.stopped then task.sleep(0) end
  end
end

--- Wait until all have ended.
---@return boolean? all
---@return lualogue.Error? err of one that was cancelled
function methods:finish()
  for _, job in ipairs(self.jobs) do
    if self.stopped then job.task:cancel() end
    await(self, job)
  end
  if self.stopped then return nil, self.stopped end
  return true
end

return together
