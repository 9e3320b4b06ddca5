--- Answers that fit a schema: the checked table instead of a text.

local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local usage = require "lualogue.usage"
local verdict = require "lualogue.parse.verdict"
local ways = require "lualogue.parse.ways"

local parse = {}

--- Options of `client:parse`, beside those of any call.
---@class lualogue.ParseOptions: lualogue.CallOptions
---@field retries? 0|1 how often it is asked once more, with what was wrong, where the answer is no
---JSON or does not fit the schema; 1
---@field method? lualogue.ParseMethod how the server is asked; default: the best that it has
---@field name? string of the schema, for the model to see; "answer"

--- How an answer came.
---@class lualogue.Parsed
---@field reply lualogue.ChatReply the last one
---@field message lualogue.Message its first choice, as it may be sent back
---@field method lualogue.ParseMethod how the server was asked: "json_schema" where it has it
---@field retries integer how often it had to be asked once more
---@field usage? lualogue.Usage of all requests
---@field text string the answer's JSON
---@field unchecked string[] what of the schema Lua could not check ("code: pattern")

--- What `client:parse` fails with. Codes, beside the server's own: `refusal` and `content_filter`
--- (kind `api`), `length` (`limit`), `json`, `schema` and `tool_calls` (`decode`).
---@class lualogue.ParseError: lualogue.Error
---@field text? string the answer that is not what it should be
---@field path? string where in it (`schema`)
---@field usage? lualogue.Usage of all requests that were answered

local OWN = { retries = true, method = true, name = true }

local function wrong(name, why)
  misuse.raise(("bad argument '%s' to 'parse' (%s)"):format(name, why))
end

--- Raise for what is wrong with the settings.
---@param settings { retries?: 0|1, method?: lualogue.ParseMethod, name?: string }
function parse.check(settings)
  local retries, method, name = settings.retries, settings.method, settings.name
  if retries ~= nil and retries ~= 0 and retries ~= 1 then wrong("retries", "0 or 1 expected") end
  if method ~= nil and not ways.by_name[method] then
    wrong("method", "json_schema, tool, json_object or prompt expected")
  end
  if name ~= nil and (type(name) ~= "string" or not name:find "^[%w_-]+$" or #name > 64) then
    wrong("name", 'at most 64 letters, digits, "_" and "-" expected')
  end
end

--- Raise for parameters that go against it.
---@param params table
function parse.check_params(params)
  if rawget(params, "stream") then wrong("stream", "see stream:parsed for answers that grow") end
  if rawget(params, "response_format") ~= nil then
    wrong("response_format", "it is made of the schema")
  end
end

local function failed(err, spent)
  err.usage = spent
  return nil, err
end

--- Ask by the best way that the server has.
local function ask_by(asker, task, way, fixed, more)
  while true do
    local reply, err = asker.ask(way, task, more)
    if reply then return reply, way end
    local behind = not fixed and ways.behind(way, err, task, asker.has_tools)
    if not behind then return nil, err end
    way = behind
  end
end

--- The checked value of a reply, or why there is none.
local function value_of(reply, task)
  local choice = type(reply.choices) == "table" and reply.choices[1]
  local message = type(choice) == "table" and choice.message
  if type(message) ~= "table" then
    return nil, errors.new { kind = "protocol", message = "a reply without a message" }
  end
  local err = verdict.of(message, choice.finish_reason)
  if err then return nil, err end
  local text, calls = ways.text(message, task)
  if not text then
    local called = calls[1]["function"] or calls[1].custom or {}
    local why = ("the model called '%s' instead of answering"):format(tostring(called.name))
    local fields = { kind = "decode", code = "tool_calls", message = why, partial = message }
    return nil, errors.new(fields)
  end
  local value, more = verdict.value(text, task.schema)
  if value == nil then more.partial = message end
  return value, more, message, text
end

local AGAIN = { json = true, schema = true }

--- Who asks for `parse.run`.
---@class lualogue.parse.Asker
---@field ask fun(way: string, task: table, more?: table[]): lualogue.ChatReply?, lualogue.Error?
---@field has_tools boolean there are tools of the caller's
---@field model? string

--- Ask until an answer fits, twice at most.
---@param asker lualogue.parse.Asker
---@param form string|table a schema in any form
---@param settings { retries?: 0|1, method?: lualogue.ParseMethod, name?: string }
---@param memory table<string, table> what the server is known to have, by model
---@return table? value
---@return lualogue.Parsed|lualogue.ParseError more
function parse.run(asker, form, settings, memory)
  local key = tostring(asker.model)
  local known = memory[key] or { way = "json_schema", strict = true }
  local task = {
    schema = require("lualogue.schema").of(form), name = settings.name or "answer",
    strict = known.strict, encode = require("lualogue.json").encode,
  }
  local way, spent, retries = settings.method or known.way, nil, 0
  local again
  while true do
    local reply, found = ask_by(asker, task, way, settings.method ~= nil, again)
    if not reply then return failed(found, spent) end
    way = found
    if not settings.method then memory[key] = { way = way, strict = task.strict } end
    spent = usage.add(spent, reply.usage)
    local value, more, message, text = value_of(reply, task)
    if value ~= nil then
      return value, {
        reply = reply, message = message, method = way, retries = retries, usage = spent,
        unchecked = more, text = text,
      }
    end
    local over = retries >= (settings.retries or 1) or not AGAIN[more.code]
    if over then return failed(more, spent) end
    retries = retries + 1
    again = ways.again(way, message, more.message, task)
  end
end

local memories = setmetatable({}, { __mode = "k" }) -- client -> what its server has

--- Split what is given as options.
---@param options any
---@return table settings ours
---@return table? rest
function parse.split(options)
  if options ~= nil then misuse.check(options, "table", "options", "parse") end
  local settings, rest = {}, nil
  for name, value in next, options or {} do
    if OWN[name] then
      settings[name] = value
    else
      rest = rest or {}
      rest[name] = value
    end
  end
  parse.check(settings)
  return settings, rest
end

--- What `client:parse` does.
---@param client lualogue.Client
---@param params lualogue.ChatParams
---@param form string|table
---@param options? lualogue.ParseOptions
---@return table? value
---@return lualogue.Parsed|lualogue.ParseError more
function parse.with(client, params, form, options)
  local settings, rest = parse.split(options)
  misuse.check(params, "table", "params", "parse")
  misuse.check(rawget(params, "messages"), "table", "messages", "parse")
  parse.check_params(params)
  memories[client] = memories[client] or {}
  local asker = { model = rawget(params, "model"), has_tools = rawget(params, "tools") ~= nil }
  function asker.ask(way, task, more)
    local request = ways.copy(params)
    if ways.by_name[way].apply then ways.by_name[way].apply(request, task) end
    request.messages = ways.copy(ways.messages(way, params.messages, task))
    for _, message in ipairs(more or {}) do
      request.messages[#request.messages + 1] = message
    end
    return client:chat(request, rest)
  end
  return parse.run(asker, form, settings, memories[client])
end

return parse
