-- Chunks -> the reply that a plain call would have given.
local delta = require "lualogue.delta"
local json = require "lualogue.json"

local function reply_of(...)
  local fold = delta.new(json.encode)
  for _, chunk in ipairs { ... } do fold:add(chunk) end
  return fold:reply()
end

local function text(content, more)
  local choice = { index = 0, delta = { content = content } }
  for name, value in pairs(more or {}) do choice[name] = value end
  return { id = "c1", object = "chat.completion.chunk", created = 17, model = "m", choices = { choice } }
end

describe("the reply of a stream", function()
  it("has what the plain one has: messages, reasons, usage, and no padding", function()
    local first, last = text("He"), text("llo", { finish_reason = "stop" })
    first.obfuscation, first.p, last.usage = "xxxx", "abcdef", { total_tokens = 3 }
    assert.same({
      id = "c1", object = "chat.completion", created = 17, model = "m", usage = { total_tokens = 3 },
      choices = { { index = 0, finish_reason = "stop", message = { role = "assistant", content = "Hello" } } },
    }, reply_of(first, last))
  end)

  it("has all choices in their order", function()
    local reply = reply_of(text("B", { index = 1 }), text("A", { finish_reason = "stop" }), text("b", { index = 1, finish_reason = "length" }))
    assert.same({ 0, 1 }, { reply.choices[1].index, reply.choices[2].index })
    assert.same({ "A", "Bb" }, { reply.choices[1].message.content, reply.choices[2].message.content })
    assert.same({ "stop", "length" }, { reply.choices[1].finish_reason, reply.choices[2].finish_reason })
  end)

  it("has the logprobs of all tokens, whatever their form", function()
    local function token(t) return { token = t, logprob = -0.5, bytes = { 97 }, top_logprobs = {} } end
    local reply = reply_of(
      text("a", { logprobs = { content = { token "a" }, refusal = json.null } }),
      text("a", { logprobs = json.null }), text("a", { logprobs = { content = { token "a" } } }),
      text("", { logprobs = { refusal = { token "r" }, tokens = { "a" }, token_logprobs = { -1 } } }),
      text("", { logprobs = { tokens = { "a" }, token_logprobs = { -1 } } }))
    assert.same({
      content = { token "a", token "a" }, refusal = { token "r" }, tokens = { "a", "a" }, token_logprobs = { -1, -1 },
    }, reply.choices[1].logprobs)
  end)

  it("has what else was said: the last word counts, of an object the last of each field", function()
    local function with(fields)
      local chunk = text("a")
      for name, value in pairs(fields) do chunk[name] = value end
      return chunk
    end
    local reply = reply_of(
      with { service_tier = "auto", system_fingerprint = "", prompt_filter_results = { { prompt_index = 0 } }, citations = { "u" }, timings = { n = 1 } },
      with { service_tier = "default", system_fingerprint = "fp", citations = { "u", "v" }, timings = { n = 2 }, provider = "P" },
      with { citations = {}, service_tier = json.null, x_groq = { id = "r" }, moderation = { input = { type = "t" } } },
      with { x_groq = { usage = { total_tokens = 4 } }, moderation = { output = { type = "u" } } })
    assert.equal("default", reply.service_tier)
    assert.equal("fp", reply.system_fingerprint)
    assert.equal("P", reply.provider)
    assert.same({ { prompt_index = 0 } }, reply.prompt_filter_results)
    assert.same({ "u", "v" }, reply.citations)
    assert.same({ n = 2 }, reply.timings)
    assert.same({ id = "r", usage = { total_tokens = 4 } }, reply.x_groq)
    assert.same({ input = { type = "t" }, output = { type = "u" } }, reply.moderation)
    assert.equal(4, reply.usage.total_tokens)
  end)

  it("has what was said of a choice: filters one after the other, numbers of tokens appended", function()
    local reply = reply_of(
      text("a", { content_filter_results = { hate = { filtered = false } }, token_ids = { 5 }, native_finish_reason = json.null }),
      text("b", { content_filter_results = { violence = { filtered = false } }, token_ids = { 5, 6 } }),
      text("", { content_filter_results = {}, native_finish_reason = "completed", stop_reason = 7 }))
    local choice = reply.choices[1]
    assert.same({ hate = { filtered = false }, violence = { filtered = false } }, choice.content_filter_results)
    assert.same({ 5, 5, 6 }, choice.token_ids)
    assert.equal("completed", choice.native_finish_reason)
    assert.equal(7, choice.stop_reason)
  end)

  it("of a completion that is no chat has its text in the choice", function()
    local reply = reply_of(
      { id = "t1", object = "text_completion", choices = { { index = 0, text = "a", logprobs = json.null } } },
      { id = "t1", object = "text_completion", choices = { { index = 0, text = "b", finish_reason = "stop" } } })
    assert.same({ id = "t1", object = "text_completion", choices = { { index = 0, text = "ab", finish_reason = "stop" } } }, reply)
  end)

  it("before anything came is empty, and later another table", function()
    assert.same({ object = "chat.completion", choices = {} }, delta.new():reply())
    local fold = delta.new()
    local chunk = text("a", { logprobs = { content = { { token = "a" } } }, content_filter_results = { hate = {} } })
    chunk.usage, chunk.timings = { total_tokens = 1 }, { deep = { n = 1 } }
    fold:add(chunk)
    local one, two = fold:reply(), fold:reply()
    assert.same(one, two)
    for _, of in ipairs { one, two } do
      of.usage.total_tokens, of.timings.deep.n, of.choices[1].logprobs.content[1].token = 9, 9, 9
      of.choices[1].content_filter_results.hate.filtered = true
    end
    assert.same({ 1, 1, "a" }, { chunk.usage.total_tokens, chunk.timings.deep.n, chunk.choices[1].logprobs.content[1].token })
    assert.equal(1, fold:reply().timings.deep.n)
  end)
end)
