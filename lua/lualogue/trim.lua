--- What of a long conversation is sent. Trimming decides what goes out, never what is remembered:
--- policies are values, pure functions of a list of messages, and leave alone what they are given.
---
---     local trim = require "lualogue.trim"
---     local list, info = trim.apply(trim.tokens(4000), messages, { model = "gpt-4o-mini" })
---     list, info = trim.apply(policy, messages, { model = model, state = info.state })
---
--- Whatever the policy: the leading system messages are always sent, whole turns go, oldest first,
--- the newest turn stays, and no call of a tool is parted from its answers. Needs no network, no
--- libcurl and no dialogue.

local apply = require "lualogue.trim.apply"
local budget = require "lualogue.trim.budget"
local chain = require "lualogue.trim.chain"
local check = require "lualogue.trim.check"
local lore = require "lualogue.trim.lore"
local misuse = require "lualogue.misuse"
local options_of = require "lualogue.trim.options"
local policies = require "lualogue.trim.policy"
local reach = require "lualogue.trim.reach"
local recall = require "lualogue.trim.recall"
local repair = require "lualogue.trim.repair"
local results = require "lualogue.trim.results"
local shape = require "lualogue.trim.shape"
local strict = require "lualogue.trim.strict"
local summary = require "lualogue.trim.summary"
local window = require "lualogue.trim.window"

---@class lualogue.trim
local trim = {}

--- The newest messages: at most `n`, whole turns, the newest turn in any case (`info.over`).
---
---     trim.messages(20)
---@param n integer from 1
---@return lualogue.Policy
function trim.messages(n) return window.messages(options_of.count(n, "n", "messages")) end

--- The newest `n` turns: a question, and everything up to the next one.
---
---     trim.turns(8)
---@param n integer from 1
---@return lualogue.Policy
function trim.turns(n) return window.turns(options_of.count(n, "n", "turns")) end

--- At most so many tokens of everything that goes out, tools and overhead included. When it is
--- more, whole oldest turns go until `low` of the room is used, and that beginning is held until it
--- is more again: the sent prefix stays equal between cuts, as prompt caches need it.
---
--- Where the newest turn alone is too much, its older tool results become placeholders; if that
--- does not help, the error is of the kind `limit`, code `context`, with the tokens by part.
---
---     trim.tokens()                                     -- what the model takes
---     trim.tokens(4000, { reserve = 500 })              -- 3500, and 500 for the answer
---     trim.tokens(4000, { low = 1 })                    -- a sliding window
---@param n? integer nil: the model's limit; while that is not known, everything is sent
---@param options? { reserve?: integer, low?: number } tokens for the answer; 0 < low <= 1, 0.7
---@return lualogue.Policy
function trim.tokens(n, options)
  if n ~= nil then options_of.count(n, "budget", "tokens") end
  local given = options_of.check(options, "tokens", { reserve = "count0", low = "share" })
  return budget.policy(n, given.reserve, given.low or 0.7)
end

--- Results of tools, all but the last `n`, become "[result removed]"; the calls stay visible, so
--- that the model does not make them again.
---
---     trim.tool_results(3, { except = { "memory" }, min_tokens = 200 })
---@param n integer from 0
---@param options? { except?: string[], min_tokens?: integer } tools whose results stay; results
---that are shorter stay
---@return lualogue.Policy
function trim.tool_results(n, options)
  options_of.count(n, "n", "tool_results", 0)
  local given = options_of.check(options, "tool_results", {
    except = "strings", min_tokens = "count0",
  })
  local except = {}
  for _, name in ipairs(given.except or {}) do except[name] = true end
  return results.policy(n, except, given.min_tokens)
end

