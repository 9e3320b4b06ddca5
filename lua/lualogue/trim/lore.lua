--- Lore: entries of a book that come along when the talk comes to them.

local notes = require "lualogue.trim.notes"
local policy = require "lualogue.trim.policy"

local lore = {}

--- One entry of a lore book.
---@class lualogue.LoreEntry
---@field text string what comes along
---@field keys? string[] words or phrases that call it, whatever their case
---@field constant? boolean it always comes along
---@field id? any for the caller, who finds the entry in `info.matched` and `info.skipped`

local MAX_ENTRIES = 16 -- in one request
local WORD = "[%w\128-\255]"

--- Whether a text has a key in it, as words of their own. Both in lower case.
local function has(text, key)
  local from = 1
  while true do
    local first, last = text:find(key, from, true)
    if not first then return false end
    local before = first > 1 and text:find("^" .. WORD, first - 1) and key:find("^" .. WORD)
    local after = text:find("^" .. WORD, last + 1) and key:find(WORD .. "$")
    if not before and not after then return true end
    from = first + 1
  end
end

local function is_called(entry, text)
  if entry.constant then return true end
  for _, key in ipairs(entry.keys or {}) do
    if key ~= "" and has(text, key:lower()) then return true end
  end
  return false
end

--- What was said in the last messages up to the newest of the user's, in lower case.
local function scanned(messages, last, n)
  local texts = {}
  for i = last, 1, -1 do
    local role = messages[i].role
    if role == "user" or role == "assistant" then
      if n == 0 then break end
      texts[#texts + 1], n = notes.text(messages[i]):lower(), n - 1
    end
  end
  return table.concat(texts, "\n")
end

local function run(self, messages, ctx)
  local at = notes.place(messages)
  if not at then return messages, {} end
  local text, called = scanned(messages, at, self.scan), {}
  for _, wanted in ipairs { true, false } do -- what is constant comes first
    for _, entry in ipairs(self.entries) do
      if (entry.constant == true) == wanted and is_called(entry, text) then
        called[#called + 1] = entry
      end
    end
  end
  local chosen, skipped = notes.choose(called, notes.room(self.budget, ctx), ctx, self.k)
  if not chosen[1] then return messages, { skipped = skipped } end
  local texts = {}
  for i, entry in ipairs(chosen) do texts[i] = entry.text end
  local list, noted = notes.before(messages, at, notes.block(self.title, texts))
  return list, { matched = chosen, skipped = skipped, noted = noted }
end

--- See `lualogue.trim.lore`.
---@param entries lualogue.LoreEntry[]
---@param scan integer
---@param room number?
---@return lualogue.Policy
function lore.policy(entries, scan, room)
  return policy.new {
    kind = "lore", is_note = true, title = "Background", k = MAX_ENTRIES, entries = entries,
    scan = scan, budget = room, run = run,
  }
end

return lore
