-- Chunks -> messages: what official servers send, and what the others do instead.
local delta = require "lualogue.delta"
local json = require "lualogue.json"

--- A chunk with one choice.
local function chunk(d, more)
  local choice = { index = 0, delta = d }
  for name, value in pairs(more or {}) do choice[name] = value end
  return { object = "chat.completion.chunk", choices = { choice } }
end

--- The accumulator after these deltas of choice 0.
local function fold_of(deltas, encode)
  local fold = delta.new(encode or json.encode)
  for _, d in ipairs(deltas) do fold:add(chunk(d)) end
  return fold
end

local function message_of(deltas) return fold_of(deltas):message(0) end

--- The message of chunks given as JSON text, decoded as the core does it.
local function message_of_json(...)
  local fold = delta.new(json.encode)
  for _, text in ipairs { ... } do fold:add(assert(json.decode(text))) end
  return fold:message(0), fold
end

--- A piece of a tool call; `name` and `arguments` go into its function.
local function call(fields, name, arguments)
  fields["function"] = (name or arguments) and { name = name, arguments = arguments }
  return fields
end

local function calls_of(...)
  local deltas = {}
  for i, piece in ipairs { ... } do deltas[i] = { tool_calls = piece[1] and piece or { piece } } end
  return message_of(deltas).tool_calls
end

--- What of calls is sent back.
local function plain(calls) return json.decode(json.encode(calls)) end

local function whole_call(id, name, arguments)
  return { id = id, type = "function", ["function"] = { name = name, arguments = arguments } }
end

--- Every table that can be reached from a value.
local function tables_in(value, found)
  found = found or {}
  if type(value) == "table" and not found[value] then
    found[value] = true
    for _, v in pairs(value) do tables_in(v, found) end
  end
  return found
end

