--- Parameters that a client adds to the calls which do not name them.
---
--- One goes to each operation that asks a model for text or vectors and has a parameter of that
--- name in the API's description: chats, `responses.create`, `completions.create`, embeddings. A
--- name that none of them has is a server's own, and goes to chats.

local native = require "lualogue.native"

local defaults = {}

-- They make a call what it is.
local REFUSED = {}
for name in ([[messages input prompt stream tools tool_choice functions function_call
  response_format text n conversation previous_response_id]]):gmatch "%S+" do
  REFUSED[name] = "it belongs to a call"
end
REFUSED.model = "the client has an option of that name"

local CHAT = "chat.completions.create"

local known -- operation -> its parameters, and "": all of them
local function parameters(operation)
  if not known then
    known = { [""] = {} }
    local lists = require "lualogue.resources.parameters"
    for name, words in next, lists do
      known[name] = {}
      for word in words:gmatch "%S+" do known[name][word], known[""][word] = true, true end
    end
  end
  return known[operation]
end

--- Raise for what can be no table of defaults.
local function check(given, where)
  if given == false and where == "with" then return end
  local function refuse(argument, why)
    native.core().raise(("bad argument '%s' to '%s' (%s)"):format(argument, where, why))
  end
  if type(given) ~= "table" then refuse("defaults", "table expected, got " .. type(given)) end
  for name in next, given do
    if type(name) ~= "string" then
      refuse("defaults", "its keys must be names of parameters")
    elseif REFUSED[name] then
      refuse("defaults." .. name, REFUSED[name])
    end
  end
end

--- Defaults over those of the client that another goes on from; null takes one away.
---@param below? table
---@param given any false: none at all
---@param where string
---@return table? defaults
function defaults.read(below, given, where)
  check(given, where)
  local all, null = {}, native.core().json.null
  for name, value in next, given and below or {} do all[name] = value end
  for name, value in next, given or {} do all[name] = value end
  for name, value in next, all do
    if value == null then all[name] = nil end
  end
  return next(all) ~= nil and all or nil
end

local function goes_to(name, operation)
  return parameters(operation)[name] or operation == CHAT and not parameters ""[name]
end

--- Those that each chat gets, streamed or not.
---@param all table<string, any>
---@return table<string, any>
function defaults.of_chats(all)
  local found = {}
  for name, value in next, all do
    if goes_to(name, CHAT) and name ~= "stream_options" then found[name] = value end
  end
  return found
end

--- Parameters with the defaults of the client; the caller's win, and null takes one away.
---@param client table
---@param operation string its official name
---@param params any what is no table goes through, to be refused
---@param streams? any whether it is sent as a stream
---@return any params the same where there is nothing to add
function defaults.under(client, operation, params, streams)
  local own = rawget(client, "defaults")
  if not parameters(operation) or params ~= nil and type(params) ~= "table" then return params end
  local copy, null = {}, native.core().json.null
  for name, value in next, params or {} do copy[name] = value end
  for name, value in next, own do
    local is_ours = goes_to(name, operation) and (streams or name ~= "stream_options")
    if copy[name] == nil and is_ours then
      copy[name] = value
    elseif copy[name] == null then
      copy[name] = nil
    end
  end
  return copy
end

return defaults
