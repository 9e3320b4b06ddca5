--- Which of the recorded requests a request is equal to, and what differs in the nearest.

local json = require "lualogue.json"

local compare = {}

local ABSENT = {}

local function keys_of(a, b)
  local keys, known = {}, {}
  for _, value in ipairs { a, b } do
    for key in next, value do
      if not known[key] then
        known[key] = true
        keys[#keys + 1] = key
      end
    end
  end
  table.sort(keys, function(x, y)
    if type(x) == type(y) then return x < y end
    return type(x) == "number"
  end)
  return keys
end

--- How a value is shown in a message.
local function shown(value)
  if value == ABSENT then return "nothing" end
  if type(value) == "table" then return #value > 0 and "a list" or "an object" end
  local text = json.encode(value)
  if #text <= 60 then return text end
  return (text:sub(1, 56):gsub("[\128-\191]*[\192-\255]?[\128-\191]*$", "")) .. '…"'
end

local function walk(a, b, path, found)
  if a == b then return end
  if type(a) ~= "table" or type(b) ~= "table" or a == ABSENT or b == ABSENT then
    found.n = found.n + 1
    if not found.path then
      found.path, found.here, found.there = path, shown(a), shown(b)
    end
    return
  end
  for _, key in ipairs(keys_of(a, b)) do
    local inner
    if type(key) == "number" then
      inner = ("%s[%d]"):format(path, key)
    else
      inner = path == "" and key or path .. "." .. key
    end
    local left, right = a[key], b[key]
    walk(left == nil and ABSENT or left, right == nil and ABSENT or right, inner, found)
  end
end

--- What differs between two decoded bodies: how much, and the first of it.
---@param here any
---@param there any
---@return { n: integer, path: string?, here: string?, there: string? }
function compare.difference(here, there)
  local found = { n = 0 }
  walk(here == nil and ABSENT or here, there == nil and ABSENT or there, "", found)
  return found
end

--- Text that is equal for equal requests, whatever the order of their keys.
---@param request lualogue.cassette.Request
---@return string
function compare.canonical(request)
  local parts = { request.method, request.path, request.query and json.encode(request.query) or "" }
  for _, text in ipairs { request.base64 or "", request.text or "" } do parts[#parts + 1] = text end
  parts[#parts + 1] = request.body ~= nil and json.encode(request.body) or ""
  for i, part in ipairs(parts) do parts[i] = #part .. ":" .. part end
  return table.concat(parts)
end

--- Why none of the recorded requests is this one: the nearest, and what differs first in it.
---@param request lualogue.cassette.Request
---@param interactions lualogue.cassette.Interaction[]
---@return string
function compare.explain(request, interactions)
  local name, best, least = request.method .. " " .. request.path, nil, nil
  for i, interaction in ipairs(interactions) do
    local other = interaction.request
    if other.method == request.method and other.path == request.path then
      local found = compare.difference(request.body, other.body)
      if found.n == 0 then found = compare.difference(request, other) end
      if not least or found.n < least.n then best, least = i, found end
    end
  end
  if not best then
    local first = interactions[1]
    if not first then return "it is empty" end
    return ("it has no %s; its first request is %s %s"):format(
      name, first.request.method, first.request.path)
  end
  if least.n == 0 then return ("each answer to this %s was used"):format(name) end
  return ("no %s is equal; the nearest is number %d, where %s is %s and here %s"):format(
    name, best, least.path == "" and "the body" or least.path, least.there, least.here)
end

return compare
