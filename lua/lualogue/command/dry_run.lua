--- `--dry-run`: the request as it would be sent, and what it would weigh.

local answer = require "lualogue.command.answer"
local history = require "lualogue.command.history"
local json = require "lualogue.json"
local output = require "lualogue.command.output"

local dry_run = {}

--- What was given as JSON text, as values.
local function decoded(value)
  return type(value) == "userdata" and json.decode(json.encode(value)) or value
end

---@param job lualogue.command.Job
---@param whos lualogue.command.Who[]
---@return integer code
function dry_run.show(job, whos)
  local tokens = require "lualogue.tokens"
  for _, who in ipairs(whos) do
    local streams = job.how.stream and #whos == 1
    local messages = history.messages(job, who)
    local params = answer.params(who, messages, job.params, streams and job.usage)
    params.stream = streams or nil
    if job.how.schema then
      params.response_format = require("lualogue.schema").response_format(job.how.schema)
    end
    local text = json.encode(params)
    if output.terminal() then
      local layout = require "lualogue.cassette.layout"
      text = require("lualogue.terminal").safe(layout.pretty(layout.parse(text))):gsub("\n$", "")
    end
    output.raw(text .. "\n")
    local model = who.model or ""
    local n, report = tokens.count_messages(messages, model, { tools = decoded(params.tools) })
    if not n then
      output.note("lualogue: " .. tostring(report))
    else
      output.note(("%s: %s%d tokens, nothing is sent"):format(
        who.model or "the server's first model", report.precision == "exact" and "" or "about ", n))
    end
  end
  return 0
end

return dry_run
