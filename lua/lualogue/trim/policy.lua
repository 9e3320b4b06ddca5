--- Policies are values: a kind, options, and a function that is called with them. Any function of
--- the same shape is a policy too.

local errors = require "lualogue.errors"

local policy = {}

---@class lualogue.trim.PolicyMethods
---@field run fun(self: lualogue.Policy, messages: lualogue.Message[], ctx: table): table, table

local metatable = {
  __name = "lualogue.policy",
  __call = function(self, messages, ctx) return self.run(self, messages, ctx) end,
  __tostring = function(self) return "lualogue.policy: " .. self.kind end,
}

--- A policy out of its fields, `kind` and `run` among them.
---@param fields table
---@return lualogue.Policy
function policy.new(fields) return setmetatable(fields, metatable) end

--- Whether a value can be called as a policy.
---@param value any
---@return boolean
function policy.is(value)
  if type(value) == "function" then return true end
  local meta = type(value) == "table" and getmetatable(value)
  return type(meta) == "table" and meta.__call ~= nil
end

--- The kind of one of our own policies; nil for a caller's.
---@param value any
---@return string?
function policy.kind(value)
  return type(value) == "table" and getmetatable(value) == metatable and value.kind or nil
end

local function nonsense(why)
  error(errors.new { kind = "policy", message = "the trimming policy gave " .. why }, 0)
end

--- Call a policy, and hold what it gives against what it should. A caller's own may give anything.
---@param value lualogue.Policy
---@param messages lualogue.Message[]
---@param ctx table
---@return lualogue.Message[]? list
---@return table info or the error
function policy.call(value, messages, ctx)
  local list, info = value(messages, ctx)
  if list == nil and info ~= nil then
    if errors.is(info) then return nil, info end
    return nil, errors.new { kind = "policy", message = tostring(info) }
  end
  if type(list) ~= "table" then nonsense("no list of messages, but " .. type(list)) end
  for i, message in ipairs(list) do
    if type(message) ~= "table" or type(message.role) ~= "string" then
      nonsense(("no message in place %d, but %s"):format(i, type(message)))
    end
  end
  if list[1] == nil and messages[1] ~= nil then nonsense("an empty list") end
  if info == nil then return list, {} end
  if type(info) ~= "table" then nonsense("no table of facts, but " .. type(info)) end
  return list, info
end

--- Whether a policy is one of ours, and all of its parts are.
---@param value any
---@return boolean
function policy.is_ours(value)
  if not policy.kind(value) then return false end
  for _, part in ipairs(value.parts or {}) do
    if not policy.is_ours(part) then return false end
  end
  return true
end

return policy
