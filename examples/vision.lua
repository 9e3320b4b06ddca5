-- A question about a picture.  usage: lua examples/vision.lua [file or URL] [question]
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)

--- Without a file: a red disc on white, as a GIF.
local function disc(size)
  local palette = "\255\255\255\200\30\30" .. ("\0"):rep(126 * 3)
  local pixels = {}
  for y = 1, size do
    for x = 1, size do
      local dx, dy = x - size / 2, y - size / 2
      pixels[#pixels + 1] = dx * dx + dy * dy < size * size / 8 and "\1" or "\0"
    end
  end
  local image = table.concat(pixels)
  local blocks = {}
  for at = 1, #image, 100 do -- codes of 8 bits, for as long as the table of codes is small
    local codes = "\128" .. image:sub(at, at + 99)
    blocks[#blocks + 1] = string.char(#codes) .. codes
  end
  local extent = string.char(size, 0, size, 0)
  return "GIF87a" .. extent .. "\246\0\0" .. palette .. "\44\0\0\0\0" .. extent .. "\0\7"
    .. table.concat(blocks) .. "\1\129\0\59"
end

-- The type is what the bytes begin with; the file goes along as a data URL.
local source = arg[1] or { bytes = disc(96) }
local picture, err = lualogue.image(source, { detail = "low" })
if not picture then
  io.stderr:write(tostring(err), "\n")
  server:close()
  os.exit(1)
end
local url = picture.image_url.url
print(("%s (%d bytes)"):format(url:match "^data:[^;]+" or url, #url))

local question = arg[2] or "What do you see in this picture?"
print("> " .. question)
local stream = lualogue.assert(client:stream {
  messages = {
    { role = "user", content = { { type = "text", text = question }, picture } },
  },
})
for text in stream:text() do
  io.write(text)
  io.flush()
end
print()
server:close()
