--- The one way in which lualogue waits. Everything else starts work and asks for results;
--- who may wait, and how, is decided here and nowhere else: a coroutine that somebody claims (the
--- scheduler its tasks, a loop what runs on it) waits as that one does, anything else blocks.

local native = require "lualogue.native"

---@class lualogue.Wait
---@field current? table the task that the scheduler is running: it owns what is opened now
---@field slice_end? number when that task shall let the host do something else
local wait = {}

local running = coroutine.running
local interruptible = false

-- Coroutine -> the claim on it, whose `news(self, until_s, handle)` waits for it. Taken back by
-- hand: in 5.1 and LuaJIT a value that leads to its key keeps it.
local claims = setmetatable({}, { __mode = "k" })
local claim_others, after_block

--- Say how a coroutine waits from now on; nil: no longer.
---@param co thread
---@param claim? table with `news`
function wait.claim(co, claim) claims[co] = claim end

--- Who is asked about coroutines that nobody has claimed, and about the main program on 5.2 and
--- later; nil: nobody.
---@param find? fun(co: thread): table?
function wait.claim_others(find) claim_others = find end

--- Called after each wait that blocked: it may have eaten what a loop waits for.
---@param fn fun()
function wait.on_block(fn) after_block = fn end

--- The claim on the running coroutine, if there is one.
---@return table?
function wait.claimed()
  local co = running()
  if not co then return nil end -- the main program of 5.1
  return claims[co] or claim_others and claim_others(co) or nil
end

--- Block until the core has news, or until `until_s`. What else there is to know: `wait.news`.
---@param until_s? number
---@param handle? table|userdata where it says how it blocks, it does
---@return boolean undisturbed
function wait.block(until_s, handle)
  if type(handle) == "table" and handle.block then return handle:block() end
  local core = native.core()
  core.step(until_s and math.max(0, (until_s - core.now()) * 1000))
  if after_block then after_block() end
  return not wait.interrupted()
end

--- Wait until there is news, of this handle if one is given, or until `until_s` on the core's
--- clock. May return early. With neither in a task: give the others a turn.
--- Returns false when the wait was ended by Ctrl-C and the program asked for that
--- (`lualogue.interrupts`), true otherwise. In a task that was cancelled it raises.
---@param until_s? number seconds on `core.now()`; nil waits as long as something is under way
---@param handle? table|userdata something with a method `arm(number)`
---@return boolean undisturbed
function wait.news(until_s, handle)
  local claim = wait.claimed()
  if claim then return claim:news(until_s, handle) end
  return wait.block(until_s, handle)
end

--- Between two events that need no wait: has this task run for long enough, then the host gets a
--- turn. A reader of a full queue would else hold it up for as long as the queue lasts.
function wait.breathe()
  local slice_end = wait.slice_end
  if slice_end and native.core().now() >= slice_end then
    local claim = wait.claimed()
    if claim then claim:news() end
  end
end

--- The task that runs opened this: it is closed when the task is cancelled.
---@param handle userdata
function wait.own(handle)
  local owner = wait.current or wait.claimed()
  if owner and owner.own then owner:own(handle) end
end

--- Wait for the result of an exchange.
---@param exchange lualogue.core.Exchange
---@return any? reply
---@return lualogue.Error? err
function wait.result(exchange)
  wait.own(exchange)
  while true do
    local reply, err = exchange:result()
    if reply ~= false then return reply, err end
    local again = exchange.look_again
    if not wait.news(again and again(exchange), exchange) then exchange:cancel() end
  end
end

--- Wait for whatever a handle gives in pieces to begin.
---@param handle any
---@return boolean? opened
---@return lualogue.Error? err
function wait.opened(handle)
  wait.own(handle)
  while true do
    local opened, err = handle:opened()
    if opened ~= false then return opened, err end
    local again = handle.look_again
    if not wait.news(again and again(handle), handle) then handle:close() end
  end
end

--- Wait for the next piece of a handle; nil at its end.
---@param handle any
---@return any? piece
---@return lualogue.Error? err
function wait.piece(handle)
  while true do
    local piece, err = handle:next()
    if piece then wait.breathe() end
    if piece ~= false then return piece, err end
    if not wait.news(nil, handle) then handle:close() end
  end
end

--- Whether Ctrl-C came since the last time this was asked, and the program wants to know.
---@return boolean
function wait.interrupted() return interruptible and native.core().interrupted() end

--- See `lualogue.interrupts`.
---@param on boolean
function wait.interrupts(on)
  native.core().interrupts(on)
  interruptible = on
end

return wait
