-- Other ways to a server: proxies of each kind, with and without a password, and a Unix socket.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local core = require "lualogue.core"
local program = require "spec.support.program"

local KEY, PASSWORD = "sk-secret-0123456789", "s3cret-of-the-proxy"
local hello = fixture.json(200, fixture.chat_reply "Hello")

describe("a proxy", function()
  local server, plain, secure, ca_file
  setup(function()
    server = fixture.start()
    plain = server:script(hello)
    secure, ca_file = server:tls(hello)
    core.connections { max_idle = 0 } -- the proxy ends with its connection
  end)
  teardown(function()
    server:stop()
    core.connections { max_idle = 100 }
  end)

  --- One chat through a proxy of its own; what came, and what the proxy was told.
  local function through(kind, base_url, url, wanted)
    local pipe = assert(io.popen(("luajit spec/support/proxy.lua %s %s"):format(kind, wanted or ""), "r"))
    local port = pipe:read "*n"
    local client = lualogue.new {
      base_url = base_url, api_key = KEY, ca_file = ca_file, max_retries = 0, timeout = 10,
      proxy = url:format(port),
    }
    local reply, err = client:chat { messages = {} }
    local told = pipe:read "*a"
    pipe:close()
    return reply and reply.choices[1].message.content or err, told:gsub("^%s+", "")
  end

  local function refused(err)
    assert.equal("connection", err.kind)
    assert.equal("proxy", err.phase)
    assert.equal(1, err.attempts)
    assert.is_nil(tostring(err):find(PASSWORD, 1, true))
    return err
  end

  it("of HTTP is asked for a page without TLS, and for a tunnel with it", function()
    local text, told = through("http", plain, "http://127.0.0.1:%d")
    assert.equal("Hello", text)
    assert.matches("^POST\t" .. plain:gsub("%W", "%%%0"), told)
    text, told = through("http", secure, "http://127.0.0.1:%d")
    assert.equal("Hello", text)
    assert.matches("^CONNECT\t127%.0%.0%.1:%d+\tnil\tnil\n$", told) -- the key is in the tunnel alone
  end)

  it("may be named without a scheme", function()
    assert.equal("Hello", (through("http", secure, "127.0.0.1:%d")))
  end)

  it("gets its user and password", function()
    for _, base_url in ipairs { plain, secure } do
      local text, told = through("http", base_url, "http://me:" .. PASSWORD .. "@127.0.0.1:%d", "me:" .. PASSWORD)
      assert.equal("Hello", text)
      assert.is_truthy(told:find("\tme:" .. PASSWORD, 1, true), told)
    end
  end)

  it("that wants a password is told of by the error, and no password is", function()
    for _, base_url in ipairs { plain, secure } do
      local err = refused((through("http", base_url, "http://127.0.0.1:%d", "me:" .. PASSWORD)))
      assert.matches("407", err.message)
      assert.matches("proxy", err.message)
      err = refused((through("http", base_url, "http://me:" .. PASSWORD .. "@127.0.0.1:%d", "me:another")))
      assert.matches("407", err.message)
    end
  end)

  it("of SOCKS5 looks names up itself with socks5h, and knows users", function()
    assert.equal("Hello", (through("socks5", plain, "socks5h://127.0.0.1:%d")))
    local port = plain:match ":(%d+)/"
    local text, told = through("socks5", "http://api.invalid:" .. port .. "/v1", "socks5h://127.0.0.1:%d")
    assert.equal("Hello", text)
    assert.equal("connect\tname\tapi.invalid\n", told)
    text, told = through("socks5", secure, "socks5h://me:" .. PASSWORD .. "@127.0.0.1:%d", "me:" .. PASSWORD)
    assert.equal("Hello", text)
    assert.is_truthy(told:find("user\tme:" .. PASSWORD, 1, true), told)
  end)

  it("of SOCKS5 that refuses is told of by the error", function()
    refused((through("socks5", plain, "socks5h://127.0.0.1:%d", "me:" .. PASSWORD)))
    refused((through("socks5", plain, "socks5h://me:" .. PASSWORD .. "@127.0.0.1:%d", "me:another")))
  end)

  it("is not asked for hosts of no_proxy", function()
    local client = lualogue.new { base_url = plain, proxy = "http://127.0.0.1:1", no_proxy = "example.com,127.0.0.1" }
    assert.equal("Hello", lualogue.assert(client:chat { messages = {} }).text)
  end)

  it("comes from the environment, in both cases, but not for this machine", function()
    local dead = "http://127.0.0.1:1"
    local code = ([[
      local lualogue = require "lualogue"
      local function ask(url, options)
        options.base_url, options.api_key, options.max_retries = url, false, 0
        local reply, err = lualogue.new(options):chat { messages = {} }
        io.write(reply and "direct" or err.phase, err and err.message:find("port 1 ", 1, true) and " proxy" or "", "\n")
      end
      ask("http://api.invalid/v1", {})
      ask("https://api.invalid/v1", {})
      ask(%q, {})
      ask("http://api.invalid/v1", { proxy = false })
    ]]):format(plain)
    local none, proxied = "dns", "connect proxy"
    local function expect(variables, http, https, local_one)
      local output = program.lua(code, variables)
      assert.equal(table.concat({ http, https, local_one or "direct", none }, "\n") .. "\n", output, variables)
    end
    expect("", none, none)
    expect("http_proxy=" .. dead, proxied, none)
    expect("HTTP_PROXY=" .. dead, proxied, none)
    expect("REQUEST_METHOD=GET HTTP_PROXY=" .. dead, none, none) -- a header of a CGI request
    expect("https_proxy=" .. dead, none, proxied)
    expect("HTTPS_PROXY=" .. dead, none, proxied)
    expect("ALL_PROXY=" .. dead, proxied, proxied)
    expect("all_proxy=" .. dead .. " NO_PROXY=.invalid", none, none)
    expect("all_proxy=" .. dead .. " no_proxy='*'", none, none)
  end)

  it("that is none raises, and is not shown", function()
    for _, wrong in ipairs { "ftp://me:secret@host", "http://", "http://me:secret@", "http://me:sec ret@host", "", 5, true,
      "http://me:sec@ret@host:1", "http://me:secret@host:0", "http://me:secret@host:99999", "host:secret", "http://[::1]:x" } do
      local ok, message = pcall(lualogue.new, { base_url = plain, proxy = wrong })
      assert.is_false(ok)
      assert.matches("'proxy'", message)
      assert.is_nil(message:find "sec")
    end
  end)

  it("of a path: a Unix socket", function()
    program.with_folder(function(folder)
      local port = plain:match ":(%d+)/"
      local path = folder .. "/api.sock"
      local pipe = assert(io.popen(("luajit spec/support/unix.lua %s %s"):format(path, port), "r"))
      assert.equal("ready", pipe:read "*l")
      local client = lualogue.new { base_url = "http://localhost/v1", unix_socket = path, timeout = 10 }
      assert.equal("Hello", lualogue.assert(client:chat { messages = {} }).text)
      pipe:close()
      client = lualogue.new { base_url = "http://localhost/v1", unix_socket = folder .. "/none", max_retries = 0 }
      local _, err = client:chat { messages = {} }
      assert.equal("connection", err.kind)
    end)
  end)
end)
