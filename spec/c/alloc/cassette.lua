-- Recording and replay of a reply and of a stream.
local lualogue = require "lualogue"
local core, reel = require "lualogue.core", require("lualogue.core").reel
local client = core.client { base_url = os.getenv "OPENAI_BASE_URL", api_key = "k", max_retries = 0 }
local params = { model = "eliza", messages = { { role = "user", content = "I am sad" } } }

local function finish(handle)
  while true do
    local value, err = handle:result()
    if value ~= false then return value, err end
    core.step()
  end
end

local function record()
  local handle = client:chat(params)
  reel.record(handle)
  local reply = assert(finish(handle))
  return reply, assert(reel.tapes(handle))[1]
end

local reply, tape = record() -- whatever is made once is made
tape.failure = nil

return function()
  local deck = reel.deck(0, 7)
  reel.add(deck, tape)
  local handle = client:chat(params)
  reel.play(handle, deck, { 1 })
  local again, err = finish(handle)
  if not again then return not assert(err, "nil came without an error") end
  return again.choices[1].message.content == reply.choices[1].message.content
    and reel.is_used(deck, 1) and lualogue.meta(again).status == 200
end
