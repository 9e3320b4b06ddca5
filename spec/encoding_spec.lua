-- Replies that come compressed, and how long one may be.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local server

local text = ("lorem ipsum "):rep(3000)
local reply_body = fixture.chat_reply(text)

--- A client of a new origin with this script, and the origin's base URL.
local function client_of(script, options)
  local base_url = server:script(script)
  local settings = { base_url = base_url, api_key = "sk-secret-0123456789", max_retries = 0 }
  for name, value in pairs(options or {}) do settings[name] = value end
  return lualogue.new(settings), base_url
end

describe("a reply", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local encodings = { gzip = "gzip", deflate = "gzip", br = "brotli" }

  for encoding, feature in pairs(encodings) do
    if lualogue.features[feature] then
      it("may come in " .. encoding, function()
        for _, split in ipairs { false, 1000, 1 } do
          local client = client_of(fixture.json(200, reply_body, nil, { encoding = encoding, split = split or nil }))
          local reply = lualogue.assert(client:chat { messages = messages })
          assert.equal(text, reply.choices[1].message.content)
          assert.is_true(reply.meta.bytes_received < #text / 10)
        end
      end)

      it("may be refused in " .. encoding, function()
        local client = client_of(fixture.json(400, fixture.error_body "bad", nil, { encoding = encoding }))
        local _, err = client:chat { messages = messages }
        assert.equal("bad", err.message)
      end)

      it("may be streamed in " .. encoding, function()
        local client = client_of(fixture.sse(fixture.words { "a", "b" }, { encoding = encoding, split = 3 }))
        local stream = lualogue.assert(client:stream { messages = messages })
        assert.equal("ab", lualogue.assert(stream:message()).content)
      end)

      it("that is cut off in " .. encoding .. " is none", function()
        local client = client_of(fixture.json(200, reply_body, nil, { encoding = encoding, encoded_bytes = 40 }))
        local reply, err = client:chat { messages = messages }
        assert.is_nil(reply)
        assert.is_true(err.kind == "decode" or err.kind == "protocol", err.kind)
      end)
    else
      it("is not asked for in " .. encoding .. ", which this libcurl has not", function()
        local client, base_url = client_of(fixture.json(200, reply_body))
        lualogue.assert(client:chat { messages = messages })
        assert.is_nil((server:requests(base_url)[1]:header "accept-encoding" or ""):find(encoding, 1, true))
      end)
    end
  end

  it("is asked for in all that libcurl can read", function()
    local client, base_url = client_of(fixture.json(200, reply_body))
    lualogue.assert(client:chat { messages = messages })
    local accepted = server:requests(base_url)[1]:header "accept-encoding"
    for name, encoding in pairs { gzip = "gzip", brotli = "br", zstd = "zstd" } do
      assert.equal(lualogue.features[name], accepted:find(encoding, 1, true) ~= nil, encoding)
    end
  end)

  if lualogue.features.zstd then
    it("may come in zstd", function()
      -- One frame with one raw block: a magic number, a descriptor for a content of one byte's
      -- length, the length, a block header (last, raw, its bytes), and the block.
      local body = '{"choices":[{"text":"a"}]}'
      local frame = "\40\181\47\253" .. "\32" .. string.char(#body) .. string.char(#body * 8 + 1) .. "\0\0" .. body
      local client = client_of(fixture.json(200, frame, { ["Content-Encoding"] = "zstd" }))
      assert.equal("a", lualogue.assert(client:chat { messages = messages }).text)
    end)
  end

  it("in an encoding that nobody knows is none", function()
    local client = client_of(fixture.json(200, reply_body, { ["Content-Encoding"] = "rot13" }))
    local reply, err = client:chat { messages = messages }
    assert.is_nil(reply)
    assert.equal("protocol", err.kind)
  end)
end)

describe("max_response_bytes", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local body = '{"choices":[{"text":"a"}],"x":"' .. ("x"):rep(1000) .. '"}'

  it("is the longest body that is taken", function()
    for _, opts in ipairs { {}, { framing = "chunked" }, { framing = "close" }, { split = 10 } } do
      local client = client_of(fixture.json(200, body, nil, opts), { max_response_bytes = #body })
      lualogue.assert(client:chat { messages = messages })
      local reply, err = client:chat({ messages = messages }, { max_response_bytes = #body - 1 })
      assert.is_nil(reply)
      assert.equal("limit", err.kind)
      assert.equal("body", err.phase)
      assert.equal(200, err.status)
      assert.matches("max_response_bytes", err.message)
      assert.is_truthy(err.message:find(tostring(#body - 1), 1, true))
    end
  end)

  it("is not tried again, and ends the transfer", function()
    local endless = { { send = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{" },
      { send = ("x"):rep(65536), times = 100000 } }
    local client, base_url = client_of(endless, { max_response_bytes = 1e6, max_retries = 3 })
    local reply, err = client:chat { messages = messages }
    assert.is_nil(reply)
    assert.equal("limit", err.kind)
    assert.equal(1, err.attempts)
    server:wait(base_url, { open = 0 })
    assert.equal(1, server:counts(base_url).requests)
    assert.is_true(#(err.body or "") <= 1e6)
  end)

  it("counts what a compressed body becomes", function()
    local client = client_of(fixture.json(200, reply_body, nil, { encoding = "gzip" }), { max_response_bytes = 10000 })
    local reply, err = client:chat { messages = messages }
    assert.is_nil(reply)
    assert.equal("limit", err.kind)
  end)

  it("holds for embeddings and raw replies too", function()
    local client = client_of(fixture.json(200, body), { max_response_bytes = 100 })
    assert.equal("limit", select(2, client:embeddings { input = "one" }).kind)
    assert.equal("limit", select(2, client:request("GET", "/x", nil, { raw = true })).kind)
  end)

  it("leaves the client usable", function()
    local client, base_url = client_of(fixture.json(200, body), { max_response_bytes = 100 })
    assert.equal("limit", select(2, client:chat { messages = messages }).kind)
    server:rescript(base_url, fixture.json(200, '{"choices":[{"text":"a"}]}'))
    lualogue.assert(client:chat { messages = messages })
  end)

  it("does not promise what the server's length cannot keep", function()
    local client = client_of(fixture.json(200, "{}", nil, { content_length = 4e11, ending = "cut" }))
    local reply, err = client:chat { messages = messages }
    assert.is_nil(reply)
    assert.equal("connection", err.kind)
  end)
end)
