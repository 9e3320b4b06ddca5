-- Checks of the lab: what they say of an answer, and what is no verdict on it.
local fixture = require "spec.support.fixture"
local lab = require "lualogue.lab"
local program = require "spec.support.program"

local checks = require "lualogue.lab.checks"

local function cell(text, more)
  local all = { text = text, message = { content = text }, finish_reason = "stop", usage = { completion_tokens = 7 }, latency = 1.5, cost = 0.25, nth = 1 }
  for name, value in pairs(more or {}) do all[name] = value end
  return all
end

local function try(check, answer, row) return checks.try(checks.list(check)[1], type(answer) == "table" and answer or cell(answer), row or {}) end

describe("a check", function()
  it("says whether it holds, and why not", function()
    for _, case in ipairs {
      { lab.equals "Paris", " Paris\n", "paris" },
      { lab.equals "${e}", "Rome", "Rom" },
      { lab.contains "Lua", "a Lua b", "a lua b" },
      { lab.icontains "LUA", "a lua b", "a lu b" },
      { lab.starts_with "Yes", " Yes, so", "So: Yes" },
      { lab.match "^%d+$", "42", "42a" },
      { lab.one_of { "a", "${e}" }, " Rome ", "ab" },
      { lab.json(), '```json\n{"a":1}\n```', "a" },
      { lab.json, "[1]", "[1" },
      { lab.schema "n int", '{"n":1}', '{"n":"x"}' },
      { lab.max_words(2), "two words", "now three words" },
      { lab.max_tokens(7), "x", cell("x", { usage = { completion_tokens = 8 } }) },
      { lab.latency(1.5), "x", cell("x", { latency = 1.6 }) },
      { lab.cost(0.25), "x", cell("x", { cost = 0.3 }) },
      { lab.finish "stop", "x", cell("x", { finish_reason = "length" }) },
      { lab.no(lab.contains "a"), "b", "a" },
      { lab.any { lab.equals "a", lab.equals "b" }, "b", "c" },
      { lab.all { lab.contains "a", lab.contains "b" }, "ab", "a" },
      { function(c) return c.text == "x", "not x" end, "x", "y" },
    } do
      local row = { e = "Rome" }
      local good, bad = try(case[1], case[2], row), try(case[1], case[3], row)
      assert.is_true(good.ok, good.name .. ": " .. tostring(good.reason))
      assert.is_false(bad.ok, bad.name)
      assert.is_true(#bad.reason > 0)
    end
  end)

  it("of a tool looks at its name and some of its arguments", function()
    local call = cell("", { message = { tool_calls = { { ["function"] = { name = "weather", arguments = '{"city":"Rome","unit":"C"}' } } } } })
    assert.is_true(try(lab.tool "weather", call).ok)
    assert.is_true(try(lab.tool("weather", { city = "${city}" }), call, { city = "Rome" }).ok)
    assert.is_false(try(lab.tool("weather", { city = "Oslo" }), call).ok)
    assert.is_false(try(lab.tool "time", call).ok)
    assert.equal("no tool was called", try(lab.tool "time", "x").reason)
  end)

  it("of a schema says where the text is no JSON (36)", function()
    local result = try(lab.schema "a int", '{"a":1')
    assert.is_false(result.ok)
    assert.matches("%d", result.reason)
  end)

  it("that cannot be made is no verdict, also not turned round (31, 32)", function()
    for _, check in ipairs { lab.max_tokens(1), lab.no(lab.max_tokens(1)), lab.any { lab.max_tokens(1) }, lab.equals "${none}", lab.no(function() error "oops" end) } do
      local result = try(check, cell("x", { usage = false }))
      assert.is_nil(result.ok, result.name)
    end
    assert.matches("spec/lab_check_spec.lua:%d+: oops", try(function() error "oops" end, "x").reason)
    assert.equal("${none} is missing in the row", try(lab.equals "${none}", "x").reason)
  end)

  it("may score", function()
    assert.equal(0.5, try(function() return true, nil, 0.5 end, "x").score)
    assert.equal(0.5, try(function() return true, 0.5 end, "x").score)
    assert.is_nil(try(function() return true, nil, 0 / 0 end, "x").score)
  end)

  it("refuses arguments that it cannot have, at the caller's line", function()
    local ok, err = pcall(lab.contains, 3)
    assert.is_false(ok)
    assert.matches("bad argument 'text' to 'contains' (string expected, got number)", err, 1, true)
    ok, err = pcall(lab.judge, { model = "m", rubrik = "x" })
    assert.is_false(ok)
    assert.matches("unknown field 'rubrik'", err, 1, true)
  end)
end)

describe("checks in a run", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function run(script, fields, options)
    local result
    program.with_folder(function(folder)
      local spec = { models = { { model = "m", base_url = server:script(script), api_key = false } }, prompts = "Hi" }
      for name, value in pairs(fields) do spec[name] = value end
      options = options or { max_retries = 0 }
      options.folder = folder
      result = assert(lab.run(spec, options))
    end)
    return result
  end

  local hello = fixture.json(200, fixture.chat_reply "Hello")

  it("do not run where there is no answer (31)", function()
    local result = run(fixture.json(400, fixture.error_body "No."), { check = lab.no(lab.contains "x") })
    assert.same({ "error", 0, "api" }, { result.cells[1].verdict, #result.cells[1].checks, result.cells[1].error.kind })
    assert.is_false(result:ok())
  end)

  it("that raise are errors of the cell, which is named, and lose nothing (32)", function()
    local result = run(hello, { check = { lab.contains "Hello", function() error "oops" end } })
    local cell_of = result.cells[1]
    assert.same({ "error", "Hello", "check" }, { cell_of.verdict, cell_of.text, cell_of.error.kind })
    assert.matches("function at lab_check_spec.lua:%d+: spec/lab_check_spec.lua:%d+: oops", cell_of.error.message)
    assert.is_true(cell_of.checks[1].ok)
    assert.equal(1, result.total.errors.check)
  end)

  it("are shown of a cut answer, which is cut (33)", function()
    local cut = fixture.json(200, fixture.chat_reply("Hel", { choices = { { index = 0, finish_reason = "length", message = { role = "assistant", content = "Hel" } } } }))
    local result = run(cut, { check = lab.contains "Hel" })
    assert.same({ "cut", true, 1 }, { result.cells[1].verdict, result.cells[1].checks[1].ok, result.total.cut })
  end)

  it("may ask a judge, whose garbage is no verdict, through the cache and counted apart (34)", function()
    local function judged(text, row)
      local judge = server:script(fixture.json(200, fixture.chat_reply(text)))
      return run(hello, { check = lab.judge { model = { model = "j", base_url = judge, api_key = false }, rubric = "It greets ${whom}." }, inputs = { row } }), judge
    end
    local good, judge = judged('I think so. {"reason": "it does", "pass": true}', { whom = "me" })
    assert.same({ "pass", 1, 2, 1 }, { good.cells[1].verdict, good.total.n, good.n_sent, good.n_beside })
    local asked = server:requests(judge)[1]:json()
    assert.matches("It greets me.\n\nAnswer:\nHello", asked.messages[2].content, 1, true)
    local bad = judged('{"pass": false, "reason": "it does not"}', { whom = "me" })
    assert.same({ "fail", "it does not" }, { bad.cells[1].verdict, bad.cells[1].checks[1].reason })
    local garbage = judged("Sure!", { whom = "me" })
    assert.same({ "error", "check" }, { garbage.cells[1].verdict, garbage.cells[1].error.kind })
    assert.matches("the judge gave no verdict but: Sure!", garbage.cells[1].error.message, 1, true)
  end)

  it("may ask how near texts are; the same text is as near as can be (35)", function()
    local embeddings = server:script(fixture.json(200, { object = "list", data = {
      { object = "embedding", index = 0, embedding = { 3, 4 } }, { object = "embedding", index = 1, embedding = { 4, 3 } } } }))
    local who = { model = "e", base_url = embeddings, api_key = false }
    program.with_folder(function(folder)
      local spec = lab { models = { { model = "m", base_url = server:script(hello), api_key = false } }, prompts = "Hi",
        check = { lab.similar("Hello", 1, { model = who }), lab.similar("Hallo", 0.95, { model = who }) } }
      for n_sent = 2, 0, -2 do
        local result = assert(lab.run(spec, { folder = folder }))
        local first, second = result.cells[1].checks[1], result.cells[1].checks[2]
        assert.near(1, first.score, 1e-6)
        assert.is_true(first.ok)
        assert.near(0.96, second.score, 1e-6)
        assert.is_true(second.ok)
        assert.equal(n_sent, result.n_sent)
      end
    end)
    assert.equal(1, #server:requests(embeddings))
  end)
end)
