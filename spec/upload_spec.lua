-- Files that are sent: what goes over the wire, and what becomes of a file that is not what it was.
local core = require "lualogue.core"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local multipart = require "spec.support.multipart"
local program = require "spec.support.program"
local sources = require "spec.support.sources"

local MIB = 1024 * 1024

describe("an upload", function()
  local server, folder
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)
  before_each(function() folder = sources.lines_of("mktemp -d")[1] end)
  after_each(function() os.execute("rm -r " .. program.quote(folder)) end)

  local OK = fixture.json(200, { id = "file-1" })

  local function client_of(script, options)
    options = options or {}
    options.base_url = server:script(script or OK)
    options.max_retries = options.max_retries or 0
    return lualogue.new(options), options.base_url
  end

  local function write(name, bytes)
    local path = folder .. "/" .. name
    local file = assert(io.open(path, "wb"))
    file:write(bytes)
    file:close()
    return path
  end

  --- A file of holes, which takes no room on the disk.
  local function sparse(name, bytes)
    local path = folder .. "/" .. name
    assert(os.execute(("truncate -s %d %s"):format(bytes, program.quote(path))))
    return path
  end

  local function last_parts(base_url)
    local requests = server:requests(base_url)
    return multipart.parts(requests[#requests])
  end

  -- ---------------------------------------------------------------- what is sent

  it("sends files byte by byte, of any length", function()
    local client, base_url = client_of()
    for _, n in ipairs { 0, 1, 2, 65535, 65536, 65537, 1000003 } do
      local bytes = ("\0\r\n--x\255"):rep(n):sub(1, n)
      local reply = assert(client.files:create { file = lualogue.file(write("a b.bin", bytes)), purpose = "batch" })
      assert.equal("file-1", reply.id)
      local parts = last_parts(base_url)
      assert.same({ name = "purpose", body = "batch", headers = 1 }, parts[1])
      assert.is_true(parts[2].body == bytes, n .. " bytes")
      assert.same({ "file", "a b.bin", "application/octet-stream", 2 },
        { parts[2].name, parts[2].filename, parts[2].type, parts[2].headers })
      assert.equal(2, #parts)
    end
  end)

  it("sends fields as the official SDKs do: brackets, sorted, texts before files, no null", function()
    local client, base_url = client_of()
    local body = {
      n = 3, big = 123456789012, half = 0.5, yes = true, no = false, none = lualogue.null, name = "ü\r\n\"",
      list = { "b", "a", 1 }, object = { type = "auto", inner = { y = 1, x = { 2 } } }, rows = { { a = 1 }, { a = 2 } },
      empty = {}, file = lualogue.bytes("F", "f.txt"), image = { lualogue.bytes("1", "1.png"), lualogue.bytes("2", "2.webp", "image/x") },
    }
    assert(client:request("POST", "/any", body))
    local got = {}
    for i, part in ipairs(last_parts(base_url)) do
      got[i] = table.concat({ part.name, part.body, part.filename, part.type }, "|")
    end
    assert.same({
      "big|123456789012", "half|0.5", "list[]|b", "list[]|a", "list[]|1", "n|3", 'name|ü\r\n"', "no|false",
      "object[inner][x][]|2", "object[inner][y]|1", "object[type]|auto", "rows[][a]|1", "rows[][a]|2", "yes|true",
      "file|F|f.txt|text/plain", "image[]|1|1.png|image/png", "image[]|2|2.webp|image/x",
    }, got)
  end)

  it("is a form without a file where one is asked for, and an empty one", function()
    local client, base_url = client_of()
    assert(client:request("POST", "/any", { a = "1" }, { multipart = true }))
    assert.same({ { name = "a", body = "1", headers = 1 } }, last_parts(base_url))
    assert(client:request("POST", "/any", {}, { multipart = true }))
    local request = server:requests(base_url)[2]
    assert.matches("^%-%-lualogue%-%x+%-%-\r\n$", request.body)
  end)

  it("lets no name break out of its place", function()
    local client, base_url = client_of()
    local evil = 'a"; x="b\r\nX-Evil: 1\r\n\r\n\\\1.txt'
    local quoted = "a%22; x=%22b%0D%0AX-Evil: 1%0D%0A%0D%0A%5C%01.txt"
    local file = lualogue.bytes("body", evil)
    assert(client:request("POST", "/any", { [evil] = "text", file = file }))
    local parts = last_parts(base_url)
    assert.same({ { name = quoted, body = "text", headers = 1 },
      { name = "file", filename = quoted, body = "body", type = "text/plain", headers = 2 } }, parts)
    local path = write('q"\n.json', "{}")
    assert(client:request("POST", "/any", { file = lualogue.file(path) }))
    assert.equal("q%22%0A.json", last_parts(base_url)[1].filename)
    assert.equal("application/json", last_parts(base_url)[1].type)
  end)

  it("has another boundary each time", function()
    local client, base_url = client_of()
    local seen = {}
    for i = 1, 3 do
      assert(client:request("POST", "/any", { file = lualogue.bytes("x", false) }))
      seen[server:requests(base_url)[i].body:match "^[^\r]+"] = true
    end
    local n = 0
    for _ in pairs(seen) do n = n + 1 end
    assert.equal(3, n)
    assert.same({ { name = "file", body = "x", headers = 1 } }, last_parts(base_url)) -- false: no name
  end)

  it("goes by the operations that take files", function()
    local client, base_url = client_of(fixture.json(200, { id = "x" }))
    local file = lualogue.file(write("a.mp3", "sound"), { name = "b.mp3", type = "audio/x" })
    assert(client.audio.transcriptions:create { file = file, model = "whisper-1", timestamp_granularities = { "word" } })
    local parts = last_parts(base_url)
    assert.same({ "model", "timestamp_granularities[]", "file" }, { parts[1].name, parts[2].name, parts[3].name })
    assert.same({ "b.mp3", "audio/x", "sound" }, { parts[3].filename, parts[3].type, parts[3].body })
    assert(client.uploads.parts:create("upload_1", { data = file }))
    assert.equal("data", last_parts(base_url)[1].name)
    assert(client.images:edit { image = { file, file }, prompt = "x" }) -- a form or JSON: a file decides
    assert.equal(3, #last_parts(base_url))
    assert(client.containers.files:create("c1", { file_id = "file-1" }))
    assert.equal('{"file_id":"file-1"}', server:requests(base_url)[4].body)
    assert(client.containers.files:create("c1", { file = file }))
    assert.equal("sound", last_parts(base_url)[1].body)
  end)

  it("of a part of a file sends that, for uploads in parts", function()
    local client, base_url = client_of()
    local bytes = ("0123456789"):rep(30000)
    local path = write("a", bytes)
    local sent = {}
    for offset = 0, #bytes - 1, 70000 do
      assert(client.uploads.parts:create("upload_1", { data = lualogue.file(path, { offset = offset, length = 70000 }) }))
      sent[#sent + 1] = last_parts(base_url)[1].body
    end
    assert.same({ 70000, 20000, 5 }, { #sent[1], #sent[5], #sent })
    assert.is_true(table.concat(sent) == bytes)
    local reply, err = client.uploads.parts:create("upload_1", { data = lualogue.file(path, { offset = #bytes + 1 }) })
    assert.is_nil(reply)
    assert.matches("/a' ends before the offset$", err.message)
  end)

  it("of a transcription gives text where text was asked for, and events", function()
    local client = client_of(fixture.json(200, "1\n00:00 --> 00:01\nHi\n", { ["Content-Type"] = "text/plain" }))
    local file = lualogue.bytes("sound", "a.wav")
    assert.equal("1\n00:00 --> 00:01\nHi\n",
      assert(client.audio.transcriptions:create { file = file, model = "m", response_format = "srt" }))
    local base_url
    client, base_url = client_of(fixture.sse({ { type = "transcript.text.delta", delta = "Hi" },
      { type = "transcript.text.done", text = "Hi" } }, { done = false }))
    local text = {}
    for piece in assert(client.audio.transcriptions:stream { file = file, model = "m" }):text() do text[#text + 1] = piece end
    assert.same({ "Hi" }, text)
    assert.equal("true", last_parts(base_url)[2].body)
    assert.equal("stream", last_parts(base_url)[2].name)
  end)

  it("leaves what was given as it was", function()
    local client = client_of()
    local options, body = { timeout = 5 }, { file = lualogue.bytes("x", "x") }
    assert(client:request("POST", "/any", body, options))
    assert(client:request("POST", "/any", body, options))
    assert.same({ timeout = 5 }, options)
    assert.is_true(rawequal(body.file, body.file))
    assert.equal("lualogue.file (x)", tostring(body.file))
  end)

  it("goes over TLS and HTTP/2 as well", function()
    local path = write("a", ("0123456789"):rep(50000))
    for _, version in ipairs { "1.1", "2" } do
      local base_url, ca_file = server:tls(OK, { http2 = version == "2" })
      local client = lualogue.new { base_url = base_url, ca_file = ca_file, http_version = version, max_retries = 0, api_key = false }
      for i = 1, 2 do -- anew, and over the same connection
        local reply = assert(client.files:create { file = lualogue.file(path), purpose = "batch" })
        assert.same({ version, i == 2 }, { reply.meta.http_version, reply.meta.reused })
      end
      for _, request in ipairs(server:requests(base_url)) do assert.equal(500000, #multipart.parts(request)[2].body) end
    end
  end)

  -- ---------------------------------------------------------------- again

  it("is sent whole again after a refusal, a reset and a redirect", function()
    local path = write("a", ("0123456789"):rep(50000))
    local busy = fixture.json(500, fixture.error_body "busy", { ["retry-after-ms"] = "1" })
    for name, first in pairs {
      refusal = busy, reset = { { read = "head" }, { sleep = 0.05 }, { reset = true } },
      redirect = fixture.redirect(307, "/v1/there"),
    } do
      local client, base_url = client_of({ first, OK }, { max_retries = 1 })
      assert(client.files:create { file = lualogue.file(path), purpose = "batch" })
      local requests = server:requests(base_url)
      assert.equal(2, #requests, name)
      local parts = multipart.parts(requests[2])
      assert.equal(500000, #parts[2].body, name)
      if name == "refusal" then assert.is_true(requests[1].body == requests[2].body) end
    end
  end)

  it("is sent whole again where a kept connection turns out to be gone", function()
    local bytes = ("0123456789"):rep(800000)
    local path = write("a", bytes)
    -- libcurl's own: the server has said nothing, and had closed for what it knows
    local client, base_url = client_of { OK, { { read = "head" }, { read = "body" }, { close = true } }, OK }
    for _ = 1, 2 do assert(client.files:create { file = lualogue.file(path), purpose = "batch" }) end
    local requests = server:requests(base_url)
    assert.same({ 1, 1, 2 }, { requests[1].connection, requests[2].connection, requests[3].connection })
    assert.is_true(multipart.parts(requests[3])[2].body == bytes)
  end)

  it("may be given up, and leaves no descriptor open", function()
    local client = core.client { base_url = server:script { { read = "head" }, { read = "stop" }, { stall = true } }, max_retries = 0 }
    local function open_files()
      return #sources.lines_of("ls -l /proc/" .. sources.lines_of("echo $PPID")[1] .. "/fd | grep -c " .. program.quote(folder) .. " | grep -v '^0$'")
    end
    local exchange = client:request("POST", "/files", { { "file", path = sparse("a", 64 * MIB) } }, { multipart = true })
    repeat core.step(20) until exchange:progress() > 0
    assert.equal(1, open_files())
    exchange:cancel()
    assert.equal(0, open_files())
    local reply, err = exchange:result()
    assert.is_nil(reply)
    assert.equal("cancelled", err.kind)
  end)

  it("of which the server has enough is what the server says", function()
    local answer = fixture.join({ read = "head" }, { read = "stop" }, fixture.json(413, fixture.error_body "too large", nil, { close = true }))
    local client = client_of(answer)
    local reply, err = client.files:create { file = lualogue.file(sparse("a", 64 * MIB)), purpose = "batch" }
    assert.is_nil(reply)
    assert.is_true(err.kind == "api" or err.kind == "connection", tostring(err)) -- a reset may overtake it
  end)

  -- ---------------------------------------------------------------- files that are not what they were

  it("of what cannot be read is an error, and nothing is asked", function()
    local client, base_url = client_of()
    os.execute("mkfifo " .. program.quote(folder .. "/fifo"))
    os.execute("ln -s loop " .. program.quote(folder .. "/loop"))
    for path, why in pairs {
      [folder .. "/none"] = "cannot open '.*/none': No such file", [folder] = "' is a folder$",
      [folder .. "/fifo"] = "/fifo' is no plain file$", ["/dev/zero"] = "' is no plain file$",
      [folder .. "/loop"] = "cannot open .*symbolic links",
      [folder .. "/" .. ("n"):rep(400)] = "cannot open 'nnn.*nnn': File name too long",
    } do
      local reply, err = client.files:create { file = lualogue.file(path), purpose = "batch" }
      assert.is_nil(reply)
      assert.equal("file", err.kind)
      assert.equal("request", err.phase)
      assert.matches(why, err.message)
    end
    assert.equal(0, #server:requests(base_url))
    local parts = { file = lualogue.file(write("good", "x")), other = lualogue.file(folder .. "/none") }
    assert.is_nil((client:request("POST", "/any", parts)))
    assert.equal(0, #server:requests(base_url))
  end)

  it("of what says nothing of its length is an error, and no whole request", function()
    local client, base_url = client_of()
    for path, why in pairs { ["/proc/cpuinfo"] = "is longer than it says", ["/proc/self/mem"] = "cannot read" } do
      local reply, err = client.files:create { file = lualogue.file(path), purpose = "batch" }
      assert.is_nil(reply)
      assert.same({ "file", "upload" }, { err.kind, err.phase })
      assert.matches(why, err.message)
    end
    for _, request in ipairs(server:requests(base_url)) do assert.is_false(request.complete) end
  end)

  --- Start one that stands still, do something to its files, and let it go on.
  local function meanwhile(files, act)
    local parts = {}
    for i, path in ipairs(files) do parts[i] = { "file", path = path } end
    local base_url = server:script(fixture.join({ read = "head" }, { read = "stop" }, { hold = "gate" }, { read = "discard" }, OK))
    local client = core.client { base_url = base_url, max_retries = 2 }
    local exchange = client:request("POST", "/files", parts, { multipart = true })
    repeat core.step(20) until exchange:progress() > 0
    act()
    server:release(base_url, "gate")
    local reply, err
    repeat
      core.step(1000)
      reply, err = exchange:result()
    until reply ~= false
    local sent, to_send = exchange:progress()
    return reply, err, server:requests(base_url), sent, to_send
  end

  for name, case in pairs {
    shrinks = { "truncate -s 40M", "/a' has shrunk while it was sent$" },
    grows = { "truncate -s 70M", "/a' has grown while it was sent$" },
    changes = { "touch -d 2001-01-01", "/a' has changed while it was sent$" },
  } do
    it("of a file that " .. name .. " is an error, and no whole request", function()
      local path = sparse("a", 64 * MIB)
      local reply, err, requests, sent, to_send = meanwhile({ path }, function()
        os.execute(case[1] .. " " .. program.quote(path))
      end)
      assert.is_nil(reply)
      assert.same({ "file", "upload", 1 }, { err.kind, err.phase, err.attempts })
      assert.matches(case[2], err.message)
      assert.is_true(sent < to_send)
      server:wait(server:script(OK), {}) -- a turn of the server
      assert.equal(1, #requests)
      assert.is_false(requests[1].complete)
    end)
  end

  it("of a file that vanishes before its turn is an error; of one that is open it is whole", function()
    local first, second = sparse("a", 64 * MIB), sparse("b", 1)
    local reply, err = meanwhile({ first, second }, function() os.remove(second) end)
    assert.is_nil(reply)
    assert.matches("cannot open '.*/b': No such file", err.message)
    reply, err = meanwhile({ first }, function() os.remove(first) end)
    assert.equal("file-1", reply and reply.id, tostring(err))
  end)

  -- ---------------------------------------------------------------- how long, how much

  it("is not counted by the clock of the first byte, and bounded by idle_timeout", function()
    local function slowly(piece, pause, options)
      local pipe = assert(io.popen(("luajit spec/support/slow_reader.lua %d %s"):format(piece, pause), "r"))
      options.base_url, options.max_retries = ("http://127.0.0.1:%d/v1"):format(pipe:read "*n"), 0
      local client = lualogue.new(options)
      local reply, err = client:request("POST", "/files", { file = lualogue.file(sparse("a", 16 * MIB)) })
      pipe:close()
      return reply, err
    end
    local reply, err = slowly(MIB, 0.2, { first_byte_timeout = 2.4 })
    assert.is_truthy(reply, tostring(err))
    reply, err = slowly(16 * MIB, 1, { first_byte_timeout = 20, idle_timeout = 0.3 })
    assert.is_nil(reply)
    assert.same({ "timeout", "upload" }, { err.kind, err.phase })
  end)

  it("tells how far it is", function()
    local client = core.client { base_url = server:script(OK), max_retries = 0 }
    local path = write("a", ("x"):rep(300000))
    local exchange = client:request("POST", "/files", { { "file", path = path } }, { multipart = true })
    assert.same({ 0, 0, 0 }, { exchange:progress() })
    repeat core.step(100) until exchange:result()
    local sent, to_send, received, to_receive = exchange:progress()
    assert.equal(to_send, sent)
    assert.is_true(sent > 300000 and sent < 300400)
    assert.same({ 15, 15 }, { received, to_receive })
  end)

  it("is told to on_event while it is on its way, and at the end", function()
    local slow = fixture.join({ read = "head" }, { read = "stop" }, { sleep = 0.3 }, { read = "discard" }, OK)
    local got, retried = {}, {}
    local client = client_of(slow)
    local function note(into)
      return function(event)
        if event.type == "upload" or event.type == "request" then into[#into + 1] = event end
      end
    end
    local function send()
      return client:request("POST", "/files", { file = lualogue.file(sparse("a", 64 * MIB)) }, { on_event = note(got) })
    end
    assert(send())
    local n_blocking = #got
    assert(lualogue.task(send):wait()) -- and in a task
    assert.is_true(#got - n_blocking >= 3)
    for i = n_blocking + 1, #got do got[i] = nil end
    assert.same({ "request", nil }, { got[1].type, got[1].bytes })
    assert.is_true(#got >= 3, #got .. " events")
    for i = 2, #got do
      assert.equal("upload", got[i].type)
      assert.is_true(got[i].total > 64 * MIB and got[i].total < 64 * MIB + 1000)
      assert.is_true(got[i].bytes > (got[i - 1].bytes or -1))
    end
    assert.equal(got[#got].total, got[#got].bytes)
    local busy = fixture.json(500, fixture.error_body "busy", { ["retry-after-ms"] = "1" })
    client = client_of({ busy, OK }, { max_retries = 1 })
    assert(client.files:create({ file = lualogue.file(write("b", "x")), purpose = "batch" }, { on_event = note(retried) }))
    assert.same({ 1, "upload", 2 }, { retried[1].attempt, retried[#retried].type, retried[#retried].attempt })
  end)

  -- ---------------------------------------------------------------- misuse

  it("raises for wrong arguments at the caller's line, with the name", function()
    local client = client_of()
    local file = lualogue.bytes("x", "x")
    local deep = { file = file }
    for _ = 1, 10 do deep = { a = deep, file = file } end
    local hole = { 1, nil, 3 }
    for _, case in ipairs {
      { "path", function() lualogue.file() end }, { "path", function() lualogue.file "" end },
      { "path", function() lualogue.file "a\0b" end }, { "options", function() lualogue.file("a", "b") end },
      { "name", function() lualogue.file("a", { name = 1 }) end }, { "type", function() lualogue.file("a", { type = "x\r\ny/z" }) end },
      { "mime", function() lualogue.file("a", { mime = "a/b" }) end }, { "offset", function() lualogue.file("a", { offset = -1 }) end },
      { "length", function() lualogue.file("a", { length = 0.5 }) end }, { "length", function() lualogue.file("a", { length = "1" }) end },
      { "bytes", function() lualogue.bytes() end }, { "name", function() lualogue.bytes "x" end },
      { "type", function() lualogue.bytes("x", "y", "z") end },
      { "file", function() client.files:create { file = "a.jsonl", purpose = "batch" } end },
      { "body", function() client:request("POST", "/x", { file }) end }, { "body", function() client:request("POST", "/x", file) end },
      { "fn", function() client:request("POST", "/x", { file = file, fn = print }) end },
      { "mixed", function() client:request("POST", "/x", { file = file, mixed = { 1, a = 2 } }) end },
      { "hole", function() client:request("POST", "/x", { file = file, hole = hole }) end },
      { "[^']*", function() client:request("POST", "/x", deep) end },
      { "headers", function() client:request("POST", "/x", { file = file }, { headers = { ["content-type"] = "a/b" } }) end },
      { "body", function() client:request("POST", "/x", "text", { multipart = true }) end },
      { "multipart", function() client:chat({ messages = {} }, { multipart = true }) end },
    } do
      local ok, err = pcall(case[2])
      assert.is_false(ok, case[1])
      assert.matches("upload_spec.lua:%d+: bad argument '" .. case[1] .. "' to", err)
    end
    local ok, err = pcall(function() client:chat { messages = { { role = "user", content = file } } } end)
    assert.is_false(ok)
    assert.matches("messages%[1%]%.content", err)
    assert.is_false(pcall(client.request, client, "POST", "/x", { a = file }, { multipart = false }))
  end)

  it("of the core takes a list of parts, and nothing else", function()
    local client = core.client { base_url = server:script(OK) }
    local function send(...) return pcall(client.request, client, "POST", "/x", { ... }, { multipart = true }) end
    for _, wrong in ipairs {
      "text", {}, { "name" }, { nil, "value" }, { "name", 5 }, { "name", "v", path = "p" }, { "name", path = "" },
      { "name", path = "a\0b" }, { "name", "v", type = "text" }, { "name", "v", type = "a/\n" }, { "name", "v", file = "x" },
      { "name", "v", "w" }, { "name", path = 5 }, { 5, "v" }, { "name", path = "p", offset = -1 }, { "name", path = "p", length = "1" },
    } do
      local ok, err = send({ "good", "v" }, wrong)
      assert.is_false(ok)
      assert.matches("bad argument 'body%[2%]", err)
    end
    assert.is_false(pcall(client.request, client, "POST", "/x", nil, { multipart = true }))
    assert.is_true(send({ "name", "v", filename = "f", type = "a/b" }))
  end)
end)
