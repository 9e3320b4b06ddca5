--- What the events of a recorded stream come to, worked out apart from the library: from all
--- events at once, decoded by lua-cjson, with none of `lua/lualogue/delta`. Slow and plain, since
--- it is what the library is measured by.

local cjson = require "cjson"

local merge = {}

--- A copy without fields that are null. Nulls in lists stay.
---@param value any
---@return any
function merge.without_nulls(value)
  if type(value) ~= "table" then return value end
  local copy = {}
  for key, v in pairs(value) do
    if v ~= cjson.null or type(key) == "number" then copy[key] = merge.without_nulls(v) end
  end
  return copy
end

--- The events of a body: their data, decoded where it is JSON.
---@param body string
---@return table[] chunks
---@return boolean done `[DONE]` came
---@return string? broken data that is no JSON: what comes behind it does not count
function merge.events(body)
  local chunks, done = {}, false
  for line in body:gsub("\r\n", "\n"):gmatch "[^\n]+" do
    local data = line:match "^data: ?(.*)$"
    if data and data:match "^%s*%[DONE%]" then
      done = true
    elseif data and data ~= "" then
      local ok, chunk = pcall(cjson.decode, data)
      if not ok then return chunks, done, data end
      chunks[#chunks + 1] = merge.without_nulls(chunk)
    end
  end
  return chunks, done
end

-- ------------------------------------------------------------------ strings

local IS_WORD = { id = true, type = true, name = true, channel = true, object = true, model = true, status = true }

--- What the strings under one name of a delta come to.
local function string_of(name, pieces)
  if IS_WORD[name] then return pieces[#pieces] end
  if name:match "^reasoning" or name == "refusal" or name:match "content$" then
    if name ~= "reasoning_opaque" then return table.concat(pieces) end
  end
  local grows = #pieces > 1
  for i = 2, #pieces do
    if pieces[i]:find(pieces[i - 1], 1, true) ~= 1 then grows = false end
  end
  return grows and pieces[#pieces] or table.concat(pieces)
end

-- ------------------------------------------------------------------ calls

local function is_whole(arguments)
  local ok, value = pcall(cjson.decode, arguments)
  return ok and type(value) == "table"
end

local function find_call(calls, piece)
  for _, call in ipairs(calls) do
    if piece.id and piece.id ~= "" and call.id == piece.id then return call end
  end
  for i = #calls, 1, -1 do
    if calls[i].index == piece.index then
      local f = piece["function"] or {}
      if f.name and (f.arguments or "") ~= "" and is_whole(calls[i]["function"].arguments) then return nil end
      return calls[i]
    end
  end
end

local function calls_of(pieces)
  local calls = {}
  for _, piece in ipairs(pieces) do
    local f, call = piece["function"] or {}, find_call(calls, piece)
    if not call then
      call = { index = piece.index, ["function"] = { arguments = "" } }
      calls[#calls + 1] = call
    end
    if piece.id and piece.id ~= "" then call.id = piece.id end
    call.type = piece.type or call.type or "function"
    if f.name and f.name ~= "" then call["function"].name = f.name end
    call["function"].arguments = call["function"].arguments .. (f.arguments or "")
  end
  for _, call in ipairs(calls) do call.index = nil end
  return #calls > 0 and calls or nil
end

-- ------------------------------------------------------------------ content and lists

--- Parts of which neighbours that are text, or thought, are one.
local function parts_of(items)
  local parts = {}
  for _, item in ipairs(items) do
    local part = type(item) == "string" and { type = "text", text = item } or merge.without_nulls(item)
    local last = parts[#parts]
    local goes_on = last and last.type == part.type
    if goes_on and part.type == "text" then
      last.text = last.text .. part.text
    elseif goes_on and part.type == "thinking" then
      for _, inner in ipairs(part.thinking) do table.insert(last.thinking, inner) end
      last.thinking = parts_of(last.thinking)
      if part.closed ~= nil then last.closed = part.closed end
    elseif part.text ~= "" then
      parts[#parts + 1] = part
    end
  end
  return parts
end

--- Items with an index are the item of this index and type, with its texts joined.
local function list_of(items)
  local list, by_key = {}, {}
  for _, item in ipairs(items) do
    local key = item.index and ("%d %s"):format(item.index, item.type or "")
    local known = key and by_key[key]
    if known then
      for name, value in pairs(item) do
        local joined = known[name] and (name == "text" or name == "summary" or name == "data")
        known[name] = joined and known[name] .. value or value
      end
    else
      known = merge.without_nulls(item)
      list[#list + 1] = known
      if key then by_key[key] = known end
    end
  end
  return list
end

-- ------------------------------------------------------------------ messages

local function choices_in(chunks, index)
  local found = {}
  for _, chunk in ipairs(chunks) do
    for _, choice in ipairs(type(chunk.choices) == "table" and chunk.choices or {}) do
      if (choice.index or 0) == index then found[#found + 1] = choice end
    end
  end
  return found
end

--- All values that deltas had under each name, in order, and those of lists in one list.
local function gather(choices)
  local values, lists = {}, {}
  for _, choice in ipairs(choices) do
    for name, value in pairs(choice.delta or { content = choice.text }) do
      local into = values
      if type(value) == "table" then
        lists[name] = lists[name] or {}
        for _, item in ipairs(value) do table.insert(lists[name], item) end
        into = name == "content" and values or {}
      end
      into[name] = into[name] or {}
      table.insert(into[name], value)
    end
  end
  return values, lists
end

--- The message of a choice.
---@param chunks table[]
---@param index integer counted from 0
---@return table? message
---@return string text its text alone
function merge.message(chunks, index)
  local choices = choices_in(chunks, index)
  if #choices == 0 then return nil, "" end
  local values, lists = gather(choices)
  local message, text = { role = "assistant" }, {}
  for name, pieces in pairs(values) do
    if name ~= "content" and name ~= "role" and #table.concat(pieces) > 0 then
      message[name] = string_of(name, pieces)
    end
  end
  message.tool_calls = calls_of(lists.tool_calls or {})
  for name, items in pairs(lists) do
    if name ~= "tool_calls" and name ~= "content" and #items > 0 then message[name] = list_of(items) end
  end
  local flat = {}
  for _, value in ipairs(values.content or {}) do
    for _, item in ipairs(type(value) == "table" and value or { value }) do flat[#flat + 1] = item end
  end
  local parts = parts_of(flat)
  for _, part in ipairs(parts) do text[#text + 1] = part.text end
  text = table.concat(text)
  if lists.content then
    message.content = parts
  elseif text ~= "" or not (message.tool_calls or message.refusal) then
    message.content = text
  end
  return message, text
end

-- ------------------------------------------------------------------ the reply

local function last_of(list, name)
  for i = #list, 1, -1 do
    local value = list[i][name]
    if value ~= nil and value ~= "" and not (type(value) == "table" and next(value) == nil) then return value end
  end
end

--- The last word of each field but these; of objects that of each field in them.
local function fields_of(list, without)
  local out = {}
  for _, item in ipairs(list) do
    for name, value in pairs(item) do
      local is_new = not without[name] and out[name] == nil
      if is_new and type(value) == "table" and #value == 0 then
        local inside = {}
        for _, other in ipairs(list) do inside[#inside + 1] = other[name] end
        out[name] = next(value) ~= nil and fields_of(inside, {}) or nil
      elseif is_new then
        out[name] = last_of(list, name)
      end
    end
  end
  return out
end

--- The usage of a stream: the chunks' own, else what stands in a choice or in `x_groq`.
---@param chunks table[]
---@return table?
function merge.usage(chunks)
  local usage = last_of(chunks, "usage")
  for i = #chunks, 1, -1 do
    local chunk = chunks[i]
    usage = usage or (chunk.choices and chunk.choices[1] and chunk.choices[1].usage)
      or (chunk.x_groq and chunk.x_groq.usage)
  end
  return usage
end

--- The reply of a whole stream.
---@param chunks table[]
---@return table
function merge.reply(chunks)
  local reply = fields_of(chunks, { choices = true, obfuscation = true, p = true, usage = true })
  for _, name in ipairs { "id", "model", "created" } do
    reply[name] = nil
    for i = #chunks, 1, -1 do
      local value = chunks[i][name]
      if value and value ~= "" and value ~= 0 then reply[name] = value end
    end
  end
  reply.object, reply.usage, reply.choices = "chat.completion", merge.usage(chunks), {}
  for index = 0, 127 do
    local choices = choices_in(chunks, index)
    if #choices > 0 then
      local choice = fields_of(choices, { delta = true, message = true, text = true, usage = true, logprobs = true })
      local message, text = merge.message(chunks, index)
      choice.index = index
      if choices[1].text then
        reply.object, choice.text = "text_completion", text
      else
        choice.message = message
      end
      for _, c in ipairs(choices) do
        for name, items in pairs(c.logprobs or {}) do
          choice.logprobs = choice.logprobs or {}
          choice.logprobs[name] = choice.logprobs[name] or {}
          for _, item in ipairs(items) do table.insert(choice.logprobs[name], item) end
        end
      end
      table.insert(reply.choices, choice)
    end
  end
  return reply
end

--- What of a value differs from another, as a path and both; nil where nothing does.
---@param a any
---@param b any
---@param path? string
---@return string?
function merge.difference(a, b, path)
  path = path or "it"
  if type(a) ~= "table" or type(b) ~= "table" then
    if a == b then return nil end
    return ("%s: %s, not %s"):format(path, tostring(a), tostring(b))
  end
  for key, value in pairs(a) do
    local found = merge.difference(value, b[key], path .. "." .. tostring(key))
    if found then return found end
  end
  for key in pairs(b) do
    if a[key] == nil then return ("%s.%s: nil, not %s"):format(path, tostring(key), tostring(b[key])) end
  end
end

return merge
