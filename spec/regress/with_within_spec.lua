-- A collection may begin while a client is made from another, and a finalizer of the host's may
-- close that one then: what is handed on must stay where it is.
local core = require "lualogue.core"
local finalizer = require "spec.support.finalizer"

describe("client:with", function()
  local restore
  setup(function() restore = finalizer.restless() end)
  teardown(function() restore() end)

  --- Close it in the n-th collection from now on.
  local function close_in(n, client, hit)
    finalizer.add(function()
      if n > 1 then return close_in(n - 1, client, hit) end
      hit()
      client:close()
    end)
  end

  it("may find the client closed by a finalizer at any step", function()
    local headers, query, hits, inside = {}, {}, 0, false
    for n = 1, 60 do headers["X-" .. n], query["q" .. n] = ("v"):rep(50), { n, { a = ("w"):rep(50) } } end
    local function hit() if inside then hits = hits + 1 end end
    for i = 1, 2000 do -- when a collection comes is for each Lua to say
      local client = core.client {
        base_url = "http://127.0.0.1:1/v1?version=1", api_key = "sk-0123456789", headers = headers, query = query,
        organization = "org", model = "m",
      }
      close_in(1 + i % 6, client, hit)
      inside = true
      local ok, other = pcall(client.with, client, { headers = headers, query = query, model = "n" .. i })
      inside = false
      if ok then
        assert.equal("lualogue.core.client (127.0.0.1:1)", tostring(other))
        other:request("GET", "/x"):cancel()
        other:close()
      else
        hits = hits - 1 -- before anything was handed on
        assert.matches("on a client that was closed", other)
      end
      if hits >= 5 then break end
    end
    assert.is_true(hits > 0, "no finalizer ran within")
  end)
end)
