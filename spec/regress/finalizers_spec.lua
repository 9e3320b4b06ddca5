-- A collection may begin in the middle of reading an event or a reply, and the host's finalizers
-- run within it: one that closed the stream, took from it, or waited for another call pulled
-- away the bytes that were being read.
local fixture = require "spec.support.fixture"
local core = require "lualogue.core"
local finalizer = require "spec.support.finalizer"

local messages = { { role = "user", content = "Hi" } }
local N = 120

describe("a finalizer that runs while an answer is read", function()
  local server, restore
  setup(function()
    server = fixture.start()
    restore = finalizer.restless()
  end)
  before_each(function() collectgarbage() end) -- from here on without a pause
  teardown(function()
    restore()
    server:stop()
  end)

  local function numbered()
    local events = {}
    for i = 1, N do
      events[i] = fixture.chunk(("w%d%s"):format(i, i % 3 == 0 and '"' or ""))
    end
    events[N + 1] = fixture.chunk("", { finish_reason = "stop" })
    return server:script(fixture.sse(events))
  end

  --- A stream that has come whole and waits to be read.
  local function received()
    local stream = core.client { base_url = numbered() }:stream { messages = messages }
    while core.active() > 0 do core.step() end
    return stream
  end

  local function text_of(piece)
    return type(piece) == "table" and (piece.choices[1].delta.content or "") or piece
  end

  for _, method in ipairs { "next", "next_text" } do
    it("may step the pool: " .. method, function()
      local stream = core.client { base_url = numbered() }:stream { messages = messages }
      local pieces, piece, err = {}
      repeat
        for _ = 1, 3 do finalizer.add(function() core.step(0) end) end
        piece, err = stream[method](stream)
        if piece == false then core.step() end
        if piece then pieces[#pieces + 1] = text_of(piece) end
      until piece == nil
      assert.is_nil(err)
      local expected = {}
      for i = 1, N do expected[i] = ("w%d%s"):format(i, i % 3 == 0 and '"' or "") end
      assert.equal(table.concat(expected), table.concat(pieces))
    end)

    it("may close the stream: " .. method, function()
      for _ = 1, 3 do
        local stream, garbage = received()
        local piece, err
        for i = 1, N do
          if i > 20 then finalizer.add(function() stream:close() end) end
          if i == N - 9 then collectgarbage() end -- if none has run by now
          garbage = ("x"):rep(4000 + i) -- else the collector may have no reason to come by
          if i == N - 5 then collectgarbage() end
          piece, err = stream[method](stream)
          if piece == nil then break end
        end
        assert.is_nil(piece)
        assert.equal("cancelled", err.kind)
        assert.is_string(garbage)
      end
    end)

    it("may take from the stream: " .. method, function()
      local stream = received()
      local piece, err
      repeat
        finalizer.add(function() stream[method](stream) end)
        piece, err = stream[method](stream)
      until piece == nil
      assert.is_nil(err)
    end)
  end

  it("may ask for the reply that is being read", function()
    local data = {}
    for i = 1, 200 do
      data[i] = { object = "embedding", index = i - 1, embedding = { i, 0.5, 0.25 } }
    end
    local base_url = server:script(fixture.json(200, { object = "list", data = data }))
    local client = core.client { base_url = base_url }
    for _ = 1, 5 do
      local exchange = client:embeddings { input = "x" }
      while core.active() > 0 do core.step() end
      for _ = 1, 20 do finalizer.add(function() exchange:result() end) end
      local reply = assert(exchange:result())
      assert.equal(200, #reply.data)
      assert.equal(200, reply.data[200].embedding[1])
    end
  end)
end)
