-- HTTP/2, on request: many streams on one connection, one of which nobody reads for a while.
local core = require "lualogue.core"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local STREAMS, UNREAD_S, UNREAD_MB = 100, 2, 8
local PACE_S, PIECES = 0.05, 20

--- Resident memory of this process, in MiB.
local function resident()
  for line in io.lines "/proc/self/status" do
    local kib = line:match "^VmRSS:%s*(%d+)"
    if kib then return tonumber(kib) / 1024 end
  end
end

describe("a hundred streams on one connection of HTTP/2", function()
  if not lualogue.features.http2 then
    it("this libcurl has none, and says so", function() assert.is_false(lualogue.features.http2) end)
    return
  end

  it("do not wait for the one that nobody reads, which costs what it has sent", function()
    local server = fixture.start()
    local pieces = {}
    for i = 1, PIECES do
      pieces[#pieces + 1] = ("%d "):format(i) .. ("x"):rep(200)
      pieces[#pieces + 1] = { sleep = PACE_S }
    end
    local piece = fixture.chunk { content = ("b"):rep(9800) }
    local base_url, ca_file = server:tls({ routes = {
      ["/chat/completions"] = fixture.sse(fixture.words(pieces)),
      ["/large/chat/completions"] = fixture.sse({ piece }, { done = false, times = UNREAD_MB * 100 }),
    } }, { http2 = true })
    local function client_of(url) return lualogue.new { base_url = url, ca_file = ca_file, http_version = "2" } end
    local client, large = client_of(base_url), client_of(base_url .. "/large")

    local unread, done, worst, most, before, start
    lualogue.assert(lualogue.run(function()
      unread = lualogue.assert(large:stream { messages = {} })
      assert.equal("2", unread.meta.http_version)
      before, start = resident(), core.now()
      done, worst, most = 0, 0, 0
      local numbers = {}
      for i = 2, STREAMS do numbers[i - 1] = i end
      return lualogue.map(numbers, function()
        local stream, last, n = lualogue.assert(client:stream { messages = {} }), core.now(), 0
        repeat
          local chunk, err = stream:next()
          assert(not err, tostring(err))
          local now = core.now()
          worst, last, n = math.max(worst, now - last), now, n + 1
        until not chunk
        assert.equal("stop", stream.finish_reason)
        most = math.max(most, resident() - before)
        done = done + 1
      end, { concurrency = STREAMS })
    end))
    assert.equal(STREAMS - 1, done) -- while one was unread
    -- Each had PIECES waits of PACE_S; a second more is the machine's, two would be the other's.
    assert.is_true(worst < UNREAD_S, ("a stream stood still for %.2f s"):format(worst))
    lualogue.sleep(math.max(0, UNREAD_S - (core.now() - start)))

    local bytes = 0
    local ok, err = pcall(function()
      while true do
        local chunk = unread:next()
        if not chunk then break end
        bytes = bytes + #chunk.choices[1].delta.content
      end
    end)
    assert(ok, tostring(err))
    assert.equal(UNREAD_MB * 100 * 9800, bytes)
    assert.equal(1, server:counts(base_url).accepted)
    assert.equal(STREAMS, server:counts(base_url).requests)
    server:stop()
    print(("      %d streams, one unread: the longest wait of the others was %.0f ms, of %.0f ms between their pieces; %.0f MiB for %d MB unread")
      :format(STREAMS, worst * 1000, PACE_S * 1000, most, UNREAD_MB))
    -- libcurl holds what has come of the one that is not read, whatever our own queue allows.
    if not (os.getenv "LLG_BUILD" or ""):find "asan" then
      assert.is_true(most < 2 * UNREAD_MB + 16, ("%.1f MiB"):format(most))
    end
  end)
end)
