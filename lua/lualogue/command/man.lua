--- `lualogue man`: the manual page, made from the table of options.

local help = require "lualogue.command.help"
local options = require "lualogue.command.options"
local output = require "lualogue.command.output"
local terminal = require "lualogue.terminal"

local man = {}

local WIDTH = 72 -- of a line of the source

--- Text as roff has it.
local function roff(text)
  text = text:gsub("\\", "\\e"):gsub("%-", "\\-")
  return (text:gsub("\n([.'])", "\n\\&%1"):gsub("^([.'])", "\\&%1"))
end

--- The same of a long text, on lines of its own.
local function filled(text) return roff(table.concat(terminal.wrap(text, WIDTH), "\n")) end

local FILES = {
  { "~/.config/lualogue/config.lua", "returns a table: model, embedding_model, base_url, system, "
    .. "options (parameters of every request), prices (name = { input, output, cached = }, for a "
    .. "million tokens each), models (name = a model, or a table with base_url, api_key, model and "
    .. "whatever else lualogue.new takes), client (for lualogue.new), log (false: none). It is run "
    .. "without any global." },
  { "~/.config/lualogue/templates/NAME.lua", "returns a table: prompt, system, model, options, "
    .. "schema, extract, params (values where no -p gives one). ${name} in prompt and system is a "
    .. "place for a value, which is put in as it is; $${name} stands for ${name}; ${input} is what "
    .. "was typed and piped, which else stands below the prompt." },
  { "~/.local/state/lualogue/conversations", "the log: a file of JSON lines for each conversation, "
    .. "readable for its owner alone, which only grows." },
  { ".lualogue", "the lab's cache and runs, in the folder in which it runs." },
}

local VARIABLES = {
  { "OPENAI_API_KEY", "the key; it is written nowhere" },
  { "OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID", "the server, and on whose behalf" },
  { "LUALOGUE_MODEL, OPENAI_MODEL", "the model where -m names none" },
  { "LUALOGUE_LOG=0", "no log is written" },
  { "LUALOGUE_CASSETTE, LUALOGUE_RECORD, LUALOGUE_OFFLINE", "recorded answers, no server" },
  { "XDG_CONFIG_HOME, XDG_STATE_HOME", "instead of ~/.config and ~/.local/state" },
}

local CODES = {
  { "0", "done" }, { "1", "a check of the lab failed, or a row was lost" },
  { "2", "wrong use, or a lab file that does not load" },
  { "3", "the server, the network or a file; also when some cells of a lab are errors" },
  { "130", "interrupted" },
}

local function pairs_of(out, list, mark)
  for _, pair in ipairs(list) do
    out[#out + 1] = ".TP"
    out[#out + 1] = (mark or ".B ") .. roff(pair[1])
    out[#out + 1] = filled(pair[2])
  end
end

local function section(out, command)
  if command.name == "ask" then
    out[#out + 1] = ".SH OPTIONS"
  else
    out[#out + 1] = ".SS " .. roff("lualogue " .. command.name)
    out[#out + 1] = roff((command.summary:gsub("^%l", string.upper))) .. "."
    out[#out + 1] = ".PP\n.nf"
    for _, usage in ipairs(command.usage) do out[#out + 1] = roff(usage) end
    out[#out + 1] = ".fi"
  end
  if command.about then
    out[#out + 1] = (command.name == "ask" and "" or ".PP\n") .. ".nf"
    for _, line in ipairs(command.about) do out[#out + 1] = roff(line) end
    out[#out + 1] = ".fi"
  end
  for _, option in ipairs(options.of(command)) do
    out[#out + 1] = ".TP"
    out[#out + 1] = ".B " .. roff((help.names(option):gsub("^%s+", "")))
    out[#out + 1] = roff(option.help)
  end
end

--- The page.
---@return string
function man.page()
  local ask = options.commands.ask
  local out = { '.TH LUALOGUE 1 "2026-11-25" "lualogue"', ".SH NAME",
    "lualogue \\- " .. roff(ask.summary), ".SH SYNOPSIS", ".nf" }
  for _, usage in ipairs(ask.usage) do out[#out + 1] = roff(usage) end
  out[#out + 1] = ".fi\n.SH DESCRIPTION"
  out[#out + 1] = filled("Asks OpenAI, or any server that speaks its protocol. The answer alone "
    .. "goes to standard output, as it comes; all else goes to standard error. In a terminal, "
    .. "control characters of an answer are written out; elsewhere its bytes are untouched.")
  section(out, ask)
  out[#out + 1] = ".SH COMMANDS"
  for _, name in ipairs(options.names()) do section(out, options.commands[name]) end
  out[#out + 1] = ".SH EXIT STATUS"
  pairs_of(out, CODES)
  out[#out + 1] = ".SH ENVIRONMENT"
  pairs_of(out, VARIABLES)
  out[#out + 1] = ".SH FILES"
  pairs_of(out, FILES, ".I ")
  return table.concat(out, "\n") .. "\n"
end

---@return integer code
function man.run() return output.print(man.page()) end

return man
