--- Jobs that run at once, or one after the other. A job is `{ run =, timeout =, done = }`; `done`
--- gets its outcome: `ok`, `value`, `err`, `late`.

local together = {}

---@class lualogue.tools.Group
local methods = {}
local metatable = { __index = methods }

---@param serial? boolean
---@return lualogue.tools.Group
function together.new(serial) return setmetatable({ serial = serial }, metatable) end

--- Start a job.
---@param job table
function methods:start(job)
  local ok, value, err = pcall(job.run)
  if not ok then value, err = nil, value end
  job.done { ok = ok, value = value, err = err }
end

--- Wait until all have ended.
function methods:finish() end

return together
