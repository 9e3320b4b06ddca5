-- What a model says is text to a terminal and nothing else, and columns stand under each other.
local terminal = require "lualogue.terminal"

describe("terminal.safe", function()
  local function shows(expected, text) assert.equal(expected, terminal.safe(text)) end

  it("leaves plain text, lines and tabs", function()
    for _, text in ipairs { "", "a\tb\nc\n", "日本語 Größe 👨‍👩‍👧 ❤️", "שלום", "a‌b" } do shows(text, text) end
  end)

  it("writes controls and directions out", function()
    shows("a\\x1b[31mb\\x07\\x00\\x7f", "a\27[31mb\7\0\127")
    shows("\\u{9b}31m \\u{202e}x\\u{2066}\\u{200f}\\u{61c}", "\194\15531m \226\128\174x\226\129\166\226\128\143\216\156")
    shows("\\u{2028}\\u{e0041}\\u{feff}", "\226\128\168\243\160\129\129\239\187\191")
    shows("\\x1b]0;title\\x07", "\27]0;title\7")
  end)

  it("tells a line end from a carriage return", function()
    shows("a\nb\\x0dc\\x0d", "a\r\nb\rc\r")
  end)

  it("writes bytes out that are no UTF-8", function()
    shows("\\xff\\xc0\\x80 \\xe2\\x82", "\255\192\128 \226\130")
    shows("\\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80", "\237\160\128 \244\144\128\128")
  end)

  it("gives the same for a text that comes in pieces, wherever it is cut", function()
    local text = "a€\27[2J\r\nb\r日本\226\128\174\255\240\159\145\r"
    for first = 0, #text do
      for second = first, #text do
        local safe = terminal.filter()
        local shown = safe(text:sub(1, first)) .. safe(text:sub(first + 1, second))
          .. safe(text:sub(second + 1)) .. safe()
        assert.equal(terminal.safe(text), shown)
      end
    end
  end)

  it("lets no byte through that a terminal acts on, whatever the text", function()
    local seed = 42
    local function random(n)
      seed = (seed * 1103515245 + 12345) % 2147483648
      return math.floor(seed / 65536) % n
    end
    for _ = 1, 500 do
      local bytes = {}
      for i = 1, 40 do bytes[i] = string.char(random(256)) end
      local safe = terminal.safe(table.concat(bytes))
      assert.is_nil(safe:find "[%z\1-\8\11-\31\127]")
      assert.is_nil(safe:find "\194[\128-\159]")
      assert.equal(safe, terminal.safe(safe))
    end
  end)
end)

describe("terminal.width", function()
  local function is(columns, text) assert.equal(columns, terminal.width(text), text) end

  it("counts columns, not bytes", function()
    is(0, "") is(3, "abc") is(1, "é") is(1, "e\204\129") is(1, "…") is(5, "─│┼ß§")
    is(6, "日本語") is(6, "한국어") is(4, "ｱｲｳｴ") is(8, "ＡＢＣＤ") is(2, "각")
  end)

  it("takes an emoji for what is seen of it", function()
    is(2, "😀") is(2, "👨‍👩‍👧") is(2, "❤️") is(1, "❤") is(2, "🇩🇪") is(4, "🇩🇪🇫🇷") is(2, "👍🏽") is(2, "☝🏽")
    is(2, "1️⃣") is(2, "🫠") is(2, "🏳️‍🌈") is(6, "a😀b😀")
  end)

  it("goes to the next eighth column at a tab", function()
    is(8, "\t") is(8, "abc\t") is(9, "abc\td") is(16, "日本語ab\t")
  end)
end)

describe("terminal.cut and pad", function()
  it("cut no character", function()
    assert.equal("日本…", terminal.cut("日本語", 5))
    assert.equal("日…", terminal.cut("日本語", 4))
    assert.equal("日本語", terminal.cut("日本語", 6))
    assert.equal("🇩🇪…", terminal.cut("🇩🇪🇫🇷", 3))
    assert.equal("", terminal.cut("abc", 0))
    assert.equal("…", terminal.cut("日本", 1))
  end)

  it("fill up to the column", function()
    for _, text in ipairs { "", "abc", "日本語", "👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", "e\204\129e\204\129e\204\129e\204\129e\204\129e\204\129" } do
      for _, align in ipairs { "left", "right" } do
        assert.equal(5, terminal.width(terminal.pad(text, 5, align)))
      end
    end
    assert.equal("  abc", terminal.pad("abc", 5, "right"))
  end)
end)

describe("terminal.line", function()
  it("makes one line of many", function()
    assert.equal("a b c\\x1b", terminal.line "  a\r\n\n b\tc\27\n")
  end)
end)

describe("terminal.wrap", function()
  local function wraps(text, columns, expected)
    assert.equal(expected, table.concat(terminal.wrap(text, columns), "|"))
  end

  it("breaks between words, or where it must", function()
    wraps("the quick brown fox", 9, "the quick|brown fox")
    wraps("a\n\nbb cccccccc", 4, "a||bb|cccc|cccc")
    wraps("日本語日本語", 5, "日本|語日|本語")
    wraps("日", 1, "日")
    wraps("", 5, "")
  end)

  it("loses nothing but blanks, and makes no line too wide", function()
    local text = ("word 日本語 supercalifragilistic 👨‍👩‍👧 e\204\129 "):rep(5)
    for columns = 2, 30 do
      local lines = terminal.wrap(text, columns)
      for _, line in ipairs(lines) do assert.is_true(terminal.width(line) <= columns, line) end
      assert.equal((text:gsub(" ", "")), (table.concat(lines):gsub(" ", "")))
    end
  end)
end)
