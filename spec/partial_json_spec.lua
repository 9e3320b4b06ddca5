-- Partial JSON: every prefix of many documents against a slow and obvious reader, in one piece
-- and byte by byte; and what it costs.

local json = require "lualogue.json"
local partial_json = require "lualogue.partial_json"

--- Numbers that look random and are the same in every run, without touching math.random.
local function sequence(seed)
  return function(n)
    seed = (seed * 1103515245 + 12345) % 2147483648
    return math.floor(seed / 65536) % n
  end
end

-- ------------------------------------------------------------------ the slow and obvious reader
-- The value of a prefix is what `json.decode` says of it once it has been cut where it can be and
-- everything that is open has been closed.

local CLOSERS = { ["{"] = "}", ["["] = "]" }

--- Where a prefix ends: what is open there, and inside of what.
local function scan(text)
  local stack, in_string, escape, after_high = {}, false, nil, false
  for at = 1, #text do
    local c = text:sub(at, at)
    if escape then
      escape = escape .. c
      if #escape == (escape:sub(1, 1) == "u" and 5 or 1) then
        after_high = escape:find "^u[dD][89abAB]" ~= nil
        escape = nil
      end
    elseif in_string then
      after_high = false
      if c == '"' then in_string = false elseif c == "\\" then escape = "" end
    elseif c == '"' then
      in_string = true
    elseif CLOSERS[c] then
      table.insert(stack, 1, CLOSERS[c])
    elseif c == "]" or c == "}" then
      table.remove(stack, 1)
    end
  end
  return {
    closers = table.concat(stack), depth = #stack, in_string = in_string, escape = escape,
    after_high = after_high,
  }
end

--- The rest of a word that a text ends in the middle of.
local function rest_of_word(text)
  for _, word in ipairs { "true", "false", "null" } do
    for n = 1, #word - 1 do
      if text:sub(-n) == word:sub(1, n) and not text:sub(-n - 1, -n - 1):find "%a" then
        return word:sub(n + 1)
      end
    end
  end
  return ""
end

