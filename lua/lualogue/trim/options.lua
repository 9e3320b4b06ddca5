--- The arguments of `lualogue.trim`, checked: what is wrong raises at the caller's line.

local misuse = require "lualogue.misuse"
local policy = require "lualogue.trim.policy"

local options = {}

local function bad(name, where, why)
  misuse.raise(("bad argument '%s' to '%s' (%s)"):format(name, where, why))
end

local function is_whole(n, least)
  return type(n) == "number" and n >= least and n % 1 == 0 and n < math.huge
end

--- A whole number.
---@param n any
---@param name string
---@param where string
---@param least? integer 1
---@return integer
function options.count(n, name, where, least)
  if not is_whole(n, least or 1) then
    bad(name, where, ("a whole number from %d expected"):format(least or 1))
  end
  return n
end

local checks = {
  any = function() return true end,
  count = function(v) return is_whole(v, 1), "a whole number from 1 expected" end,
  count0 = function(v) return is_whole(v, 0), "a whole number from 0 expected" end,
  positive = function(v)
    return type(v) == "number" and v > 0 and v < math.huge, "a number above 0 expected"
  end,
  share = function(v)
    return type(v) == "number" and v > 0 and v <= 1, "a number above 0, at most 1, expected"
  end,
  strings = function(v)
    if type(v) ~= "table" then return false, "a list of names expected" end
    for _, item in ipairs(v) do
      if type(item) ~= "string" then return false, "a list of names expected" end
    end
    return #v > 0 or next(v) == nil, "a list of names expected"
  end,
}

--- The options of a call; an unknown one raises, and one of the wrong kind.
---@param given any
---@param where string
---@param known table<any, string|string[]> name -> kind of check, type, or the words that it may be
---@return table
function options.check(given, where, known)
  if given == nil then return {} end
  misuse.check(given, "table", "options", where)
  for name, value in pairs(given) do
    local kind = known[name]
    if kind == nil then bad("options", where, ("unknown option '%s'"):format(tostring(name))) end
    if type(kind) == "table" then
      local among = false
      for _, word in ipairs(kind) do among = among or word == value end
      if not among then bad(name, where, "one of " .. table.concat(kind, ", ") .. " expected") end
    elseif checks[kind] then
      local ok, why = checks[kind](value)
      if not ok then bad(name, where, why) end
    else
      misuse.check(value, kind, tostring(name), where)
    end
  end
  return given
end

--- A policy.
---@param value any
---@param name string
---@param where string
function options.policy(value, name, where)
  if not policy.is(value) then
    bad(name, where, "a policy or a function expected, got " .. type(value))
  end
end

--- A list of messages.
---@param messages any
---@param where string
---@param ctx? table
function options.messages(messages, where, ctx)
  misuse.check(messages, "table", "messages", where)
  if type(ctx) == "table" and ctx.sound then return end
  for i, message in ipairs(messages) do
    if type(message) ~= "table" then
      bad("messages", where, ("messages[%d]: a table expected, got %s"):format(i, type(message)))
    elseif type(message.role) ~= "string" then
      bad("messages", where, ("messages[%d].role: a string expected, got %s"):format(
        i, type(message.role)))
    end
  end
end

local CONTEXT = {
  model = "string", server = "string", count = "function", cost = "function", budget = "positive",
  window = "count", max_output = "count", max_output_name = "string", ratio = "positive",
  response_format = "table", state = "table", checkpoints = "table", memories = "table",
  pinned = "table", injections = "table", live = "boolean", strict = "boolean", sound = "boolean",
}

--- The context of `apply`; what is not ours is for the caller's own policies.
---@param ctx any
function options.context(ctx)
  if ctx == nil then return end
  misuse.check(ctx, "table", "ctx", "apply")
  for name, kind in pairs(CONTEXT) do
    local value = ctx[name]
    if value ~= nil then
      if checks[kind] then
        local ok, why = checks[kind](value)
        if not ok then bad("ctx." .. name, "apply", why) end
      else
        misuse.check(value, kind, "ctx." .. name, "apply")
      end
    end
  end
  if ctx.tools ~= nil and type(ctx.tools) ~= "table" and not checks.count0(ctx.tools) then
    bad("ctx.tools", "apply", "a list, or a number of tokens, expected")
  end
end

--- The entries of a lore book.
---@param entries any
---@param where string
---@return lualogue.LoreEntry[]
function options.entries(entries, where)
  misuse.check(entries, "table", "entries", where)
  for i, entry in ipairs(entries) do
    local name = ("entries[%d]"):format(i)
    misuse.check(entry, "table", name, where)
    misuse.check(entry.text, "string", name .. ".text", where)
    if entry.keys ~= nil then
      local ok, why = checks.strings(entry.keys)
      if not ok then bad(name .. ".keys", where, why) end
    end
  end
  return entries
end

return options
