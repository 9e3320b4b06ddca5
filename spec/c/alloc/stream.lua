-- A stream, both ways of reading it, its verdict, and one that is left in the middle.
local lualogue = require "lualogue"
local client = lualogue.new { model = "eliza", api_key = "k", max_retries = 0 }
local params = {
  messages = { { role = "user", content = "I am sad" } },
  stream_options = { include_usage = true },
}

local function read()
  local stream, err = client:stream(params)
  if not stream then return not assert(err, "nil came without an error") end
  local text = {}
  for piece in stream:text() do text[#text + 1] = piece end
  local message = stream:message()
  if message.content ~= table.concat(text) or stream.finish_reason ~= "stop" then return false end
  stream = client:stream(params)
  if not stream then return false end
  local chunks = 0
  for _ in stream:chunks() do chunks = chunks + 1 end
  stream:close()
  local left = client:stream(params)
  if not left then return false end
  left:next()
  left:close()
  return chunks > 2 and stream.usage.total_tokens > 0
end

read()
return read
