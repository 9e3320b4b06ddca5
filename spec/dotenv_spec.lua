-- Files of variables.

local dotenv = require "lualogue.dotenv"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local program = require "spec.support.program"

local KEY = "sk-file-0123456789"
local messages = { { role = "user", content = "Hi" } }
local hello = fixture.json(200, fixture.chat_reply "Hello")
local server

--- Run `body(path)` with a file of this text.
local function with_file(text, body)
  program.with_folder(function(folder)
    local path = folder .. "/.env.local"
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
    os.execute("chmod 600 " .. path)
    body(path)
  end)
end

--- Run `body` with these environment variables, and no others that lualogue reads.
local function with_environment(variables, body)
  local getenv = os.getenv
  os.getenv = function(name) -- luacheck: ignore 122
    if variables[name] ~= nil then return variables[name] end
    if name:match "^OPENAI_" or name:lower():match "proxy" or name:match "^SSL" or name:match "^CURL" then return nil end
    return getenv(name)
  end
  local ok, err = pcall(body)
  os.getenv = getenv -- luacheck: ignore 122
  if not ok then error(err, 0) end
end

local function raised(options)
  local ok, message = pcall(function() lualogue.new(options) end)
  assert.is_false(ok)
  return (assert(message:match "^[^:]*spec/dotenv_spec%.lua:%d+: (.*)", message))
end

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

