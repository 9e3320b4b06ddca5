--- What messages and tools cost: by the caller's counter, else by the tokenizer, and each message
--- once in its life. Failures are raised as error objects; `apply` catches them.

local chat = require "lualogue.tokens.chat"
local errors = require "lualogue.errors"
local images = require "lualogue.tokens.images"
local models = require "lualogue.models"
local tokens = require "lualogue.tokens"
local rendering = require "lualogue.tokens.tools"

local counting = {}

local UNKNOWN = "unknown" -- a model that no table has

local function fail(kind, message) error(errors.new { kind = kind, message = message }, 0) end

--- A caller's counter gave this: a number from 0 on, or there is no telling what would be sent.
local function checked(n, err, what)
  if type(n) == "number" and n >= 0 and n < math.huge then return n end
  if errors.is(err) then error(err, 0) end
  local why = type(n)
  if n == nil then why = tostring(err or "nothing") end
  if why == "number" then why = tostring(n) end
  fail("policy", ("%s gave no number of tokens, but %s"):format(what, why))
end

local function encoding_of(ctx)
  local model = ctx.model and models.get(ctx.model, ctx.server)
  if model and model.encoding then return tokens.encoding(model.encoding) end
  return tokens.for_model(ctx.model or UNKNOWN)
end

--- The caller's count of a text, in the form of an encoding.
local function as_encoding(count)
  return {
    name = count, approximate = true,
    count = function(_, text) return checked(count(text), nil, "ctx.count") end,
  }
end

--- What an image costs beyond the usual guess where its size is not known: the most it can.
local function unknown_images(message, model)
  local more = 0
  for _, part in ipairs(type(message.content) == "table" and message.content or {}) do
    local image = type(part) == "table" and (part.type == "image_url" or part.type == "input_image")
      and (type(part.image_url) == "table" and part.image_url
        or { url = part.image_url, detail = part.detail })
    if image and not images.is_known(image.url) then
      more = more + images.most(image.detail, model) - images.count("", image.detail, model)
    end
  end
  return more
end

--- cost(message) -> tokens, estimated
local function by_encoding(encoding, model)
  local function raise(message) fail("policy", message) end
  return function(message)
    local n, report = chat.count({ message }, model, nil, encoding, raise)
    if not n then error(report, 0) end
    local more = unknown_images(message, model)
    return n - report.reply.tokens + more, report.messages[1].precision == "estimate"
  end
end

local function format_as_tool(format)
  local schema = type(format) == "table" and format.json_schema
  if type(schema) ~= "table" then return nil end
  return { type = "function", ["function"] = {
    name = schema.name, description = schema.description, parameters = schema.schema,
  } }
end

local function list_of_tools(ctx)
  local list = {}
  for i, tool in ipairs(type(ctx.tools) == "table" and ctx.tools or {}) do list[i] = tool end
  list[#list + 1] = format_as_tool(ctx.response_format)
  return list
end

--- What goes out besides messages: tools, the form of the answer, what opens the reply.
local function fixed_cost(ctx, encoding, system)
  if type(ctx.tools) == "number" then return ctx.tools end
  local list, reply = list_of_tools(ctx), ctx.cost and 0 or 3
  if not list[1] then return reply end
  encoding = encoding or encoding_of(ctx)
  if ctx.cost then
    local n, err = encoding:count(rendering.render(rendering.functions(list)))
    return checked(n, err, "the tokenizer")
  end
  local n, report = chat.count(system and { system } or {}, ctx.model or UNKNOWN, { tools = list },
    encoding, function(message) fail("policy", message) end)
  if not n then error(report, 0) end
  return report.tools.tokens + reply
end

--- The memory of what was counted, empty if it was counted otherwise.
local function memory_for(memory, identity)
  if memory.identity == identity then return memory end
  memory.identity, memory.fixed_for = identity, nil
  memory.costs = setmetatable({}, { __mode = "k" })
  memory.estimates = setmetatable({}, { __mode = "k" })
  return memory
end

--- Give the context of a policy its counters: `cost(message)`, `count(text)`, `fixed()`.
---@param ctx table what the caller gave, copied; `memory` is what was counted before
---@param messages lualogue.Message[]
function counting.equip(ctx, messages)
  local given = { cost = ctx.cost, tools = ctx.tools, response_format = ctx.response_format,
    model = ctx.model, server = ctx.server }
  local memory = memory_for(ctx.memory, ctx.cost or ctx.count or ctx.model or UNKNOWN)
  local costs, estimates = memory.costs, memory.estimates
  local encoding, counter = ctx.count and as_encoding(ctx.count), ctx.cost

  local function the_encoding()
    encoding = encoding or encoding_of(given)
    return encoding
  end

  function ctx.count(text)
    local n, err = the_encoding():count(text)
    return checked(n, err, "the tokenizer")
  end

  function ctx.cost(message)
    local n = costs[message]
    if not n then
      counter = counter or by_encoding(the_encoding(), ctx.model or UNKNOWN)
      local got, second = counter(message)
      n = checked(got, second, "ctx.cost")
      costs[message] = n
      if second == true then estimates[message] = true end
    end
    if estimates[message] then ctx.estimated = true end
    return n
  end

  function ctx.fixed()
    local tools = given.tools or false
    if memory.fixed_for ~= tools or memory.format ~= given.response_format then
      local system = messages[1] and messages[1].role == "system" and messages[1] or nil
      memory.fixed = fixed_cost(given, encoding, system)
      memory.fixed_for, memory.format = tools, given.response_format
    end
    return memory.fixed
  end
end

return counting
