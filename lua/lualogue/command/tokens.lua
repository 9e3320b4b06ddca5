--- `lualogue tokens`: how many there are, without a server.

local environment = require "lualogue.environment"
local fault = require "lualogue.command.fault"
local output = require "lualogue.command.output"
local settings = require "lualogue.command.settings"

local command = {}

local function model_of(options)
  local name = options.model or environment.variable "LUALOGUE_MODEL" or settings.config().model
  local entry = settings.config().models and name and settings.config().models[name]
  if type(entry) == "table" then return entry.model or name end
  return entry or name or "gpt-4o"
end

---@param options table
---@return integer code
function command.run(options)
  local encoding = require("lualogue.tokens").for_model(model_of(options))
  local text = #options > 0 and table.concat(options, " ") or nil
  local why
  if not text then text, why = io.stdin:read "*a" end
  if not text then fault.use("standard input: %s", tostring(why)) end
  local shown, err
  if options.cut then
    shown, err = encoding:truncate(text, options.cut)
  elseif options.ids then
    shown, err = encoding:encode(text)
    shown = shown and table.concat(shown, " ") .. "\n"
  else
    shown, err = encoding:count(text)
    shown = shown and ("%d\n"):format(shown)
  end
  if not shown then fault.raise(fault.WORLD, tostring(err)) end
  if encoding.approximate then
    output.note(("lualogue: the tokens of '%s' are not known; counted as %s"):format(
      model_of(options), encoding.name))
  end
  local write = output.answer()
  write(shown)
  write()
  return 0
end

return command
