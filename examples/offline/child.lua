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
local function command_for(file, arguments, fifo)
  local choices = {}
  for i, interpreter in ipairs(interpreters) do
    choices[i] = ("if %s -e 'require \"http.server\" require \"cjson\"' </dev/null >/dev/null 2>&1;"
      .. " then exec %s %s %s >%s; fi; "):format(
      interpreter, interpreter, quote(file), arguments or "", quote(fifo))
  end
  return table.concat(choices) .. "echo none >" .. quote(fifo)
end

---@class offline.Child
---@field line string the one line that it printed
---@field pipe file*? its standard input
local methods = {}
local child_mt = { __index = methods }

--- End the child, and wait until it has ended. May be called again.
function methods:close()
  local pipe = self.pipe
  self.pipe = nil
  if pipe then
    pipe:close()
  end
end

--- Run a server file.
--
--     local server = assert(child.start("examples/offline/server.lua", "--parent-pipe"))
--     print(server.line)
--     server:close()
---@param file string path of the server's source
---@param arguments? string for the shell, already quoted
---@return offline.Child? child
---@return string? err why it does not run
function child.start(file, arguments)
  local folder, err = make_fifo()
  if not folder then
    return nil, err
  end
  local fifo = folder .. "/line"
  local pipe, line
  pipe, err = io.popen(command_for(file, arguments, fifo), "w")
  if pipe then
    -- Both ends wait here for each other; a child that dies first gives an end of file.
    local reader = io.open(fifo, "r")
    line = reader and reader:read("*l")
    if reader then
      reader:close()
    end
  end
  os.remove(fifo)
  os.remove(folder)
  if not line or line == "none" then
    if pipe then
      pipe:close()
    end
    return nil, err or (line and no_interpreter) or "the server ended before it was ready"
  end
  return setmetatable({ line = line, pipe = pipe }, child_mt)
end

return child
