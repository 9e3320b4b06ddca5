-- Both forms of an embedding, and arithmetic on vectors.
local lualogue = require "lualogue"
local client = lualogue.new { model = "eliza", api_key = "k", max_retries = 0 }

local function embed(format)
  return client:embeddings { input = { "one", "two", "three", "four", "five" }, encoding_format = format }
end
embed("float")

return function()
  local floats = embed("float")
  local packed = floats and embed("base64")
  if not packed then return false end
  local a, b = floats.data[5].embedding, packed.data[5].embedding
  return a == b and a:cosine(b) > 0.99 and #a:totable() == #a and #tostring(a) > 0
    and #lualogue.vector({ 1, 2, 3 }) == 3
end
