--- The loop of tools without a dialogue: ask, run what is called, ask again, until the model
--- answers in words.

local declare = require "lualogue.tools.declare"
local delta = require "lualogue.delta"
local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local round = require "lualogue.tools.round"

local loop = {}

local MAX_ROUNDS = 10

--- Options of `client:run_tools`, beside those of any call.
---@class lualogue.RunToolsOptions: lualogue.CallOptions
---@field tools lualogue.ToolSpec[]
---@field max_rounds? integer rounds of tools until it is an error (`limit`, code `rounds`); 10
---@field on_event? fun(event: lualogue.ToolEvent) told of what happens, as it happens
---@field serial? boolean calls of one message run one after the other; default: at once
---@field resume? lualogue.PendingTools go on from here: `err.pending` of a run that failed

--- What happens in a run. `type` says which of the other fields it has.
---@class lualogue.ToolEvent
---@field type "text"|"piece"|"call"|"result"|"round" a piece of text, a piece of a call that still
---comes (both with `stream = true` only); a call that is about to run, what came of it; a round is
---over
---@field text? string
---@field piece? string of the arguments of a call
---@field index? integer of the call, from 1
---@field name? string of the call
---@field reader? lualogue.PartialJson of the arguments so far
---@field call? lualogue.ToolCallInfo|lualogue.ToolResult
---@field arguments? table
---@field round? integer

--- A run that is not over.
---@class lualogue.PendingTools
---@field messages lualogue.Message[] of the rounds that are finished
---@field rounds integer how many
---@field calls lualogue.ToolResult[] of those rounds
---@field usage? lualogue.Usage so far
---@field message? lualogue.Message whose calls are not all answered
---@field answers table<integer, lualogue.ToolResult> of those of them that are

--- How a run ended.
---@class lualogue.ToolRun
---@field text string the answer
---@field message lualogue.Message the same, as it may be sent back
---@field messages lualogue.Message[] all: what was sent first, the rounds, the answer
---@field calls lualogue.ToolResult[] all, with arguments, results or errors, and times
---@field rounds integer of tools
---@field reply lualogue.ChatReply the last one
---@field finish_reason? lualogue.FinishReason
---@field usage? lualogue.Usage of all requests

--- What `client:run_tools` fails with.
---@class lualogue.ToolRunError: lualogue.Error
---@field pending lualogue.PendingTools

local OWN = { tools = true, max_rounds = true, on_event = true, serial = true, resume = true }

local function copy_of(fields)
  local copy = {}
  for key, value in next, fields do copy[key] = value end
  return copy
end

local function wrong(name, why)
  misuse.raise(("bad argument '%s' to 'run_tools' (%s)"):format(name, why))
end

local function check(params, settings)
  misuse.check(params, "table", "params", "run_tools")
  misuse.check(rawget(params, "messages"), "table", "messages", "run_tools")
  local n, rounds = rawget(params, "n"), settings.max_rounds
  if type(n) == "number" and n > 1 then wrong("n", "tools go on from one answer") end
  if rounds ~= nil and (type(rounds) ~= "number" or rounds < 1 or rounds % 1 ~= 0) then
    wrong("max_rounds", "a whole number from 1 expected")
  end
  for name, kind in pairs { on_event = "function", serial = "boolean", resume = "table" } do
    if settings[name] ~= nil then misuse.check(settings[name], kind, name, "run_tools") end
  end
end

local function started(given)
  if not given then return { messages = {}, rounds = 0, calls = {}, answers = {} } end
  for _, name in ipairs { "messages", "calls", "answers" } do
    misuse.check(given[name], "table", "resume." .. name, "run_tools")
  end
  misuse.check(given.rounds, "number", "resume.rounds", "run_tools")
  local state = copy_of(given)
  for _, name in ipairs { "messages", "calls", "answers" } do state[name] = copy_of(given[name]) end
  return state
end

--- A choice that forces a call, which is meant for the first round: kept, it would never end.
---@param choice any
---@return boolean
function loop.is_forced(choice)
  if type(choice) ~= "table" then return choice == "required" end
  local allowed = choice.allowed_tools
  return choice.type ~= "allowed_tools" or type(allowed) == "table" and allowed.mode == "required"
end

