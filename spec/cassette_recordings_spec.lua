-- Recorded answers of real servers, played from a cassette whole and byte by byte: the same
-- messages, and those that a merge apart from the library makes of them.

local lualogue = require "lualogue"
local merge = require "spec.support.merge"
local recorded = require "spec.support.recorded"

local FOLDER = "../shared/recordings"
local list = recorded.list(FOLDER)

if not list then
  describe("the recordings as a cassette", function()
    it("are played whole and byte by byte", function()
      pending(FOLDER .. " is missing beside this checkout")
    end)
  end)
  return
end

describe("the recordings as a cassette", function()
  local path

  setup(function()
    path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    file:write(recorded.cassette(list))
    file:close()
  end)
  teardown(function() os.remove(path) end)

  local function client_of(split)
    local tape = assert(lualogue.cassette(path, { record = "none", split = split }))
    return lualogue.new { cassette = tape, max_retries = 0 }, tape
  end

  --- The message or reply, else the error's kind and what had come.
  local function outcome(client, recording)
    local params = recorded.params(recording)
    if not recording.stream then
      local reply, err = client:chat(params)
      return reply or { kind = err.kind, status = err.status, message = err.message }
    end
    local stream, err = client:stream(params)
    if not stream then return { kind = err.kind, status = err.status, message = err.message } end
    local message
    message, err = stream:message()
    return message or { kind = err.kind, message = err.message, partial = err.partial }
  end

  it("are played whole and byte by byte, to the same end", function()
    local whole, whole_tape = client_of()
    local split, split_tape = client_of(1)
    local n_merged = 0
    for _, recording in ipairs(list) do
      local first, second = outcome(whole, recording), outcome(split, recording)
      assert(first.code ~= "no_match", first.message)
      local found = merge.difference(first, second)
      if found then error(("%s: %s"):format(recording.file, found)) end
      local has_choices = recording.kind == "chat" or recording.kind == "completion"
      if recording.stream and has_choices and first.role then
        local chunks = merge.events(recording.body)
        found = merge.difference((merge.message(chunks, 0)), first)
        if found then error(("%s, merged: %s"):format(recording.file, found)) end
        n_merged = n_merged + 1
      end
    end
    assert.is_true(n_merged > 10)
    assert(whole_tape:done())
    assert(split_tape:done())
  end)
end)
