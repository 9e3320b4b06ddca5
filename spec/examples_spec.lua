-- Each example as a user runs it: from another folder, without a terminal, and the chat in one.
local program = require "spec.support.program"
local sources = require "spec.support.sources"

local quote = program.quote
local REPOSITORY = sources.lines_of("pwd")[1]

-- Nothing of the person who runs this: no key, no server, no pace of another's.
local CLEAN = "-u OPENAI_API_KEY -u OPENAI_BASE_URL -u OPENAI_MODEL -u OPENAI_EMBEDDING_MODEL"
  .. " -u OPENAI_ORG_ID -u OPENAI_PROJECT_ID -u OFFLINE_DEBUG"

local examples = {}
for _, path in ipairs(sources.matching "^examples/[^/]+%.lua$") do
  examples[#examples + 1] = path:match "([^/]+)%.lua$"
end

local marks = 0

--- A new mark for the environment of a program and of whatever it starts.
local function new_mark()
  marks = marks + 1
  return ("LLG_EXAMPLE=%s-%d"):format(tostring({}):match "0x(%x+)", marks)
end

--- The commands of those who carry the mark, once those who are about to end have had time to.
local function left_running(mark)
  local found
  for _ = 1, 25 do
    found = {}
    for _, environ in ipairs(sources.lines_of("grep -lzxF " .. quote(mark) .. " /proc/[0-9]*/environ")) do
      local command = sources.lines_of("tr '\\0' ' ' <" .. environ:gsub("environ$", "cmdline"))[1]
      if command and command ~= "" then found[#found + 1] = command end
    end
    if #found == 0 then return "" end
    os.execute "sleep 0.2"
  end
  return table.concat(found, "\n")
end

--- Run an example in a folder of its own; it must leave nothing there, and nothing running.
---@return string output standard output
---@return integer code
local function run(name, more)
  local output, code, left
  local mark = new_mark()
  program.with_folder(function(folder)
    output, code = program.run(("%s OFFLINE_DELAY_MS=5 %s %s %s %s"):format(
      CLEAN, mark, program.INTERPRETER, quote(REPOSITORY .. "/examples/" .. name .. ".lua"), more or ""),
      { cwd = folder, stderr = false })
    left = table.concat(sources.lines_of("ls -A " .. quote(folder)), " ")
  end)
  assert.equal("", left, "left in the current folder")
  assert.equal("", left_running(mark), "left running")
  return output, code
end

-- What each must print; an example that is not here must print something.
local ESSENTIAL = {
  ask = { "^> I feel happy", "\n%(%d+ tokens, %d+ ms, model %S+%)\n$" },
  stream = { "\nfinish_reason stop, %d+ tokens\n", "closed after 3 pieces %(cancelled%); so far: \"[^\n]+\"\n$" },
  embeddings = {
    '"a sleeping cat" among 6 sentences %(%d+ dimensions, %d+ tokens%):\n', "\n  0%.%d+  The cat sleeps on the warm windowsill%.\n",
  },
  watch = {
    "^call 1  request  %d+ bytes\ncall 1  headers  status 200\ncall 1  done     complete, %d+ tokens\n",
    "\nsix calls, 2 at once\n", "\nok    errors        a wrong request is refused with 400 and why\n$",
  },
  errors = {
    "refused\tapi\tapi 404", "nobody\tconnection\t", "slow\ttimeout\t", "closed\tcancelled\t", "raised\tfalse\tcancelled\n",
    "errors%.lua:%d+: bad argument 'messages'", "errors%.lua:%d+: messages%[1%]%.content: a function cannot be sent as JSON\n",
  },
  chat = { "\nyou> Hello", "\n ai> %S[^\n]*\n +%[%d+ tokens, %d+%.%d+ s%]\n.*\n ai> %S[^\n]*\n +%[%d+ tokens", "\nyou> exit\n",
    "\nyou> /tokens\n     %d+ tokens\n", "\nyou> /undo\n     1\n", "\nyou> /regenerate\n ai> %S" },
  memory = { "^ 1   2 of 2 messages, %d+ tokens", "\n     ~ %d+ messages became: %S", "\nall 24 messages are there; sent would be %d+\n" },
  npc = {
    "\n     ~ comes to mind: The dragon Ash sleeps", "\n     ~ comes to mind: %(turn 1%) User: %[You notice: A cloaked rider",
    "you to the smith> Who left the gate at midnight%?\nsmith> ", "\nthe guard remembers 11 messages, the smith 2\n$",
  },
  parallel = { "\n50 answers, 0 failed, %d+ tokens, %d+%.%d%d s\n$" },
  own_loop = { "^%S[^\n]*\n%S[^\n]*\nthe loop went on meanwhile: %d+ beats\n$" },
  tokens = { "^ +0 +0 *\n$" },
  structured = {
    "\nLuigi, 4 guests, window, not late\n%(asked by json_schema, 0 re%-asks, %d+ tokens%)\n",
    "\ngrowing: [^\n]+=nil", "\ncomplete: place=Luigi guests=4 seat=window late=false\nnil\t",
    "guests%[2%]%.name: a string expected, got 7\n$",
  },
  tools = {
    "\n  list_notes%({}%): done, %[\"water the plants\",\"call the dentist\"%]\n ai> %S",
    "\n  delete note 2%? %[y/N%] \n  delete_note%({\"number\":2}%): refused, Error: the user said no\n ai> %S",
  },
  files = { "^questions%.jsonl is file%-%d+, (%d+) bytes\nit came back: %1 bytes in a file\nand as bytes: 2000 lines\n$" },
  vision = { "^data:image/gif %(%d+ bytes%)\n> What do you see in this picture%?\n%S[^\n]*\n$" },
}

describe("the example", function()
  for _, name in ipairs(examples) do
    it(name .. " runs from another folder and leaves nothing behind", function()
      local output, code = run(name)
      assert.equal(0, code, output)
      assert.truthy(output:find "%S", "it prints nothing")
      for _, pattern in ipairs(ESSENTIAL[name] or {}) do
        assert.truthy(output:find(pattern), ("%s is not in:\n%s"):format(pattern, output))
      end
    end)
  end

  it("chat fails where its scripted exchange does, and says why", function()
    local output, code = program.run(("%s OPENAI_BASE_URL=http://127.0.0.1:1/v1 %s %s"):format(
      CLEAN, program.INTERPRETER, quote(REPOSITORY .. "/examples/chat.lua")), { stderr = false })
    assert.equal(1, code, output)
    assert.truthy(output:find("[connection: 127.0.0.1:1: ", 1, true), output)
    assert.truthy(output:find "\nyou> exit\n", output)
  end)

  it("ask takes a question", function()
    local output, code = run("ask", "Why do you ask\\?")
    assert.equal(0, code)
    assert.truthy(output:find "^> Why do you ask%?\n%S", output)
  end)

  it("embeddings takes a query", function()
    local output, code = run("embeddings", "bread in the oven")
    assert.equal(0, code)
    assert.truthy(output:find '^"bread in the oven" among 6[^\n]*\n  0%.%d+  Bake the bread for forty minutes%.\n', output)
  end)
end)

describe("the chat in a terminal", function()
  it("answers, stops an answer at Ctrl-C, goes on, and ends at exit", function()
    local mark = new_mark()
    local command = ("exec env %s OFFLINE_DELAY_MS=150 %s %s %s"):format(
      CLEAN, mark, program.INTERPRETER, quote(REPOSITORY .. "/examples/chat.lua"))
    local rest = program.in_terminal(command, function(terminal)
      terminal.expect "\nyou> "
      terminal.send "I am worried about my garden.\n"
      terminal.expect " ai> "
      terminal.expect " " -- the first word, of several
      terminal.send "\3"
      local cut = terminal.expect "\nyou> "
      assert.truthy(cut:find("cancelled", 1, true), cut)
      assert.is_nil(cut:find("tokens", 1, true), cut)

      terminal.send "Hello\n"
      terminal.expect " ai> "
      local whole = terminal.expect "\nyou> "
      assert.truthy(whole:find "%S[^\n]*\n +%[%d+ tokens", whole)
      terminal.send "exit\n"
    end)
    assert.is_nil(rest:find("lua", 1, true), rest) -- no error of the interpreter's
    assert.equal("", left_running(mark))
  end)

  it("ends at Ctrl-D", function()
    local mark = new_mark()
    local command = ("exec env %s %s %s %s"):format(CLEAN, mark, program.INTERPRETER, quote(REPOSITORY .. "/examples/chat.lua"))
    local rest = program.in_terminal(command, function(terminal)
      terminal.expect "\nyou> "
      terminal.send "\4"
    end)
    assert.is_nil(rest:find("lua", 1, true), rest)
    assert.equal("", left_running(mark))
  end)
end)
