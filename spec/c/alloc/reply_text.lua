-- The text of a reply that has it in parts, and embeddings that come in another order.
local core = require "lualogue.core"
local lualogue = require "lualogue"
local client = lualogue.new { model = "eliza", api_key = "k", max_retries = 0 }
local reply = assert(client:chat { messages = { { role = "user", content = "I am sad" } } })
local parts = {}
for i = 1, 300 do parts[i] = { type = "text", text = ("part %d, "):format(i) } end
reply.choices[1].message.content = parts
local output = setmetatable({ output = { { type = "message", content = parts } } }, getmetatable(reply))

return function()
  local sorted = core.decode_embeddings '{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}'
  if not sorted then return false end
  return #reply.text > 2800 and reply.text == output.text and sorted.data[1].embedding[1] == 1
end