local function ends_in_character(text)
  for n = 1, math.min(3, #text) do
    local byte = text:byte(-n)
    if byte < 0x80 then return false end
    if byte >= 0xC2 and byte <= 0xF4 then
      return n < (byte >= 0xF0 and 4 or byte >= 0xE0 and 3 or 2)
    end
  end
  return false
end

local function reference_value(text)
  for cut = #text, 0, -1 do
    local part = text:sub(1, cut)
    local there = scan(part)
    -- A number that goes on, or may go on, is none; nor is half of a pair or of a character.
    local number = not there.in_string and part:find "[%d.eE+-]$" and not part:find "[a-df-zA-Z]e$"
    local grows = cut == #text and there.depth > 0 or text:find("^[%d.eE+-]", cut + 1)
    if not (number and grows) and not there.after_high and not ends_in_character(part) then
      local word = there.in_string and "" or rest_of_word(part)
      local whole = part .. (there.in_string and '"' or word) .. there.closers
      local value, err = json.decode(whole)
      if not err then return value end
    end
  end
end

--- "growing" where some way to go on makes it JSON.
local function reference_state(text)
  local _, err = json.decode(text)
  if not err then return "complete" end
  local there = scan(text)
  local ends
  if there.in_string then
    local escape = there.escape
    local rest = escape and (escape == "" and "n" or ("0"):rep(5 - #escape)) or ""
    ends = { rest .. '"' }
  else
    ends = { "", "0", rest_of_word(text) }
  end
  for _, finish in ipairs(ends) do
    for _, fill in ipairs { "", ":0", "0", '"":0' } do
      local _, wrong = json.decode(text .. finish .. fill .. there.closers)
      if not wrong then return "growing" end
    end
  end
  return "broken"
end

-- ------------------------------------------------------------------ documents

local TEXTS = {
  "", "a", "hello", "ä", "日本", "😀", "a\\nb", '\\"', "\\\\", "\\u00e9", "\\ud83d\\ude00x",
  "\\/", "{[", "]}", "1,2", "\\\\ud83d", "tr", "\\ud83d!", "\\ude00", "x\\ud83d\\n", ": ",
}
local NUMBERS = { "0", "1", "-1", "12", "3.25", "-0.5", "1e3", "2E-2", "1.5e+2", "1234567", "-0" }

local function document(random, depth)
  local function blank() return ({ "", "", "", " ", "\n", "\t " })[random(6) + 1] end
  local function text() return '"' .. TEXTS[random(#TEXTS) + 1] .. TEXTS[random(#TEXTS) + 1] .. '"' end
  local kind = random(depth > 3 and 4 or 8)
  if kind == 0 then return NUMBERS[random(#NUMBERS) + 1] end
  if kind == 1 then return ({ "true", "false", "null" })[random(3) + 1] end
  if kind < 4 then return text() end
  local parts = {}
  for i = 1, random(5) do
    local key = kind < 6 and blank() .. (random(3) == 0 and '"a"' or text()) .. blank() .. ":" or ""
    parts[i] = key .. blank() .. document(random, depth + 1) .. blank()
  end
  local inside = #parts == 0 and blank() or table.concat(parts, ",")
  return kind < 6 and "{" .. inside .. "}" or "[" .. inside .. "]"
end

local documents = {}
do
  local random = sequence(7)
  while #documents < 200 do
    local text = document(random, 0)
    if #text > 8 and #text < 240 then documents[#documents + 1] = text end
  end
end

describe("partial_json", function()
  it("says of every prefix of 200 documents what the slow reader says", function()
    local prefixes = 0
    for _, text in ipairs(documents) do
      local reader = partial_json.new()
      assert.same(json.decode(text), (partial_json.decode(text)), text)
      for n = 1, #text do
        local prefix = text:sub(1, n)
        local value, state = partial_json.decode(prefix)
        assert.same(reference_value(prefix), value, ("%q"):format(prefix))
        local decoded, err = json.decode(prefix)
        assert.equal(not err and "complete" or "growing", state, ("%q"):format(prefix))
        if not err then assert.same(decoded, value) end
        reader:feed(text:sub(n, n))
        local grown, now = reader:value()
        assert.same(value, grown, prefix)
        assert.equal(state, now)
        assert.equal(state, reader.state)
        prefixes = prefixes + 1
      end
      assert.equal("complete", reader.state, text)
    end
    assert.is_true(prefixes > 8000, prefixes)
  end)

  it("says the same whether it is asked after every byte or at the end, and however it is cut", function()
    local random = sequence(3)
    for _, text in ipairs(documents) do
      for _ = 1, 5 do
        local upto = random(#text) + 1
        local reader, at = partial_json.new(), 1
        while at <= upto do
          local n = random(9) + 1
          reader:feed(text:sub(at, math.min(upto, at + n - 1)))
          at = at + n
        end
        local value, state = reader:value()
        local wanted, wanted_state = partial_json.decode(text:sub(1, upto))
        assert.same(wanted, value)
        assert.equal(wanted_state, state)
      end
    end
  end)

  it("knows where a text is broken, and keeps what was there before", function()
    local random, broken = sequence(11), 0
    local BYTES = { "}", "]", ",", ":", '"', "x", "-", "0", "{", "[", " ", "\\", "\0", "." }
    for _, text in ipairs(documents) do
      for _ = 1, 2 do
        local at = random(#text) + 1
        local bad = text:sub(1, at - 1) .. BYTES[random(#BYTES) + 1] .. text:sub(at + random(2))
        local reader, before = partial_json.new(), nil
        for n = 1, #bad do
          local prefix = bad:sub(1, n)
          -- lua-cjson takes "1.", "1.e5" and "-.5" for numbers, which JSON does not.
          if prefix:find "%d%.%D" or prefix:find "%d%.$" or prefix:find "%-%." then break end
          reader:feed(bad:sub(n, n))
          assert.equal(reference_state(prefix), reader.state, ("%q"):format(prefix))
          if reader.state == "broken" then
            broken = broken + 1
            assert.same(before, (reader:value()), ("%q"):format(prefix))
            assert.matches(("^byte %d: "):format(n), reader.fault)
            assert.equal("broken", (reader:feed "1"))
            break
          end
          before = partial_json.decode(prefix)
        end
      end
    end
    assert.is_true(broken > 100, broken)
  end)

  -- What openai-node's partial parser makes of these.
  for text, wanted in pairs {
    ["{"] = {}, ['{"a'] = {}, ['{"a":'] = {}, ['{"a":1'] = {}, ['{"a":1,'] = { a = 1 },
    ['{"a":12.'] = {}, ['{"a":"x'] = { a = "x" }, ['{"a":"x\\'] = { a = "x" },
    ['{"a":"x\\u00'] = { a = "x" }, ['{"a":tr'] = { a = true }, ['{"a":[1,2'] = { a = { 1 } },
    ["[1,2,"] = { 1, 2 }, ['"abc'] = "abc", ["12"] = 12,
    ['{"a":{"b":["c",{"d":"e'] = { a = { b = { "c", { d = "e" } } } },
  } do
    it("reads " .. text, function()
      local value, state = partial_json.decode(text)
      assert.same(wanted, value)
      assert.equal(text == "12" and "complete" or "growing", state)
    end)
  end

  it("has null where a list or the whole is null, and nothing in an object", function()
    assert.equal(json.null, (partial_json.decode "nul"))
    assert.same({ json.null }, (partial_json.decode "[n"))
    assert.same({}, (partial_json.decode '{"a":nul'))
    local mine = {}
    local reader = partial_json.new(mine)
    reader:feed "[null"
    assert.equal(mine, reader:value()[1])
  end)

  it("has no value of what only begins one", function()
    for _, text in ipairs { "", " ", "-", "12.", "1e", "1e+" } do
      local value, state = partial_json.decode(text)
      assert.is_nil(value)
      assert.equal("growing", state)
    end
  end)

  it("breaks at what is no JSON, and says where", function()
    for text, fault in pairs {
      ["01"] = "byte 2: a number cannot go on like this", ["[1 2]"] = "byte 4: ',' or ']' expected",
      ['{"a" 1}'] = "byte 6: ':' expected", ["{1}"] = "byte 2: a key expected",
      ["[1,]"] = "byte 4: a value expected", ["trux"] = "byte 4: 'true' expected",
      ['"\\q'] = "byte 3: no such escape", ['"\\u12g'] = "byte 6: four hexadecimal digits expected",
      ["[1e999"] = "byte 7: a number that is not finite", ["[1.]"] = "byte 4: a digit expected",
      ["{} {"] = "byte 4: nothing more expected", ["\239\187\191{}"] = "byte 1: a value expected",
      ["```json"] = "byte 1: a value expected", ["NaN"] = "byte 1: a value expected",
      ["x"] = "byte 1: a value expected", ['{"a":1]'] = "byte 7: ',' or '}' expected",
    } do
      local _, state, why = partial_json.decode(text)
      assert.equal("broken", state, text)
      assert.equal(fault, why, text)
    end
  end)

  it("nests as deeply as decode does", function()
    for _, n in ipairs { 512, 513 } do
      local text = ("["):rep(n) .. ("]"):rep(n)
      local decoded = json.decode(text)
      local _, state, why = partial_json.decode(text)
      assert.equal(decoded and "complete" or "broken", state)
      assert.equal(decoded == nil and "byte 513: more than 512 levels" or nil, why)
    end
  end)

  it("has integers where Lua has them", function()
    local value = partial_json.decode "[1,1.0,1e2,1.5,-0"
    assert.same(json.decode "[1,1.0,1e2,1.5]", value)
    if math.type then assert.equal("integer", math.type(value[2])) end
  end)

  it("raises at the caller's line for what is no text", function()
    local ok, message = pcall(function() partial_json.new():feed(1) end)
    assert.is_false(ok)
    assert.matches("^[^:]*partial_json_spec%.lua:%d+: bad argument 'piece' to 'feed' %(string expected, got number%)", message)
  end)

  it("grows in the same tables", function()
    local reader = partial_json.new()
    reader:feed '{"list":[{"a":1},{'
    local root = reader:value()
    local list = root.list
    reader:feed '"b":"x"}]}'
    assert.equal(root, (reader:value()))
    assert.equal(list, root.list)
    assert.same({ { a = 1 }, { b = "x" } }, list)
  end)

  describe("is linear:", function()
    local function large(n)
      local parts = {}
      for i = 1, n do
        parts[i] = ('{"id":%d,"name":"entry \\u00e9 %d","tags":["a","b",true],"n":%d.5}'):format(i, i, i)
      end
      return "[" .. table.concat(parts, ",") .. "]"
    end
    local cases = {
      objects = function(kb) return large(kb * 16) end,
      ["one text"] = function(kb) return '{"text":"' .. ("word "):rep(kb * 205) .. '"}' end,
      blanks = function(kb) return "[" .. (" "):rep(kb * 1024) .. "]" end,
      ["small lists"] = function(kb) return "[" .. ("[],"):rep(kb * 341) .. "[]]" end,
    }

    --- Instructions that the machine executes, in thousands: no clock, so no noise.
    local function cost(text)
      local thousands = 0
      local reader = partial_json.new()
      debug.sethook(function() thousands = thousands + 1 end, "", 1000)
      for i = 1, #text do reader:feed(text:sub(i, i)) end
      debug.sethook()
      assert.equal("complete", reader.state)
      return thousands
    end

    for name, make in pairs(cases) do
      it(name .. ", byte by byte", function()
        local jit = rawget(_G, "jit")
        if jit then -- hooks are not called in compiled code
          jit.off()
          jit.flush()
        end
        local small, big = cost(make(8)), cost(make(32))
        if jit then jit.on() end
        assert.is_true(big < small * 4.6, ("%d for 8 KB, %d for 32 KB"):format(small, big))
      end)
    end
  end)
end)
