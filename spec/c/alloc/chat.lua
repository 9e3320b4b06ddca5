-- A whole reply, and what is known of it.
local lualogue = require "lualogue"
local client = lualogue.new { model = "eliza", api_key = "k", max_retries = 0 }
local messages = { { role = "user", content = "I am sad" } }
for _ = 1, 4 do assert(client:chat { messages = messages }) end -- whatever is made once is made, and the shape is known

return function()
  local reply, err = client:chat { messages = messages }
  if not reply then return not assert(err, "nil came without an error") end
  return #reply.choices[1].message.content > 0 and reply.usage.total_tokens > 0
    and reply.text == reply.choices[1].message.content and reply.meta.status == 200 and lualogue.meta(reply).attempts == 1
end
