-- Runs beside each other: what is lost, won and shaky, what chance may have made, and what is blessed.
local json = require "lualogue.json"
local lab = require "lualogue.lab"
local program = require "spec.support.program"

local sign_test = require "lualogue.lab.sign_test"
local words = require "lualogue.lab.words"

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  file:close()
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

--- A run with these passes of each row: { a = "ppf" }, e: an error.
local function run_of(rows, more)
  more = more or {}
  local names, lines = {}, {}
  for name in pairs(rows) do names[#names + 1] = name end
  table.sort(names)
  local verdicts = { p = "pass", f = "fail", e = "error", c = "cut" }
  for _, name in ipairs(names) do
    for i = 1, #rows[name] do
      local verdict = verdicts[rows[name]:sub(i, i)]
      lines[#lines + 1] = json.encode { prompt = more.prompt or "p", model = more.model or "m", vary = {}, input = name, nth = i, label = name,
        verdict = verdict, checks = json.array {}, text = (more.texts or {})[name] or verdict }
    end
  end
  local result
  program.with_folder(function(folder)
    write(folder .. "/run.jsonl", json.encode { lualogue_lab = 1, lab = "lab.lua", prompts = more.prompts or { p = "Hi" }, n = #lines }
      .. "\n" .. table.concat(lines, "\n") .. "\n" .. '{"end":true}\n')
    result = assert(lab.read(folder .. "/run.jsonl"))
  end)
  return result
end

describe("the sign test", function()
  it("is the exact one, two-sided", function()
    assert.equal(1, sign_test(0, 0))
    assert.equal(1, sign_test(1, 1))
    assert.near(0.03125, sign_test(6, 0), 1e-12)
    assert.near(0.0625, sign_test(0, 5), 1e-12)
    assert.near(0.109375, sign_test(8, 2), 1e-12) -- 2 * (1 + 10 + 45) / 1024
    assert.equal(sign_test(3, 14), sign_test(14, 3))
    assert.near(1, sign_test(5000, 5000), 1e-12)
    assert.is_true(sign_test(1500, 1300) < 0.001 and sign_test(1500, 1300) > 0.0001)
  end)
end)

describe("words that differ", function()
  local function shown(a, b)
    local parts, before, now = {}, {}, {}
    for i, part in ipairs(words.diff(a, b)) do
      parts[i] = part[1] == "=" and part[2] or ("%s<%s>"):format(part[1], part[2])
      if part[1] ~= "+" then before[#before + 1] = part[2] end
      if part[1] ~= "-" then now[#now + 1] = part[2] end
    end
    assert.equal(a, table.concat(before))
    assert.equal(b, table.concat(now))
    return table.concat(parts)
  end

  it("are found, and give both texts back", function()
    assert.equal("the -<black>+<white> cat", shown("the black cat", "the white cat"))
    assert.equal("a +<b >c", shown("a c", "a b c"))
    assert.equal("-<x>", shown("x", ""))
    assert.equal("", shown("", ""))
    assert.equal("-<a> b -<c>+<d>", shown("a b c", " b d"))
    shown(("a b c "):rep(3000), ("c b d "):rep(3000)) -- too long to be looked at closely
  end)
end)

describe("a comparison", function()
  local ten = {}
  for i = 1, 10 do ten["r" .. i] = "p" end
  local function but(changes)
    local rows = {}
    for name, value in pairs(ten) do rows[name] = changes[name] or value end
    return run_of(rows)
  end

  it("has a row lost or won only where all of it turned (38)", function()
    local before = run_of { a = "ppp", b = "ppp", c = "fff", d = "ppf", e = "ppf", f = "ppp" }
    local now = run_of { a = "ppf", b = "fff", c = "ppp", d = "ppf", e = "fff", f = "pppp" }
    local change = now:compare(before)
    local by_label = {}
    for _, row in ipairs(change.rows) do by_label[row.label] = row.verdict end
    assert.same({ a = "shaky", b = "lost", c = "won", d = "same", e = "shaky", f = "same" }, by_label)
    assert.is_true(change:regressed())
    assert.is_false(run_of({ a = "ppf" }):compare(run_of { a = "ppp" }):regressed())
    assert.is_true(run_of({ a = "fff" }):compare(run_of { a = "ppp" }):regressed())
  end)

  it("is worse where chance makes it so in less than one of twenty cases (38)", function()
    local one_each = but({ r1 = "f" }):compare(but { r2 = "f" })
    assert.same({ 1, 1, "unclear", 1 }, { one_each.lost, one_each.won, one_each.columns[1].verdict, one_each.columns[1].p })
    assert.is_true(one_each:regressed())
    assert.is_false(one_each:regressed "worse")
    local six = but({ r1 = "f", r2 = "f", r3 = "f", r4 = "f", r5 = "f", r6 = "f" }):compare(run_of(ten))
    assert.same({ 6, "worse", true }, { six.lost, six.columns[1].verdict, six:regressed "worse" })
    assert.near(0.03125, six.columns[1].p, 1e-12)
    assert.equal("better", run_of(ten):compare(six.now).columns[1].verdict)
    assert.is_false(run_of(ten):compare(six.now):regressed())
  end)

  it("knows nothing of what was an error", function()
    local change = run_of({ a = "e", b = "ppe" }):compare(run_of { a = "p", b = "ppp" })
    assert.same({ 1, 0, 1, false }, { change.error, change.lost, change.same, change:regressed() })
  end)

  it("says that a prompt has other words (39)", function()
    local change = run_of({ a = "p" }, { prompts = { p = "Hello" } }):compare(run_of({ a = "p" }, { prompts = { p = "Hi" } }))
    assert.same({ "p" }, change.changed)
    assert.matches("the text of the prompt p changed", change:table(), 1, true)
  end)

  it("lists what is only here or there, and takes it for nothing (37, 40)", function()
    local change = run_of({ a = "p", new = "f" }):compare(run_of { a = "p", old = "p" })
    assert.same({ 0, 1, 1, 1, false }, { change.lost, change.new, change.missing, change.same, change:regressed() })
    local other = run_of({ a = "f" }, { model = "n" }):compare(run_of { a = "p" })
    assert.same({ 0, 1, 1, false }, { other.lost, other.new, other.missing, other:regressed "worse" })
    assert.matches("missing  a · p · m  1/1 -> -", other:table(), 1, true)
  end)

  it("shows the words that differ, and nothing that acts on a terminal", function()
    local before = run_of({ a = "p" }, { texts = { a = "the capital is Paris of course" } })
    local now = run_of({ a = "f" }, { texts = { a = "the capital is \27[31mLyon of course" } })
    local text = now:compare(before):table()
    assert.matches("lost     a · p · m  1/1 -> 0/1\n         the capital is [-Paris-]{+\\x1b[31mLyon+} of course\n", text, 1, true)
    assert.is_nil(text:find "\27")
    assert.matches("\27%[32m\\x1b%[31mLyon\27%[0m", now:compare(before):table { color = true })
    assert.matches("1 rows are the same in other words", run_of({ a = "p" }, { texts = { a = "x" } }):compare(run_of { a = "p" }):table(), 1, true)
    assert.matches("\nno difference\n$", run_of({ a = "p" }):compare(run_of { a = "p" }):table())
  end)

  it("shows the ends of what is long", function()
    local before = run_of({ a = "p" }, { texts = { a = ("same "):rep(50) .. ("old "):rep(80) .. ("end "):rep(50) } })
    local now = run_of({ a = "f" }, { texts = { a = ("same "):rep(50) .. ("new "):rep(80) .. ("end "):rep(50) } })
    local text = now:compare(before):table()
    assert.is_true(#text < 1200, #text)
    assert.matches("… same same same same same same [-old old", text, 1, true)
    assert.matches("old … old", text, 1, true)
  end)

  it("wants a result", function()
    local ok, err = pcall(function() run_of({ a = "p" }):compare "last" end)
    assert.is_false(ok)
    assert.matches("^spec/lab_compare_spec.lua:%d+: bad argument 'before' to 'compare'", err)
  end)
end)

describe("a blessed run", function()
  it("is the same file byte for byte whenever the answers are (41)", function()
    program.with_folder(function(folder)
      local first = run_of { b = "ppf", a = "p" }
      assert(first:bless(folder .. "/lab.baseline.jsonl"))
      local bytes = read(folder .. "/lab.baseline.jsonl")
      local blessed = assert(lab.read(folder .. "/lab.baseline.jsonl"))
      assert.matches("no difference", first:compare(blessed):table(), 1, true)
      assert(blessed:bless(folder .. "/lab.baseline.jsonl"))
      assert.equal(bytes, read(folder .. "/lab.baseline.jsonl"))
      assert.is_nil(bytes:find "time" or bytes:find "latency")
    end)
  end)

  it("has no errors, and is complete", function()
    local _, err = run_of({ a = "e" }):bless "/nowhere/x"
    assert.equal("lab: not blessed: 1 of 1 cells are errors", tostring(err))
    _, err = run_of({ a = "p" }):bless "/nowhere/x"
    assert.equal("file: /nowhere/x", tostring(err):match "^file: /nowhere/x")
    program.with_folder(function(folder)
      write(folder .. "/run.jsonl", '{"lualogue_lab":1,"lab":"x","n":2}\n{"prompt":"p","model":"m","vary":{},"input":"a","nth":1,"verdict":"pass"}\n')
      _, err = assert(lab.read(folder .. "/run.jsonl")):bless(folder .. "/x")
      assert.equal("lab: not blessed: the run is not complete", tostring(err))
    end)
  end)

  it("is read whatever is in it", function()
    program.with_folder(function(folder)
      local line = { prompt = "p", model = "m", vary = {}, input = "a", nth = 1, verdict = "pass" }
      local lines = { '{"lualogue_lab":1}', "[]", "{}", "torn", '{"prompt":1,"model":{},"nth":"x","verdict":"pass","input":"a"}' }
      for name, value in pairs { verdict = "great", vary = 3, checks = { 1, { name = {} } }, message = "x", usage = 1, error = "x", latency = "x", cost = {}, label = 1, nth = {} } do
        local copy = {}
        for key, inner in pairs(line) do copy[key] = inner end
        copy.input, copy[name] = name, value
        lines[#lines + 1] = json.encode(copy)
      end
      write(folder .. "/run.jsonl", table.concat(lines, "\n"))
      local result = assert(lab.read(folder .. "/run.jsonl"))
      assert.equal(8, #result.cells)
      for _, form in ipairs { "table", "csv", "jsonl", "markdown", "html" } do assert.is_string(result[form](result)) end
      assert.equal(8, result:compare(result).same)
    end)
  end)

  it("is read by version", function()
    program.with_folder(function(folder)
      write(folder .. "/run.jsonl", '{"lualogue_lab":9}\n')
      local _, err = lab.read(folder .. "/run.jsonl")
      assert.matches("it is of version 9, and this lualogue reads version 1", err.message, 1, true)
      write(folder .. "/run.jsonl", "hello\n")
      _, err = lab.read(folder .. "/run.jsonl")
      assert.matches("it is no run of a lab", err.message, 1, true)
    end)
  end)
end)
