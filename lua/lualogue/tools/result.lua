--- What a tool gave, as the text that the model gets.

local result = {}

local LOST = "\239\191\189" -- U+FFFD

-- What a character may look like, by its first byte.
local SHAPES = {
  { "[\194-\223]", "^[\128-\191]", 1 }, { "\224", "^[\160-\191][\128-\191]", 2 },
  { "[\225-\236\238\239]", "^[\128-\191][\128-\191]", 2 }, { "\237", "^[\128-\159][\128-\191]", 2 },
  { "\240", "^[\144-\191][\128-\191][\128-\191]", 3 },
  { "[\241-\243]", "^[\128-\191][\128-\191][\128-\191]", 3 },
  { "\244", "^[\128-\143][\128-\191][\128-\191]", 3 },
}

--- How long the character is that begins at `at` of a run of bytes above ASCII; nil: it is none.
local function length(run, at)
  local first = run:sub(at, at)
  for _, shape in ipairs(SHAPES) do
    if first:find(shape[1]) then
      return run:find(shape[2], at + 1) and shape[3] + 1 or nil
    end
  end
end

local function mended(run)
  local out, at = {}, 1
  while at <= #run do
    local n = length(run, at)
    out[#out + 1] = n and run:sub(at, at + n - 1) or LOST
    at = at + (n or 1)
  end
  return table.concat(out)
end

--- A text without bytes that are no UTF-8, which no request can carry.
---@param text string
---@return string
function result.utf8(text) return (text:gsub("[\128-\255]+", mended)) end

--- A text that is too long, cut between two characters, with a note.
local function cut(text, max)
  if #text <= max then return text end
  local keep = max
  while keep > 0 and text:byte(keep + 1) >= 128 and text:byte(keep + 1) < 192 do keep = keep - 1 end
  return ("%s\n[cut: the first %d of %d bytes]"):format(text:sub(1, keep), keep, #text)
end

--- The text of a value.
---@param value any
---@param max integer bytes
---@param encode fun(value: any): string
---@return string? text
---@return string? why it cannot be sent
function result.text(value, max, encode)
  if value == nil then return "done" end
  if type(value) ~= "string" then
    local ok, text = pcall(encode, value)
    if not ok then
      return nil, "what it gave cannot be sent: " .. tostring(text):gsub("^[^:]*:%d+: ", "")
    end
    value = text
  end
  return cut(result.utf8(value), max)
end

--- What went wrong, in words.
---@param err any
---@return string
function result.error(err)
  local ok, text = pcall(tostring, err == nil and "it failed" or err)
  return cut(result.utf8(ok and type(text) == "string" and text or "it failed"), 2000)
end

return result
