--- What the loop of tools costs beyond its calls: 100 rounds of an instant tool through
--- `client:run_tools`, beside the same requests made by hand. CPU of this process, in pairs of
--- neighbours; the median of their differences counts. Ends with 1 if it is over its limit.
---
---     lua5.4 spec/bench/tools.lua            (with the paths of `make env`, from the root)

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local ROUNDS, PAIRS, LIMIT_US = 100, 15, 60
local QUESTION = { { role = "user", content = "What is the weather in Oslo?" } }

local function call_of(i)
  local message = { role = "assistant", tool_calls = { {
    id = "call_" .. i, type = "function",
    ["function"] = { name = "weather", arguments = '{"city":"Oslo","days":3}' },
  } } }
  return fixture.json(200, fixture.chat_reply(nil, {
    choices = { { index = 0, finish_reason = "tool_calls", message = message } },
  }))
end

local script = {}
for i = 1, ROUNDS do script[i] = call_of(i) end
script[ROUNDS + 1] = fixture.json(200, fixture.chat_reply "It is sunny.")

local tool = {
  name = "weather", description = "The weather in a city.", parameters = "city, days int?",
  run = function(arguments) return arguments.city .. ": sunny" end,
}

local function by_hand(client)
  local definition = { type = "function", ["function"] = {
    name = tool.name, description = tool.description, parameters = lualogue.schema "city, days int?",
  } }
  local messages = { QUESTION[1] }
  for _ = 1, ROUNDS do
    local request = { model = "m", messages = messages, tools = { definition } }
    local message = assert(client:chat(request)).choices[1].message
    messages[#messages + 1] = message
    for _, call in ipairs(message.tool_calls) do
      local arguments = lualogue.json.decode(call["function"].arguments)
      messages[#messages + 1] = { role = "tool", tool_call_id = call.id, content = tool.run(arguments) }
    end
  end
  return assert(client:chat { model = "m", messages = messages, tools = { definition } }).text
end

local function by_loop(client)
  local run = assert(client:run_tools({ model = "m", messages = QUESTION }, { tools = { tool }, max_rounds = ROUNDS }))
  assert(#run.calls == ROUNDS and run.calls[ROUNDS].status == "done")
  return run.text
end

local server = fixture.start()

local function cost(work)
  local client = lualogue.new { base_url = server:script(script), api_key = false }
  collectgarbage()
  collectgarbage()
  local before = os.clock()
  assert(work(client) == "It is sunny.")
  return (os.clock() - before) * 1e6 / ROUNDS
end

local ok, err = pcall(function()
  cost(by_hand)
  cost(by_loop)
  local differences, hands = {}, {}
  for i = 1, PAIRS do
    hands[i] = cost(by_hand)
    differences[i] = cost(by_loop) - hands[i]
  end
  table.sort(differences)
  table.sort(hands)
  local middle = math.floor(PAIRS / 2) + 1
  local added = differences[middle]
  print(("%s: %.0f us a round by hand, %.0f more by the loop (%.0f to %.0f), limit %d: %s"):format(
    rawget(_G, "jit") and "luajit" or _VERSION, hands[middle], added, differences[1], differences[PAIRS],
    LIMIT_US, added <= LIMIT_US and "OK" or "OVER"))
  if added > LIMIT_US then os.exit(1) end
end)
server:stop()
if not ok then error(err, 0) end
