-- Strings that grow by pieces: always what plain concatenation gives, and in linear time.
local rope = require "lualogue.rope"

--- Numbers that look random and are the same in every run, without touching math.random.
local function sequence(seed)
  return function(n)
    seed = (seed * 1103515245 + 12345) % 2147483648
    return math.floor(seed / 65536) % n
  end
end

--- How many bytes table.concat returns while `body` runs.
local function bytes_copied(body)
  local concat, bytes = table.concat, 0
  table.concat = function(...) -- luacheck: ignore 122
    local text = concat(...)
    bytes = bytes + #text
    return text
  end
  local ok, err = pcall(body)
  table.concat = concat -- luacheck: ignore 122
  if not ok then error(err, 0) end
  return bytes
end

describe("a rope", function()
  it("is what plain concatenation gives, whenever it is asked", function()
    for seed = 1, 40 do
      local random = sequence(seed)
      local r, plain = rope.new(), ""
      for i = 1, 300 + random(400) do
        local piece = (string.char(random(256))):rep(random(random(50) == 0 and 3000 or 6))
        r:add(piece)
        plain = plain .. piece
        if random(40) == 0 then assert.equal(plain, r:text(), ("seed %d, piece %d"):format(seed, i)) end
      end
      assert.equal(plain, r:text())
      assert.equal(plain, r:text())
    end
  end)

  it("is right around every power of its fan", function()
    for _, n in ipairs { 0, 1, 63, 64, 65, 127, 128, 4095, 4096, 4097 } do
      local r, pieces = rope.new(), {}
      for i = 1, n do
        pieces[i] = tostring(i) .. ","
        r:add(pieces[i])
      end
      assert.equal(table.concat(pieces), r:text())
    end
  end)

  it("of nothing is empty", function()
    local r = rope.new()
    assert.equal("", r:text())
    for _ = 1, 200 do r:add("") end
    assert.equal("", r:text())
    r:add("x")
    assert.equal("x", r:text())
  end)

  it("copies each byte a few times, however many pieces there are", function()
    local copies = {}
    for _, n in ipairs { 1000, 10000, 100000 } do
      local r = rope.new()
      local copied = bytes_copied(function()
        for _ = 1, n do r:add("0123") end
        assert.equal(4 * n, #r:text())
      end)
      copies[#copies + 1] = copied / (4 * n)
    end
    -- Once for each level and once for the whole: 64^3 is more than 100000.
    for _, times in ipairs(copies) do assert.is_true(times <= 4, "each byte was copied " .. times .. " times") end
  end)

  it("copies nothing when it is asked again and nothing came", function()
    local r = rope.new()
    for _ = 1, 1000 do r:add("0123") end
    r:text()
    assert.equal(0, bytes_copied(function()
      for _ = 1, 100 do r:text() end
    end))
  end)

  it("stays linear when it is asked now and then", function()
    local n, asked = 20000, 10
    local r = rope.new()
    local copied = bytes_copied(function()
      for i = 1, n do
        r:add("0123")
        if i % (n / asked) == 0 then r:text() end
      end
    end)
    -- Each answer is a copy of what there is: half of the whole, on average.
    assert.is_true(copied <= 4 * n * (4 + asked), copied .. " bytes for a text of " .. 4 * n)
  end)
end)
