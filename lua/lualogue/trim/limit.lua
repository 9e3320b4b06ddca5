--- How many tokens the messages may cost, and the error when that cannot be.

local errors = require "lualogue.errors"
local models = require "lualogue.models"

local limit = {}

local DEFAULT_RESERVE = 4096

--- What is kept free for the answer: what was asked for, else a quarter, but not too much.
local function reserve_of(ctx, window)
  return ctx.max_output or window and math.min(DEFAULT_RESERVE, math.floor(window / 4)) or 0
end

--- What bounds a request of this context, in the server's tokens.
---@param ctx table
---@param budget? number of the policy
---@param reserve? number of the policy
---@return { limit: number?, window: number?, reserve: number, easy: number? } bounds `limit` is nil
---when nothing is known; `easy` is what it were if the answer asked for no more than usual
function limit.bounds(ctx, budget, reserve)
  local model = ctx.model and models.get(ctx.model, ctx.server)
  local window = ctx.window or model and model.window
  local input = window and math.min(model and model.input or window, window)
  local bounds = { window = window, reserve = reserve or reserve_of(ctx, window) }
  if window then
    bounds.limit = math.min(input, window - bounds.reserve)
    bounds.easy = math.min(input, window - math.min(bounds.reserve, math.floor(window / 4)))
  end
  local own = budget and budget - (reserve or 0)
  for _, n in ipairs { own or ctx.budget or false, own and ctx.budget or false } do
    if n then
      bounds.limit = math.min(bounds.limit or n, n)
      bounds.easy = math.min(bounds.easy or n, n)
      if not window then bounds.reserve = reserve or 0 end
    end
  end
  return bounds
end

--- The same in tokens of our own count, which the server may count otherwise.
---@param ctx table
---@param n number
---@return integer
function limit.own(ctx, n) return math.floor(n / (ctx.ratio or 1) + 1e-9) end

--- The error of a list that cannot be made to fit.
---@param ctx table
---@param bounds table what `bounds` gave
---@param parts table<string, number>
---@return lualogue.Error
function limit.exceeded(ctx, bounds, parts)
  local must = parts.system + parts.tools + parts.newest + parts.recall
  local budget = limit.own(ctx, bounds.limit)
  local err = {
    kind = "limit", code = "context", parts = parts, budget = budget, window = bounds.window,
  }
  if bounds.easy > bounds.limit and must <= limit.own(ctx, bounds.easy) then
    err.param = ctx.max_output_name or "max_tokens"
    err.message = ("%s asks for %d of the window's %d tokens, which leaves %d for a prompt of %d")
      :format(err.param, bounds.reserve, bounds.window, math.max(budget, 0), must)
  elseif parts.system + parts.tools > budget then
    err.message = ("the system messages and tools alone take %d tokens, the budget is %d"):format(
      parts.system + parts.tools, budget)
  else
    err.message = ("the newest turn takes %d tokens, what must go with it %d, the budget is %d")
      :format(parts.newest, must - parts.newest, budget)
  end
  return errors.new(err)
end

return limit
