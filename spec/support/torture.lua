--- What the host's Lua may do while a call is built and while its answer is read, for a process of
--- its own: a collector that never rests, and finalizers that close, empty, cancel, collect, read
--- and call again.
--- LLG_TORTURE says how many rounds.

local core = require "lualogue.core"

local torture = {}

local NOWHERE = "http://user:p%40ssword@127.0.0.1:1/v1?in=base"
local ROUNDS = tonumber(os.getenv "LLG_TORTURE") or 400

local has_ffi, ffi = pcall(require, "ffi")
local finalizer = require("spec.support.finalizer").add

function torture.settings()
  return {
    base_url = NOWHERE, api_key = "sk-" .. ("x"):rep(40), model = ("m"):rep(50), organization = ("o"):rep(50),
    project = ("p"):rep(50), headers = { ["X-One"] = ("h"):rep(50) }, query = { a = ("q"):rep(50), n = 1.5 },
  }
end

function torture.options()
  return {
    api_key = "sk-" .. ("y"):rep(40), headers = { ["X-Two"] = ("i"):rep(50), ["X-Three"] = 12.5 },
    query = { b = ("r"):rep(50), list = { 1.5, "two", { three = true } } }, timeout = 5, max_retries = 0,
  }
end

function torture.messages() return { { role = "user", content = ("c"):rep(50) } } end

torture.calls = {
  chat = function(client, o) return client:chat({ messages = torture.messages(), temperature = 0.5 }, o) end,
  stream = function(client, o) return client:stream({ messages = torture.messages(), n = 2 }, o) end,
  embeddings = function(client, o) return client:embeddings({ input = { "a", "b" } }, o) end,
  request = function(client, o) return client:request("POST", "/x?c=" .. ("s"):rep(50), { 1, { 2 } }, o) end,
  ["request of bytes"] = function(client, o) return client:request("PUT", "/x", ("b"):rep(500), o) end,
}

function torture.give_up(started)
  if type(started) == "userdata" then (started.cancel or started.close)(started) end
end

local messages, options, settings = torture.messages, torture.options, torture.settings
local give_up = torture.give_up

--- Ever another number of allocations until the next collection.
local function vary(round)
  local waste
  for _ = 1, round % 23 do waste = { waste } end
  return waste
end

local ways = {}

function ways.close(call)
  local n_started, n_closed = 0, 0
  for round = 1, ROUNDS do
    local client = core.client(settings())
    for _ = 1, round % 4 do finalizer(function() client:close() end) end
    vary(round)
    local ok, started = pcall(call, client, round % 2 == 0 and options() or nil)
    if ok then
      n_started = n_started + 1
      give_up(started)
    else
      assert(started:find "on a client that was closed", started)
      n_closed = n_closed + 1
    end
    client:close()
  end
  assert(n_started > 0 and n_closed > 0 and n_started + n_closed == ROUNDS)
end

function ways.empty(call)
  local client = core.client(settings())
  for round = 1, ROUNDS do
    local o = options()
    for _ = 1, 1 + round % 4 do
      finalizer(function()
        for key in pairs(o) do o[key] = nil end
      end)
    end
    vary(round)
    give_up(call(client, o))
  end
  client:close()
end

function ways.reenter(call)
  local client, last = core.client(settings()), nil
  for round = 1, ROUNDS do
    finalizer(function() give_up(last) end)
    finalizer(function() collectgarbage() end)
    finalizer(function() give_up(select(2, pcall(call, client, options()))) end)
    finalizer(function() core.client(settings()):close() end)
    vary(round)
    last = call(client, options())
  end
  give_up(last)
  client:close()
end

function ways.empty_settings()
  for round = 1, ROUNDS do
    local o = settings()
    for _ = 1, 1 + round % 4 do
      finalizer(function()
        for key in pairs(o) do
          if key ~= "base_url" then o[key] = nil end
        end
      end)
    end
    vary(round)
    core.client(o):close()
  end
end

function ways.cdata()
  if not has_ffi then return end -- no other Lua has values that print themselves
  local client
  local closing = ffi.metatype("struct { int llg_any; }", {
    __tostring = function()
      client:close()
      collectgarbage()
      return "5LL"
    end,
  })
  client = core.client(settings())
  give_up(client:chat { messages = messages(), seed = closing(1) })
  assert(tostring(client):find "closed")
end

--- What a finalizer does to something that is being read; each must be harmless.
local function acts_on(client, handle)
  return {
    function() handle:close() end,
    function() handle:cancel() end,
    function() collectgarbage() end,
    function() core.step(0) end,
    function() handle:next() end,
    function() handle:next_text(1) end,
    function() handle:take_text() end,
    function() handle:result() end,
    function() handle:opened() end,
    function() return handle:meta(), tostring(handle) end,
    function() client:close() end,
    function() give_up(client:chat { messages = messages() }) end,
  }
end

--- Let some of them happen at some later allocations; not every class has every method.
local function expect_trouble(acts, round)
  for i = 1, 1 + round % 3 do
    local act = acts[1 + (round * 7 + i * 5) % #acts]
    finalizer(function() pcall(act) end)
  end
  vary(round)
end

local harmless = { cancelled = true, truncated = true, api = true, protocol = true, decode = true, connection = true }

--- Read what the server at this base URL sends, to its end, as a stream and as a reply.
function ways.read(_, base_url)
  for round = 1, ROUNDS / 4 do
    local is_stream, is_any = round % 2 == 0, round % 4 == 2
    local method = not is_any and round % 3 == 0 and "next_text" or "next"
    local client = core.client { base_url = base_url, api_key = "sk-" .. ("x"):rep(40), max_retries = 0 }
    local handle
    if is_any then
      handle = client:request("POST", "/any", { n = 2 }, { stream = true })
    else
      handle = client[is_stream and "stream" or "chat"](client, { messages = messages() })
    end
    if is_stream and round % 8 == 0 then handle:keep_text() end
    local acts, left = acts_on(client, handle), 2000
    while core.active() > 0 and left > 0 do core.step(100) end
    local value, err
    repeat
      expect_trouble(acts, round + left)
      if is_stream then value, err = handle[method](handle, 1) else value, err = handle:result() end
      if value == false then core.step(10) end
      left = left - 1
    until value == nil or not is_stream and value or left == 0
    assert(left > 0, "it never came to its end")
    assert(value or not err or harmless[err.kind], tostring(err))
    expect_trouble(acts, round)
    local again, why = (is_stream and handle[method] or handle.result)(handle, 1)
    assert(again == value and why == err, "another verdict")
    handle:meta()
  end
end

--- One way to torture one of `calls`, or what a server says, to its end; raises where something is
--- wrong.
---@param way string
---@param call string
---@param base_url? string
function torture.run(way, call, base_url)
  if _VERSION == "Lua 5.4" then collectgarbage "incremental" end
  collectgarbage("setpause", 1)
  collectgarbage("setstepmul", 1000)
  ways[way](torture.calls[call], base_url)
  collectgarbage()
  collectgarbage()
end

return torture
