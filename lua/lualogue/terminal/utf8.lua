--- Characters of UTF-8, read strictly: nothing overlong, no surrogate, nothing beyond U+10FFFF.

local utf8 = {}

-- By the first byte: how many follow, its bits, the least code of that length.
local function shape(byte)
  if byte >= 0xC2 and byte <= 0xDF then return 1, byte - 0xC0, 0x80 end
  if byte >= 0xE0 and byte <= 0xEF then return 2, byte - 0xE0, 0x800 end
  if byte >= 0xF0 and byte <= 0xF4 then return 3, byte - 0xF0, 0x10000 end
end

--- The character that begins at a byte.
---@param text string
---@param i integer
---@return integer? code nil where no character begins
---@return integer|boolean next the byte behind it; without one: whether it may yet become one, when
---more text comes
function utf8.at(text, i)
  local byte = text:byte(i)
  if byte < 0x80 then return byte, i + 1 end
  local more, code, least = shape(byte)
  if not more then return nil, false end
  for k = 1, more do
    local following = text:byte(i + k)
    if not following then return nil, true end
    if following < 0x80 or following > 0xBF then return nil, false end
    code = code * 64 + following - 0x80
  end
  local is_one = code >= least and code <= 0x10FFFF and not (code >= 0xD800 and code <= 0xDFFF)
  if not is_one then return nil, false end
  return code, i + more + 1
end

return utf8
