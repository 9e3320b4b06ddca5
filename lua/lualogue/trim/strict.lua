--- The form that the strictest chat templates want: one system message in front, then user and
--- assistant by turns, beginning with the user; arguments of calls that are JSON objects.

local arguments = require "lualogue.trim.arguments"
local shape = require "lualogue.trim.shape"

local strict = {}

local SYSTEM = { system = true, developer = true }

local function copy_of(message)
  local copy = {}
  for name, value in pairs(message) do copy[name] = value end
  return copy
end

local function parts_of(content)
  if type(content) == "table" then return content end
  if type(content) ~= "string" or content == "" then return {} end
  return { { type = "text", text = content } }
end

--- Contents as one.
---@param contents any[] those that are absent left out
---@return any
local function join_all(contents)
  local texts, parts = {}, {}
  for _, content in ipairs(contents) do
    if type(content) == "string" and content ~= "" then texts[#texts + 1] = content end
    for _, part in ipairs(parts_of(content)) do parts[#parts + 1] = part end
  end
  return #texts == #parts and table.concat(texts, "\n\n") or parts
end

--- Two contents as one.
---@param a any
---@param b any
---@return any
function strict.join(a, b) return join_all { a or "", b or "" } end

local function with_objects(message)
  local calls
  for i, call in ipairs(message.tool_calls) do
    local f = call["function"]
    if type(f) == "table" and not arguments.is_object(f.arguments) then
      calls = calls or copy_of(message.tool_calls)
      calls[i] = copy_of(call)
      calls[i]["function"] = copy_of(f)
      calls[i]["function"].arguments = arguments.wrap(tostring(f.arguments or ""))
    end
  end
  if not calls then return message end
  local copy = copy_of(message)
  copy.tool_calls = calls
  return copy
end

local Profile = {}
Profile.__index = Profile

function Profile:system(message)
  self.front = self.front or { message = message, contents = {} }
  table.insert(self.front.contents, message.content or "")
end

--- What the assistant said before the first user stands in the system message.
function Profile:greeting(message)
  if type(message.content) == "string" and not shape.calls(message) then
    self:system { role = "system", content = "You opened the conversation: " .. message.content }
  end
end

function Profile:add(message)
  local last = self.list[#self.list]
  local same = last and last.message.role == message.role and message.role ~= "tool"
    and not shape.calls(last.message)
  if not same then
    last = { contents = {} }
    self.list[#self.list + 1] = last
  end
  last.message = message
  table.insert(last.contents, message.content or "")
end

--- The messages, each with all that went into it.
function Profile:finish()
  local list = {}
  for _, item in ipairs(self.list) do
    local message = item.message
    if #item.contents > 1 then
      message = copy_of(message)
      message.content = join_all(item.contents)
    end
    list[#list + 1] = message
  end
  return list
end

--- The same conversation in that form. Expects a list that is sound (`trim.repair`).
---@param messages lualogue.Message[]
---@return lualogue.Message[] list
function strict.profile(messages)
  local profile = setmetatable({ list = {}, front = nil }, Profile)
  local n_prefix = shape.prefix(messages)
  local begun = false
  for i, message in ipairs(messages) do
    if i <= n_prefix then
      profile:system(message)
    elseif not begun and shape.is_answer(message) then
      profile:greeting(message)
    else
      begun = true
      if SYSTEM[message.role] then
        message = copy_of(message)
        message.role = "user"
      elseif shape.calls(message) then
        message = with_objects(message)
      end
      profile:add(message)
    end
  end
  if profile.front then table.insert(profile.list, 1, profile.front) end
  return profile:finish()
end

return strict
