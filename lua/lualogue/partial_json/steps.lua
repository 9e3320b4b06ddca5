--- The steps of reading a JSON text that comes in pieces. Each reads on from a byte of a piece and
--- returns where it stopped, and leaves in `self.step` who reads on from there.

local FIRST = require("lualogue.partial_json.number").FIRST

local read_text = require("lualogue.partial_json.text").read
local byte, find, sub = string.byte, string.find, string.sub

local steps = {}

local MAX_DEPTH = 512 -- as in the core

-- ------------------------------------------------------------------ values and where they go

local WORDS = { [116] = "true", [102] = "false", [110] = "null" } -- by their first byte
local LITERALS = { ["true"] = true, ["false"] = false }
local BLANK = { [32] = true, [9] = true, [10] = true, [13] = true }
-- What may stand behind a number.
local IN_LIST = { [44] = true, [93] = true }
local IN_OBJECT = { [44] = true, [125] = true }

--- The value of a literal; null in an object is nothing.
local function literal(self, word)
  if word ~= "null" then return LITERALS[word] end
  if self.top and not self.count then return nil end
  if self.null == nil then self.null = require("lualogue.native").core().json.null end
  return self.null
end

--- Put a value where the text is, without going on.
local function put(self, value)
  local top = self.top
  if not top then
    self.root = value
  elseif self.count then
    top[self.count + 1] = value
  else
    top[self.key] = value
  end
end

-- The steps: each reads on from a byte of a piece, and returns where it stopped.
local after_value, after_key, in_text, in_number, in_word, any_value, first_item, first_key

--- A value is whole: put it there and go on behind it.
local function finish(self, value)
  local top, count = self.top, self.count
  if not top then
    self.root, self.state = value, "complete"
  elseif count then
    top[count + 1], self.count = value, count + 1
  else
    top[self.key] = value
  end
  self.inside, self.step = nil, after_value
end

local function nothing_more(_, piece) return #piece + 1 end

local function break_at(self, at, why)
  self.state, self.step = "broken", nothing_more
  self.fault = ("byte %d: %s"):format(self.read + at, why)
  return nil
end

--- The first byte from `at` on that is no blank, and where; nil where the piece ends before.
local function token(piece, at)
  local c = byte(piece, at)
  if not BLANK[c] then return c, at end
  at = find(piece, "[^ \t\n\r]", at + 1)
  if at then return byte(piece, at), at end
end

-- ------------------------------------------------------------------ what has no parts

local function end_of_text(self, text)
  if self.inside == "key" then
    self.key, self.inside, self.step = text, nil, after_key
  else
    finish(self, text)
  end
end

function in_text(self, piece, at)
  local past, text, where = read_text(self.text, piece, at)
  if not past then return break_at(self, where, text) end
  if text then end_of_text(self, text) end
  return past
end

--- A text begins: it is there whole, or it is read as it comes.
local function open_text(self, piece, at, what)
  self.inside = what
  if at < #piece then
    local stop = find(piece, '["\\%z]', at + 1)
    if stop and byte(piece, stop) == 34 then
      end_of_text(self, sub(piece, at + 1, stop - 1))
      return stop + 1
    end
  end
  self.text:open()
  self.step = in_text
  return at + 1
end

function in_number(self, piece, at)
  local past, number, where = self.number:read(piece, at)
  if not self.top then self.state = self.number:value() and "complete" or "growing" end
  if not past then return break_at(self, where, number) end
  if number then
    -- What breaks the text behind a number leaves it as it was: without the number.
    local c = byte(piece, past)
    local may_follow = BLANK[c] or self.top and (self.count and IN_LIST or IN_OBJECT)[c]
    if not may_follow then return after_value(self, piece, past) end
    finish(self, number)
  end
  return past
end

function in_word(self, piece, at)
  local word, n = self.word, self.matched
  while n < #word and at <= #piece do
    if byte(piece, at) ~= byte(word, n + 1) then
      return break_at(self, at, ("'%s' expected"):format(word))
    end
    at, n = at + 1, n + 1
  end
  self.matched = n
  if n == #word then finish(self, literal(self, word)) end
  return at
end

-- ------------------------------------------------------------------ structure

local function open(self, at, count)
  local depth = self.depth + 1
  if depth > MAX_DEPTH then
    return break_at(self, at, ("more than %d levels"):format(MAX_DEPTH))
  end
  local new, top = {}, self.top
  put(self, new)
  self.tops[depth], self.counts[depth], self.keys[depth] = top, self.count, self.key
  self.depth, self.top, self.count = depth, new, count
  self.step = count and first_item or first_key
  return at + 1
end

local function close(self, at)
  local depth = self.depth
  local top, count = self.tops[depth], self.counts[depth]
  self.depth, self.top, self.count, self.key = depth - 1, top, count and count + 1, self.keys[depth]
  if not top then self.state = "complete" end
  self.step = after_value
  return at + 1
end

--- The value that begins with the byte c.
local function value_at(self, piece, at, c, why)
  if c == 34 then return open_text(self, piece, at, "text") end
  if c == 123 then return open(self, at) end
  if c == 91 then return open(self, at, 0) end
  if FIRST[c] then
    self.number:open(piece, at)
    self.inside, self.step = "number", in_number
    if not self.top and c ~= 45 then self.state = "complete" end
    return at + 1
  end
  local word = WORDS[c]
  if not word then return break_at(self, at, why or "a value expected") end
  self.inside, self.word, self.matched, self.step = "word", word, 0, in_word
  return in_word(self, piece, at)
end

function any_value(self, piece, at)
  local c, here = byte(piece, at), at
  if BLANK[c] then c, here = token(piece, at) end
  if not c then return #piece + 1 end
  return value_at(self, piece, here, c)
end

function first_item(self, piece, at)
  local c, here = token(piece, at)
  if not c then return #piece + 1 end
  if c == 93 then return close(self, here) end
  return value_at(self, piece, here, c, "a value or ']' expected")
end

local function next_key(self, piece, at)
  local c, here = token(piece, at)
  if not c then return #piece + 1 end
  if c ~= 34 then return break_at(self, here, "a key expected") end
  return open_text(self, piece, here, "key")
end

function first_key(self, piece, at)
  local c, here = token(piece, at)
  if c == 125 then return close(self, here) end
  return next_key(self, piece, here or at)
end

function after_key(self, piece, at)
  local c, here = token(piece, at)
  if not c then return #piece + 1 end
  if c ~= 58 then return break_at(self, here, "':' expected") end
  self.step = any_value
  return here + 1
end

function after_value(self, piece, at)
  local c, here = byte(piece, at), at
  if BLANK[c] then c, here = token(piece, at) end
  if not c then return #piece + 1 end
  if not self.top then return break_at(self, here, "nothing more expected") end
  if c == 44 then
    self.step = self.count and any_value or next_key
    return here + 1
  end
  if c == (self.count and 93 or 125) then return close(self, here) end
  return break_at(self, here, self.count and "',' or ']' expected" or "',' or '}' expected")
end

--- What a text begins with.
steps.start = any_value

--- Put what is open and has no parts where it belongs, as far as it can be shown.
---@param self lualogue.PartialJson
function steps.show(self)
  local inside = self.inside
  if inside == "text" then
    put(self, self.text:shown())
  elseif inside == "word" then
    put(self, literal(self, self.word))
  elseif inside == "number" and not self.top then
    self.root = self.number:value()
  end
end

return steps
