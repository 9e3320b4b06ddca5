--- Text of models in a terminal: nothing in it may be taken for a command by the terminal, and
--- columns stand under each other whatever the script.

local utf8 = require "lualogue.terminal.utf8"
local widths = require "lualogue.terminal.widths"

local terminal = {}

-- What a terminal may act on or what makes text look like another: C1 controls, directions,
-- separators of lines, invisible operators and tags.
local function is_dangerous(code)
  return code >= 0x7F and code <= 0x9F or code == 0x61C or code == 0x200E or code == 0x200F
    or code >= 0x2028 and code <= 0x202E or code >= 0x2061 and code <= 0x206F
    or code == 0xFEFF or code >= 0xFFF9 and code <= 0xFFFB
    or code >= 0xE0000 and code <= 0xE007F
end

local function escaped(code)
  return code < 0x80 and ("\\x%02x"):format(code) or ("\\u{%x}"):format(code)
end

-- Nothing of this: the text is shown as it is.
local SUSPECT = "[%z\1-\8\11-\31\127-\255]"

--- The text as it may be shown, and what of its end cannot be judged before more comes.
local function clean(text, is_last)
  if not text:find(SUSPECT) then return text, "" end
  local out, i, kept, n = {}, 1, 1, #text
  local function replace(with, next_byte)
    out[#out + 1] = text:sub(kept, i - 1)
    out[#out + 1] = with
    i, kept = next_byte, next_byte
  end
  while i <= n do
    i = text:find(SUSPECT, i)
    if not i then break end
    local code, after = utf8.at(text, i)
    if code == 13 and text:byte(i + 1) == 10 then
      replace("", i + 1)
    elseif not is_last and (code == 13 and i == n or not code and after) then
      out[#out + 1] = text:sub(kept, i - 1)
      return table.concat(out), text:sub(i)
    elseif not code then
      replace(("\\x%02x"):format(text:byte(i)), i + 1)
    elseif code < 32 or is_dangerous(code) then
      replace(escaped(code), after)
    else
      i = after
    end
  end
  out[#out + 1] = text:sub(kept)
  return table.concat(out), ""
end

--- A text as a terminal may get it: control characters, directions and bytes that are not UTF-8 are
--- written out (`\x1b`, `\u{202e}`). Lines and tabs stay.
---
--- ```lua
--- print(terminal.safe "\27[31mred")                        --> \x1b[31mred
--- ```
---@param text string
---@return string
function terminal.safe(text) return (clean(text, true)) end

--- The same of a text that comes in pieces, which may end within a character.
---
--- ```lua
--- local safe = terminal.filter()
--- for piece in stream:text() do io.write(safe(piece)) end
--- io.write(safe())
--- ```
---@return fun(piece?: string): string safe without a piece: the rest
function terminal.filter()
  local rest = ""
  return function(piece)
    local shown
    shown, rest = clean(rest .. (piece or ""), piece == nil)
    return shown
  end
end

--- A text in a single line, for a cell of a table: each run of blanks and line ends is one blank.
---@param text string
---@return string
function terminal.line(text)
  return (clean(text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""), true))
end

local ZWJ, EMOJI_STYLE = 0x200D, 0xFE0F

local function is_tone(code) return code >= 0x1F3FB and code <= 0x1F3FF end

-- Two of these letters are a flag.
local function is_regional(code) return code >= 0x1F1E6 and code <= 0x1F1FF end

--- The byte behind the character at `i` with all that belongs to it (marks, tones, what is joined
--- to it), and the columns that they take together.
local function glyph(text, i, column)
  local code, after = utf8.at(text, i)
  if not code then return i + 1, 1 end
  if code == 9 then return after, 8 - column % 8 end
  if code < 32 then return after, 0 end
  local width, joined = widths.of(code), false
  while after <= #text do
    if text:byte(after) < 0x80 then break end
    local mark, behind = utf8.at(text, after)
    if not mark then break end
    if mark == ZWJ then
      joined = true
    elseif mark == EMOJI_STYLE or is_tone(mark) then
      width = 2
    elseif width == 1 and is_regional(code) and is_regional(mark) then
      width = 2
    elseif joined then
      joined = false
    elseif widths.of(mark) ~= 0 then
      break
    end
    after = behind
  end
  return after, width
end

--- How many columns a text takes: 2 for East Asian characters and emoji, none for marks. Of one
--- line, as `safe` or `line` gives it; a tab goes to the next eighth column.
---@param text string
---@return integer columns
function terminal.width(text)
  if not text:find "[\1-\31\128-\255]" then return #text end
  local i, column = 1, 0
  while i <= #text do
    local after, width = glyph(text, i, column)
    i, column = after, column + width
  end
  return column
end

--- The bytes of a text that fit into so many columns, and the columns that they take.
local function fitting(text, columns)
  local i, column = 1, 0
  while i <= #text do
    local after, width = glyph(text, i, column)
    if column + width > columns then break end
    i, column = after, column + width
  end
  return i - 1, column
end

--- Shorten a line to a number of columns; what is cut off is told by "…". No character is cut.
---@param text string
---@param columns integer
---@return string
function terminal.cut(text, columns)
  if terminal.width(text) <= columns then return text end
  if columns < 1 then return "" end
  return text:sub(1, (fitting(text, columns - 1))) .. "…"
end

--- Fill a line with blanks up to a number of columns; a longer one is cut.
---@param text string
---@param columns integer
---@param align? "left"|"right" "left"
---@return string
function terminal.pad(text, columns, align)
  text = terminal.cut(text, columns)
  local blanks = (" "):rep(columns - terminal.width(text))
  return align == "right" and blanks .. text or text .. blanks
end

--- Where the first line of a text ends, between words if there is a place for it.
local function line_end(text, columns)
  local bytes = fitting(text, columns)
  if bytes == #text then return bytes end
  if bytes == 0 then return (glyph(text, 1, 0)) - 1 end -- wider than a line: at least one
  if text:sub(bytes + 1, bytes + 1) == " " then return bytes end
  local blank = text:sub(1, bytes):match "^.*() "
  return blank and blank > 1 and blank or bytes
end

--- The lines of a text, none wider than so many columns, broken between words where that can be.
---@param text string as `safe` gives it
---@param columns integer
---@return string[] lines
function terminal.wrap(text, columns)
  local lines = {}
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    repeat
      local bytes = line_end(line, columns)
      lines[#lines + 1] = bytes < #line and line:sub(1, bytes):gsub(" +$", "") or line
      line = line:sub(bytes + 1):gsub("^ ", "")
    until line == ""
  end
  return lines
end

return terminal
