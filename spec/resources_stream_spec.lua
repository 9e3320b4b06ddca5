-- Operations that answer with a stream of events: what they come to, and how they end.
local cjson = require "cjson"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local merge = require "spec.support.merge"

local FOLDER = "../shared/recordings"

describe("a streamed operation", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client_of(script, options)
    options = options or {}
    options.base_url, options.max_retries = server:script(script), 0
    return lualogue.new(options), options.base_url
  end

  --- An answer of typed events, as the API sends them: no [DONE] behind them.
  local function events(list, opts)
    local lines = {}
    for i, event in ipairs(list) do
      local data = type(event) == "table" and cjson.encode(event) or event
      local name = type(event) == "table" and event.type and "event: " .. event.type .. "\n" or ""
      lines[i] = { verbatim = name .. "data: " .. data .. "\n\n" }
    end
    opts = opts or {}
    opts.done = opts.done or false
    return fixture.sse(lines, opts)
  end

  local created = { type = "response.created", response = { id = "r1", object = "response", status = "in_progress", output = {} } }
  local item = { type = "response.output_item.added", output_index = 0, item = { id = "m1", type = "message", role = "assistant", content = {} } }
  local function text(delta) return { type = "response.output_text.delta", item_id = "m1", output_index = 0, content_index = 0, delta = delta } end
  local function ended(status, more)
    local response = { id = "r1", object = "response", status = status, usage = { total_tokens = 3 },
      output = { { id = "m1", type = "message", role = "assistant", content = { { type = "output_text", text = "Hello" } } } } }
    for name, value in pairs(more or {}) do response[name] = value end
    return { type = "response." .. status, response = response }
  end
  local whole = { created, item, text "Hel", text "lo", ended "completed" }

  describe("of a response", function()
    it("gives its events to a for loop, and next", function()
      local client, base_url = client_of(events(whole), { model = "m" })
      local types = {}
      for event in lualogue.assert(client.responses:stream { input = "Hi" }) do types[#types + 1] = event.type end
      assert.same({ "response.created", "response.output_item.added", "response.output_text.delta", "response.output_text.delta", "response.completed" }, types)
      assert.same({ input = "Hi", model = "m", stream = true }, server:requests(base_url)[1]:json())
      local stream, n = lualogue.assert(client.responses:create { input = "Hi", stream = true }), 0
      for _ in stream:events() do n = n + 1 end
      assert.equal(5, n)
      assert.is_nil(stream:next())
      assert.is_nil(stream:next())
    end)

    it("gives its text, and at the end the response with text and meta", function()
      local client = client_of(events(whole, { headers = { ["X-Request-Id"] = "req-1" } }))
      local stream, pieces = lualogue.assert(client.responses:stream { model = "m", input = "Hi" }), {}
      assert.equal(200, stream.meta.status)
      for piece in stream:text() do pieces[#pieces + 1] = piece end
      assert.same({ "Hel", "lo" }, pieces)
      local reply = assert(stream:reply())
      assert.equal("Hello", reply.text)
      assert.equal("req-1", reply.meta.request_id)
      assert.same(ended("completed").response, cjson.decode(lualogue.json.encode(reply)))
      stream:close()
      assert.equal("Hello", stream:reply().text)
      assert.is_nil(stream.no_such_field)
      assert.equal("Hello", lualogue.assert(client.responses:stream { model = "m", input = "Hi" }):reply().text)
    end)

    it("has a snapshot at any time", function()
      local stream = lualogue.assert(client_of(events(whole)).responses:stream { input = "Hi" })
      assert.is_nil(stream:snapshot())
      for _ = 1, 3 do stream:next() end
      assert.equal("Hel", stream:snapshot().output[1].content[1].text)
    end)

    it("that is incomplete is a response that says so", function()
      local stream = lualogue.assert(client_of(events { created, item, text "Hello", ended("incomplete", { incomplete_details = { reason = "max_output_tokens" } }) }).responses:stream { input = "Hi" })
      local reply = assert(stream:reply())
      assert.same({ "incomplete", "max_output_tokens" }, { reply.status, reply.incomplete_details.reason })
    end)

    it("that failed is an error with the server's words, and what had come", function()
      for _, last in ipairs {
        ended("failed", { error = { code = "server_error", message = "it broke" }, output = {} }),
        { type = "error", code = "server_error", message = "it broke", param = cjson.null },
      } do
        local stream = lualogue.assert(client_of(events { created, item, text "Hel", last }).responses:stream { input = "Hi" })
        local reply, err = stream:reply()
        assert.is_nil(reply)
        assert.same({ "api", "server_error" }, { err.kind, err.code })
        assert.truthy(tostring(err):find("it broke", 1, true))
        assert.equal("Hel", err.partial.output[1].content[1].text)
        local ok, again = pcall(function() for _ in stream:text() do error "no more text" end end)
        assert.is_false(ok)
        assert.equal(err, again)
      end
    end)

    it("that was cut off is truncated", function()
      local stream = lualogue.assert(client_of(events { created, item, text "Hel" }).responses:stream { input = "Hi" })
      local pieces = {}
      local ok, err = pcall(function() for piece in stream:text() do pieces[#pieces + 1] = piece end end)
      assert.is_false(ok)
      assert.equal("truncated", err.kind)
      assert.same({ "Hel" }, pieces)
      assert.equal("Hel", err.partial.output[1].content[1].text)
    end)

    it("that is refused is nil, err", function()
      local stream, err = client_of(fixture.json(400, fixture.error_body "no such model")).responses:stream { input = "Hi" }
      assert.is_nil(stream)
      assert.equal("no such model", err.message)
    end)

    it("can be asked for again from an event on", function()
      local client, base_url = client_of(events(whole))
      assert.equal("Hello", lualogue.assert(client.responses:retrieve("r1", { stream = true, starting_after = 1 })):reply().text)
      local request = server:requests(base_url)[1]
      assert.equal("GET", request.method)
      assert.truthy(request.target:find("stream=true", 1, true) and request.target:find("starting_after=1", 1, true))
      assert.equal("", request.body)
    end)

    it("is closed by the loop on Lua 5.4, and by hand", function()
      local stall = { verbatim = "data: " .. cjson.encode(created) .. "\n\n" }
      local client, base_url = client_of(fixture.sse({ stall, { stall = true } }, { done = false }))
      local stream = lualogue.assert(client.responses:stream { input = "Hi" })
      stream:next()
      stream:close()
      server:wait(base_url, { open = 0, left = 1 })
      local _, err = stream:reply()
      assert.equal("cancelled", err.kind)
      if _VERSION ~= "Lua 5.4" then return end
      for _ in client.responses:stream { input = "Hi" } do break end
      server:wait(base_url, { open = 0, left = 2 })
    end)
  end)

  it("of a completion folds as a chat does, into its own form", function()
    local function chunk(piece, reason) return { id = "c1", object = "text_completion", model = "m", choices = { { index = 0, text = piece, finish_reason = reason } } } end
    local client, base_url = client_of(events({ chunk "Hel", chunk("lo", "stop") }, { done = true }))
    local stream, pieces = lualogue.assert(client.completions:stream { model = "m", prompt = "Hi" }), {}
    for piece in stream:text() do pieces[#pieces + 1] = piece end
    assert.same({ "Hel", "lo" }, pieces)
    local reply = stream:reply()
    assert.equal("Hello", reply.text)
    assert.same({ { index = 0, text = "Hello", finish_reason = "stop" } }, reply.choices)
    assert.equal("/v1/completions", server:requests(base_url)[1].target)
    assert.is_true(server:requests(base_url)[1]:json().stream)
  end)

  it("of anything else comes to the event that ends it", function()
    local last = { type = "image_generation.completed", b64_json = "AAAA" }
    local client, base_url = client_of(events { { type = "image_generation.partial_image", b64_json = "AA" }, last })
    assert.same(last, lualogue.assert(client.images:generate { prompt = "a cat", stream = true }):reply())
    assert.is_true(server:requests(base_url)[1]:json().stream)
    client, base_url = client_of(events { { type = "speech.audio.delta", audio = "AA" }, { type = "speech.audio.done" } })
    local stream = lualogue.assert(client.audio.speech:stream { input = "Hi" })
    assert.same({ "speech.audio.delta", "AA" }, { (function(e) return e.type, e.audio end)(stream:next()) })
    for _ in stream:text() do error "speech has no text" end
    assert.same({ input = "Hi", stream_format = "sse" }, server:requests(base_url)[1]:json())
  end)

  it("of a chat is the client's stream", function()
    local client = client_of(fixture.sse(fixture.words { "Hel", "lo" }))
    local messages = { { role = "user", content = "Hi" } }
    assert.equal("Hello", lualogue.assert(client.chat_completions:stream { messages = messages }):message().content)
    assert.equal("Hello", lualogue.assert(client.chat_completions:create { messages = messages, stream = true }):message().content)
  end)

  it("is there where it can be had", function()
    local client = client_of(events(whole))
    assert.is_function(client.responses.stream)
    assert.is_nil(client.batches.stream)
    assert.is_nil(client.models.stream)
    local ok, err = pcall(function() client.responses.stream { input = "Hi" } end)
    assert.is_false(ok)
    assert.truthy(err:find("resources_stream_spec.lua:%d+: bad argument 'self' to 'stream'"), err)
    local stream = lualogue.assert(client.responses:stream { input = "Hi" })
    ok, err = pcall(function() stream.text() end)
    assert.is_false(ok)
    assert.truthy(err:find("resources_stream_spec.lua:%d+: bad argument 'self' to 'text'"), err)
    assert.truthy(tostring(stream):find "^lualogue%.resource_stream")
    stream:close()
  end)

  it("is what the server said at the end, in every recording of a response, however its bytes come", function()
    local file = io.open(FOLDER .. "/manifest.json")
    if not file then return pending(FOLDER .. " is missing beside this checkout") end
    local recordings, n = cjson.decode(file:read "*a").recordings, 0
    file:close()
    for _, recording in ipairs(recordings) do
      if recording.kind == "responses" and recording.stream and recording.status == 200 then
        file = io.open(FOLDER .. "/" .. recording.file, "rb")
        local body = file:read "*a"
        file:close()
        local list, _, broken = merge.events(body)
        local want = list[#list] and list[#list].response
        for _, way in ipairs { { body }, { body, { encoding = "gzip" } }, { (body:gsub("\r?\n", "\r\n")) }, { body, { split = "every byte" } } } do
          local client = client_of(fixture.json(200, way[1], { ["Content-Type"] = recording.content_type }, way[2]))
          local stream = lualogue.assert(client.responses:stream { model = "m", input = "Hi" })
          local pieces, said = {}, {}
          local ok, err = pcall(function() for piece in stream:text() do pieces[#pieces + 1] = piece end end)
          if broken then
            assert(not ok and (err.kind == "decode" or err.kind == "truncated"), tostring(err))
          else
            assert(ok, tostring(err))
            for _, event in ipairs(list) do
              if event.type == "response.output_text.delta" then said[#said + 1] = event.delta end
            end
            assert.equal(table.concat(said), table.concat(pieces))
            local found = merge.difference(want, stream:reply())
            assert(not found, found)
          end
          n = n + 1
        end
      end
    end
    assert.is_true(n >= 8, n .. " streams were read")
  end)
end)

