--- The one way in which lualogue waits. Everything else starts work and asks for results;
--- who may wait, and how, is decided here and nowhere else.

local native = require "lualogue.native"

local wait = {}

local interruptible = false

--- Wait until the core has news, or until `until_s` on the core's clock.
--- Returns false when the wait was ended by Ctrl-C and the program asked for that
--- (`lualogue.interrupts`), true otherwise.
---@param until_s? number seconds on `core.now()`; nil waits as long as something is under way
---@return boolean undisturbed
function wait.news(until_s)
  local core = native.core()
  core.step(until_s and math.max(0, (until_s - core.now()) * 1000))
  return not (interruptible and core.interrupted())
end

--- Wait for the result of an exchange.
---@param exchange lualogue.core.Exchange
---@return any? reply
---@return lualogue.Error? err
function wait.result(exchange)
  while true do
    local reply, err = exchange:result()
    if reply ~= false then return reply, err end
    if not wait.news() then exchange:cancel() end
  end
end

--- See `lualogue.interrupts`.
---@param on boolean
function wait.interrupts(on)
  native.core().interrupts(on)
  interruptible = on
end

return wait
