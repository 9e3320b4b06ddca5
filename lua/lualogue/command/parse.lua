--- Options of the command line, as GNU programs have them: `-xu`, `-mNAME`, `--model NAME`,
--- `--model=NAME`, options among the words, `--` before words that begin with a dash.
---
--- Written here since lua-argparse refuses values such as `-o temperature -1`, takes the word that
--- follows `--fail-on-regression` for its value, and loads as long as the rest of the command.

local fault = require "lualogue.command.fault"
local options = require "lualogue.command.options"

--- Options by what they are called on the command line.
local function index_of(list)
  local by_name = {}
  for _, option in ipairs(list) do
    by_name["--" .. option.long] = option
    if option.short then by_name["-" .. option.short] = option end
  end
  return by_name
end

local function checked(option, name, value)
  if not (option.whole or option.number) then return value end
  local number = value:find "^%-?[%d.]+[eE]?[-+]?%d*$" and tonumber(value)
  if not number or number < (option.whole or 0) or option.whole and number % 1 ~= 0 then
    local what = option.whole and ("a whole number from %d"):format(option.whole)
      or "a number from 0"
    fault.use("%s: %s expected, got '%s'", name, what, value)
  end
  return number
end

local function store(parsed, option, name, value)
  if option.many then
    parsed[option.key] = parsed[option.key] or {}
    table.insert(parsed[option.key], value)
  elseif parsed[option.key] ~= nil and value ~= true then
    fault.use("%s is given twice", name)
  else
    parsed[option.key] = value
  end
end

--- The values of an option: the first may stand in its own word, the others follow.
local function take(option, name, given, words, i)
  if option.maybe then return given and checked(option, name, given) or true, i end
  if #option.values == 0 then
    if given then fault.use("%s takes no value", name) end
    return true, i
  end
  local values = { given }
  while #values < #option.values do
    i = i + 1
    if words[i] == nil then
      fault.use("%s: %s is missing", name, option.values[#values + 1])
    end
    values[#values + 1] = words[i]
  end
  return #values == 1 and checked(option, name, values[1]) or values, i
end

--- Nothing that is given is passed over: what does not go together is said.
local function check(command, parsed)
  for _, pair in ipairs(command.apart or {}) do
    local one, other = pair:match "^(%S+) (%S+)$"
    if parsed[one] ~= nil and parsed[other] ~= nil then
      fault.use("--%s and --%s do not go together", (one:gsub("_", "-")), (other:gsub("_", "-")))
    end
  end
  for key, needed in pairs(command.needs or {}) do
    if parsed[key] ~= nil and parsed[needed] == nil then
      fault.use("--%s means something with --%s only", key, needed)
    end
  end
end

--- Parse the words behind a command.
---@param command lualogue.command.Command
---@param words string[]
---@return table<string, any> parsed options by key; the other words as a list
return function(command, words)
  local by_name, parsed, i = index_of(options.of(command)), {}, 1
  local function find(name)
    if by_name[name] then return by_name[name] end
    local of = command.name == "ask" and "" or command.name .. " "
    fault.use("unknown option %s (lualogue %s--help lists them)", name, of)
  end
  local function letters(word)
    local at = 2
    while at <= #word do
      local name = "-" .. word:sub(at, at)
      local option = find(name)
      local rest = at < #word and word:sub(at + 1) or nil
      local takes = #option.values > 0
      local value
      value, i = take(option, name, takes and rest or nil, words, i)
      store(parsed, option, name, value)
      if takes then return end
      at = at + 1
    end
  end
  while i <= #words do
    local word = words[i]
    if word == "--" then
      for k = i + 1, #words do parsed[#parsed + 1] = words[k] end
      break
    elseif word:find "^%-%-" then
      local name, given = word:match "^(%-%-[^=]+)=(.*)$"
      name = name or word
      local option = find(name)
      local value
      value, i = take(option, name, given, words, i)
      store(parsed, option, name, value)
    elseif word:find "^%-." then
      letters(word)
    else
      parsed[#parsed + 1] = word
    end
    i = i + 1
  end
  if not parsed.help then check(command, parsed) end
  return parsed
end
