--- Every command with its options, as data: what is parsed, what the help says, what shells
--- complete and what the manual has are all made from this.

---@class lualogue.command.Option
---@field short? string the letter
---@field long string
---@field key string the name in what was parsed
---@field values string[] the names of the values that follow
---@field maybe? string a value that may stand behind `=`
---@field help string
---@field many? boolean may be repeated: a list
---@field whole? integer a whole number from this one
---@field number? boolean a number from 0
---@field complete? string what its value is: "model", "template", "file", "folder"

---@class lualogue.command.Command
---@field name string
---@field summary string
---@field usage string[]
---@field about? string[] lines below the usage
---@field after? string[] lines below the options
---@field apart? string[] pairs of keys that do not go together
---@field needs? table<string, string> keys that mean something with another only
---@field arguments? string what they are, for shells: as `complete`, or words
---@field list (string|table)[][]

local options = {}

--- What several commands have in common.
local COMMON = {
  model = { "-m, --model MODEL", "the model, or a name of it in config.lua", complete = "model" },
  models = { "-m, --model MODEL", "the model; repeated: answers side by side", many = true,
    complete = "model" },
  lab_models = { "-m, --model MODEL", "a model to ask; repeated: all of them", many = true,
    complete = "model" },
  system = { "-s, --system TEXT", "the system message" },
  option = { "-o, --option KEY VALUE", "a parameter of the request, as JSON or text", many = true },
  usage = { "-u, --usage", "tokens, time and cost on stderr" },
  extract = { "-x, --extract", "only the first code block of the answer" },
  raw = { "--json", "the reply as the server sent it" },
  no_log = { "-n, --no-log", "write no log" },
  no_stream = { "--no-stream", "wait for the whole answer" },
  cid = { "--cid ID", "go on with this conversation" },
  global = { "--global", "with -c: of any folder, not only of this one" },
  dry_run = { "--dry-run", "show the request and its tokens, send nothing" },
}

-- Those that have a name on the command line; the rest of the table is read when one is meant.
local NAMES = "again cache chat completion embed lab logs man models similar tokens"

---@type table<string, lualogue.command.Command>
options.commands = {
  ask = {
    name = "ask",
    summary = "ask a language model",
    usage = { "lualogue [OPTION...] [PROMPT...]", "lualogue COMMAND [OPTION...]" },
    about = { "Piped text stands above the prompt; the prompt - is the piped text alone." },
    after = { "lualogue COMMAND --help says more; -- ends the options." },
    apart = { "continue cid", "json extract", "json schema", "extract schema", "save json",
      "save attach", "save template", "save continue", "save cid", "save usage", "save no_log",
      "save no_stream", "save dry_run" },
    needs = { global = "continue" },
    list = {
      COMMON.models, COMMON.system, COMMON.option,
      { "-a, --attach FILE|URL", "an image, a sound, any other file", many = true,
        complete = "file" },
      { "-t, --template NAME", "a template of yours", complete = "template" },
      { "-p, --param NAME VALUE", "for ${NAME} in the template or the prompt", many = true },
      { "--save NAME", "make a template of this command, ask nothing" },
      { "--schema DSL|FILE", "an answer in JSON: 'name, age int', or a JSON schema",
        complete = "file" },
      { "-c, --continue", "go on with this folder's last conversation" },
      COMMON.cid, COMMON.global, COMMON.extract, COMMON.raw, COMMON.usage, COMMON.no_log,
      COMMON.no_stream, COMMON.dry_run,
      { "--version", "the versions of lualogue, Lua and libcurl" },
    },
  },
}

local function list_of(text)
  local words = {}
  for word in text:gmatch "%S+" do words[#words + 1] = word end
  return words
end

--- One row of a table as an option.
local function option_of(row)
  local short, rest = row[1]:match "^%-(%a), (.*)$"
  local long, values = (rest or row[1]):match "^%-%-([%w-]+)(.*)$"
  return {
    short = short, long = long, key = (long:gsub("-", "_")), help = row[2],
    maybe = values:match "^%[=(.*)%]$", values = values:find "^%[" and {} or list_of(values),
    many = row.many, whole = row.whole, number = row.number, complete = row.complete,
  }
end

local HELP = { "-h, --help", "this text" }

--- The options of a command.
---@param command lualogue.command.Command
---@return lualogue.command.Option[]
function options.of(command)
  local found = {}
  for i, row in ipairs(command.list) do found[i] = option_of(row) end
  found[#found + 1] = option_of(HELP)
  return found
end

--- The names of the commands, sorted, without the one that needs none.
---@return string[]
function options.names() return list_of(NAMES) end

setmetatable(options.commands, { __index = function(commands, name)
  if not (" " .. NAMES .. " "):find(" " .. tostring(name) .. " ", 1, true) then return nil end
  for key, command in pairs(require("lualogue.command.commands")(COMMON)) do
    rawset(commands, key, command)
  end
  return rawget(commands, name)
end })

return options
