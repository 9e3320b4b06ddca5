--- What is sent of a conversation: all of it, or what the model takes.

local fault = require "lualogue.command.fault"
local output = require "lualogue.command.output"
local request = require "lualogue.command.request"

local history = {}

--- A dialogue that asks nobody: it knows how much a model takes, and what may be left out.
local function dialogue_of(job, who)
  local given = request.plain(job.params)
  given.model, given.system = who.model, job.system
  local nobody = { model = who.model, chat = fault.raise, stream = fault.raise }
  return require("lualogue.dialogue").new(nobody, given)
end

--- The messages of a request.
---@param job lualogue.command.Job
---@param who lualogue.command.Who
---@return lualogue.Message[]
function history.messages(job, who)
  if not job.parent then
    if not job.system then return { job.question } end
    return { { role = "system", content = job.system }, job.question }
  end
  local before = require("lualogue.command.log").messages(job.conversation, job.parent)
  local dialogue = fault.checked(dialogue_of, job, who)
  fault.checked(dialogue.import, dialogue, before)
  local built, err = dialogue:preview(job.question)
  if not built then fault.of(err) end
  local n_all = #before + 1 + (job.system and 1 or 0)
  if #built.messages < n_all then
    output.note(("lualogue: the model takes no more than %d of %d messages, the newest"):format(
      #built.messages, n_all))
  end
  return built.messages
end

return history
