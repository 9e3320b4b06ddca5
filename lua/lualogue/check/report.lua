--- What a check has found: items in their order, and all of them as text.

local report = {}

--- One thing that was looked at.
---@class lualogue.CheckItem
---@field name lualogue.CheckName
---@field ok? boolean nil: it could not be looked at, or is not used
---@field message string
---@field mend? string where `ok` is false: what to do about it

--- What `client:check` has found: a list of its items. `tostring(report)` shows them, a line each.
---@class lualogue.CheckReport
---@field [integer] lualogue.CheckItem
---@field ok boolean nothing is wrong
local methods = {}

-- What is looked at, in the order in which it matters.
local NAMES = { "lua", "libcurl", "json", "name", "connection", "proxy", "tls", "key", "models",
  "model", "answer", "finish_reason", "usage", "stream", "stream_end", "stream_usage", "errors" }

local NOT_REACHED = "not looked at, since what comes before has failed"

--- One line of text, without what would write over a terminal.
local function line(text)
  return (tostring(text):gsub("[%c%s]+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local metatable = {
  __name = "lualogue.check_report",
  __index = methods,
  __tostring = function(self)
    local lines, unknown = {}, {}
    for _, item in ipairs(self) do
      if item.message == NOT_REACHED then unknown[#unknown + 1] = item.name end
    end
    for _, item in ipairs(self) do
      local mark = item.ok and "ok" or item.ok == nil and "-" or "WRONG"
      if item.message ~= NOT_REACHED then
        lines[#lines + 1] = ("%-6s%-14s%s"):format(mark, item.name, item.message)
      end
      if item.mend then lines[#lines + 1] = (" "):rep(20) .. "-> " .. item.mend end
    end
    if #unknown > 0 then
      lines[#lines + 1] = ("-     not looked at, since what comes before has failed: %s"):format(
        table.concat(unknown, ", "))
    end
    return table.concat(lines, "\n")
  end,
}

local FOUND = {}

---@return lualogue.CheckReport
function report.new() return setmetatable({ [FOUND] = {} }, metatable) end

--- Note what was found; the first word on something counts, but for one that it is not known.
---@package
function methods:add(name, ok, message, mend)
  local found = self[FOUND]
  if found[name] and found[name].ok ~= nil then return end
  if ok ~= false then mend = nil end
  found[name] = { name = name, ok = ok, message = line(message), mend = mend }
end

--- Whether something was found in order, or not, or nothing is known of it.
---@package
function methods:found(name)
  local item = self[FOUND][name]
  return item and item.ok
end

--- All that was found, in its order; what nobody came to is not known.
---@package
function methods:finish()
  local found = self[FOUND]
  local all = setmetatable({ ok = true }, metatable)
  for _, name in ipairs(NAMES) do
    local item = found[name] or { name = name, message = NOT_REACHED }
    all[#all + 1] = item
    if item.ok == false then all.ok = false end
  end
  return all
end

return report
