--- `lualogue again`: the last question once more.

local ask = require "lualogue.command.ask"
local fault = require "lualogue.command.fault"
local log = require "lualogue.command.log"
local enclosed = require "lualogue.command.enclosed"
local request = require "lualogue.command.request"

local again = {}

--- The parameters of the turn, and those that were given now over them.
local function params_of(turn, given)
  local params = {}
  for key, value in pairs(turn.params or {}) do params[key] = value end
  for key, value in pairs(request.params(given)) do params[key] = value end
  return params
end

---@param options table
---@return integer code
function again.run(options)
  if options[1] then fault.use("again takes no words: '%s'", options[1]) end
  local conversation = options.cid and log.find(options.cid) or log.newest(options.global)
  local turn = conversation.last
  if not turn then fault.use("%s has no question", conversation.id) end
  local built = {
    question = turn.messages[1], system = turn.system, params = params_of(turn, options.option),
    extract = options.extract, schema_text = turn.schema,
    schema = turn.schema and enclosed.schema(turn.schema),
  }
  local parent = turn.parent and conversation.by_id[turn.parent]
  local job = ask.job(options, built, conversation, parent)
  return ask.all(job, options.model or { turn.model }, options)
end

return again
