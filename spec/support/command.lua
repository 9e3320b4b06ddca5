--- The command `lualogue` as a shell runs it: a process of its own, with a home of its own.

local program = require "spec.support.program"
local sources = require "spec.support.sources"

local quote = program.quote
local REPOSITORY = sources.lines_of("pwd")[1]

local command = {}

--- What runs the command, for the shell.
command.LINE = ("%s %s"):format(program.INTERPRETER, quote(REPOSITORY .. "/lua/lualogue/command/lualogue"))

---@class spec.World
---@field folder string the current folder of what runs
---@field home string
---@field variables string
local world_mt = {}
world_mt.__index = world_mt

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

--- Words for the shell.
local function line_of(words)
  if type(words) == "string" then return words end
  local quoted = {}
  for i, word in ipairs(words) do quoted[i] = quote(word) end
  return table.concat(quoted, " ")
end

--- Run the command to its end.
---@param words string|string[] a line for the shell, or its arguments
---@param options? { input: string?, environment: string?, redirect: string?, before: string? }
---@return string stdout
---@return string stderr
---@return integer code
function world_mt:run(words, options)
  options = options or {}
  local out, err, input = self.home .. "/.out", self.home .. "/.err", "/dev/null"
  if options.input then
    input = self.home .. "/.in"
    local file = assert(io.open(input, "wb"))
    file:write(options.input)
    file:close()
  end
  local line = ("%s %s %s <%s >%s 2>%s %s"):format(options.before or "", command.LINE, line_of(words),
    input, out, err, options.redirect or "")
  local _, code = program.run(("%s %s bash -c %s"):format(self.variables, options.environment or "", quote(line)),
    { cwd = self.folder })
  local stdout, stderr = read(out), read(err)
  os.execute("rm -f " .. quote(out) .. " " .. quote(err) .. " " .. quote(self.home .. "/.in"))
  return stdout, stderr, code
end

--- Start the command, and read its output.
---@param words string[]
---@return file*
function world_mt:start(words)
  return assert(io.popen(("cd %s && exec env %s timeout -k 5 60 %s %s </dev/null 2>&1"):format(
    quote(self.folder), self.variables, command.LINE, line_of(words)), "r"))
end

--- Run a line of bash, in which $LUALOGUE is the command.
---@param line string
---@return string output both streams
---@return integer code
function world_mt:shell(line)
  local words = program.INTERPRETER .. " " .. REPOSITORY .. "/lua/lualogue/command/lualogue"
  return program.run(("%s LUALOGUE=%s bash -c %s"):format(self.variables, quote(words), quote(line)),
    { cwd = self.folder })
end

--- Run the command in a terminal of so many columns; what it shows, and its exit code.
---@param words string|string[]
---@param columns? integer 80
---@param environment? string
---@return string screen with "\n" for each line end
---@return integer code
function world_mt:terminal(words, columns, environment)
  local line = ("stty cols %d rows 24; exec %s %s"):format(columns or 80, command.LINE, line_of(words))
  local output, code = program.run(("%s %s script -qec %s /dev/null"):format(
    self.variables, environment or "", quote(line)), { cwd = self.folder })
  return (output:gsub("\r\n", "\n")), code
end

--- Use the command in a terminal: body(terminal) with `send(bytes)` and `expect(plain)`, which
--- returns what came until then.
---@param words string[]
---@param body fun(terminal: table)
---@return string rest what came after it
function world_mt:interactive(words, body)
  return program.in_terminal("exec " .. command.LINE .. " " .. line_of(words), body,
    { cwd = self.folder, environment = self.variables })
end

--- A file of the home, or below the current folder.
---@param path string
---@param text string
function world_mt:write(path, text)
  path = path:gsub("^~", self.home)
  os.execute("mkdir -p " .. quote(path:match "^(.*)/"))
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

--- The paths of all files in the home, and of the current folder.
---@return string[]
function world_mt:files()
  return sources.lines_of(("find %s %s -type f | sort"):format(quote(self.home), quote(self.folder)))
end

--- The text of a file; `~` is the home.
---@param path string
---@return string
function world_mt:read(path) return read((path:gsub("^~", self.home))) end

--- The lines of all logs, decoded: a list of lists.
---@return table[][]
function world_mt:logs()
  local json, found = require "lualogue.json", {}
  for _, path in ipairs(self:files()) do
    if path:find "/conversations/[^/]+%.jsonl$" then
      local lines = {}
      for line in io.lines(path) do lines[#lines + 1] = assert(json.decode(line)) end
      found[#found + 1] = lines
    end
  end
  return found
end

--- Run `body(world)` with a home and a folder, which are removed afterwards.
---@param base_url? string
---@param body fun(world: spec.World)
function command.with_world(base_url, body)
  program.with_folder(function(folder)
    os.execute(("mkdir %s/home %s/here"):format(quote(folder), quote(folder)))
    local self = setmetatable({ home = folder .. "/home", folder = folder .. "/here" }, world_mt)
    self.variables = ("-u XDG_CONFIG_HOME -u XDG_STATE_HOME -u LUALOGUE_MODEL -u LUALOGUE_LOG -u OPENAI_MODEL -u NO_COLOR HOME=%s %s")
      :format(quote(self.home), base_url and "OPENAI_BASE_URL=" .. base_url or "")
    local ok, err = pcall(body, self)
    os.execute("chmod -R u+rwX " .. quote(folder))
    if not ok then error(err, 0) end
  end)
end

return command
