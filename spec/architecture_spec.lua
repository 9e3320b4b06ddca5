-- The house plan, checked against the sources: which file may know which, what is exported,
-- what is banned, how long a file may be.

local sources = require "spec.support.sources"

local BUILD = os.getenv("LLG_BUILD") or "build"
local LUA = os.getenv("LLG_LUA") or "lua5.4"

-- The rooms of csrc, each with the rooms that it may know. A room's files may know each other
-- as long as no two need each other; of another room only its doors are open, where some are named.
local ROOMS = {
  ["core/base"] = {},
  ["core/events"] = { "core/base" },
  ["core/vectors"] = { "core/base" },
  ["core/tokenizer"] = { "core/base" },
  ["core/http"] = { "core/base", "core/events" },
  ["binding/json"] = { "core/base", "binding" },
  ["binding"] = { "core/base", "core/events", "core/vectors", "core/tokenizer", "core/http", "binding/json" },
}
local DOORS = {
  ["core/tokenizer"] = { tokenizer = true },
  ["core/http"] = { pool = true, exchange = true, request = true, retry = true, features = true,
    progress = true },
  ["binding/json"] = { json = true, encode = true, decode = true, chunk = true, library = true },
}
-- What the room inside a room may know of the one around it.
local FROM_INSIDE = { ["binding/json"] = { compat = true, object = true, vector = true } }
-- All that the tokenizer may know of core/base, since its module has nothing else.
local FOR_TOKENIZER = { memory = true, status = true, buffer = true }
-- Who may talk to libcurl; everything else in the core is bytes and arithmetic.
local CURL = { player = true, features = true, request = true, easy = true, multi = true, exchange = true, receive = true,
  transport = true, openssl = true, crowd = true, tls_end = true, outcome = true, attempt = true, send = true }

-- Longer than the budget, each with its reason.
local MAY_BE_LONG = {
  -- Made from the API's description, and read by editors.
  ["lua/lualogue/types/api/admin.lua"] = true, ["lua/lualogue/types/api/beta.lua"] = true,
}
-- Programs that make or compare data, no part of a module.
local PROGRAMS = "^csrc/core/tokenizer/[^/]+/"
local function is_program(path) return path:find(PROGRAMS) ~= nil end
local C_LINES, LUA_LINES, FUNCTION_LINES = 350, 300, 60

-- Functions of values: no core, no libcurl, nothing that loads them.
local PURE = { "delta", "dotenv", "trim", "models", "tokens", "errors", "misuse", "types",
  "schema", "partial_json", "terminal" }

local TOP_LEVEL = {
  ["README.md"] = true, ["CHANGELOG.md"] = true, ["CONTRIBUTING.md"] = true,
  LICENSE = true, Makefile = true, ["lualogue-scm-1.rockspec"] = true,
  csrc = true, lua = true, spec = true, examples = true,
}

--- Fail with everything that was found, not only the first.
local function none(found, what)
  if #found > 0 then
    error(("%s:\n  %s"):format(what, table.concat(found, "\n  ")), 2)
  end
end

local stripped = {} -- path -> its C source without comments and literals
local function code_of(path)
  stripped[path] = stripped[path] or sources.strip_c(sources.read(path))
  return stripped[path]
end

