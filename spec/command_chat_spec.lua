-- The conversation in the terminal, and what it leaves in the log.
local command = require "spec.support.command"
local fixture = require "spec.support.fixture"

describe("lualogue chat", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- A world whose server answers "one", "two", ...; what it was sent, as "u:A a:one u:B".
  local function with_answers(answers, body)
    local base_url = server:script { routes = { ["/chat/completions"] = answers } }
    command.with_world(base_url, function(world)
      body(world, function()
        local all = server:requests(base_url)
        local texts = {}
        for i, message in ipairs(all[#all]:json().messages) do texts[i] = message.role:sub(1, 1) .. ":" .. message.content end
        return table.concat(texts, " ")
      end)
    end)
  end

  local function words(...)
    local list = {}
    for i, word in ipairs { ... } do list[i] = fixture.sse(fixture.words { word }) end
    return list
  end

  it("talks, moves back and asks anew", function()
    with_answers(words("one", "two", "three", "four", "five"), function(world, sent)
      local out, err, code = world:run({ "chat", "-m", "x", "-s", "S" }, { input = "A\nB\n/undo\n/regenerate\n/edit C\n/system T\nD\n" })
      assert.same({ "one\ntwo\nthree\nfour\nfive\n", 0 }, { out, code }, err)
      assert.equal("s:T u:C a:four u:D", sent())
      assert.equal("", (world:run({ "chat", "-c" }, { input = "/tokens\n" })))
      assert.equal("five\n", (world:run({ "chat", "-c" }, { input = "E\n" })))
      assert.equal("s:T u:C a:four u:D a:five u:E", sent())
      -- An undone turn is not gone on from.
      world:run({ "chat", "-c" }, { input = "/undo 2\n" })
      world:run { "-c", "F" }
      assert.equal("s:S u:C a:four u:F", sent()) -- with the system message that it had then
      assert.equal(1, #world:logs())
    end)
  end)

  it("goes over to another model of the same server", function()
    local base_url = server:script { routes = { ["/chat/completions"] = words "one" } }
    command.with_world(base_url, function(world)
      world:write("~/.config/lualogue/config.lua", 'return { models = { far = { base_url = "http://127.0.0.1:9/v1" }, near = "n-1" } }')
      local _, err = world:run({ "chat", "-m", "x" }, { input = "/model near\nA\n/model far\n/model\n" })
      assert.equal("n-1", server:requests(base_url)[1]:json().model)
      assert.equal("n-1\nlualogue: that one is on another server: lualogue chat -c -m far\nn-1\n", err)
    end)
  end)

  it("takes many lines between quotes", function()
    with_answers(words "one", function(world, sent)
      world:run({ "chat", "-m", "x" }, { input = '"""\na\n\nb\n"""\n' })
      assert.equal("u:a\n\nb", sent())
      world:run({ "chat", "-m", "x" }, { input = '"""a\nb"""\n' })
      assert.equal("u:a\nb", sent())
    end)
  end)

  it("has branches, saves, loads and exports", function()
    with_answers(words("one", "two", "three", "four"), function(world, sent)
      local out, err, code = world:run({ "chat", "-m", "x", "-n" }, {
        input = "A\nB\n/fork 2\nC\n/branches\n/branches 1\nD\n/save t.json\n/reset\n/load t.json\n/export\n/export jsonl t.jsonl\n/keep\n/nope\n/edit 99 x\n",
      })
      assert.equal(0, code)
      assert.equal("u:A a:one u:B a:two u:D", sent())
      assert.matches("one\ntwo\nthree\nfour\n## User\n\nA\n", out)
      assert.matches("  1  4 messages  two\n%* 2  4 messages  three\n", err)
      assert.matches("no command /nope", err)
      assert.matches("no message 99", err)
      assert.matches("^{\"content\":\"A\"", world:read(world.folder .. "/t.jsonl"))
      assert.same({}, world:logs())
    end)
  end)

  it("says what fails, asks again, and ends with 3 where nobody looks", function()
    with_answers({ fixture.json(500, fixture.error_body "no"), fixture.sse(fixture.words { "yes" }) }, function(world, sent)
      world:write("~/.config/lualogue/config.lua", "return { client = { max_retries = 0 } }")
      local out, err, code = world:run({ "chat", "-m", "x" }, { input = "A\n/retry\n" })
      assert.equal(3, code)
      assert.matches("api 500[^\n]*\n%(/retry asks again", err)
      assert.equal("\nyes\n", out)
      assert.equal("u:A", sent())
      assert.equal("yes", world:logs()[1][2].messages[2].content)
    end)
  end)

  it("stops an answer at Ctrl-C, and asks what shall become of it", function()
    local slow = fixture.sse(fixture.words { "so ", "far", { stall = true } })
    with_answers({ slow, slow, fixture.sse(fixture.words { "whole" }), slow }, function(world, sent)
      world:interactive({ "chat", "-m", "x" }, function(terminal)
        terminal.expect "> "
        terminal.send "A\n"
        terminal.expect "so far"
        terminal.send "\3"
        terminal.expect "[d]iscard it? "
        terminal.send "d\n"
        terminal.expect "> "
        terminal.send "B\n"
        terminal.expect "so far"
        terminal.send "\3"
        terminal.expect "[d]iscard it? "
        terminal.send "k\n"
        terminal.expect "> "
        terminal.send "C\n"
        terminal.expect "whole\r\n\r\n> "
        assert.equal("u:B a:so far u:C", sent())
        terminal.send "D\n"
        terminal.expect "so far"
        terminal.send "\3"
        terminal.expect "[d]iscard it? "
        terminal.send "\3"
      end)
      local lines = world:logs()[1]
      assert.equal("D", lines[#lines].messages[1].content)
      assert.equal("interrupted", lines[#lines].mark)
    end)
  end)
end)
