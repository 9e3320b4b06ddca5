--- `--save NAME`: a template of the command that was just typed.

local fault = require "lualogue.command.fault"
local native = require "lualogue.native"
local output = require "lualogue.command.output"
local request = require "lualogue.command.request"
local json = require "lualogue.json"
local templates = require "lualogue.command.templates"

local save = {}

local function quoted(text)
  -- %q has an end of a line as a backslash before one, which is right, and hard to read.
  return (("%q"):format(text):gsub("\\\n", "\\n"):gsub("\r", "\\r"))
end

local literal

local function fields(value, indent)
  local keys, lines = {}, {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for _, key in ipairs(keys) do
    local name = type(key) == "string" and (key:find "^[%a_][%w_]*$" and key ~= "end" and key
      or "[" .. quoted(key) .. "]")
    lines[#lines + 1] = ("%s  %s%s,"):format(indent, name and name .. " = " or "",
      literal(value[key], indent .. "  ", tostring(key)))
  end
  return "{\n" .. table.concat(lines, "\n") .. "\n" .. indent .. "}"
end

--- A value as Lua has it.
function literal(value, indent, name)
  if type(value) == "string" then return quoted(value) end
  if type(value) == "table" then return fields(value, indent) end
  if value == json.null then fault.use("--save: %s: a null cannot be kept in a template", name) end
  return tostring(value)
end

--- Parameters of the command line as values.
local function values_of(pairs_given)
  local found = {}
  for _, pair in ipairs(pairs_given or {}) do
    local value = request.value(pair[2])
    if type(value) == "userdata" then value = json.decode(pair[2]) end
    found[pair[1]] = value
  end
  return next(found) and found or nil
end

---@param options table
---@return integer code
function save.run(options)
  local path = templates.path(options.save)
  if options.model and #options.model > 1 then fault.use "--save keeps one model" end
  local file = io.open(path, "rb")
  if file then
    file:close()
    fault.use("there is a template '%s' already: %s", options.save, path)
  end
  local params = {}
  for _, pair in ipairs(options.param or {}) do params[pair[1]] = pair[2] end
  local kept = {
    prompt = #options > 0 and table.concat(options, " ") or nil, system = options.system,
    model = options.model and options.model[1], options = values_of(options.option),
    schema = options.schema, extract = options.extract, params = next(params) and params or nil,
  }
  if not next(kept) then fault.use "--save: there is nothing to keep" end
  local core = native.core()
  local ok, why = core.make_folder(path:match "^(.*)/")
  local text = "return " .. literal(kept, "", "template") .. "\n"
  if ok then ok, why = core.replace_file(path, text) end
  if not ok then fault.raise(fault.WORLD, why) end
  output.note(path)
  return 0
end

return save
