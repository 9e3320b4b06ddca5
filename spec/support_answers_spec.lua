-- The answers of the fixture server, byte by byte over raw sockets.

local errno = require "cqueues.errno"
local fixture = require "spec.support.fixture"
local peers = require "spec.support.fixture_peer"

local connect = peers.connect
local server

local ok_bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
local ok_answer = fixture.raw(ok_bytes)

--- The whole of what one request gets from a script that ends the connection.
local function get_all(script)
  return peers.get_all(server:script(script))
end

describe("an answer of the fixture server", function()
  setup(function()
    server = fixture.start()
  end)

  teardown(function()
    server:stop()
  end)

  describe("steps:", function()
    it("send bytes as they are", function()
      local bytes = "\0\r\n\255 not HTTP"
      assert.equal(bytes, (get_all(fixture.raw(bytes, { close = true }))))
    end)

    it("send in separate writes", function()
      local all, _, reads = get_all(
        fixture.raw("abcd", { split = "every byte", delay = 0.05, close = true }))
      assert.equal("abcd", all)
      assert.is_true(reads > 1)
    end)

    it("send the same many times", function()
      assert.equal(("ab"):rep(1000), (get_all { { send = "ab", times = 1000 }, { close = true } }))
    end)

    it("send to a client that does not read, until it leaves", function()
      local base_url = server:script { { send = ("x"):rep(65536), times = 100000 } }
      local peer = connect(base_url):request("GET /v1/x")
      server:wait(base_url, { sent_bytes = 65536 })
      peer:close()
      local counts = server:wait(base_url, { open = 0, left = 1 })
      assert.is_true(counts.sent_bytes < 100000 * 65536)
      assert.is_false(server:requests(base_url)[1].done)
    end)

    it("hold until released", function()
      local base_url = server:script { { send = "a" }, { hold = "gate" }, { send = "b" }, { close = true } }
      local peer = connect(base_url):request("GET /v1/x")
      assert.equal("a", peer:read())
      assert.is_nil((peer:read(0.05)))
      server:release(base_url, "gate")
      assert.equal("b", peer:read())
      assert.is_nil((peer:read()))
      peer:close()
    end)

    it("sleep, but not longer than the client is there", function()
      local base_url = server:script { { send = "a" }, { sleep = 600 } }
      local peer = connect(base_url):request("GET /v1/x")
      assert.equal("a", peer:read())
      peer:close()
      server:wait(base_url, { open = 0, left = 1 })
    end)

    it("stall until the client leaves", function()
      local base_url = server:script { { stall = true } }
      local peer = connect(base_url):request("GET /v1/x")
      server:wait(base_url, { requests = 1 })
      assert.equal(1, server:counts(base_url).open)
      peer:close()
      assert.equal(0, server:wait(base_url, { open = 0 }).done)
    end)

    it("close", function()
      local all, why = get_all { { close = true } }
      assert.equal("", all)
      assert.is_nil(why)
    end)

    it("reset", function()
      local base_url = server:script { { send = "abc" }, { hold = "gate" }, { reset = true } }
      local peer = connect(base_url):request("GET /v1/x")
      assert.equal("abc", peer:read())
      server:release(base_url, "gate")
      local data, why = peer:read()
      assert.is_nil(data)
      assert.equal(errno.ECONNRESET, why)
      peer:close()
    end)

    it("close one half", function()
      local base_url = server:script { { send = "a" }, { half_close = true }, { stall = true } }
      local peer = connect(base_url):request("GET /v1/x")
      assert.equal("a", (peer:read_all()))
      assert.equal(1, server:counts(base_url).open)
      peer:close()
      server:wait(base_url, { open = 0 })
    end)

    it("answer before the body is there", function()
      local base_url = server:script {
        { read = "head" }, { send = "early" }, { read = "body" }, { send = "late" }, { close = true },
      }
      local peer = connect(base_url):request("POST /v1/x", "Content-Length: 2\r\n")
      assert.equal("early", peer:read())
      assert.is_false(server:requests(base_url)[1].complete)
      peer:write("ab")
      assert.equal("late", (peer:read_all()))
      assert.equal("ab", server:requests(base_url)[1].body)
      peer:close()
    end)

    it("never read", function()
      local base_url = server:script { { read = "nothing" }, { stall = true } }
      local peer = connect(base_url)
      local block, sent = ("x"):rep(1024 * 1024), 0
      repeat
        local ok = peer.sock:xwrite(block, "n", 0.2)
        sent = sent + 1
      until not ok or sent == 64
      assert.is_true(sent < 64)
      assert.equal(0, server:counts(base_url).requests)
      peer:close()
    end)

    it("notice that a client has left that is not read from", function()
      local base_url = server:script { { read = "nothing" }, { stall = true } }
      connect(base_url):request("GET /v1/x"):close()
      assert.equal(0, server:wait(base_url, { accepted = 1, open = 0 }).requests)
    end)
  end)

  describe("responses:", function()
    local function split_response(bytes)
      local head, body = bytes:match("^(.-\r\n\r\n)(.*)$")
      return head, body
    end

    it("JSON with its length, on a kept connection", function()
      local base_url = server:script(fixture.json(429, { a = 1 }, { { "X-B", "2" }, { "X-A", "1" } }))
      local peer = connect(base_url)
      local wanted = "HTTP/1.1 429 Too Many Requests\r\nX-B: 2\r\nX-A: 1\r\n"
        .. "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n" .. '{"a":1}'
      for _ = 1, 2 do
        peer:request("GET /v1/x")
        assert.equal(wanted, peer:read_bytes(#wanted))
      end
      peer:close()
    end)

    it("headers replace defaults, and leave them out", function()
      local head = get_all(fixture.json(200, "", { ["content-type"] = "text/plain", ["Content-Length"] = false },
        { close = true }))
      assert.equal("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nConnection: close\r\n\r\n", head)
    end)

    it("a body many times over", function()
      local head, body = split_response((get_all(fixture.json(200, "ab", nil, {
        times = 50000, close = true,
      }))))
      assert.matches("Content%-Length: 100000\r\n", head)
      assert.equal(("ab"):rep(50000), body)
    end)

    it("a wrong length", function()
      local head, body = split_response((get_all(fixture.json(200, "abc", nil, {
        content_length = 10, ending = "cut",
      }))))
      assert.matches("Content%-Length: 10\r\n", head)
      assert.equal("abc", body)
    end)

    it("events, one chunk each", function()
      local _, body = split_response((get_all(fixture.sse({ { a = 1 }, "b", { verbatim = ": c\n\n" } }, {
        close = true,
      }))))
      assert.equal("f\r\ndata: {\"a\":1}\n\n\r\n9\r\ndata: b\n\n\r\n5\r\n: c\n\n\r\n"
        .. "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n", body)
    end)

    it("events cut into bytes, under every framing", function()
      for framing, wanted in pairs {
        chunked = "1\r\nd\r\n1\r\na\r\n1\r\nt\r\n1\r\na\r\n1\r\n:\r\n1\r\n1\r\n1\r\n\n\r\n1\r\n\n\r\n0\r\n\r\n",
        ["content-length"] = "data:1\n\n", close = "data:1\n\n",
      } do
        local head, body = split_response((get_all(fixture.sse({ { verbatim = "data:1\n\n" } }, {
          done = false, split = "every byte", framing = framing, close = true,
        }))))
        assert.equal(wanted, body)
        assert.equal(framing == "chunked", head:find("Transfer-Encoding: chunked", 1, true) ~= nil)
        assert.equal(framing == "content-length", head:find("Content-Length: 8\r\n", 1, true) ~= nil)
      end
    end)

    it("the ways in which a stream can end", function()
      for ending, wanted in pairs { cut = false, reset = errno.ECONNRESET } do
        local base_url = server:script(
          fixture.sse({ "a", { hold = "gate" } }, { done = false, ending = ending }))
        local peer = connect(base_url):request("GET /v1/x")
        local got = ""
        repeat
          got = got .. assert(peer:read())
        until got:find("data: a\n\n\r\n", 1, true)
        server:release(base_url, "gate")
        local data, why = peer:read()
        assert.is_nil(data)
        assert.equal(wanted or nil, why)
        peer:close()
      end
      local base_url = server:script(fixture.sse({ "a" }, { done = false, ending = "stall" }))
      local peer = connect(base_url):request("GET /v1/x")
      assert.matches("^HTTP/1.1 200 OK", peer:read())
      peer:close()
      server:wait(base_url, { left = 1 })
    end)

    it("steps between events", function()
      local base_url = server:script(fixture.sse(fixture.words({ "a", { hold = "gate" }, "b" }), { close = true }))
      local peer = connect(base_url):request("GET /v1/x")
      local before = ""
      repeat
        before = before .. assert(peer:read())
      until before:find('"content":"a"', 1, true)
      assert.is_nil((peer:read(0.05)))
      server:release(base_url, "gate")
      local after = peer:read_all()
      assert.matches('"content":"b"', after)
      assert.matches('"finish_reason":"stop"', after)
      assert.matches("data: %[DONE%]\n\n\r\n0\r\n\r\n$", after)
      peer:close()
    end)

    it("slow headers, interim responses, HTTP/1.0", function()
      assert.equal("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
        .. "Link: </style.css>; rel=preload\r\n\r\nHTTP/1.0 200 Fine\r\n"
        .. "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        (get_all(fixture.json(200, "{}", nil, {
          header_delay = 0.002, interim = { 100, 103 }, version = "1.0", reason = "Fine",
        }))))
    end)

    it("compressed bodies, whole and cut off", function()
      local text = ("lualogue "):rep(100)
      for _, encoding in ipairs { "gzip", "deflate", "br" } do
        local base_url = server:script(fixture.json(200, text, nil, { encoding = encoding }))
        local pipe = io.popen("curl -sS --compressed --max-time 5 " .. base_url .. "/x 2>&1")
        assert.equal(text, pipe:read("*a"))
        pipe:close()
      end
      local _, body = split_response((get_all(fixture.json(200, text, nil, {
        encoding = "gzip", encoded_bytes = 15, close = true,
      }))))
      assert.equal(15, #body)
      assert.equal("\31\139", body:sub(1, 2))
    end)

    it("redirects and pages", function()
      assert.matches("^HTTP/1.1 307 Temporary Redirect\r\nLocation: /v1/y\r\n",
        (get_all(fixture.redirect(307, "/v1/y", { close = true }))))
      assert.matches("^HTTP/1.1 502 Bad Gateway\r\nContent%-Type: text/html\r\n.*<html>",
        (get_all(fixture.html(502, { close = true }))))
    end)

    it("no body for HEAD", function()
      local base_url = server:script(fixture.json(200, { a = 1 }))
      local peer = connect(base_url):request("HEAD /v1/x", "Connection: close\r\n")
      local head, body = split_response((peer:read_all()))
      assert.matches("Content%-Length: 7\r\n", head)
      assert.equal("", body)
      peer:close()
    end)

    it("an invitation for a client that waits for one", function()
      local base_url = server:script(ok_answer)
      local peer = connect(base_url)
      peer:request("POST /v1/x", "Expect: 100-continue\r\nContent-Length: 2\r\n")
      local invitation = "HTTP/1.1 100 Continue\r\n\r\n"
      assert.equal(invitation, peer:read_bytes(#invitation))
      peer:write("ab")
      assert.equal(ok_bytes, peer:read_bytes(#ok_bytes))
      peer:close()
    end)

    it("the end of the connection where the client asks for it", function()
      local peer = connect(server:script(ok_answer)):request("GET /v1/x", "connection: Close\r\n")
      assert.equal(ok_bytes, (peer:read_all()))
      peer:close()
    end)
  end)

  it("can be put together from steps and answers", function()
    local all = get_all(fixture.join({ send = "HTTP/1.1 103 Early Hints\r\n\r\n" },
      fixture.json(200, "{}", nil, { framing = "close" })))
    assert.matches("^HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n.*\r\n\r\n{}$", all)
  end)

  describe("faults:", function()
    --- Whether the transport fails; else only the content is wrong. (Versions of curl differ
    -- about gzip that is cut off.)
    local transport_fails = {
      ["closed without a word"] = true, ["reset without a word"] = true, ["not HTTP"] = true,
      ["cut off in the head"] = false, ["cut off in the body"] = true,
      ["reset in the body"] = true, ["cut off between chunks"] = true,
      ["a bad chunk size"] = true, ["a length that is too short"] = false,
      ["gzip that is none"] = true, ["an empty body"] = false, ["JSON that is cut off"] = false,
      ["JSON that is no object"] = false, ["a page instead of JSON"] = false,
    }
    for name, answer in pairs(fixture.faults) do
      it(name, function()
        local base_url = server:script(answer)
        local pipe = io.popen("curl -s --compressed --max-time 5 -o /dev/null " .. base_url
          .. "/x; echo $?")
        local failed = pipe:read("*l") ~= "0"
        pipe:close()
        if name ~= "gzip that is cut off" then
          assert.equal(transport_fails[name], failed)
        end
        server:wait(base_url, { requests = 1, open = 0 })
      end)
    end
  end)
end)
