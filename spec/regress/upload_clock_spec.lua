-- first_byte_timeout counted the upload, and timing.first_byte was that of the upload's beginning
-- for bodies above 64 KB.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local MIB = 1024 * 1024

describe("a body that takes its time", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function chat(base_url, options, bytes)
    options.base_url, options.max_retries = base_url, 0
    return lualogue.new(options):chat { messages = { { role = "user", content = ("x"):rep(bytes) } } }
  end

  --- The same to a server that reads so many bytes every so often.
  local function slowly(piece, pause, options, bytes)
    local pipe = assert(io.popen(("luajit spec/support/slow_reader.lua %d %s"):format(piece, pause), "r"))
    local reply, err = chat(("http://127.0.0.1:%d/v1"):format(pipe:read "*n"), options, bytes)
    pipe:close()
    return reply, err
  end

  it("is not counted by the clock of the first byte", function()
    -- 3.2 s in all; what the system's buffers hold of it is read within 1.2 s of the last write.
    local reply, err = slowly(MIB, 0.2, { first_byte_timeout = 2.4 }, 16 * MIB)
    assert.is_truthy(reply, tostring(err))
    assert.equal("read", reply.choices[1].message.content)
  end)

  it("is bounded by idle_timeout where it does not go on", function()
    local reply, err = slowly(16 * MIB, 1, { first_byte_timeout = 20, idle_timeout = 0.3 }, 16 * MIB)
    assert.is_nil(reply)
    assert.equal("timeout", err.kind)
    assert.equal("upload", err.phase)
    assert.matches("idle_timeout", err.message)
  end)

  it("does not stop the clock of the first byte once it is there", function()
    local base_url = server:script { { { read = "body" }, { stall = true } } }
    local reply, err = chat(base_url, { first_byte_timeout = 0.3 }, MIB)
    assert.is_nil(reply)
    assert.equal("timeout", err.kind)
    assert.equal("first_byte", err.phase)
  end)

  it("is in timing.first_byte", function()
    for _, bytes in ipairs { 1000, 100000, MIB } do
      local base_url = server:script { { { read = "body" }, { sleep = 0.3 },
        { respond = fixture.json(200, fixture.chat_reply "late")[1].respond } } }
      local timing = lualogue.assert(chat(base_url, {}, bytes)).meta.timing
      assert.is_true(timing.first_byte >= 0.29, bytes .. " bytes: " .. timing.first_byte)
      assert.is_true(timing.first_byte <= timing.total + 0.01, bytes .. " bytes: " .. timing.total)
    end
  end)
end)
