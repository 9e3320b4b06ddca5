-- What make builds, installs and bundles, as a user without root has it: on a Lua from outside
-- Debian, in folders of one's own, moved elsewhere, with nothing else in reach.

local fixture = require "spec.support.fixture"
local program = require "spec.support.program"

local quote = program.quote
local BUILD = os.getenv "LLG_BUILD" or "build"
-- One chat, and the tokens of it; the server's address comes in front.
local CHAT = [[
  local lualogue = require "lualogue"
  local client = lualogue.new { base_url = URL, api_key = false }
  io.write(lualogue.assert(client:chat { messages = {} }).text, " ")
  io.write(require("lualogue.tokens").for_model("gpt-4o"):count "Hello", " ")
]]

describe("installing", function()
  local server, base_url
  setup(function()
    server = fixture.start()
    base_url = server:script(fixture.json(200, fixture.chat_reply "Hello"))
  end)
  teardown(function() server:stop() end)

  --- Run make, with nothing of the make and the paths around this; its output must hold `wanted`.
  local function make(arguments, wanted, options)
    options = options or {}
    local output, code = program.run(("-u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u LUA -u BUILD -u LUA_PATH -u LUA_CPATH %s make %s"):format(
      options.environment or "", arguments), { cwd = options.cwd })
    assert.equal(options.code or 0, code, output)
    if wanted then assert.truthy(output:find(wanted, 1, true), output) end
    return output
  end

  --- Run the chat from / with an empty environment.
  local function chat_with(interpreter, before, exports)
    local code = "URL = '" .. base_url .. "' " .. (before or "") .. CHAT
    local script = ("cd / && %s\n exec %s - <<'LUA'\n%s\nLUA"):format(exports or ":", interpreter, code)
    return (program.run("-i PATH=$PATH sh -c " .. quote(script)))
  end

  local function which(name) return (program.run("sh -c " .. quote("command -v " .. name)):match "^/[^\n]*") end

  --- Debian's Lua 5.4 as one of one's own: an interpreter and headers in a folder.
  local function own_lua(folder)
    local command = "mkdir -p F/bin && cp " .. which "lua5.4" .. " F/bin/lua && cp -r /usr/include/lua5.4 F/include"
    local output, code = program.run("sh -c " .. quote((command:gsub("F", folder))))
    assert.equal(0, code, output)
    return ("LUA=%s/bin/lua LUA_INC=%s/include"):format(folder, folder)
  end

  it("never calls the package manager: not to build, not to install, not to bundle", function()
    program.with_folder(function(folder)
      for _, name in ipairs { "dpkg-query", "dpkg", "apt-get", "apt", "apt-cache" } do
        local file = assert(io.open(folder .. "/" .. name, "w"))
        file:write("#!/bin/sh\necho called >>", folder, "/called\nexit 1\n")
        file:close()
      end
      os.execute("chmod +x " .. folder .. "/*")
      local options = { environment = ("PATH=%s:$PATH"):format(folder) }
      make("build LUA=lua5.4", nil, options)
      make(("install LUA=lua5.4 PREFIX=%s/usr"):format(folder), nil, options)
      make(("bundle LUA=lua5.4 TO=%s/all"):format(folder), nil, options)
      assert.is_nil(io.open(folder .. "/called"))
      options.code = 2
      make("deps LUA=lua5.4 PKG_LUA=lua9.9", nil, options)
      assert(io.open(folder .. "/called")):close()
    end)
  end)

  it("says what is missing and what to do about it, instead of asking for root", function()
    program.with_folder(function(folder)
      local failing = { code = 2 }
      make(("build LUA=lua5.4 LUA_INC=%s"):format(folder), "lua.h and lauxlib.h of lua5.4: Debian's -dev package of it, or LUA_INC=", failing)
      make("build CC=nocc", "a C compiler, nocc", failing)
      local output = make(("build CURL_INC=-I%s CC='cc -nostdinc'"):format(folder), "curl/curl.h: Debian's libcurl4-openssl-dev", failing)
      assert.truthy(output:find("lua.h and lauxlib.h", 1, true), output) -- all of it at once
      make(("build LUA=%s/lua LUA_INC=/usr/include/lua5.4"):format(folder), folder .. "/lua, the interpreter that LUA= names", failing)
      make("build LUA=lua5.4 LUA_INC=/usr/include/luajit-2.1", "are those of Lua 5.1, but lua5.4 is Lua 5.4", failing)
      output = make(("bundle LUA=lua5.4 TO=%s/all"):format(folder), "lua5.4 finds no lua-cjson", {
        code = 2, environment = "LUA_CPATH=/nowhere/?.so LUA_CPATH_5_4=/nowhere/?.so" })
      assert.truthy(output:find("CJSON_SO=", 1, true), output)
    end)
  end)

  it("works for a user without root, who is told what only root can do", function()
    program.with_folder(function(folder)
      -- A temporary folder lets nobody else through.
      local output, code = program.run(("sh -c 'chmod a+x $TMPDIR $TMPDIR/..; cp -a Makefile LICENSE lua csrc spec examples %s && mkdir %s/build && cp -a %s/core %s/tokenizer %s/lua5.4 %s/build; "
        .. "chmod 755 %s; [ $(id -u) != 0 ] || chown -R nobody %s'"):format(folder, folder, BUILD, BUILD, BUILD, folder, folder, folder))
      assert.equal(0, code, output)
      local root = program.run "id -u" == "0\n"
      local as_nobody = "HOME=/nowhere " .. (root and "setpriv --reuid=nobody --clear-groups" or "")
      make("build install LUA=lua5.4 PREFIX=" .. folder .. "/usr", "lualogue for Lua 5.4 is in " .. folder .. "/usr/share/lua/5.4/lualogue and ",
        { cwd = folder, environment = as_nobody })
      make("install LUA=lua5.4 PREFIX=/usr/local", "PREFIX= names another place", { cwd = folder, environment = as_nobody, code = 2 })
      make("deps PKG_LUA=lua9.9", "packages are missing; as root: apt-get install --no-install-recommends lua9.9",
        { cwd = folder, environment = as_nobody, code = 2 })
    end)
  end)

  it("for a Lua from outside Debian, and where it is put says what to set", function()
    program.with_folder(function(folder)
      local own = own_lua(folder)
      local id = (folder .. "/bin/lua"):gsub("^/", ""):gsub("/", "-")
      local output = make(("install %s PREFIX=%s/usr"):format(own, folder), "this Lua does not look there until you set:")
      local exports = {}
      for line in output:gmatch "export [^\n]*" do exports[#exports + 1] = line end
      assert.equal(2, #exports)
      assert.equal("Hello 1 ", chat_with(folder .. "/bin/lua", nil, table.concat(exports, "\n")))
      -- The command needs nothing of that.
      local command = "sh -c " .. quote("cd / && exec " .. folder .. "/usr/bin/lualogue --version")
      assert.matches("^lualogue %S+, Lua 5%.4, libcurl %d", (program.run("-i PATH=$PATH " .. command)))
      for _, path in ipairs { "man/man1/lualogue.1", "bash-completion/completions/lualogue", "zsh/site-functions/_lualogue",
        "fish/vendor_completions.d/lualogue.fish" } do
        assert.is_true(assert(io.open(folder .. "/usr/share/" .. path)):seek "end" > 1000, path)
      end
      -- Whoever had set paths of their own keeps them.
      table.insert(exports, 1, "export LUA_PATH='/mine/?.lua'")
      assert.equal("Hello 1 /mine", chat_with(folder .. "/bin/lua", nil, table.concat(exports, "\n")) ..
        (chat_with(folder .. "/bin/lua", "io.write(package.path:match '/mine') os.exit(0)", table.concat(exports, "\n"))))
      make(("bundle %s TO=%s/all"):format(own, folder), "all of lualogue for Lua 5.4")
      assert.equal("Hello 1 ", chat_with(folder .. "/bin/lua", ("dofile '%s/all/setup.lua' "):format(folder)))
      program.run(("rm -r %s/%s"):format(BUILD, id))
    end)
  end)

  it("with DESTDIR says what is to be moved where", function()
    program.with_folder(function(folder)
      local output = make("install LUA=lua5.4 DESTDIR=" .. folder, folder .. "/usr/local/share/lua/5.4/lualogue")
      assert.truthy(output:find("to be moved to /usr/local/share/lua/5.4 and /usr/local/lib/lua/5.4", 1, true), output)
      assert.truthy(output:find("there is nothing to set", 1, true), output)
    end)
  end)

  for _, lua in ipairs { "lua5.4", "luajit" } do
    it("in one folder works where it is moved, with nothing else: " .. lua, function()
      program.with_folder(function(folder)
        make(("bundle LUA=%s TO=%s/made"):format(lua, folder))
        os.rename(folder .. "/made", folder .. "/moved to")
        local bare = "package.path, package.cpath = '', '' "
        assert.equal("Hello 1 ", chat_with(lua, bare .. ("dofile '%s/moved to/setup.lua' "):format(folder)))
        -- Made again over what an earlier version has left.
        assert(io.open(folder .. "/moved to/lualogue/stale.lua", "w")):close()
        make(("bundle LUA=%s TO='%s/moved to'"):format(lua, folder))
        assert.is_nil(io.open(folder .. "/moved to/lualogue/stale.lua"))
      end)
    end)
  end

  it("in one folder is all that a Neovim plugin needs in its lua/", function()
    if not which "nvim" then return pending "no Neovim is here" end
    program.with_folder(function(folder)
      make(("bundle LUA=luajit TO=%s/plugin/lua"):format(folder))
      local file = assert(io.open(folder .. "/chat.lua", "w"))
      file:write("URL = '", base_url, "'\n", CHAT)
      file:close()
      local output = program.run(("-i PATH=$PATH HOME=%s nvim -u NONE -i NONE --headless --cmd 'set rtp^=%s/plugin' -c 'luafile %s/chat.lua' -c 'qa!'"):format(
        folder, folder, folder), { cwd = "/" })
      assert.equal("Hello 1 ", output)
    end)
  end)
end)
