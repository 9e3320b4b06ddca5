--- A text of JSON that comes in pieces: what stands between its quotes.

local rope = require "lualogue.rope"

local byte, char, find, sub = string.byte, string.char, string.find, string.sub
local concat, floor = table.concat, math.floor

local text = {}

--- One of them serves all texts of a document, one after the other.
---@class lualogue.partial_json.Text
---@field private pieces string[] the last ones
---@field private n integer how many
---@field private rope? lualogue.Rope what came before them
---@field private escape? string what came of an escape behind its backslash
---@field private high? integer half of a surrogate pair that waits for the other
local methods = {}
local metatable = { __index = methods, __name = "lualogue.partial_json.text" }

local FAN = 64
local LOST = "\239\191\189" -- U+FFFD, for half of a pair
local ESCAPES = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/",
  b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

---@return lualogue.partial_json.Text
function text.new() return setmetatable({ pieces = {}, n = 0 }, metatable) end

--- Begin with another text.
function methods:open() self.n, self.rope = 0, nil end

local function add(self, piece)
  if self.high then -- whatever comes now, the other half does not
    self.high = nil
    add(self, LOST)
  end
  local n = self.n + 1
  self.pieces[n] = piece
  if n < FAN then
    self.n = n
    return
  end
  self.n, self.rope = 0, self.rope or rope.new()
  self.rope:add(concat(self.pieces, "", 1, n))
end

local function so_far(self)
  local last = concat(self.pieces, "", 1, self.n)
  if not self.rope then return last end
  self.rope:add(last)
  self.n = 0
  return self.rope:text()
end

local function utf8_char(code)
  if code < 0x80 then return char(code) end
  if code < 0x800 then return char(0xC0 + floor(code / 64), 0x80 + code % 64) end
  local tail, last = 0x80 + floor(code / 64) % 64, 0x80 + code % 64
  if code < 0x10000 then return char(0xE0 + floor(code / 4096), tail, last) end
  return char(0xF0 + floor(code / 262144), 0x80 + floor(code / 4096) % 64, tail, last)
end

local function add_code(self, code)
  local high = self.high
  if code >= 0xDC00 and code < 0xE000 then
    self.high = nil
    add(self, high and utf8_char((high - 0xD800) * 1024 + code - 0xDC00 + 0x10000) or LOST)
  elseif code >= 0xD800 and code < 0xDC00 then
    if high then add(self, "") end
    self.high = code
  else
    add(self, utf8_char(code))
  end
end

--- One more byte of an escape; returns what is wrong with it.
local function take_escape(self, c)
  local escape = self.escape
  if escape == "" then
    if c == "u" then
      self.escape = "u"
      return
    elseif not ESCAPES[c] then
      return "no such escape"
    end
    add(self, ESCAPES[c])
  elseif not find(c, "%x") then
    return "four hexadecimal digits expected"
  elseif #escape < 4 then
    self.escape = escape .. c
    return
  else
    add_code(self, tonumber(sub(escape, 2) .. c, 16))
  end
  self.escape = nil
end

--- Read on from a byte of a piece. A function, since it is what nearly every byte costs.
---@param self lualogue.partial_json.Text
---@param piece string
---@param at integer
---@return integer? at behind what was read; nil: it is broken
---@return string? whole once the closing quote came; or why and where it is broken
---@return integer? where
function text.read(self, piece, at)
  local n = #piece
  if at == n and self.n < FAN - 1 and not self.escape and not self.high then
    local c = byte(piece, at) -- the last byte, mostly the only one: the quick way
    if c ~= 34 and c ~= 92 and c ~= 0 then
      local k = self.n + 1
      self.pieces[k], self.n = n == 1 and piece or char(c), k
      return at + 1
    end
  end
  while at <= n do
    local c = byte(piece, at)
    if self.escape then
      local why = take_escape(self, char(c))
      if why then return nil, why, at end
    elseif c == 34 then
      if self.high then add(self, "") end
      return at + 1, so_far(self)
    elseif c == 92 then
      self.escape = ""
    elseif c == 0 then
      return nil, "a NUL", at
    else
      local stop = (find(piece, '["\\%z]', at + 1) or n + 1) - 1
      add(self, sub(piece, at, stop))
      at = stop
    end
    at = at + 1
  end
  return at
end

--- As far as it can be shown: less an escape or a character that is cut.
---@return string
function methods:shown()
  local all = so_far(self)
  local lead, tail = sub(all, -4):match "([\194-\244])([\128-\191]*)$"
  if not lead then return all end
  local first = byte(lead)
  local whole = first >= 0xF0 and 3 or first >= 0xE0 and 2 or 1
  return #tail < whole and sub(all, 1, -#tail - 2) or all
end

return text
