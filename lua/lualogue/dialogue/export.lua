--- A conversation in the forms of others.

local answers = require "lualogue.dialogue.answer"
local json = require "lualogue.json"

local export = {}

local TITLES = { user = "User", assistant = "Assistant", system = "System", developer = "System",
  tool = "Tool" }

--- A fence that no line of a text can close.
local function fence_for(text)
  local longest = 2
  for ticks in text:gmatch("`+") do longest = math.max(longest, #ticks) end
  return ("`"):rep(longest + 1)
end

local function fenced(text)
  local fence = fence_for(text)
  return ("%s\n%s\n%s"):format(fence, text, fence)
end

--- A document.
---@param messages lualogue.Message[]
---@return string
function export.markdown(messages)
  local blocks = {}
  for _, message in ipairs(messages) do
    local title = TITLES[message.role] or tostring(message.role)
    if message.name then title = ("%s (%s)"):format(title, tostring(message.name)) end
    blocks[#blocks + 1] = "## " .. title
    local text = answers.text(message)
    if text ~= "" then blocks[#blocks + 1] = message.role == "tool" and fenced(text) or text end
    for _, call in ipairs(type(message.tool_calls) == "table" and message.tool_calls or {}) do
      local f = type(call) == "table" and (call["function"] or call.custom) or {}
      blocks[#blocks + 1] = fenced(("%s %s"):format(
        tostring(f.name), tostring(f.arguments or f.input or "")))
    end
  end
  return table.concat(blocks, "\n\n") .. "\n"
end

--- One JSON text for each message, each in a line.
---@param messages lualogue.Message[]
---@return string
function export.jsonl(messages)
  local lines = {}
  for i, message in ipairs(messages) do lines[i] = json.encode(message) .. "\n" end
  return table.concat(lines)
end

return export
