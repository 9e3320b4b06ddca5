--- What a stream tells beside its messages, and the whole reply that it makes: fields of the
--- chunks (`service_tier`, `citations`, `timings`) and of their choices (`logprobs`).

local part = require "lualogue.delta.part"

local reply = {}

local function append(known, items)
  local all = type(known) == "table" and known or {}
  for _, item in ipairs(items) do all[#all + 1] = item end
  return all
end

--- Take a field of a chunk into account. The last value counts, of an object each field does:
--- Azure's filters come one after the other.
---@param fields table<string, any>
---@param name string
---@param value any
function reply.note(fields, name, value)
  if part.is_nothing(value) then return end
  if type(value) ~= "table" or value[1] ~= nil then
    fields[name] = value
  elseif next(value) ~= nil then
    local known = fields[name]
    local merged = type(known) == "table" and known[1] == nil and known or {}
    fields[name] = merged
    for key, v in pairs(value) do
      if not part.is_nothing(v) then merged[key] = v end
    end
  end
end

local function note_logprobs(known, value)
  for key, v in pairs(value) do
    if type(v) == "table" then
      known[key] = append(known[key], v)
    elseif not part.is_nothing(v) then
      known[key] = v
    end
  end
  return known
end

--- Take a field of one of its choices into account. Lists of what belongs to the tokens are
--- appended: logprobs, and numbers such as `token_ids`.
---@param fields table<string, any>
---@param name string
---@param value any
function reply.note_of_choice(fields, name, value)
  if name == "logprobs" and type(value) == "table" then
    fields.logprobs = note_logprobs(fields.logprobs or {}, value)
  elseif type(value) == "table" and type(value[1]) == "number" then
    fields[name] = append(fields[name], value)
  elseif fields[name] ~= value then
    reply.note(fields, name, value)
  end
end

local function choice_of(index, c)
  local out = part.copy(c.beside)
  out.index, out.finish_reason = index, c.finish_reason
  local message = c:message()
  if c.is_text then
    out.text = message.content or ""
  else
    out.message = message
  end
  return out
end

--- The whole reply, a new table each time.
---@param fold lualogue.delta.Accumulator
---@param fields table<string, any>
---@param choices table<integer, lualogue.delta.Choice>
---@return lualogue.ChatReply
function reply.table(fold, fields, choices)
  local out, order = part.copy(fields), {}
  for index in pairs(choices) do order[#order + 1] = index end
  table.sort(order)
  out.object, out.choices = "chat.completion", {}
  for i, index in ipairs(order) do
    out.choices[i] = choice_of(index, choices[index])
    if choices[index].is_text then out.object = "text_completion" end
  end
  out.id, out.model, out.created = fold.id, fold.model, fold.created
  out.usage = part.copy(fold.usage)
  return out
end

return reply
