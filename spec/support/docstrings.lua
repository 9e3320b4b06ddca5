--- Runs the examples of the docstrings, each in a world of its own: docstrings.lua LIST OFFLINE ANSWERS,
--- in a folder that it may fill. LIST is a Lua file, a list of { where, code }; OFFLINE the base URL of
--- the offline model, ANSWERS that of a server for what the model does not have. A line for each that
--- fails, and the number of those that ran.

local list, offline_url, answers_url = dofile(arg[1]), arg[2], arg[3]
local lualogue = require "lualogue"

local MODEL, EMBEDDING = "eliza", "eliza-embedding"
local messages = { { role = "user", content = "What is Lua? I feel happy." } }

local function client_of(url)
  return lualogue.new {
    base_url = url, api_key = "sk-docstring-example", model = MODEL, max_retries = 0,
    defaults = { delay_ms = 0 }, -- the offline model takes its time otherwise
  }
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

write("batch.jsonl", "{}\n")
write("room.png", "\137PNG\r\n\26\n")
write("schema.json", '{"type":"object"}')
write(".env.local", "WORK_KEY=sk-work-example\nWORK_URL=" .. offline_url .. "\n")
os.execute "mkdir -p spec .lualogue/runs"

local small = {
  models = { { name = MODEL, base_url = offline_url, api_key = false } },
  prompts = { terse = "One word: ${question}" }, inputs = { { question = "The capital of France?" } },
}

-- What the offline model does not have is asked of the other server.
local NOT_OFFLINE = { "images:edit", "files:create", "/audio/speech", "text%-embedding" }

local function needs_answers(where, code)
  for _, pattern in ipairs(NOT_OFFLINE) do
    if code:find(pattern) then return true end
  end
  return where:find("resources/", 1, true) or where:find("byte_stream", 1, true)
end

--- The names that an example may use without having made them: how each comes to be, once asked for.
--- `where` and `code` tell which example it is.
local function world(where, code)
  local of_answers = needs_answers(where, code)
  local env, made = {}, {}

  local function a_dialogue()
    local dialogue = made.client():dialogue { system = "You are terse." }
    lualogue.assert(dialogue:ask "What is Lua?")
    lualogue.assert(dialogue:ask "And what is C?")
    dialogue:regenerate()
    return dialogue
  end
  local function result()
    local lab = require "lualogue.lab"
    return assert(lab.run(lab(small)))
  end

  function made.client() return client_of(of_answers and answers_url or offline_url) end
  function made.messages() return { messages[1] } end
  made.dialogue, made.guard = a_dialogue, a_dialogue
  function made.stream()
    if where:find("resources/streams", 1, true) then return lualogue.assert(env.client.responses:stream { input = "Hi" }) end
    if where:find("byte_stream", 1, true) then
      return lualogue.assert(env.client:request("GET", "/files/f1/content", nil, { stream = true, raw = true }))
    end
    if where:find("dialogue/", 1, true) then return lualogue.assert(a_dialogue():stream "Go on.") end
    return lualogue.assert(env.client:stream { messages = messages })
  end
  function made.events()
    return lualogue.assert(env.client:request("POST", "/chat/completions",
      { model = MODEL, messages = messages, stream = true }, { stream = true }))
  end
  function made.lab() return require "lualogue.lab" end
  function made.spec() return require "lualogue.lab"(small) end
  made.result, made.before = result, result
  function made.tape()
    local path = os.tmpname()
    os.remove(path)
    local tape = lualogue.assert(lualogue.cassette(path, { record = "once" }))
    local client = lualogue.new { base_url = offline_url, api_key = false, model = MODEL, cassette = tape }
    lualogue.assert(client:chat { messages = messages })
    lualogue.assert(tape:save())
    os.remove(path)
    return tape
  end
  function made.terminal() return require "lualogue.terminal" end
  function made.template() return require "lualogue.template" end
  function made.forecast() return function(city) return "sunny in " .. tostring(city) end end
  function made.show() return function() end end
  function made.fetch() return function() end end
  function made.npc() return {} end
  function made.love() return {} end
  function made.player() return { write = function() end } end
  function made.png() return "\137PNG\r\n\26\n" end
  function made.ask() return function(question) return question end end
  function made.questions() return { 1, 2, 3 } end
  function made.prompts() return { "Lua?", "C?" } end
  function made.ask_weather() return function() return "sunny" end end
  function made.ask_news() return function() return "none" end end
  local texts = { "a cat", "a kitten", "a car" }
  local function embedded(input)
    return lualogue.assert(env.client:embeddings { model = EMBEDDING, input = input }).data
  end
  function made.texts() return texts end
  function made.vectors()
    local vectors = {}
    for i, item in ipairs(embedded(texts)) do vectors[i] = item.embedding end
    return vectors
  end
  function made.asked() return embedded({ "cats" })[1].embedding end
  function made.body() return '{"type":"batch.completed","data":{"id":"b"}}' end
  function made.headers() return { ["webhook-id"] = "w", ["webhook-timestamp"] = "0", ["webhook-signature"] = "v1,eA==" } end
  made.lualogue = function() return lualogue end
  function made.arg() return { "--version" } end
  -- Nothing is printed, and nobody ends the program.
  function made.print() return function() end end
  function made.io()
    return setmetatable({ write = function() return true end }, { __index = io })
  end
  function made.os() return setmetatable({ exit = function() end }, { __index = os }) end

  return setmetatable(env, { __index = function(self, name)
    local value = _G[name]
    if made[name] then
      value = made[name]()
      self[name] = value
    end
    return value
  end })
end

local function load_in(code, name, env)
  if not rawget(_G, "setfenv") then return load(code, name, "t", env) end
  local chunk, err = loadstring(code, name)
  return chunk and setfenv(chunk, env), err
end

do -- what other examples have written
  local env = world("before", "")
  assert(env.dialogue:save "npc.json")
  assert(env.result:bless "lab.baseline.jsonl")
  local client = lualogue.new { base_url = answers_url, cassette = "spec/hello.json" }
  lualogue.assert(client:chat { model = "gpt-4o-mini", messages = env.messages })
  client:close()
  os.execute "cp lab.baseline.jsonl .lualogue/runs/20261125T140000Z-0123abcd.jsonl"
end

local n = 0
for _, example in ipairs(list) do
  local chunk, err = load_in(example.code, "=" .. example.where, world(example.where, example.code))
  local ok = chunk ~= nil
  if ok then ok, err = xpcall(chunk, function(e) return tostring(e) end) end
  if ok then n = n + 1 else io.write("FAULT ", example.where, ": ", tostring(err), "\n") end
end
lualogue.run()
io.write(n, " of ", #list, " ran\n")
os.exit(0, true)
