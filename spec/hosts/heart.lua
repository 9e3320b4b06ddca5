--- A heartbeat of a host: the host beats every few milliseconds, and the longest pauses tell who
--- held it up.

local heart = {}
heart.__index = heart

--- @param now fun(): number  seconds, on a clock that never goes back
function heart.new(now) return setmetatable({ now = now, gaps = {}, last = now() }, heart) end

function heart:beat()
  local at = self.now()
  self.gaps[#self.gaps + 1] = at - self.last
  self.last = at
end

--- Begin anew.
function heart:reset()
  self.gaps, self.last = {}, self.now()
end

--- How often it beat, and its pauses in milliseconds: the 99th percentile and the longest.
function heart:report()
  self:beat()
  local gaps = self.gaps
  table.sort(gaps)
  local n = #gaps
  return n, gaps[math.max(1, math.ceil(n * 0.99))] * 1000, gaps[n] * 1000
end

return heart
