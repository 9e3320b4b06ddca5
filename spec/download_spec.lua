-- Answers that go into a file, or come as bytes: whole, or not at all.
local core = require "lualogue.core"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local program = require "spec.support.program"
local sources = require "spec.support.sources"

local quote = program.quote
local MIB = 1024 * 1024
local BINARY = { ["Content-Type"] = "application/octet-stream" }

describe("an answer", function()
  local server, folder
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)
  before_each(function() folder = sources.lines_of("mktemp -d")[1] end)
  after_each(function() os.execute("rm -r " .. quote(folder)) end)

  local function client_of(script, options)
    options = options or {}
    options.base_url = server:script(script)
    options.max_retries = options.max_retries or 0
    return lualogue.new(options), options.base_url
  end

  local read = sources.read

  local function write(path, bytes)
    local file = assert(io.open(path, "wb"))
    file:write(bytes)
    file:close()
  end

  local function listed() return table.concat(sources.lines_of("ls -A " .. quote(folder)), " ") end

  local function body_of(n) return ("\0\r\n--x\255{"):rep(math.ceil(n / 8)):sub(1, n) end

  local function cut(bytes, n) return fixture.json(200, bytes, BINARY, { content_length = n, ending = "cut" }) end

  describe("into a file", function()
    it("is there byte by byte, of any length, and nothing beside it", function()
      local path = folder .. "/a.bin"
      for _, n in ipairs { 0, 1, 65536, 300003 } do
        local client = client_of(fixture.json(200, body_of(n), BINARY))
        local reply = assert(client.files:content("file-1", nil, { to = path }))
        assert.same({ path = path, bytes = n, type = "application/octet-stream" }, reply)
        assert.same({ 200, n, "" }, { reply.meta.status, reply.meta.bytes_received, reply.text })
        assert.is_true(read(path) == body_of(n), n .. " bytes")
        assert.equal("a.bin", listed())
      end
    end)

    it("of any operation and request, streamed or in chunks or to the end of the connection", function()
      for name, options in pairs { chunked = { framing = "chunked", split = 1000 }, close = { framing = "close" } } do
        local client = client_of(fixture.json(200, body_of(100000), BINARY, options))
        assert(client:request("POST", "/audio/speech", { input = "x" }, { to = folder .. "/" .. name }))
        assert.is_true(read(folder .. "/" .. name) == body_of(100000))
      end
      local client = client_of(fixture.json(200, '{"id":"x"}'))
      assert(client.models:retrieve("m", nil, { to = folder .. "/json" }))
      assert.equal('{"id":"x"}', read(folder .. "/json"))
      assert.equal("chunked close json", listed())
    end)

    it("has the permissions that the umask leaves, and takes a name without a folder", function()
      local _, base_url = client_of(fixture.json(200, "here", BINARY))
      local code = ([[local c = require "lualogue".new { base_url = %q }
        print(assert(c.files:content("f", nil, { to = "name" })).bytes)]]):format(base_url)
      local output = program.run(("sh -c %s"):format(quote("umask 027; exec " .. program.INTERPRETER .. " -e " .. quote(code))), { cwd = folder })
      assert.equal("4\n", output)
      assert.equal("640", sources.lines_of("stat -c %a " .. quote(folder .. "/name"))[1])
    end)

    it("takes the place of an old one, and of a link to one, once it is whole", function()
      local path, link = folder .. "/a", folder .. "/link"
      write(path, "old")
      os.execute(("ln -s a %s"):format(quote(link)))
      local client = client_of(fixture.json(200, "new", BINARY))
      assert(client.files:content("f", nil, { to = link }))
      assert.same({ "old", "new" }, { read(path), read(link) })
      assert(client.files:content("f", nil, { to = path }))
      assert.equal("new", read(path))
    end)

    it("that is cut off leaves the old one, and nothing beside it", function()
      local path = folder .. "/a"
      for _, old in ipairs { false, true } do
        if old then write(path, "old") end
        for _, answer in ipairs {
          cut(body_of(100000), 200000), fixture.json(200, body_of(1000), BINARY, { framing = "chunked", ending = "cut" }),
          fixture.json(200, body_of(1000), BINARY, { content_length = 5000, ending = "reset" }),
        } do
          local reply, err = client_of(answer).files:content("f", nil, { to = path })
          assert.is_nil(reply)
          assert.equal("connection", err.kind)
          assert.equal(old and "a" or "", listed())
          if old then assert.equal("old", read(path)) end
        end
      end
    end)

    it("that is cut off is asked for again, from its beginning", function()
      local path = folder .. "/a"
      local client, base_url = client_of({ cut(body_of(150000), 200000), fixture.json(200, body_of(1000), BINARY) }, { max_retries = 1 })
      local reply = assert(client.files:content("f", nil, { to = path }))
      assert.same({ 1000, 2, 2 }, { reply.bytes, reply.meta.attempts, #server:requests(base_url) })
      assert.is_true(read(path) == body_of(1000))
      assert.equal("a", listed())
    end)

    it("that is a refusal is nil and an error, and no file", function()
      local path = folder .. "/a"
      for _, case in ipairs {
        { fixture.json(404, fixture.error_body("No such file", { code = "gone" })), 404 },
        { fixture.json(200, fixture.error_body("No such file", { code = "gone" })), 200 },
      } do
        local reply, err = client_of(case[1]).files:content("f", nil, { to = path })
        assert.is_nil(reply)
        assert.same({ "api", case[2], "gone" }, { err.kind, err.status, err.code })
        assert.matches("No such file", err.message)
        assert.equal("", listed())
      end
      local reply, err = client_of(fixture.html(502)).files:content("f", nil, { to = path })
      assert.is_nil(reply)
      assert.equal("api", err.kind)
      assert.equal("", listed())
    end)

    it("whose content merely tells of an error is what it is", function()
      local path = folder .. "/a"
      for _, case in ipairs {
        { '{"id":"batch_1","response":null,"error":{"message":"m","code":"c"}}', "application/json" },
        { '{"error":{"message":"m"}}', "application/octet-stream" }, { '{"error":{"message":"m"}}\n{"error":null}\n', "application/json" },
        { '{"error":null}', "application/json" }, { ("x"):rep(100000), "application/json" },
      } do
        assert(client_of(fixture.json(200, case[1], { ["Content-Type"] = case[2] })).files:content("f", nil, { to = path }))
        assert.equal(case[1], read(path))
      end
    end)

    it("that cannot be written is an error before anything is asked", function()
      local client, base_url = client_of(fixture.json(200, "x", BINARY))
      os.execute("mkfifo " .. quote(folder .. "/fifo"))
      os.execute(("ln -s . %s"):format(quote(folder .. "/here")))
      for path, why in pairs {
        [folder .. "/here"] = "cannot create '.*/here': Is a directory",
        [folder .. "/none/a"] = "cannot create '.*/none/a': No such file", [folder] = "cannot create '.*': Is a directory",
        [folder .. "/fifo"] = "/fifo' is there, and is no plain file", ["/dev/null"] = "'/dev/null' is there",
        [folder .. "/fifo/a"] = "Not a directory", [folder .. "/" .. ("n"):rep(300)] = "File name too long",
      } do
        local reply, err = client.files:content("f", nil, { to = path })
        assert.is_nil(reply)
        assert.same({ "file", "request" }, { err.kind, err.phase })
        assert.matches(why, err.message)
      end
      assert.equal(0, #server:requests(base_url))
      assert.equal("fifo here", listed())
    end)

    it("for which there is no room is an error, and leaves nothing", function()
      local _, base_url = client_of({ { send = "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n" }, { send = ("x"):rep(65536), times = 128 } })
      local code = ([[local c = require "lualogue".new { base_url = %q, max_retries = 2 }
        local reply, err = c.files:content("f", nil, { to = %q })
        print(reply, err.kind, err.phase, err.attempts, err.message)]]):format(base_url, folder .. "/a")
      -- A limit on the length of a file is the disk that anybody can fill.
      local shell = "trap '' XFSZ; ulimit -f 1000; exec " .. program.INTERPRETER .. " -e " .. quote(code)
      local output = program.run("sh -c " .. quote(shell))
      assert.matches("^nil\tfile\tbody\t1\tcannot write '.*/a': File too large", output)
      assert.equal("", listed())
    end)

    it("that is longer than the call allows is an error, and leaves nothing", function()
      local client = client_of(fixture.json(200, body_of(100000), BINARY, { framing = "chunked" }))
      local reply, err = client.files:content("f", nil, { to = folder .. "/a", max_response_bytes = 99999 })
      assert.is_nil(reply)
      assert.equal("limit", err.kind)
      assert.matches("max_response_bytes %(99999%)", err.message)
      assert.equal("", listed())
      assert(client.files:content("f", nil, { to = folder .. "/a", max_response_bytes = 100000 }))
    end)

    local function half() return { { send = "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" .. ("x"):rep(100000) }, { stall = true } } end

    it("that nobody wants any more leaves nothing", function()
      local client = core.client { base_url = server:script(half()), max_retries = 0 }
      for _, is_cancelled in ipairs { true, false } do
        local exchange = client:request("GET", "/f", nil, { to = folder .. "/a" })
        repeat core.step(20) until select(3, exchange:progress()) == 100000
        assert.matches("^a%.%x+$", listed())
        if is_cancelled then exchange:cancel() end
        exchange = nil -- luacheck: ignore
        if not is_cancelled then
          collectgarbage()
          collectgarbage()
        end
        assert.equal("", listed())
      end
    end)

    it("that is over, and was given up before it was asked for, leaves nothing", function()
      local client = core.client { base_url = server:script(fixture.json(200, "x", BINARY)), max_retries = 0 }
      local exchange = client:request("GET", "/f", nil, { to = folder .. "/a" })
      repeat core.step(1000) until tostring(exchange):find "over"
      exchange:cancel()
      local reply, err = exchange:result()
      assert.is_nil(reply)
      assert.equal("cancelled", err.kind)
      assert.equal("", listed())
    end)

    it("of a task that is cancelled leaves nothing", function()
      local client = client_of(half())
      local seen
      assert(lualogue.race { function() return client.files:content("f", nil, { to = folder .. "/a" }) end, function()
        repeat lualogue.sleep(0.002) seen = listed() until seen ~= ""
        return true
      end })
      assert.matches("^a%.%x+$", seen)
      assert.equal("", listed())
    end)

    it("to a process that is killed half-way has nothing under its name", function()
      local path = folder .. "/a"
      write(path, "old")
      local _, base_url = client_of(half())
      local child = program.start(([[local core = require "lualogue.core"
        local x = core.client { base_url = %q }:request("GET", "/f", nil, { to = %q })
        repeat core.step(20) until select(3, x:progress()) == 100000
        print "half" io.stdout:flush() core.step(60000)]]):format(base_url, path))
      assert.equal("half", child:line())
      os.execute("kill -9 " .. child.pid)
      child:rest()
      assert.equal("old", read(path))
      assert.matches("^a a%.%x+$", listed()) -- what it had stands beside it
    end)

    it("is told to on_event", function()
      local got = {}
      local client = client_of({ { send = "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" .. ("x"):rep(100000) },
        { sleep = 0.3 }, { send = ("x"):rep(100000) } }, { on_event = function(event)
        if event.type == "download" then got[#got + 1] = event end
      end })
      assert(client.files:content("f", nil, { to = folder .. "/a" }))
      assert.is_true(#got >= 2)
      assert.same({ 100000, 200000, 1 }, { got[1].bytes, got[1].total, got[1].attempt })
      assert.same({ 200000, 200000 }, { got[#got].bytes, got[#got].total })
      assert(client.files:content("f", nil, { raw = true }))
      local stream, n = assert(client.files:content("f", nil, { stream = true })), 0
      for piece in stream do n = n + #piece end
      assert.equal(200000, n)
      assert.equal(200000, got[#got].bytes)
    end)

    it("raises for wrong arguments", function()
      local client = client_of(fixture.json(200, "{}"))
      for _, case in ipairs {
        { "to", function() client.files:content("f", nil, { to = 5 }) end }, { "to", function() client.files:content("f", nil, { to = "" }) end },
        { "to", function() client.files:content("f", nil, { to = "a\0b" }) end },
        { "to", function() client:request("GET", "/x", nil, { to = "a", stream = true }) end },
        { "to", function() client:chat({ messages = {} }, { to = "a" }) end },
        { "options", function() client.files:list({}, { to = "a" }) end }, { "options", function() client.files:list({}, { stream = true }) end },
      } do
        local ok, err = pcall(case[2])
        assert.is_false(ok)
        assert.matches("download_spec.lua:%d+: bad argument '" .. case[1] .. "' to", err)
      end
    end)
  end)

  describe("as bytes", function()
    local function joined(stream)
      local pieces = {}
      for piece in stream:bytes() do pieces[#pieces + 1] = piece end
      return table.concat(pieces), #pieces
    end

    it("comes piece by piece, and all of it", function()
      for _, n in ipairs { 0, 1, 100000, 1000000 } do
        local stream = assert(client_of(fixture.json(200, body_of(n), BINARY)).files:content("f", nil, { stream = true }))
        assert.is_true(joined(stream) == body_of(n))
        assert.same({ 200, n }, { stream.meta.status, stream.meta.bytes_received })
        assert.is_nil(stream:next())
        assert.is_nil(stream:next())
        assert.matches("^lualogue.bytes %(ended%)", tostring(stream))
      end
    end)

    it("comes when it comes, and not when all is there", function()
      local client, base_url = client_of({ { send = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst" }, { hold = "gate" }, { send = "after" } })
      local stream = assert(client:request("GET", "/x", nil, { raw = true, stream = true }))
      assert.equal("first", stream:next())
      server:release(base_url, "gate")
      assert.equal("after", stream:next())
      assert.is_nil(stream:next())
    end)

    it("of speech is that of its operation; with stream_format its events are", function()
      local client, base_url = client_of(fixture.json(200, "sound", { ["Content-Type"] = "audio/mpeg" }))
      assert.equal("sound", joined(assert(client.audio.speech:create({ input = "x" }, { stream = true }))))
      assert.is_nil(server:requests(base_url)[1]:json().stream)
      client = client_of(fixture.sse({ { type = "speech.audio.delta", audio = "eA==" }, { type = "speech.audio.done" } }, { done = false }))
      assert.equal("speech.audio.delta", assert(client.audio.speech:stream { input = "x" }):next().type)
    end)

    it("that is cut off is truncated, and not asked for again", function()
      local client, base_url = client_of(cut(body_of(1000), 5000), { max_retries = 2 })
      local stream, n = assert(client.files:content("f", nil, { stream = true })), 0
      local ok, err = pcall(function()
        for piece in stream do n = n + #piece end
      end)
      assert.is_false(ok)
      assert.same({ "truncated", 1000, 1 }, { err.kind, n, #server:requests(base_url) })
      local piece, again = stream:next()
      assert.is_nil(piece)
      assert.equal(err, again)
    end)

    it("that is a refusal is nil and an error", function()
      local stream, err = client_of(fixture.json(404, fixture.error_body "gone")).files:content("f", nil, { stream = true })
      assert.is_nil(stream)
      assert.same({ "api", 404, "gone" }, { err.kind, err.status, err.message })
      stream, err = client_of({ { close = true } }).files:content("f", nil, { stream = true })
      assert.is_nil(stream)
      assert.equal("connection", err.kind)
    end)

    it("is tried again where no byte has come", function()
      local busy = fixture.json(503, fixture.error_body "busy", { ["retry-after-ms"] = "1" })
      local client = client_of({ busy, fixture.json(200, "x", BINARY) }, { max_retries = 1 })
      assert.equal("x", joined(assert(client.files:content("f", nil, { stream = true }))))
    end)

    it("waits for a slow reader, and does not grow", function()
      local client, base_url = client_of({ { send = "HTTP/1.1 200 OK\r\nContent-Length: 16777216\r\n\r\n" }, { send = ("x"):rep(65536), times = 256 } })
      local stream = assert(client.files:content("f", nil, { stream = true }))
      local first = #assert(stream:next())
      for _ = 1, 20 do core.step(10) end
      assert.is_true(stream.meta.bytes_received < MIB, tostring(stream.meta.bytes_received))
      local n = 0
      for piece in stream do n = n + #piece end
      assert.equal(16 * MIB, n + first)
      server:wait(base_url, { done = 1 })
    end)

    it("that is closed early is cancelled, and its connection gone", function()
      local client, base_url = client_of({ { send = "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" .. ("x"):rep(100000) }, { stall = true } })
      local stream = assert(client.files:content("f", nil, { stream = true }))
      assert(stream:next())
      stream:close()
      stream:close()
      local piece, err = stream:next()
      assert.is_nil(piece)
      assert.equal("cancelled", err.kind)
      server:wait(base_url, { left = 1 })
    end)

    it("that is longer than the call allows is an error", function()
      local client = client_of(fixture.json(200, body_of(100000), BINARY, { framing = "chunked", split = 1000 }))
      local stream = assert(client.files:content("f", nil, { stream = true, max_response_bytes = 50000 }))
      local ok, err = pcall(joined, stream)
      assert.is_false(ok)
      assert.equal("limit", err.kind)
    end)

    it("raises where a method is called with a dot", function()
      local stream = assert(client_of(fixture.json(200, "x", BINARY)).files:content("f", nil, { stream = true }))
      for _, name in ipairs { "next", "bytes", "close" } do
        local ok, err = pcall(function() stream[name]() end)
        assert.is_false(ok)
        assert.matches("download_spec.lua:%d+: bad argument 'self' to '" .. name .. "'", err)
      end
    end)
  end)
end)
