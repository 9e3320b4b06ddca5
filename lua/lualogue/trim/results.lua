--- Old answers of tools become a placeholder: the call stays to be seen, so that it is not made
--- again.

local policy = require "lualogue.trim.policy"
local shape = require "lualogue.trim.shape"

local results = {}

results.PLACEHOLDER = "[result removed]"

--- The placeholder of an answer, the same table each time; nil where it would save nothing.
---@param message lualogue.Message
---@param memory table
---@return lualogue.Message?
function results.placeholder(message, memory)
  local content = message.content
  if type(content) == "string" and #content <= #results.PLACEHOLDER then return nil end
  memory.placeholders = memory.placeholders or setmetatable({}, { __mode = "k" })
  local copy = memory.placeholders[message]
  if not copy then
    copy = {}
    for name, value in pairs(message) do copy[name] = value end
    copy.content = results.PLACEHOLDER
    memory.placeholders[message] = copy
  end
  return copy
end

--- The name of the tool that an answer comes from, by the call before it.
local function tool_of(messages, i)
  local id = messages[i].tool_call_id
  while i > 1 and messages[i].role == "tool" do i = i - 1 end
  for _, call in ipairs(shape.calls(messages[i]) and messages[i].tool_calls or {}) do
    if call.id == id then
      local f = call["function"] or call.custom
      return type(f) == "table" and f.name or nil
    end
  end
end

local function run(self, messages, ctx)
  local list, seen, replaced = {}, 0, 0
  for i = #messages, 1, -1 do
    local message = messages[i]
    if message.role == "tool" then
      seen = seen + 1
      local placeholder = seen > self.n and not self.except[tool_of(messages, i) or false]
        and (not self.min_tokens or ctx.cost(message) >= self.min_tokens)
        and results.placeholder(message, ctx.memory)
      if placeholder then message, replaced = placeholder, replaced + 1 end
    end
    list[i] = message
  end
  return list, { replaced = replaced }
end

--- All answers but the last n become placeholders.
---@param n integer
---@param except table<string, boolean> names of tools
---@param min_tokens? number
---@return lualogue.Policy
function results.policy(n, except, min_tokens)
  return policy.new {
    kind = "tool_results", n = n, except = except, min_tokens = min_tokens, run = run,
  }
end

return results
