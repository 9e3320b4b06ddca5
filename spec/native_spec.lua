-- When the native module cannot be loaded: one line that says why, and what to do.
local program = require "spec.support.program"

local LUA = os.getenv "LLG_LUA" or "lua5.4"
local BUILD = os.getenv "LLG_BUILD" or "build"
-- Another Lua than the one under test, with another C interface.
local OTHER = (LUA == "lua5.4") and "luajit" or "lua5.4"

-- What fails where a module is not there.
local USES = {
  core = [[require("lualogue").new, { api_key = "k" }]],
  tokenizer = [[require("lualogue.tokens").encoding, "o200k_base"]],
}

--- The message with which `module` fails where modules are found by this LUA_CPATH.
local function refusal(cpath, module, interpreter)
  local version = _VERSION:match "%d+%.%d+":gsub("%.", "_")
  local code_of_use = ([[
    local ok, message = pcall(%s)
    assert(not ok and type(message) == "string")
    io.write(message)
  ]]):format(USES[module or "core"])
  local environment = ("-u LUA_CPATH_%s LUA_CPATH=%s"):format(version, program.quote(cpath))
  local output, code
  if interpreter then
    output, code = program.run(("%s %s -e %s"):format(environment, interpreter, program.quote(code_of_use)))
  else
    output, code = program.lua(code_of_use, environment)
  end
  assert.equal(0, code, output)
  assert.is_nil(output:find("\n", 1, true), "more than one line:\n" .. output)
  return output
end

--- Which Lua runs, as the message has it.
local function running()
  return _VERSION .. (rawget(_G, "jit") and " (" .. rawget(_G, "jit").version .. ")" or "")
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read "*a"
  file:close()
  return bytes
end

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

--- Run `body(cpath)` with a folder in which lualogue/core.so has these bytes.
local function with_core(bytes, body)
  program.with_folder(function(folder)
    assert(program.run("mkdir " .. program.quote(folder .. "/lualogue")))
    write(folder .. "/lualogue/core.so", bytes)
    body(folder .. "/?.so")
  end)
end

