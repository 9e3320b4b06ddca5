--- What is written for people and programs: answers on standard output, all else on standard error.

local fault = require "lualogue.command.fault"
local native = require "lualogue.native"

local output = {}

--- Write to standard output, now. A pipe that nobody reads ends the command without a word.
---@param text string
function output.raw(text)
  local ok, why = io.stdout:write(text)
  if ok then ok, why = io.stdout:flush() end
  if ok then return end
  why = tostring(why)
  if why:find "[Bb]roken pipe" then fault.raise(fault.PIPE) end
  fault.raise(fault.WORLD, "cannot write the answer: " .. why)
end

-- A compiled trace of LuaJIT flushes a second time where the first one failed, and that succeeds.
if jit then jit.off(output.raw) end

--- A whole text of our own.
---@param text string
---@return integer code 0
function output.print(text)
  output.raw(text)
  return 0
end

--- A line on standard error; what a server said in it is shown as a terminal may get it.
---@param text string
function output.note(text)
  io.stderr:write(require("lualogue.terminal").safe(text), "\n")
end

--- The size of the terminal that standard output is; nil: it is none.
---@return integer? columns
---@return integer? rows
function output.terminal()
  local columns, rows = native.core().terminal(1)
  if not columns then return nil end
  return columns > 0 and columns or 80, rows > 0 and rows or 24
end

--- Whether somebody can be asked.
---@return boolean
function output.has_input_terminal() return native.core().terminal(0) ~= nil end

--- Where an answer goes, in pieces: filtered for a terminal, untouched otherwise.
---@return fun(piece?: string) write without a piece: the end, with a line end where that is wanted
function output.answer()
  if not output.terminal() then
    return function(piece)
      if piece then output.raw(piece) end
    end
  end
  local safe, last = require("lualogue.terminal").filter(), ""
  return function(piece)
    local shown = safe(piece)
    if shown ~= "" then
      output.raw(shown)
      last = shown:sub(-1)
    end
    if piece == nil and last ~= "\n" and last ~= "" then output.raw "\n" end
  end
end

return output
