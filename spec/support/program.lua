--- Programs that a spec runs as a user would: with the interpreter under test, in a process of
--- their own.

local program = {}

--- The interpreter under test; may be several words.
program.INTERPRETER = os.getenv("LLG_INTERPRETER") or "lua5.4"

-- Nothing that a spec starts runs longer, however wrong things go.
local GUARD = "timeout -k 5 120 "

--- Quote for the shell.
---@param text string
---@return string
function program.quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- Run a shell command to its end, with nothing on its standard input unless it says otherwise.
---@param command string one command, with assignments in front if need be
---@param options? { cwd: string?, stderr: boolean? } `stderr = false`: left out of the output
---@return string output
---@return integer code 128 and more: ended by a signal
function program.run(command, options)
  options = options or {}
  local words = "env " .. command .. " </dev/null " .. (options.stderr == false and "2>/dev/null" or "2>&1")
  if options.cwd then words = "cd " .. program.quote(options.cwd) .. " && " .. words end
  local pipe = assert(io.popen(GUARD .. "sh -c " .. program.quote(words .. "; code=$?; echo; echo \"exit $code\""), "r"))
  local output = pipe:read("*a")
  pipe:close()
  local text, code = output:match("^(.*)\nexit (%d+)\n$")
  if not text then error("the program did not come to its end:\n" .. output, 2) end
  return text, tonumber(code)
end

--- Run Lua code with the interpreter under test.
---@param code string
---@param environment? string assignments, such as "LUA_CPATH=x"
---@return string output
---@return integer code
function program.lua(code, environment)
  return program.run(("%s %s -e %s"):format(environment or "", program.INTERPRETER, program.quote(code)))
end

--- A program that runs beside the spec, which reads its lines as they come.
---@class program.Child
---@field pid string
---@field private pipe file*
local child_mt = {}
child_mt.__index = child_mt

--- Start Lua code with the interpreter under test.
---@param code string
---@return program.Child
function program.start(code)
  -- The shell becomes env, which becomes the interpreter: the number stays.
  local pipe = assert(io.popen(("echo $$; exec env %s -e %s 2>&1 </dev/null"):format(
    program.INTERPRETER, program.quote(code)), "r"))
  return setmetatable({ pipe = pipe, pid = pipe:read("*l") }, child_mt)
end

---@return string? line nil at its end
function child_mt:line() return (self.pipe:read("*l")) end

--- Ctrl-C, as a terminal sends it.
function child_mt:interrupt() os.execute("kill -INT " .. self.pid) end

--- What else it says until it ends.
---@return string output
function child_mt:rest()
  local output = self.pipe:read("*a")
  self.pipe:close()
  return output
end

--- Run `body(folder)` with a new folder, which is removed afterwards.
---@param body fun(folder: string)
function program.with_folder(body)
  local pipe = assert(io.popen("mktemp -d", "r"))
  local folder = pipe:read("*l")
  pipe:close()
  local ok, err = pcall(body, folder)
  os.execute("rm -r " .. program.quote(folder))
  if not ok then error(err, 0) end
end

--- Drive a program in a terminal: body(terminal) with `send(bytes)`, and `expect(plain)`, which
--- returns what came until then.
---@param command string for the shell
---@param body fun(terminal: { send: fun(bytes: string), expect: fun(wanted: string): string })
---@param options? { cwd: string?, environment: string? }
---@return string rest what came after it
function program.in_terminal(command, body, options)
  options = options or {}
  local rest
  program.with_folder(function(folder)
    local keys = program.quote(folder .. "/keys")
    os.execute("mkfifo " .. keys)
    local screen = assert(io.popen(("cd %s && timeout -k 5 60 env %s script -qec %s /dev/null <%s 2>&1"):format(
      program.quote(options.cwd or "."), options.environment or "", program.quote(command), keys), "r"))
    local keyboard = assert(io.open(folder .. "/keys", "w"))
    keyboard:setvbuf "no"
    local terminal = {}
    function terminal.send(bytes) keyboard:write(bytes) end
    function terminal.expect(wanted)
      local seen = ""
      repeat
        local byte = screen:read(1)
        if not byte then error(("the program ended before it said %q:\n%s"):format(wanted, seen), 2) end
        seen = seen .. byte
      until seen:find(wanted, 1, true)
      return seen
    end
    local ok, err = pcall(body, terminal)
    keyboard:close()
    rest = screen:read "*a"
    screen:close()
    if not ok then error(err, 0) end
  end)
  return rest
end

return program
