--- What a dialogue is given: our own options, and everything else, which are parameters of its
--- requests.

local misuse = require "lualogue.misuse"
local trim = require "lualogue.trim"

local options = {}

local OWN = {
  system = true, trim = true, strict = "boolean", on_event = "function", prices = "table",
  load = "string", options = "table", count = "function", cost = "function",
  max_rounds = "number", serial = "boolean",
}
-- These are the dialogue's to set.
local TAKEN = { messages = "messages are given with import", stream = "call dialogue:stream" }
-- Those of a single turn.
local PER_TURN = { options = "table", trim = true, max_rounds = "number", serial = "boolean" }

local function bad(name, where, why)
  misuse.raise(("bad argument '%s' to '%s' (%s)"):format(name, where, why))
end

local function check_trim(value, where)
  if value == nil or value == false or trim.is_policy(value) then return value end
  bad("trim", where, "a policy, a function or false expected, got " .. type(value))
end

local function check_rounds(value, where)
  if value and (value < 1 or value % 1 ~= 0) then
    bad("max_rounds", where, "a whole number from 1 expected")
  end
end

--- The messages that stand in front of a conversation.
---@param system any text, one message, or a list of them
---@param where string
---@return lualogue.Message[]
function options.system(system, where)
  if system == nil then return {} end
  if type(system) == "string" then return { { role = "system", content = system } } end
  if type(system) ~= "table" then
    bad("system", where, "a string or a list of messages expected, got " .. type(system))
  end
  if system.role ~= nil then return { system } end
  for i, message in ipairs(system) do
    if type(message) ~= "table" or message.role ~= "system" and message.role ~= "developer" then
      bad("system", where, ("system[%d]: a system or developer message expected"):format(i))
    end
  end
  return system
end

--- Split what a dialogue is given.
---@param given any
---@param where string
---@return table own
---@return table params
function options.split(given, where)
  if given == nil then return {}, {} end
  misuse.check(given, "table", "options", where)
  local own, params = {}, {}
  for name, value in pairs(given) do
    if TAKEN[name] then bad(name, where, TAKEN[name]) end
    local kind = OWN[name]
    if kind and kind ~= true then misuse.check(value, kind, name, where) end
    if kind then own[name] = value else params[name] = value end
  end
  check_trim(own.trim, where)
  check_rounds(own.max_rounds, where)
  return own, params
end

--- Split what a single turn is given over the dialogue's own.
---@param given any
---@param where string
---@return table own
---@return table params
function options.overrides(given, where)
  if given == nil then return {}, {} end
  misuse.check(given, "table", "overrides", where)
  local own, params = {}, {}
  for name, value in pairs(given) do
    if TAKEN[name] and name ~= "stream" then bad(name, where, TAKEN[name]) end
    local kind = PER_TURN[name]
    if kind and kind ~= true then misuse.check(value, kind, name, where) end
    if kind then own[name] = value else params[name] = value end
  end
  own.stream, params.stream = params.stream, nil
  check_trim(own.trim, where)
  check_rounds(own.max_rounds, where)
  return own, params
end

--- A message, from what a caller gives for one.
---@param given any text, or a message
---@param where string
---@param role? lualogue.Role of a text, and of a message that names none
---@return lualogue.Message
function options.message(given, where, role)
  if type(given) == "string" and role then return { role = role, content = given } end
  misuse.check(given, "table", "message", where)
  local message = {}
  for name, value in pairs(given) do message[name] = value end
  message.role = message.role or role
  if type(message.role) ~= "string" then
    bad("message", where, "a role expected, got " .. type(message.role))
  end
  local content = message.content
  if content ~= nil and type(content) ~= "string" and type(content) ~= "table"
    and type(content) ~= "userdata" then
    bad("message", where, "content: a string or a list expected, got " .. type(content))
  end
  if message.role ~= "assistant" and (content == nil or type(content) == "userdata") then
    bad("message", where, ("a message of the %s without content"):format(message.role))
  end
  return message
end

local PREFILLS = { ask = true, plain = true, vllm = true, mistral = true }

--- How a server is told to go on; taken out of the parameters.
---@param params table
---@param where string
---@return string
function options.prefill(params, where)
  local way = params.prefill
  params.prefill = nil
  if way ~= nil and not PREFILLS[way] then
    bad("prefill", where, "one of ask, plain, vllm, mistral expected")
  end
  return way or "ask"
end

--- A place in the history.
---@param i any
---@param n integer how many there are
---@param where string
---@return integer
function options.place(i, n, where)
  if type(i) ~= "number" or i % 1 ~= 0 then
    bad("i", where, "a place in the history expected, got " .. type(i))
  end
  if i < 1 or i > n then
    bad("i", where, ("no message %d: the history has %d"):format(i, n))
  end
  return i
end

return options