---@class lualogue.SummaryOptions
---@field model? string that makes the summary; absent: the dialogue's
---@field when? number a share of the budget, or with more than 1 a number of tokens: when what is
---sent has come so far, a summary is made; 0.8
---@field keep? integer newest messages that stay as they are, with their turns; 6
---@field max_tokens? integer length of a summary; 400
---@field prompt? string what the summariser is told instead of our own words
---@field placement? "pair"|"system"|"user" where it goes: a question and an answer behind the
---system messages, the end of the first system message, or one user message; "pair"
---@field background? boolean a dialogue in a task does not wait for it; true

--- Old turns are replaced by a summary of them, which a dialogue has made in time. It belongs to a
--- position: in front of it (after `undo`, `edit`, `fork`) an older summary is in force, or none.
---
--- By itself the policy only says when and of what: `info.wanted`. Who has made a summary puts it
--- into `ctx.checkpoints`, under `info.wanted.through`, as `{ text = "..." }`.
---
---     trim.chain { trim.summary { keep = 8 }, trim.tokens(8000) }
---@param options? lualogue.SummaryOptions
---@return lualogue.Policy
function trim.summary(options)
  return summary.policy(options_of.check(options, "summary", {
    model = "string", when = "positive", keep = "count", max_tokens = "count", prompt = "string",
    placement = { "pair", "system", "user" }, background = "boolean",
  }))
end

---@class lualogue.RecallOptions
---@field model? string that embeds, such as "text-embedding-3-small"; else the client's
---@field k? integer how many come back at most; 4
---@field budget? integer tokens that they may take together; 1000, or a quarter of a small budget
---@field min_score? number least cosine; 0.3

--- Turns that fell out of the window come back when they are about what is asked: word for word,
--- marked as notes, inside the newest user message. A dialogue does the embedding; else
--- `ctx.memories` lists what there is.
---
---     trim.chain { trim.recall { model = "text-embedding-3-small" }, trim.tokens(4000) }
---@param options? lualogue.RecallOptions
---@return lualogue.Policy
function trim.recall(options)
  return recall.policy(options_of.check(options, "recall", {
    model = "string", k = "count", budget = "count", min_score = "number",
  }))
end

---@class lualogue.LoreOptions
---@field entries lualogue.LoreEntry[] the first ones matter most
---@field scan? integer how many of the last messages are searched for keys; 2
---@field budget? integer tokens that they may take together; 1000, or a quarter of a small budget

--- Entries of a lore book come along when one of their keys was spoken of, inside the newest user
--- message. An entry that has no room does not keep a smaller one out; `info.matched` and
--- `info.skipped` say which came and which did not.
---
---     trim.lore { entries = { { keys = { "dragon" }, text = "The dragon is called Ash." } } }
---@param options lualogue.LoreOptions
---@return lualogue.Policy
function trim.lore(options)
  misuse.check(options, "table", "options", "lore")
  local given = options_of.check(options, "lore", {
    [1] = "any", entries = "table", scan = "count", budget = "count",
  })
  local entries = given.entries or given[1]
  return lore.policy(options_of.entries(entries, "lore"), given.scan or 2, given.budget)
end

--- Several policies as one, each on what the one before it left. A good order: tool_results, lore
--- and recall, summary, and tokens last as the guard.
---
---     trim.chain { trim.tool_results(3), trim.summary(), trim.tokens(8000) }
---@param parts lualogue.Policy[]
---@return lualogue.Policy
function trim.chain(parts)
  misuse.check(parts, "table", "parts", "chain")
  for i, part in ipairs(parts) do options_of.policy(part, ("parts[%d]"):format(i), "chain") end
  if parts[1] == nil then misuse.raise("bad argument 'parts' to 'chain' (an empty list)") end
  return chain.policy(parts)
end

