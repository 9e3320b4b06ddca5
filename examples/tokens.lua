-- Count tokens, like wc: of files, or of what comes in. With -p show the pieces, in colour on
-- a terminal.  usage: lua examples/tokens.lua [-m model] [-p] [file ...]
local tokens = require "lualogue.tokens"

local model, show_pieces, files = "gpt-4o-mini", false, {}
local i = 1
while arg[i] do
  if arg[i] == "-m" and arg[i + 1] then
    i, model = i + 1, arg[i + 1]
  elseif arg[i] == "-p" then
    show_pieces = true
  elseif arg[i]:find("^%-.") then
    io.stderr:write("usage: lua examples/tokens.lua [-m model] [-p] [file ...]\n")
    os.exit(2)
  else
    files[#files + 1] = arg[i]
  end
  i = i + 1
end
if #files == 0 then files[1] = "-" end

local encoding = tokens.for_model(model)
local status = show_pieces and os.execute("test -t 1")
local on_terminal = status == true or status == 0 -- 5.1 gives the exit status

-- A token may be a part of a character: such bytes are shown as numbers.
local TAIL = "[\128-\191]"
local function printable(piece)
  local rest = piece:gsub("[\194-\223]" .. TAIL, ""):gsub("[\224-\239]" .. TAIL .. TAIL, "")
  rest = rest:gsub("[\240-\244]" .. TAIL .. TAIL .. TAIL, "")
  if not rest:find("[\128-\255]") then return piece end
  return (piece:gsub("[\128-\255]", function(c) return ("<%02X>"):format(c:byte()) end))
end

local COLOURS = { 44, 42, 45, 46, 43 } -- backgrounds
local function show(text)
  for n, id in ipairs(assert(encoding:encode(text))) do
    local piece = printable(encoding:decode { id })
    if on_terminal then
      local start = ("\27[30;%dm"):format(COLOURS[n % #COLOURS + 1])
      io.write(start, (piece:gsub("\n", "\27[0m\n" .. start)), "\27[0m")
    else
      io.write(piece, "|")
    end
  end
  io.write("\n")
end
local total = 0
for _, name in ipairs(files) do
  local file, err = io.stdin
  if name ~= "-" then file, err = io.open(name, "rb") end
  if not file then io.stderr:write(err, "\n") os.exit(1) end
  local text = file:read("*a")
  if show_pieces then show(text) end
  local n = assert(encoding:count(text))
  print(("%8d %8d %s"):format(n, #text, name == "-" and "" or name))
  total = total + n
end
if #files > 1 then print(("%8d tokens by %s, %s"):format(total, model, encoding.name)) end
