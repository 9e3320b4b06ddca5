--- What a command says of itself: a screen of 80 columns and 24 lines.

local options = require "lualogue.command.options"

local help = {}

--- How an option is written: "-m, --model MODEL".
---@param option lualogue.command.Option
---@return string
function help.names(option)
  local head = option.short and ("-%s, --%s"):format(option.short, option.long)
    or "    --" .. option.long
  if option.maybe then return head .. "[=" .. option.maybe .. "]" end
  if #option.values == 0 then return head end
  return head .. " " .. table.concat(option.values, " ")
end

--- The help of a command.
---@param command lualogue.command.Command
---@return string text
function help.text(command)
  local lines = {}
  for i, usage in ipairs(command.usage) do
    lines[i] = (i == 1 and "usage: " or "       ") .. usage
  end
  for _, line in ipairs(command.about or {}) do lines[#lines + 1] = line end
  local list, width = options.of(command), 0
  for _, option in ipairs(list) do width = math.max(width, #help.names(option)) end
  for _, option in ipairs(list) do
    lines[#lines + 1] = ("  %-" .. width .. "s  %s"):format(help.names(option), option.help)
  end
  local names = table.concat(options.names(), " ")
  if command.name == "ask" and names ~= "" then lines[#lines + 1] = "Commands: " .. names end
  for _, line in ipairs(command.after or {}) do lines[#lines + 1] = line end
  return table.concat(lines, "\n") .. "\n"
end

return help
