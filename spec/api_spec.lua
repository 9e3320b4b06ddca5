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
  found.returns = sources.read(path):match("\nreturn%s+([%a_][%w_]*)%s*$")
  parsed[#parsed + 1] = found
end

--- The variables of a file whose functions are public: what it returns, and its classes.
local function owners_of(found)
  local owners = {}
  if found.returns then owners[found.returns] = true end
  for _, field in ipairs(found.fields) do
    if field.class then owners[field.name] = true end
  end
  return owners
end

--- (owner, key, is a method) of "owner.key" and "owner:key".
local function split(name)
  local owner, separator, key = name:match("^([%a_][%w_]*)([.:])([%a_][%w_]*)$")
  return owner, key, separator == ":"
end

--- Call fn(found, definition, owner, key) for each public function that a source defines.
local function each_public(fn)
  for _, found in ipairs(parsed) do
    local owners = owners_of(found)
    for _, definition in ipairs(found.functions) do
      local owner, key = split(definition.name)
      local public = owner and (owners[owner] or found.meta) and not key:find("^_")
      if public and not definition.private then fn(found, definition, owner, key) end
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
    each_public(function(found, definition)
      if not definition.documented or #definition.text == 0 then
        missing[#missing + 1] = ("%s:%d: %s"):format(found.path, definition.at, definition.name)
      end
    end)
    none(missing, "public functions without a word")
  end)

  it("list the parameters of every function, in order", function()
    local wrong = {}
    local function check(found, definition)
      local code, said = names(definition.code_params), names(definition.params)
      if not definition.type and code ~= said then
        wrong[#wrong + 1] = ("%s:%d: %s(%s) is annotated (%s)"):format(
          found.path, definition.at, definition.name, code, said)
      end
    end
    each_public(check)
    for _, found in ipairs(parsed) do
      for _, definition in ipairs(found.functions) do
        if #definition.params > 0 then check(found, definition) end
      end
    end
    none(wrong, "parameter lists")
  end)

  it("refer to types that are declared", function()
    local declared, unknown = {}, {}
    for _, found in ipairs(parsed) do
      for _, class in ipairs(found.classes) do declared[class.name] = true end
      for _, alias in ipairs(found.aliases) do declared[alias.name] = true end
    end
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
        for _, declared in ipairs(list) do
          local here = ("%s:%d"):format(found.path, declared.at)
          if at[declared.name] then
            local again = ("%s: %s, also at %s"):format(here, declared.name, at[declared.name])
            twice[#twice + 1] = again
          end
          at[declared.name] = here
        end
      end
    end
    none(twice, "types declared twice")
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
