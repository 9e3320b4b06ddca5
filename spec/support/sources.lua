--- The project's files, as the tests of its shape read them.

local M = {}

--- All lines of a command's output; an empty list when it fails.
---@param command string  a shell command
---@return string[]
function M.lines_of(command)
  local pipe = assert(io.popen(command .. " 2>/dev/null", "r"))
  local lines = {}
  for line in pipe:lines() do lines[#lines + 1] = line end
  pipe:close()
  return lines
end

---@param path string
---@return string  the whole file
function M.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

---@param path string
---@return boolean
function M.exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

local all -- the list, read once

--- Every file of the project, ignored ones left out; without git, every file but build/.
---@return string[]
function M.all()
  if all then return all end
  all = M.lines_of("git ls-files -z --cached --others --exclude-standard | tr '\\0' '\\n'")
  if #all == 0 then
    all = M.lines_of(
      "find . -type f -not -path './.git/*' -not -path './build/*' | sed 's,^[.]/,,'")
  end
  for i = #all, 1, -1 do
    if not M.exists(all[i]) then table.remove(all, i) end -- deleted, not yet committed
  end
  table.sort(all)
  return all
end

--- Those whose path matches a Lua pattern.
---@param pattern string
---@return string[]
function M.matching(pattern)
  local found = {}
  for _, path in ipairs(M.all()) do
    if path:find(pattern) then found[#found + 1] = path end
  end
  return found
end

local function blank(text) return (text:gsub("[^\n]", " ")) end

--- C source with comments and literals blanked; line numbers stay. An included "name" comes
--- as <name>.
---@param source string
---@return string
function M.strip_c(source)
  source = source:gsub('(#%s*include%s*)"([^"\n]*)"', "%1<%2>")
  local out, at = {}, 1
  while true do
    local from = source:find("[\"'/]", at)
    if not from then break end
    local _, to
    local two = source:sub(from, from + 1)
    if two == "/*" then
      _, to = source:find("*/", from + 2, true)
    elseif two == "//" then
      _, to = source:find("[^\n]*", from)
    elseif source:sub(from, from) == "/" then
      to = from
    else
      local quote = source:sub(from, from)
      to = from + 1
      while source:sub(to, to) ~= quote do
        to = to + (source:sub(to, to) == "\\" and 2 or 1)
        if to > #source then break end
      end
    end
    to = to or #source
    out[#out + 1] = source:sub(at, from - 1)
    local token = source:sub(from, to)
    out[#out + 1] = token == "/" and token or blank(token)
    at = to + 1
  end
  out[#out + 1] = source:sub(at)
  return table.concat(out)
end

--- Call fn(line, number) for each line of a text.
---@param text string
---@param fn fun(line: string, number: integer)
function M.each_line(text, fn)
  local number = 0
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do
    number = number + 1
    fn(line, number)
  end
end

return M