describe("a file of variables", function()
  local cases = {
    { "", {} }, { "\n\n  \n# a=b\n   # c\n", {} }, { "\239\187\191A=b", { A = "b" } }, { "A=b", { A = "b" } },
    { "A=b\nC=d\n", { A = "b", C = "d" } }, { "A=b\r\nC=d\r\n", { A = "b", C = "d" } }, { "A=b\r", { A = "b" } },
    { "export A=b\nexport\tC=d", { A = "b", C = "d" } }, { "export=1\nexporter=2", { export = "1", exporter = "2" } },
    { "  A = b c  \n", { A = "b c" } }, { "A=", { A = "" } }, { "A=\nB=c", { A = "", B = "c" } }, { "A=''\nB=\"\"", { A = "", B = "" } },
    { "A=b # c\nD=e#f\nG=#h\nI= # j", { A = "b", D = "e#f", G = "", I = "" } },
    { "A=a=b==\nB=x'y\"z", { A = "a=b==", B = "x'y\"z" } }, { "A=1\nA=2", { A = "2" } }, { "_A1=b", { _A1 = "b" } },
    { "A='b # c' # d\nB=\"b # c\" # d\nC='x'\t#y", { A = "b # c", B = "b # c", C = "x" } },
    { [[A='a\nb"c\']], { A = [[a\nb"c\]] } },
    { [[A="a\nb\rc\td\"e\\f\$g\h\'"]], { A = "a\nb\rc\td\"e\\f$g\\h\\'" } },
    { "A=a\\nb", { A = "a\\nb" } }, { "A=\"x\\\\\"\nB=c", { A = "x\\", B = "c" } },
    { "A=\"one\ntwo\n\n# three\"\nB='four\r\nfive'\nC=6", { A = "one\ntwo\n\n# three", B = "four\nfive", C = "6" } },
    { "A=${HOME} $HOME `id` $(id)\nB=\"${HOME}\"", { A = "${HOME} $HOME `id` $(id)", B = "${HOME}" } },
    { "A=\195\164\nB=\"\195\164\"", { A = "\195\164", B = "\195\164" } }, { "A=b\nB=c", { A = "b", B = "c" } },
  }
  for _, case in ipairs(cases) do
    it(("says what it says: %q"):format(case[1]):gsub("%c", "?"), function()
      assert.same(case[2], (assert(dotenv.parse(case[1]))))
    end)
  end

  it("that is wrong names the line, and never what is in it", function()
    local wrong = {
      { "A=b\nsecret\n", 2, "no '='" }, { "A=b\n\n# c\n=secret", 4, "no name" }, { "1A=secret", 1, "no name" },
      { "A-B=secret", 1, "no '='" }, { "A='secret\nB=c\n", 1, "not closed" }, { "X='\n\n'\nA=\"secret\\\"\n", 4, "not closed" },
      { "A='secret'x", 1, "follows the closing quote" }, { "A='secret'#x", 1, "follows" }, { "A='secret' B=c", 1, "follows" },
      { "export secret", 1, "no '='" }, { "A=\"a\nb\"\nsecret", 3, "no '='" }, { "A=secret\0", 1, "NUL" },
      { "\255\254A\0=\0", 1, "NUL" }, { "\"secret\"=1", 1, "no name" }, { "\r\nA=b\r\nsecret\r\n", 3, "no '='" },
    }
    for _, case in ipairs(wrong) do
      with_file(case[1], function(path)
        local values, err = lualogue.dotenv(path)
        assert.is_nil(values)
        assert.equal("file", err.kind)
        assert.is_truthy(err.message:find(("'%s', line %d: "):format(path, case[2]), 1, true), err.message)
        assert.is_truthy(err.message:find(case[3], 1, true), err.message)
        assert.is_nil(err.message:find("secret", 1, true))
        assert.equal(err.message, raised { dotenv = path })
      end)
    end
  end)

  it("that is not there is an error with its path", function()
    for _, path in ipairs { "/nowhere/.env", "./no-such.env" } do
      local values, err = lualogue.dotenv(path)
      assert.is_nil(values)
      assert.equal("file", err.kind)
      assert.equal(("cannot read '%s': No such file or directory"):format(path), err.message)
      assert.equal(err.message, raised { dotenv = path })
    end
    local _, err = lualogue.dotenv "/tmp"
    assert.equal("cannot read '/tmp': Is a directory", err.message)
  end)

  it("has a maximum, and needs no quadratic time", function()
    with_file(("#"):rep(1048577), function(path)
      local _, err = lualogue.dotenv(path)
      assert.matches("is longer than 1048576 bytes", err.message)
    end)
    local before = os.clock()
    assert(dotenv.parse(("A=b\n"):rep(60000)))
    assert(dotenv.parse('A="' .. ("\\"):rep(60000) .. '"'))
    assert.is_nil((dotenv.parse('A="' .. ("\\n"):rep(60000))))
    assert(dotenv.parse("A=" .. (" "):rep(60000) .. "b" .. (" "):rep(60000) .. "c" .. (" "):rep(60000)))
    assert(dotenv.parse("A='" .. ("\n"):rep(60000) .. "'"))
    assert.is_true(os.clock() - before < 10)
  end)

  it("is read to its end, whatever it holds", function()
    local pieces = { "A", "b_1", "=", " ", "\t", "\n", "\r\n", "\r", "'", '"', "\\", "#", "export ", "$", "\195\164", "\239\187\191" }
    local state = 7
    local function random(n)
      state = (state * 16807) % 2147483647
      return state % n + 1
    end
    local good = 0
    for _ = 1, 4000 do
      local text = {}
      for i = 1, random(12) do text[i] = pieces[random(#pieces)] end
      text = table.concat(text)
      local values, line, why = dotenv.parse(text)
      if values then
        good = good + 1
        for name, value in pairs(values) do assert(name:find "^[%a_][%w_]*$" and type(value) == "string", text) end
      else
        local _, breaks = text:gsub("\n", "")
        assert(line >= 1 and line <= breaks + 1 and type(why) == "string", text)
      end
    end
    assert.is_true(good > 20, good .. " are right")
  end)

  it("raises for what is no path", function()
    for _, path in ipairs { false, 5 } do
      local ok, message = pcall(function() lualogue.dotenv(path) end)
      assert.is_false(ok)
      assert.matches("dotenv_spec%.lua:%d+: bad argument 'path' to 'dotenv'", message)
      assert.matches("bad argument 'dotenv' to 'new'", raised { dotenv = path })
    end
  end)
end)

describe("dotenv of a client", function()
  it("says what the environment does not", function()
    local base_url = server:script(hello)
    local text = ("OPENAI_API_KEY=%s\nOPENAI_BASE_URL='%s'\nOPENAI_ORG_ID=org-f\nOPENAI_PROJECT_ID=' '\n"):format(KEY, base_url)
    with_file(text, function(path)
      with_environment({ OPENAI_ORG_ID = "org-e" }, function()
        local options = { dotenv = path }
        assert(lualogue.new(options):chat { model = "m", messages = messages })
        assert.same({ dotenv = path }, options)
      end)
    end)
    local request = server:requests(base_url)[1]
    assert.equal("Bearer " .. KEY, request:header "authorization")
    assert.equal("org-e", request:header "openai-organization")
    assert.is_nil(request:header "openai-project")
    assert.is_nil(os.getenv "OPENAI_ORG_ID")
  end)

  it("loses to the environment and to options", function()
    local base_url = server:script(hello)
    with_file("OPENAI_API_KEY=sk-file\nOPENAI_BASE_URL=http://127.0.0.1:1/\n", function(path)
      with_environment({ OPENAI_API_KEY = "sk-environment" }, function()
        assert(lualogue.new({ dotenv = path, base_url = base_url }):chat { model = "m", messages = messages })
        assert(lualogue.new({ dotenv = path, base_url = base_url, api_key = "sk-option" }):chat { model = "m", messages = messages })
      end)
    end)
    local requests = server:requests(base_url)
    assert.equal("Bearer sk-environment", requests[1]:header "authorization")
    assert.equal("Bearer sk-option", requests[2]:header "authorization")
  end)

  it("sends no key of the environment to a server that only the file names, without TLS", function()
    with_file("OPENAI_BASE_URL=http://example.com/v1\n", function(path)
      with_environment({ OPENAI_API_KEY = KEY }, function()
        local message = raised { dotenv = path }
        assert.matches("^OPENAI_API_KEY is not sent without TLS to a base_url that was given by the file", message)
        assert.is_nil(message:find(KEY, 1, true))
        assert(lualogue.new { dotenv = path, api_key = KEY })
      end)
      with_environment({}, function() assert.matches("^no API key: set OPENAI_API_KEY", raised { dotenv = path }) end)
    end)
    with_file("OPENAI_BASE_URL=http://example.com/v1\nOPENAI_API_KEY=" .. KEY, function(path)
      with_environment({}, function()
        assert(lualogue.new { dotenv = path }) -- who set both meant it
        assert.matches("given in code", raised { dotenv = path, base_url = "http://example.com/v1" })
      end)
    end)
  end)

  it("may name the proxy", function()
    local proxy = server:script(hello)
    local text = ("OPENAI_API_KEY=%s\nOPENAI_BASE_URL=http://example.com/v1\nHTTP_PROXY=%s\n"):format(KEY, proxy:match "^http://[^/]*")
    with_file(text, function(path)
      with_environment({}, function()
        local client = lualogue.new { dotenv = path, max_retries = 0 }
        assert(client:chat { model = "m", messages = messages })
        assert.matches("^http://example.com/v1", server:requests(proxy)[1].target)
        assert(client:with({ base_url = "http://example.org/v1", api_key = false }):chat { model = "m", messages = messages })
        assert.matches("^http://example.org/v1", server:requests(proxy)[2].target)
        local here = server:script(hello)
        assert(client:with({ base_url = here, api_key = false }):chat { model = "m", messages = messages })
        assert.equal(2, #server:requests(proxy))
      end)
    end)
  end)

  it("warns through on_event where others may read the file, and there alone", function()
    local base_url = server:script(hello)
    with_file("OPENAI_API_KEY=" .. KEY, function(path)
      local told = {}
      local function on_event(event) told[#told + 1] = event end
      lualogue.new { dotenv = path, base_url = base_url, on_event = on_event }
      assert.same({}, told)
      for _, mode in ipairs { "644", "640", "604" } do
        os.execute(("chmod %s %s"):format(mode, path))
        lualogue.new { dotenv = path, base_url = base_url, on_event = on_event }
        local event = assert(table.remove(told))
        assert.equal("warning", event.type)
        assert.equal(("others than its owner may read '%s' (mode 0%s), which holds keys: chmod 600"):format(path, mode), event.message)
      end
      local output, code = program.run(("OPENAI_API_KEY= %s -e %s"):format(program.INTERPRETER, program.quote(
        ("require('lualogue').new { dotenv = %q, base_url = %q }"):format(path, base_url))))
      assert.equal(0, code, output)
      assert.equal("", output)
    end)
  end)

  it("keeps the key out of every table", function()
    with_file("OPENAI_API_KEY=" .. KEY, function(path)
      with_environment({}, function()
        local client = lualogue.new { dotenv = path }
        local function search(value, seen)
          assert.is_false(type(value) == "string" and value:find(KEY, 1, true) ~= nil)
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
  end)
end)
