--- The ways in which a server may be asked for an answer that fits a schema, best first: its
--- `response_format`, a tool that must be called, JSON with the schema in the prompt, the prompt
--- alone. Each makes a request of one without it, and finds the text in what came.

local delta = require "lualogue.delta"

---@alias lualogue.ParseMethod "json_schema"|"tool"|"json_object"|"prompt"

local ways = {}

--- One of them.
---@class lualogue.parse.Way
---@field apply? fun(params: table, task: lualogue.parse.Task) say it in the parameters
---@field in_prompt? boolean the schema stands in the prompt
---@field behind? lualogue.ParseMethod what is tried where the server has no such thing
---@field words string[] what a refusal speaks of that is about the way and not about the request

--- What is asked for.
---@class lualogue.parse.Task
---@field schema lualogue.Schema
---@field name string
---@field strict boolean whether `strict` is said
---@field encode fun(value: any): string

--- A copy of the parameters, one level deep, read raw.
---@param params table
---@return table
function ways.copy(params)
  local copy = {}
  for key, value in next, params do copy[key] = value end
  return copy
end

--- The messages with the schema in their first system message, which every server takes; the same
--- list where it is said otherwise.
---@param way lualogue.ParseMethod
---@param messages lualogue.Message[]
---@param task lualogue.parse.Task
---@return lualogue.Message[]
function ways.messages(way, messages, task)
  if not ways.by_name[way].in_prompt then return messages end
  local note = "Answer with one JSON object and nothing else. It must fit this JSON schema:\n"
    .. task.encode(task.schema)
  local list, first = ways.copy(messages), messages[1]
  local role = type(first) == "table" and first.role
  if role ~= "system" and role ~= "developer" then
    table.insert(list, 1, { role = "system", content = note })
    return list
  end
  first = ways.copy(first)
  if type(first.content) == "table" then
    first.content = ways.copy(first.content)
    table.insert(first.content, { type = "text", text = note })
  else
    first.content = ("%s\n\n%s"):format(tostring(first.content or ""), note)
  end
  list[1] = first
  return list
end

---@type table<lualogue.ParseMethod, lualogue.parse.Way>
ways.by_name = {
  json_schema = {
    behind = "tool",
    words = { "response_format", "response format", "json_schema", "json schema", "structured" },
    apply = function(params, task)
      local format = { name = task.name, schema = task.schema, strict = task.strict or nil }
      params.response_format = { type = "json_schema", json_schema = format }
    end,
  },
  tool = {
    behind = "json_object",
    words = { "tool", "function" },
    apply = function(params, task)
      params.tools = { { type = "function", ["function"] = {
        name = task.name, parameters = task.schema, strict = task.strict or nil,
        description = "Give the answer.",
      } } }
      params.tool_choice = { type = "function", ["function"] = { name = task.name } }
    end,
  },
  json_object = {
    behind = "prompt",
    words = { "response_format", "response format", "json" },
    in_prompt = true,
    apply = function(params) params.response_format = { type = "json_object" } end,
  },
  prompt = { words = {}, in_prompt = true },
}

local STATUSES = {
  [400] = true, [404] = true, [415] = true, [422] = true, [500] = true, [501] = true,
}

--- The way to go on where a server refuses one because it does not know it: perhaps the same with
--- `task.strict` off.
---@param way lualogue.ParseMethod
---@param err lualogue.Error
---@param task lualogue.parse.Task
---@param has_tools boolean there are tools of the caller's
---@return lualogue.ParseMethod? way nil: it is refused for another reason
function ways.behind(way, err, task, has_tools)
  if err.kind ~= "api" or not STATUSES[err.status] then return nil end
  local said = ("%s %s %s"):format(tostring(err.param), tostring(err.message), tostring(err.body))
  said = said:lower()
  if said:find("invalid schema", 1, true) then return nil end -- no other way would mend it
  if task.strict and (way == "json_schema" or way == "tool") and said:find "%f[%a]strict%f[%A]" then
    task.strict = false
    return way
  end
  local known = ways.by_name[way]
  for _, word in ipairs(known.words) do
    if said:find(word, 1, true) then
      local behind = known.behind
      -- Beside tools of the caller's own, ours would not be the one that is called.
      return behind == "tool" and has_tools and "json_object" or behind
    end
  end
end

--- The text in which the answer stands: the arguments of our tool, else the content.
---@param message lualogue.Message
---@param task lualogue.parse.Task
---@return string? text
---@return lualogue.ToolCall[]? calls what else was called, where there is no text
function ways.text(message, task)
  local calls = type(message.tool_calls) == "table" and message.tool_calls or {}
  for _, call in ipairs(calls) do
    local called = type(call) == "table" and call["function"]
    if type(called) == "table" and called.name == task.name then
      local text = called.arguments
      return type(text) == "table" and task.encode(text) or tostring(text or "")
    end
  end
  local text = delta.text_of(message.content)
  if (not text or text == "") and calls[1] then return nil, calls end
  return text or ""
end

--- An answer and what is wrong with it, as messages to be asked once more with.
---@param way lualogue.ParseMethod
---@param message lualogue.Message the answer
---@param why string
---@param task lualogue.parse.Task
---@return lualogue.Message[]
function ways.again(way, message, why, task)
  local list = {}
  local note = why .. ". Answer again, with the right JSON and nothing else."
  if way == "json_schema" then -- some servers take response_format and keep it to themselves
    note = ("%s It must fit this JSON schema:\n%s"):format(note, task.encode(task.schema))
  end
  local calls = type(message.tool_calls) == "table" and message.tool_calls or {}
  if not calls[1] then
    local text = delta.text_of(message.content)
    local said = ways.copy(message)
    if not text or text == "" then said.content = "(no answer)" end
    list[#list + 1] = said
    list[#list + 1] = { role = "user", content = "That was wrong: " .. note }
    return list
  end
  list[#list + 1] = message
  for _, call in ipairs(calls) do
    list[#list + 1] = { role = "tool", tool_call_id = call.id, content = "Error: " .. note }
  end
  return list
end

return ways