describe("a native module", function()
  it("that is nowhere is said to be nowhere", function()
    local message = refusal "/nowhere/?.so"
    assert.truthy(message:find("^lualogue%.core is not on package%.cpath for "), message)
    assert.truthy(message:find(running(), 1, true), message)
    assert.truthy(message:find("make build LUA=" .. LUA .. ",", 1, true), message)
    message = refusal("/nowhere/?.so", "tokenizer")
    assert.truthy(message:find("^lualogue%.tokenizer is not on package%.cpath for "), message)
  end)

  it("that is nowhere, in folders whose names speak of other things, is still nowhere", function()
    local message = refusal "/opt/libcurl.so: cannot open shared object/undefined symbol: lua_x/?.so"
    assert.truthy(message:find("^lualogue%.core is not on package%.cpath for "), message)
  end)

  it("built for another Lua is said to be so", function()
    local target = ("%s/other/%s/lualogue/core.so"):format(BUILD, OTHER)
    -- A make of its own: it inherits nothing of the one that runs the specs.
    local output, code = program.run(("-u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s LUA=%s BUILD=%s/other OPT=-O0 %s"):format(
      OTHER, BUILD, target))
    assert.equal(0, code, output)
    local message = refusal(("%s/other/%s/?.so"):format(BUILD, OTHER))
    local other = OTHER == "luajit" and "Lua 5.1" or "Lua 5.4" -- LuaJIT's interface is that of 5.1
    assert.truthy(message:find("^lualogue%.core was built for " .. other .. ", and this is "), message)
    assert.truthy(message:find(running(), 1, true), message)
    assert.truthy(message:find("undefined symbol: lua", 1, true), message)
  end)

  it("whose libcurl is missing is said to miss it", function()
    local bytes, n = read(("%s/%s/lualogue/core.so"):format(BUILD, LUA)):gsub("libcurl%.so%.4", "libcurl.so.9")
    assert.is_true(n > 0, "the module does not name libcurl.so.4")
    with_core(bytes, function(cpath)
      local message = refusal(cpath)
      assert.truthy(message:find("^lualogue%.core needs libcurl, which this machine does not have"), message)
      assert.truthy(message:find("libcurl.so.9", 1, true), message)
    end)
  end)

  it("that is broken is said to be so in the loader's words", function()
    with_core("no shared object", function(cpath)
      local message = refusal(cpath)
      assert.truthy(message:find("lualogue/core.so", 1, true), message)
      assert.is_nil(message:find("needs libcurl", 1, true), message)
      assert.is_nil(message:find("another Lua", 1, true), message)
    end)
  end)

  it("that could not be loaded is tried again at the next call", function()
    local output = program.lua([[
      local cpath = package.cpath
      package.cpath = "/nowhere/?.so"
      local lualogue = require "lualogue"
      local first = pcall(lualogue.new, { api_key = "k" })
      package.cpath = cpath
      print(first, pcall(lualogue.new, { api_key = "k" }))
    ]])
    assert.truthy(output:find "^false\ttrue\t", output)
  end)

  it("whose program hides its Lua is told so, and not that it is another Lua", function()
    local host = ("%s/%s/secretive_host"):format(BUILD, LUA)
    local cpath = ("%s/%s/?.so"):format(BUILD, LUA)
    for _, module in ipairs { "core", "tokenizer" } do
      local message = refusal(cpath, module, host)
      assert.truthy(message:find("^lualogue%.%a+ is built for this Lua, "), message)
      assert.truthy(message:find("hides it from modules", 1, true), message)
      assert.truthy(message:find("undefined symbol: lua", 1, true), message)
    end
  end)

  it("of a Lua whose numbers are of another width is refused", function()
    program.with_folder(function(folder)
      local headers = assert(program.run("pkg-config --cflags-only-I " .. LUA)):match "%-I(%S+)"
      local output, code = program.run(("cp -r %s/. %s"):format(headers, folder))
      assert.equal(0, code, output)
      local path = folder .. "/luaconf.h"
      local conf = read(path):gsub("#define LUA_32BITS%s+0", "#define LUA_32BITS 1")
        :gsub("#define LUA_NUMBER%s+double", "#define LUA_NUMBER float"):gsub("/%* #define LUA_32BITS %*/", "#define LUA_32BITS")
      write(path, conf)
      -- The core's objects are those of the other Lua, above.
      local narrow = "narrow-" .. LUA
      program.run(("rm -rf %s/other/%s"):format(BUILD, narrow))
      output, code = program.run(("-u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s LUA=%s BUILD=%s/other OPT=-O0 CFLAGS=-w LUA_INC=-I%s %s/other/%s/lualogue/core.so"):format(
        narrow, BUILD, folder, BUILD, narrow))
      assert.equal(0, code, output)
      local message = refusal(("%s/other/%s/?.so"):format(BUILD, narrow))
      assert.truthy(message:find("^lualogue%.core was built for a Lua whose numbers have another width"), message)
      assert.truthy(message:find("make build LUA=" .. LUA, 1, true), message)
    end)
  end)

  it("that is broken is not cut at its colon: the tokenizer", function()
    program.with_folder(function(folder)
      assert(program.run("mkdir " .. program.quote(folder .. "/lualogue")))
      write(folder .. "/lualogue/tokenizer.so", "no shared object")
      local message = refusal(folder .. "/?.so", "tokenizer")
      assert.truthy(message:find "tokenizer%.so'?: %S", message)
    end)
  end)

  it("says what is wrong with an old libcurl to those who ask, and writes to nobody's terminal", function()
    local code = [[
      local lualogue = require "lualogue"
      lualogue.new { api_key = "k" }
      print(#lualogue.features.warnings, lualogue.features.dns_never_blocks)
      print(lualogue.features.warnings[1])
    ]]
    local output, exit = program.lua(code)
    assert.equal(0, exit, output)
    assert.equal(select(2, pcall(require, "lualogue.core")).features().dns_never_blocks and "0\ttrue\nnil\n" or nil, output)
    output, exit = program.lua(code, ("LD_PRELOAD=%s/aid/old_libcurl.so ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:detect_leaks=0"):format(BUILD))
    assert.equal(0, exit, output)
    assert.matches("^1\tfalse\nthis libcurl may wait for a name lookup [^\n]*\n$", output)
  end)
end)
