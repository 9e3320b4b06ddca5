-- What README shows runs: every block of Lua, one after the other in one program, against the offline
-- model and a server for what that does not have. The examples of the docstrings run likewise, each in
-- a world of its own (spec/support/docstrings.lua).
local child = require "examples.offline.child"
local annotations = require "spec.support.annotations"
local fixture = require "spec.support.fixture"
local sources = require "spec.support.sources"
local program = require "spec.support.program"

--- The blocks of Lua in a text, with the line on which each begins.
local function blocks_of(text)
  local blocks, block, line = {}, nil, 0
  for row in (text .. "\n"):gmatch("([^\n]*)\n") do
    line = line + 1
    if block and row:find("^%s*```") then
      blocks[#blocks + 1] = block
      block = nil
    elseif block then
      block.code = block.code .. row .. "\n"
    elseif row:find("^%s*```lua") then
      block = { code = "", line = line + 1 }
    end
  end
  return blocks
end

local usage = { prompt_tokens = 3, completion_tokens = 5, total_tokens = 8 }

local function response()
  local reply = {
    id = "r1", object = "response", status = "completed", model = "m", usage = { total_tokens = 8 },
    output = { { id = "m1", type = "message", role = "assistant", status = "completed",
      content = { { type = "output_text", text = "Lua", annotations = {} } } } },
  }
  return fixture.sse({ { type = "response.completed", response = reply } }, { done = false })
end

describe("README", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  --- A chat that is streamed, answered by a call or by plain text, as the request asks.
  local function answers()
    local chat = fixture.json(200, fixture.chat_reply("Lua"))
    return {
      routes = {
        ["/chat/completions"] = { chat, -- the first one, and each of the three of `map`
          chat, chat, chat, chat, -- and the callback
          fixture.sse(fixture.words({ "Lua" }, { usage = usage })), -- the stream
          chat, fixture.sse(fixture.words({ "More" }, { usage = usage })), chat, chat, -- the dialogue
          fixture.json(200, fixture.chat_reply('{"year":1993,"authors":["R"],"licence":null}')),
          fixture.json(200, { id = "c", object = "chat.completion", usage = usage, choices = { {
            index = 0, finish_reason = "tool_calls", message = { role = "assistant", tool_calls = { {
              id = "1", type = "function", ["function"] = { name = "weather", arguments = '{"city":"Rio"}' },
            } } } } } }),
          chat },
        ["/embeddings"] = fixture.json(200, { object = "list", data = {
          { object = "embedding", index = 0, embedding = { 1, 0 } },
          { object = "embedding", index = 1, embedding = { 0.5, 0.5 } } }, usage = usage }),
        ["/files"] = fixture.json(200, { object = "list", id = "f1", has_more = false,
          data = { { id = "f1", object = "file", filename = "a.jsonl" } } }),
        ["/images/generations"] = fixture.json(200, { created = 1, data = { { b64_json = "eA==" } } }),
        ["/responses"] = response(),
        ["*"] = fixture.json(200, fixture.chat_reply("Lua")),
      },
    }
  end

  it("shows nothing that does not run", function()
    local blocks = blocks_of(sources.read("README.md"))
    assert.is_true(#blocks >= 6, "README has " .. #blocks .. " blocks")
    program.with_folder(function(folder)
      for _, name in ipairs { "env", "batch.jsonl" } do assert(io.open(folder .. "/" .. name, "w")):close() end
      local parts = { "vault = {}", "function forecast() return 'sunny' end", "local lualogue = require 'lualogue'" }
      local head = "local client = lualogue.new { model = 'gpt-4o-mini' }"
      parts[#parts + 1] = head
      for _, block in ipairs(blocks) do
        -- What needs a host runs in spec/hosts.
        local hosted = block.code:find("(in its host", 1, true)
        if hosted then assert((rawget(_G, "loadstring") or load)(block.code, "=README.md:" .. block.line)) end
        -- Each is a piece of its own, which may declare what an earlier one did.
        local code = block.code:gsub("local (%a[%w_]*)( = )", "%1%2"):gsub("local (%a[%w_]*, %a[%w_]*)( = )", "%1%2")
          :gsub('"%.env%.local"', ("%q"):format(folder .. "/env")):gsub('"spec/hello.json"', ("%q"):format(folder .. "/hello.json")):gsub('"talk.json"', ("%q"):format(folder .. "/talk.json"))
          :gsub('"batch.jsonl"', ("%q"):format(folder .. "/batch.jsonl")):gsub('"hello.mp3"', ("%q"):format(folder .. "/hello.mp3"))
        if not hosted then parts[#parts + 1] = ("do -- README.md:%d\n%s\nend"):format(block.line, code) end
        -- The client of the cassette has recorded an answer before it is played.
        if code:find("cassette = ", 1, true) then
          parts[#parts] = parts[#parts]:gsub("\n(tape = )", "\nlualogue.assert(client:chat { messages = messages })\nclient:close()\n%1")
            :gsub("\n(lualogue%.assert%(tape:done)",
              "\nlualogue.assert(lualogue.new { cassette = tape }:chat { messages = messages })\n%1")
        end
      end
      parts[#parts + 1] = "print 'all of it'"
      local file = assert(io.open(folder .. "/readme.lua", "w"))
      file:write(table.concat(parts, "\n"))
      file:close()
      local output, code = program.run(("OPENAI_API_KEY=sk-readme-example AZURE_OPENAI_API_KEY=azure-example"
        .. " OPENROUTER_API_KEY=sk-or-example GATEWAY_KEY=gateway-example OPENAI_BASE_URL=%s %s %s/readme.lua"):format(
        server:script(answers()), program.INTERPRETER, folder))
      assert.equal(0, code, output)
      assert.matches("all of it", output)
    end)
  end)
end)

describe("README's table of options", function()
  --- The fields of a class, those of the class that it extends included.
  local function fields_of(class, into)
    for _, path in ipairs(sources.matching("^lua/lualogue/types.*%.lua$")) do
      for _, found in ipairs(annotations.parse(path).classes) do
        if found.name == class then
          for _, field in ipairs(found.fields) do into[field.name] = true end
          local parent = sources.read(path):match("@class " .. class:gsub("%.", "%%.") .. ": ([%w.]+)")
          return parent and fields_of(parent, into) or into
        end
      end
    end
    error("no class " .. class)
  end

  it("has all of them, and says which a call may have", function()
    local rows = sources.read("README.md"):match("\n## Options\n(.-)\n## ")
    local named, for_calls = {}, {}
    for cell in rows:gmatch("\n| (`[^|]-) |") do
      for name, star in cell:gmatch("`([%w_]+)`( ?`?%*?)") do
        named[name] = true
        for_calls[name] = star == " `*" or nil
      end
    end
    local of_new = fields_of("lualogue.ClientOptions", {})
    local of_calls = {}
    for name in pairs(fields_of("lualogue.CallOptions", {})) do of_calls[name] = of_new[name] end
    assert.same(of_new, named)
    assert.same(of_calls, for_calls)
  end)
end)

describe("a docstring", function()
  local server, model
  setup(function()
    server = fixture.start()
    model = assert(child.start("examples/offline/server.lua", "--parent-pipe"))
  end)
  teardown(function()
    server:stop()
    model:close()
  end)

  --- What the offline model does not have.
  local function answers()
    return {
      routes = {
        ["/files"] = fixture.json(200, { object = "list", has_more = false, id = "f1", bytes = 3,
          data = { { id = "f1", object = "file", filename = "batch.jsonl" } } }),
        ["/chat/completions"] = fixture.json(200, fixture.chat_reply "Hello"),
        ["/models"] = fixture.json(200, { object = "list", data = { { id = "m", object = "model" } } }),
        ["/files/f1/content"] = fixture.raw "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbytes",
        ["/embeddings"] = fixture.json(200, { object = "list", usage = usage, data = {
          { object = "embedding", index = 0, embedding = { 1, 0 } }, { object = "embedding", index = 1, embedding = { 0, 1 } } } }),
        ["/images/edits"] = fixture.json(200, { created = 1, data = { { b64_json = "eA==" } } }),
        ["/audio/speech"] = fixture.raw "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 5\r\n\r\nsound",
        ["/responses"] = response(),
      },
    }
  end

  --- The examples of all docstrings.
  local function examples()
    local list = {}
    for _, path in ipairs(sources.matching("^lua/.+%.lua$")) do
      local text = {}
      for row in (sources.read(path) .. "\n"):gmatch("([^\n]*)\n") do
        text[#text + 1] = row:match("^%s*%-%-%- ?(.*)$") or ""
      end
      for _, block in ipairs(blocks_of(table.concat(text, "\n"))) do
        list[#list + 1] = { where = path .. ":" .. block.line, code = block.code }
      end
    end
    return list
  end

  it("shows nothing that does not run", function()
    local list = examples()
    assert.is_true(#list > 80, #list .. " examples")
    program.with_folder(function(folder)
      local file = assert(io.open(folder .. "/list.lua", "w"))
      file:write "return {\n"
      for _, example in ipairs(list) do file:write(("{ where = %q, code = %q },\n"):format(example.where, example.code)) end
      file:write "}\n"
      file:close()
      local here = assert(sources.lines_of("pwd")[1])
      os.execute(("ln -s %s/examples %s/examples"):format(program.quote(here), folder))
      local output, code = program.run(("OPENAI_API_KEY=sk-docstring-example AZURE_OPENAI_API_KEY=azure-example"
        .. " OPENAI_WEBHOOK_SECRET=whsec_ZG9jc3RyaW5n OPENAI_BASE_URL=%s %s %s/spec/support/docstrings.lua list.lua %s %s"):format(
        model.line, program.INTERPRETER, here, model.line, server:script(answers())), { cwd = folder })
      assert.equal(0, code, output)
      assert.equal(("%d of %d ran"):format(#list, #list), output:match("(%d+ of %d+ ran)\n$"), output)
    end)
  end)
end)

describe("README's lines for the shell", function()
  local command = require "spec.support.command"

  --- What differs from run to run: times, ids, the home.
  local function plain(text, home)
    return (text:gsub("\r\n", "\n"):gsub(home:gsub("%p", "%%%0"), "~"):gsub("%d+%-%d+%-%x+", "ID"):gsub("%d+%.%d%d s", "0 s"))
  end

  it("say what they say, in a terminal", function()
    local offline = dofile "examples/offline/init.lua"
    local options, model = assert(offline.start())
    local ok, err = pcall(command.with_world, options.base_url, function(world)
      local block = sources.read("README.md"):match "\n```console\n(.-)```\n"
      local n, line, expected = 0, nil, ""
      local function check()
        if not line then return end
        n = n + 1
        world:write("~/line", "#!/bin/bash\nlualogue() { $LUALOGUE \"$@\"; }\n" .. line .. "\n")
        local shown = world:shell "LUALOGUE_MODEL=eliza script -qec 'bash $HOME/line' /dev/null"
        os.execute("rm " .. program.quote(world.home .. "/line"))
        assert.equal(plain(expected, world.home), plain(shown, world.home), line)
      end
      for row in block:gmatch "([^\n]*)\n" do
        if row:find "^%$ " then
          check()
          line, expected = row:sub(3), ""
        else
          expected = expected .. row .. "\n"
        end
      end
      check()
      assert.is_true(n >= 6, n .. " lines")
    end)
    model:close()
    if not ok then error(err, 0) end
  end)
end)
