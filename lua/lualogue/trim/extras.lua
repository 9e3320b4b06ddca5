--- What goes out besides the list itself: turns that were pinned, and notes at a depth of their
--- own.

local shape = require "lualogue.trim.shape"

local extras = {}

--- A note that goes out with each request.
---@class lualogue.Injection
---@field message lualogue.Message
---@field depth integer counted from the end: 0 is behind the last message

--- The turns that hold pinned messages, as ranges of the list, the newest turn left out, since it
--- is sent anyway.
---@param messages lualogue.Message[]
---@param places integer[]
---@return { first: integer, last: integer }[] turns in their order
function extras.pinned_turns(messages, places)
  local n_prefix = shape.prefix(messages)
  local turns, seen, sorted = {}, {}, {}
  for i, at in ipairs(places) do sorted[i] = at end
  table.sort(sorted)
  for _, at in ipairs(sorted) do
    if at > n_prefix and messages[at] then
      local first = shape.first_of(messages, at, n_prefix)
      local last = shape.last_of(messages, at, n_prefix)
      if not seen[first] and last < #messages then
        seen[first] = true
        turns[#turns + 1] = { first = first, last = last }
      end
    end
  end
  return turns
end

--- Put turns that are not in the list behind its prefix.
---@param list lualogue.Message[]
---@param messages lualogue.Message[] where the turns are from
---@param turns { first: integer, last: integer }[]
---@return lualogue.Message[] list a new one
function extras.with_turns(list, messages, turns)
  local n_prefix, result = shape.prefix(list), {}
  for i = 1, n_prefix do result[i] = list[i] end
  for _, turn in ipairs(turns) do
    for i = turn.first, turn.last do result[#result + 1] = messages[i] end
  end
  for i = n_prefix + 1, #list do result[#result + 1] = list[i] end
  return result
end

--- Behind which message a note of this depth stands: in no unit, and not in the prefix.
local function place(list, depth, n_prefix, live)
  local at = math.max(#list - depth, n_prefix)
  local i = n_prefix + 1
  while i <= at do
    local last = shape.unit_end(list, i)
    local open = live and last == #list and shape.calls(list[i])
      and last - i < #list[i].tool_calls
    if last > at or open then return i - 1 end
    i = last + 1
  end
  return at
end

--- A new list with the notes in their places.
---@param list lualogue.Message[]
---@param injections lualogue.Injection[]
---@param head? table<lualogue.Message, boolean>
---@param live? boolean calls at the end still run
---@return lualogue.Message[]
function extras.inject(list, injections, head, live)
  local n_prefix = shape.prefix(list, head)
  local behind = {}
  for _, injection in ipairs(injections) do
    local at = place(list, injection.depth, n_prefix, live)
    behind[at] = behind[at] or {}
    table.insert(behind[at], injection.message)
  end
  local result = {}
  for i = 0, #list do
    if i > 0 then result[#result + 1] = list[i] end
    for _, message in ipairs(behind[i] or {}) do result[#result + 1] = message end
  end
  return result
end

return extras
