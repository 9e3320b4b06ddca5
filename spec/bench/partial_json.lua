--- What it costs to read JSON while it comes: 1 MB of several shapes, byte by byte, by pieces of a
--- token's length, and at once. CPU of this process, the best of three. Ends with 1 where a byte at
--- a time takes more than a second on Lua 5.4.
---
---     lua5.4 spec/bench/partial_json.lua            (with the paths of `make env`)

local partial_json = require "lualogue.partial_json"

local MB, LIMIT = 2 ^ 20, 1

local function filled(piece, first, last)
  return first .. piece:rep(math.floor((MB - #first - #last) / #piece)) .. last
end

local SHAPES = {
  { "objects", filled('{"id":1,"name":"entry \\u00e9","tags":["a","b",true],"n":0.5},', "[", "1]") },
  { "one text", filled("word ", '{"text":"', '"}') },
  { "small lists", filled("[],", "[", "1]") },
  { "numbers", filled("1,", "[", "1]") },
  { "deep", ("["):rep(500) .. filled("1,", "[", "1]") .. ("]"):rep(500) },
}

local function cost(text, size)
  local best = math.huge
  for _ = 1, 3 do
    collectgarbage()
    local before = os.clock()
    local reader = partial_json.new(false)
    for at = 1, #text, size do reader:feed(text:sub(at, at + size - 1)) end
    best = math.min(best, os.clock() - before)
    assert(reader.state == "complete", reader.fault)
  end
  return best
end

local over = false
for _, shape in ipairs(SHAPES) do
  local name, text = shape[1], shape[2]
  local byte = cost(text, 1)
  over = over or byte > LIMIT
  print(("%-12s 1 MB: %.2f s byte by byte, %.2f s by 5, %.2f s at once  %s"):format(
    name, byte, cost(text, 5), cost(text, #text), byte > LIMIT and "OVER" or "OK"))
end
if over and _VERSION == "Lua 5.4" then os.exit(1) end
