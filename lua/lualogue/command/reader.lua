--- Lines of a conversation: one, or many between two lines of `"""`.

local reader = {}

local QUOTES = [["""]]

--- What reads them. In a terminal it asks for them, on standard error.
---@param is_terminal boolean
---@return fun(prompt: string): string? read nil at the end
function reader.new(is_terminal)
  local function ask(prompt)
    if not is_terminal then return end
    io.stderr:write(prompt)
    io.stderr:flush()
  end
  local function line_of(prompt)
    ask(prompt)
    local line = io.stdin:read "*l"
    if not line then ask "\n" end
    return line and (line:gsub("\r$", ""))
  end
  return function(prompt)
    local line = line_of(prompt)
    local first = line and line:match('^%s*' .. QUOTES .. '(.*)$')
    if not first then return line end
    local lines = { first ~= "" and first or nil }
    while true do
      line = line_of "... "
      local last = line and line:match('^(.-)' .. QUOTES .. '%s*$')
      if not line or last then
        if last and last ~= "" then lines[#lines + 1] = last end
        return table.concat(lines, "\n")
      end
      lines[#lines + 1] = line
    end
  end
end

return reader
