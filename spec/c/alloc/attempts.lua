-- An attempt that failed, what is said of it, and the one that follows.
local lualogue = require "lualogue"
local core = require "lualogue.core"
local attempts, reel = core.attempts, core.reel
local client = core.client { base_url = os.getenv "OPENAI_BASE_URL", api_key = "k" }
local params = { model = "eliza", messages = { { role = "user", content = "I am sad" } } }
local no = { status = 503, headers = { "retry-after-ms", "1" }, body = '{"error":{"message":"not now"}}' }

local function finish(handle)
  while true do
    local value, err = handle:result()
    if value ~= false then return value, err end
    local _, _, asks = attempts.state(handle)
    if asks then
      local failure, delay = attempts.failed(handle)
      assert(failure.status == 503 and delay == 0.001)
      assert(attempts.decide(handle, 0))
    end
    core.step()
  end
end

local function record()
  local handle = client:chat(params)
  reel.record(handle)
  assert(finish(handle))
  return assert(reel.tapes(handle))[1]
end

local yes = record() -- whatever is made once is made
yes.failure = nil

return function()
  local deck = reel.deck()
  reel.add(deck, no)
  reel.add(deck, yes)
  local handle = client:chat(params)
  local method, url, bytes = attempts.watch(handle)
  assert(method == "POST" and url:find "/chat/completions$" and bytes > 0 and #attempts.body(handle) == bytes)
  reel.play(handle, deck, { 1, 2 })
  local reply, err = finish(handle)
  if not reply then return not assert(err, "nil came without an error") end
  return lualogue.meta(reply).attempts == 2 and #client:about() == 0
end
