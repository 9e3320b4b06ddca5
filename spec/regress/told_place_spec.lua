-- An answer that could not be read said neither whose it was nor where it went wrong, unlike a
-- connection that broke: the line of an error has to be enough for whoever finds it in a log.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"

describe("the error of an answer that cannot be read", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local unreadable = {
    ["a page of HTML"] = { fixture.html(200), "protocol" },
    ["an empty body"] = { fixture.json(200, ""), "decode" },
    ["half a body"] = { fixture.json(200, '{"choices":'), "decode" },
    ["a number"] = { fixture.json(200, "42"), "protocol" },
    ["JSON for a stream"] = { fixture.json(200, fixture.chat_reply "Hello"), "protocol", stream = true },
    ["text for a stream"] = { fixture.json(200, "Hello", { ["Content-Type"] = "text/plain" }), "protocol", stream = true },
    ["a stream without an end"] = { fixture.sse({ fixture.chunk "a" }, { done = false }), "truncated", stream = true },
    ["a bad event"] = { fixture.sse { fixture.chunk "a", "{" }, "decode", stream = true },
    ["too much"] = { fixture.json(200, fixture.chat_reply "Hello"), "limit" },
  }
  for name, case in pairs(unreadable) do
    it("says host and phase: " .. name, function()
      local base_url = server:script(case[1])
      local client = lualogue.new { base_url = base_url, max_response_bytes = name == "too much" and 10 or nil }
      local value, err = client[case.stream and "stream" or "chat"](client, { messages = {} })
      if value and case.stream then value, err = value:message() end
      assert.is_nil(value)
      local host = base_url:match "^http://([^/]+)"
      assert.equal(case[2], err.kind)
      assert.equal(host, err.host)
      assert.equal("body", err.phase)
      assert.truthy(tostring(err):find(host .. ": ", 1, true), tostring(err))
      assert.truthy(tostring(err):find(" %(phase body%)$"), tostring(err))
    end)
  end

  it("and of a refusal has the host beside the server's own words", function()
    local base_url = server:script(fixture.json(200, fixture.error_body "No."))
    local _, err = lualogue.new { base_url = base_url }:chat { messages = {} }
    assert.equal("No.", err.message)
    assert.equal(base_url:match "^http://([^/]+)", err.host)
    assert.equal("body", err.phase)
  end)
end)
