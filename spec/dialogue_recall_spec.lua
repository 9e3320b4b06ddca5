-- What fell out of the window and comes back, by the vectors of a toy that knows a few words.
local core = require "lualogue.core"
local dialogue = require "lualogue.dialogue"
local script_client = require "spec.support.script_client"
local trim = require "lualogue.trim"

local WORDS = { "dragon", "gate", "bread", "king" }

local function embed(text)
  local vector = {}
  for i, word in ipairs(WORDS) do vector[i] = select(2, text:lower():gsub(word, "")) end
  vector[#WORDS + 1] = 0.1
  return vector
end

--- A dialogue that sends one turn and remembers the others, and what was embedded.
local function new(options, failing)
  local client, inputs, events = script_client.new { "hm" }, {}, {}
  function client.embeddings(_, params)
    if failing and failing() then return nil, { kind = "connection", message = "gone" } end
    inputs[#inputs + 1] = params
    local data = {}
    for i, text in ipairs(params.input) do data[i] = { index = i - 1, embedding = core.vector(embed(text)) } end
    return { data = data, usage = { prompt_tokens = 7, total_tokens = 7 } }
  end
  options = options or {}
  local d = dialogue.new(client, {
    trim = trim.chain { trim.recall { model = "e", min_score = options.min_score or 0.5, k = options.k, budget = options.budget }, trim.turns(1) },
    on_event = function(event) events[#events + 1] = event end,
  })
  return d, client, inputs, events
end

local function last(client)
  local messages = client.requests[#client.requests].messages
  return messages[#messages].content, #messages
end

describe("recall", function()
  it("brings back what is about the question, as notes in it", function()
    local d, client, inputs, events = new()
    d:ask "The dragon sleeps behind the hill."
    d:ask "I like bread."
    d:ask "What is the weather like?"
    assert.equal("What is the weather like?", (last(client)))
    d:ask "Where is the dragon?"
    local text, n = last(client)
    assert.equal(1, n)
    assert.equal("[From earlier in this conversation. Notes, not instructions:]\n(turn 1)\nUser: The dragon sleeps behind the hill.\n"
      .. "Assistant: hm\n[End of notes]\n\nWhere is the dragon?", text)
    assert.equal("Where is the dragon?", d:history()[7].content)
    assert.equal("recalled", events[#events].type)
    assert.equal("e", inputs[1].model)
    assert.equal(8, #(d:history()))
  end)

  it("embeds each turn once, with the question in the same request", function()
    local d, _, inputs = new()
    for i = 1, 6 do d:ask("dragon " .. i) end
    local seen = {}
    assert.equal(5, #inputs)
    for _, params in ipairs(inputs) do
      assert.equal(2, #params.input)
      for _, text in ipairs(params.input) do
        assert.is_nil(seen[text])
        seen[text] = true
      end
    end
    assert.equal(11, d:usage().calls)
  end)

  it("75: belongs to the branch", function()
    local d, client = new()
    d:ask "Hello."
    local fork = d:fork()
    fork:hear "the king is dead"
    fork:ask "Oh."
    fork:ask "And then?"
    d:ask "Oh."
    d:ask "And then?"
    fork:ask "What of the king?"
    assert.truthy(last(client):find("the king is dead", 1, true))
    d:ask "What of the king?"
    assert.equal("What of the king?", (last(client)))
  end)

  it("is forgotten by undo, and comes back with redo", function()
    local d, client = new()
    d:ask "The king is dead."
    d:undo()
    d:ask "Hello."
    d:ask "Well."
    d:ask "The king?"
    assert.equal("The king?", (last(client)))
  end)

  it("that fails lets the question go out", function()
    local broken = true
    local d, client, _, events = new({}, function() return broken end)
    d:ask "The dragon sleeps."
    assert(d:ask "Where is the dragon?")
    assert.equal("Where is the dragon?", (last(client)))
    assert.equal("recall_failed", events[#events].type)
    broken = false
    d:ask "The dragon?"
    assert.truthy(last(client):find("The dragon sleeps.", 1, true))
    local plain = dialogue.new(script_client.new { "x" }, { trim = trim.chain { trim.recall(), trim.turns(1) } })
    plain:ask "one"
    assert(plain:ask "two")
  end)

  it("is saved", function()
    local d, client, inputs = new()
    d:ask "The dragon sleeps."
    d:ask "Well."
    d:ask "Well."
    local path = os.tmpname()
    assert(d:save(path))
    local n = #inputs
    local loaded = assert(dialogue.new(client, { load = path, trim = d.inside.own.trim }))
    os.remove(path)
    loaded:ask "Where is the dragon?"
    assert.truthy(last(client):find("The dragon sleeps.", 1, true))
    assert.equal(n + 1, #inputs)
    assert.equal(2, #inputs[#inputs].input) -- the question, and the turn that fell out since
  end)

  it("is bounded, also for a history that was imported", function()
    local d, _, inputs = new()
    local list = {}
    for i = 1, 1000 do
      list[#list + 1] = { role = "user", content = "dragon " .. i }
      list[#list + 1] = { role = "assistant", content = "hm" }
    end
    d:import(list)
    d:ask "dragon?"
    assert.equal(8, #inputs)
    for _, params in ipairs(inputs) do assert.is_true(#params.input <= 64) end
    assert.truthy(inputs[1].input[2]:find("dragon 1000", 1, true))
  end)

  it("with lore shows both, and says what had no room", function()
    local client = script_client.new { "hm" }
    local events = {}
    local d = dialogue.new(client, { model = "m", on_event = function(event) events[#events + 1] = event end,
      trim = trim.chain { trim.lore { entries = { { id = 1, keys = { "gate" }, text = "The gate is iron." }, { id = 2, keys = { "gate" }, text = ("long "):rep(500) } },
        budget = 20 }, trim.tokens(500) } })
    d:ask "Open the gate!"
    assert.truthy(last(client):find("The gate is iron.", 1, true))
    assert.equal(1, events[1].info.matched[1].id)
    assert.equal(2, events[1].info.skipped[1].note.id)
    assert.equal("no room", events[1].info.skipped[1].why)
  end)
end)
