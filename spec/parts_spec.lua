-- Images, sounds and files as parts of a message.

local core = require "lualogue.core"
local lualogue = require "lualogue"
local program = require "spec.support.program"

--- Plain base64, to hold ours against.
local function base64(bytes)
  local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  local out = {}
  for at = 1, #bytes, 3 do
    local a, b, c = bytes:byte(at, at + 2)
    local group = a * 65536 + (b or 0) * 256 + (c or 0)
    for i = 3, 0, -1 do
      local sixtet = math.floor(group / 64 ^ i) % 64
      local missing = i == 0 and not c or i == 1 and not b
      out[#out + 1] = missing and "=" or alphabet:sub(sixtet + 1, sixtet + 1)
    end
  end
  return table.concat(out)
end

local function with_file(name, bytes, body)
  program.with_folder(function(folder)
    local path = folder .. "/" .. name
    local file = assert(io.open(path, "wb"))
    file:write(bytes)
    file:close()
    body(path)
    os.remove(path)
  end)
end

--- The message of what must raise, less the position, which must be a line of this file.
local function raised(call, ...)
  local arguments, n = { ... }, select("#", ...)
  local unpack = table.unpack or unpack -- luacheck: ignore 143
  local ok, message = pcall(function() call(unpack(arguments, 1, n)) end)
  assert.is_false(ok)
  return (assert(message:match "^[^:]*spec/parts_spec%.lua:%d+: (.*)", message))
end

local PNG = "\137PNG\r\n\26\n" .. ("\0\1\2\255"):rep(50)

describe("core.base64", function()
  it("is base64, of any bytes and lengths, around its blocks too", function()
    local bytes = {}
    for i = 0, 255 do bytes[#bytes + 1] = string.char(i) end
    bytes = table.concat(bytes):rep(40)
    for _, n in ipairs { 0, 1, 2, 3, 4, 5, 255, 256, 3071, 3072, 3073, 3074, 3075, 6144, 10000 } do
      assert.equal(base64(bytes:sub(1, n)), core.base64(bytes:sub(1, n)))
    end
  end)

  it("raises for what is no string", function()
    assert.equal("bad argument 'bytes' to 'base64' (string expected, got number)", raised(core.base64, 1))
  end)
end)

describe("lualogue.image", function()
  it("is a data URL of a file, by what it begins with", function()
    for kind, bytes in pairs {
      ["image/png"] = PNG, ["image/jpeg"] = "\255\216\255\224abc", ["image/gif"] = "GIF89a;",
      ["image/webp"] = "RIFF\1\2\3\4WEBPVP8 ", ["image/tiff"] = "II*\0abc", ["image/heic"] = "\0\0\0\24ftypheic",
    } do
      with_file("no.type", bytes, function(path)
        local part = assert(lualogue.image(path))
        assert.same({ type = "image_url", image_url = { url = "data:" .. kind .. ";base64," .. base64(bytes) } }, part)
      end)
    end
  end)

  it("takes bytes, a detail and a type", function()
    local part = assert(lualogue.image({ bytes = PNG }, { detail = "low" }))
    assert.same({ url = "data:image/png;base64," .. base64(PNG), detail = "low" }, part.image_url)
    assert.equal("data:image/x-own;base64,YWJj", lualogue.image({ bytes = "abc", type = "image/x-own" }).image_url.url)
  end)

  it("leaves a URL to the server", function()
    for _, url in ipairs { "https://example.com/a.png", "http://127.0.0.1/a", "data:image/png;base64,AA==" } do
      assert.equal(url, lualogue.image(url).image_url.url)
    end
  end)

  it("says what cannot be read, and what is no image", function()
    local part, err = lualogue.image "no/such/file.png"
    assert.is_nil(part)
    assert.equal("file", err.kind)
    assert.matches("no/such/file%.png", err.message)
    part, err = lualogue.image { bytes = "hello" }
    assert.is_nil(part)
    assert.equal("decode: this: not an image of a known type", tostring(err))
    part, err = lualogue.image "spec"
    assert.is_nil(part)
    assert.equal("file", err.kind)
  end)

  it("raises for wrong arguments", function()
    assert.equal("bad argument 'source' to 'image' (a path, or { bytes = … } expected, got nothing)", raised(lualogue.image))
    assert.equal("bad argument 'source.bytes' to 'image' (string expected, got nothing)", raised(lualogue.image, {}))
    assert.equal("bad argument 'options' to 'image' (table expected, got string)", raised(lualogue.image, "a", "low"))
  end)
end)

describe("lualogue.audio", function()
  it("has the format that the bytes begin with", function()
    for format, bytes in pairs { wav = "RIFF\1\2\3\4WAVEfmt ", mp3 = "ID3\3abc", flac = "fLaCabc", ogg = "OggSabc" } do
      assert.same({ type = "input_audio", input_audio = { data = base64(bytes), format = format } }, lualogue.audio { bytes = bytes })
    end
    assert.equal("mp3", lualogue.audio({ bytes = "\255\251\144x" }).input_audio.format)
    local _, err = lualogue.audio { bytes = PNG }
    assert.equal("decode: this: not a sound of a known format", tostring(err))
  end)
end)

describe("lualogue.file_part", function()
  it("has the name and the type of the file", function()
    with_file("report.pdf", "%PDF-1.7 x", function(path)
      assert.same({ type = "file", file = {
        filename = "report.pdf", file_data = "data:application/pdf;base64," .. base64 "%PDF-1.7 x",
      } }, lualogue.file_part(path))
    end)
    assert.matches("^data:text/markdown;", lualogue.file_part({ bytes = "x", name = "README.MD" }).file.file_data)
    assert.matches("^data:application/pdf;", lualogue.file_part({ bytes = "%PDF-" }).file.file_data)
    assert.matches("^data:application/octet%-stream;", lualogue.file_part({ bytes = "" }).file.file_data)
    assert.matches("^data:a/b;", lualogue.file_part({ bytes = "", type = "a/b" }).file.file_data)
  end)
end)
