-- What goes wrong, and how it looks: every failure of the world is an object with a kind.
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)
local messages = { { role = "user", content = "Hello" } }

local function show(what, value, err)
  if value then
    print(what, "it worked")
  else
    print(what, err.kind, tostring(err))
  end
end

-- The server refuses: kind "api", with what it said.
show("refused", client:request("GET", "/no/such/path"))

-- Nobody listens: kind "connection". Transient failures are tried again; here they are not.
local nowhere = lualogue.new { base_url = "http://127.0.0.1:1/v1", max_retries = 0 }
show("nobody", nowhere:chat { messages = messages })

-- Too slow for us: kind "timeout", and the phase in which it happened.
show("slow", client:chat({ messages = messages }, { timeout = 0.001, max_retries = 0 }))

-- Closed before its end: kind "cancelled", with what had come in err.partial.
local stream = lualogue.assert(client:stream { messages = messages })
stream:next()
stream:close()
show("closed", stream:message())

-- An iterator has nowhere to return an error, so it raises the object itself.
local ok, raised = pcall(function()
  for _ in stream:text() do end
end)
print("raised", ok, raised.kind)

-- A wrong argument is the program's fault: it raises, at the line that is wrong.
print("wrong", pcall(client.chat, client, { messages = "Hello" }))
messages[1].content = print
print("wrong", select(2, pcall(client.chat, client, { messages = messages })))
server:close()
