--- A small, bounded memory of counts, keyed by the text itself.
---
--- Two generations: what is found is moved to the young one; when that is full it becomes the
--- old one, and what was old is forgotten. Both together hold at most 4096 texts and 2 MiB of
--- them, by reference: a text that is alive elsewhere (in a dialogue's history) costs nothing.

local MAX_TEXTS = 2048 -- in one generation
local MAX_BYTES = 1024 * 1024
local MIN_BYTES = 48 -- a shorter text is counted as fast as it is looked up

---@class lualogue.tokens.Cache
---@field private young table<string, integer>
---@field private old table<string, integer>
---@field private n_texts integer in the young generation
---@field private n_bytes integer
local Cache = {}
Cache.__index = Cache

---@return lualogue.tokens.Cache
local function new()
  return setmetatable({ young = {}, old = {}, n_texts = 0, n_bytes = 0 }, Cache)
end

--- The tokens of a text, from memory or from the encoding.
---@param encoding lualogue.Encoding
---@param text string
---@return integer|nil n
---@return lualogue.Error|nil err
function Cache:count(encoding, text)
  local n_bytes = #text
  if n_bytes < MIN_BYTES or n_bytes > MAX_BYTES then return encoding:count(text) end
  local n = self.young[text]
  if n then return n end
  local err
  n = self.old[text]
  if not n then
    n, err = encoding:count(text)
    if not n then return nil, err end
  end
  if self.n_texts >= MAX_TEXTS or self.n_bytes + n_bytes > MAX_BYTES then
    self.old, self.young = self.young, {}
    self.n_texts, self.n_bytes = 0, 0
  end
  self.young[text] = n
  self.n_texts = self.n_texts + 1
  self.n_bytes = self.n_bytes + n_bytes
  return n
end

return { new = new }
