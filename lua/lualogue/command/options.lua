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

---@type table<string, lualogue.command.Command>
options.commands = {
  ask = {
    name = "ask",
    summary = "ask a language model",
    usage = { "lualogue [OPTION...] [PROMPT...]", "lualogue COMMAND [OPTION...]" },
    about = { "Piped text stands above the prompt; the prompt - is the piped text alone." },
    after = { "lualogue COMMAND --help says more; -- ends the options." },
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
  again = {
    name = "again", summary = "ask the last question once more",
    usage = { "lualogue again [OPTION...]" },
    about = { "This folder's last question; the new answer stands beside the old one." },
    list = {
      COMMON.models, COMMON.option, COMMON.cid,
      { "--global", "the last question of any folder" },
      COMMON.extract, COMMON.raw, COMMON.usage, COMMON.no_log, COMMON.no_stream, COMMON.dry_run,
    },
  },
  chat = {
    name = "chat", summary = "a conversation in the terminal",
    usage = { "lualogue chat [OPTION...]" },
    about = {
      "Ctrl-C stops an answer and asks whether to keep it; twice, or Ctrl-D, leaves.",
      [["""]] .. " opens many lines, and closes them. /help lists the commands.",
    },
    list = {
      COMMON.model, COMMON.system, COMMON.option,
      { "-c, --continue", "go on with this folder's last conversation" },
      COMMON.cid, COMMON.global, COMMON.usage, COMMON.no_log,
    },
  },
  logs = {
    name = "logs", summary = "what was said: the last conversations, or one of them",
    usage = { "lualogue logs [OPTION...] [ID]" },
    about = { "Without an ID a line for each conversation, the newest first." },
    list = {
      { "-n, --number N", "so many of them; 10", whole = 1 },
      { "-q, --query WORDS", "only those in which all of these words stand" },
      { "--here", "only those of this folder" },
      { "--json", "the lines of the files as they are" },
      { "--path", "only the names of the files" },
    },
  },
  models = {
    name = "models", summary = "the models that the server has",
    usage = { "lualogue models [OPTION...]" },
    list = {
      { "-m, --model MODEL", "of the server that has this name in config.lua" },
      { "-q, --quiet", "only their names" },
      { "--json", "the list as the server sent it" },
    },
  },
  tokens = {
    name = "tokens", summary = "count the tokens of a text, exactly and offline",
    usage = { "lualogue tokens [OPTION...] [TEXT...]", "lualogue tokens [OPTION...] <FILE" },
    list = {
      { "-m, --model MODEL", "as this model counts", complete = "model" },
      { "--ids", "the numbers of the tokens" },
      { "--cut N", "the text, cut after so many tokens", whole = 0 },
    },
  },
  embed = {
    name = "embed", summary = "turn lines into vectors",
    usage = { "lualogue embed [OPTION...] <LINES" },
    about = { "A line of JSON for each, with its text and its vector; or into an index." },
    list = {
      { "-m, --model MODEL", "the model; embedding_model of config.lua", complete = "model" },
      { "--index FILE", "add what is not in it yet to this index", complete = "file" },
      { "-u, --usage", "tokens and time on stderr" },
    },
  },
  similar = {
    name = "similar", summary = "the lines of an index that are most like a text",
    usage = { "lualogue similar --index FILE [OPTION...] TEXT..." },
    list = {
      { "--index FILE", "made by lualogue embed --index", complete = "file" },
      { "-k, --number N", "so many of them; 5", whole = 1 },
      { "--json", "a line of JSON for each" },
    },
  },
  cache = {
    name = "cache", summary = "answers that the lab has kept in this folder",
    usage = { "lualogue cache size", "lualogue cache prune [--older AGE]" },
    arguments = "size prune",
    list = {
      { "--older AGE", "only what is older: 30d, 12h, 10m; without it, everything" },
    },
  },
  completion = {
    name = "completion", summary = "what a shell completes: bash, zsh or fish",
    usage = { "lualogue completion bash|zsh|fish" },
    about = {
      'bash: eval "$(lualogue completion bash)"           in ~/.bashrc',
      'zsh:  lualogue completion zsh  >FOLDER/_lualogue   a folder of $fpath',
      'fish: lualogue completion fish >~/.config/fish/completions/lualogue.fish',
    },
    arguments = "bash zsh fish", list = {},
  },
  man = {
    name = "man", summary = "the manual page",
    usage = { "lualogue man | man -l -" }, list = {},
  },
  lab = {
    name = "lab", summary = "prompts, models and inputs in all combinations, checked",
    usage = { "lualogue lab FILE [OPTION...]; ... lab list; ... lab bless [RUN]",
      "lualogue lab -p TEXT --input ROWS -m MODEL [OPTION...]" },
    arguments = "file",
    list = {
      { "-p, --prompt TEXT", "a prompt with ${column}", many = true },
      { "--input ROWS", "a CSV or JSONL file, a row for each case", complete = "file" },
      COMMON.lab_models,
      { "--check CHECK", "such as 'icontains ${expect}'", many = true },
      { "--repeat N", "ask each so often", whole = 1 },
      { "-j, --jobs N", "so many at once of each server", whole = 1 },
      { "--fresh", "ask anew what is in the cache" },
      { "--no-cache", "neither read nor write the cache" },
      { "--only TEXT", "only cells whose names have this in them" },
      { "--failing", "only what failed in the last run" },
      { "--sample N", "only so many of the inputs", whole = 1 },
      { "--seed N", "chooses the sample", whole = 0 },
      { "--resume", "go on with a run that was broken off" },
      { "--dry-run", "what would be asked, its tokens and cost" },
      { "-o, --output FILE", "write .csv, .jsonl, .md or .html", many = true, complete = "file" },
      { "--excel", "text in .csv that no spreadsheet calculates" },
      { "--against RUN", "a run, a file of one, last, or baseline", complete = "file" },
      { "--fail-on-regression[=worse]", "exit 1 for a lost row; worse: by the test" },
      { "--allow-failures", "exit 0 although checks failed" },
      { "--max-cost X", "stop before it costs more", number = true },
      { "--max-errors N", "stop after so many errors", whole = 0 },
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

--- The commands by name, sorted, without the one that has no name on the command line.
---@return string[]
function options.names()
  local names = {}
  for name in pairs(options.commands) do
    if name ~= "ask" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

return options
