-- lualogue.vector: float32 numbers in one block, as embeddings come.

local core = require "lualogue.core"

local vector = core.vector

--- The message that f(...) raises, without what it was called for.
local function message_of(f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  return message
end

--- This file and the line of the caller, as an error message begins.
local function here()
  local info = debug.getinfo(2, "Sl")
  return ("%s:%d: "):format(info.short_src, info.currentline)
end

local function starts_with(text, start)
  assert.equal(start, text:sub(1, #start))
end

describe("a vector", function()
  it("is made from a list of numbers", function()
    local v = vector { 1, -2.5, 0 }
    assert.equal(3, #v)
    assert.equal(1, v[1])
    assert.equal(-2.5, v[2])
    assert.equal(0, v[3])
    assert.equal("userdata", type(v))
  end)

  it("may be empty", function()
    local v = vector {}
    assert.equal(0, #v)
    assert.is_nil(v[1])
    assert.same({}, v:totable())
    assert.equal(0, v:norm())
  end)

  it("keeps 32 bits of each number", function()
    local v = vector { 0.1, 16777217 }
    assert.equal(0.100000001490116, math.floor(v[1] * 1e15 + 0.5) / 1e15)
    assert.equal(16777216, v[2])
  end)

  it("is nil outside and between its elements", function()
    local v = vector { 1, 2 }
    for _, key in ipairs { 0, -1, 3, 1.5, 2 ^ 53, 1e300, -1e300, math.huge, -math.huge, 0 / 0 } do
      assert.is_nil(v[key])
    end
    assert.is_nil(v["1"])
    assert.is_nil(v.length)
    assert.is_nil(v[true])
    assert.is_nil(v[{}])
    assert.equal(2, v[2.0])
    assert.equal(1, v[3 / 3])
  end)

  it("has a length that is an integer where Lua has them", function()
    assert.equal("2", tostring(#vector { 1, 2 }))
  end)

  it("goes through ipairs where Lua asks an object", function()
    local v = vector { 4, 5, 6 }
    local seen = {}
    if not pcall(ipairs, v) then return assert.equal("Lua 5.1", _VERSION) end
    for i, x in ipairs(v) do seen[#seen + 1] = i .. "=" .. math.floor(x) end
    assert.equal("1=4 2=5 3=6", table.concat(seen, " "))
  end)

  it("becomes a list again", function()
    local list = vector({ 1, 0.5, -3 }):totable()
    assert.same({ 1, 0.5, -3 }, list)
    assert.is_nil(getmetatable(list))
  end)

  it("costs 4 bytes an element", function()
    local list, keep = {}, {}
    for i = 1, 1536 do list[i] = i end
    for i = 1, 64 do keep[i] = false end
    collectgarbage()
    collectgarbage()
    collectgarbage("stop")
    local before = collectgarbage("count")
    for i = 1, 64 do keep[i] = vector(list) end
    local kib = (collectgarbage("count") - before) / 64
    collectgarbage("restart")
    assert.equal(1536, #keep[64])
    assert.is_true(kib >= 6 and kib < 6.25, kib .. " KiB for 1536 elements")
  end)

  it("says in short what it is", function()
    assert.equal("vector(0):", tostring(vector {}))
    assert.equal("vector(2): 0.0123 -0.0456", tostring(vector { 0.0123, -0.0456 }))
    assert.equal("vector(5): 1 2 3 4 ...", tostring(vector { 1, 2, 3, 4, 5 }))
    assert.equal("vector(1): 1.23e+10", tostring(vector { 1.2345e10 }))
  end)

  it("shows a point in a locale that writes a comma", function()
    local old = os.setlocale(nil, "numeric")
    if not os.setlocale("de_DE.UTF-8", "numeric") then
      return pending("the locale de_DE.UTF-8 is not installed")
    end
    local text = tostring(vector { 1.5, -0.25 })
    os.setlocale(old, "numeric")
    assert.equal("vector(2): 1.5 -0.25", text)
  end)

  it("hides its metatable", function()
    assert.is_false(getmetatable(vector {}))
  end)
end)

describe("arithmetic on vectors", function()
  local a, b = vector { 1, 2, 3 }, vector { 4, -5, 6 }

  it("has dot, norm and cosine", function()
    assert.equal(12, a:dot(b))
    assert.equal(5, vector({ 3, 4 }):norm())
    assert.equal(1, a:cosine(a))
    assert.equal(-1, a:cosine(vector { -1, -2, -3 }))
    assert.equal(0, vector({ 1, 0 }):cosine(vector { 0, 1 }))
    assert.equal(0, a:cosine(vector { 0, 0, 0 }))
    assert.is_true(math.abs(a:cosine(b) - 12 / math.sqrt(14 * 77)) < 1e-15)
  end)

  it("compares element by element", function()
    assert.is_true(a == vector { 1, 2, 3 })
    assert.is_true(a == a)
    assert.is_false(a == b)
    assert.is_false(a == vector { 1, 2 })
    assert.is_false(a ~= vector { 1, 2, 3 })
    assert.is_false(a == 1)
    assert.is_false(a == { 1, 2, 3 })
    assert.is_false(a == io.stdout)
    assert.is_false(vector { 0 / 0 } == vector { 0 / 0 })
  end)

  it("finds the nearest", function()
    local best = vector({ 1, 0 }):top_k({
      vector { 0, 1 }, vector { 2, 0 }, vector { -1, 0 }, vector { 1, 1 }, vector { 5, 0 },
    }, 3)
    assert.equal(3, #best)
    assert.same({ index = 2, score = 1 }, best[1])
    assert.same({ index = 5, score = 1 }, best[2])
    assert.equal(4, best[3].index)
    assert.is_true(math.abs(best[3].score - math.sqrt(0.5)) < 1e-15)
  end)

  it("finds no more than there are", function()
    local v = vector { 1 }
    assert.same({}, v:top_k({}, 5))
    assert.equal(2, #v:top_k({ v, v }, 5))
    assert.equal(2, #v:top_k({ v, v }, math.huge))
    assert.equal(1, #v:top_k({ v, v }, 1))
    -- what has no direction is no candidate
    assert.equal(1, #v:top_k({ vector { 0 / 0 }, v }, 2))
  end)

  it("finds the same as a sort", function()
    local list, query, scores = {}, {}, {}
    local seed = 7
    local function random()
      seed = (seed * 16807) % 2147483647
      return seed / 2147483647 - 0.5
    end
    for i = 1, 24 do query[i] = random() end
    query = vector(query)
    for i = 1, 200 do
      local t = {}
      for j = 1, 24 do t[j] = random() end
      list[i] = vector(t)
      scores[i] = { index = i, score = query:cosine(list[i]) }
    end
    table.sort(scores, function(x, y) return x.score > y.score end)
    for rank, one in ipairs(query:top_k(list, 20)) do assert.same(scores[rank], one) end
  end)
end)

describe("misuse of a vector", function()
  local v = vector { 1, 2, 3 }

  it("raises at the caller's line, with the argument", function()
    local message = message_of(function()
      vector("x") end) local line = here() -- on one line with the call
    starts_with(message, line .. "bad argument 'list' to 'vector' (table expected, got string)")
    message = message_of(function()
      v:dot(vector { 1 }) end) line = here()
    starts_with(message,
      line .. "bad argument 'other' to 'dot' (a vector of 3 elements expected, got 1)")
  end)

  it("names the wrong element of a list", function()
    local function of(list) return message_of(vector, list) end
    assert.truthy(of({ 1, "2" }):find("element 2: number expected, got string", 1, true))
    assert.truthy(of({ 1, 2, {} }):find("element 3: number expected, got table", 1, true))
    assert.truthy(of({ false }):find("element 1: number expected, got boolean", 1, true))
    assert.truthy(of({ 1, 1e39 }):find("element 2 is too large for a float32", 1, true))
  end)

  it("takes nothing but vectors", function()
    for _, name in ipairs { "dot", "cosine" } do
      for _, wrong in pairs { 1, "x", { 1, 2, 3 }, true, io.stdout } do
        assert.truthy(message_of(v[name], v, wrong):find(
          "bad argument 'other' to '" .. name .. "' (lualogue.vector expected", 1, true))
      end
      assert.truthy(message_of(v[name], v):find("lualogue.vector expected, got n", 1, true))
      assert.truthy(message_of(v[name], v, vector { 1, 2 }):find(
        "a vector of 3 elements expected, got 2", 1, true))
    end
    for _, name in ipairs { "dot", "cosine", "norm", "totable", "top_k" } do
      for _, wrong in pairs { 1, "x", {}, io.stdout } do
        assert.truthy(message_of(v[name], wrong, v):find(
          "bad argument 'self' to '" .. name .. "'", 1, true))
      end
    end
  end)

  it("is named in a search", function()
    local function of(...) return message_of(v.top_k, v, ...) end
    assert.truthy(of(nil, 1):find("bad argument 'vectors' to 'top_k' (table", 1, true))
    assert.truthy(of({ v, 1 }, 1):find("element 2: lualogue.vector expected, got number", 1, true))
    assert.truthy(of({ vector {} }, 1):find("element 1: 3 elements expected, got 0", 1, true))
    assert.truthy(of({ v }):find("bad argument 'k' to 'top_k' (number expected", 1, true))
    for _, k in ipairs { 0, -1, 1.5, 0 / 0 } do
      assert.truthy(of({ v }, k):find("a whole number of at least 1 expected", 1, true))
    end
    assert.truthy(of({ v }, "1"):find("number expected, got string", 1, true))
  end)

  it("does not change it", function()
    assert.truthy(message_of(function() v[1] = 2 end):find("a vector cannot be changed", 1, true))
    assert.truthy(message_of(function() v.x = 2 end):find("a vector cannot be changed", 1, true))
    assert.equal(1, v[1])
  end)

  it("meets a metamethod that is not its own", function()
    local meta = debug.getmetatable(v)
    for _, name in ipairs { "__index", "__len", "__tostring", "__ipairs" } do
      for _, wrong in pairs { 1, "x", {}, io.stdout } do
        assert.truthy(message_of(meta[name], wrong, 1):find("lualogue.vector expected", 1, true))
      end
    end
    assert.is_false(meta.__eq(io.stdout, 1))
  end)
end)
