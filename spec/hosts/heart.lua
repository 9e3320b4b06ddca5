--- A heartbeat of a host: the host beats every few milliseconds, and the longest pauses tell who
--- held it up.

local heart = {}
heart.__index = heart

--- @param now fun(): number  seconds, on a clock that never goes back
function heart.new(now)
  local self = setmetatable({ now = now }, heart)
  self:reset()
  return self
end

function heart:beat()
  local at, cpu = self.now(), os.clock()
  self.gaps[#self.gaps + 1] = at - self.last
  self.most_cpu = math.max(self.most_cpu, cpu - self.last_cpu)
  self.last, self.last_cpu = at, cpu
end

--- Begin anew.
function heart:reset()
  self.gaps, self.last, self.last_cpu, self.most_cpu = {}, self.now(), os.clock(), 0
end

--- How often it beat, and its pauses in milliseconds: the 99th percentile, the longest, and the most
--- of the processor's time that the process took in one. The rest of a pause was another's.
function heart:report()
  self:beat()
  local gaps = self.gaps
  table.sort(gaps)
  local n = #gaps
  return n, gaps[math.max(1, math.ceil(n * 0.99))] * 1000, gaps[n] * 1000, self.most_cpu * 1000
end

return heart
