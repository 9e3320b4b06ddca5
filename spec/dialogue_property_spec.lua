-- Random walks over random trees: what is sent is the same whether the policy was shown the whole
-- branch or only as much of it as it asked for; it is what a server takes; and a dialogue that was
-- saved and loaded sends the same.
local dialogue = require "lualogue.dialogue"
local script_client = require "spec.support.script_client"
local trim = require "lualogue.trim"

local WALKS = (os.getenv("LLG_GC") or (os.getenv("LLG_BUILD") or ""):find("asan", 1, true)) and 20 or 150

local function generator(seed)
  return function(n)
    seed = (seed * 16807) % 2147483647
    return seed % n + 1
  end
end

local POLICIES = {
  function() return nil end,
  function(r) return trim.tokens(60 + r(200), { low = r(2) == 1 and 1 or 0.6 }) end,
  function(r) return trim.turns(r(4)) end,
  function(r) return trim.messages(r(8)) end,
  function(r) return trim.chain { trim.tool_results(r(3) - 1), trim.tokens(80 + r(200)) } end,
  function(r) return trim.summary { when = 1e9, keep = r(4), placement = ({ "pair", "system", "user" })[r(3)] } end,
  function(r) return trim.chain { trim.summary { when = 1e9, keep = r(4) }, trim.tool_results(r(3)), trim.tokens(100 + r(200)) } end,
  function(r) return trim.chain { trim.lore { entries = { { constant = true, text = "lore" } }, budget = 10 }, trim.turns(r(4)) } end,
}

local function said(messages)
  local words = {}
  for i, message in ipairs(messages) do
    local calls = {}
    for n, call in ipairs(message.tool_calls or {}) do calls[n] = call.id end
    words[i] = ("%s|%s|%s|%s"):format(message.role, tostring(message.content), tostring(message.tool_call_id), table.concat(calls, ","))
  end
  return table.concat(words, "\n")
end

--- What is sent when the policy is shown everything.
local function preview_of_all(d)
  local reach = trim.reach
  trim.reach = function() return nil end
  local ok, request, _, _, info = pcall(d.preview, d, "the question")
  trim.reach = reach
  assert(ok, request)
  return request, info
end

local function words(random, what) return what .. (" word"):rep(random(12)) end

local MOVES = {
  function(d, r) d:ask(words(r, "question")) end,
  function(d, r) d:ask(words(r, "question")) end,
  function(d, r) d:ask(words(r, "question")) end,
  function(d, r) d:undo(r(2)) end,
  function(d) d:redo() end,
  function(d) d:regenerate() end,
  function(d, r)
    local n = #d:history()
    if n > 0 then d:edit(r(n), words(r, "edited")) end
  end,
  function(d, r) d:hear(words(r, "heard")) end,
  function(d, r)
    d:append { role = "assistant", tool_calls = { { id = "a", type = "function", ["function"] = { name = "f", arguments = "{}" } } } }
    if r(4) > 1 then d:append { role = "tool", tool_call_id = "a", content = words(r, "result") } end
  end,
  function(d, r)
    local list = d:history()
    if #list > 0 then d.inside.tree.checkpoints[list[r(#list)]] = { text = words(r, "sum") } end
  end,
  function(d, r)
    local n = #d:history()
    if n > 0 and r(3) == 1 then d:pin(r(n), r(2) == 1) end
  end,
}

describe("random walks", function()
  it("send the same, however much of the branch is shown", function()
    local random, compared, refused = generator(77), 0, 0
    for walk = 1, WALKS do
      local client = script_client.new({ function() return words(random, "answer") end }, { model = "gpt-4o" })
      local policy = POLICIES[walk % #POLICIES + 1](random)
      local d = dialogue.new(client, { system = random(2) == 1 and "S" or nil, trim = policy })
      for _ = 1, 25 do
        MOVES[random(#MOVES)](d, random)
        if random(12) == 1 then d = d:fork() end
        local request, parts, total, info = d:preview "the question"
        local whole, all = preview_of_all(d)
        if request then
          compared = compared + 1
          assert.equal(said(whole.messages), said(request.messages))
          assert.is_true(trim.check(request.messages))
          assert.equal(all.total, total)
          assert.equal(all.dropped, info.dropped)
          assert.equal(all.covered, info.covered)
        else
          refused = refused + 1
          assert.is_nil(whole)
          assert.equal("context", parts.code)
        end
      end
      local path = os.tmpname()
      assert(d:save(path))
      local loaded = assert(dialogue.new(client, { load = path, trim = policy }))
      os.remove(path)
      local mine, theirs = d:preview "the question", loaded:preview "the question"
      assert.equal(mine and said(mine.messages), theirs and said(theirs.messages))
    end
    assert.is_true(compared > 20 * WALKS, ("%d compared, %d refused"):format(compared, refused))
  end)
end)
