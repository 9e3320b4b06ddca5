-- The public API and its LuaLS annotations agree: nobody's editor may promise what is not
-- there, or keep silent about what is.

local annotations = require "spec.support.annotations"
local sources = require "spec.support.sources"

--- Fail with everything that was found, not only the first.
local function none(found, what)
  if #found > 0 then
    error(("%s:\n  %s"):format(what, table.concat(found, "\n  ")), 2)
  end
end

local parsed = {} -- in the order of the paths
for _, path in ipairs(sources.matching("^lua/lualogue/.+%.lua$")) do
  local found = annotations.parse(path)
  found.module = path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")
  local source = sources.read(path)
  found.returns = source:match("\nreturn%s+([%a_][%w_]*)%s*$")
    or source:match("\nreturn%s+setmetatable%(([%a_][%w_]*)")
  parsed[#parsed + 1] = found
end

--- (owner, key) of "owner.key" and "owner:key".
local function split(name)
  return name:match("^([%a_][%w_]*)[.:]([%a_][%w_]*)$")
end

-- Everything that stands in the sources, by the type that it belongs to: a class, or a module
-- under its own name.
local members, refers, declared = {}, {}, {}

local function belongs(type, definition)
  members[type] = members[type] or {}
  refers[type] = refers[type] or {}
  table.insert(members[type], definition)
  for _, other in ipairs(definition.types) do table.insert(refers[type], other) end
end

for _, found in ipairs(parsed) do
  local owners = {} -- variable -> class
  for _, field in ipairs(found.fields) do
    if field.class then owners[field.name] = field.class.name end
  end
  for _, list in ipairs({ found.classes, found.aliases }) do
    for _, type in ipairs(list) do
      declared[type.name] = true
      refers[type.name] = refers[type.name] or {}
      for _, other in ipairs(type.types) do table.insert(refers[type.name], other) end
    end
  end
  for _, list in ipairs({ found.functions, found.fields }) do
    for _, definition in ipairs(list) do
      definition.path = found.path
      local owner, key = split(definition.name)
      if owner and not key:find("^_") and not definition.private then
        if owners[owner] then belongs(owners[owner], definition) end
        if owner == found.returns then belongs(found.module, definition) end
      end
    end
  end
end

-- What a user requires by name; everything public can be reached from there, by the types that
-- the annotations speak of.
local ENTRIES = { "lualogue", "lualogue.json", "lualogue.tokens", "lualogue.trim", "lualogue.models",
  "lualogue.schema", "lualogue.partial_json", "lualogue.dialogue", "lualogue.lab" }

local public = {}
local function reach(type)
  if public[type] then return end
  public[type] = true
  for _, other in ipairs(refers[type] or {}) do reach(other) end
end
for _, entry in ipairs(ENTRIES) do reach(entry) end

--- Call fn(definition) for each public function that a source defines.
local function each_public(fn)
  for type in pairs(public) do
    for _, definition in ipairs(members[type] or {}) do
      if definition.code_params then fn(definition) end
    end
  end
end

local function names(params)
  local list = {}
  for i, param in ipairs(params) do list[i] = type(param) == "table" and param.name or param end
  return table.concat(list, ", ")
end

describe("the annotations", function()
  it("are ones that LuaLS knows", function()
    local problems = {}
    for _, found in ipairs(parsed) do
      for _, problem in ipairs(found.problems) do
        problems[#problems + 1] = ("%s:%d: %s"):format(found.path, problem.at, problem.what)
      end
    end
    assert.is_true(#parsed > 0, "no source found")
    none(problems, "annotations that no editor understands")
  end)

  it("describe every public function", function()
    local missing = {}
    each_public(function(definition)
      if not definition.documented or #definition.text == 0 then
        local at = ("%s:%d"):format(definition.path, definition.at)
        missing[#missing + 1] = ("%s: %s"):format(at, definition.name)
      end
    end)
    none(missing, "public functions without a word")
  end)

  it("list the parameters of every function, in order", function()
    local wrong = {}
    local function check(definition)
      local code, said = names(definition.code_params), names(definition.params)
      if not definition.type and code ~= said then
        wrong[#wrong + 1] = ("%s:%d: %s(%s) is annotated (%s)"):format(
          definition.path, definition.at, definition.name, code, said)
      end
    end
    each_public(check)
    for _, found in ipairs(parsed) do
      for _, definition in ipairs(found.functions) do
        if #definition.params > 0 then check(definition) end
      end
    end
    none(wrong, "parameter lists")
  end)

  it("refer to types that are declared", function()
    local unknown = {}
    for _, found in ipairs(parsed) do
      for _, used in ipairs(found.types) do
        -- A name in running text behind the type is no type.
        local quoted = used.line:find('["\'`]' .. used.name, 1)
        if not declared[used.name] and not quoted then
          unknown[#unknown + 1] = ("%s:%d: %s"):format(found.path, used.at, used.name)
        end
      end
    end
    none(unknown, "types that no file declares")
  end)

  it("declare each type once", function()
    local at, twice = {}, {}
    for _, found in ipairs(parsed) do
      for _, list in ipairs({ found.classes, found.aliases }) do
        for _, type in ipairs(list) do
          local here = ("%s:%d"):format(found.path, type.at)
          if at[type.name] then
            local again = ("%s: %s, also at %s"):format(here, type.name, at[type.name])
            twice[#twice + 1] = again
          end
          at[type.name] = here
        end
      end
    end
    none(twice, "types declared twice")
  end)
end)

describe("the fields of a class", function()
  -- Everything that is code: Lua without comments, C without comments.
  local code = {}
  for _, path in ipairs(sources.matching("^lua/.+%.lua$")) do
    code[#code + 1] = sources.read(path):gsub("%-%-[^\n]*", "")
  end
  for _, path in ipairs(sources.matching("^csrc/binding/.+%.[ch]$")) do
    code[#code + 1] = sources.read(path):gsub("/%*.-%*/", "")
  end
  code = table.concat(code, "\n")

  --- Whether some code says `x.name`, `name = ` or `"name"`.
  local function occurs(name)
    return code:find("%." .. name .. "%f[^%w_]") or code:find("%f[%w_]" .. name .. "%s*=[^=]")
      or code:find('"' .. name .. '"', 1, true)
  end

  it("occur in the code, where they are not the server's", function()
    local idle = {}
    for _, found in ipairs(parsed) do
      for _, class in ipairs(found.meta and {} or found.classes) do
        for _, field in ipairs(class.fields) do
          if field.name:find("^[%a_]") and not occurs(field.name) then
            local at = ("%s:%d"):format(found.path, field.at)
            idle[#idle + 1] = ("%s: %s.%s"):format(at, class.name, field.name)
          end
        end
      end
    end
    none(idle, "fields that no code knows")
  end)
end)

describe("every module", function()
  for _, found in ipairs(parsed) do
    if not found.meta then
      it(found.module .. " documents what it returns", function()
        local module = require(found.module)
        local documented, silent = {}, {}
        for _, list in ipairs({ found.functions, found.fields }) do
          for _, definition in ipairs(list) do
            local owner, key = split(definition.name)
            local here = owner == found.returns or definition.name:find("^[%a_][%w_]*$")
            if here and definition.documented then documented[key or definition.name] = true end
          end
        end
        if type(module) == "table" then
          for key, value in pairs(module) do
            if type(value) == "function" and not documented[key] and not tostring(key):find("^_") then
              silent[#silent + 1] = ("%s.%s"):format(found.module, tostring(key))
            end
          end
        end
        table.sort(silent)
        none(silent, "functions that the module has and its annotations have not")
      end)
    end
  end
end)
