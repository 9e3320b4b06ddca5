--- `lualogue.map`: one function over a list, so many at a time.

local group = require "lualogue.task.group"
local misuse = require "lualogue.misuse"
local native = require "lualogue.native"

local CONCURRENCY = 8

local function check(list, fn, options)
  misuse.check(list, "table", "list", "map")
  misuse.check(fn, "function", "fn", "map")
  if options ~= nil then misuse.check(options, "table", "options", "map") end
  local at_once = options and options.concurrency
  if at_once == nil then at_once = CONCURRENCY end
  if type(at_once) ~= "number" or at_once < 1 or at_once % 1 ~= 0 then
    misuse.raise "bad argument 'options' to 'map' (concurrency: a whole number from 1 expected)"
  end
  for name in pairs(options or {}) do
    if name ~= "concurrency" and name ~= "keep_going" then
      misuse.raise(("bad argument 'options' to 'map' (unknown option '%s')"):format(tostring(name)))
    end
  end
  return at_once, options and options.keep_going
end

--- See `lualogue.map`.
---@param list any[]
---@param fn fun(item: any, index: integer): any
---@param options? lualogue.MapOptions
---@return any[]? results
---@return any err
---@return integer? index
local function map(list, fn, options)
  local at_once, keep_going = check(list, fn, options)
  native.core()
  local results, failures, n, last = {}, {}, #list, 0

  local function begin_next(self)
    if last < n then
      last = last + 1
      self:begin(last, fn, list[last], last)
    end
  end

  local together = group.new(function(self, member, index)
    local failed, err = group.failure(member)
    if not failed then
      results[index] = member.values[1]
      if results[index] == nil then results[index] = false end -- no holes
    elseif keep_going then
      results[index], failures[index] = false, err == nil and "nil" or err
    else
      self.decided, self.key = member, index
    end
    if not self.decided then begin_next(self) end
  end)
  for _ = 1, math.min(at_once, n) do begin_next(together) end
  if not together:await() then return group.interrupted() end
  if together.decided then return together:report(together.key) end
  if keep_going then return results, failures end
  return results
end

return map
