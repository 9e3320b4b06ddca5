--- The command `lualogue`: what the words of the shell mean, and what it ends with.
---
--- Exit codes: 0 done; 1 a check of the lab failed; 2 wrong use; 3 the server, the network or a
--- file; 130 interrupted. Only answers go to stdout.

local fault = require "lualogue.command.fault"
local options = require "lualogue.command.options"
local parse = require "lualogue.command.parse"

local command = {}

--- Whatever is opened later must not become standard input, output or error where those are
--- closed; these stay open.
local function hold_standard_files()
  local held = {}
  for i = 1, 3 do held[i] = io.open("/dev/null", "r") end
  return held
end

--- Run what the words say, and return the exit code.
local function run(words)
  local named = words[1] and words[1] ~= "ask" and options.commands[words[1]]
  local chosen = named or options.commands.ask
  local rest = {}
  for i = named and 2 or 1, #words do rest[#rest + 1] = words[i] end
  local parsed = parse(chosen, rest)
  if parsed.help then
    return require("lualogue.command.output").print(require("lualogue.command.help").text(chosen))
  end
  return require("lualogue.command." .. chosen.name).run(parsed)
end

--- Run the command, and end with its exit code.
---
--- ```lua
--- os.exit(require("lualogue.command").main(arg), true)
--- ```
---@param words string[] as the shell gave them
---@return integer code
function command.main(words)
  command.held = hold_standard_files()
  local ok, code = xpcall(function() return run(words) end, function(err)
    return fault.is(err) and err or debug.traceback(tostring(err), 2)
  end)
  if ok then return code or 0 end
  if not fault.is(code) then
    io.stderr:write("lualogue: a fault of lualogue itself: ", code, "\n")
    return fault.WORLD
  end
  if code.message then
    -- It may hold what a server or a file said.
    io.stderr:write("lualogue: ", require("lualogue.terminal").safe(code.message), "\n")
  end
  return code.code
end

return command
