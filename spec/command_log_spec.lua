-- What the command writes down, and goes on from.
local command = require "spec.support.command"
local fixture = require "spec.support.fixture"

describe("lualogue's log", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- A world whose server answers "one", "two", ... to what is asked.
  local function with_answers(body)
    local answers = {}
    for i, word in ipairs { "one", "two", "three", "four", "five", "six" } do
      answers[i] = fixture.sse(fixture.words { word })
    end
    local base_url = server:script { routes = { ["/chat/completions"] = answers } }
    command.with_world(base_url, function(world)
      body(world, function()
        local all = server:requests(base_url)
        local body_of, texts = all[#all]:json(), {}
        for i, message in ipairs(body_of.messages) do texts[i] = message.role:sub(1, 1) .. ":" .. message.content end
        return table.concat(texts, " "), body_of
      end)
    end)
  end

  it("goes on with the last conversation of the folder", function()
    with_answers(function(world, sent)
      world:run { "-m", "x", "-s", "S", "A" }
      assert.equal("two", (world:run { "-c", "B" }))
      local texts, body = sent()
      assert.equal("s:S u:A a:one u:B", texts)
      assert.equal("x", body.model)
      world:run { "-c", "-m", "y", "C" }
      assert.equal("s:S u:A a:one u:B a:two u:C", (sent()))
      assert.equal(1, #world:logs())
    end)
  end)

  it("writes nothing with -n, so that -c goes on with the one before", function()
    with_answers(function(world, sent)
      world:run { "-m", "x", "A" }
      world:run { "-m", "x", "-n", "B" }
      world:run({ "-m", "x", "B" }, { environment = "LUALOGUE_LOG=0" })
      world:run { "-c", "-n", "C" }
      assert.equal("u:A a:one u:C", (sent()))
      assert.equal(1, #world:logs())
      world:write("~/.config/lualogue/config.lua", "return { log = false }")
      world:run { "-m", "x", "D" }
      assert.equal(1, #world:logs())
    end)
  end)

  it("keeps folders apart, unless it is told not to", function()
    with_answers(function(world, sent)
      world:run { "-m", "x", "A" }
      local here = world.folder
      world.folder = world.home
      local _, err, code = world:run { "-c", "B" }
      assert.equal(2, code)
      assert.matches("no conversation of this folder", err)
      world:run { "-c", "--global", "C" }
      assert.equal("u:A a:one u:C", (sent()))
      local id = world:logs()[1][1].id
      world.folder = here
      world:run { "--cid", id:sub(-6), "D" }
      assert.equal("u:A a:one u:C a:two u:D", (sent()))
    end)
  end)

  it("asks again, beside the old answer", function()
    with_answers(function(world, sent)
      world:run { "-m", "x", "-s", "S", "-o", "temperature", "0.5", "A" }
      world:run { "-c", "B" }
      local out, _, code = world:run { "again", "-m", "y", "-o", "top_p", "1" }
      assert.same({ "three", 0 }, { out, code })
      local texts, body = sent()
      assert.equal("s:S u:A a:one u:B", texts)
      assert.same({ "y", nil, 1 }, { body.model, body.temperature, body.top_p })
      world:run { "-c", "C" }
      assert.equal("s:S u:A a:one u:B a:three u:C", (sent()))
    end)
  end)

  it("lists, finds and shows what was said", function()
    with_answers(function(world)
      world:run { "-m", "x", "The first\nquestion" }
      world:run { "-m", "x", "Another" }
      world:run { "-c", "and on" }
      local out = world:run { "logs" }
      assert.matches("^%S+ +2  x +Another\n%S+ +1  x +The first question\n$", out)
      assert.matches("^%S+ +1  x +The first question\n$", (world:run { "logs", "-q", "FIRST one" }))
      assert.equal("", (world:run { "logs", "-q", "first two" }))
      assert.matches("^%S+ +2  x +Another\n$", (world:run { "logs", "-n", "1" }))
      local id = out:match "^%S+"
      assert.equal("# Another\n\n## User\n\nAnother\n\n## Assistant (fixture)\n\ntwo\n\n## User\n\nand on\n\n## Assistant (fixture)\n\nthree\n",
        (world:run { "logs", id }))
      local path = world:run { "logs", id, "--path" }
      assert.equal(world:read(path:gsub("\n", "")), (world:run { "logs", id, "--json" }))
      local _, err, code = world:run { "logs", "nothing" }
      assert.equal(2, code)
      assert.matches("no conversation 'nothing'", err)
    end)
  end)

  it("sends of a long conversation what the model takes, and says so", function()
    with_answers(function(world, sent)
      world:run({ "-m", "gpt-4", "-s", "S" }, { input = ("word "):rep(7000) })
      world:run { "-c", "-o", "max_tokens", "500", "B" }
      local out, err, code = world:run { "-c", "-o", "max_tokens", "2000", "-o", "tools", '[{"type":"function","function":{"name":"f"}}]', "C" }
      assert.same({ "three", 0 }, { out, code })
      assert.equal("lualogue: the model takes no more than 4 of 6 messages, the newest\n", err)
      assert.equal("s:S u:B a:two u:C", (sent()))
      out, err = world:run { "-c", "--dry-run", "-o", "max_tokens", "2000", "D" }
      assert.matches('"content":"three"', out)
      assert.matches("takes no more than 6 of 8 messages", err)
    end)
  end)

  it("survives a torn line, and files of others", function()
    with_answers(function(world, sent)
      world:run { "-m", "x", "A" }
      local path = (world:run { "logs", "--path" }):gsub("\n", "")
      local whole = world:read(path)
      world:write(path, whole .. '{"id":"torn","messages":[{"role"')
      world:write(path:gsub("[^/]+$", "20990101-000000-aaaaaa.jsonl"), "not ours\n")
      world:write(path:gsub("[^/]+$", "20990101-000000-bbbbbb.jsonl"), "")
      world:run { "-c", "B" }
      assert.equal("u:A a:one u:B", (sent()))
      world:run { "-c", "C" }
      assert.equal("u:A a:one u:B a:two u:C", (sent()))
    end)
  end)

  it("is for its owner alone, and has a file for each of twenty at once", function()
    with_answers(function(world)
      local output = world:shell "seq 20 | xargs -P 8 -I{} $LUALOGUE -m x question {} >/dev/null; stat -c %a \"$HOME\"/.local/state/lualogue/conversations \"$HOME\"/.local/state/lualogue/conversations/* | sort | uniq -c"
      assert.matches("^ *20 600\n *1 700", output)
      assert.equal(20, #world:logs())
    end)
  end)

  it("may be impossible to write: the answer is printed all the same", function()
    with_answers(function(world)
      world:write("~/.local/state/lualogue/conversations", "a file")
      local out, err, code = world:run { "-m", "x", "A" }
      assert.same({ "one", 0 }, { out, code })
      assert.matches("^lualogue: the log is not written: cannot [^\n]+\n$", err)
      out, err = world:run({ "-m", "x", "A" }, { environment = "HOME=" })
      assert.equal("two", out)
      assert.matches("the log is not written", err)
      out, err = world:run({ "-m", "x", "A" }, { environment = "HOME=/proc" }) -- where nobody may write
      assert.equal("three", out)
      assert.matches("the log is not written", err)
      os.execute("rm " .. world.home .. "/.local/state/lualogue/conversations")
      local output, status = world:shell "(trap '' XFSZ; ulimit -f 0; $LUALOGUE -m x A) 2>&1 | cat" -- a full disk
      assert.equal(0, status)
      assert.matches("^fourlualogue: the log is not written: cannot write '[^\n]+\n?$", output)
    end)
  end)
end)
