--- `lualogue models`: what the server has.

local fault = require "lualogue.command.fault"
local output = require "lualogue.command.output"
local terminal = require "lualogue.terminal"
local whom = require "lualogue.command.whom"

local models = {}

local function sorted_ids(list)
  local data, ids = type(list) == "table" and list.data, {}
  for _, model in ipairs(type(data) == "table" and data or {}) do
    if type(model) == "table" and type(model.id) == "string" then ids[#ids + 1] = model end
  end
  table.sort(ids, function(a, b) return a.id < b.id end)
  return ids
end

local function window_of(id)
  local known = require("lualogue.models").get(id)
  return known and known.window and ("%d"):format(known.window) or ""
end

---@param options table
---@return integer code
function models.run(options)
  if options[1] then fault.use("models takes no words: '%s'", options[1]) end
  local client = whom.plain_client(whom.of(options.model))
  require("lualogue").interrupts(true)
  local list, err = client:request("GET", "/models", nil, { raw = options.json })
  if not list then fault.of(err) end
  local write = output.answer()
  if options.json then
    write(list)
    write()
    return 0
  end
  local found, width = sorted_ids(list), 0
  for _, model in ipairs(found) do width = math.max(width, terminal.width(model.id)) end
  for _, model in ipairs(found) do
    local line = model.id
    local window = not options.quiet and window_of(model.id) or ""
    if window ~= "" then
      line = ("%s  %8s tokens"):format(terminal.pad(terminal.line(line), width), window)
    end
    write(line .. "\n")
  end
  write()
  return 0
end

return models