describe("text", function()
  it("is joined", function()
    assert.same({ role = "assistant", content = "Hello" },
      message_of { { role = "assistant", content = "" }, { content = "He" }, { content = "llo" }, {} })
  end)

  it("is not touched by null, before it or behind it", function()
    assert.equal("Hi", message_of({ { content = json.null }, { content = "Hi" } }).content)
    assert.equal("a", message_of({ { content = "a" }, { content = json.null } }).content)
    local message = message_of_json(
      '{"choices":[{"index":0,"delta":{"role":null,"content":"a","tool_calls":null,"refusal":null}}]}',
      '{"choices":[{"index":0,"delta":{"content":null,"function_call":null,"audio":null},"finish_reason":null}]}')
    assert.same({ role = "assistant", content = "a" }, message)
  end)

  it("that came without its chunk goes where it belongs", function()
    local fold = fold_of { { content = "a" } }
    fold:add_text(0, "b")
    fold:add(chunk { content = "c" })
    fold:add_text(1, "other")
    assert.equal("abc", fold:message(0).content)
    assert.equal("other", fold:message(1).content)
  end)

  it("of a refusal is joined, and an empty one is none", function()
    local message = message_of { { content = "", refusal = "" }, { refusal = "I can" }, { refusal = "not" } }
    assert.same({ role = "assistant", refusal = "I cannot" }, message) -- as in a plain reply
    assert.is_nil(message_of({ { content = "a", refusal = "" } }).refusal)
  end)

  it("of reasoning is joined, under each name that servers give it", function()
    assert.same({ role = "assistant", content = "42", reasoning_content = "six times" },
      message_of { { reasoning_content = "six " }, { reasoning_content = "times" }, { content = "42" } })
    assert.same({ role = "assistant", content = "42", reasoning = "six times" },
      message_of { { reasoning = "six ", content = "" }, { reasoning = "times" }, { content = "42", reasoning = json.null } })
  end)

  it("of many pieces is joined without copying itself at each", function()
    local fold, bytes = delta.new(), 0
    local concat = table.concat
    table.concat = function(...) -- luacheck: ignore 122
      local text = concat(...)
      bytes = bytes + #text
      return text
    end
    local ok, err = pcall(function()
      for _ = 1, 20000 do
        fold:add(chunk { content = "0123", reasoning_details = { { index = 0, type = "reasoning.text", text = "4567" } } })
      end
      assert(#fold:message(0).content == 80000 and #fold:message(0).reasoning_details[1].text == 80000)
    end)
    table.concat = concat -- luacheck: ignore 122
    assert.is_true(ok, tostring(err))
    assert.is_true(bytes <= 2 * 80000 * 4, bytes .. " bytes were copied")
  end)
end)

describe("a role", function()
  it("repeated is not joined", function()
    assert.equal("assistant", message_of({ { role = "assistant" }, { role = "assistant", content = "a" } }).role)
  end)

  it("that is empty or missing is assistant", function()
    assert.equal("assistant", message_of({ { content = "a" } }).role)
    assert.equal("assistant", message_of({ { role = "assistant" }, { role = "" } }).role)
    assert.equal("tool", message_of({ { role = "tool" }, { content = "a" } }).role)
  end)
end)

describe("content as parts", function()
  it("stays parts, in which text goes on", function()
    local message = message_of {
      { role = "assistant", content = { { type = "text", text = "Hel" } } }, { content = { { type = "text", text = "lo" } } },
    }
    assert.same({ { type = "text", text = "Hello" } }, message.content)
    assert.equal("Hello", delta.text_of(message.content))
  end)

  it("keeps what is no text as it came, and the order", function()
    local thought = { type = "thinking", thinking = { { type = "text", text = "Hm" } } }
    local image = { type = "image_url", image_url = { url = "http://x/y" } }
    local message = message_of {
      { content = { thought } }, { content = "It " }, { content = { { type = "text", text = "is" } } }, { content = { image, "!" } },
    }
    assert.same({ thought, { type = "text", text = "It is" }, image, { type = "text", text = "!" } }, message.content)
  end)

  it("loses no text that came as a string before it", function()
    local message = message_of { { content = "abc" }, { content = { { type = "image_url" } } }, { content = "def" } }
    assert.same({ { type = "text", text = "abc" }, { type = "image_url" }, { type = "text", text = "def" } }, message.content)
  end)

  it("with indexes go on with their part", function()
    local message = message_of {
      { content = { { index = 0, type = "text", text = "Hel" } } },
      { content = { { index = 1, type = "text", text = "A" }, { index = 0, type = "text", text = "lo" } } },
    }
    assert.same({ { index = 0, type = "text", text = "Hello" }, { index = 1, type = "text", text = "A" } }, message.content)
  end)
end)

describe("a tool call", function()
  it("is put together from its pieces", function()
    local calls = calls_of(call({ index = 0, id = "c1", type = "function" }, "f", ""),
      call({ index = 0 }, nil, '{"x"'), call({ index = 0 }, nil, ":1}"))
    assert.same({ whole_call("c1", "f", '{"x":1}') }, calls)
  end)

  it("whose id and name are repeated has them once", function()
    local calls = calls_of(call({ index = 0, id = "c1", type = "function" }, "f", "{"),
      call({ index = 0, id = "c1", type = "function" }, "f", "}"))
    assert.same({ whole_call("c1", "f", "{}") }, calls)
  end)

  it("whose later id and name are empty keeps the first", function()
    local calls = calls_of(call({ index = 0, id = "c1", type = "function" }, "f", "{"),
      call({ index = 0, id = "", type = "" }, "", "}"))
    assert.same({ whole_call("c1", "f", "{}") }, calls)
  end)

  it("keeps its pieces apart from those of parallel ones", function()
    local calls = calls_of(call({ index = 0, id = "a" }, "f", '{"x"'), call({ index = 1, id = "b" }, "g", ""),
      call({ index = 1 }, nil, "{}"), call({ index = 0 }, nil, ":1}"))
    assert.same({ whole_call("a", "f", '{"x":1}'), whole_call("b", "g", "{}") }, calls)
  end)

  it("with 1 as the first index is one call, not two", function()
    local calls = calls_of(call({ index = 1, id = "a" }, "f", "{"), call({ index = 1 }, nil, "}"))
    assert.equal(1, #calls)
    assert.equal(1, calls[1].index)
    assert.equal("{}", calls[1]["function"].arguments)
  end)

  it("has the place of its index, without gaps; the index can be read and is not sent", function()
    local calls = calls_of(call({ index = 7, id = "c" }, "h", "{}"), call({ index = 2, id = "a" }, "f", "{}"),
      call({ index = 5, id = "b" }, "g", "{}"))
    assert.same({ whole_call("a", "f", "{}"), whole_call("b", "g", "{}"), whole_call("c", "h", "{}") }, plain(calls))
    assert.same({ 2, 5, 7 }, { calls[1].index, calls[2].index, calls[3].index })
    assert.is_nil(json.encode(calls):find("index", 1, true))
  end)

  it("without an index is found by its id", function()
    local calls = calls_of(call({ id = "a" }, "f", "{"), call({ id = "b" }, "g", "{"), call({ id = "a" }, nil, "}"),
      call({ id = "b" }, nil, "}"))
    assert.same({ whole_call("a", "f", "{}"), whole_call("b", "g", "{}") }, calls)
  end)

  it("without index and id is the last one, not the one at its place in the chunk", function()
    local calls = calls_of(call({ id = "a" }, "f", "{}"), call({ id = "b" }, "g", "{"), call({}, nil, '"x":'), call({}, nil, "1}"))
    assert.same({ whole_call("a", "f", "{}"), whole_call("b", "g", '{"x":1}') }, calls)
    assert.same({ { type = "function", ["function"] = { name = "f", arguments = "{}" } } },
      calls_of(call({}, "f", "{"), call({}, nil, "}")))
  end)

  it("without index and id is another one where it comes whole after a whole one", function()
    local calls = calls_of({ call({ id = "" }, "f", '{"x":1}'), call({ id = "" }, "f", '{"x":2}') }, call({}, "g", "{}"))
    assert.equal(3, #calls)
    assert.same({ '{"x":1}', '{"x":2}', "{}" },
      { calls[1]["function"].arguments, calls[2]["function"].arguments, calls[3]["function"].arguments })
  end)

  it("under an index that another whole one has, with an id and a name of its own, is another one", function()
    local calls = calls_of(call({ index = 0, id = "a" }, "f", '{"x":1}'), call({ index = 0, id = "b" }, "f", '{"x"'),
      call({ index = 0 }, nil, ":2}"), call({ index = 0, id = "c" }, "g", "{}"))
    assert.same({ whole_call("a", "f", '{"x":1}'), whole_call("b", "f", '{"x":2}'), whole_call("c", "g", "{}") }, plain(calls))
  end)

  it("whose id changes with each piece is still one call", function()
    local calls = calls_of(call({ index = 0, id = "a" }, "f", "{"), call({ index = 0, id = "b" }, nil, '"x":'),
      call({ index = 0, id = "c" }, nil, "1}"))
    assert.equal(1, #calls)
    assert.same({ name = "f", arguments = '{"x":1}' }, calls[1]["function"])
  end)

  it("with one index twice in a chunk is put together in order", function()
    local calls = calls_of({ call({ index = 0, id = "a" }, "f", '{"x"'), call({ index = 0 }, nil, ":1}") })
    assert.same({ whole_call("a", "f", '{"x":1}') }, calls)
    calls = calls_of({ call({ index = 0, id = "a" }, "f"), call({ index = 0 }, nil, "{}"), call({ index = 1, id = "b" }, "g", "{}") })
    assert.same({ whole_call("a", "f", "{}"), whole_call("b", "g", "{}") }, calls)
  end)

  it("whose arguments are null or never come has empty ones", function()
    local message = message_of_json(
      '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":null}}]}}]}')
    assert.same({ whole_call("a", "f", "") }, message.tool_calls)
    assert.same({ whole_call("a", "f", "{}") },
      calls_of(call({ index = 0, id = "a" }, "f", json.null), call({ index = 0 }, nil, "{}"), call({ index = 0 }, nil, json.null)))
  end)

  it("whose arguments come as an object has them as JSON text", function()
    assert.same({ whole_call("a", "f", '{"x":[1]}') }, calls_of(call({ index = 0, id = "a" }, "f", { x = { 1 } })))
    assert.same({ whole_call("a", "f", "{}") }, calls_of(call({ index = 0, id = "a" }, "f", {})))
    -- Without an encoder they stay what they are, rather than become "table: 0x…".
    local fold = delta.new()
    fold:add(chunk { tool_calls = { call({ index = 0, id = "a" }, "f", { x = 1 }) } })
    assert.same({ x = 1 }, fold:message(0).tool_calls[1]["function"].arguments)
  end)

  it("without a type is a function's, or a custom tool's", function()
    assert.equal("function", calls_of(call({ index = 0, id = "a" }, "f", "{}"))[1].type)
    assert.same({ { id = "a", type = "custom", custom = { name = "sql", input = "SELECT 1" } } },
      calls_of({ index = 0, id = "a", custom = { name = "sql", input = "SELECT" } }, { index = 0, custom = { input = " 1" } }))
  end)

  it("keeps what else came with it", function()
    local calls = calls_of({ index = 0, id = "a", ["function"] = { name = "f", arguments = "{}" },
      extra_content = { google = { thought_signature = "xyz" } } })
    assert.equal("xyz", calls[1].extra_content.google.thought_signature)
  end)

  it("has no content beside it unless there was some", function()
    local piece = { tool_calls = { call({ index = 0, id = "a" }, "f", "{}") } }
    assert.is_nil(message_of({ { role = "assistant", content = "" }, piece }).content)
    assert.equal("Let me see.", message_of({ { content = "Let me see." }, piece }).content)
  end)

  it("is skipped where it is none, and its place is never a mistake", function()
    assert.is_nil(message_of({ { content = "a", tool_calls = {} } }).tool_calls)
    assert.is_nil(message_of({ { content = "a", tool_calls = "f" } }).tool_calls)
    assert.same({ whole_call("a", "f", "{}") }, calls_of({ json.null, call({ index = 0 / 0, id = "a" }, "f", "{}"), 5 }))
  end)
end)

describe("other fields of a delta:", function()
  it("the older function_call", function()
    assert.same({ role = "assistant", function_call = { name = "f", arguments = '{"x":1}' } }, message_of {
      { role = "assistant", content = json.null, function_call = { name = "f", arguments = "" } },
      { function_call = { arguments = '{"x"' } }, { function_call = { arguments = ":1}" } },
    })
    assert.same({ name = "f", arguments = "" }, message_of({ { function_call = { name = "f" } } }).function_call)
  end)

  it("that are there with nothing in them are not there", function()
    local nothing = { function_call = { name = "", arguments = "" }, audio = { id = "", data = "", transcript = "", expires_at = 0 }, refusal = "", annotations = json.null }
    local first = { role = "assistant", content = "", function_call = nothing.function_call, audio = nothing.audio }
    assert.same({ role = "assistant", content = "" }, message_of { first, nothing })
    assert.same({ role = "assistant", content = "a" }, message_of { first, { content = "a", function_call = nothing.function_call } })
    local function piece(name, arguments)
      return { index = 0, id = "a", type = "function", ["function"] = { name = name, arguments = arguments }, custom = { name = "", input = "" } }
    end
    assert.same({ whole_call("a", "f", "{}") }, calls_of(piece("f", "{"), piece("", "}")))
    assert.same({ { id = "a", type = "custom", custom = { name = "sql", input = "S" } } },
      plain(calls_of { index = 0, id = "a", type = "custom", custom = { name = "sql", input = "S" }, ["function"] = { name = "", arguments = "" } }))
    assert.same({ n = 0 }, message_of({ { odd = { n = 0 } } }).odd)
  end)

  it("audio: data and transcript are joined, the rest is replaced", function()
    assert.same({ role = "assistant", audio = { id = "a1", data = "AAAABBBB", transcript = "Hello", expires_at = 1700000000 } }, message_of {
      { role = "assistant", audio = { id = "a1", transcript = "Hel" } }, { audio = { data = "AAAA", transcript = "lo" } },
      { audio = { id = "a1", data = "BBBB" } }, { audio = { expires_at = 1700000000 } },
    })
  end)

  it("annotations are appended", function()
    local function cite(url) return { type = "url_citation", url_citation = { url = url, start_index = 0, end_index = 3, title = "T" } } end
    assert.same({ cite "http://a", cite "http://b" }, message_of({
      { content = "see" }, { annotations = { cite "http://a" } }, { annotations = {} }, { annotations = { cite "http://b" } },
    }).annotations)
    assert.is_nil(message_of({ { content = "a", annotations = {} } }).annotations)
  end)

  it("an empty list before a list is no obstacle", function()
    assert.same({ "x" }, message_of({ { citations = {} }, { citations = { "x" } } }).citations)
  end)

  it("reasoning_details go on by their index", function()
    local details = message_of({
      { reasoning_details = { { type = "reasoning.text", index = 0, text = "six ", signature = "" } } },
      { reasoning_details = { { type = "reasoning.text", index = 0, text = "times" }, { type = "reasoning.summary", index = 1, summary = "s" } } },
      { reasoning_details = { { type = "reasoning.text", index = 0, signature = "sig" } } },
      { reasoning_details = { { type = "reasoning.encrypted", data = "xyz" } } },
    }).reasoning_details
    assert.same({
      { type = "reasoning.text", index = 0, text = "six times", signature = "sig" }, { type = "reasoning.summary", index = 1, summary = "s" },
      { type = "reasoning.encrypted", data = "xyz" },
    }, details)
  end)

  it("what nobody knows: strings are pieces of a text, anything else is replaced by what is not empty", function()
    local message = message_of { { content = "a", flag = true, n = 1, word = "x" }, { flag = true, n = 1, word = "" } }
    assert.equal(true, message.flag)
    assert.equal(1, message.n)
    assert.equal("x", message.word)
    assert.equal("xy", message_of({ { word = "x" }, { word = "y" } }).word)
  end)

  it("what a server ran itself is told whole, and again with its result", function()
    local before = { index = 0, type = "search", arguments = '{"q":1}', search_results = { results = {} } }
    local after = { index = 0, type = "search", arguments = '{"q":1}', output = "found", search_results = { results = { { url = "u" } } } }
    assert.same({ after }, message_of({ { executed_tools = { before } }, { executed_tools = { after } } }).executed_tools)
    assert.same({ arguments = "{}" }, message_of({ { odd = { arguments = "{}" } }, { odd = { arguments = "{}" } } }).odd)
  end)
end)

describe("the strings of a delta", function()
  local function word_of(name, ...)
    local deltas = {}
    for i, piece in ipairs { ... } do deltas[i] = { [name] = piece } end
    return message_of(deltas)[name]
  end

  it("are joined under any name, also where pieces are equal and the name says that it is a text", function()
    assert.equal("The user asks", word_of("reasoning_text", "The", " user", " asks"))
    assert.equal("opaque", word_of("reasoning_opaque", "opaque"))
    assert.equal("abcabd", word_of("odd", "abc", "abd"))
    for _, name in ipairs { "refusal", "reasoning", "reasoning_content", "reasoning_text", "thinking", "thought_text" } do
      assert.equal("haha!", word_of(name, "ha", "ha", "!"), name)
      assert.equal("1111", word_of(name, "1", "11", "1"), name)
    end
  end)

  it("are words under the names of words, however they come", function()
    for _, name in ipairs { "channel", "id", "type", "name", "status" } do
      assert.equal("final", word_of(name, "analysis", "final", "final"), name)
    end
  end)

  it("under another name restate themselves where each piece begins with the one before it", function()
    assert.equal("analysis", word_of("odd", "analysis", "analysis", "analysis"))
    assert.equal("The user asks", word_of("odd", "The", "The user", "The user asks", "The user asks"))
    assert.equal("The user asks!", word_of("odd", "The", "The user", "The user asks", "The user asks", "The user asks!"))
  end)

  it("lose nothing where the first pieces were equal by chance", function()
    assert.equal("haha!ha", word_of("odd", "ha", "ha", "!", "ha"))
    assert.equal("112112", word_of("odd", "1", "12", "112"))
  end)

  it("that restated themselves for a while are words, whatever comes", function()
    assert.equal("final", word_of("odd", "analysis", "analysis", "analysis", "analysis", "final"))
  end)
end)

describe("thoughts", function()
  local function thought(text, more)
    local item = { type = "thinking", thinking = { { type = "text", text = text } } }
    for name, value in pairs(more or {}) do item[name] = value end
    return item
  end

  it("that come a token at a time are one, up to what is none", function()
    local message = message_of {
      { content = { thought "The" } }, { content = { thought(" user", { closed = true }) } },
      { content = { thought(" asks", { closed = true }), { type = "text", text = "4" } } }, { content = "2" },
      { content = { thought "Hm" } },
    }
    assert.same({ thought("The user asks", { closed = true }), { type = "text", text = "42" }, thought "Hm" }, message.content)
  end)

  it("keep the parts in them that are no text", function()
    local reference = { type = "reference", reference_ids = { 1 } }
    local message = message_of { { content = { thought "a" } }, { content = { { type = "thinking", thinking = { reference } } } }, { content = { thought "b" } } }
    assert.same({ { type = "thinking", thinking = { { type = "text", text = "a" }, reference, { type = "text", text = "b" } } } }, message.content)
  end)

  it("may be lists of summaries, which go on likewise", function()
    local function piece(text, signature) return { type = "reasoning", summary = { { type = "summary_text", text = text, signature = signature } } } end
    local message = message_of { { content = { piece("The", "") } }, { content = { piece(" user") } }, { content = { piece("", "s1") } }, { content = { piece "More" } }, { content = { { type = "text", text = "4" } } } }
    assert.same({ { type = "reasoning", summary = { { type = "summary_text", text = "The user", signature = "s1" }, { type = "summary_text", text = "More" } } },
      { type = "text", text = "4" } }, (function()
        local content = message.content
        return content
      end)())
  end)

  it("as strings are one as well, until one is signed", function()
    local function block(text, signature) return { type = "thinking", thinking = text, signature = signature } end
    local message = message_of {
      { thinking_blocks = { block "The" } }, { thinking_blocks = { block " user" } }, { thinking_blocks = { block("", "s1") } },
      { thinking_blocks = { block "More" } },
    }
    assert.same({ block("The user", "s1"), block "More" }, message.thinking_blocks)
  end)
end)

describe("reasoning_details", function()
  local function details_of(...)
    local deltas = {}
    for i, item in ipairs { ... } do deltas[i] = { reasoning_details = { item } } end
    return message_of(deltas).reasoning_details
  end

  it("of one index are not fused where type or id differ", function()
    local summary = { type = "reasoning.summary", index = 0, summary = "s", id = "r1" }
    local encrypted = { type = "reasoning.encrypted", index = 0, data = "xyz", id = "r1" }
    assert.same({ summary, encrypted }, details_of(summary, encrypted))
    local other = { type = "reasoning.encrypted", index = 0, data = "abc", id = "r2" }
    assert.same({ encrypted, other }, details_of(encrypted, other))
  end)

  it("of one index go on with their own, whatever came between", function()
    assert.same({ { type = "reasoning.text", index = 0, text = "ab", id = "r1" }, { type = "reasoning.encrypted", index = 0, data = "x" } }, details_of(
      { type = "reasoning.text", index = 0, text = "a", id = "r1" }, { type = "reasoning.encrypted", index = 0, data = "x" },
      { type = "reasoning.text", index = 0, text = "b", id = "r1" }))
    assert.same({ { type = "reasoning.text", index = 0, text = "ab", id = "r1", signature = "s" } }, details_of(
      { type = "reasoning.text", index = 0, text = "a", id = "r1" }, { type = "reasoning.text", index = 0, text = "b" },
      { index = 0, signature = "s" }))
  end)

  it("without an index: text goes on, what is encrypted never does", function()
    local encrypted = { type = "reasoning.encrypted", data = "x" }
    assert.same({ { type = "reasoning.text", text = "hmhm." }, encrypted, encrypted }, details_of(
      { type = "reasoning.text", text = "hm" }, { type = "reasoning.text", text = "hm" }, { type = "reasoning.text", text = "." },
      encrypted, encrypted))
  end)
end)

describe("a list without indexes", function()
  it("of content, beside the content, has its texts joined", function()
    local function piece(text) return { content = text, text = text, type = "text", content_list = { { type = "text", text = text } } } end
    assert.same({ role = "assistant", content = "11!", text = "11!", type = "text", content_list = { { type = "text", text = "11!" } } },
      message_of { piece "1", piece "1", piece "!" })
  end)

  it("that says again what it has said, with more behind it or not, is not doubled", function()
    local a, b = { url = "a" }, { url = "b" }
    assert.same({ a }, message_of({ { citations = { a } }, { citations = { a } } }).citations)
    assert.same({ "a", "b" }, message_of({ { citations = { "a" } }, { citations = { "a", "b" } }, { citations = { "a", "b" } } }).citations)
    assert.same({ a, b, a }, message_of({ { annotations = { a } }, { annotations = { b } }, { annotations = { a } } }).annotations)
    assert.same({ a, b, a, a }, message_of({ { annotations = { a, b } }, { annotations = { a } }, { annotations = { a } } }).annotations)
  end)

  it("of numbers is appended, since tokens repeat", function()
    assert.same({ 7, 7, 8 }, message_of({ { token_ids = { 7 } }, { token_ids = { 7, 8 } } }).token_ids)
  end)
end)

describe("a whole message in the place of a delta", function()
  local function fold_of_messages(...)
    local fold, news = delta.new(json.encode), {}
    for i, message in ipairs { ... } do
      local c = { choices = { { index = 0, message = message, delta = message.beside } } }
      message.beside = nil
      fold:add(c)
      news[i] = fold:text_in(c, 0) or ""
    end
    return fold:message(0), news
  end

  it("is the message, once, in pieces, or as far as it got", function()
    local message, news = fold_of_messages { role = "assistant", content = "Hello", tool_calls = { call({ id = "a" }, "f", {}) } }
    assert.same({ role = "assistant", content = "Hello", tool_calls = { whole_call("a", "f", "{}") } }, message)
    assert.same({ "Hello" }, news)
    message, news = fold_of_messages({ content = "Hel" }, { content = "lo" }, { content = "" }, { content = " you" })
    assert.equal("Hello you", message.content)
    assert.same({ "Hel", "lo", "", " you" }, news)
    message, news = fold_of_messages({ content = "" }, { content = "Hel" }, { content = "Hello" }, { content = "Hello" })
    assert.equal("Hello", message.content)
    assert.same({ "", "Hel", "lo", "" }, news)
  end)

  it("counts for nothing where a delta brought anything but a role", function()
    local message, news = fold_of_messages({ content = "1", beside = { role = "assistant", content = "1" } }, { content = "1 2", beside = { content = " 2" } }, { content = "1 2" })
    assert.equal("1 2", message.content)
    assert.same({ "1", " 2", "" }, news)
    message = fold_of_messages({ content = "Hello", beside = { role = "assistant", content = "" } })
    assert.equal("Hello", message.content)
  end)

  it("costs no more than its pieces", function()
    local function bytes(n)
      local copied, concat = 0, table.concat
      table.concat = function(...) -- luacheck: ignore 122
        local text = concat(...)
        copied = copied + #text
        return text
      end
      local fold = delta.new()
      for _ = 1, n do fold:add { choices = { { message = { content = "abcd" } } } } end
      table.concat = concat -- luacheck: ignore 122
      return copied
    end
    local one, two = bytes(2000), bytes(4000)
    assert.is_true(two < 2.5 * one + 1000, one .. ", then " .. two)
  end)
end)

describe("a chunk", function()
  it("may have several choices, in any order", function()
    local fold = delta.new()
    fold:add { choices = { { index = 1, delta = { content = "B" } }, { index = 0, delta = { content = "A" } } } }
    fold:add { choices = { { index = 1, delta = { content = "b" }, finish_reason = "length" } } }
    fold:add { choices = { { index = 0, delta = {}, finish_reason = "stop" } } }
    assert.equal("A", fold:message(0).content)
    assert.equal("Bb", fold:message(1).content)
    assert.same({ "stop", "length" }, { fold:finish_reason(0), fold:finish_reason(1) })
    assert.is_nil(fold:message(2))
    assert.is_nil(fold:finish_reason(2))
  end)

  it("without an index is of the first choice", function()
    local fold = delta.new()
    fold:add { choices = { { delta = { content = "a" } } } }
    fold:add { choices = { { index = json.null, delta = { content = "b" } } } }
    fold:add { choices = { { index = 0 / 0, delta = { content = "c" } } } }
    assert.equal("abc", fold:message(0).content)
  end)

  it("with a list of one choice, the second, has no first", function()
    local fold = delta.new()
    fold:add(chunk({ content = "a" }, { index = 1 }))
    assert.is_nil(fold:message(0))
    assert.equal("a", fold:message(1).content)
  end)

  it("without choices only tells the usage, of which the last one counts", function()
    local fold = fold_of { { content = "a" } }
    fold:add { choices = {}, usage = { total_tokens = 5 } }
    fold:add { choices = {}, usage = { total_tokens = 8 } }
    fold:add { choices = {}, usage = json.null }
    fold:add { choices = json.null }
    fold:add { object = "", prompt_filter_results = {} }
    assert.equal(8, fold.usage.total_tokens)
    assert.equal("a", fold:message(0).content)
  end)

  it("need not say what it is", function()
    local fold = delta.new()
    fold:add { object = "", choices = { { index = 0, delta = { content = "a" } } } }
    assert.equal("a", fold:message(0).content)
  end)

  it("tells id, model and time; the first that are not empty count", function()
    local fold = delta.new()
    fold:add { id = "", model = "", created = 0, choices = {} }
    fold:add { id = "c1", model = "m", created = 17, choices = {} }
    fold:add { id = "c2", model = "n", created = 18, choices = {} }
    assert.same({ "c1", "m", 17 }, { fold.id, fold.model, fold.created })
  end)

  it("may tell the usage in a choice or in x_groq; its own counts before these", function()
    local fold = delta.new()
    fold:add { choices = { { index = 0, delta = {}, finish_reason = "stop", usage = { total_tokens = 3 } } } }
    assert.equal(3, fold.usage.total_tokens)
    fold:add { choices = {}, usage = { total_tokens = 4 } }
    fold:add { choices = { { index = 0, usage = { total_tokens = 5 } } }, x_groq = { usage = { total_tokens = 6 } } }
    assert.equal(4, fold.usage.total_tokens)
    fold = delta.new()
    fold:add { choices = {}, x_groq = { id = "r", usage = { total_tokens = 6 } } }
    assert.equal(6, fold.usage.total_tokens)
  end)

  it("with two entries of one choice has the text of both", function()
    local fold = delta.new()
    local two = { choices = { { index = 0, delta = { content = "a" } }, { index = 1, delta = { content = "x" } }, { index = 0, delta = { content = "b" } } } }
    fold:add(two)
    assert.equal("ab", fold:message(0).content)
    assert.equal("ab", fold:text_in(two, 0))
    assert.equal("x", fold:text_in(two, 1))
    assert.is_nil(fold:text_in(two, 2))
  end)

  it("tells why a choice ended; null says nothing", function()
    local fold = fold_of { { content = "a" } }
    assert.is_nil(fold:finish_reason(0))
    fold:add(chunk({}, { finish_reason = json.null }))
    assert.is_nil(fold:finish_reason(0))
    fold:add(chunk({}, { finish_reason = "stop" }))
    fold:add(chunk({}, { finish_reason = json.null }))
    fold:add(chunk({}, { finish_reason = "null" }))
    assert.equal("stop", fold:finish_reason(0))
  end)

  it("with choices or deltas that are none is skipped", function()
    local fold = delta.new()
    fold:add { choices = { json.null, 5, { index = 0, delta = json.null }, { index = 0 }, { index = 0, delta = { content = 5 } } } }
    assert.same({ role = "assistant", content = "" }, fold:message(0))
  end)

  it("is left as it is, logprobs and all", function()
    local function make()
      return chunk({ role = "assistant", content = { { type = "text", text = "a" } }, annotations = { { index = 0, text = "x" } },
        tool_calls = { call({ index = 0, id = "a" }, "f", "{}") }, audio = { data = "AA" } },
        { logprobs = { content = { { token = "a", logprob = -0.5, bytes = { 97 }, top_logprobs = {} } } }, finish_reason = "stop" })
    end
    local first, second = make(), make()
    local fold = delta.new(json.encode)
    fold:add(first)
    fold:add(second)
    local message = fold:message(0)
    assert.same(make(), first)
    assert.same(make(), second)
    assert.is_nil(message.logprobs)
    for t in pairs(tables_in(message)) do assert.is_nil(tables_in(first)[t]) end
  end)
end)

describe("a message", function()
  local everything = {
    { role = "assistant", content = { { type = "text", text = "a" }, { type = "thinking", thinking = { { type = "text", text = "t" } } } } },
    { tool_calls = { call({ index = 0, id = "c1" }, "f", "{}") }, annotations = { { type = "url_citation", url_citation = { url = "u" } } } },
    { audio = { id = "a1", data = "AA" }, reasoning_details = { { index = 0, text = "r" } }, function_call = { name = "f", arguments = "{}" } },
    { odd = { deep = { deeper = { 1 } } }, refusal = "no", reasoning = "because" },
  }

  it("asked for twice is two tables that are equal and share nothing", function()
    local fold = fold_of(everything)
    local one, two = fold:message(0), fold:message(0)
    assert.same(one, two)
    local mine = tables_in(one)
    for t in pairs(tables_in(two)) do assert.is_nil(mine[t]) end
    for t in pairs(mine) do
      for key in pairs(t) do t[key] = "spoilt" end
    end
    assert.same(two, fold:message(0))
  end)

  it("before the end is what came so far, and more later", function()
    local fold = fold_of { { role = "assistant", content = "He" } }
    local early = fold:message(0)
    fold:add(chunk { content = "llo" })
    assert.equal("He", early.content)
    assert.equal("Hello", fold:message(0).content)
    assert.is_nil(delta.new():message(0))
  end)

  it("may be sent back: the API's demands are met", function()
    local function sent(...) return (json.encode { messages = { message_of { ... } } }) end
    local function back(...) return json.decode(sent(...)).messages[1] end
    assert.same({ role = "assistant", content = "Hi" }, back { content = "Hi" })
    -- It needs a content, if only an empty one; beside tool calls null is demanded.
    assert.same({ role = "assistant", content = "" }, back {})
    assert.same({ role = "assistant", refusal = "no" }, back { content = "", refusal = "no" })
    local text = sent { role = "assistant", content = "", tool_calls = { call({ index = 3, id = "c1" }, "f", "{}") } }
    assert.truthy(text:find('"content":null', 1, true))
    assert.is_nil(text:find('"index"', 1, true))
    assert.same({ whole_call("c1", "f", "{}") }, json.decode(text).messages[1].tool_calls)
    assert.truthy(sent { annotations = {}, content = "a" })
  end)

  it("of everything at once can be encoded", function()
    local message = message_of(everything)
    assert.same(json.decode(json.encode(message)), json.decode(json.encode(json.decode(json.encode(message)))))
    assert.equal("a", delta.text_of(message.content))
  end)

  it("keeps the marks that lua-cjson gives to lists", function()
    local mark = { __name = "array_mt" }
    local fold = fold_of { { odd = { list = setmetatable({}, mark) } } }
    assert.equal(mark, getmetatable(fold:message(0).odd.list))
  end)
end)

describe("text_of", function()
  it("is the string, the joined text of parts, or nil", function()
    assert.equal("a", delta.text_of("a"))
    assert.equal("ab", delta.text_of { "a", { type = "image_url" }, { type = "text", text = "b" } })
    assert.equal("", delta.text_of {})
    assert.is_nil(delta.text_of(nil))
    assert.is_nil(delta.text_of(json.null))
    assert.is_nil(delta.text_of(5))
  end)
end)
