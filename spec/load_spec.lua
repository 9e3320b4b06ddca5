-- What loading lualogue costs and changes: nothing that was not asked for.
local program = require "spec.support.program"

--- What a new process prints; it must come to a good end.
local function run(code, environment)
  local output, code_of_exit = program.lua(code, environment)
  assert.equal(0, code_of_exit, output)
  return (output:gsub("\t", " "))
end

-- local function mapped(what): whether a file is mapped into this process
local MAPS = [[
  local function mapped(what)
    local file = assert(io.open "/proc/self/maps")
    local maps = file:read "*a"
    file:close()
    return maps:find(what, 1, true) ~= nil
  end
]]

-- A client that meets everything that loads late: libcurl, JSON, a request that fails.
local USE = [[
  local client = lualogue.new { base_url = "http://127.0.0.1:1/v1", api_key = "k", max_retries = 0 }
  local reply, err = client:chat { model = "m", messages = { { role = "user", content = "Hi" } } }
  assert(reply == nil and err.kind == "connection", tostring(err))
  assert(lualogue.json.decode('{"x":[1,2.5,null]}').x[2] == 2.5)
  assert(lualogue.json.encode({ x = 0.1 }) == '{"x":0.1}')
]]

describe("require 'lualogue'", function()
  it("loads neither the core nor libcurl; new does", function()
    assert.equal("false false\nfalse false\ntrue true\n", run(MAPS .. [[
      print(mapped "lualogue/core.so", mapped "libcurl")
      local lualogue = require "lualogue"
      assert(package.loaded["lualogue.core"] == nil)
      print(mapped "lualogue/core.so", mapped "libcurl")
      lualogue.new { base_url = "http://127.0.0.1:1/v1" }
      print(mapped "lualogue/core.so", mapped "libcurl")
    ]]))
  end)

  it("loads no lua-cjson before there is a client, and the tokenizer never", function()
    assert.equal("same true false\n", run(MAPS .. [[
      -- An interpreter that is built for tests may have it from the beginning.
      local function cjson() return tostring(package.loaded.cjson) .. tostring(mapped "cjson") end
      local before = cjson()
      local lualogue = require "lualogue"
      local same = cjson() == before and "same"
      lualogue.new { base_url = "http://127.0.0.1:1/v1" }
      print(same, lualogue.json.library() == "linked" or mapped "cjson", mapped "lualogue/tokenizer.so")
    ]]))
  end)

  it("refuses to make a client where nothing reads JSON, and where nothing is free to load it", function()
    local output = run [[
      package.preload.cjson = function() error "none here" end
      local lualogue = require "lualogue"
      if lualogue.json.library() then return print "another library" end
      print(select(2, pcall(lualogue.new, { base_url = "http://127.0.0.1:1/v1" })))
    ]]
    assert.truthy(output == "another library\n" or output:find "nothing here reads JSON: install lua%-cjson", output)
    output = run [[
      local lualogue = require "lualogue"
      local client = lualogue.new { base_url = "http://127.0.0.1:1/v1" }
      package.loaded.cjson = nil
      package.preload.cjson = function() error "no descriptor is left" end
      print(lualogue.json.decode "[1]"[1])
    ]]
    assert.equal("1\n", output)
  end)

  it("of the tokens loads no libcurl", function()
    assert.equal("true false\n", run(MAPS .. [[
      local tokens = require "lualogue.tokens"
      assert(tokens.encoding("cl100k_base"):count "Hello" == 1)
      print(mapped "lualogue/tokenizer.so", mapped "libcurl")
    ]]))
  end)

  it("twice is once", function()
    assert.equal("true true true\n", run [[
      local one, core = require "lualogue", require "lualogue.core"
      print(one == require "lualogue", core == require "lualogue.core", one.json == require "lualogue.json")
    ]])
  end)

  it("again, after it was forgotten, works beside the first", function()
    run([[
      local lualogue = require "lualogue"
      ]] .. USE .. [[
      local first, old_err = lualogue, err
      for name in pairs(package.loaded) do
        if name:find "^lualogue" then package.loaded[name] = nil end
      end
      lualogue = require "lualogue"
      assert(lualogue ~= first)
      do ]] .. USE .. [[ end
      assert(tostring(old_err):find "^connection: ")
      assert(first.new { base_url = "http://127.0.0.1:1/v1" }:request("GET", "/x") == nil)
    ]])
  end)

  it("and its use write no globals", function()
    assert.equal("", run([[
      local before = {}
      for name in pairs(_G) do before[name] = true end
      local lualogue = require "lualogue"
      require "lualogue.tokens"
      ]] .. USE .. [[
      lualogue.interrupts(true)
      lualogue.interrupts(false)
      for name in pairs(_G) do
        if not before[name] then print("global " .. tostring(name)) end
      end
    ]]))
  end)

  it("and its use change none of lua-cjson's options", function()
    assert.equal("same\n", run([[
      local cjson = require "cjson"
      local names = {
        "decode_max_depth", "decode_invalid_numbers", "encode_max_depth", "encode_number_precision",
        "encode_keep_buffer", "encode_invalid_numbers", "encode_sparse_array",
      }
      local function options()
        local list = {}
        for _, name in ipairs(names) do
          for _, value in ipairs { cjson[name]() } do list[#list + 1] = name .. "=" .. tostring(value) end
        end
        return table.concat(list, " ")
      end
      cjson.encode_number_precision(7)
      cjson.decode_max_depth(50)
      local before = options()
      local lualogue = require "lualogue"
      ]] .. USE .. [[
      assert(#before > 100)
      print(before == options() and "same" or before .. "\n" .. options())
    ]]))
  end)

  it("and its use change no locale", function()
    assert.equal("same\n", run([[
      assert(os.setlocale "de_DE.UTF-8", "the locale is not there")
      local before = os.setlocale(nil)
      local lualogue = require "lualogue"
      ]] .. USE .. [[
      print(before == os.setlocale(nil) and os.setlocale(nil, "numeric") == "de_DE.UTF-8" and "same")
    ]]))
  end)

  it("and its use change no handling of signals, except that interrupts(true) does until it is undone", function()
    assert.equal("same\nother\nsame\n", run([[
      local function signals()
        local list = {}
        for line in io.lines "/proc/self/status" do
          if line:find "^Sig[BIC]" then list[#list + 1] = line end
        end
        assert(#list == 3)
        return table.concat(list, " ")
      end
      -- A handler of SIGINT must be told apart from the interpreter's own, which stands there too.
      local before = signals()
      local function compare() print(signals() == before and "same" or "other") end
      local lualogue = require "lualogue"
      ]] .. USE .. [[
      compare()
      lualogue.interrupts(true)
      io.open("/proc/self/status"):close()
      local caught = signals():match "SigCgt:%s*(%x+)"
      print(tonumber(caught:sub(-1), 16) % 4 >= 2 and "other" or "SIGINT is not caught")
      lualogue.interrupts(false)
      compare()
    ]]))
  end)

  it("and its use leave math.random where it was", function()
    assert.equal("same\n", run([[
      local function draw() return table.concat({ math.random(1000000), math.random(1000000), math.random(1000000) }, " ") end
      math.randomseed(42)
      local wanted = draw()
      math.randomseed(42)
      local lualogue = require "lualogue"
      ]] .. USE .. [[
      print(draw() == wanted and "same")
    ]]))
  end)

  it("works where debug is missing, and still names the caller's line", function()
    local output = run([[
      debug = nil
      package.loaded.debug = nil
      local lualogue = require "lualogue"
      ]] .. USE .. [[
      print(select(2, pcall(function()
        client:chat { messages = 5 }
      end)))
      print(select(2, pcall(function() client.chat {} end)))
      print(select(2, pcall(function() client:dialogue():ask(5) end)))
      print(require("lualogue.tokens").encoding("cl100k_base"):count "Hello")
    ]])
    local place = output:find("^[^\n]*command line") and "[^\n]*command line[^\n]*:%d+: " or "%[string [^\n]*:%d+: "
    assert.matches("^" .. place .. "bad argument 'messages'[^\n]*\n" .. place .. "bad argument 'self' to 'chat'[^\n]*\n"
      .. place .. "bad argument[^\n]*'ask'[^\n]*\n1\n$", output)
  end)
end)
