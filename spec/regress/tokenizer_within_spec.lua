-- A finalizer that counts tokens while a text is being encoded took the ids that were about to be
-- put into the list: encode gave another text's tokens, and said nothing.
local program = require "spec.support.program"

-- In a process of its own, where a collection is short and comes often.
local CODE = [[
  local tokens = require "lualogue.tokens"
  local encoding = tokens.encoding "cl100k_base"
  local newproxy = rawget(_G, "newproxy")
  local n_runs, inside = 0, ("another text, with other tokens, "):rep(20) .. ("x7"):rep(400)

  local function act()
    n_runs = n_runs + 1
    encoding:encode(inside)
    encoding:count(inside)
    encoding:truncate(inside, 20)
  end
  local function finalizer()
    if newproxy then
      getmetatable(newproxy(true)).__gc = act
    else
      setmetatable({}, { __gc = act })
    end
  end

  local texts = { ("some words of a text. "):rep(30), ("long" .. "-"):rep(300), ("Z"):rep(2000), "a<|endoftext|>b" }
  local expected = {}
  for i, text in ipairs(texts) do expected[i] = table.concat(encoding:encode(text), " ") end

  if _VERSION == "Lua 5.4" then collectgarbage "incremental" end
  collectgarbage("setpause", 1)
  collectgarbage("setstepmul", 1000)
  for round = 1, 400 do
    for i, text in ipairs(texts) do
      local waste
      for _ = 1, 3 do finalizer() end
      for _ = 1, round % 17 do waste = { waste } end
      local ids = encoding:encode(text, i == 4 and { allowed_special = { "<|fim_prefix|>" } } or nil)
      if table.concat(ids, " ") ~= expected[i] then
        print(("text %d: other ids in round %d"):format(i, round))
        os.exit(1)
      end
      assert(encoding:decode(ids) == text)
    end
  end
  assert(n_runs > 400, n_runs)
]]

describe("a finalizer that uses the tokenizer", function()
  it("may run while a text is encoded", function()
    local output, code = program.lua(CODE)
    assert.equal("", output)
    assert.equal(0, code)
  end)
end)
