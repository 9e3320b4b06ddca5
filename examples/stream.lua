-- An answer as it comes: as text, then as whole chunks, then cut short.
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)
local messages = { { role = "user", content = "I am worried about my garden." } }

-- 1. The text, piece by piece; usage comes at the end if it is asked for.
local stream = lualogue.assert(client:stream {
  messages = messages,
  stream_options = { include_usage = true },
})
for text in stream:text() do
  io.write(text)
  io.flush()
end
print()
print(("finish_reason %s, %s tokens"):format(
  stream.finish_reason, stream.usage and stream.usage.total_tokens or "unknown"))

-- 2. The message that came may be sent back as it is.
messages[#messages + 1] = lualogue.assert(stream:message())
messages[#messages + 1] = { role = "user", content = "You are not very helpful." }
for chunk in lualogue.assert(client:stream { messages = messages }) do
  local choice = chunk.choices[1]
  io.write(choice and choice.delta.content or "")
end
print()

-- 3. Three pieces are enough: closing drops the connection, and the server stops.
local short = lualogue.assert(client:stream { messages = messages })
local count = 0
for text in short:text() do
  io.write(text)
  count = count + 1
  if count == 3 then break end
end
short:close()
local _, err = short:message()
print((" ... closed after %d pieces (%s); so far: %q"):format(
  count, err and err.kind or "it was complete", short:snapshot().content))
server:close()
