-- What a hostile or broken server may send without end, or packed small: a named limit stops it.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

describe("an answer without end", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client(answer)
    return lualogue.new { base_url = server:script(answer), max_retries = 0, timeout = 60 }
  end

  local function stopped(err, limit)
    assert.equal("limit", err.kind, tostring(err))
    assert.matches(limit, err.message)
    assert.equal(1, err.attempts)
  end

  it("of interim heads", function()
    local _, err = client({ { send = ("HTTP/1.1 102 Processing\r\n\r\n"):rep(1000), times = 10000 } }):chat { messages = {} }
    stopped(err, "LLG_MAX_HEADER_BYTES")
  end)

  it("of trailers", function()
    local _, err = client({
      { send = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" },
      { send = ("X-Trailer: %s\r\n"):format(("x"):rep(1000)):rep(100), times = 10000 },
    }):chat { messages = {} }
    stopped(err, "LLG_MAX_HEADER_BYTES")
  end)

  it("in one event of a stream, packed small", function()
    local answer = fixture.sse({ { verbatim = "data: " .. ("x"):rep(1e6) } }, { encoding = "gzip", times = 70, done = false })
    local stream, err = client(answer):stream { messages = {} }
    if stream then err = select(2, stream:message()) end
    stopped(err, "LLG_MAX_EVENT_BYTES")
  end)

  it("of a refusal, packed small, is its status", function()
    local answer = fixture.json(500, ("x"):rep(1e6), nil, { encoding = "gzip", times = 50 })
    local _, err = client(answer):chat { messages = {} }
    assert.equal("api", err.kind)
    assert.equal(500, err.status)
    assert.is_true(#err.body <= 1024 * 1024)
  end)
end)
