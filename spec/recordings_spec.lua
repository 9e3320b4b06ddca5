-- Recorded answers of real servers, read in every way and however their bytes come, against what
-- a merge apart from the library makes of them. The recordings are not the project's: they are
-- read where they lie beside the checkout.

local cjson = require "cjson"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local merge = require "spec.support.merge"
local sources = require "spec.support.sources"
local typed = require "spec.support.typed"

local FOLDER = "../shared/recordings"
local messages = { { role = "user", content = "Hi" } }

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local bytes = file:read "*a"
  file:close()
  return bytes
end

local manifest = read(FOLDER .. "/manifest.json")
if not manifest then
  describe("the recordings", function()
    it("fold to what a merge of their own makes of them", function()
      pending(FOLDER .. " is missing beside this checkout")
    end)
  end)
  return
end

-- How the bytes come. `change` makes other bytes of a body that say the same.
local DELIVERIES = {
  { "whole" },
  { "gzip", { encoding = "gzip" } },
  { "with CRLF", change = function(body) return (body:gsub("\r?\n", "\r\n")) end },
  { "byte by byte", { split = "every byte" } },
}

-- Byte by byte, a long one is read in two of the ways only: each byte is a system call or more.
local LONG_BYTES, WAYS_OF_LONG = 10000, { text = true, reply = true }

local function answer_of(recording, delivery)
  local body = delivery.change and recording.body:gsub("\r\n", "\n") or recording.body
  if delivery.change then body = delivery.change(body) end
  return fixture.json(recording.status, body, { ["Content-Type"] = recording.content_type }, delivery[2])
end

local function same(want, got, what)
  local found = merge.difference(want, got)
  if found then error(("%s: %s"):format(what, found), 2) end
end

--- A value of the library as lua-cjson has it, after it was sent.
local function sent(value)
  return cjson.decode(lualogue.json.encode { messages = { value } }).messages[1]
end

-- ------------------------------------------------------------------ streams

-- Each way of reading a stream to its end: what it saw, and the error.
local WAYS = {
  chunks = function(stream)
    local seen = { chunks = {} }
    local ok, err = pcall(function()
      for chunk in stream:chunks() do table.insert(seen.chunks, chunk) end
    end)
    return seen, not ok and err or nil
  end,
  next = function(stream)
    local seen = { chunks = {} }
    local chunk, err = stream:next()
    while chunk do
      table.insert(seen.chunks, chunk)
      chunk, err = stream:next()
    end
    return seen, err
  end,
  text = function(stream)
    local pieces = {}
    local ok, err = pcall(function()
      for text in stream:text() do
        assert(text ~= "", "an empty piece")
        table.insert(pieces, text)
      end
    end)
    return { text = table.concat(pieces) }, not ok and err or nil
  end,
  message = function(stream)
    local message, err = stream:message()
    return { message = message }, err
  end,
  reply = function(stream)
    local reply, err = stream:reply()
    return { reply = reply }, err
  end,
}

--- What a recorded stream comes to.
local function expected_of(recording)
  local chunks, done, broken = merge.events(recording.body)
  local want = { kind = broken and "decode" or nil }
  for i, chunk in ipairs(chunks) do
    if type(chunk.error) == "table" then
      want.kind, want.error = "api", chunk.error
      for j = i, #chunks do chunks[j] = nil end
      break
    end
  end
  want.chunks, want.reply, want.usage = chunks, merge.reply(chunks), merge.usage(chunks)
  want.message, want.text = merge.message(chunks, 0)
  want.reason = want.reply.choices[1] and want.reply.choices[1].finish_reason
  if not want.kind and not done and not want.reason then want.kind = "truncated" end
  return want
end

