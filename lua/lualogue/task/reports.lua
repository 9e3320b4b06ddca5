--- Failures of tasks that nobody has waited for. Each is kept until somebody asks for it; once
--- nobody can, since the task was collected, it is told, with its traceback.

local reports = {}

--- How often they are looked at while there are some; the collector is helped on meanwhile, a
--- little each time, since in an idle program it would never come by.
reports.INTERVAL_MS = 20
local HELP_KB = 256
local ROUNDS = 3 -- collections that have to end: the first may have begun too early

local faces = setmetatable({}, { __mode = "v" }) -- the user's side of a task, while it lives
local kept = {} -- strand -> { text =, rounds = }
local n_kept = 0
local tell -- the program's own way to be told
local usual -- that of the loop that is attached

local function write(text) io.stderr:write("lualogue: ", text, "\n") end

--- Tell the program something that no call can.
---@param text string
---@param err? any
function reports.say(text, err)
  local fn = tell or usual
  if not fn then return write(text) end
  local ok, why = pcall(fn, text, err)
  if not ok then
    write(text)
    write("and the function given to lualogue.on_error failed: " .. tostring(why))
  end
end

--- See `lualogue.on_error`.
---@param fn? fun(text: string, err: any)
function reports.to(fn) tell = fn end

--- How a loop's programs are told where they do not say.
---@param fn? fun(text: string, err: any)
function reports.usually_to(fn) usual = fn end

--- Remember who holds a strand for the user.
---@param strand table
---@param face table
function reports.face(strand, face) faces[strand] = face end

--- A strand has failed.
---@param strand table
---@param err any
---@param traceback string
function reports.keep(strand, err, traceback)
  kept[strand] = { err = err, traceback = traceback, rounds = 0 }
  n_kept = n_kept + 1
end

--- Somebody was told.
---@param strand table
function reports.forget(strand)
  if not kept[strand] then return end
  kept[strand] = nil
  n_kept = n_kept - 1
end

--- Whether there are some that may have to be told soon.
---@return boolean
function reports.waiting()
  if n_kept == 0 then return false end
  for strand, report in pairs(kept) do
    if report.rounds < ROUNDS or not faces[strand] then return true end
  end
  return false
end

local function tell_one(strand, report)
  reports.forget(strand)
  reports.say("a task failed, and nobody waited for it: " .. report.traceback, report.err)
end

--- Tell what nobody can ask for any more.
---@param help? boolean default: let the collector go on a little
function reports.look(help)
  local ended = help ~= false and collectgarbage("step", HELP_KB)
  local found = {}
  for strand, report in pairs(kept) do
    if ended then report.rounds = report.rounds + 1 end
    if not faces[strand] then found[#found + 1] = strand end
  end
  for _, strand in ipairs(found) do tell_one(strand, kept[strand]) end
end

--- The program may end now: find out at once.
function reports.settle()
  if n_kept == 0 then return end
  collectgarbage()
  collectgarbage()
  reports.look(false)
end

-- What is still kept when the state ends is told then: nobody asks any more.
local function at_the_end()
  for strand, report in pairs(kept) do tell_one(strand, report) end
end
local newproxy = rawget(_G, "newproxy")
if newproxy then -- 5.1 and LuaJIT: a table has no finalizer there
  local proxy = newproxy(true)
  getmetatable(proxy).__gc = at_the_end
  reports.sentinel = proxy
else
  reports.sentinel = setmetatable({}, { __gc = at_the_end })
end

return reports
