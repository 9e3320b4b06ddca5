--- Messages as plain text, for a model that shall read them and not go on with them.

local answers = require "lualogue.dialogue.answer"

local transcript = {}

local MOST_OF_A_RESULT = 600 -- bytes of a tool's answer
local NAMES = { user = "User", assistant = "Assistant", system = "Note", developer = "Note" }

--- The beginning of a text, cut at a character.
---@param text string
---@param n_bytes integer
---@return string
function transcript.shorten(text, n_bytes)
  if #text <= n_bytes then return text end
  while n_bytes > 0 and text:find("^[\128-\191]", n_bytes + 1) do n_bytes = n_bytes - 1 end
  return text:sub(1, n_bytes) .. " [shortened]"
end

local function call_line(call)
  local f = type(call) == "table" and (call["function"] or call.custom)
  if type(f) ~= "table" then return nil end
  local given = transcript.shorten(tostring(f.arguments or f.input or ""), MOST_OF_A_RESULT)
  return ("Assistant called %s(%s)"):format(tostring(f.name), given)
end

--- One message, as lines.
---@param message lualogue.Message
---@return string
function transcript.line(message)
  local lines, text = {}, answers.text(message)
  if message.role == "tool" or message.role == "function" then
    return "The tool answered: " .. transcript.shorten(text, MOST_OF_A_RESULT)
  end
  local who = NAMES[message.role] or tostring(message.role)
  if message.name then who = ("%s (%s)"):format(who, tostring(message.name)) end
  if text ~= "" then lines[1] = who .. ": " .. text end
  for _, call in ipairs(type(message.tool_calls) == "table" and message.tool_calls or {}) do
    lines[#lines + 1] = call_line(call)
  end
  if not lines[1] then lines[1] = who .. ": [not text]" end
  return table.concat(lines, "\n")
end

--- Messages as pieces of text, none of which costs more than `room`. A single message that would is
--- shortened.
---@param messages lualogue.Message[]
---@param room number tokens
---@param count fun(text: string): number
---@return string[] pieces
---@return integer shortened how many messages were
function transcript.pieces(messages, room, count)
  local pieces, lines, used, shortened = {}, {}, 0, 0
  for _, message in ipairs(messages) do
    local line = transcript.line(message)
    local cost = count(line) + 1
    if cost > room then
      -- A token is a byte at least.
      line, shortened = transcript.shorten(line, math.max(1, math.floor(room) - 8)), shortened + 1
      cost = count(line) + 1
    end
    if lines[1] and used + cost > room then
      pieces[#pieces + 1] = table.concat(lines, "\n")
      lines, used = {}, 0
    end
    lines[#lines + 1], used = line, used + cost
  end
  if lines[1] then pieces[#pieces + 1] = table.concat(lines, "\n") end
  return pieces, shortened
end

return transcript
