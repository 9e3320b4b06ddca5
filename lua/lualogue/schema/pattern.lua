--- The patterns of a schema (regular expressions as JavaScript has them) in Lua's own: where
--- they can be said. Alternatives, and groups that may be there or not, become several patterns;
--- a group that repeats without end, an assertion, a back reference cannot be said.

local pattern = {}

local MAX_PATTERNS, MAX_OPTIONAL, MAX_BYTES = 64, 100, 4000
local MAX_COST = 1e8 -- of a match, in steps that backtracking may take
local START, END = "\1", "\2" -- "^" and "$", which mean something at the ends only

local CLASSES = { d = "0-9", w = "a-zA-Z0-9_", s = " \t\n\r\v\f" }
local CONTROLS = { n = "\n", r = "\r", t = "\t", f = "\f", v = "\v" }
local TAIL = "[\128-\191]*" -- the rest of a character

--- What cannot be said is raised, and caught by `compile`.
local function unable() error(pattern, 0) end

local function literal(c)
  return c:find("^[%w\128-\255]$") and c or "%" .. c
end

--- Every one of `left` followed by every one of `right`.
local function product(left, right)
  if #left * #right > MAX_PATTERNS then unable() end
  local out = {}
  for _, a in ipairs(left) do
    for _, b in ipairs(right) do
      if #a + #b > MAX_BYTES then unable() end
      out[#out + 1] = a .. b
    end
  end
  return out
end

local function union(left, right)
  if #left + #right > MAX_PATTERNS then unable() end
  for _, value in ipairs(right) do left[#left + 1] = value end
  return left
end

--- The character of an escape behind "\", and where it ends; for a class its letter and true.
local function escape(text, at)
  local c = text:sub(at, at)
  if CLASSES[c:lower()] and c ~= "" then return c, at + 1, true end
  if CONTROLS[c] then return CONTROLS[c], at + 1 end
  local hex = c == "x" and text:match("^x(%x%x)", at) or c == "u" and text:match("^u(%x%x%x%x)", at)
  if hex then
    local code = tonumber(hex, 16)
    if code > 127 or code < 3 then unable() end
    return string.char(code), at + 1 + #hex
  end
  if c == "" or c:find("^%w$") or c:byte() > 127 then unable() end
  return c, at + 1
end

--- The inside of a bracket, in Lua's spelling, whether it is negated, and where it ends.
local function bracket(text, at)
  local negated = text:sub(at, at) == "^"
  if negated then at = at + 1 end
  local out = {}
  while text:sub(at, at) ~= "]" do
    local c, class = text:sub(at, at), nil
    if c == "" then unable() end
    at = at + 1
    if c == "\\" then c, at, class = escape(text, at) end
    if class then
      if not CLASSES[c] then unable() end
      out[#out + 1] = CLASSES[c]
    elseif text:find("^%-[^%]]", at) then
      local last
      last, at = text:sub(at + 1, at + 1), at + 2
      if last == "\\" then
        last, at, class = escape(text, at)
        if class then unable() end
      end
      if c:byte() > last:byte() or last:byte() > 127 then unable() end
      for code = c:byte(), last:byte() do out[#out + 1] = literal(string.char(code)) end
    else
      if c:byte() > 127 then unable() end
      out[#out + 1] = literal(c)
    end
  end
  if #out == 0 then unable() end
  return table.concat(out), negated, at + 1
end

local alternation -- (text, at, inside) -> patterns, at

--- Something that is one character: `one` for once, `many` for a byte of it that may repeat.
local function single(inside, negated)
  if not negated then return { one = "[" .. inside .. "]", byte = "[" .. inside .. "]" } end
  return { one = "[^" .. inside .. "\128-\191]" .. TAIL, byte = "[^" .. inside .. "]", wide = true }
end

local function group(text, at)
  local named = text:match("^%?<[%a_][%w_]*>()", at)
  if named then
    at = named
  elseif text:sub(at, at) == "?" then
    if text:sub(at + 1, at + 1) ~= ":" then unable() end
    at = at + 2
  end
  local set
  set, at = alternation(text, at, true)
  return { set = set }, at
end

local function atom(text, at)
  local c = text:sub(at, at)
  at = at + 1
  if c == "(" then return group(text, at) end
  if c == "." then return single("\n\r", true), at end
  if c == "[" then
    local inside, negated
    inside, negated, at = bracket(text, at)
    return single(inside, negated), at
  end
  local class
  if c == "\\" then
    c, at, class = escape(text, at)
    if class then return single(CLASSES[c:lower()], c ~= c:lower()), at end
  elseif c:find("[*+?{]") then
    unable()
  elseif c:byte() > 127 then
    local rest = text:match("^[\128-\191]+", at) or ""
    return { set = { c .. rest } }, at + #rest
  end
  return { one = literal(c), byte = literal(c) }, at
end

--- How often, and where that ends: (least, most or nil, at).
local function quantifier(text, at)
  local c = text:sub(at, at)
  local least, most = 1, 1
  if c == "*" then least, most = 0, nil
  elseif c == "+" then most = nil
  elseif c == "?" then least = 0
  elseif c == "{" then
    local from, comma, upto, past = text:match("^{(%d+)(,?)(%d*)}()", at)
    if not from then unable() end
    least = tonumber(from)
    most = comma == "" and least or tonumber(upto)
    if least > MAX_BYTES or most and (most < least or most > MAX_BYTES) then unable() end
    return least, most, text:sub(past, past) == "?" and past + 1 or past
  else
    return 1, 1, at
  end
  at = at + 1
  return least, most, text:sub(at, at) == "?" and at + 1 or at -- lazy finds the same texts
end

--- The patterns of something that stands there `least` to `most` times.
local function repeated(item, least, most)
  if item.set and not most then unable() end
  local set, base = { "" }, item.set or { item.one }
  for _ = 1, least do set = product(set, base) end
  if not most then return product(set, { item.byte .. "*" }) end
  local optional = most - least
  if optional > MAX_OPTIONAL then unable() end
  if not item.set and not item.wide then
    return product(set, { (item.byte .. "?"):rep(optional) })
  end
  local all = set
  for _ = 1, optional do
    set = product(set, base)
    all = union({ (unpack or table.unpack)(all) }, set)
  end
  return all
end

local function sequence(text, at, inside)
  local set = { "" }
  while at <= #text do
    local c = text:sub(at, at)
    if c == "|" or (c == ")" and inside) then break end
    if c == ")" then unable() end
    if c == "^" or c == "$" then
      set, at = product(set, { c == "^" and START or END }), at + 1
    else
      local item, least, most
      item, at = atom(text, at)
      least, most, at = quantifier(text, at)
      set = product(set, repeated(item, least, most))
    end
  end
  return set, at
end

function alternation(text, at, inside)
  local all = {}
  while true do
    local set
    set, at = sequence(text, at, inside)
    all = union(all, set)
    local c = text:sub(at, at)
    if c ~= "|" then
      if inside and c ~= ")" then unable() end
      return all, inside and at + 1 or at
    end
    at = at + 1
  end
end

local function compile(text)
  if text:find("[%z\1\2]") then unable() end
  local list = alternation(text, 1, false)
  for i, one in ipairs(list) do
    local start = one:sub(1, 1) == START and "^" or ""
    local stop = one:sub(-1) == END and "$" or ""
    one = one:sub(#start + 1, -#stop - 1)
    if one:find("[\1\2]") then unable() end
    local _, stars = one:gsub("%*", "")
    list[i] = { text = start .. one .. stop, power = stars + (start == "" and 1 or 0) }
  end
  return list
end

--- Whether a text matches.
---@param text string
---@param expression string
---@return boolean? matches nil: Lua cannot tell
function pattern.matches(text, expression)
  local ok, list = pcall(compile, expression)
  if not ok then
    if list == pattern then return nil end
    error(list, 0)
  end
  local unknown
  for _, one in ipairs(list) do
    if (#text) ^ one.power > MAX_COST then
      unknown = true
    else
      local done, found = pcall(string.find, text, one.text)
      if done and found then return true end
      unknown = unknown or not done
    end
  end
  if unknown then return nil end
  return false
end

return pattern
