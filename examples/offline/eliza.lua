--- A classic rule-based ELIZA, after Weizenbaum's description of 1966: keywords with ranks,
-- decomposition rules, reassembly rules, pronoun reflection, and a memory of what was said
-- about "my ..." that is brought up again when nothing else is to be said.
--
-- It has no state between calls: an answer is a function of the conversation so far, so that
-- the same conversation always gets the same answer.
--
--     local eliza = require "eliza"
--     print(eliza.answer({ "I am sad about my dog" }))

local script = require "script"

local eliza = {}

--- One word as it was typed, and as the rules see it.
---@class offline.Word
---@field typed string
---@field plain string

---@param list string[]
---@return table<string, true>
local function set_of(list)
  local set = {}
  for _, value in ipairs(list) do
    set[value] = true
  end
  return set
end

local synonyms = {}
for group, words in pairs(script.synonyms) do
  synonyms[group] = set_of(words)
end
local takes_object = set_of(script.takes_object)

-- ------------------------------------------------------------------ reading

--- Split a text into clauses, and those into words.
---@param text string
---@return offline.Word[][] clauses
local function read(text)
  local clauses, words = {}, {}
  local function finish_clause()
    if #words > 0 then
      clauses[#clauses + 1] = words
      words = {}
    end
  end
  text = text:gsub("\226\128\153", "'")
  for typed, mark in text:gmatch("([%w'\128-\255]*)([^%w'\128-\255]*)") do
    local plain = typed:lower()
    if script.clause_breaks[plain] then
      finish_clause()
    elseif typed ~= "" then
      if #words == 0 and typed:find("^%u%l*$") then
        typed = plain
      end
      for replacement in (script.before[plain] or typed):gmatch("%S+") do
        words[#words + 1] = { typed = replacement, plain = replacement:lower() }
      end
    end
    if mark:find("[.,;:!?\n]") then
      finish_clause()
    end
  end
  finish_clause()
  return clauses
end

-- ------------------------------------------------------------------ decomposition

local match_from

--- `*` takes any number of words, as few as will do.
local function match_any(pattern, at, words, from, parts)
  for last = from - 1, #words do
    parts[#parts + 1] = { from = from, last = last }
    if match_from(pattern, at + 1, words, last + 1, parts) then
      return true
    end
    parts[#parts] = nil
  end
  return false
end

function match_from(pattern, at, words, from, parts)
  local wanted = pattern[at]
  if not wanted then
    return from > #words
  elseif wanted == "*" then
    return match_any(pattern, at, words, from, parts)
  end
  local word = words[from]
  if not word then
    return false
  end
  local group = wanted:match("^@(.+)")
  if group and synonyms[group][word.plain] then
    parts[#parts + 1] = { from = from, last = from }
    if match_from(pattern, at + 1, words, from + 1, parts) then
      return true
    end
    parts[#parts] = nil
    return false
  end
  return wanted == word.plain and match_from(pattern, at + 1, words, from + 1, parts)
end

local compiled = {}

--- Match a decomposition rule: `*` and `@group` give numbered parts, words stand for themselves.
---@param rule string
---@param words offline.Word[]
---@return { from: integer, last: integer }[]? parts
local function decompose(rule, words)
  local pattern = compiled[rule]
  if not pattern then
    pattern = {}
    for item in rule:gmatch("%S+") do
      pattern[#pattern + 1] = item
    end
    compiled[rule] = pattern
  end
  local parts = {}
  return match_from(pattern, 1, words, 1, parts) and parts or nil
end

-- ------------------------------------------------------------------ reassembly

--- Turn "I" into "you" and the like over a run of words.
---@param words offline.Word[]
---@param part { from: integer, last: integer }
---@return string
local function reflect(words, part)
  local out = {}
  for i = part.from, part.last do
    local plain = words[i].plain
    local turned = script.reflections[plain] or words[i].typed
    if plain == "you" then
      local before = i > part.from and words[i - 1].plain
      turned = (i == part.last or before and takes_object[before]) and "me" or "I"
    end
    out[#out + 1] = turned
  end
  return table.concat(out, " ")
end

--- Fill the numbered parts in, and make it a sentence.
local function reassemble(form, words, parts)
  local text = form:gsub("%((%d)%)", function(digit)
    local part = parts[tonumber(digit)]
    return part and reflect(words, part) or ""
  end)
  text = text:gsub("%s+", " "):gsub("%s+([?.,!])", "%1"):gsub("%f[%w']i%f[^%w']", "I")
  text = text:gsub("I are ", "I am "):gsub("you am ", "you are "):gsub("you was ", "you were ")
  return (text:gsub("^%l", string.upper))
end

-- ------------------------------------------------------------------ choosing

--- What one conversation has used up.
---@class offline.State
---@field used table<any, integer> rule -> how many answers it has given
---@field memory string[] things to come back to, oldest first
---@field shift integer which of the possible answers comes first

--- The next answer of a rule; every rule goes through all of its answers in turn.
local function next_form(state, forms)
  local turn = state.used[forms] or state.shift
  state.used[forms] = turn + 1
  return forms[turn % #forms + 1]
end

--- The keywords of a clause, best first.
local function keywords_of(words)
  local found = {}
  for position, word in ipairs(words) do
    local keyword = script.keywords[script.same_as[word.plain] or word.plain]
    if keyword then
      found[#found + 1] = { keyword = keyword, position = position }
    end
  end
  table.sort(found, function(a, b)
    if a.keyword.rank ~= b.keyword.rank then
      return a.keyword.rank > b.keyword.rank
    end
    return a.position < b.position
  end)
  return found
end

local apply

local function follow(state, form, words, parts)
  local target = form:match("^=(.+)")
  if target then
    return apply(state, script.keywords[target], words)
  end
  return reassemble(form, words, parts)
end

function apply(state, keyword, words)
  for _, rule in ipairs(keyword) do
    local parts = decompose(rule.match, words)
    if parts then
      return follow(state, next_form(state, rule.say), words, parts)
    end
  end
end

local function remember(state, words)
  for _, rule in ipairs(script.memory) do
    local parts = decompose(rule.match, words)
    if parts then
      if #rule.say > 0 then
        state.memory[#state.memory + 1] = reassemble(next_form(state, rule.say), words, parts)
      end
      return
    end
  end
end

--- The clause with the weightiest keyword, the first of equals.
local function best_clause(clauses)
  local best, best_keywords
  for _, words in ipairs(clauses) do
    local found = keywords_of(words)
    if found[1] and (not best or found[1].keyword.rank > best_keywords[1].keyword.rank) then
      best, best_keywords = words, found
    end
  end
  return best, best_keywords
end

local function respond(state, text)
  local clauses = read(text)
  if #clauses == 0 then
    return next_form(state, script.silence)
  end
  local words, found = best_clause(clauses)
  local answer
  for _, item in ipairs(found or {}) do
    answer = apply(state, item.keyword, words)
    if answer then
      break
    end
  end
  if not answer then
    answer = table.remove(state.memory, 1) or next_form(state, script.none)
  end
  for _, clause in ipairs(clauses) do
    remember(state, clause)
  end
  return answer
end

--- Answer the last of what the user has said.
---@param said string[] everything the user said in this conversation, oldest first
---@param variant? integer 0 for the first answer, 1 for another one, and so on
---@return string answer
function eliza.answer(said, variant)
  local state = { used = {}, memory = {}, shift = variant or 0 }
  if #said == 0 then
    return next_form(state, script.greeting)
  end
  local answer
  for _, text in ipairs(said) do
    answer = respond(state, text)
  end
  return answer
end

return eliza
