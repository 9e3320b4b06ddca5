--- What is set outside of the command line: the environment, then ~/.config/lualogue/config.lua;
--- and where files are kept.

local environment = require "lualogue.environment"
local fault = require "lualogue.command.fault"

local settings = {}

--- Fields of config.lua, with their types.
local FIELDS = {
  model = "string", embedding_model = "string", base_url = "string", system = "string",
  options = "table", prices = "table", models = "table", log = "boolean", client = "table",
}

local function base(variable, below_home)
  local path = environment.variable(variable)
  if path and path:sub(1, 1) == "/" then return path end
  local home = environment.variable "HOME"
  return home and home .. "/" .. below_home or nil
end

--- The folder of config.lua and of the templates.
---@return string? path nil where there is no home
function settings.config_folder()
  local path = base("XDG_CONFIG_HOME", ".config")
  return path and path .. "/lualogue"
end

--- The folder of the logs.
---@return string? path nil where there is no home
function settings.state_folder()
  local path = base("XDG_STATE_HOME", ".local/state")
  return path and path .. "/lualogue"
end

--- Run a file of Lua that returns a table; it sees no globals. Raises where it is none.
---@param path string
---@return table? value nil: there is no such file
function settings.run(path)
  local file, why = io.open(path, "rb")
  if not file then
    if why:find "No such file" or why:find "Not a directory" then return nil end
    fault.use("%s", why)
  end
  local text = file:read "*a"
  file:close()
  if not text or text:byte() == 27 then fault.use("%s: not a text of Lua", path) end
  local chunk
  if setfenv then -- luacheck: ignore 113
    chunk, why = loadstring(text, "@" .. path) -- luacheck: ignore 113
    if chunk then setfenv(chunk, {}) end -- luacheck: ignore 113
  else
    chunk, why = load(text, "@" .. path, "t", {})
  end
  if not chunk then fault.use("%s", why) end
  local ok, value = pcall(chunk)
  if not ok then fault.use("%s", tostring(value)) end
  if type(value) ~= "table" then fault.use("%s: it must return a table", path) end
  return value
end

--- Raise unless a table has these fields only, of these types.
---@param value table
---@param fields table<string, string>
---@param path string
function settings.check(value, fields, path)
  for name, content in pairs(value) do
    local expected = fields[name]
    if not expected then fault.use("%s: unknown field '%s'", path, tostring(name)) end
    if type(content) ~= expected then
      fault.use("%s: '%s' must be a %s, not a %s", path, name, expected, type(content))
    end
  end
end

local config

--- What config.lua says; read once.
---@return table
function settings.config()
  if config then return config end
  local folder = settings.config_folder()
  local path = folder and folder .. "/config.lua"
  config = path and settings.run(path) or {}
  settings.check(config, FIELDS, path)
  return config
end

--- Whether a log is written.
---@return boolean
function settings.logs()
  local variable = environment.variable "LUALOGUE_LOG"
  if variable then return variable ~= "0" end
  return settings.config().log ~= false
end

return settings
