--- An answer in JSON while it streams: the table as it grows, and its verdict at the end.

local delta = require "lualogue.delta"
local partial_json = require "lualogue.partial_json"
local verdict = require "lualogue.parse.verdict"

--- The checked value of a stream that is complete; raises what is wrong with it.
local function at_end(stream, schema)
  local message = stream:snapshot() or { role = "assistant", content = "" }
  local value
  local err = verdict.of(message, stream.finish_reason)
  if not err then value, err = verdict.value(delta.text_of(message.content) or "", schema) end
  if value ~= nil then return value end
  err.partial = message
  error(err, 0)
end

--- An iterator over the values of a stream.
---@param stream lualogue.Stream
---@param form? string|table a schema in any form
---@return fun(): any, lualogue.PartialState?
return function(stream, form)
  local schema = form ~= nil and require("lualogue.schema").of(form) or {}
  local reader, next_text, over = partial_json.new(), stream:text(), false
  return function()
    if over then return nil end
    for text in next_text do
      local state = reader:feed(text)
      local value = reader:value()
      if value ~= nil and state ~= "broken" then return value, state end
    end
    over = true
    local value = at_end(stream, schema)
    -- What stood in a code block could not be read as it came.
    if reader.state ~= "complete" then return value, "complete" end
  end
end
