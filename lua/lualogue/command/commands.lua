--- The commands that have a name, with their options: see lualogue.command.options.

---@param COMMON table options that several have
---@return table<string, lualogue.command.Command>
return function(COMMON)
  return {
    again = {
      name = "again", summary = "ask the last question once more",
      usage = { "lualogue again [OPTION...]" },
      apart = { "cid global", "json extract" },
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
      apart = { "continue cid" }, needs = { global = "continue" },
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
      apart = { "json path" },
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
      usage = { "lualogue models [OPTION...]" }, apart = { "quiet json" },
      list = {
        { "-m, --model MODEL", "of the server that has this name in config.lua" },
        { "-q, --quiet", "only their names" },
        { "--json", "the list as the server sent it" },
      },
    },
    tokens = {
      name = "tokens", summary = "count the tokens of a text, exactly and offline",
      usage = { "lualogue tokens [OPTION...] [TEXT...]", "lualogue tokens [OPTION...] <FILE" },
      apart = { "ids cut" },
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
end