local function check_stream(want, way, client)
  local stream = lualogue.assert(client:stream { messages = messages })
  local seen, err = WAYS[way](stream)
  assert(want.kind == (err and err.kind), "verdict: " .. tostring(err))
  if seen.chunks then same(want.chunks, seen.chunks, "chunks") end
  if seen.text then same(want.text, seen.text, "text") end
  if seen.message then same(want.message, seen.message, "message") end
  if seen.reply then
    same(want.reply, seen.reply, "reply")
    same(want.text, seen.reply.text, "reply.text")
  end
  same(want.reason, stream.finish_reason, "finish_reason")
  -- An error may tell the usage as well.
  if not want.kind then same(want.usage, stream.usage, "usage") end
  if want.error then assert(err.message:find(want.error.message, 1, true), err.message) end
  for index = 0, math.max(0, #want.reply.choices - 1) do
    same(merge.message(want.chunks, index), stream:snapshot(index + 1), "message " .. index)
  end
  if err then
    same(want.message, err.partial, "partial")
  else
    local back = sent(stream:message())
    if back.content == cjson.null then back.content = nil end
    same(want.message, back, "what is sent back")
  end
end

-- ------------------------------------------------------------------ plain replies

local function check_reply(recording, client)
  local is_chat = recording.kind == "chat" or recording.kind == "completion"
  local reply, err
  if is_chat then
    reply, err = client:chat { messages = messages }
  else
    reply, err = client:request("POST", "/" .. recording.kind, {})
  end
  local ok, body = pcall(cjson.decode, recording.body)
  if not reply then
    local is_none = recording.status == 200 and is_chat and ok and not (body.choices or body.error)
    assert(recording.status ~= 200 or not ok or body.error or is_none, "an error: " .. tostring(err))
    assert(err.kind == (is_none and "protocol" or ok and "api" or "decode"), "kind: " .. err.kind)
    if ok then assert(err.status == recording.status) end
    return
  end
  assert(recording.status == 200 and ok, "a reply, though it was a refusal")
  local want = merge.without_nulls(body)
  same(want, reply, "reply")
  local message = want.choices and want.choices[1] and want.choices[1].message
  if not message then return end
  local text = message.content
  if type(text) == "table" then
    text = {}
    for _, part in ipairs(message.content) do text[#text + 1] = part.text end
    text = table.concat(text)
  end
  same(text or "", reply.text, "reply.text")
  local back = sent(reply.choices[1].message)
  if back.content == cjson.null then back.content = nil end
  if message.tool_calls and #message.tool_calls == 0 then message.tool_calls, back.tool_calls = nil, nil end
  same(message, back, "what is sent back")
end

-- ------------------------------------------------------------------ all of them

describe("each recording", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client_of(answers)
    return lualogue.new { base_url = server:script(answers), max_retries = 0, idle_timeout = 20 }
  end

  for _, recording in ipairs(cjson.decode(manifest).recordings) do
    local is_stream = recording.stream and recording.status == 200
    local has_choices = recording.kind == "chat" or recording.kind == "completion"
    recording.body = assert(read(FOLDER .. "/" .. recording.file))
    if is_stream and has_choices then
      it("folds: " .. recording.file, function()
        local want, answers, turns = expected_of(recording), {}, {}
        for _, delivery in ipairs(DELIVERIES) do
          local is_costly = delivery[1] == "byte by byte" and #recording.body > LONG_BYTES
          for way in pairs(is_costly and WAYS_OF_LONG or WAYS) do
            answers[#answers + 1] = answer_of(recording, delivery)
            turns[#turns + 1] = { way, delivery[1] }
          end
        end
        local client = client_of(answers)
        for _, turn in ipairs(turns) do
          local ok, err = pcall(check_stream, want, turn[1], client)
          if not ok then error(("read as %s, %s: %s"):format(turn[1], turn[2], tostring(err)), 0) end
        end
        client:close()
      end)
    elseif not is_stream then
      it("is what came: " .. recording.file, function()
        local answers = {}
        for i, delivery in ipairs(DELIVERIES) do answers[i] = answer_of(recording, delivery) end
        local client = client_of(answers)
        for _, delivery in ipairs(DELIVERIES) do
          local ok, err = pcall(check_reply, recording, client)
          if not ok then error(("%s: %s"):format(delivery[1], tostring(err)), 0) end
        end
        client:close()
      end)
    end
  end
end)

describe("the fields of recorded chats", function()
  it("are all known to the annotations", function()
    local classes = typed.classes(sources.matching "^lua/lualogue/types.*%.lua$")
    local unknown, found = {}, {}
    for _, recording in ipairs(cjson.decode(manifest).recordings) do
      local body = read(FOLDER .. "/" .. recording.file)
      local ok, reply = pcall(cjson.decode, body)
      if recording.kind == "chat" and recording.stream then
        for _, chunk in ipairs((merge.events(body))) do typed.unknown(classes, "lualogue.Chunk", chunk, unknown) end
      elseif recording.kind == "chat" and ok and reply.choices and not reply.error then
        typed.unknown(classes, "lualogue.ChatReply", merge.without_nulls(reply), unknown)
      end
    end
    for name in pairs(unknown) do found[#found + 1] = name end
    table.sort(found)
    assert.same({}, found)
  end)
end)
