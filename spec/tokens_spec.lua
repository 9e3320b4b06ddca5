local tokens = require "lualogue.tokens"
local json = require "lualogue.json"
local cache = require "lualogue.tokens.cache"
local chat = require "lualogue.tokens.chat"
local models = require "lualogue.tokens.models"

local interpreter = os.getenv("LLG_INTERPRETER") or "lua5.4"
local HERE = "^spec/tokens_spec%.lua:%d+: "

local function each_line_of(name, visit)
  local n = 0
  for line in io.lines("spec/fixtures/tokens/" .. name) do
    n = n + 1
    visit(json.decode(line), line)
  end
  return n
end

--- Numbers that are the same in every run and leave math.random alone.
local function generator(seed)
  return function(n)
    seed = (seed * 16807) % 2147483647
    return seed % n + 1
  end
end

--- What a call raised, without the position, which must be a line of this file.
local function raised(f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(message:find(HERE), message)
  return (message:gsub(HERE, ""))
end

--- What a chunk printed in an interpreter of its own.
local function run(chunk)
  local pipe = assert(io.popen(("%s -e '%s' 2>&1"):format(interpreter, chunk:gsub("'", "'\\''"))))
  local output = pipe:read "*a"
  pipe:close()
  return output
end

local function encodings()
  local list = {}
  for i, name in ipairs(tokens.encodings()) do list[i] = tokens.encoding(name) end
  return list
end

describe("encodings", function()
  it("are the five published ones", function()
    assert.same({ "o200k_base", "o200k_harmony", "cl100k_base", "p50k_base", "r50k_base" },
      tokens.encodings())
    assert.equal("r50k_base", tokens.encoding("r50k_base").name)
    assert.is_false(tokens.encoding("r50k_base").approximate)
    assert.equal("lualogue.encoding: o200k_base", tostring(tokens.encoding("o200k_base")))
  end)

  it("give the ids of the reference implementation", function()
    local n = each_line_of("golden.jsonl", function(golden)
      for _, encoding in ipairs(encodings()) do
        local want = golden[encoding.name:gsub("harmony", "base")]
        local ids = encoding:encode(golden.text)
        assert.same(want, ids, encoding.name .. " " .. golden.id)
        assert.equal(golden.text, encoding:decode(ids))
        assert.equal(#want, encoding:count(golden.text))
      end
    end)
    assert.equal(260, n)
  end)

  it("give integers", function()
    local id = tokens.encoding("o200k_base"):encode("Hello")[1]
    assert.equal("13225", tostring(id))
    assert.equal("2", tostring(tokens.encoding("o200k_base"):count("Hello world")))
  end)

  it("take any bytes and give them back", function()
    local random = generator(7)
    for _, encoding in ipairs(encodings()) do
      for byte = 0, 255 do
        local ids = encoding:encode(string.char(byte))
        assert.equal(1, #ids)
        assert.equal(string.char(byte), encoding:decode(ids))
      end
      for _ = 1, 200 do
        local bytes = {}
        local low, spread = random(200) - 1, random(56)
        for i = 1, random(90) do bytes[i] = string.char(low + random(spread) - 1) end
        local text = table.concat(bytes)
        local ids = encoding:encode(text)
        assert.equal(text, encoding:decode(ids))
        assert.equal(#ids, encoding:count(text))
      end
      assert.same({}, encoding:encode(""))
      assert.equal(0, encoding:count(""))
      assert.equal("", encoding:decode({}))
    end
  end)

  it("split broken UTF-8 as if it were U+FFFD", function()
    local encoding = tokens.encoding("o200k_base")
    assert.equal("a\228\189b", encoding:decode(encoding:encode("a\228\189b")))
    -- The broken character is the prefix of the word behind it, as U+FFFD would be.
    assert.equal(encoding:count("a") + encoding:count("\228\189b c"),
      encoding:count("a\228\189b c"))
  end)

  it("name the caller's line and the argument", function()
    local encoding = tokens.encoding("o200k_base")
    assert.equal("bad argument 'name' to 'encoding' (unknown encoding 'o300k')",
      raised(tokens.encoding, "o300k"))
    assert.equal("bad argument 'name' to 'encoding' (string expected, got nil)",
      raised(tokens.encoding))
    assert.equal("bad argument 'text' to 'encode' (string expected, got number)",
      raised(encoding.encode, encoding, 12))
    assert.equal("bad argument 'self' to 'count' (encoding expected, got nil)",
      raised(encoding.count, "text"))
    assert.equal("bad argument 'ids' to 'decode' (ids[2] is not a token of o200k_base)",
      raised(encoding.decode, encoding, { 1, 200000 }))
    for _, id in ipairs { -1, 1.5, 2 ^ 32, 2 ^ 60, 0 / 0, "1", true } do
      assert.equal("bad argument 'ids' to 'decode' (ids[1] is not a token of o200k_base)",
        raised(encoding.decode, encoding, { id }))
    end
    for _, limit in ipairs { -1, 0 / 0 } do
      assert.equal("bad argument 'limit' to 'count_within' (a number from 0 on expected)",
        raised(encoding.count_within, encoding, "x", limit))
    end
    assert.equal("bad argument 'limit' to 'truncate' (number expected, got string)",
      raised(encoding.truncate, encoding, "x", "5"))
  end)

  it("refuse a word of more than 16 MiB with an error of the kind limit", function()
    local encoding = tokens.encoding("o200k_base")
    local text = (" "):rep(16 * 1024 * 1024 + 1)
    for _, method in ipairs { "count", "encode" } do
      local n, err = encoding[method](encoding, text)
      assert.is_nil(n)
      assert.equal("limit", err.kind)
      assert.truthy(err.message:find("16 MiB", 1, true))
    end
    assert.is_false(encoding:count_within(text, 100))
  end)
end)

describe("special tokens", function()
  local encoding = tokens.encoding("o200k_base")

  it("are text unless allowed", function()
    local text = "a<|endoftext|>b"
    assert.equal(9, #encoding:encode(text))
    for _, id in ipairs(encoding:encode(text)) do assert.is_true(id < 199998) end
    assert.equal(9, encoding:count(text))
    assert.same({ 64, 199999, 65 }, encoding:encode(text, { allowed_special = "all" }))
    assert.equal(3, encoding:count(text, { allowed_special = "all" }))
    assert.equal(text, encoding:decode { 64, 199999, 65 })
    assert.same({ 64, 199999, 65 }, encoding:encode(text, { allowed_special = { "<|endoftext|>" } }))
    assert.equal(9, #encoding:encode(text, { allowed_special = { "<|endofprompt|>" } }))
    assert.equal(9, #encoding:encode(text, { allowed_special = {} }))
  end)

  it("of the harmony format", function()
    local harmony = tokens.encoding("o200k_harmony")
    local text = "<|start|>user<|message|>Hi<|end|><|reserved_200500|>"
    local ids = harmony:encode(text, { allowed_special = "all" })
    assert.same({ 200006, 1428, 200008, 12194, 200007, 200500 }, ids)
    assert.equal(text, harmony:decode(ids))
  end)

  it("that do not exist raise", function()
    assert.equal(
      "bad argument 'allowed_special' to 'encode' (<|start|> is no special token of o200k_base)",
      raised(encoding.encode, encoding, "x", { allowed_special = { "<|start|>" } }))
    assert.equal("bad argument 'allowed_special' to 'count' (number is no special token of o200k_base)",
      raised(encoding.count, encoding, "x", { allowed_special = { 1 } }))
    assert.equal([[bad argument 'allowed_special' to 'count' ("all" or a list expected, got boolean)]],
      raised(encoding.count, encoding, "x", { allowed_special = true }))
    assert.equal("bad argument 'options' to 'encode' (unknown option 'allow')",
      raised(encoding.encode, encoding, "x", { allow = "all" }))
    assert.equal("bad argument 'options' to 'encode' (table expected, got string)",
      raised(encoding.encode, encoding, "x", "all"))
  end)
end)

describe("count_within", function()
  it("gives the count, or false beyond the limit", function()
    local encoding = tokens.encoding("cl100k_base")
    local text = "one two three four five"
    assert.equal(5, encoding:count_within(text, 5))
    assert.equal(5, encoding:count_within(text, 1e300))
    assert.equal(5, encoding:count_within(text, math.huge))
    assert.is_false(encoding:count_within(text, 4))
    assert.is_false(encoding:count_within(text, 4.5))
    assert.equal(0, encoding:count_within("", 0))
  end)
end)

describe("truncate", function()
  it("keeps at most so many tokens and says what it cut", function()
    local encoding = tokens.encoding("o200k_base")
    local text = "The quick brown fox, 你好世界, naïve 👨‍👩‍👧 it's\n\n  done"
    local all = encoding:count(text)
    for limit = 0, all + 1 do
      local kept, rest, n = encoding:truncate(text, limit)
      assert.equal(text, kept .. rest)
      assert.is_true(n <= limit)
      assert.equal(encoding:count(kept), n)
      assert.falsy(rest:find("^[\128-\191]"))
      assert.equal(limit >= all, rest == "")
    end
  end)

  it("cuts nothing from what fits", function()
    local kept, rest, n = tokens.encoding("o200k_base"):truncate("Hello world", 2)
    assert.equal("Hello world", kept)
    assert.equal("", rest)
    assert.equal(2, n)
  end)
end)

describe("for_model", function()
  it("knows the models by the longest beginning of their names", function()
    for model, name in pairs {
      ["gpt-4o"] = "o200k_base", ["gpt-4o-mini-2024-07-18"] = "o200k_base",
      ["gpt-4.1-nano"] = "o200k_base", ["gpt-4.5-preview"] = "o200k_base",
      ["gpt-5-mini"] = "o200k_base", ["o1-preview"] = "o200k_base", ["o3"] = "o200k_base",
      ["o4-mini"] = "o200k_base", ["chatgpt-4o-latest"] = "o200k_base",
      ["gpt-oss-120b"] = "o200k_harmony",
      ["gpt-4"] = "cl100k_base", ["gpt-4-turbo-2024-04-09"] = "cl100k_base",
      ["gpt-3.5-turbo-0125"] = "cl100k_base", ["gpt-35-turbo"] = "cl100k_base",
      ["text-embedding-3-large"] = "cl100k_base", ["text-embedding-ada-002"] = "cl100k_base",
      ["davinci-002"] = "cl100k_base", ["babbage-002"] = "cl100k_base",
      ["text-davinci-003"] = "p50k_base", ["code-davinci-002"] = "p50k_base",
      ["text-davinci-001"] = "r50k_base", ["davinci"] = "r50k_base", ["gpt2"] = "r50k_base",
      ["text-search-ada-doc-001"] = "r50k_base",
      ["ft:gpt-4o-mini:acme::abc"] = "o200k_base", ["ft:gpt-3.5-turbo:acme"] = "cl100k_base",
      ["openai/gpt-4o"] = "o200k_base", ["codex-mini-latest"] = "o200k_base",
      ["gpt-oss:20b"] = "o200k_harmony", ["gpt-5.1"] = "o200k_base",
    } do
      local encoding = tokens.for_model(model)
      assert.equal(name, encoding.name, model)
      assert.is_false(encoding.approximate, model)
    end
  end)

  it("guesses for the others, and says so", function()
    for _, model in ipairs { "llama3.2", "mistral", "", "meta-llama/o1", "adapter-7b", "o1x" } do
      local encoding = tokens.for_model(model)
      assert.equal("o200k_base", encoding.name)
      assert.is_true(encoding.approximate)
    end
    assert.equal("lualogue.encoding: o200k_base (approximate)", tostring(tokens.for_model("phi")))
    assert.is_nil(models.encoding("phi"))
    assert.is_true(tokens.for_model("gpt-4o") == tokens.encoding("o200k_base"))
    assert.is_false(tokens.for_model("phi") == tokens.encoding("o200k_base"))
    assert.equal("bad argument 'model' to 'for_model' (string expected, got nil)",
      raised(tokens.for_model))
  end)
end)

describe("count_messages", function()
  local hello = { { role = "user", content = "hello" } }

  it("counts what was billed for known requests", function()
    local n = each_line_of("chat-overhead.jsonl", function(request, line)
      local got = tokens.count_messages(request.messages, "gpt-4o",
        { functions = request.functions, function_call = request.function_call })
      assert.equal(request.tokens, got, line)
    end)
    assert.equal(32, n)
  end)

  it("says of each part whether it is exact", function()
    local n, report = tokens.count_messages(hello, "gpt-4o-mini")
    assert.equal(8, n)
    assert.same({
      tokens = 8,
      precision = "exact",
      encoding = "o200k_base",
      messages = { { tokens = 5, precision = "exact" } },
      reply = { tokens = 3, precision = "exact" },
    }, report)
    for _, model in ipairs { "llama3.2", "o3", "gpt-4.1", "gpt-5", "gpt-3.5-turbo-0301" } do
      local _, other = tokens.count_messages(hello, model)
      assert.equal("estimate", other.precision, model)
      assert.equal("estimate", other.messages[1].precision, model)
    end
    for _, model in ipairs { "gpt-4", "gpt-3.5-turbo", "ft:gpt-4o:x" } do
      assert.equal("exact", select(2, tokens.count_messages(hello, model)).precision, model)
    end
  end)

  it("takes tools in either form", function()
    local f = { name = "foo", description = "Do a foo", parameters = { type = "object" } }
    local as_tools, report = tokens.count_messages(hello, "gpt-4o",
      { tools = { { type = "function", ["function"] = f } }, tool_choice = "none" })
    local as_functions = tokens.count_messages(hello, "gpt-4o",
      { functions = { f }, function_call = "none" })
    assert.equal(as_functions, as_tools)
    assert.equal(as_tools - 8, report.tools.tokens)
    assert.equal("estimate", report.tools.precision)
    assert.equal("exact", report.messages[1].precision)
    assert.equal("estimate", report.precision)
    assert.is_nil(select(2, tokens.count_messages(hello, "gpt-4o")).tools)
  end)

  it("takes content of every form", function()
    local text = "hello"
    local function one(content, extra)
      local message = { role = "user", content = content }
      for k, v in pairs(extra or {}) do message[k] = v end
      local _, report = tokens.count_messages({ message }, "gpt-4o")
      return report.messages[1]
    end
    assert.same({ tokens = 5, precision = "exact" }, one(text))
    assert.same({ tokens = 5, precision = "exact" }, one { { type = "text", text = text } })
    assert.same({ tokens = 4, precision = "exact" }, one(nil))
    assert.same({ tokens = 4, precision = "exact" }, one(json.null))
    assert.same({ tokens = 7, precision = "exact" }, one(text, { name = "x" }))
    local url = { type = "image_url", image_url = { url = "https://example.com/a.png", detail = "low" } }
    assert.same({ tokens = 4 + 85, precision = "estimate" }, one { url })
    url.image_url.detail = "high"
    assert.same({ tokens = 4 + 85 + 4 * 170, precision = "estimate" }, one { url })
    -- A PNG of 512 x 512 in a data URL: one tile.
    url.image_url.url = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAgAAAAIACAYAAAD0eNT6"
    assert.same({ tokens = 4 + 85 + 170, precision = "estimate" }, one { url })
    assert.same({ tokens = 4 + 85 + 170, precision = "estimate" },
      one { { type = "input_image", image_url = url.image_url.url } })
    assert.same({ tokens = 5, precision = "exact" }, one { { type = "input_text", text = text } })
    local file = one { { type = "file", file = { file_id = "f" } }, { type = "text", text = text } }
    assert.same({ tokens = 5, precision = "estimate", uncounted = { "file" } }, file)
    local audio = { type = "input_audio", input_audio = { format = "wav", data = ("A"):rep(64000) } }
    assert.same({ tokens = 4 + 10, precision = "estimate" }, one { audio })
    local call = { id = "c", type = "function", ["function"] = { name = "foo", arguments = "{}" } }
    assert.same({ tokens = 4 + 3 + 1 + 1, precision = "estimate" },
      one(nil, { role = "assistant", tool_calls = { call } }))
  end)

  it("names what is wrong at the caller's line", function()
    local count = tokens.count_messages
    local head = "bad argument 'messages' to 'count_messages' "
    assert.equal(head .. "(table expected, got nil)", raised(count, nil, "gpt-4o"))
    assert.equal(head .. "(messages[2]: a table expected, got string)",
      raised(count, { hello[1], "x" }, "gpt-4o"))
    assert.equal(head .. "(messages[1].role: a string expected, got nil)",
      raised(count, { { content = "x" } }, "gpt-4o"))
    assert.equal(head .. "(messages[1].content: a string or a list expected, got number)",
      raised(count, { { role = "user", content = 5 } }, "gpt-4o"))
    assert.equal(head .. "(messages[1].content[1]: a table expected, got string)",
      raised(count, { { role = "user", content = { "x" } } }, "gpt-4o"))
    assert.equal("bad argument 'model' to 'count_messages' (string expected, got nil)",
      raised(count, hello))
    assert.equal("bad argument 'options' to 'count_messages' (unknown option 'tool')",
      raised(count, hello, "gpt-4o", { tool = {} }))
    assert.equal("bad argument 'tools' to 'count_messages' (table expected, got string)",
      raised(count, hello, "gpt-4o", { tools = "x" }))
  end)

  it("hands on the error of a text that is too long", function()
    local n, err = tokens.count_messages(
      { { role = "user", content = ("a"):rep(16 * 1024 * 1024 + 1) } }, "gpt-4o")
    assert.is_nil(n)
    assert.equal("limit", err.kind)
  end)

  it("of a growing list counts only what is new", function()
    local counted = 0
    local real = tokens.encoding("cl100k_base")
    local spy = { name = "spied", approximate = false }
    function spy.count(_, text)
      counted = counted + #text
      return real:count(text)
    end
    local messages, text = {}, ("A sentence of some length, number %d. "):rep(10)
    for i = 1, 100 do
      messages[i] = { role = "user", content = text:format(i, i, i, i, i, i, i, i, i, i) }
      counted = 0
      local n = chat.count(messages, "gpt-4", nil, spy, error)
      assert.equal((tokens.count_messages(messages, "gpt-4")), n)
      assert.is_true(counted < 2 * #text + i * #"user", i)
    end
  end)
end)

describe("the cache of counts", function()
  it("is bounded in texts and in bytes", function()
    local encoding, calls = {}, 0
    function encoding.count(_, text)
      calls = calls + 1
      return #text
    end
    local counts = cache.new()
    local function held()
      local n_texts, n_bytes = 0, 0
      for _, generation in ipairs { counts.young, counts.old } do
        for text in pairs(generation) do
          n_texts, n_bytes = n_texts + 1, n_bytes + #text
        end
      end
      return n_texts, n_bytes
    end
    local long = ("x"):rep(60)
    for i = 1, 10000 do assert.equal(65, counts:count(encoding, ("%05d"):format(i) .. long)) end
    assert.equal(10000, calls)
    assert.is_true(held() <= 4096)
    for i = 1, 100 do counts:count(encoding, ("%05d"):format(i) .. ("y"):rep(100000)) end
    local _, n_bytes = held()
    assert.is_true(n_bytes <= 2 * 1024 * 1024)
    calls = 0
    for _ = 1, 3 do counts:count(encoding, long) end
    assert.equal(1, calls)
    counts:count(encoding, ("z"):rep(3 * 1024 * 1024)) -- counted, never held
    assert.is_true(select(2, held()) <= 2 * 1024 * 1024)
  end)

  it("does not remember failures", function()
    local answers = { 7 }
    local encoding = { count = function() return table.remove(answers), "why" end }
    local counts = cache.new()
    answers[2] = nil
    local text = ("t"):rep(100)
    assert.equal(7, (counts:count(encoding, text)))
    local other = ("u"):rep(100)
    assert.same({ nil, "why" }, { counts:count(encoding, other) })
    answers[1] = 9
    assert.equal(9, (counts:count(encoding, other)))
  end)
end)

describe("the module", function()
  it("counts without libcurl, without the core and without globals", function()
    local output = run [[
      local before = {}
      for name in pairs(_G) do before[name] = true end
      local tokens = require "lualogue.tokens"
      assert(package.loaded["lualogue.tokenizer"] == nil, "loaded too early")
      assert(tokens.for_model("gpt-4o"):count("Hello world") == 2)
      assert(tokens.count_messages({ { role = "user", content = "hello" } }, "gpt-4") == 8)
      for name in pairs(_G) do assert(before[name], name) end
      assert(package.loaded["lualogue.core"] == nil and package.loaded.lualogue == nil)
      local maps = io.open("/proc/self/maps")
      if maps then assert(not maps:read("*a"):find("libcurl", 1, true), "libcurl") maps:close() end
      print "ok"
    ]]
    assert.equal("ok\n", output)
  end)

  it("says in one line what is missing when its native part is", function()
    local output = run [[
      package.cpath = "/nowhere/?.so"
      local tokens = require "lualogue.tokens"
      print(select(2, pcall(tokens.encoding, "o200k_base")))
    ]]
    assert.truthy(output:find("^lualogue%.tokenizer is not on package%.cpath for Lua"), output)
    assert.equal(1, select(2, output:gsub("\n", "")))
  end)
end)

describe("examples/tokens.lua", function()
  local function example(input, arguments)
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    file:write(input)
    file:close()
    local pipe = assert(io.popen(("%s examples/tokens.lua %s <%s 2>&1"):format(
      interpreter, arguments, path)))
    local output = pipe:read "*a"
    pipe:close()
    os.remove(path)
    return output
  end

  it("counts what comes in", function()
    assert.equal("       4       13 \n", example("Hello, world!", ""))
  end)

  it("counts files", function()
    local output = example("", "-m gpt-4 LICENSE Makefile")
    assert.truthy(output:find("LICENSE\n", 1, true))
    assert.truthy(output:find("tokens by gpt-4, cl100k_base\n", 1, true))
  end)

  it("shows the pieces", function()
    local first = example("Hello, world 👩", "-p"):match("^[^\n]*")
    assert.equal("Hello|,| world| <F0><9F><91>|<A9>|", first)
  end)
end)
