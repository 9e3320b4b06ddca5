-- One question, one answer.  usage: lua examples/ask.lua [question]
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)

local question = arg[1] and table.concat(arg, " ") or "I feel happy when I write Lua. Why is that?"
print("> " .. question)

local reply, err = client:chat {
  messages = {
    { role = "system", content = "You are terse." },
    { role = "user", content = question },
  },
}
if not reply then
  io.stderr:write(tostring(err), "\n")
  server:close()
  os.exit(1)
end

print(reply.choices[1].message.content)
print(("(%d tokens, %.0f ms, model %s)"):format(
  reply.usage and reply.usage.total_tokens or 0, reply.meta.elapsed * 1000, reply.model))
server:close()
