--- A lab without a file: `-p PROMPT --input ROWS -m A -m B --check 'icontains ${expect}'`.

local fault = require "lualogue.command.fault"
local lab = require "lualogue.lab"
local settings = require "lualogue.command.settings"
local specs = require "lualogue.lab.spec"
local whom = require "lualogue.command.whom"

local own_lab = {}

-- Checks by what their argument is.
local TEXT = { equals = true, contains = true, icontains = true, starts_with = true, match = true,
  finish = true, schema = true, tool = true }
local NUMBER = { max_tokens = true, max_words = true, cost = true, latency = true }

--- A check in words: its name, and behind a blank its argument; `no` before it turns it round.
local function check_of(text)
  local name, argument = text:match "^(%S+)%s*(.*)$"
  if name == "no" and argument ~= "" then return lab.no(check_of(argument)) end
  if name == "json" and argument == "" then return lab.json() end
  if name == "one_of" then
    local values = {}
    for value in argument:gmatch "[^|]+" do values[#values + 1] = value end
    if values[1] then return lab.one_of(values) end
  elseif TEXT[name] and argument ~= "" then
    return fault.checked(lab[name], argument)
  elseif NUMBER[name] and tonumber(argument) then
    return lab[name](tonumber(argument))
  end
  fault.use("--check '%s': no such check, or not its argument: such as 'icontains ${expect}',"
    .. " 'max_tokens 40', 'one_of yes|no', 'json', 'no contains x'", text)
end

local function model_of(name)
  local who = whom.of(name)
  local model = { name = name or who.name, model = who.model }
  if not who.model then fault.use "no model: -m NAME, LUALOGUE_MODEL, or model in config.lua" end
  for key, value in pairs(who.client) do model[key] = value end
  return model
end

--- The lab that the options make.
---@param options table
---@return lualogue.lab.Spec
function own_lab.spec(options)
  local models, prompts, checks = {}, {}, {}
  for i, name in ipairs(options.model or { false }) do models[i] = model_of(name or nil) end
  for i, text in ipairs(options.prompt) do prompts[i] = text end
  if #prompts == 1 then prompts = prompts[1] end
  for i, text in ipairs(options.check or {}) do checks[i] = check_of(text) end
  local ok, spec = pcall(specs.new, {
    models = models, prompts = prompts, inputs = options.input, check = checks,
    repeats = options["repeat"], prices = settings.config().prices,
  }, "")
  if ok then return spec end
  local why = tostring(spec)
  fault.use("%s", why:match "bad argument 'spec' to 'lab' %((.*)%)$" or why)
end

return own_lab
