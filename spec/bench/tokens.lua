--- tokens.lua: our side of tokens.mjs, which says on each line what to do and holds the clock.
---   load FILE | count TIMES | encode TIMES | first | memory
--- The answer is one line.

local clock = os.clock

-- kB that this process alone holds: what it wrote to, not the files that it maps.
local function private_kb()
  collectgarbage()
  collectgarbage()
  local n = 0
  for line in io.lines("/proc/self/smaps_rollup") do
    local kb = line:match("^Anonymous:%s+(%d+)")
    n = n + (tonumber(kb) or 0)
  end
  return n
end

local before_kb = private_kb()
local start = clock()
local tokens = require "lualogue.tokens"
local first_count = tokens.encoding("o200k_base"):count("Hello, world!")
local first_ms = (clock() - start) * 1000
assert(first_count == 4)

local encoding = tokens.encoding("o200k_base")
local text = ""
local commands = {}

function commands.load(path)
  local file = assert(io.open(path, "rb"))
  text = file:read("*a")
  file:close()
  return #text
end

function commands.count(times)
  local n
  for _ = 1, tonumber(times) do n = encoding:count(text) end
  return n
end

function commands.encode(times)
  local ids
  for _ = 1, tonumber(times) do ids = encoding:encode(text) end
  return #ids
end

-- CPU milliseconds from before `require` to the first count.
function commands.first()
  return ("%.3f"):format(first_ms)
end

-- kB that this process alone has come to hold since before `require`; the text not counted.
function commands.memory()
  text = ""
  return private_kb() - before_kb
end

io.stdout:setvbuf("line")
for line in io.lines() do
  local name, argument = line:match("^(%S+)%s*(.*)$")
  print(commands[name](argument))
end
