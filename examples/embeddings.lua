-- Semantic search over a few sentences.  usage: lua examples/embeddings.lua [query]
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)
local model = server.embedding_model

local sentences = {
  "The cat sleeps on the warm windowsill.",
  "Our kitten is napping in the sun.",
  "The stock market fell sharply on Monday.",
  "Shares lost value at the start of the week.",
  "Bake the bread for forty minutes.",
  "She plays the violin in an orchestra.",
}
local query = arg[1] and table.concat(arg, " ") or "a sleeping cat"

local reply = lualogue.assert(client:embeddings { model = model, input = sentences })
local vectors = {}
for i, item in ipairs(reply.data) do vectors[i] = item.embedding end

local asked = lualogue.assert(client:embeddings { model = model, input = query }).data[1].embedding
print(("%q among %d sentences (%d dimensions, %d tokens):"):format(
  query, #sentences, #asked, reply.usage and reply.usage.total_tokens or 0))
for _, hit in ipairs(asked:top_k(vectors, 3)) do
  print(("  %.3f  %s"):format(hit.score, sentences[hit.index]))
end
server:close()