local function includes(path)
  local found = {}
  sources.each_line(code_of(path), function(line, number)
    local name = line:match("^%s*#%s*include%s*<([^>]+)>")
    if name then found[#found + 1] = { name = name, at = ("%s:%d"):format(path, number) } end
  end)
  return found
end

--- "csrc/core/http/pool.c" -> "core/http", "pool"
local function place_of(path)
  return path:match("^csrc/(.+)/([^/]+)%.[ch]$")
end

--- The project's file that `name`, included by `path`, means; nil for a system's header.
local function target_of(path, name)
  local target = path:match("^(.*/)") .. name
  while target:find("[^/]+/%.%./") do target = target:gsub("[^/]+/%.%./", "", 1) end
  return sources.exists(target) and target or nil
end

local function has(list, value)
  for _, item in ipairs(list) do
    if item == value then return true end
  end
  return false
end

local csrc = sources.matching("^csrc/.+%.[ch]$")
local binding = sources.matching("^csrc/binding/.+%.[ch]$")

-- A unit is a .c with its .h: unit -> { unit it needs = where it says so }
local needs = {}
for _, path in ipairs(csrc) do
  local unit = path:gsub("%.[ch]$", "")
  needs[unit] = needs[unit] or {}
  for _, include in ipairs(includes(path)) do
    local target = target_of(path, include.name)
    local other = target and target:gsub("%.[ch]$", "")
    if other and other ~= unit then needs[unit][other] = include.at end
  end
end

describe("the rooms of csrc", function()
  it("know only those below them, by their doors", function()
    local found = {}
    for _, path in ipairs(csrc) do
      local room, part = place_of(path)
      if room and not is_program(path) then
        local may = ROOMS[room]
        if not may then found[#found + 1] = path .. ": in no room that this spec knows" end
        for _, include in ipairs(includes(path)) do
          local target = target_of(path, include.name)
          local there, door = nil, nil
          if target then there, door = place_of(target) end
          if may and there and there ~= room then
            local inside = (FROM_INSIDE[room] or {})[door] or there ~= "binding"
            local open = not DOORS[there] or DOORS[there][door]
            if room == "core/tokenizer" then open = FOR_TOKENIZER[door] end
            if not has(may, there) or not inside or not open then
              found[#found + 1] = ("%s: %s/%s may not know %s/%s"):format(
                include.at, room, part, there, door)
            end
          end
        end
      end
    end
    none(found, "an arrow that the plan does not draw")
  end)

  it("have no two files that need each other", function()
    local state, found = {}, {}
    local function visit(unit, trail)
      if state[unit] == "open" then found[#found + 1] = trail end
      if state[unit] then return end
      state[unit] = "open"
      for other in pairs(needs[unit] or {}) do visit(other, trail .. " -> " .. other) end
      state[unit] = "done"
    end
    for unit in pairs(needs) do visit(unit, unit) end
    none(found, "files in a circle")
  end)
end)

describe("the C core", function()
  it("knows no Lua", function()
    local found = {}
    for _, path in ipairs(sources.matching("^csrc/core/.+%.[ch]$")) do
      for _, include in ipairs(includes(path)) do
        local name = include.name
        if name:find("^lua") or name:find("lauxlib") or name:find("binding/") then
          found[#found + 1] = ("%s includes %s"):format(include.at, include.name)
        end
      end
    end
    none(found, "csrc/core may not know Lua or the binding")
  end)

  it("talks to libcurl in few places", function()
    local found = {}
    for _, path in ipairs(sources.matching("^csrc/core/.+%.[ch]$")) do
      local room, name = place_of(path)
      for _, include in ipairs(includes(path)) do
        if include.name:find("^curl/") and not (room == "core/http" and CURL[name]) then
          found[#found + 1] = include.at .. " includes " .. include.name
        end
      end
    end
    none(found, "only features, request, easy, multi and exchange may include curl")
  end)

  it("has no lua_ symbol in its objects", function()
    local found, objects = {}, 0
    for _, path in ipairs(sources.matching("^csrc/core/.+%.c$")) do
      local object = path:gsub("^csrc", BUILD):gsub("%.c$", ".o")
      if sources.exists(object) then
        objects = objects + 1
        for _, line in ipairs(sources.lines_of("nm -u " .. object)) do
          if line:find("%slua") then found[#found + 1] = object .. ":" .. line end
        end
      end
    end
    assert.is_true(objects > 0, "no object found below " .. BUILD .. "/core")
    none(found, "csrc/core may not need Lua")
  end)
end)

describe("the binding", function()
  it("knows no curl", function()
    local found = {}
    for _, path in ipairs(binding) do
      for _, include in ipairs(includes(path)) do
        if include.name:find("curl") then
          found[#found + 1] = include.at .. " includes " .. include.name
        end
      end
    end
    none(found, "csrc/binding may not know libcurl")
  end)

  it("does not reach curl through the core's headers either", function()
    local found, seen = {}, {}
    local function follow(path, way)
      if seen[path] then return end
      seen[path] = true
      for _, include in ipairs(includes(path)) do
        local target = target_of(path, include.name)
        if include.name:find("^curl/") then
          found[#found + 1] = way .. " includes " .. include.name
        elseif target and target:find("^csrc/core/") then
          follow(target, way .. " > " .. include.name)
        end
      end
    end
    for _, path in ipairs(binding) do follow(path, path) end
    none(found, "what csrc/binding includes of the core may not need libcurl")
  end)

  it("asks for Lua's version and headers in compat.h only", function()
    local found = {}
    for _, path in ipairs(csrc) do
      if path ~= "csrc/binding/compat.h" then
        sources.each_line(code_of(path), function(line, number)
          local word = line:match("LUA_VERSION_NUM") or line:match("LUAJIT_VERSION")
            or line:match("#%s*include%s*<(lua[%w]*%.h)>")
            or line:match("#%s*include%s*<(lauxlib%.h)>")
          if word then found[#found + 1] = ("%s:%d: %s"):format(path, number, word) end
        end)
      end
    end
    none(found, "only csrc/binding/compat.h may ask which Lua this is")
  end)

  it("exports nothing but luaopen_*", function()
    local modules = sources.lines_of(("ls %s/%s/lualogue/*.so"):format(BUILD, LUA))
    assert.is_true(#modules > 0, "no module found below " .. BUILD .. "/" .. LUA)
    local found = {}
    for _, module in ipairs(modules) do
      local name, opener = module:match("([^/]+)%.so$"), false
      for _, line in ipairs(sources.lines_of("nm -D --defined-only " .. module)) do
        local symbol = line:match("%S+$")
        if symbol == "luaopen_lualogue_" .. name then
          opener = true
        elseif not symbol:find("^__?[a-z]*san_") and not symbol:find("^__odr_asan") then
          found[#found + 1] = module .. ": " .. symbol
        end
      end
      if not opener then found[#found + 1] = module .. ": no luaopen_lualogue_" .. name end
    end
    none(found, "exported symbols")
  end)
end)

describe("all C sources", function()
  it("call no banned function", function()
    local banned = {}
    for name in ([[
      strcpy strcat sprintf vsprintf strncpy strncat strtok strtok_r gets scanf sscanf fscanf
      atoi atol atoll atof gmtime localtime ctime asctime mktime strptime strerror setlocale
      signal rand srand random srandom abort exit _exit quick_exit assert tmpnam mktemp system
      popen alloca getwd
    ]]):gmatch("%S+") do banned[name] = true end
    local found = {}
    for _, path in ipairs(csrc) do
      banned.exit = not is_program(path)
      sources.each_line(code_of(path), function(line, number)
        for before, name in (" " .. line):gmatch("([^%w_])([%a_][%w_]*)%s*%(") do
          if banned[name] and before ~= "." and before ~= ">" then
            found[#found + 1] = ("%s:%d: %s"):format(path, number, name)
          end
        end
      end)
    end
    none(found, "banned functions")
  end)

  it("allocate in the core through memory.h only", function()
    local own = { malloc = true, calloc = true, realloc = true, free = true, strdup = true,
      strndup = true, reallocarray = true, aligned_alloc = true }
    local found = {}
    for _, path in ipairs(sources.matching("^csrc/core/.+%.c$")) do
      if path ~= "csrc/core/base/memory.c" and not is_program(path) then
        sources.each_line(code_of(path), function(line, number)
          for name in (" " .. line):gmatch("[^%w_]([%a_][%w_]*)%s*%(") do
            if own[name] then found[#found + 1] = ("%s:%d: %s"):format(path, number, name) end
          end
        end)
      end
    end
    none(found, "allocation past core/base/memory.h, where a test can make it fail")
  end)
end)

describe("the Lua modules", function()
  local requires = {} -- module -> { module it requires, wherever in the file = line }
  for _, path in ipairs(sources.matching("^lua/lualogue/.+%.lua$")) do
    local module = path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")
    requires[module] = {}
    sources.each_line(sources.read(path), function(line, number)
      local code = line:gsub("%-%-.*$", "")
      for name in code:gmatch("require%s*%(?%s*[\"'](lualogue[%w_%.]*)[\"']") do
        requires[module][name] = ("%s:%d"):format(path, number)
      end
    end)
  end

  --- What a module reaches, itself left out unless in a circle: name -> the trail to it.
  local function reach(module)
    local found = {}
    local function visit(name, trail)
      for other in pairs(requires[name] or {}) do
        if not found[other] then
          found[other] = trail .. " -> " .. other
          visit(other, found[other])
        end
      end
    end
    visit(module, module)
    return found
  end

  it("require in no circle", function()
    local found = {}
    for module in pairs(requires) do
      local trail = reach(module)[module]
      if trail then found[#found + 1] = trail end
    end
    none(found, "modules that require each other")
  end)

  it("keep what is pure away from the core", function()
    local found = {}
    for module in pairs(requires) do
      local pure = module:find("%.types$")
      for _, name in ipairs(PURE) do
        local full = "lualogue." .. name
        pure = pure or module == full or module:sub(1, #full + 1) == full .. "."
      end
      local trail = pure and (reach(module)["lualogue.core"] or reach(module)["lualogue"])
      if trail then found[#found + 1] = trail end
    end
    none(found, "pure modules that need the core")
  end)

  it("write no globals", function()
    local found = {}
    for _, path in ipairs(sources.matching("^lua/.+%.lua$")) do
      local listing = sources.lines_of("luac5.4 -l -p " .. path)
      assert.is_true(#listing > 0, "luac5.4 says nothing of " .. path)
      for _, line in ipairs(listing) do
        local at, name = line:match("%[(%d+)%]%s+SETTABUP%s.*;%s*_ENV%s+(%S+)")
        if at then found[#found + 1] = ("%s:%s: %s"):format(path, at, name) end
      end
    end
    none(found, "globals")
  end)
end)

describe("the sources", function()
  it("keep to their budgets of lines", function()
    local found = {}
    for _, path in ipairs(sources.matching("%.[ch]$")) do
      local budget = path:find("^csrc/") and C_LINES or nil
      local _, lines = sources.read(path):gsub("\n", "\n")
      if budget and lines > budget and not MAY_BE_LONG[path] then
        found[#found + 1] = ("%s: %d lines, the budget is %d"):format(path, lines, budget)
      end
    end
    for _, path in ipairs(sources.matching("%.lua$")) do
      local budget = (path:find("^lua/") or path:find("^examples/")) and LUA_LINES or nil
      if path:find("^examples/[^/]+%.lua$") then budget = 60 end
      local _, lines = sources.read(path):gsub("\n", "\n")
      if budget and lines > budget and not MAY_BE_LONG[path] then
        found[#found + 1] = ("%s: %d lines, the budget is %d"):format(path, lines, budget)
      end
    end
    none(found, "too long to read in one sitting")
  end)

  it("keep C functions short", function()
    local found = {}
    for _, path in ipairs(csrc) do
      local head, name
      sources.each_line(code_of(path), function(line, number)
        if line:find("^[%a_]") and not line:find("^[%w_]+:$") then
          head, name = number, line:match("([%a_][%w_]*)%(") or line
        elseif line == "}" and head then
          local lines = number - head + 1
          if lines > FUNCTION_LINES then
            found[#found + 1] = ("%s:%d: %s has %d lines"):format(path, head, name, lines)
          end
        end
      end)
    end
    none(found, "functions over " .. FUNCTION_LINES .. " lines")
  end)

  it("name no place, registry or secret", function()
    local patterns = {
      ["an absolute path"] = { "/work/", "/home/%w", "/root/", "/Users/%w" },
      ["a registry host"] = {
        "registry%.npmjs", "pypi%.org", "pythonhosted", "deb%.debian%.org", "luarocks%.org",
        "proxy%.golang", "crates%.io", "registry%.yarnpkg",
      },
      ["a secret"] = {
        "sk%-proj%-%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w", "sk%-ant%-%w", "ghp_%w%w%w%w%w%w%w%w",
        "sk%-" .. ("%w"):rep(32), "AKIA" .. ("[%u%d]"):rep(16), "hf_" .. ("%w"):rep(20),
        "BEGIN %u* ?PRIVATE KEY",
      },
    }
    local found = {}
    for _, path in ipairs(sources.all()) do
      local text = sources.read(path)
      -- This file holds the patterns; binary files hold anything.
      if path ~= "spec/architecture_spec.lua" and not text:sub(1, 8000):find("%z") then
        for what, list in pairs(patterns) do
          for _, pattern in ipairs(list) do
            local at = text:find(pattern)
            if at then
              local _, line = text:sub(1, at):gsub("\n", "\n")
              found[#found + 1] = ("%s:%d: %s"):format(path, line + 1, what)
            end
          end
        end
      end
    end
    none(found, "not in a public repository")
  end)

  it("fill the top level with nothing else", function()
    local found = {}
    for _, path in ipairs(sources.all()) do
      local top = path:match("^[^/]+")
      if not TOP_LEVEL[top] and top:sub(1, 1) ~= "." then found[#found + 1] = path end
    end
    none(found, "not at the top level")
  end)
end)
