-- Events that strict parsers lose, and errors that are written where no parser looks: behind a cut
-- event, in a line of their own. Read as chunks and as text, in pieces of every size.

local core = require "lualogue.core"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local messages = { { role = "user", content = "Hi" } }
local server

setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

local function chunk(content, reason)
  return ('{"id":"x","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}]}')
    :format(content, reason and '"' .. reason .. '"' or "null")
end

local ERROR = '{"error":{"message":"upstream reset","code":502}}'
local CUT = '{"id":"x","choices":[{"index":0,"delta":{"content":"lo'
local DONE = "data: [DONE]\n\n"

local function data(...)
  local lines = {}
  for i, text in ipairs { ... } do lines[i] = "data: " .. text .. "\n" end
  return table.concat(lines)
end

-- { name, bytes, text, kind of the error or nil, message }
local streams = {
  { "one newline between two events", data(chunk "a", chunk "b") .. "\n" .. data(chunk("", "stop")) .. "\n" .. DONE, "ab" },
  { "one newline throughout", data(chunk "a", chunk "b", chunk "c", chunk("d", "stop"), "[DONE]"), "abcd" },
  { "one newline, and none at the end", data(chunk "a", chunk("b", "stop")):sub(1, -2), "ab" },
  { "one newline and names", "event: m\n" .. data(chunk "a") .. "event: m\n" .. data(chunk("b", "stop")) .. "event: m\n" .. data "[DONE]", "ab" },
  { "one newline and an error at its end", data(chunk "a", ERROR, "[DONE]") .. "\n", "a", "api", "upstream reset" },
  { "one newline and a named error", data(chunk "a") .. "event: error\n" .. data '{"message":"no"}' .. "\n", "a", "api", "no" },
  { "a value over many lines", data("{", '"choices":[', '{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}', "]}") .. "\n" .. DONE, "a" },
  { "values over many lines, one newline between them", data("{", '"choices":[', '{"index":0,"delta":{"content":"a"}}', "]}", "{",
    '"choices":[{"index":0,"delta":{"content":"b"},', '"finish_reason":"stop"}]', "}", "[DONE]"), "ab" },

  { "comments as data", data ": keepalive" .. "\n" .. data(chunk "a") .. "\n" .. data ": OPENROUTER PROCESSING" .. "\n"
    .. data(chunk("b", "stop")) .. "\n" .. DONE, "ab" },
  { "comments as data, without a blank", "data::x\n\n" .. data(chunk("a", "stop")) .. "\n" .. DONE, "a" },
  { "comments as data in the block of an event", data(": hi", chunk "a") .. "\n" .. data(": hi", ": hi", chunk("b", "stop")) .. "\n" .. DONE, "ab" },
  { "nothing but comments as data", data ": hi" .. "\n" .. data ": hi" .. "\n", "", "truncated" },

  { "an error behind a cut event", data(chunk "a") .. "\n" .. data(CUT) .. "\n" .. data(ERROR) .. "\n", "a", "api", "upstream reset" },
  { "an error behind a cut event, one newline between", data(chunk "a") .. "\n" .. data(CUT, ERROR) .. "\n", "a", "api", "upstream reset" },
  { "a named error behind a cut event", data(chunk "a") .. "\n" .. data(CUT) .. "event: error\n" .. data '{"message":"no"}' .. "\n", "a", "api", "no" },
  { "a named text behind a cut event", data(chunk "a") .. "\n" .. data(CUT) .. "\nevent: error\n" .. data "boom" .. "\n", "a", "api", "boom" },
  { "an error within a cut event", data(chunk "a") .. "\n" .. data(CUT .. ERROR) .. "\n" .. DONE, "a", "api", "upstream reset" },
  { "an error within a cut event, with a field's name", data(chunk "a") .. "\n" .. data(CUT .. "data: " .. ERROR) .. "\n", "a", "api", "upstream reset" },
  { "an error within a cut event that never ends", data(chunk "a") .. "\ndata: " .. CUT .. ERROR, "a", "api", "upstream reset" },
  { "a bare error behind a cut event", data(chunk "a") .. "\n" .. data(CUT) .. ERROR .. "\n", "a", "api", "upstream reset" },
  { "an error line behind a cut event", data(chunk "a") .. "\ndata: " .. CUT .. "\nerror: " .. ERROR .. "\n\n", "a", "api", "upstream reset" },
  { "an error line with a text", data(chunk "a") .. "\nerror: the model was unloaded\n\n" .. DONE, "a", "api", "the model was unloaded" },
  { "a bare error in the middle", data(chunk "a") .. "\n" .. ERROR .. "\n" .. DONE, "a", "api", "upstream reset" },
  { "a bare error behind [DONE]'s place", data(chunk "a") .. "\n" .. ERROR, "a", "api", "upstream reset" },
  { "a bare error at the beginning", ERROR .. "\n\n" .. DONE, "", "api", "upstream reset" },
  { "data twice before an error", data(chunk "a") .. "\ndata: data: " .. ERROR .. "\n\n", "a", "api", "upstream reset" },
  { "an event that speaks of an error", data('{"choices":[{"index":0,"delta":{"content":"\\"error\\": {}"},"finish_reason":"stop"}]}') .. "\n" .. DONE, '"error": {}' },

  { "a cut event and a good one", data(chunk "a") .. "\n" .. data(CUT) .. "\n" .. data(chunk("b", "stop")) .. "\n" .. DONE, "a", "decode" },
  { "a cut event and [DONE]", data(chunk "a") .. "\n" .. data(CUT) .. "\n" .. DONE, "a", "decode" },
  { "a cut event and the end", data(chunk "a") .. "\ndata: " .. CUT, "a", "truncated" },
  { "a chunk in no field", data(chunk "a") .. "\n" .. chunk "b" .. "\n\n" .. data(chunk("c", "stop")) .. "\n", "abc" },
  { "lines that are nothing", data(chunk "a") .. "\n{not json\n\n{\"a\":1}\n[1]\n<html>\nWARNING: x\n\n" .. data(chunk("b", "stop")) .. "\n", "ab" },
  { "[DONE] in no field", data(chunk "a") .. "\n[DONE]\n", "a" },
}

