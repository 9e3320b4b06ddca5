--- `lualogue completion SHELL`: made from the table of options.

local fault = require "lualogue.command.fault"
local options = require "lualogue.command.options"
local output = require "lualogue.command.output"

local completion = {}

local TEMPLATES = [[${XDG_CONFIG_HOME:-$HOME/.config}/lualogue/templates]]

--- Each command, the one without a name first.
local function commands()
  local list = { options.commands.ask }
  for _, name in ipairs(options.names()) do list[#list + 1] = options.commands[name] end
  return list
end

--- What options are called: "-m --model".
local function names_of(option)
  return (option.short and "-" .. option.short .. " " or "") .. "--" .. option.long
end

--- Pieces of text for each option of a command that `want` accepts.
local function each(command, want)
  local parts = {}
  for _, option in ipairs(options.of(command)) do parts[#parts + 1] = want(option) end
  return parts
end

local function bash_case(command)
  local takes = { file = {}, template = {}, other = {} }
  for _, option in ipairs(options.of(command)) do
    if #option.values > 0 then
      local list = takes[option.complete] or takes.other
      list[#list + 1] = (names_of(option):gsub(" ", "|"))
    end
  end
  local lines = { ("  %s) options=%q"):format(command.name,
    table.concat(each(command, names_of), " ")) }
  for _, kind in ipairs { "file", "template", "other" } do
    if takes[kind][1] then
      lines[#lines + 1] = ("    case $before in %s) kind=%s ;; esac"):format(
        table.concat(takes[kind], "|"), kind)
    end
  end
  local words = command.arguments
  if words and words ~= "file" then lines[#lines + 1] = ("    words=%q"):format(words) end
  lines[#lines + 1] = "    ;;"
  return table.concat(lines, "\n")
end

local BASH = [[
# bash completion of lualogue, made by it
_lualogue() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  local command=ask options= words= kind= templates="%s"
  case " %s " in *" ${COMP_WORDS[1]} "*) [ "$COMP_CWORD" -gt 1 ] && command=${COMP_WORDS[1]} ;; esac
  case $command in
%s
  esac
  [ "$command" = ask ] && [ "$COMP_CWORD" -eq 1 ] && words="%s"
  COMPREPLY=()
  case $kind:$word in
  template:*) COMPREPLY=($(cd "$templates" 2>/dev/null && compgen -f -X '!*.lua' -- "$word"))
    COMPREPLY=("${COMPREPLY[@]%%.lua}") ;;
  file:*) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  other:*) ;;
  :-*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
  *) COMPREPLY=($(compgen -W "$words" -- "$word"))
    if [ ${#COMPREPLY[@]} -eq 0 ]; then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi ;;
  esac
}
complete -F _lualogue lualogue
]]

--- @return string
local function bash()
  local cases, names = {}, table.concat(options.names(), " ")
  for i, command in ipairs(commands()) do cases[i] = bash_case(command) end
  return BASH:format(TEMPLATES, names, table.concat(cases, "\n"), names)
end

local function zsh_quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- What zsh does to complete a value.
local ZSH = { file = "_files", template = "_lualogue_templates" }

local function zsh_option(option)
  local help = option.help:gsub("[%[%]:]", "\\%0")
  local values = ""
  for _, value in ipairs(option.values) do
    values = ("%s:%s:%s"):format(values, value, ZSH[option.complete] or "")
  end
  local long, star = "--" .. option.long, option.many and "*" or ""
  if option.maybe then
    return zsh_quoted(("%s=-[%s]::%s:"):format(long, help, option.maybe))
  end
  if not option.short then return zsh_quoted(star .. long .. "[" .. help .. "]" .. values) end
  local both = ("{-%s,%s}"):format(option.short, long)
  local rest = zsh_quoted("[" .. help .. "]" .. values)
  if option.many then return "\\*" .. both .. rest end
  return zsh_quoted(("(-%s %s)"):format(option.short, long)) .. both .. rest
end

local function zsh_case(command)
  local rest = command.arguments == "file" and "'*:file:_files'"
    or command.arguments and zsh_quoted("*:what:(" .. command.arguments .. ")")
    or "'*:text:_files'"
  return ("  %s) _arguments -s -S \\\n    %s \\\n    %s ;;"):format(command.name,
    table.concat(each(command, zsh_option), " \\\n    "), rest)
end

local function zsh()
  local cases, described = {}, {}
  for i, command in ipairs(commands()) do
    cases[i] = zsh_case(command)
    if i > 1 then
      local summary = command.summary:gsub(":", "\\:")
      described[#described + 1] = zsh_quoted(command.name .. ":" .. summary)
    end
  end
  return ([==[
#compdef lualogue
# zsh completion of lualogue, made by it
_lualogue_templates() {
  local folder="%s"
  local -a names
  names=($folder/*.lua(N:t:r))
  compadd -a names
}
_lualogue() {
  local command=ask
  local -a commands
  commands=(
    %s
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  if (( CURRENT > 2 )) && (( ${commands[(I)$words[2]:*]} )); then
    command=$words[2]
    shift words
    (( CURRENT-- ))
  fi
  case $command in
%s
  esac
}
if [[ $funcstack[1] = _lualogue ]]; then _lualogue "$@"; else compdef _lualogue lualogue; fi
]==]):format(TEMPLATES, table.concat(described, "\n    "), table.concat(cases, "\n"))
end

local function fish_quoted(text) return "'" .. text:gsub("[\\']", "\\%0") .. "'" end

local FISH = { file = "-r -F", template = "-x -a '(__lualogue_templates)'" }

local function fish_option(option, condition)
  return table.concat({
    "complete -c lualogue -n " .. fish_quoted(condition),
    option.short and "-s " .. option.short or "", "-l " .. option.long,
    #option.values > 0 and (FISH[option.complete] or "-x") or "",
    "-d " .. fish_quoted(option.help),
  }, " ")
end

local function fish()
  local lines = { "# fish completion of lualogue, made by it", "function __lualogue_templates",
    "  set -l base $XDG_CONFIG_HOME; test -n \"$base\"; or set base $HOME/.config",
    "  for file in $base/lualogue/templates/*.lua; basename $file .lua; end", "end" }
  local names = table.concat(options.names(), " ")
  for _, command in ipairs(commands()) do
    local condition = "__fish_seen_subcommand_from " .. command.name
    if command.name == "ask" then
      condition = "not __fish_seen_subcommand_from " .. names
    else
      lines[#lines + 1] = ("complete -c lualogue -n '__fish_is_nth_token 1' -a %s -d %s"):format(
        command.name, fish_quoted(command.summary))
    end
    for _, option in ipairs(options.of(command)) do
      lines[#lines + 1] = fish_option(option, condition)
    end
    if command.arguments and command.arguments ~= "file" then
      lines[#lines + 1] = ("complete -c lualogue -n %s -f -a %s"):format(fish_quoted(condition),
        fish_quoted(command.arguments))
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

local SHELLS = { bash = bash, zsh = zsh, fish = fish }

---@param given table
---@return integer code
function completion.run(given)
  local make = SHELLS[given[1]]
  if not make or given[2] then fault.use "completion: bash, zsh or fish expected" end
  return output.print(make())
end

return completion
