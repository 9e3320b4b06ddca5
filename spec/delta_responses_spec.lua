-- Events of a streamed response -> the response that a plain call gives.
local cjson = require "cjson"
local delta = require "lualogue.delta"
local merge = require "spec.support.merge"

local FOLDER = "../shared/recordings"

local function fold_of(events)
  local fold, text = delta.new_response(), {}
  for _, event in ipairs(events) do text[#text + 1] = fold:add(event) end
  return fold, table.concat(text)
end

local function event(name, fields)
  fields = fields or {}
  fields.type = "response." .. name
  return fields
end

local function added(index, item) return event("output_item.added", { output_index = index, item = item }) end

describe("a streamed response", function()
  local created = event("created", { response = { id = "r1", object = "response", status = "in_progress", model = "m", output = {} } })
  local message = { id = "m1", type = "message", role = "assistant", status = "in_progress", content = {} }

  it("is put together from its events", function()
    local fold, text = fold_of {
      created, event("in_progress", { response = { id = "r1", object = "response", status = "in_progress", model = "m", output = {} } }),
      added(0, message), event("content_part.added", { item_id = "m1", output_index = 0, content_index = 0, part = { type = "output_text", text = "", annotations = {} } }),
      event("output_text.delta", { item_id = "m1", output_index = 0, content_index = 0, delta = "Hel" }),
      event("output_text.delta", { item_id = "m1", output_index = 0, content_index = 0, delta = "lo", logprobs = { { token = "lo" } } }),
      event("output_text.annotation.added", { item_id = "m1", content_index = 0, annotation_index = 0, annotation = { type = "url_citation", url = "u" } }),
    }
    assert.equal("Hello", text)
    assert.is_nil(fold.status)
    assert.same({
      id = "r1", object = "response", status = "in_progress", model = "m", output = { {
        id = "m1", type = "message", role = "assistant", status = "in_progress",
        content = { { type = "output_text", text = "Hello", annotations = { { type = "url_citation", url = "u" } }, logprobs = { { token = "lo" } } } },
      } },
    }, fold:response())
    fold:add(event("output_text.done", { item_id = "m1", content_index = 0, text = "Hello!" }))
    fold:add(event("output_text.delta", { item_id = "m1", content_index = 0, delta = "?" }))
    assert.equal("Hello!?", fold:response().output[1].content[1].text)
    assert.same({}, message.content)
  end)

  it("has calls, thoughts, refusals and what tools were given", function()
    local fold = fold_of {
      created, added(0, { id = "t", type = "reasoning", summary = {} }),
      event("reasoning_summary_part.added", { item_id = "t", summary_index = 0, part = { type = "summary_text", text = "" } }),
      event("reasoning_summary_text.delta", { item_id = "t", summary_index = 0, delta = "Hm" }), event("reasoning_summary_text.delta", { item_id = "t", summary_index = 0, delta = "m" }),
      event("reasoning_text.delta", { item_id = "t", content_index = 0, delta = "raw" }),
      added(1, { id = "c", type = "function_call", name = "f", arguments = "" }),
      event("function_call_arguments.delta", { item_id = "c", output_index = 1, delta = '{"x"' }), event("function_call_arguments.delta", { item_id = "c", output_index = 1, delta = ":1}" }),
      added(2, { id = "p", type = "code_interpreter_call" }), event("code_interpreter_call_code.delta", { item_id = "p", output_index = 2, delta = "1+" }),
      event("code_interpreter_call_code.done", { item_id = "p", output_index = 2, code = "1+1" }), event("code_interpreter_call.interpreting", { item_id = "p", output_index = 2 }),
      added(3, { id = "m", type = "message" }), event("refusal.delta", { item_id = "m", output_index = 3, content_index = 0, delta = "no" }),
      event("custom_tool_call_input.delta", { item_id = "u", output_index = 4, delta = "SELECT" }), event("custom_tool_call_input.delta", { item_id = "u", output_index = 4, delta = " 1" }),
    }
    assert.same({
      { id = "t", type = "reasoning", summary = { { type = "summary_text", text = "Hmm" } }, content = { { type = "reasoning_text", text = "raw" } } },
      { id = "c", type = "function_call", name = "f", arguments = '{"x":1}' },
      { id = "p", type = "code_interpreter_call", code = "1+1", status = "interpreting" },
      { id = "m", type = "message", content = { { type = "refusal", refusal = "no" } } }, { id = "u", input = "SELECT 1" },
    }, fold:response().output)
  end)

  it("is at its end what the server says it is", function()
    for _, status in ipairs { "completed", "incomplete", "failed" } do
      local whole = { id = "r1", status = status, output = { { id = "m1", type = "message" } }, usage = { total_tokens = 3 } }
      local fold = fold_of { created, added(0, message), event("output_text.delta", { item_id = "m1", delta = "Hi" }), event(status, { response = whole }) }
      assert.equal(status, fold.status)
      assert.same(whole, fold:response())
    end
  end)

  it("keeps the output that came where the end has none", function()
    local item = { id = "c", type = "function_call", name = "f", arguments = "{}", status = "completed" }
    local fold = fold_of { created, added(0, { id = "c", type = "function_call", arguments = "" }), event("output_item.done", { output_index = 0, item = item }),
      event("completed", { response = { id = "r1", status = "completed", output = {}, usage = { total_tokens = 3 } } }) }
    assert.same({ id = "r1", status = "completed", output = { item }, usage = { total_tokens = 3 } }, fold:response())
  end)

  it("is nothing before the first event, and no foreign event counts", function()
    local fold, text = fold_of { { type = "keepalive" }, { type = "response" }, {}, 5, { type = 7 }, event("later_invention.delta", { delta = "x" }) }
    assert.equal("", text)
    assert.is_nil(fold:response())
    fold = fold_of { event("output_text.delta", { delta = 5 }), event("output_item.added", { output_index = 0 }), event("content_part.added", {}),
      event("output_text.delta", { output_index = -1, content_index = 1e9, delta = "a" }), event("output_text.annotation.added", { annotation_index = 7 }) }
    assert.equal("a", fold:response().output[1].content[#fold:response().output[1].content].text)
  end)

  it("is a new table each time", function()
    local fold = fold_of { created, added(0, message), event("output_text.delta", { item_id = "m1", delta = "Hi" }) }
    local one, two = fold:response(), fold:response()
    assert.same(one, two)
    one.output[1].content[1].text, one.id = "spoilt", "spoilt"
    assert.same(two, fold:response())
  end)

  it("costs no more for twice as many events than twice", function()
    local function bytes(n)
      local copied, concat = 0, table.concat
      table.concat = function(...) -- luacheck: ignore 122
        local text = concat(...)
        copied = copied + #text
        return text
      end
      local fold = fold_of { created, added(0, message) }
      for _ = 1, n do fold:add(event("output_text.delta", { item_id = "m1", content_index = 0, delta = "0123" })) end
      assert.equal(4 * n, #fold:response().output[1].content[1].text)
      table.concat = concat -- luacheck: ignore 122
      return copied
    end
    local one, two = bytes(5000), bytes(10000)
    assert.is_true(two < 2.5 * one, one .. ", then " .. two)
  end)

  it("of a real server is, from its pieces alone, what the server says at the end", function()
    local file = io.open(FOLDER .. "/manifest.json")
    if not file then return pending(FOLDER .. " is missing beside this checkout") end
    local recordings = cjson.decode(file:read "*a").recordings
    file:close()
    local n = 0
    for _, recording in ipairs(recordings) do
      file = io.open(FOLDER .. "/" .. recording.file)
      local events, _, broken = merge.events(file:read "*a")
      file:close()
      if recording.kind == "responses" and recording.status == 200 and recording.stream and not broken then
        local whole, without_ends = events[#events].response, {}
        assert.same(whole, (fold_of(events)):response())
        for _, e in ipairs(events) do
          local is_whole = e.type:find "_item%.done$" or e.type:find "_part%.done$" or e.type:find "completed$"
          if not is_whole then without_ends[#without_ends + 1] = e end
        end
        local output = (fold_of(without_ends)):response().output
        for i, item in ipairs(output) do
          item.status = whole.output[i].status
          for _, p in ipairs(item.content or {}) do
            if p.logprobs and #p.logprobs == 0 then p.logprobs = nil end -- as the server leaves it out at the end
          end
        end
        assert.same(whole.output, output)
        n = n + 1
      end
    end
    assert.is_true(n >= 2)
  end)
end)
