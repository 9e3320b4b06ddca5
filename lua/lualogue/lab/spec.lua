--- What a lab file says, checked and made regular before anything is sent.

local checks = require "lualogue.lab.checks"
local json = require "lualogue.json"
local misuse = require "lualogue.misuse"
local models = require "lualogue.lab.models"
local prices = require "lualogue.lab.prices"
local prompts = require "lualogue.lab.prompts"
local rows = require "lualogue.lab.rows"

local spec = {}

---@class lualogue.lab.Axis
---@field name string of a parameter
---@field values any[]

---@class lualogue.lab.Spec what `lab { ... }` gives
---@field name? string
---@field path? string of the lab file
---@field prompts lualogue.lab.Prompt[]
---@field models lualogue.lab.Model[]
---@field inputs lualogue.lab.Input[]
---@field vary lualogue.lab.Axis[]
---@field params table
---@field repeats integer
---@field checks lualogue.lab.Check[]
---@field prices table<string, table>
---@field cassette? string|lualogue.Cassette
---@field warnings string[]
local metatable = { __name = "lualogue.lab" }

local FIELDS = {
  name = "string", models = true, prompts = true, inputs = true, vary = "table",
  params = "table", repeats = "number", check = true, prices = "table", cassette = true,
}

--- Where the lab file is that is being loaded: a file that ends with `return lab { ... }` has left
--- the stack by then.
---@type { path: string, line: integer }?
spec.loading = nil

local function bad(format, ...)
  local message = ("bad argument 'spec' to 'lab' (%s)"):format(format:format(...))
  local place = spec.loading
  if place then error(("%s:%d: %s"):format(place.path, place.line, message), 0) end
  misuse.raise(message)
end

--- The items of a list, or the values of a table by their names, sorted: { name, value } each.
local function named(given)
  local list = {}
  if given[1] ~= nil then
    for i, value in ipairs(given) do
      local name = type(value) == "table" and value[1] == nil and value.name
      list[i] = { name or tostring(i), value }
    end
    return list
  end
  for name, value in next, given do list[#list + 1] = { tostring(name), value } end
  table.sort(list, function(a, b) return a[1] < b[1] end)
  return list
end

local function add_prompts(self, given)
  if type(given) == "string" or type(given) == "function" then given = { prompt = given } end
  if type(given) ~= "table" or next(given) == nil then bad "prompts: at least one expected" end
  local known = {}
  for i, pair in ipairs(named(given)) do
    local name = pair[1]
    if known[name] then bad("prompts: the name %s comes twice", name) end
    known[name] = true
    local prompt, why, warnings = prompts.of(name, pair[2])
    if not prompt then bad("prompts.%s: %s", name, why) end
    for _, warning in ipairs(warnings or {}) do
      self.warnings[#self.warnings + 1] = ("prompt %s: %s"):format(name, warning)
    end
    self.prompts[i] = prompt
  end
end

local function add_models(self, given)
  if type(given) == "string" then given = { given } end
  if type(given) ~= "table" or next(given) == nil then bad "models: at least one expected" end
  local known = {}
  for i, pair in ipairs(named(given)) do
    local model, why = models.of(pair[2], given[1] == nil and pair[1] or nil)
    if not model then bad("models[%s]: %s", given[1] == nil and pair[1] or i, why) end
    if known[model.name] then bad("models: the name %s comes twice", model.name) end
    known[model.name] = true
    self.models[i] = model
  end
end

local function add_axes(self, given)
  for _, pair in ipairs(named(given or {})) do
    local name, values = pair[1], pair[2]
    if type(values) ~= "table" or values[1] == nil then
      bad("vary.%s: a list of values expected", name)
    end
    self.vary[#self.vary + 1] = { name = name, values = values }
  end
end

--- What no request can have is a mistake of the file, and not of each of its cells.
local function check_sendable(self)
  local function check(value, where)
    local ok, why = pcall(json.encode, value)
    if not ok then bad("%s: %s", where, tostring(why):gsub("^[^\n]-:%d+: ", "")) end
  end
  check(self.params, "params")
  for _, axis in ipairs(self.vary) do
    for _, value in ipairs(axis.values) do check({ [axis.name] = value }, "vary") end
  end
  for _, model in ipairs(self.models) do check(model.params, "models: params of " .. model.name) end
  for _, prompt in ipairs(self.prompts) do
    check(prompt.messages or {}, "prompts." .. prompt.name)
    check(prompt.params or {}, "prompts." .. prompt.name .. ".params")
  end
end

local function add_checks(self, given)
  local list, why = checks.list(given)
  if not list then bad("check%s", why) end
  self.checks = list
end

--- A variable that no row has is a mistake; one that some rows lack is the matter of those.
local function check_variables(self)
  for _, prompt in ipairs(self.prompts) do
    for _, name in ipairs(prompt.names) do
      local is_there = false
      for _, input in ipairs(self.inputs) do is_there = is_there or input.row[name] ~= nil end
      if not is_there then
        local first = self.inputs[1]
        bad("prompts.%s: ${%s} is missing in every row, such as %s", prompt.name, name,
          first.label ~= "" and first.label or "the first")
      end
    end
  end
end

local function check_fields(given)
  if type(given) ~= "table" then bad("table expected, got %s", type(given)) end
  for name, value in next, given do
    local kind = FIELDS[name]
    if not kind then bad("unknown field '%s'", tostring(name)) end
    if kind ~= true and type(value) ~= kind then
      bad("%s: %s expected, got %s", name, kind, type(value))
    end
  end
  local repeats = given.repeats
  if repeats and (repeats < 1 or repeats % 1 ~= 0 or repeats > 10000) then
    bad "repeats: a whole number from 1 expected"
  end
  local flaw = prices.flaw(given.prices or {})
  if flaw then bad("%s", flaw) end
end

--- Where the file lies that calls us: what it names lies beside it.
local function caller()
  local info = not spec.loading and misuse.caller()
  local path = spec.loading and spec.loading.path or info and info.source:match "^@(.*)$"
  return path, path and path:match "^(.*/)" or ""
end

--- Check what a lab file says. Raises at its line, naming the field, for what is wrong.
---@param given table
---@param beside? string the folder of the files that it names; nil: that of the caller's file
---@return lualogue.lab.Spec
function spec.new(given, beside)
  if getmetatable(given) == metatable then return given end
  check_fields(given)
  local path, folder = nil, beside
  if not beside then path, folder = caller() end
  local self = setmetatable({
    name = given.name, path = path, folder = folder, prompts = {}, models = {}, vary = {},
    params = given.params or {}, repeats = given.repeats or 1, prices = given.prices or {},
    cassette = given.cassette, warnings = {},
  }, metatable)
  add_models(self, given.models)
  add_prompts(self, given.prompts)
  add_axes(self, given.vary)
  local inputs, why = rows.of(given.inputs, folder)
  if not inputs then bad("inputs%s", why) end
  self.inputs = inputs
  add_checks(self, given.check)
  check_variables(self)
  check_sendable(self)
  return self
end

--- Whether a value is what `new` gives.
---@param value any
---@return boolean
function spec.is(value) return getmetatable(value) == metatable end

return spec