--- The tools of a request: the caller's own definitions, then ours.
---@param given any
---@param set lualogue.tools.Set
---@return lualogue.Tool[]
function loop.definitions(given, set)
  if type(given) ~= "table" then return set.definitions end
  local list = copy_of(given)
  for _, definition in ipairs(set.definitions) do list[#list + 1] = definition end
  return list
end

--- All messages so far: one list, which grows, since each request is written before the next.
local function all_messages(params, state)
  local list = copy_of(params.messages)
  for _, message in ipairs(state.messages) do list[#list + 1] = message end
  return list
end

local function request_of(params, task, state)
  local request = copy_of(params)
  request.messages, request.tools = task.all, task.definitions
  if state.rounds > 0 and loop.is_forced(request.tool_choice) then request.tool_choice = nil end
  return request
end

local function failed(err, state)
  err.pending = state
  return nil, err
end

--- Run the calls that wait. Returns nil and the error where one of them cannot be answered now.
local function run_round(task, state)
  local results, err = round.run(task.set, state.message, {
    round = state.rounds + 1, answers = state.answers, json = task.json, now = task.now,
    serial = task.serial, tell = task.tell,
  })
  if not results then return nil, err end
  for _, message in ipairs(round.messages(state.message, results)) do
    state.messages[#state.messages + 1] = message
    task.all[#task.all + 1] = message
  end
  for _, record in ipairs(results) do state.calls[#state.calls + 1] = record end
  state.rounds, state.message, state.answers = state.rounds + 1, nil, {}
  task.tell { type = "round", round = state.rounds }
  return true
end

local function finished(task, state, reply, choice)
  task.all[#task.all + 1] = choice.message
  return {
    text = delta.text_of(choice.message.content) or "", message = choice.message,
    messages = task.all, calls = state.calls, rounds = state.rounds, usage = state.usage,
    reply = reply, finish_reason = choice.finish_reason,
  }
end

--- The loop itself.
---@param params lualogue.ChatParams
---@param task table `set`, `definitions`, `all`, `ask`, `add_usage`, `json`, `now`, `tell`,
---`serial`, `max_rounds`
---@param state lualogue.PendingTools
---@return lualogue.ToolRun?
---@return lualogue.ToolRunError?
local function go(params, task, state)
  while true do
    if state.message then
      if state.rounds >= task.max_rounds then
        local why = "the model wants tools called after %d rounds of them (max_rounds)"
        local err = { kind = "limit", code = "rounds", message = why:format(state.rounds) }
        return failed(errors.new(err), state)
      end
      local ok, err = run_round(task, state)
      if not ok then return failed(err, state) end
    end
    local reply, err = task.ask(request_of(params, task, state), task.tell)
    if not reply then return failed(err, state) end
    state.usage = task.add_usage(state.usage, reply.usage)
    local choice = type(reply.choices) == "table" and reply.choices[1]
    local message = type(choice) == "table" and choice.message
    if type(message) ~= "table" then
      err = { kind = "protocol", message = "a reply without a message" }
      return failed(errors.new(err), state)
    end
    local calls = message.tool_calls
    if type(calls) ~= "table" or calls[1] == nil then
      return finished(task, state, reply, choice)
    end
    state.message = round.normal(message, state.rounds + 1, task.json.encode)
    state.answers = {}
  end
end

--- What `client:run_tools` does.
---@param client lualogue.Client
---@param params lualogue.ChatParams
---@param options lualogue.RunToolsOptions
---@return lualogue.ToolRun?
---@return lualogue.ToolRunError?
function loop.with(client, params, options)
  misuse.check(options, "table", "options", "run_tools")
  local settings, rest = {}, nil
  for name, value in next, options do
    if OWN[name] then
      settings[name] = value
    else
      rest = rest or {}
      rest[name] = value
    end
  end
  check(params, settings)
  local listener = settings.on_event
  local set = declare.set(settings.tools, "run_tools")
  local state = started(settings.resume)
  local task = {
    set = set, definitions = loop.definitions(rawget(params, "tools"), set),
    all = all_messages(params, state), json = require "lualogue.json",
    now = require("lualogue.native").core().now, serial = settings.serial,
    max_rounds = settings.max_rounds or MAX_ROUNDS,
    add_usage = require("lualogue.usage").add,
    tell = function(event) if listener then pcall(listener, event) end end,
    ask = function(request, tell)
      if not rawget(request, "stream") then return client:chat(request, rest) end
      return require("lualogue.tools.streamed")(client, request, rest, tell)
    end,
  }
  return go(params, task, state)
end

return loop
