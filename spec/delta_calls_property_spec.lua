-- Random tool calls, cut at random places and sent in each of the ways that servers have: what
-- comes out is what was meant.
local delta = require "lualogue.delta"

local seed
local function random(n) -- the same on every Lua
  seed = seed * 16807 % 2147483647
  return seed % n + 1
end

local NAMES = { "f", "get_weather", "search" }
local ARGUMENTS = {
  "{}", '{"x":1}', '{"a":{"b":1},"c":"}{\\"]"}', '{"s":"\\\\"}', '[1,{"y":[]}]', ' {"q":"a b"}\n', '{"u":"\\u007d\\ud83d"}',
}

local function random_calls()
  local calls = {}
  for i = 1, random(4) do calls[i] = { id = "c" .. i, name = NAMES[random(#NAMES)], arguments = ARGUMENTS[random(#ARGUMENTS)] } end
  return calls
end

local function cut(text)
  local pieces, at = {}, 1
  while at <= #text do
    local n = random(random(9))
    pieces[#pieces + 1] = text:sub(at, at + n - 1)
    at = at + n
  end
  return pieces
end

local function piece(index, id, name, arguments)
  return { index = index, id = id, ["function"] = { name = name, arguments = arguments } }
end

--- One call after the other: how its first piece looks, how the others do.
local function in_order(first, other)
  return function(calls)
    local out = {}
    for i, call in ipairs(calls) do
      local pieces = first == false and { call.arguments } or cut(call.arguments)
      for k, arguments in ipairs(pieces) do
        out[#out + 1] = (k == 1 and first or other)(i, call, arguments)
        if k == 1 and first and out[#out][1] then
          local two = table.remove(out)
          out[#out + 1], out[#out + 2] = two[1], two[2]
        end
      end
    end
    return out
  end
end

--- All calls begun, then a piece of each in turn.
local function interleaved(begin, other)
  return function(calls)
    local out, queues, more = {}, {}, true
    for i, call in ipairs(calls) do
      out[#out + 1] = begin(i, call)
      queues[i] = cut(call.arguments)
    end
    while more do
      more = false
      for i, call in ipairs(calls) do
        local arguments = table.remove(queues[i], 1)
        if arguments then
          out[#out + 1] = other(i, call, arguments)
          more = true
        end
      end
    end
    return out
  end
end

-- Each takes the calls and gives the pieces. The last in a way: ids are not sent.
local WAYS = {
  ["as the API does"] = { in_order(
    function(i, call, a) return { piece(i - 1, call.id, call.name, ""), piece(i - 1, nil, nil, a) } end,
    function(i, _, a) return piece(i - 1, nil, nil, a) end) },
  ["with id and name in each piece"] = { in_order(
    function(i, call, a) return piece(i - 1, call.id, call.name, a) end, function(i, call, a) return piece(i - 1, call.id, call.name, a) end) },
  ["with an id made anew for each piece"] = { in_order(
    function(i, call, a) return piece(i - 1, call.id, call.name, a) end,
    function(i, call, a) return piece(i - 1, call.id .. "/" .. random(1e6), call.name, a) end) },
  ["with the word null for no id"] = { in_order(
    function(i, call, a) return piece(i - 1, call.id, call.name, a) end, function(i, _, a) return piece(i - 1, "null", "", a) end) },
  ["without indexes"] = { in_order(
    function(_, call, a) return { piece(nil, call.id, call.name, ""), piece(nil, nil, nil, a) } end,
    function(_, _, a) return piece(nil, nil, nil, a) end) },
  ["whole, under one index"] = { in_order(false, function(_, call, a) return piece(0, call.id, call.name, a) end) },
  ["whole, without index and id"] = { in_order(false, function(_, call, a) return piece(nil, "", call.name, a) end), no_ids = true },
  ["whole, under one index, without id"] = { in_order(false, function(_, call, a) return piece(0, nil, call.name, a) end), no_ids = true },
  ["in turn, by their indexes"] = { interleaved(
    function(i, call) return piece(i - 1, call.id, call.name, "") end, function(i, _, a) return piece(i - 1, nil, nil, a) end) },
  ["in turn, by their ids under one index"] = { interleaved(
    function(_, call) return piece(0, call.id, call.name, "") end, function(_, call, a) return piece(0, call.id, nil, a) end) },
  ["in turn, by their ids without an index"] = { interleaved(
    function(_, call) return piece(nil, call.id, call.name, "") end, function(_, call, a) return piece(nil, call.id, nil, a) end) },
}

describe("random tool calls sent", function()
  for name, way in pairs(WAYS) do
    it(name .. " are what was meant", function()
      seed = 4711
      for round = 1, 300 do
        local calls, fold = random_calls(), delta.new()
        for _, p in ipairs(way[1](calls)) do fold:add { choices = { { index = 0, delta = { tool_calls = { p } } } } } end
        local want = {}
        for i, call in ipairs(calls) do
          want[i] = { id = not way.no_ids and call.id or nil, type = "function", ["function"] = { name = call.name, arguments = call.arguments } }
        end
        assert.same(want, fold:message(0).tool_calls, "round " .. round)
      end
    end)
  end
end)
