-- Keys that a program prints.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local program = require "spec.support.program"

local KEY = "sk-command-0123456789"
local messages = { { role = "user", content = "Hi" } }
local hello = fixture.json(200, fixture.chat_reply "Hello")
local refusal = fixture.json(401, fixture.error_body("no such key", { code = "invalid_api_key" }))
local server

local function client_of(script, command, options)
  local base_url = server:script(script)
  local settings = { base_url = base_url, api_key_command = command, max_retries = 0 }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), base_url
end

local function sh(script, timeout) return { "sh", "-c", script, timeout = timeout } end

--- A script that counts its runs in a file, and prints a key with the number.
local function counting(folder)
  return sh(("echo x >>%s/runs; echo %s-$(wc -l <%s/runs)"):format(folder, KEY, folder))
end

local function runs(folder)
  local n = 0
  for _ in io.lines(folder .. "/runs") do n = n + 1 end
  return n
end

local function keys(base_url)
  local list = {}
  for i, request in ipairs(server:requests(base_url)) do list[i] = request:header "authorization" end
  return list
end

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

describe("api_key_command", function()
  it("is run once, with the first call, without a shell", function()
    program.with_folder(function(folder)
      local client, base_url = client_of(hello, counting(folder))
      assert.is_nil(io.open(folder .. "/runs"))
      assert(client:chat { messages = messages })
      assert(client:embeddings { input = "one" })
      assert(client:request("GET", "/x"))
      local bearer = "Bearer " .. KEY .. "-1"
      assert.same({ bearer, bearer, bearer }, keys(base_url))
      assert.equal(1, runs(folder))
      client, base_url = client_of(hello, { "printf", "%s", "$HOME;'`id`" })
      assert(client:chat { messages = messages })
      assert.same({ "Bearer $HOME;'`id`" }, keys(base_url))
    end)
  end)

  it("is run once more after a 401, and the call made again", function()
    program.with_folder(function(folder)
      local client, base_url = client_of({ hello, refusal, hello, fixture.sse(fixture.words { "a" }) }, counting(folder))
      assert(client:chat { messages = messages })
      assert.equal("Hello", assert(client:chat { messages = messages }).text)
      assert(assert(client:stream { messages = messages }):message())
      assert.same({ "Bearer " .. KEY .. "-1", "Bearer " .. KEY .. "-1", "Bearer " .. KEY .. "-2",
        "Bearer " .. KEY .. "-2" }, keys(base_url))
      assert.equal(2, runs(folder))
    end)
  end)

  it("serves a stream that was refused", function()
    program.with_folder(function(folder)
      local client, base_url = client_of({ refusal, fixture.sse(fixture.words { "a", "b" }) }, counting(folder))
      assert.equal("ab", assert(client:stream { messages = messages }):message().content)
      assert.equal(2, #keys(base_url))
    end)
  end)

  it("gives the refusal where the second key is no better", function()
    program.with_folder(function(folder)
      local client, base_url = client_of(refusal, counting(folder))
      local reply, err = client:chat { messages = messages }
      assert.is_nil(reply)
      assert.equal("api", err.kind)
      assert.equal(401, err.status)
      assert.equal(2, #keys(base_url))
      assert.equal(2, runs(folder))
      assert.is_nil(tostring(err):find(KEY, 1, true))
    end)
  end)

  it("is not run where the call brings its own key, or none", function()
    program.with_folder(function(folder)
      local client, base_url = client_of(hello, counting(folder))
      assert(client:chat({ messages = messages }, { api_key = "sk-own" }))
      assert(client:chat({ messages = messages }, { api_key = false }))
      assert.same({ "Bearer sk-own" }, keys(base_url))
      assert.is_nil(io.open(folder .. "/runs"))
    end)
  end)

  it("lets other tasks go on, and is run once for all of them", function()
    program.with_folder(function(folder)
      local client, base_url = client_of(hello,
        sh(("echo x >>%s/runs; while [ ! -e %s/go ]; do sleep 0.01; done; echo %s"):format(folder, folder, KEY)))
      local ticks, done = 0, 0
      local function ask()
        assert(client:chat { messages = messages })
        done = done + 1
      end
      lualogue.run(function()
        local tasks = { lualogue.task(ask), lualogue.task(ask), lualogue.task(ask) }
        for _ = 1, 20 do
          lualogue.sleep(0.002)
          ticks = ticks + 1
        end
        assert.equal(0, done)
        assert(io.open(folder .. "/go", "w")):close()
        for _, task in ipairs(tasks) do task:wait() end
      end)
      assert.equal(20, ticks)
      assert.equal(3, done)
      assert.equal(1, runs(folder))
      assert.equal(3, #keys(base_url))
    end)
  end)

  it("survives that the task which began it is cancelled", function()
    program.with_folder(function(folder)
      local client = client_of(hello,
        sh(("echo x >>%s/runs; while [ ! -e %s/go ]; do sleep 0.01; done; echo %s"):format(folder, folder, KEY)))
      lualogue.run(function()
        local first = lualogue.task(function() client:chat { messages = messages } end)
        lualogue.sleep(0.01)
        local second = lualogue.task(function() return assert(client:chat { messages = messages }).text end)
        lualogue.sleep(0.01)
        first:cancel()
        assert(io.open(folder .. "/go", "w")):close()
        assert.equal("Hello", second:wait())
      end)
      assert.equal(1, runs(folder))
    end)
  end)

  it("takes blanks and further lines away", function()
    for _, printed in ipairs { "\\n " .. KEY .. " \\r\\n", KEY .. "\\nurl: example.com\\nuser: me\\n", KEY } do
      local client, base_url = client_of(hello, { "printf", printed })
      assert(client:chat { messages = messages })
      assert.same({ "Bearer " .. KEY }, keys(base_url))
    end
  end)

  it("that fails is an error of the kind key that says why, before anything is sent", function()
    local cases = {
      { sh "echo 'gpg: decryption failed' >&2; echo more >&2; exit 2",
        "the api_key_command 'sh' failed with exit status 2: gpg: decryption failed" },
      { sh "exit 1", "the api_key_command 'sh' failed with exit status 1" },
      { sh("echo " .. KEY .. "; echo 'cannot use " .. KEY .. "' >&2; exit 1"),
        "the api_key_command 'sh' failed with exit status 1: cannot use [key]" },
      { sh "kill -9 $$", "the api_key_command 'sh' was ended by signal 9" },
      { { "/nowhere/pass" }, "the api_key_command '/nowhere/pass' cannot be run: No such file or directory" },
      { { "true" }, "the api_key_command 'true' gave no key" },
      { sh "echo 'the vault is locked' >&2", "the api_key_command 'sh' gave no key: the vault is locked" },
      { { "echo", "your key: " .. KEY }, "the api_key_command 'echo' gave a key with a blank in it, or a character that is not ASCII" },
      { { "printf", KEY .. "\\001" }, "the api_key_command 'printf' gave a key with a control character in it" },
      { sh "yes", "the api_key_command 'sh' printed too much for a key" },
      { sh("printf '\\033[31mred\\007' >&2; exit 1"), "the api_key_command 'sh' failed with exit status 1: ?[31mred?" },
      { sh("exec sleep 60", 0.05), "the api_key_command 'sh' did not end within 0.05 s" },
    }
    for _, case in ipairs(cases) do
      local client, base_url = client_of(hello, case[1])
      for _ = 1, 2 do
        local reply, err = client:chat { messages = messages }
        assert.is_nil(reply)
        assert.equal("key", err.kind)
        assert.equal(case[2], err.message)
      end
      assert.equal(0, server:counts(base_url).accepted)
    end
  end)

  it("that fails after a 401 says so", function()
    program.with_folder(function(folder)
      local client = client_of(refusal, sh(("[ -e %s/ran ] && exit 7; : >%s/ran; echo %s"):format(folder, folder, KEY)))
      local _, err = client:chat { messages = messages }
      assert.equal("key", err.kind)
      assert.matches("exit status 7", err.message)
    end)
  end)

  it("takes the place of the environment's key", function()
    local getenv = os.getenv
    os.getenv = function(name) -- luacheck: ignore 122
      if name == "OPENAI_API_KEY" then return "sk-environment" end
      return getenv(name)
    end
    local ok, err = pcall(function()
      local client, base_url = client_of(hello, { "echo", KEY })
      assert(client:chat { messages = messages })
      assert.same({ "Bearer " .. KEY }, keys(base_url))
      lualogue.new { api_key_command = { "echo", KEY }, base_url = "http://example.com/v1" } -- named, hence meant
    end)
    os.getenv = getenv -- luacheck: ignore 122
    if not ok then error(err, 0) end
  end)

  it("raises at the caller's line for what is no command", function()
    local wrong = {
      { "pass openai", "list of strings expected, got string" }, { {}, "it is empty" },
      { { "" }, "list of strings expected" }, { { "a", 5 }, "list of strings expected" },
      { { "a\0b" }, "list of strings expected" }, { { [2] = "a" }, "hole" },
      { { "a", nil, "c" }, "hole" }, { { "a", [1.5] = "b" }, "hole" },
      { { "a", args = {} }, "no field 'args'" }, { { "a", timeout = 0 }, "timeout" },
      { { "a", timeout = "5" }, "timeout" }, { false, "list of strings expected, got boolean" },
    }
    for _, case in ipairs(wrong) do
      local ok, message = pcall(function() lualogue.new { api_key_command = case[1], base_url = "http://127.0.0.1:1" } end)
      assert.is_false(ok)
      assert.matches("key_command_spec%.lua:%d+: bad argument 'api_key_command' to 'new'", message)
      assert.is_truthy(message:find(case[2], 1, true), message)
    end
    local ok, message = pcall(function() lualogue.new { api_key_command = { "a" }, api_key = KEY } end)
    assert.is_false(ok)
    assert.matches("there is an api_key too", message)
    assert.is_nil(message:find(KEY, 1, true))
  end)

  it("is not run where nothing may be sent", function()
    local getenv = os.getenv
    os.getenv = function(name) return name == "LUALOGUE_OFFLINE" and "1" or getenv(name) end -- luacheck: ignore 122
    local ok, err = pcall(function()
      program.with_folder(function(folder)
        local client = client_of(hello, counting(folder))
        local _, why = client:with({ model = "m" }):chat { messages = messages }
        assert.equal("offline", why.code)
        assert.is_nil(io.open(folder .. "/runs"))
      end)
    end)
    os.getenv = getenv -- luacheck: ignore 122
    if not ok then error(err, 0) end
  end)

  it("keeps the key out of every table", function()
    local client = client_of(hello, { "sh", "-c", "echo sk-comm; echo" })
    assert(client:chat { messages = messages })
    local function search(value, seen)
      assert.is_false(type(value) == "string" and value:match "^sk%-comm" ~= nil)
      if type(value) ~= "table" or seen[value] then return end
      seen[value] = true
      for k, v in pairs(value) do
        search(k, seen)
        search(v, seen)
      end
    end
    search(client, {})
  end)
end)

describe("key_header", function()
  it("carries the key as it is, of whatever source", function()
    for _, source in ipairs {
      { api_key = KEY }, { api_key = function() return KEY end }, { api_key_command = { "echo", KEY } },
    } do
      local options = { key_header = "x-api-key", api_key = source.api_key }
      local client, base_url = client_of(hello, source.api_key_command, options)
      assert(client:chat { messages = messages })
      assert(client:chat({ messages = messages }, { api_key = "sk-call" }))
      assert(client:chat({ messages = messages }, { api_key = false }))
      local requests = server:requests(base_url)
      assert.equal(KEY, requests[1]:header "x-api-key")
      assert.equal("sk-call", requests[2]:header "x-api-key")
      assert.is_nil(requests[3]:header "x-api-key")
      for i = 1, 3 do assert.is_nil(requests[i]:header "authorization") end
    end
  end)

  it("is in no message", function()
    local client = client_of(fixture.json(400, fixture.error_body("bad key " .. KEY)), nil,
      { key_header = "x-api-key", api_key = KEY })
    local _, err = client:chat { messages = messages }
    assert.is_nil(tostring(err):find(KEY, 1, true))
    assert.is_nil(err.body:find(KEY, 1, true))
  end)

  it("raises for what is no name of a header", function()
    for _, name in ipairs { "", "a b", "a:", "a\r\nb" } do
      local ok, message = pcall(function() lualogue.new { api_key = KEY, key_header = name } end)
      assert.is_false(ok)
      assert.matches("bad argument 'key_header' to 'new'", message)
    end
  end)
end)
