--- What the server taught us: how it counts against our own count, and how much it takes. And what
--- all calls have cost.

local models = require "lualogue.models"

local account = {}

local LEAST_RATIO, MOST_RATIO = 0.5, 3
local DOUBTFUL = 0.75 -- the share of what was expected below which a count is not believed at once
-- How far counts are off: of the first one nobody knows; what was once far off is forgotten slowly.
local FIRST_SPREAD, FADING, MOST_SPREAD = 0.05, 0.9, 0.25
local GUESS = 0.85 -- of a prompt that was too long: a window that nobody has told
local SMOOTHING = 0.3 -- the weight of the newest count

---@class lualogue.dialogue.Account
---@field learned table<string, table> by model: ratio, window, n, and the last counts
---@field totals table<string, number>
---@field server? string base URL
local methods = {}
local metatable = { __index = methods }

local TOTALS = {
  "prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens", "calls", "turns",
}

---@param server? string
---@return lualogue.dialogue.Account
function account.new(server)
  local totals = {}
  for _, name in ipairs(TOTALS) do totals[name] = 0 end
  return setmetatable({ learned = {}, totals = totals, server = server }, metatable)
end

--- What is known of a model on this server; a new entry where nothing is.
---@param model string?
---@return table
function methods:of(model)
  local key = model or ""
  local entry = self.learned[key]
  if not entry then
    entry = { n = 0 }
    self.learned[key] = entry
  end
  return entry
end

--- The ratio that a request is planned with: somewhat more than the usual one, by as much as counts
--- have lately been off, so that a full window does not run over.
---@param model string?
---@return number?
function methods:cautious_ratio(model)
  local entry = self:of(model)
  return entry.ratio and entry.ratio * (1 + math.min(entry.spread or 0, MOST_SPREAD))
end

--- A window that the server has told.
---@param model string?
---@param window integer
function methods:learn(model, window)
  self:of(model).window = window
  -- Others may have a model of that name, and another window.
  if model and self.server then models.learn(model, window, self.server) end
end

--- Take a ratio of the server's count to ours into account.
local function calibrate(entry, ratio)
  ratio = math.max(LEAST_RATIO, math.min(MOST_RATIO, ratio))
  if entry.n == 0 then
    entry.ratio, entry.spread = ratio, FIRST_SPREAD
  else
    entry.spread = math.max(math.abs(ratio / entry.ratio - 1), FADING * entry.spread)
    entry.ratio = entry.ratio + SMOOTHING * (ratio - entry.ratio)
  end
  entry.n = entry.n + 1
end

--- Whether the server counted as much as the last time although more was sent: it cut the rest.
local function is_cut(last, own, prompt, ratio)
  if not last or own - last.own < math.max(32, 0.02 * last.own) then return false end
  local grown, expected = prompt - last.prompt, (own - last.own) * ratio
  return grown >= 0 and grown < 0.1 * expected and prompt < own * ratio
end

--- Compare our count of a request with the server's. Returns the window when the server took less
--- than was sent, without a word.
---@param model string?
---@param own number tokens, of our own count
---@param prompt number tokens, of the server's
---@param has_media boolean something in it can only be guessed
---@return integer? window
function methods:compare(model, own, prompt, has_media)
  if own <= 0 or prompt <= 0 or has_media then return nil end
  local entry = self:of(model)
  local last = entry.last
  entry.last = { own = own, prompt = prompt }
  if is_cut(last, own, prompt, entry.ratio or 1) then
    -- What was learned from a prompt that was cut says nothing of how the server counts.
    if entry.n == 1 then entry.ratio, entry.n = nil, 0 end
    self:learn(model, prompt)
    return prompt
  end
  -- Far less than ever before: the next one will tell whether the server counts otherwise now.
  entry.doubtful = entry.n > 1 and prompt < DOUBTFUL * entry.ratio * own and not entry.doubtful
  if not entry.doubtful then calibrate(entry, prompt / own) end
end

--- The same from the error of a prompt that was too long.
---@param model string?
---@param own number
---@param overflow lualogue.dialogue.Overflow
function methods:overflowed(model, own, overflow)
  local entry = self:of(model)
  if overflow.window then
    self:learn(model, overflow.window)
  elseif own > 0 then
    -- Nobody said how long it may be, only that this was too long.
    local guess = math.max(1, math.floor(GUESS * own * (entry.ratio or 1)))
    entry.window = math.min(entry.window or guess, guess)
  end
  if overflow.prompt and own > 0 then
    -- That is the prompt in question: what was smoothed before has just proved wrong.
    entry.n = 0
    calibrate(entry, overflow.prompt / own)
  end
end

--- Add up what a call has cost.
---@param usage lualogue.Usage?
function methods:add(usage)
  local totals = self.totals
  totals.calls = totals.calls + 1
  if type(usage) ~= "table" then return end
  local prompt, answer = usage.prompt_tokens_details, usage.completion_tokens_details
  local function more(name, n)
    if type(n) == "number" then totals[name] = totals[name] + n end
  end
  more("prompt_tokens", usage.prompt_tokens)
  more("completion_tokens", usage.completion_tokens)
  more("cached_tokens", type(prompt) == "table" and prompt.cached_tokens)
  more("reasoning_tokens", type(answer) == "table" and answer.reasoning_tokens)
end

--- All calls together, and their price where prices are known.
---@param prices? lualogue.Prices
---@return lualogue.DialogueUsage
function methods:sum(prices)
  local sum = {}
  for name, n in pairs(self.totals) do sum[name] = n end
  sum.total_tokens = sum.prompt_tokens + sum.completion_tokens
  if prices then
    local cached = prices.cached and sum.cached_tokens or 0
    sum.cost = ((sum.prompt_tokens - cached) * (prices.input or 0)
      + cached * (prices.cached or 0) + sum.completion_tokens * (prices.output or 0)) / 1e6
  end
  return sum
end

return account
