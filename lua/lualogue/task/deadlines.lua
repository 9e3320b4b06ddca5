--- Who waits until when: a binary heap, the earliest first. A waiter knows its place, so that it
--- can leave from anywhere.

local deadlines = {}

local floor = math.floor

local function put(heap, place, waiter)
  heap[place] = waiter
  waiter.place = place
end

local function rise(heap, place, waiter)
  while place > 1 do
    local above = floor(place / 2)
    if heap[above].at <= waiter.at then break end
    put(heap, place, heap[above])
    place = above
  end
  put(heap, place, waiter)
end

local function sink(heap, place, waiter, n)
  while 2 * place <= n do
    local below = 2 * place
    if below < n and heap[below + 1].at < heap[below].at then below = below + 1 end
    if waiter.at <= heap[below].at then break end
    put(heap, place, heap[below])
    place = below
  end
  put(heap, place, waiter)
end

--- Let a waiter, who is not in it, wait until `at`.
---@param heap table
---@param waiter table its fields `at` and `place` are ours
---@param at number
function deadlines.add(heap, waiter, at)
  waiter.at = at
  rise(heap, #heap + 1, waiter)
end

--- Take a waiter out, if it is in.
---@param heap table
---@param waiter table
function deadlines.remove(heap, waiter)
  local place, n = waiter.place, #heap
  if not place then return end
  waiter.place = nil
  local last = heap[n]
  heap[n] = nil
  if last == waiter then return end
  if last.at < waiter.at then rise(heap, place, last) else sink(heap, place, last, n - 1) end
end

return deadlines
