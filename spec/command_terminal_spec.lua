-- The command where it is used: in a terminal, in a pipe, interrupted, on a full disk.
local command = require "spec.support.command"
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"
local sources = require "spec.support.sources"

local EVIL = "a\27[31mred\7\r\nb\rc \226\128\174x 日本語\9."

describe("lualogue", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function with_answer(words, body, options)
    options = options or {}
    local events = fixture.words(words, { finish_reason = options.finish_reason })
    local base_url = server:script { routes = {
      ["/chat/completions"] = fixture.sse(events, { split = options.split, done = options.done }),
    } }
    command.with_world(base_url, function(world) body(world, base_url) end)
  end

  it("lets no control character of an answer reach a terminal, and changes no byte elsewhere", function()
    for _, words in ipairs { { EVIL }, { EVIL:sub(1, 3), EVIL:sub(4, 12), EVIL:sub(13) } } do
      with_answer(words, function(world)
        local screen, code = world:terminal { "-m", "x", "hi" }
        assert.equal("a\\x1b[31mred\\x07\nb\\x0dc \\u{202e}x 日本語\t.\n", screen)
        assert.equal(0, code)
        assert.equal(EVIL, (world:run { "-m", "x", "hi" }))
      end, { split = "every byte" })
    end
  end)

  it("does so for whatever a server says, in every command", function()
    local evil = { id = "m\27[2J", context_window = 1 }
    local base_url = server:script { routes = {
      ["/models"] = fixture.json(200, { data = { evil } }),
      ["/chat/completions"] = {
        fixture.json(400, { error = { message = "no\27[31m\7 way" } }),
        fixture.json(200, { choices = { { message = { content = EVIL, role = "assistant" }, finish_reason = "stop" } }, model = "m\27[2J", usage = { total_tokens = "\27[1m" } }),
      },
    } }
    command.with_world(base_url, function(world)
      local function clean(words)
        local screen = world:terminal(words)
        assert.is_nil(screen:find "[%z\1-\8\11-\31\127]", screen)
        assert.truthy(screen:find "%S")
      end
      clean { "-m", "x", "hi" }
      clean { "-m", "x", "--json", "hi" }
      clean { "-m", "x", "--no-stream", "-u", "hi" }
      clean { "-m", "x", "-m", "y", "-u", "hi" }
      clean { "logs", "-n", "1", "--json" }
      clean { "models" }
      local id = (world:run { "logs" }):match "^%S+"
      clean { "logs", id }
    end)
  end)

  it("writes no escape of its own, with and without NO_COLOR", function()
    with_answer({ "ok" }, function(world)
      for _, environment in ipairs { "", "NO_COLOR=1", "TERM=dumb" } do
        assert.equal("ok\n", (world:terminal({ "-m", "x", "hi" }, 80, environment)))
        assert.is_nil((world:terminal({ "--help" }, 80, environment)):find "\27")
      end
    end)
  end)

  it("ends a line in a terminal only, and only where there is none", function()
    with_answer({ "line\n" }, function(world)
      assert.equal("line\n", (world:terminal { "-m", "x", "hi" }))
      assert.equal("line\n", (world:run { "-m", "x", "hi" }))
    end)
  end)

  it("puts answers side by side where there is room", function()
    local base_url = server:script { fixture.json(200, fixture.chat_reply "日本語 and some more words") }
    command.with_world(base_url, function(world)
      local screen = world:terminal({ "-m", "one", "-m", "two", "-n", "hi" }, 43)
      assert.equal(table.concat({
        "one                    two", "--------------------   --------------------",
        "日本語 and some more   日本語 and some more", "words                  words", "",
      }, "\n"), screen)
      assert.matches("^## one\n\n日本語 and some more words\n\n## two\n\n", (world:terminal({ "-m", "one", "-m", "two", "-n", "hi" }, 30)))
    end)
  end)

  it("ends without a word when nobody reads any more", function()
    local words = {}
    for i = 1, 2000 do words[i] = ("line %d\n"):format(i):rep(20) end
    with_answer(words, function(world)
      assert.equal("line 1\n", (world:shell "$LUALOGUE -m x hi | head -1"))
      assert.matches("^line 1\n141 0\n$", (world:shell "$LUALOGUE -m x hi | head -1; echo ${PIPESTATUS[@]}"))
      -- The same where the shell ignores the signal.
      assert.matches("^line 1\n141 0\n$", (world:shell "trap '' PIPE; $LUALOGUE -m x hi | head -1; echo ${PIPESTATUS[@]}"))
      assert.matches("^[^\n]+\n$", (world:shell "trap '' PIPE; $LUALOGUE --help | head -1"))
    end)
  end)

  it("says when the answer cannot be written, and does not lose it", function()
    with_answer({ "the answer" }, function(world)
      local output, code = world:shell "$LUALOGUE -m x hi >/dev/full"
      assert.equal(3, code)
      assert.equal("lualogue: cannot write the answer: No space left on device\n", output)
      assert.equal("the answer", world:logs()[1][2].messages[2].content)
      output, code = world:shell "$LUALOGUE -m x hi >&-"
      assert.equal(3, code)
      assert.equal("lualogue: cannot write the answer: Bad file descriptor\n", output)
    end)
  end)

  it("works with standard input and error closed", function()
    with_answer({ "ok" }, function(world)
      assert.equal("ok", (world:shell "$LUALOGUE -m x hi <&-"))
      assert.equal("ok", (world:shell "$LUALOGUE -u -m x hi <&- 2>&-"))
    end)
  end)

  it("stops at Ctrl-C, keeps what came, and ends with 130", function()
    with_answer({ "so ", "far", { stall = true } }, function(world)
      local output, code = world:shell [[
        exec 3< <(exec $LUALOGUE -m x hi 2>&1)
        pid=$!
        IFS= read -r -N 6 -u 3 text; echo "$text"
        kill -INT $pid; wait $pid; echo "code $?"
        cat <&3]]
      assert.equal("so far\ncode 130\n", output)
      assert.equal(0, code)
      local turn = world:logs()[1][2]
      assert.equal("so far", turn.messages[2].content)
      assert.equal("interrupted", turn.mark)
    end)
  end)

  it("tells a stream that was cut off from a whole one", function()
    with_answer({ "half of" }, function(world)
      local out, err, code = world:run { "-m", "x", "hi" }
      assert.same({ "half of", 3 }, { out, code })
      assert.matches("^lualogue: truncated 200: [^\n]+\n$", err)
      assert.equal("interrupted", world:logs()[1][2].mark)
    end, { finish_reason = false, done = false })
  end)

  it("writes the key nowhere", function()
    local key = "sk-this-is-the-key-0123456789"
    with_answer({ "ok" }, function(world)
      local environment = { environment = "OPENAI_API_KEY=" .. key }
      for _, words in ipairs {
        { "-m", "x", "-u", "hi" }, { "-c", "more" }, { "again", "-u" }, { "--save", "t", "-m", "x", "-s", "y", "hi" }, { "-t", "t", "hi" },
        { "-m", "x", "--dry-run", "hi" }, { "logs" }, { "--json", "-m", "x", "hi" },
      } do
        local out, err = world:run(words, environment)
        assert.is_nil((out .. err):find(key, 1, true))
      end
      world:run({ "chat", "-m", "x" }, { environment = environment.environment, input = "hi\n/save talk.json\n/export talk.md\n" })
      local files = world:files()
      assert.is_true(#files >= 6, table.concat(files, "\n"))
      for _, path in ipairs(files) do assert.is_nil(world:read(path):find(key, 1, true), path) end
    end)
  end)

  it("shows its help without libcurl, each of a screen", function()
    command.with_world(nil, function(world)
      local names = { "" }
      for name in (world:run { "--help" }):match "Commands: ([^\n]+)":gmatch "%S+" do names[#names + 1] = name end
      assert.is_true(#names > 10)
      for _, name in ipairs(names) do
        local out, err, code = world:run(name .. " --help")
        assert.same({ "", 0 }, { err, code })
        local lines = 0
        for line in out:gmatch "[^\n]*\n" do
          lines = lines + 1
          assert.is_true(#line <= 81, line)
        end
        assert.is_true(lines > 1 and lines <= 24, name .. ": " .. lines .. " lines")
      end
      -- The files that it has mapped while it writes.
      local code = ([[
        arg = { [0] = "lualogue", "--help" }
        local exit = os.exit
        os.exit = function(...)
          for line in io.lines "/proc/self/maps" do
            if line:find "curl" or line:find "core%%.so" or line:find "ssl" then io.stderr:write(line, "\n") end
          end
          exit(...)
        end
        dofile(%q)]]):format("lua/lualogue/command/lualogue")
      local pipe = io.popen(("cd %s && %s -e %s 2>&1 >/dev/null"):format(program.quote(sources.lines_of("pwd")[1]),
        program.INTERPRETER, program.quote(code)))
      assert.equal("", pipe:read "*a")
      pipe:close()
    end)
  end)
end)
