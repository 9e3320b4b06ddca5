--- Several policies as one: each gets what the one before it left. Notes come last, since only
--- then is known what is in the window; their room is taken off the budget first.

local budget = require "lualogue.trim.budget"
local notes = require "lualogue.trim.notes"
local policy = require "lualogue.trim.policy"
local shape = require "lualogue.trim.shape"

local chain = {}

local SUMMED = { dropped = true, replaced = true, covered = true }
local JOINED = { matched = true, skipped = true, noted = true }

--- Take what one part says into what the chain says.
local function merge(info, part)
  for name, value in pairs(part) do
    if SUMMED[name] then
      info[name] = (info[name] or 0) + value
    elseif JOINED[name] and info[name] then
      for key, item in pairs(value) do
        if type(key) == "number" then key = #info[name] + 1 end
        info[name][key] = item
      end
    elseif name ~= "state" then
      info[name] = value
    end
  end
end

--- In which order the parts run: summaries first, which shortens what the others must read, unless
--- a caller's own is among them, which then sees what it expects; notes last.
local function order_of(parts)
  local order, last, ours = {}, {}, true
  for _, part in ipairs(parts) do ours = ours and policy.kind(part) ~= nil end
  for i, part in ipairs(parts) do
    local kind = policy.kind(part)
    if kind and part.is_note then
      last[#last + 1] = i
    elseif ours and kind == "summary" then
      table.insert(order, 1, i)
    else
      order[#order + 1] = i
    end
  end
  local n_before = #order
  for _, i in ipairs(last) do order[#order + 1] = i end
  return order, n_before, ours
end

--- The least of what the parts allow, which is what a summary goes by.
local function common_budget(parts, ctx)
  local least = ctx.budget
  for _, part in ipairs(parts) do
    if policy.kind(part) == "tokens" and part.budget then
      local n = part.budget - (part.reserve or 0)
      least = math.min(least or n, n)
    end
  end
  return least
end

--- What stands before a held beginning will be cut again: nobody need read it.
local function skip(self, list, sub, states)
  for i, part in ipairs(self.parts) do
    local held = policy.kind(part) == "tokens" and budget.held(list, states[i] or {})
    local n_prefix = held and shape.prefix(list, sub.head)
    if held and held > n_prefix + 1 then
      return shape.from(list, n_prefix, held), held - n_prefix - 1
    end
  end
  return list, 0
end

local function attempt(self, messages, ctx, bare)
  local states = ctx.state.parts or {}
  local sub = setmetatable({
    head = ctx.head, bare = bare, budget = common_budget(self.parts, ctx),
    reserved = ctx.reserved or 0,
  }, { __index = ctx })
  for _, i in ipairs(self.order) do
    local part = self.parts[i]
    if not bare and policy.kind(part) and part.is_note then
      sub.reserved = sub.reserved + notes.reserve(part, sub)
    end
  end
  local list, info, new_states, skipped = messages, { dropped = 0, replaced = 0 }, {}, false
  for at, i in ipairs(self.order) do
    local part = self.parts[i]
    if self.ours and not skipped and policy.kind(part) ~= "summary" then
      local dropped
      list, dropped = skip(self, list, sub, states)
      info.dropped, skipped = info.dropped + dropped, true
    end
    if bare and at > self.n_before then break end
    sub.state = states[i] or {}
    local result, part_info = policy.call(part, list, sub)
    if not result then return nil, part_info end
    list, new_states[i] = result, part_info.state
    merge(info, part_info)
    sub.head = info.head or sub.head
  end
  info.state = { parts = new_states }
  return list, info
end

local function run(self, messages, ctx)
  local list, info = attempt(self, messages, ctx, ctx.bare)
  -- Notes and summaries are no reason not to ask a question.
  if not list and info.kind == "limit" and self.may_be_bare and not ctx.bare then
    list, info = attempt(self, messages, ctx, true)
    if not list then return nil, info end
    info.bare = true
  end
  return list, info
end

--- Policies, one after the other.
---@param parts lualogue.Policy[] chains among them are taken apart
---@return lualogue.Policy
function chain.policy(parts)
  local flat, may_be_bare = {}, false
  for _, part in ipairs(parts) do
    for _, inner in ipairs(policy.kind(part) == "chain" and part.parts or { part }) do
      flat[#flat + 1] = inner
      local kind = policy.kind(inner)
      may_be_bare = may_be_bare or kind == "summary" or kind ~= nil and inner.is_note == true
    end
  end
  local order, n_before, ours = order_of(flat)
  return policy.new {
    kind = "chain", parts = flat, order = order, n_before = n_before, ours = ours,
    may_be_bare = may_be_bare, run = run,
  }
end

return chain
