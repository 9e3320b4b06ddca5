-- The command as a shell runs it: what it sends, prints and ends with.
local command = require "spec.support.command"
local fixture = require "spec.support.fixture"

local usage = { prompt_tokens = 5, completion_tokens = 2, total_tokens = 7, prompt_tokens_details = { cached_tokens = 3 } }

describe("lualogue", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- A world whose server streams these words, and what it was asked for.
  local function with_answer(words, body)
    local base_url = server:script { routes = {
      ["/chat/completions"] = fixture.sse(fixture.words(words, { usage = usage })),
    } }
    command.with_world(base_url, function(world)
      body(world, function()
        local all = server:requests(base_url)
        return all[#all]:json(), #all
      end)
    end)
  end

  --- One that answers without a stream.
  local function with_reply(reply, body)
    local base_url = server:script { routes = { ["/chat/completions"] = fixture.json(200, reply) } }
    command.with_world(base_url, function(world)
      body(world, function()
        local all = server:requests(base_url)
        return all[#all]:json(), #all
      end)
    end)
  end

  it("prints the answer and nothing else", function()
    with_answer({ "Hel", "lo ", "🌍" }, function(world, asked)
      local out, err, code = world:run { "-m", "gpt-4o", "What is", "Lua?" }
      assert.same({ "Hello 🌍", "", 0 }, { out, err, code })
      assert.same({ model = "gpt-4o", stream = true, messages = { { role = "user", content = "What is Lua?" } } }, asked())
    end)
  end)

  it("puts piped text above the prompt", function()
    with_answer({ "ok" }, function(world, asked)
      local function sends(words, input)
        world:run(words, { input = input })
        return asked().messages[1].content
      end
      assert.equal("A\n\nB", sends({ "-mx", "B" }, "A\n"))
      assert.equal("A\nA\n\nB C", sends({ "-mx", "B", "C" }, "A\nA\n\n\n"))
      assert.equal("A", sends({ "-mx" }, "A\n"))
      assert.equal("A\nB", sends({ "-mx", "-" }, "A\nB\n"))
      assert.equal("B", sends({ "-mx", "B" }, ""))
      assert.equal("${HOME} $(x) %d", sends({ "-mx" }, "${HOME} $(x) %d"))
      assert.equal("-5 + ${x}", sends({ "-mx", "--", "-5", "+", "${x}" }))
    end)
  end)

  it("takes model, system and parameters", function()
    with_answer({ "ok" }, function(world, asked)
      world:run({ "--model=x", "-s", "Be brief.", "-o", "temperature", "-1", "-o", "stop", "END", "-o", "seed", "12345678901234567",
        "-o", "logit_bias", '{"50256":-100}', "-o", "user", '"7"', "hi" })
      local body = asked()
      assert.equal("x", body.model)
      assert.same({ role = "system", content = "Be brief." }, body.messages[1])
      assert.equal(-1, body.temperature)
      assert.equal("END", body.stop)
      assert.equal("7", body.user)
      assert.same({ ["50256"] = -100 }, body.logit_bias)
    end)
  end)

  it("takes the model of the environment, of config.lua, or the server's first", function()
    local base_url = server:script { routes = {
      ["/models"] = fixture.json(200, { data = { { id = "text-embed" }, { id = "first" } } }),
      ["/chat/completions"] = fixture.sse(fixture.words { "ok" }),
    } }
    command.with_world(base_url, function(world)
      local function model(options)
        local _, err, code = world:run({ "hi" }, options)
        assert.equal(0, code, err)
        local all = server:requests(base_url)
        return all[#all]:json().model
      end
      assert.equal("first", model())
      world:write("~/.config/lualogue/config.lua", 'return { model = "set", models = { set = "meant" } }')
      assert.equal("meant", model())
      assert.equal("env", model { environment = "LUALOGUE_MODEL=env" })
    end)
  end)

  it("shows what it would send, without a key", function()
    command.with_world(nil, function(world)
      local out, err, code = world:run({ "--dry-run", "-m", "gpt-4o", "-s", "S", "B" }, { input = "A" })
      assert.equal('{"messages":[{"content":"S","role":"system"},{"content":"A\\n\\nB","role":"user"}],"model":"gpt-4o","stream":true}\n', out)
      assert.equal("gpt-4o: 15 tokens, nothing is sent\n", err)
      assert.equal(0, code)
      assert.same({}, world:logs())
    end)
  end)

  it("says in a line what is wrong, never the key, and ends with 3", function()
    local base_url = server:script(fixture.json(401, { error = { message = "Incorrect API key", code = "invalid_api_key" } }))
    command.with_world(base_url, function(world)
      local out, err, code = world:run({ "-m", "x", "hi" }, { environment = "OPENAI_API_KEY=sk-very-secret" })
      assert.same({ "", "lualogue: api 401 (invalid_api_key): Incorrect API key\n", 3 }, { out, err, code })
      assert.same({}, world:logs())
    end)
    command.with_world("http://127.0.0.1:9/v1", function(world)
      local out, err, code = world:run { "-m", "x", "hi" }
      assert.same({ "", 3 }, { out, code })
      assert.matches("^lualogue: connection: 127%.0%.0%.1:9: [^\n]+\n$", err)
    end)
    command.with_world(nil, function(world)
      local out, err, code = world:run { "-m", "x", "hi" }
      assert.same({ "", 2 }, { out, code })
      assert.matches("^lualogue: no API key: set OPENAI_API_KEY [^\n]+\n$", err)
    end)
  end)

  it("refuses what it does not know", function()
    command.with_world("http://127.0.0.1:9/v1", function(world)
      local function refuses(words, message, options)
        local out, err, code = world:run(words, options)
        assert.same({ "", 2 }, { out, code }, err)
        assert.matches(message, err)
        assert.matches("^lualogue: [^\n]+\n$", err)
      end
      refuses({ "--modle", "x", "hi" }, "unknown option %-%-modle")
      refuses({ "-q", "hi" }, "unknown option %-q")
      refuses({ "hi", "-m" }, "%-m: MODEL is missing")
      refuses({ "-o", "temperature" }, "%-o: VALUE is missing")
      refuses({ "-x=1" }, "unknown option %-=")
      refuses({ "--extract=1" }, "takes no value")
      refuses({ "-s", "a", "-s", "b" }, "given twice")
      refuses({ "-o", "messages", "[]", "hi" }, "%-o messages")
      refuses({ "-t", "none", "hi" }, "no template 'none'")
      refuses({ "-t", "../x", "hi" }, "no name for a template")
      refuses({ "-a", "/none", "hi" }, "%-a /none: ")
      refuses({ "--schema", "a b c d", "hi" }, "b c d")
      refuses({ "-c", "hi" }, "no conversation")
      refuses({ "--cid", "x", "hi" }, "no conversation 'x'")
      refuses({}, "no prompt")
      refuses({ "" }, "no prompt")
      refuses({ "-" }, "no prompt", { input = "\n" })
      refuses({ "-m", "x" }, "UTF%-8", { input = "\255" })
      refuses({ "-p", "a", "1", "hi" }, "there is no %${a}")
      refuses({ "-c", "--cid", "x", "hi" }, "%-%-continue and %-%-cid do not go together")
      refuses({ "--json", "-x", "hi" }, "%-%-json and %-%-extract")
      refuses({ "--global", "hi" }, "%-%-global means something with %-%-continue only")
      refuses({ "--save", "x", "--dry-run", "hi" }, "%-%-save and %-%-dry%-run")
      refuses({ "tokens", "--ids", "--cut", "1", "hi" }, "%-%-ids and %-%-cut")
      refuses({ "tokens", "--cut", "1.5", "hi" }, "%-%-cut: a whole number from 0 expected, got '1.5'")
      refuses({ "logs", "-n", "0" }, "a whole number from 1")
      refuses({ "logs", "x", "-n", "1" }, "%-%-number is for the list")
      refuses({ "models", "x" }, "takes no words")
      refuses({ "completion", "csh" }, "bash, zsh or fish")
    end)
  end)

  it("shows help where there is no prompt and somebody looks", function()
    command.with_world(nil, function(world)
      local screen, code = world:terminal {}
      assert.matches("^usage: lualogue", screen)
      assert.equal(2, code)
    end)
  end)

  it("prints the reply as the server sent it", function()
    local text = '{ "x_first" : 1.0, "choices": [ {"message": {"content": "hi", "role":"assistant", "n": null}, "finish_reason":"stop"} ] }\n'
    local base_url = server:script(fixture.json(200, text))
    command.with_world(base_url, function(world)
      local out, err, code = world:run { "--json", "-m", "x", "hi" }
      assert.same({ text, "", 0 }, { out, err, code })
      assert.is_nil(server:requests(base_url)[1]:json().stream)
      assert.equal("hi", world:logs()[1][2].messages[2].content)
    end)
  end)

  it("tells usage and cost on stderr", function()
    with_answer({ "ok" }, function(world, asked)
      world:write("~/.config/lualogue/config.lua", "return { prices = { x = { 1, 10, cached = 0.5 } } }")
      local out, err = world:run { "-u", "-m", "x", "hi" }
      assert.equal("ok", out)
      assert.matches("5 %+ 2 = 7 tokens, 3 cached, %d+%.%d%d s, %$0%.0000235\n$", err)
      assert.same({ include_usage = true }, asked().stream_options)
    end)
  end)

  it("waits for the whole answer where it is told to", function()
    with_reply(fixture.chat_reply "all of it", function(world, asked)
      local out, _, code = world:run { "--no-stream", "-m", "x", "hi" }
      assert.same({ "all of it", 0 }, { out, code })
      assert.is_nil(asked().stream)
    end)
  end)

  it("extracts the first code block, or gives all", function()
    for answer, expected in pairs {
      ["Sure:\n```lua\nprint(1)\n```\nand\n```\nx\n```"] = "print(1)\n",
      ["~~~~\na\n```\nb\n~~~~\n"] = "a\n```\nb\n",
      ["no code"] = "no code",
      ["```\nnever closed"] = "never closed",
    } do
      with_reply(fixture.chat_reply(answer), function(world)
        assert.equal(expected, (world:run { "-x", "-m", "x", "hi" }))
      end)
    end
  end)

  it("asks several at the same time", function()
    local answer = fixture.join({ { hold = "all" } }, fixture.json(200, fixture.chat_reply "ok"))
    local base_url = server:script { answer }
    command.with_world(base_url, function(world)
      local pipe = world:start { "-m", "a", "-m", "b", "-m", "c", "-n", "hi" }
      server:wait(base_url, { requests = 3 })
      server:release(base_url, "all")
      assert.equal("## a\n\nok\n\n## b\n\nok\n\n## c\n\nok\n", pipe:read "*a")
      pipe:close()
      local asked = {}
      for _, request in ipairs(server:requests(base_url)) do asked[#asked + 1] = request:json().model end
      table.sort(asked)
      assert.same({ "a", "b", "c" }, asked)
    end)
  end)

  it("asks several at once, and shows the answers in their order", function()
    local slow = fixture.json(200, fixture.chat_reply "from the slow one")
    local base_url = server:script { routes = { ["/chat/completions"] = fixture.json(200, fixture.chat_reply "the answer\27[31m is long") } }
    local other = server:script { slow }
    command.with_world(base_url, function(world)
      world:write("~/.config/lualogue/config.lua", ('return { models = { slow = { base_url = %q, model = "m" } } }'):format(other))
      local out, err, code = world:run { "-m", "slow", "-m", "fast", "-n", "hi" }
      assert.same({ "## slow\n\nfrom the slow one\n\n## fast\n\nthe answer\27[31m is long\n", "", 0 }, { out, err, code })
    end)
  end)
end)
