-- Answers of a dialogue that fit a schema: what stands in the history, and what does not.

local dialogue = require "lualogue.dialogue"
local json = require "lualogue.json"
local script_client = require "spec.support.script_client"
local trim = require "lualogue.trim"

local say = script_client.say
local FORM = "verdict yes|no, score int"
local GOOD = '{"verdict":"yes","score":7}'
local UNKNOWN = { err = { kind = "api", status = 400, message = "Unsupported parameter: response_format" } }

local function call(name, arguments, id)
  return { id = id or "c", type = "function", ["function"] = { name = name, arguments = arguments } }
end

local function new(script, options)
  local client = script_client.new(script)
  return dialogue.new(client, options), client
end

local function raised(body)
  local ok, message = pcall(body)
  assert.is_false(ok)
  return (assert(message:match "^[^:]*spec/dialogue_parse_spec%.lua:%d+: (.*)", tostring(message)))
end

describe("dialogue:parse", function()
  it("gives the checked table, and keeps question and answer", function()
    local d, client = new({ GOOD, "fine" }, { system = "S" })
    local value, answer = d:parse("Is it good?", FORM)
    assert.same({ verdict = "yes", score = 7 }, value)
    assert.equal("json_schema", answer.method)
    assert.equal(0, answer.retries)
    assert.equal(0, answer.rounds)
    assert.equal("u:Is it good? a:" .. GOOD, say((d:history())))
    assert.equal("json_schema", client.requests[1].response_format.type)
    assert.same({ "verdict", "score" }, client.requests[1].response_format.json_schema.schema.required)
    assert.equal("fine", (d:ask "Thanks."))
    assert.is_nil(client.requests[2].response_format)
    assert.equal("s:S u:Is it good? a:" .. GOOD .. " u:Thanks.", say(client.requests[2].messages))
  end)

  it("never has a re-ask in its history, and counts what it cost", function()
    local d, client = new { '{"verdict":"maybe","score":1}', GOOD }
    local value, answer = d:parse("Is it good?", FORM)
    assert.equal("yes", value.verdict)
    assert.equal(1, answer.retries)
    assert.equal("u:Is it good? a:" .. GOOD, say((d:history())))
    assert.equal(3, #client.requests[2].messages)
    assert.matches("one of \"yes\", \"no\" expected", client.requests[2].messages[3].content)
    assert.equal(2, d:usage().calls)
    assert.equal(d:usage().total_tokens, answer.usage.total_tokens)
  end)

  it("that fails leaves the history as it was, and can be retried", function()
    local d = new { "no", "still no", GOOD }
    local value, err = d:parse("Is it good?", FORM)
    assert.is_nil(value)
    assert.equal("json", err.code)
    assert.equal(0, #(d:history()))
    assert.equal("u:Is it good?", say(d.pending.messages))
    value = d:retry()
    assert.equal(7, value.score)
    assert.equal("u:Is it good? a:" .. GOOD, say((d:history())))
    d = new { { content = "", refusal = "Never." } }
    assert.equal("refusal", (select(2, d:parse("?", FORM))).code)
    d = new { { content = '{"ver', finish = "length" } }
    assert.equal("length", (select(2, d:parse("?", FORM))).code)
    assert.equal('{"ver', d.pending.partial.content)
  end)

  it("is checked when it is retried after save and load, too", function()
    local d = new { { err = { kind = "connection", message = "gone" } } }
    d:parse("Is it good?", FORM, { retries = 0 })
    local path = os.tmpname()
    assert(d:save(path))
    local client = script_client.new { "no", GOOD }
    local loaded = assert(dialogue.new(client, { load = path }))
    os.remove(path)
    assert.equal("json", (select(2, loaded:retry())).code)
    assert.equal(7, loaded:retry().score)
    assert.same({ "verdict", "score" }, client.requests[2].response_format.json_schema.schema.required)
  end)

  it("has no call in its history where a tool stood in for response_format", function()
    local d, client = new { UNKNOWN, { tool_calls = { call("answer", GOOD) } }, "fine" }
    local value, answer = d:parse("Is it good?", FORM)
    assert.equal("yes", value.verdict)
    assert.equal("tool", answer.method)
    assert.equal("u:Is it good? a:" .. GOOD, say((d:history())))
    assert.equal("fine", (d:ask "Thanks."))
    assert.is_nil(client.requests[3].tools)
    assert.is_true((trim.check(client.requests[3].messages)))
  end)

  it("puts the schema into the prompt where the dialogue has tools", function()
    local d, client = new({ UNKNOWN, GOOD }, { system = "S" })
    d:tool { name = "look", run = print }
    local _, answer = d:parse("Is it good?", FORM)
    assert.equal("json_object", answer.method)
    assert.matches('^S\n\nAnswer with one JSON object.*"verdict"', client.requests[2].messages[1].content)
    assert.equal("S", d.system)
    assert.equal("look", client.requests[2].tools[1]["function"].name)
  end)

  it("runs the tools of the dialogue first", function()
    local d, client = new { { tool_calls = { call("look", "{}", "a") } }, "no", GOOD }
    local ran = 0
    d:tool { name = "look", run = function() ran = ran + 1 return "seen" end }
    local value, answer = d:parse("Is it good?", FORM)
    assert.equal("yes", value.verdict)
    assert.equal(1, ran)
    assert.equal(1, answer.rounds)
    assert.equal("seen", answer.calls[1].content)
    assert.equal("u:Is it good? a:nil t:seen a:" .. GOOD, say((d:history())))
    for _, request in ipairs(client.requests) do
      assert.equal("json_schema", request.response_format.type)
      assert.is_true((trim.check(request.messages)))
    end
  end)

  it("counts the schema as what goes out", function()
    local d = new({ GOOD }, { trim = trim.tokens(60), model = "gpt-4o-mini" })
    local value, err = d:parse("Is it good?", { { "verdict", "string", ("a long description "):rep(50) } })
    assert.is_nil(value)
    assert.equal("limit", err.kind)
    assert.equal("context", err.code)
  end)

  it("raises for wrong arguments, at the caller's line", function()
    local d = new { GOOD }
    assert.matches("bad argument 'schema'", raised(function() d:parse "x" end))
    assert.matches("no such type: 'foo'", raised(function() d:parse("x", "a foo") end))
    assert.equal("bad argument 'retries' to 'parse' (0 or 1 expected)", raised(function() d:parse("x", FORM, { retries = 3 }) end))
    assert.matches("bad argument 'stream' to 'parse'", raised(function() d:parse("x", FORM, { stream = true }) end))
    assert.matches("bad argument 'response_format' to 'parse'", raised(function() d:parse("x", FORM, { response_format = {} }) end))
    assert.equal(0, #(d:history()))
    assert.is_nil(d.pending)
    assert.is_not_nil(json)
  end)
end)
