-- Templates, files, schemas; models, tokens, vectors; what shells and man are given.
local command = require "spec.support.command"
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"
local sources = require "spec.support.sources"

describe("lualogue", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function with(routes, body)
    local base_url = server:script { routes = routes }
    command.with_world(base_url, function(world)
      body(world, function()
        local all = server:requests(base_url)
        return all[#all] and all[#all]:json(), #all
      end)
    end)
  end

  local function with_answer(text, body)
    with({ ["/chat/completions"] = fixture.json(200, fixture.chat_reply(text)) }, body)
  end

  describe("with a template", function()
    it("fills in values as they are", function()
      with_answer("ok", function(world, asked)
        world:write("~/.config/lualogue/templates/t.lua", [[return {
          prompt = "Hi ${name}, $${x} ${input}", system = "Be ${mood}.", model = "tm", options = { temperature = 0.5 },
          params = { mood = "kind" } }]])
        local out, err, code = world:run({ "--no-stream", "-t", "t", "-p", "name", "${x} {{7*7}}", "do", "it" }, { input = "piped ${y}\n" })
        assert.same({ "ok", "", 0 }, { out, err, code })
        local body = asked()
        assert.equal("Hi ${x} {{7*7}}, ${x} piped ${y}\n\ndo it", body.messages[2].content)
        assert.equal("Be kind.", body.messages[1].content)
        assert.same({ "tm", 0.5 }, { body.model, body.temperature })
        world:run { "--no-stream", "-t", "t", "-p", "name", "a", "-m", "mine", "-s", "other", "-o", "temperature", "1", "x" }
        body = asked()
        assert.same({ "mine", 1, "other" }, { body.model, body.temperature, body.messages[1].content })
      end)
    end)

    it("says what is missing before anything is sent", function()
      with_answer("ok", function(world, asked)
        world:write("~/.config/lualogue/templates/t.lua", 'return { prompt = "${a} ${" }')
        local _, err, code = world:run { "-t", "t", "hi" }
        assert.same({ "lualogue: the template 't' has a place for 'a', which no -p gives a value\n", 2 }, { err, code })
        assert.equal(0, select(2, asked()))
        _, err = world:run { "--no-stream", "-mx", "-t", "t", "-p", "a", "1", "below" }
        assert.matches("^lualogue: warning: the template 't': a %${ that is not closed", err)
        assert.equal("1 ${\n\nbelow", asked().messages[1].content)
        for text, message in pairs {
          ["return 7"] = "must return a table", ["return { promt = 'x' }"] = "unknown field 'promt'", ["return {"] = "t.lua:1:",
          ["return { prompt = 7 }"] = "'prompt' must be a string", ["return os.exit()"] = "t.lua:1:", ["\27Lua"] = "not a text of Lua",
        } do
          world:write("~/.config/lualogue/templates/t.lua", text)
          _, err, code = world:run { "-t", "t", "hi" }
          assert.equal(2, code)
          assert.truthy(err:find(message, 1, true), err)
        end
      end)
    end)

    it("saves the command that was typed, once", function()
      with_answer("ok", function(world, asked)
        local out, err, code = world:run { "--save", "sum", "-m", "x", "-s", 'Say "no"\n\\', "-o", "temperature", "0.5", "-o", "stop", "END",
          "-o", "logit_bias", '{"5":-1}', "-p", "a", "1", "Sum of ${a}:" }
        assert.same({ "", 0 }, { out, code }, err)
        assert.equal(0, select(2, asked()))
        world:run({ "--no-stream", "-t", "sum" }, { input = "text" })
        local body = asked()
        assert.same({ "Sum of 1:\n\ntext", 'Say "no"\n\\' }, { body.messages[2].content, body.messages[1].content })
        assert.same({ "x", 0.5, "END", { ["5"] = -1 } }, { body.model, body.temperature, body.stop, body.logit_bias })
        out, err, code = world:run { "--save", "sum", "other" }
        assert.same({ "", 2 }, { out, code })
        assert.matches("there is a template 'sum' already", err)
      end)
    end)
  end)

  it("sends files along", function()
    with_answer("ok", function(world, asked)
      world:write(world.folder .. "/a.png", "\137PNG\r\n\26\n....")
      world:write(world.folder .. "/b.txt", "text")
      local _, err, code = world:run { "--no-stream", "-n", "-mx", "-a", "a.png", "-a", "https://example.com/c.jpg", "-a", "b.txt", "what?" }
      assert.equal(0, code, err)
      local parts = asked().messages[1].content
      assert.same({ type = "text", text = "what?" }, parts[1])
      assert.matches("^data:image/png;base64,", parts[2].image_url.url)
      assert.equal("https://example.com/c.jpg", parts[3].image_url.url)
      assert.equal("b.txt", parts[4].file.filename)
    end)
  end)

  it("asks for JSON that fits a schema", function()
    with_answer('{"name":"Bo","age":7}', function(world, asked)
      local out, err, code = world:run { "-mx", "--schema", "name, age int", "who?" }
      assert.same({ '{"name":"Bo","age":7}', "", 0 }, { out, err, code })
      assert.equal("integer", asked().response_format.json_schema.schema.properties.age.type)
      world:write(world.folder .. "/s.json", '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}')
      out, err, code = world:run { "-mx", "--schema", "s.json", "who?" }
      assert.same({ "", 3 }, { out, code })
      assert.matches("^lualogue: decode", err)
      assert.equal("integer", asked().response_format.json_schema.schema.properties.n.type)
    end)
  end)

  it("lists models and counts tokens", function()
    local text = '{ "data": [ {"id": "b"}, {"id": "gpt-4o"}, {"id": "a"} ] }'
    with({ ["/models"] = fixture.json(200, text) }, function(world)
      assert.equal("a\nb\ngpt-4o    128000 tokens\n", (world:run { "models" }))
      assert.equal("a\nb\ngpt-4o\n", (world:run { "models", "-q" }))
      assert.equal(text, (world:run { "models", "--json" }))
    end)
    command.with_world(nil, function(world)
      assert.equal("6\n", (world:run({ "tokens" }, { input = "How many tokens is this?" })))
      assert.equal("6\n", (world:run { "tokens", "How many tokens", "is this?" }))
      assert.equal("24912 2375\n", (world:run { "tokens", "--ids", "hello world" }))
      assert.equal("How many", (world:run { "tokens", "--cut", "2", "-m", "gpt-4", "How many tokens" }))
      assert.equal("0\n", (world:run { "tokens" }))
      local _, err = world:run { "tokens", "-m", "nobody-knows", "x" }
      assert.matches("the tokens of 'nobody%-knows' are not known", err)
    end)
  end)

  it("keeps vectors of lines, and finds the nearest", function()
    local function answer(...)
      local data = {}
      for i, vector in ipairs { ... } do data[i] = { object = "embedding", index = i - 1, embedding = vector } end
      return fixture.json(200, { object = "list", model = "e", data = data, usage = { prompt_tokens = 3, total_tokens = 3 } })
    end
    with({ ["/embeddings"] = { answer({ 1, 0 }, { 0, 1 }), answer { 0.5, 0.25 }, answer { 0.1, 1 }, answer { 1, 2, 3 } } }, function(world, asked)
      local _, err, code = world:run({ "embed", "-m", "e", "--index", "i.jsonl", "-u" }, { input = "cat\n\ndog\ncat\n" })
      assert.equal(0, code, err)
      assert.matches("2 lines more\ne: 3 %+ %? = 3 tokens", err)
      assert.same({ "cat", "dog" }, asked().input)
      world:run({ "embed", "--index", "i.jsonl" }, { input = "dog\r\nowl\n" })
      assert.same({ "owl" }, asked().input)
      assert.equal("e", asked().model)
      local out
      out, err, code = world:run { "similar", "--index", "i.jsonl", "-k", "2", "a dog?" }
      assert.same({ "0.995  dog\n0.534  owl\n", "", 0 }, { out, err, code })
      _, err, code = world:run({ "embed", "-m", "other", "--index", "i.jsonl" }, { input = "x\n" })
      assert.equal(2, code)
      assert.matches("has vectors of e, not of other", err)
      _, err, code = world:run({ "embed", "--index", "i.jsonl" }, { input = "new\n" })
      assert.equal(3, code)
      assert.matches("vectors of 2 numbers, the model gave 3", err)
      _, err, code = world:run { "similar", "x" }
      assert.equal(2, code)
      assert.matches("%-%-index FILE is missing", err)
    end)
    with({ ["/embeddings"] = answer { 0.100000001490116, -2 } }, function(world)
      assert.equal('{"text":"a \\"line\\"","embedding":[0.100000001,-2]}\n', (world:run({ "embed", "-m", "e" }, { input = 'a "line"\n' })))
    end)
  end)

  it("says how much the cache holds", function()
    command.with_world(nil, function(world)
      assert.equal("0 answers, 0.0 KiB\n", (world:run { "cache", "size" }))
      world:write(world.folder .. "/.lualogue/cache/ab/ab12.json", ("x"):rep(1024))
      assert.equal("1 answers, 1.0 KiB\n", (world:run { "cache", "size" }))
      assert.equal("0 answers, 0.0 KiB removed\n", (world:run { "cache", "prune", "--older", "1d" }))
      assert.equal("1 answers, 1.0 KiB removed\n", (world:run { "cache", "prune" }))
      for _, words in ipairs { { "cache" }, { "cache", "size", "x" }, { "cache", "prune", "--older", "1y" }, { "cache", "size", "--older", "1d" } } do
        local _, err, code = world:run(words)
        assert.equal(2, code, err)
      end
    end)
  end)

  local function has(name) return sources.lines_of("command -v " .. name)[1] ~= nil end

  describe("gives", function()
    local world_of = command.with_world

    it("bash what it completes", function()
      world_of(nil, function(world)
        world:write("~/.config/lualogue/templates/mine.lua", "return {}")
        world:write(world.folder .. "/a file.txt", "")
        local output = world:shell [[
          eval "$($LUALOGUE completion bash)"
          t() { COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lualogue; echo "${COMPREPLY[*]}"; }
          t lualogue log; t lualogue logs --q; t lualogue --mod; t lualogue -a a; t lualogue cache p; t lualogue -t m; t lualogue -m a]]
        assert.equal("logs\n--query\n--model\na file.txt\nprune\nmine\n\n", output)
        local _, _, code = world:run("completion bash | bash -n")
        assert.equal(0, code)
      end)
    end)

    for _, shell in ipairs { "zsh", "fish" } do
      it(shell .. " what it completes", function()
        if not has(shell) then return pending(shell .. " is not installed") end
        world_of(nil, function(world)
          local output, code = world:shell(("$LUALOGUE completion %s >c && %s -n c"):format(shell, shell))
          assert.same({ "", 0 }, { output, code })
          if shell == "fish" then
            output = world:shell [[fish -c 'source c; complete -C "lualogue mod"; complete -C "lualogue logs --q"; complete -C "lualogue --mod"']]
            assert.equal("models\tthe models that the server has\n--query\tonly those in which all of these words stand\n--model\tthe model; repeated: answers side by side\n", output)
          end
        end)
      end)
    end

    it("a manual page", function()
      world_of(nil, function(world)
        local out, _, code = world:run { "man" }
        assert.equal(0, code)
        assert.matches("^%.TH LUALOGUE 1 ", out)
        for name in (world:run { "--help" }):match "Commands: ([^\n]+)":gmatch "%S+" do
          assert.truthy(out:find("\n.SS lualogue " .. name .. "\n", 1, true), name)
        end
        if not has "mandoc" then return pending "mandoc is not installed" end
        assert.equal("", (world:shell "$LUALOGUE man | mandoc -Tlint"))
      end)
    end)
  end)

  it("knows each of its commands by name", function()
    local options = require "lualogue.command.options"
    local names, seen = options.names(), {}
    for i, name in ipairs(names) do
      assert.is_true(i == 1 or names[i - 1] < name)
      assert.equal(name, options.commands[name].name)
      seen[name] = true
    end
    for name in pairs(options.commands) do assert.is_true(seen[name] or name == "ask", name) end
    assert.is_nil(options.commands["chat logs"])
  end)

  it("tells its versions", function()
    command.with_world(nil, function(world)
      assert.matches("^lualogue %S+, Lua[%w %.-]+, libcurl %d", (world:run { "--version" }))
    end)
  end)

  it("has the offline model to talk to where there is no server", function()
    command.with_world(nil, function(world)
      local here = sources.lines_of("pwd")[1]
      local line = ("%s %s/examples/offline/with.lua $LUALOGUE"):format(program.INTERPRETER, here)
      local output, code = world:shell("OFFLINE_DELAY_MS=0 " .. line .. " -n 'I feel happy' 2>/dev/null")
      assert.equal(0, code)
      assert.truthy(output:find "%S")
      output, code = world:shell(line .. " --nope 2>&1")
      assert.equal(2, code)
      assert.matches("unknown option %-%-nope", output)
    end)
  end)

  it("is made for one Lua and found by it from anywhere", function()
    program.with_folder(function(folder)
      local script = folder .. "/lualogue"
      local build = os.getenv "LLG_BUILD" or "build"
      local lua = program.INTERPRETER:match "%S+$"
      local here = sources.lines_of("pwd")[1]
      local made = os.execute(("spec/support/script.sh %s %s/lua %s/%s >%s && chmod +x %s"):format(lua, here,
        here .. "/" .. build, os.getenv "LLG_LUA" or "lua5.4", script, script))
      assert.is_true(made == true or made == 0)
      local output, code = program.run("-u LUA_PATH -u LUA_CPATH " .. script .. " --dry-run -m x hi", { cwd = "/", stderr = false })
      assert.same({ '{"messages":[{"content":"hi","role":"user"}],"model":"x","stream":true}\n', 0 }, { output, code })
    end)
  end)
end)
