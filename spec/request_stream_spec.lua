-- The answer of any path as a stream of events, and how it ended as far as its protocol is known.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

local server

local function verbatim(text) return { verbatim = text } end

--- An event with a name, as the standard writes it.
local function event(name, data)
  return verbatim(("event: %s\ndata: %s\n\n"):format(name, lualogue.json.encode(data)))
end

--- One of the kind whose data says its name too.
local function typed(name, data)
  data = data or {}
  data.type = name
  return event(name, data)
end

local function open(script, options, body)
  local base_url = server:script(script)
  local client = lualogue.new { base_url = base_url, api_key = false, max_retries = 0 }
  local call = { stream = true }
  for name, value in pairs(options or {}) do call[name] = value end
  local events, err = client:request("POST", "/anything", body or { stream = true }, call)
  return events, err, base_url
end

--- All that comes: names, data, and the error at the end.
local function read(events)
  local names, data, one, err = {}, {}
  repeat
    one, err = events:next()
    if one then names[#names + 1], data[#data + 1] = one.name or "-", one.data end
  until not one
  local again, same = events:next()
  assert.is_nil(again)
  assert.equal(err, same)
  return names, data, err
end

describe("a stream of events", function()
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local plain = fixture.sse({
    { n = 1, list = { "a" } }, "words of no JSON", event("named", { n = 2 }), verbatim ": a comment\n\n",
    "5", '"text"', verbatim "event: long\ndata: two\ndata: lines\n\n", "[1,2]", "{no JSON",
  }, { done = false })

  it("gives names and data, decoded where it is an object or a list", function()
    local events, err, base_url = open(plain)
    assert.is_nil(err)
    local names, data, verdict = read(events)
    assert.is_nil(verdict)
    assert.same({ "-", "-", "named", "-", "-", "long", "-", "-" }, names)
    assert.same({ { n = 1, list = { "a" } }, "words of no JSON", { n = 2 }, "5", '"text"', "two\nlines", { 1, 2 }, "{no JSON" }, data)
    assert.equal(200, events.meta.status)
    local request = server:requests(base_url)[1]
    assert.equal("/anything", request.path)
    assert.same({ stream = true }, request:json())
  end)

  it("is read by `for`, in each of its forms, and by callers of the core", function()
    local n = 0
    for one in lualogue.assert(open(plain)):events() do n = n + (one.data and 1 or 0) end
    assert.equal(8, n)
    for one in lualogue.assert(open(plain)) do n = n + (one.data and 1 or 0) end
    assert.equal(16, n)
    local core = require "lualogue.core"
    local handle = core.client { base_url = server:script(plain) }:request("GET", "/x", nil, { stream = true })
    assert.matches("^lualogue%.events", tostring(handle))
    local one, err
    repeat
      one, err = handle:next()
      if one then n = n + 1 end
      if one == false then core.step() end
    until one == nil
    assert.is_nil(err)
    assert.equal(24, n)
  end)

  it("has events that are longer than what is copied in place, and comes in any pieces", function()
    local events = { typed("response.created", { text = ("x"):rep(9000) }), "y", typed("response.completed", { text = ("z"):rep(5000) }) }
    events[2] = typed(("name"):rep(2000), { short = true })
    for _, split in ipairs { 1000000, 7 } do
      local names, data, err = read(lualogue.assert(open(fixture.sse(events, { done = false, split = split }))))
      assert.is_nil(err)
      assert.same({ "response.created", ("name"):rep(2000), "response.completed" }, names)
      assert.equal(9000, #data[1].text)
      assert.equal(5000, #data[3].text)
    end
  end)

  describe("is complete", function()
    for name, events in pairs {
      ["with the last event of a response"] = { typed "response.created", typed "response.completed" },
      ["with an incomplete response, which says why"] = { typed "response.created", typed "response.incomplete" },
      ["with the last event of an image"] = { typed "image_generation.partial_image", typed "image_generation.completed" },
      ["with the last event of an edit"] = { typed "image_edit.partial_image", typed "image_edit.completed" },
      ["with the last event of a transcription"] = { { type = "transcript.text.delta" }, { type = "transcript.text.done" } },
      ["with the last event of a speech"] = { { type = "speech.audio.delta" }, { type = "speech.audio.done" } },
      ["with the last event of a message"] = { typed "message_start", typed "ping", typed "message_stop" },
      ["with the finish_reason of a chat"] = { fixture.chunk "a", fixture.chunk("", { finish_reason = "stop" }) },
      ["with the end of its transfer, where nothing else is known"] = { { any = 1 } },
    } do
      it(name, function()
        local names, _, err = read(lualogue.assert(open(fixture.sse(events, { done = false }))))
        assert.is_nil(err)
        assert.equal(#events, #names)
      end)
    end

    it("with [DONE], whatever came", function()
      for _, events in ipairs { { typed "thread.created", typed "thread.run.completed" }, { typed "response.created" }, { fixture.chunk "a" } } do
        local names, _, err = read(lualogue.assert(open(fixture.sse(events))))
        assert.is_nil(err)
        assert.equal(#events, #names)
      end
    end)

    it("though its transfer was cut behind its last event", function()
      local _, _, err = read(lualogue.assert(open(fixture.sse({ typed "response.completed" }, { done = false, ending = "cut" }))))
      assert.is_nil(err)
    end)
  end)

  describe("is truncated", function()
    for name, events in pairs {
      ["without the last event of a response"] = { typed "response.created", typed "response.output_text.delta" },
      ["without the last event of an image"] = { typed "image_generation.partial_image" },
      ["without the last event of a message"] = { typed "message_start", typed "content_block_delta" },
      ["without the end of a thread"] = { typed "thread.run.completed" },
      ["without the finish_reason of a chat"] = { fixture.chunk "a" },
      ["without that of all choices asked for"] = { fixture.chunk("a", { finish_reason = "stop" }) },
    } do
      it(name, function()
        local body = name:find "all choices" and { n = 2 } or nil
        local names, _, err = read(lualogue.assert(open(fixture.sse(events, { done = false }), nil, body)))
        assert.equal("truncated", err.kind)
        assert.equal(#events, #names)
      end)
    end

    it("in the middle of an event, and by a cut transfer of any kind", function()
      local names, _, err = read(lualogue.assert(open(fixture.sse({ { any = 1 }, verbatim 'data: {"any": ' }, { done = false }))))
      assert.equal("truncated", err.kind)
      assert.same({ "-" }, names)
      for _, ending in ipairs { "cut", "reset" } do
        _, _, err = read(lualogue.assert(open(fixture.sse({ { any = 1 } }, { done = false, ending = ending }))))
        assert.equal("truncated", err.kind)
      end
    end)
  end)

  describe("fails", function()
    it("with the server's words, where an event is an error", function()
      for _, failing in ipairs {
        typed("error", { message = "it broke", code = "c" }),
        typed("response.failed", { response = { id = "r", error = { message = "it broke", code = "c" } } }),
        event("error", { error = { message = "it broke", code = "c" } }), { error = { message = "it broke", code = "c" } },
        verbatim "event: error\ndata: it broke\n\n",
        { choices = { { index = 0, error = { message = "it broke", code = "c" } } } },
      } do
        local names, _, err = read(lualogue.assert(open(fixture.sse({ typed "response.created", failing, typed "response.completed" }))))
        assert.equal("api", err.kind)
        assert.equal("it broke", err.message)
        assert.same({ "response.created" }, names)
      end
    end)

    it("not where fields that might mean it have another meaning", function()
      local one = { message = "step 1 of 2", code = 7, detail = "all is well", success = false }
      local _, data, err = read(lualogue.assert(open(fixture.sse({ one }, { done = false }))))
      assert.is_nil(err)
      assert.same({ one }, data)
    end)

    it("at once, as nil and an error, where the server refuses or answers otherwise", function()
      for kind, script in pairs {
        api = fixture.json(401, fixture.error_body "no"), protocol = fixture.json(200, { object = "response" }),
      } do
        local events, err = open(script)
        assert.is_nil(events)
        assert.equal(kind, err.kind)
      end
      local events, err = open(fixture.sse({}, { done = false }))
      if events then err = select(3, read(events)) end
      assert.equal("protocol", err.kind)
    end)

    it("as cancelled where it is closed before its end, and not behind it", function()
      local events = lualogue.assert(open(fixture.sse({ { any = 1 }, { hold = "gate" }, { any = 2 } })))
      assert.same({ any = 1 }, events:next().data)
      events:close()
      events:close()
      local one, err = events:next()
      assert.is_nil(one)
      assert.equal("cancelled", err.kind)
      events = lualogue.assert(open(fixture.sse { typed "response.completed" }))
      events:next()
      events:close()
      one, err = events:next()
      assert.is_nil(one or err)
    end)

    it("as a raised error object in a `for`", function()
      local ok, err = pcall(function()
        for _ in lualogue.assert(open(fixture.sse({ typed "response.created" }, { done = false }))):events() do end
      end)
      assert.is_false(ok)
      assert.equal("truncated", err.kind)
    end)
  end)

  it("is asked for of client:request alone, and raw is a stream of bytes", function()
    local client = lualogue.new { base_url = "http://127.0.0.1:1/v1" }
    local messages = { { role = "user", content = "Hi" } }
    for _, wrong in ipairs {
      { "stream", function() client:chat({ messages = messages }, { stream = true }) end },
      { "stream", function() client:stream({ messages = messages }, { stream = true }) end },
      { "stream", function() client:embeddings({ input = "x" }, { stream = true }) end },
      { "raw", function() client:stream({ messages = messages }, { raw = true }) end },
      { "stream", function() client:request("GET", "/x", nil, { stream = 1 }) end },
    } do
      local ok, message = pcall(wrong[2])
      assert.is_false(ok)
      assert.matches("request_stream_spec%.lua:%d+: bad argument '" .. wrong[1] .. "' to ", message)
    end
    local ok, message = pcall(function() lualogue.assert(open(plain)).next() end)
    assert.is_false(ok)
    assert.matches("call it with a colon: events:next", message)
  end)
end)
