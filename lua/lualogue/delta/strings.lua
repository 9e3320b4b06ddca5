--- The strings of a delta under names of a server's own. Most are pieces of one text; some are a
--- word that each chunk repeats (Groq's `channel`), or the whole text so far.
---
--- What each name of the API is, is known. Of any other, a name in `text` or `content` is a text.
--- The rest is told by its pieces: where each one so far begins with the whole of the one before
--- it (two, at least), the field restates itself, and the last one counts; the first that does not
--- makes it a text for good, of which nothing is lost. After some that did it stays so, whatever
--- comes.

local rope = require "lualogue.rope"

local strings = {}

local WORDS = {
  id = true, type = true, name = true, object = true, model = true, provider = true,
  channel = true, phase = true, status = true, format = true, recipient = true,
}
local TEXTS = { refusal = true, reasoning = true, thinking = true, transcript = true, text = true }

--- So many pieces that restate the field settle it.
local SETTLED = 4

---@class lualogue.delta.String
---@field last string the newest piece
---@field n integer how many came while it was open
---@field restates boolean the last one counts
---@field rope? lualogue.Rope all pieces, as long as the field can be a text

---@class lualogue.delta.Strings
---@field known table<string, lualogue.delta.String>
---@field texts table<string, lualogue.Rope> those that are texts for good, which a piece may go to
local methods = {}
local metatable = { __index = methods, __name = "lualogue.delta.strings" }

---@return lualogue.delta.Strings
function strings.new() return setmetatable({ known = {}, texts = {} }, metatable) end

local function new_string(name)
  if WORDS[name] then return { n = SETTLED, restates = true } end
  if TEXTS[name] or name:find "_text$" or name:find "content$" then
    return { n = SETTLED, restates = false, rope = rope.new() }
  end
  return { n = 0, restates = true, rope = rope.new() }
end

--- Take a piece that is not empty into account.
---@param name string
---@param piece string
function methods:add(name, piece)
  local s = self.known[name]
  if not s then
    s = new_string(name)
    self.known[name] = s
  end
  if s.n < SETTLED then
    s.n = s.n + 1
    if s.last and piece:sub(1, #s.last) ~= s.last then
      s.n, s.restates = SETTLED, false
    elseif s.n == SETTLED then
      s.rope = nil
    end
  end
  s.last = piece
  if s.rope then s.rope:add(piece) end
  if not s.restates then self.texts[name] = s.rope end
end

--- Put what the strings are by now into a table.
---@param into table
function methods:fill(into)
  for name, s in pairs(self.known) do
    into[name] = s.restates and s.last or s.rope:text()
  end
end

return strings
