--- Start a server written for lua-http as a child process that cannot outlive its parent.
--
-- The child's standard input is a pipe that nobody writes to: it ends when the handle is closed,
-- when it is collected, and when the parent dies however that happens; the child watches it. The
-- one line that the child prints comes back through a fifo, which is gone again on return.
--
-- Plain Lua 5.1 to 5.4 and LuaJIT, on any POSIX system.

local child = {}

--- What is tried, best first. The environment of the parent may name modules of another Lua in
--- LUA_PATH and LUA_CPATH, hence the second round without it.
local interpreters = {
  "luajit", "lua5.1", "env -u LUA_PATH -u LUA_CPATH luajit", "env -u LUA_PATH -u LUA_CPATH lua5.1",
}

local no_interpreter = "the server needs luajit or lua5.1 with lua-http and lua-cjson;"
  .. " on Debian: apt-get install luajit lua-http lua-cjson"

--- Quote for the shell.
---@param text string
---@return string
local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- A new fifo in a new folder that only this user may enter.
---@return string? folder
---@return string? err
local function make_fifo()
  local pipe, err = io.popen("umask 077; d=$(mktemp -d) && mkfifo \"$d/line\" && echo \"$d\"", "r")
  if not pipe then
    return nil, err
  end
  local folder = pipe:read("*l")
  pipe:close()
  if not folder then
    return nil, "cannot make a fifo in the folder for temporary files"
  end
  return folder
end

--- One shell command that becomes the server, under the first interpreter that can run it.
local function command_for(file, arguments, fifo, needs)
  -- In a session of its own: Ctrl-C in the parent's terminal is not meant for the server.
  local requires, choices = {}, { "apart=$(command -v setsid); " }
  for i, module in ipairs(needs) do
    requires[i] = ("require %q "):format(module)
  end
  for i, interpreter in ipairs(interpreters) do
    choices[i + 1] = ("if %s -e %s </dev/null >/dev/null 2>&1; then exec $apart %s %s %s >%s; fi; "):format(
      interpreter, quote(table.concat(requires)), interpreter, quote(file), arguments or "",
      quote(fifo))
  end
  return table.concat(choices) .. "echo none >" .. quote(fifo)
end

---@class offline.Child
---@field line string the one line that it printed
---@field input file*? its standard input
---@field output file*? its standard output
local methods = {}
local child_mt = { __index = methods }

--- End the child, and wait until it has ended. May be called again.
function methods:close()
  local input, output = self.input, self.output
  self.input, self.output = nil, nil
  if input then
    input:close()
  end
  if output then
    output:close()
  end
end

--- Write it a line and read one back.
---@param line string
---@return string? line nil if it has ended
function methods:ask(line)
  self.input:write(line, "\n")
  self.input:flush()
  return (self.output:read("*l"))
end

--- Run a server file.
--
--     local server = assert(child.start("examples/offline/server.lua", "--parent-pipe"))
--     print(server.line)
--     server:close()
---@param file string path of the server's source
---@param arguments? string for the shell, already quoted
---@param needs? string[] modules without which it cannot run; lua-http and lua-cjson unless given
---@return offline.Child? child
---@return string? err why it does not run
function child.start(file, arguments, needs)
  local folder, err = make_fifo()
  if not folder then
    return nil, err
  end
  local fifo = folder .. "/line"
  local command = command_for(file, arguments, fifo, needs or { "http.server", "cjson" })
  local input, output, line
  input, err = io.popen(command, "w")
  if input then
    -- Both ends wait here for each other; a child that dies first gives an end of file.
    output = io.open(fifo, "r")
    line = output and output:read("*l")
  end
  os.remove(fifo)
  os.remove(folder)
  local started = setmetatable({ line = line, input = input, output = output }, child_mt)
  if not line or line == "none" then
    started:close()
    return nil, err or (line and no_interpreter) or "the server ended before it was ready"
  end
  return started
end

return child
