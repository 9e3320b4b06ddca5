--- A described response as bytes on the wire, cut up as the description asks.
--
-- Runs inside the fixture server (LuaJIT: the compressors are reached through its FFI).

local ffi = require "ffi"

local render = {}

ffi.cdef [[
int compress2(uint8_t *dest, unsigned long *dest_len, const uint8_t *source,
              unsigned long source_len, int level);
unsigned long compressBound(unsigned long source_len);
unsigned long crc32(unsigned long crc, const uint8_t *buf, unsigned int len);
int BrotliEncoderCompress(int quality, int lgwin, int mode, size_t input_size,
                          const uint8_t *input, size_t *encoded_size, uint8_t *encoded);
]]

local reasons = {
  [100] = "Continue", [103] = "Early Hints", [200] = "OK", [201] = "Created",
  [204] = "No Content", [301] = "Moved Permanently", [302] = "Found", [303] = "See Other",
  [304] = "Not Modified", [307] = "Temporary Redirect", [308] = "Permanent Redirect",
  [400] = "Bad Request", [401] = "Unauthorized", [403] = "Forbidden", [404] = "Not Found",
  [408] = "Request Timeout", [409] = "Conflict", [413] = "Payload Too Large",
  [422] = "Unprocessable Entity", [429] = "Too Many Requests", [500] = "Internal Server Error",
  [502] = "Bad Gateway", [503] = "Service Unavailable", [504] = "Gateway Timeout",
}

-- ------------------------------------------------------------------ content encodings

local function deflate(bytes)
  local zlib = ffi.load("libz.so.1")
  local size = ffi.new("unsigned long[1]", zlib.compressBound(#bytes))
  local out = ffi.new("uint8_t[?]", size[0])
  assert(zlib.compress2(out, size, bytes, #bytes, 9) == 0, "zlib failed")
  return ffi.string(out, size[0])
end

local function little_endian(value)
  local out = {}
  for i = 1, 4 do
    out[i] = string.char(value % 256)
    value = math.floor(value / 256)
  end
  return table.concat(out)
end

local function gzip(bytes)
  -- zlib's format less its head of 2 and its checksum of 4 is what gzip puts a frame round.
  local crc = tonumber(ffi.load("libz.so.1").crc32(0, bytes, #bytes))
  return "\31\139\8\0\0\0\0\0\2\255" .. deflate(bytes):sub(3, -5)
    .. little_endian(crc) .. little_endian(#bytes)
end

local function brotli(bytes)
  local capacity = #bytes + 1024
  local size, out = ffi.new("size_t[1]", capacity), ffi.new("uint8_t[?]", capacity)
  local ok = ffi.load("libbrotlienc.so.1").BrotliEncoderCompress(5, 22, 0, #bytes, bytes, size, out)
  assert(ok == 1, "brotli failed")
  return ffi.string(out, size[0])
end

local encoders = { gzip = gzip, deflate = deflate, br = brotli }

-- ------------------------------------------------------------------ bodies

--- The pieces of a body after its content encoding; steps among them stay where they are.
---@param response table
---@return table pieces strings, and steps between them
function render.pieces(response)
  local once = response.pieces or { response.body or "" }
  local pieces = {}
  for _ = 1, response.times or 1 do
    for _, piece in ipairs(once) do
      pieces[#pieces + 1] = piece
    end
  end
  if not response.encoding then
    return pieces
  end
  local encode = encoders[response.encoding] or error("no content encoding " .. response.encoding)
  local bytes = encode(table.concat(pieces))
  return { bytes:sub(1, response.encoded_bytes or #bytes) }
end

--- Cut every string of a list into strings of `size` bytes; steps stay where they are.
---@param pieces table
---@param size integer
---@return table
function render.cut(pieces, size)
  local out = {}
  for _, piece in ipairs(pieces) do
    if type(piece) == "string" then
      for at = 1, #piece, size do
        out[#out + 1] = piece:sub(at, at + size - 1)
      end
    else
      out[#out + 1] = piece
    end
  end
  return out
end

local function length_of(pieces)
  local bytes = 0
  for _, piece in ipairs(pieces) do
    bytes = bytes + (type(piece) == "string" and #piece or 0)
  end
  return bytes
end

-- ------------------------------------------------------------------ heads

--- The headers of a response: the described ones, and those that the framing needs.
---@param response table
---@param pieces table
---@return { [1]: string, [2]: string }[]
function render.headers(response, pieces)
  local headers, given = {}, {}
  for _, header in ipairs(response.headers or {}) do
    given[header[1]:lower()] = true
    if header[2] then
      headers[#headers + 1] = header
    end
  end
  local function default(name, value)
    if value and not given[name:lower()] then
      headers[#headers + 1] = { name, value }
    end
  end
  default("Content-Type", response.content_type)
  default("Content-Encoding", response.encoding)
  if response.framing == "chunked" then
    default("Transfer-Encoding", "chunked")
  elseif response.framing == "content-length" then
    default("Content-Length", ("%d"):format(response.content_length or length_of(pieces)))
  end
  default("Connection", (response.close or response.framing == "close") and "close" or nil)
  return headers
end

local function interim_head(status)
  local hint = status == 103 and "Link: </style.css>; rel=preload\r\n" or ""
  return ("HTTP/1.1 %d %s\r\n%s\r\n"):format(status, reasons[status] or "Interim", hint)
end

--- The lines of the head, interim responses first.
local function head_lines(response, pieces)
  local lines = {}
  for i, status in ipairs(response.interim or {}) do
    lines[i] = interim_head(status)
  end
  lines[#lines + 1] = ("HTTP/%s %d %s\r\n"):format(response.version or "1.1", response.status,
    response.reason or reasons[response.status] or "Unknown")
  for _, header in ipairs(render.headers(response, pieces)) do
    lines[#lines + 1] = ("%s: %s\r\n"):format(header[1], header[2])
  end
  lines[#lines + 1] = "\r\n"
  return lines
end

-- ------------------------------------------------------------------ steps

--- What the server does when a response is over.
local function ending_steps(response)
  local ending = response.ending or "complete"
  if ending == "complete" then
    local closes = response.close or response.framing == "close" or response.version == "1.0"
    return closes and { { close = true } } or {}
  end
  return { { [ending == "cut" and "close" or ending] = true } }
end

--- Turn a described response into the plain steps of HTTP/1.
---@param response table see fixture_answers
---@param head_only? boolean for an answer to HEAD
---@return table[] steps
function render.steps(response, head_only)
  local pieces = render.pieces(response)
  local lines = head_lines(response, pieces)
  local steps = {}
  local function send(bytes)
    steps[#steps + 1] = { send = bytes }
  end
  if response.header_delay then
    for _, line in ipairs(lines) do
      send(line)
      steps[#steps + 1] = { sleep = response.header_delay }
    end
  else
    send(table.concat(lines))
  end
  if head_only then
    return steps
  end
  local sent
  for _, piece in ipairs(response.split and render.cut(pieces, response.split) or pieces) do
    if type(piece) ~= "string" then
      steps[#steps + 1] = piece
    elseif #piece > 0 then
      if sent and response.delay then
        steps[#steps + 1] = { sleep = response.delay }
      end
      send(response.framing == "chunked" and ("%x\r\n%s\r\n"):format(#piece, piece) or piece)
      sent = true
    end
  end
  if response.framing == "chunked" and (response.ending or "complete") == "complete" then
    send("0\r\n\r\n")
  end
  for _, step in ipairs(ending_steps(response)) do
    steps[#steps + 1] = step
  end
  return steps
end

return render
