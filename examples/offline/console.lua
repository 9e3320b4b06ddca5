--- A line at a time, for the examples that talk with somebody: from the terminal, or without one
-- from a script; commands that begin with a slash; Ctrl-C ends what is waited for and not the program.

local lualogue = require "lualogue"

local console = {}

local Console = {}

--- A console. The methods need no self: `console.lines(...)`.
---@param script string[] what is said where there is no terminal
---@return table
function console.new(script)
  local status = os.execute("test -t 0") -- true since Lua 5.2, 0 before
  local self = { interactive = status == true or status == 0, script = script, has_failed = false }
  local bound = {}
  for name, method in pairs(Console) do
    bound[name] = function(...) return method(self, ...) end
  end
  return bound
end

local function read_line(self, prompt)
  io.write(prompt)
  io.flush()
  if self.interactive then return io.read("*l") end
  local line = table.remove(self.script, 1)
  print(line)
  return line
end

--- For a `for` loop: what is said, until the end or `exit`; blank lines are passed over.
---@param prompt string
function Console:lines(prompt)
  return function()
    while true do
      local line = read_line(self, prompt)
      if not line or line == "exit" then
        print()
        return nil
      end
      if line:match("%S") then return line end
    end
  end
end

--- Do something that Ctrl-C shall end.
---@param fn function
function Console:interruptible(fn) -- luacheck: ignore self
  lualogue.interrupts(true)
  local ok, err = pcall(fn)
  lualogue.interrupts(false)
  if not ok then error(err, 0) end
end

--- Say what went wrong, and what may be done about it.
---@param err any
---@param hint? string
function Console:failed(err, hint)
  self.has_failed = true
  io.write(("\n     [%s]%s\n"):format(tostring(err), hint and hint ~= "" and " " .. hint or ""))
end

--- The keys of a table, sorted.
---@param map table
---@return string[]
function Console:names(map) -- luacheck: ignore self
  local names = {}
  for name in pairs(map) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function report(self, ok, result, err)
  if not ok then return Console.failed(self, result) end
  if result == nil and err ~= nil then return Console.failed(self, err) end
  if type(result) == "string" or type(result) == "number" then
    print("     " .. tostring(result))
  elseif result == false then
    print("     (nothing to do)")
  end
end

--- Do a command: `/name text`. It is called with the text, its first word and the rest.
---@param commands table<string, fun(text: string, first: string, rest: string): any, any>
---@param line string
---@return boolean is_one whether the line is a command at all
function Console:command(commands, line)
  local name, text = line:match("^/(%a*)%s*(.-)%s*$")
  if not name then return false end
  local fn = commands[name]
  if not fn then
    print("     no such command; /help lists them")
    return true
  end
  local first, rest = text:match("^(%S*)%s*(.*)$")
  report(self, pcall(fn, text, first, rest))
  return true
end

--- End the program; where a script was played and something failed, with an error.
function Console:exit()
  if self.has_failed and not self.interactive then os.exit(1) end
end

return console
