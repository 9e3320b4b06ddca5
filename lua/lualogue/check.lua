--- What is wrong between here and the server, in plain words: `client:check()`.

local native = require "lualogue.native"
local protocol = require "lualogue.check.protocol"
local reach = require "lualogue.check.reach"
local report = require "lualogue.check.report"

local JSON = { linked = "lua-cjson, which is part of the module", cjson = "lua-cjson",
  ["vim.json"] = "Neovim's vim.json" }

--- What runs here. Without it there would be no client, but whoever helps has to know.
local function look_here(self)
  local features = native.core().features()
  local jit = rawget(_G, "jit")
  self:add("lua", true, ("%s, with a module for %s"):format(
    jit and ("%s (%s)"):format(_VERSION, jit.version) or _VERSION, features.built_for))
  local can = {}
  for _, name in ipairs { "http2", "gzip", "brotli", "zstd", "https_proxy", "async_dns" } do
    if features[name] then can[#can + 1] = name end
  end
  local curl = ("libcurl %s, %s; %s"):format(features.libcurl, features.tls or "without TLS",
    table.concat(can, ", "))
  if features.warnings[1] then
    self:add("libcurl", false, curl .. ": " .. table.concat(features.warnings, "; "),
      "Install libcurl 7.87 or later.")
  else
    self:add("libcurl", true, curl)
  end
  self:add("json", features.json ~= nil, JSON[features.json]
    or "nothing is there that decodes JSON", "Install lua-cjson for this Lua.")
end

local OPTIONS = { model = "string", chat = "boolean", timeout = "number" }

local function check_options(options)
  local raise = native.core().raise
  if options == nil then return {} end
  if type(options) ~= "table" then
    raise(("bad argument 'options' to 'check' (table expected, got %s)"):format(type(options)))
  end
  local copy = {}
  for name, value in next, options do
    if not OPTIONS[name] then
      raise(("bad argument '%s' to 'check' (unknown option)"):format(tostring(name)))
    elseif type(value) ~= OPTIONS[name] then
      raise(("bad argument '%s' to 'check' (%s expected, got %s)"):format(
        name, OPTIONS[name], type(value)))
    end
    copy[name] = value
  end
  if copy.timeout and not (copy.timeout > 0 and copy.timeout < 1e8) then
    raise "bad argument 'timeout' to 'check' (seconds greater than 0 expected)"
  end
  return copy
end

--- See `lualogue.Client:check`.
---@param client lualogue.Client
---@param options? lualogue.CheckOptions
---@return lualogue.CheckReport
return function(client, options)
  options = check_options(options)
  local self = report.new()
  look_here(self)
  local reached = reach(client, self, options)
  protocol(client, self, options, reached)
  return self:finish()
end