local function read(answer, way)
  local stream, err = lualogue.new { base_url = server:script(answer), max_retries = 0 }:stream { messages = messages }
  if not stream then return "", err end
  local text = {}
  if way == "text" then
    local ok, raised = pcall(function()
      for piece in stream:text() do text[#text + 1] = piece end
    end)
    return table.concat(text), not ok and raised or nil, stream
  end
  local piece
  repeat
    piece, err = stream:next()
    text[#text + 1] = piece and piece.choices[1].delta.content or nil
  until not piece
  return table.concat(text), err, stream
end

describe("the events of a stream with", function()
  for _, case in ipairs(streams) do
    it(case[1], function()
      for _, change in ipairs { false, "\r\n", "\r" } do
        for _, split in ipairs { 0, 1, 7, 64 } do
          local bytes = change and case[2]:gsub("\n", change) or case[2]
          local answer = fixture.json(200, bytes, { ["Content-Type"] = "text/event-stream" }, { split = split > 0 and split or nil })
          for _, way in ipairs { "text", "next" } do
            local text, err = read(answer, way)
            assert.equal(case[4], err and err.kind, tostring(err))
            assert.equal(case[3], text)
            if case[5] then assert.equal(case[5], err.message) end
            if case[4] == "decode" then assert.equal(CUT, err.body) end
          end
        end
      end
    end)
  end

  it("an error that no line ends, however the connection ends", function()
    for _, ending in ipairs { "cut", "reset", "stall" } do
      for _, way in ipairs { "text", "next" } do
        local answer = fixture.json(200, data(chunk "a") .. "\n" .. data(ERROR), { ["Content-Type"] = "text/event-stream" },
          { framing = "chunked", ending = ending })
        local base_url = server:script(answer)
        local stream = assert(lualogue.new { base_url = base_url, idle_timeout = 0.3 }:stream { messages = messages })
        local err
        if way == "text" then
          err = select(2, pcall(function() for _ in stream:text() do end end))
        else
          err = select(2, stream:message())
        end
        assert.equal("api", err and err.kind, ending .. tostring(err))
        assert.equal("upstream reset", err.message)
        assert.equal("a", err.partial.content)
      end
    end
  end)

  it("what was cut within, however the connection ends", function()
    for ending, kind in pairs { cut = "truncated", reset = "truncated", stall = "timeout" } do
      local answer = fixture.json(200, data(chunk "a") .. "\ndata: " .. CUT, { ["Content-Type"] = "text/event-stream" },
        { framing = "chunked", ending = ending })
      local stream = assert(lualogue.new { base_url = server:script(answer), idle_timeout = 0.3 }:stream { messages = messages })
      local _, err = stream:message()
      assert.equal(kind, err.kind, ending .. ": " .. tostring(err))
    end
  end)

  it("any of these, of a request to any path", function()
    local function ended(bytes, options)
      local client = lualogue.new { base_url = server:script(fixture.json(200, bytes, { ["Content-Type"] = "text/event-stream" }, options)),
        max_retries = 0, idle_timeout = 0.3 }
      local events, err = client:request("POST", "/chat/completions", {}, { stream = true })
      local event
      while events do
        event, err = events:next()
        if not event then break end
      end
      return err and err.kind or "complete", err and err.message
    end
    for _, case in ipairs(streams) do
      -- Its events need not be JSON: what cannot be read is handed out as it is.
      local want = case[4] or "complete"
      if case[1]:find "^nothing" then want = "protocol" end -- of any path, no event is no stream
      if want ~= "decode" then assert.equal(want, (ended(case[2])), case[1]) end
    end
    assert.equal("api", (ended(data(chunk "a") .. "\n" .. data(ERROR), { framing = "chunked", ending = "reset" })))
    assert.equal("timeout", (ended(data(chunk "a") .. "\ndata: " .. CUT, { framing = "chunked", ending = "stall" })))
    assert.equal("protocol", (ended('data: {"choices":[{"index":0,"delta":{}}]}\n\n' .. DONE)))
  end)

  it("one newline come when they are sent, not at the end", function()
    local base_url = server:script {
      { send = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
      { send = data(chunk "a", chunk "b", chunk "c") }, { hold = "end" }, { send = data(chunk("d", "stop"), "[DONE]") }, { close = true },
    }
    local stream = assert(lualogue.new { base_url = base_url }:stream { messages = messages })
    local next_text = stream:text()
    assert.equal("abc", next_text() .. next_text() .. next_text())
    server:release(base_url, "end")
    assert.equal("d", next_text())
    assert.is_nil(next_text())
  end)

  it("a cut one are not read on for ever: a reader who leaves then knows", function()
    local base_url = server:script {
      { send = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
      { send = data(chunk "a") .. "\n" .. data(CUT) .. "\n" }, { stall = true },
    }
    local stream = core.client { base_url = base_url }:stream { messages = messages }
    local until_s = core.now() + 10
    local piece
    repeat
      piece = stream:next()
      if piece == false then core.step(10) end
    until piece or core.now() > until_s
    assert.is_table(piece)
    for _ = 1, 5 do
      assert.is_false((stream:next()))
      core.step(5)
    end
    stream:close()
    local _, err = stream:next()
    assert.is_table(err)
    assert.truthy(err.kind == "decode" or err.kind == "cancelled", err.kind)
  end)
end)
