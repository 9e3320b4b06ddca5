--- Tasks that belong together: each is begun before anyone is waited for, and where one fails the
--- others are cancelled.

local cancel_each = require "lualogue.task.cancel_each"
local errors = require "lualogue.errors"
local native = require "lualogue.native"
local reports = require "lualogue.task.reports"
local scheduler = require "lualogue.task.scheduler"
local strand = require "lualogue.task.strand"
local wait = require "lualogue.wait"

---@class lualogue.Group
---@field live table<lualogue.Strand, any> those that have not ended, with their keys
---@field n_live integer
---@field decided? lualogue.Strand the one that decided for all
---@field next? fun(group: lualogue.Group) begin another one, if there is one left
local group = {}
group.__index = group

--- Called as `on_end(group, strand, key)` when one has ended, until one has decided.
---@param on_end function
---@return lualogue.Group
function group.new(on_end)
  local owner = strand.running()
  return setmetatable({ live = {}, n_live = 0, on_end = on_end, owner = owner }, group)
end

--- Let a strand be one of them; it may be over already.
---@param member lualogue.Strand
---@param key any
function group:add(member, key)
  self.live[member] = key
  self.n_live = self.n_live + 1
  if member.over then return self:ended(member) end
  local other = member.group
  if other then -- a task of somebody else's: both are told
    member.group = { ended = function(_, ...) other:ended(...) self:ended(...) end }
  else
    member.group = self
  end
end

--- Begin a task of the group.
function group:begin(key, fn, ...)
  local member = strand.new(fn, ...)
  member.of_group = true
  self:add(member, key)
end

--- For the strands.
function group:ended(member)
  local key = self.live[member]
  self.live[member] = nil
  self.n_live = self.n_live - 1
  local nobody = self.decided or self.owner and self.owner.cancelled
  if nobody and member.of_group and member.state == "failed" then
    reports.keep(member, member.err, member.traceback)
  end
  if not self.decided then
    self.on_end(self, member, key)
    if self.decided then self:cancel() end
  end
  if self.n_live == 0 then scheduler.tell(self) end
end

--- End all of them.
function group:cancel()
  cancel_each(self.live)
end

--- To be told when all have ended.
function group:arm()
  if self.n_live == 0 then scheduler.tell(self) end
end

local function is_over(self) return self.n_live == 0 end

--- Wait until all have ended, where there is nobody to yield to.
---@return boolean undisturbed
function group:block() return scheduler.drive(is_over, self) end

--- Wait until all have ended. False if Ctrl-C ended the wait, and them.
---@return boolean undisturbed
function group:await()
  local undisturbed = true
  while self.n_live > 0 do
    if not wait.news(math.huge, self) then
      undisturbed = false
      self:cancel()
    end
  end
  return undisturbed
end

--- Whether a strand has failed, and how: it was cancelled, raised, or returned `nil, err`.
---@param member lualogue.Strand
---@return boolean failed
---@return any err
function group.failure(member)
  if member.state == "cancelled" then return true, member.cancelled end
  if member.state == "failed" then return true, member.err end
  local values = member.values
  return values[1] == nil and values[2] ~= nil, values[2]
end

--- The error of the one that decided: returned if the world made it, else raised.
---@param key any
---@return nil
---@return any err
---@return any key
function group:report(key)
  local member = self.decided
  if member.state == "failed" and not errors.is(member.err) then return member:deliver() end
  member:deliver()
  local _, err = group.failure(member)
  return nil, err, key
end

--- The error of a wait that Ctrl-C ended.
---@return nil
---@return lualogue.Error err
function group.interrupted()
  return nil, native.core().error { kind = "cancelled", message = "cancelled" }
end

return group