--- What a policy makes of a list: mended first, trimmed, counted. Nothing that is given is changed,
--- and messages that are sent are the very same tables.
---@param policy lualogue.Policy
---@param messages lualogue.Message[]
---@param ctx? lualogue.TrimContext
---@return lualogue.Message[]? list a new one; nil where nothing may be sent
---@return lualogue.TrimInfo|lualogue.Error info or the error: of the kind `limit` when it cannot
---fit, `policy` when a function of the caller's failed or gave nonsense
function trim.apply(policy, messages, ctx)
  options_of.policy(policy, "policy", "apply")
  options_of.messages(messages, "apply", ctx)
  options_of.context(ctx)
  return apply.run(policy, messages, ctx or {})
end

--- The same conversation as a server takes it: each call of a tool has its answers behind it, in
--- order, and each answer its call. Calls without an answer get one that says so; answers without
--- a call go. With `strict` also: one system message in front, user and assistant by turns, no
--- greeting before the user, arguments that are JSON objects.
---
---     messages = trim.repair(messages)
---@param messages lualogue.Message[]
---@param options? { live?: boolean, strict?: boolean } live: calls at the end still run
---@return lualogue.Message[] list a new one; messages that were in order are the same tables
---@return lualogue.RepairNote[] notes what was changed
function trim.repair(messages, options)
  options_of.messages(messages, "repair")
  local given = options_of.check(options, "repair", { live = "boolean", strict = "boolean" })
  local list, notes = repair.mend(messages, given.live)
  if given.strict then list = strict.profile(list) end
  return list, notes
end

--- Whether an API takes such a list, and if not, what it would refuse.
---
---     local ok, refusal = trim.check(messages)
---     if not ok then print(refusal.at, refusal.why) end
---@param messages lualogue.Message[]
---@param options? { live?: boolean, strict?: boolean } strict: what strict templates refuse too
---@return true? ok
---@return lualogue.Refusal? refusal
function trim.check(messages, options)
  misuse.check(messages, "table", "messages", "check")
  local known = { live = "boolean", strict = "boolean" }
  return check.run(messages, options_of.check(options, "check", known))
end

--- What may not be parted: each unit is a list of one message, or of one that calls tools and its
--- answers.
---@param messages lualogue.Message[]
---@return lualogue.Message[][] units
function trim.units(messages)
  options_of.messages(messages, "units")
  local units, i = {}, 1
  while messages[i] do
    local last, unit = shape.unit_end(messages, i), {}
    for at = i, last do unit[#unit + 1] = messages[at] end
    units[#units + 1], i = unit, last + 1
  end
  return units
end

--- The leading system messages, and the turns. What the assistant said before the first turn is
--- `turns[0]`.
---
---     local prefix, turns = trim.split(messages)
---     print(#turns, turns[1][1].content)
---@param messages lualogue.Message[]
---@return lualogue.Message[] prefix
---@return lualogue.Message[][] turns counted from 1
function trim.split(messages)
  options_of.messages(messages, "split")
  local n_prefix, prefix, turns, n = shape.prefix(messages), {}, {}, 0
  for i, message in ipairs(messages) do
    if i <= n_prefix then
      prefix[i] = message
    else
      if shape.begins(messages, i, n_prefix) then
        if i > n_prefix + 1 or not shape.is_answer(message) then n = n + 1 end
        turns[n] = {}
      end
      table.insert(turns[n], message)
    end
  end
  return prefix, turns
end

--- Says, going backwards from the newest message, whether a list may begin with this one without
--- a difference to what the policy makes of it: who keeps a long history need not hand over all.
--- Nil where all of it is needed.
---
---     local enough = trim.reach(policy, ctx)
---     -- enough(message, the one before it) is asked for each message, the newest first
---@param policy lualogue.Policy
---@param ctx? lualogue.TrimContext as for the next `apply`
---@return (fun(message: lualogue.Message, before: lualogue.Message?): boolean?)? enough
function trim.reach(policy, ctx)
  options_of.policy(policy, "policy", "reach")
  options_of.context(ctx)
  return reach.of(policy, ctx or {})
end

--- Whether a value may be given where a policy is expected.
---@param value any
---@return boolean
function trim.is_policy(value) return policies.is(value) end

return trim
