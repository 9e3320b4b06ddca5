-- The fixture server itself, over raw sockets: what a spec sees must never be the server's fault.
-- Its answers are in support_answers_spec.

local cqueues = require "cqueues"
local errno = require "cqueues.errno"
local socket = require "cqueues.socket"
local fixture = require "spec.support.fixture"
local connect = require("spec.support.fixture_peer").connect

local server

local ok_bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
local ok_answer = fixture.raw(ok_bytes)
local ok_json = fixture.json(200, "{}")

describe("the fixture server", function()
  setup(function()
    server = fixture.start()
  end)

  teardown(function()
    server:stop()
  end)

  describe("records", function()
    it("a request as it arrived", function()
      local base_url = server:script(ok_answer)
      local peer = connect(base_url)
      peer:request("POST /v1/chat?b=2&a=1", "X-One:  1\r\nx-ONE: 2\r\nContent-Length: 4\r\n", "a\0\255b")
      assert.equal(ok_bytes, peer:read_bytes(#ok_bytes))
      peer:close()
      local request = server:requests(base_url)[1]
      assert.equal("POST", request.method)
      assert.equal("/v1/chat?b=2&a=1", request.target)
      assert.equal("/chat?b=2&a=1", request.path)
      assert.equal("1.1", request.version)
      assert.same({ { "Host", "here" }, { "X-One", "1" }, { "x-ONE", "2" }, { "Content-Length", "4" } },
        request.headers)
      assert.equal("1, 2", request:header("x-one"))
      assert.is_nil(request:header("x-two"))
      assert.equal("a\0\255b", request.body)
      assert.equal("POST /v1/chat?b=2&a=1 HTTP/1.1\r\nHost: here\r\nX-One:  1\r\nx-ONE: 2\r\n"
        .. "Content-Length: 4\r\n\r\n", request.head)
      assert.is_true(request.complete)
      assert.is_true(request.done)
      assert.is_false(request.left)
    end)

    it("which connection a request came on", function()
      local base_url = server:script(ok_answer)
      local first, second = connect(base_url), connect(base_url)
      for _, peer in ipairs { first, second, first } do
        peer:request("GET /v1/x")
        peer:read_bytes(#ok_bytes)
      end
      local numbers = {}
      for i, request in ipairs(server:requests(base_url)) do
        numbers[i] = request.connection
      end
      assert.same({ 1, 2, 1 }, numbers)
      assert.equal(2, server:counts(base_url).open)
      first:close()
      assert.equal(2, server:wait(base_url, { open = 1 }).accepted)
      second:close()
      server:wait(base_url, { open = 0 })
    end)

    it("a body that comes in chunks and in pieces", function()
      local base_url = server:script(ok_answer)
      local peer = connect(base_url):request("POST /v1/x", "Transfer-Encoding: chunked\r\n", "3\r\na")
      server:wait(base_url, { requests = 1 })
      assert.is_false(server:requests(base_url)[1].complete)
      peer:write("bc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
      peer:read_bytes(#ok_bytes)
      peer:close()
      assert.equal("abcde", server:requests(base_url)[1].body)
    end)

    it("a request whose client left half-way", function()
      local base_url = server:script(ok_answer)
      connect(base_url):request("POST /v1/x", "Content-Length: 10\r\n", "abc"):close()
      server:wait(base_url, { left = 1, open = 0 })
      local request = server:requests(base_url)[1]
      assert.equal("abc", request.body)
      assert.is_false(request.complete)
    end)

    it("decoded JSON", function()
      local base_url = server:script(ok_answer)
      local peer = connect(base_url):request("POST /v1/x", "Content-Length: 9\r\n", '{"a":[1]}')
      peer:read_bytes(#ok_bytes)
      peer:close()
      assert.equal(1, server:requests(base_url)[1]:json().a[1])
    end)
  end)

  describe("chooses", function()
    it("the answers in their order, and repeats the last", function()
      local base_url = server:script {
        fixture.raw("one", { close = true }), fixture.raw("two", { close = true }),
      }
      local got = {}
      for i = 1, 3 do
        local peer = connect(base_url):request("GET /v1/x")
        got[i] = peer:read_all()
        peer:close()
      end
      assert.same({ "one", "two", "two" }, got)
      assert.equal(3, server:requests(base_url)[3].turn)
    end)

    it("by path, if there are routes", function()
      local base_url = server:script { routes = {
        ["/models"] = fixture.raw("models", { close = true }),
        ["*"] = { fixture.raw("first", { close = true }), fixture.raw("second", { close = true }) },
      } }
      for _, case in ipairs { { "/v1/models?x", "models" }, { "/v1/y", "first" },
        { "/v1/models", "models" }, { "/v1/models/z", "second" } } do
        local peer = connect(base_url):request("GET " .. case[1])
        assert.equal(case[2], (peer:read_all()))
        peer:close()
      end
    end)

    it("404 for a path without an answer", function()
      local base_url = server:script { routes = { ["/models"] = ok_answer } }
      local peer = connect(base_url):request("GET /v1/other", "Connection: close\r\n")
      assert.matches("^HTTP/1.1 404 ", (peer:read_all()))
      peer:close()
    end)

    it("from a new script", function()
      local base_url = server:script(fixture.raw("old", { close = true }))
      server:rescript(base_url, fixture.raw("new", { close = true }))
      local peer = connect(base_url):request("GET /v1/x")
      assert.equal("new", (peer:read_all()))
      peer:close()
    end)
  end)

  describe("TLS:", function()
    local function curl(arguments)
      local pipe = io.popen("curl -sS --max-time 5 " .. arguments .. " 2>&1; echo \"($?)\"")
      local text = pipe:read("*a")
      pipe:close()
      return text
    end

    --- Start a request over HTTP/2, and kill the client when it has arrived.
    local function leave(base_url, arguments)
      local before = server:counts(base_url).requests
      local pipe = io.popen("curl -s --http2 " .. arguments .. " " .. base_url
        .. "/x >/dev/null 2>&1 & echo $!")
      local pid = pipe:read("*l")
      server:wait(base_url, { requests = before + 1 })
      os.execute("kill " .. pid)
      pipe:close()
    end

    it("a certificate that is right, for both names", function()
      local base_url, ca_file = server:tls(ok_answer)
      assert.equal("ok(0)\n", curl("--cacert " .. ca_file .. " " .. base_url .. "/x"))
      assert.equal("ok(0)\n", curl(
        "--cacert " .. ca_file .. " " .. base_url:gsub("127.0.0.1", "localhost") .. "/x"))
      assert.equal("1.1", server:requests(base_url)[1].version)
    end)

    it("certificates that are wrong", function()
      local base_url, ca_file = server:tls(ok_answer)
      assert.matches("%(60%)\n$", curl(base_url .. "/x"))
      server:wait(base_url, { failed_handshakes = 1, open = 0 })
      assert.equal(0, server:counts(base_url).requests)
      for kind, why in pairs { wrong_host = "does not match\n?|subject name matches", expired = "expired" } do
        base_url = server:tls(ok_answer, { certificate = kind })
        local said = curl("--cacert " .. ca_file .. " " .. base_url .. "/x")
        assert.matches("%(60%)\n$", said)
        assert.matches(kind == "expired" and why or "subject name", said)
        assert.equal(0, server:counts(base_url).requests)
      end
    end)

    it("HTTP/2, with streams that share a connection", function()
      local base_url, ca_file = server:tls({
        fixture.json(200, { a = 1 }), fixture.sse({ "x", { sleep = 0.01 }, "y" }, { split = 3 }),
      }, { http2 = true })
      local url = base_url .. "/x"
      local said = curl("--http2 -d abc --cacert " .. ca_file .. " " .. url .. " " .. url)
      assert.equal('{"a":1}data: x\n\ndata: y\n\ndata: [DONE]\n\n(0)\n', said)
      local requests = server:requests(base_url)
      assert.equal(2, #requests)
      assert.equal("2", requests[1].version)
      assert.equal("abc", requests[2].body)
      assert.equal(1, requests[2].connection)
      assert.is_true(requests[2].done)
      server:wait(base_url, { open = 0 })
    end)

    it("HTTP/2 whose client leaves half-way through its body", function()
      local base_url, ca_file = server:tls(ok_json, { http2 = true })
      leave(base_url, ("--limit-rate 20k -d %s --cacert %s"):format(("x"):rep(100000), ca_file))
      server:wait(base_url, { left = 1, open = 0 })
      assert.is_false(server:requests(base_url)[1].complete)
      assert.equal("{}(0)\n", curl("--http2 --cacert " .. ca_file .. " " .. base_url .. "/x"))
    end)

    it("HTTP/2 whose client does not read, and leaves", function()
      local base_url, ca_file = server:tls(
        fixture.json(200, ("x"):rep(65536), nil, { times = 4000 }), { http2 = true })
      leave(base_url, "--limit-rate 1k --cacert " .. ca_file)
      server:wait(base_url, { left = 1, open = 0 })
      assert.is_false(server:requests(base_url)[1].done)
    end)

    it("HTTP/2 that fails", function()
      local base_url, ca_file = server:tls({
        fixture.sse({ "x" }, { ending = "reset" }), fixture.sse({ "x" }, { ending = "cut" }),
        { { stall = true } },
      }, { http2 = true })
      local command = "--http2 --cacert " .. ca_file .. " " .. base_url .. "/x"
      assert.matches("%(92%)\n$", curl(command))
      assert.matches("%([15][86]%)\n$", curl(command))
      leave(base_url, "--cacert " .. ca_file)
      server:wait(base_url, { left = 1, open = 0 })
    end)
  end)

  describe("is robust:", function()
    it("whatever a client sends, the next one is served", function()
      local base_url = server:script(ok_answer)
      for _, garbage in ipairs {
        "", "\r\n\r\n", "GET\r\n\r\n", "\0\1\2", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ("x"):rep(5 * 1024 * 1024),
        "\22\3\1\0\5\1\0\0\1\0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      } do
        local peer = connect(base_url)
        peer:write(garbage)
        peer:close()
      end
      server:wait(base_url, { open = 0 })
      local peer = connect(base_url):request("GET /v1/x")
      assert.equal(ok_bytes, peer:read_bytes(#ok_bytes))
      peer:close()
    end)

    it("a client that leaves at each step", function()
      local base_url = server:script(fixture.sse({ "a", "b", "c" }, { delay = 0.001, split = 1 }))
      for bytes = 1, 20 do
        local peer = connect(base_url):request("GET /v1/x")
        peer:read_bytes(bytes)
        peer:close()
      end
      server:wait(base_url, { open = 0, requests = 20 })
    end)

    it("many connections at once", function()
      local base_url = server:script { { hold = "gate" }, { send = ok_bytes } }
      local peers = {}
      for i = 1, 200 do
        peers[i] = connect(base_url):request("GET /v1/x")
      end
      server:wait(base_url, { requests = 200 })
      server:release(base_url, "gate")
      for _, peer in ipairs(peers) do
        assert.equal(ok_bytes, peer:read_bytes(#ok_bytes))
        peer:close()
      end
      server:wait(base_url, { open = 0 })
    end)
  end)

  describe("tells a spec", function()
    it("that a script is wrong, at the spec's line", function()
      for _, script in ipairs { {}, "text", { { sned = "x" } }, { ok_answer, { { nothing = 1 } } } } do
        local ok, err = pcall(function() server:script(script) end)
        assert.is_false(ok)
        assert.matches("support_spec.lua:%d+:", err)
      end
    end)

    it("that a base URL is not its own", function()
      assert.has_error(function() server:requests("http://127.0.0.1:1/v1") end)
    end)

    it("what it waited for in vain", function()
      local base_url = server:script(ok_answer)
      local ok, err = pcall(server.wait, server, base_url, { requests = 1 }, 0.01)
      assert.is_false(ok)
      assert.matches("requests is 0, not 1", err)
    end)

    it("a mistake that only the server could see", function()
      local base_url = server:tls({ { send = "raw" } }, { http2 = true })
      os.execute("curl -sk --http2 --max-time 5 " .. base_url .. "/x >/dev/null 2>&1")
      assert.has_error(function()
        server:counts(base_url)
      end)
    end)
  end)

  describe("places to connect to in vain", function()
    it("refuse, or say nothing", function()
      local refused = server:refused():match(":(%d+)/")
      local sock = socket.connect("127.0.0.1", tonumber(refused))
      sock:onerror(function(_, _, why) return why end)
      assert.equal(errno.ECONNREFUSED, select(2, sock:connect(2)))
      sock:close()
      local deaf = server:deaf():match(":(%d+)/")
      sock = socket.connect("127.0.0.1", tonumber(deaf))
      sock:onerror(function(_, _, why) return why end)
      assert.equal(errno.ETIMEDOUT, select(2, sock:connect(0.2)))
      sock:close()
    end)
  end)

  describe("ends", function()
    --- Whether anybody listens; a server that ends is given a while.
    local function is_refused(base_url)
      for _ = 1, 100 do
        local ok, peer = pcall(connect, base_url)
        if not ok then
          return true
        end
        peer:close()
        cqueues.sleep(0.02)
      end
      return false
    end

    it("when it is stopped, and leaves no file", function()
      local other = fixture.start()
      local base_url, ca_file = other:tls(ok_answer)
      assert(io.open(ca_file)):close()
      other:stop()
      other:stop()
      assert.is_true(is_refused(base_url))
      assert.is_nil((io.open(ca_file)))
      assert.has_error(function() other:counts(base_url) end)
    end)

    it("when its parent is killed", function()
      local interpreter = arg[-1] and jit and "luajit" or _VERSION:lower():gsub(" ", "")
      local program = "local server = require('spec.support.fixture').start() "
        .. "print((server:tls { { close = true } })) print((select(2, server:tls { { close = true } }))) "
        .. "io.stdout:flush() os.execute('kill -9 $PPID')"
      -- In a variable, so that only the inner shell expands PPID.
      local pipe = io.popen(("P=$(cat <<'END'\n%s\nEND\n); %s -e \"$P\" 2>/dev/null"):format(program, interpreter))
      local base_url, ca_file = pipe:read("*l"), pipe:read("*l")
      pipe:close()
      assert.is_true(is_refused(base_url))
      assert.is_nil((io.open(ca_file)))
    end)
  end)
end)
