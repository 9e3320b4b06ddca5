-- When the native module cannot be loaded: one line that says why, and what to do.
local program = require "spec.support.program"

local LUA = os.getenv "LLG_LUA" or "lua5.4"
local BUILD = os.getenv "LLG_BUILD" or "build"
-- Another Lua than the one under test, with another C interface.
local OTHER = (LUA == "lua5.4") and "luajit" or "lua5.4"

--- The message with which lualogue.new fails where modules are found by this LUA_CPATH.
local function refusal(cpath)
  local version = _VERSION:match "%d+%.%d+":gsub("%.", "_")
  local output, code = program.lua([[
    local ok, message = pcall(require("lualogue").new, { api_key = "k" })
    assert(not ok and type(message) == "string")
    io.write(message)
  ]], ("-u LUA_CPATH_%s LUA_CPATH=%s"):format(version, program.quote(cpath)))
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
    assert.truthy(message:find("make build", 1, true), message)
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

  it("with a libcurl that waits for name lookups says so once", function()
    local output, code = program.lua [[
      local core = require "lualogue.core"
      core.dns_never_blocks = false -- as with libcurl before 7.87
      local lualogue = require "lualogue"
      lualogue.new { api_key = "k" }
      lualogue.new { api_key = "k" }
    ]]
    assert.equal(0, code, output)
    assert.equal(1, select(2, output:gsub("name lookup", "")), output)
  end)
end)
