-- What the annotations say of native objects, options and plain tables, held against the real
-- ones: nothing that an editor offers may be missing, nothing real may be unknown to it.

local annotations = require "spec.support.annotations"
local fixture = require "spec.support.fixture"
local sources = require "spec.support.sources"
local core = require "lualogue.core"
local lualogue = require "lualogue"

-- class -> its fields by name, and its functions by name
local classes = {}
for _, path in ipairs(sources.matching("^lua/lualogue/.+%.lua$")) do
  local found, owners = annotations.parse(path), {}
  for _, class in ipairs(found.classes) do
    local entry = { fields = {}, functions = {} }
    for _, field in ipairs(class.fields) do entry.fields[field.name] = field end
    classes[class.name] = entry
  end
  for _, field in ipairs(found.fields) do
    if field.class then owners[field.name] = classes[field.class.name] end
  end
  for _, definition in ipairs(found.functions) do
    local owner, key = definition.name:match("^([%w_]+)[.:]([%w_]+)$")
    if owners[owner] then owners[owner].functions[key] = definition end
  end
end

local function sorted(set)
  local list = {}
  for name in pairs(set) do list[#list + 1] = name end
  table.sort(list)
  return list
end

--- Fields of a class (and of those it extends) that a table must have, and may have.
local function fields_of(...)
  local must, may = {}, {}
  for _, name in ipairs({ ... }) do
    local class = assert(classes[name], "no class " .. name)
    for key, field in pairs(class.fields) do
      may[key] = true
      if not field.optional then must[key] = true end
    end
  end
  return must, may
end

--- A table has what its class promises and nothing that its class does not know.
local function assert_is(name, value)
  local must, may = fields_of(name)
  for key in pairs(must) do
    assert(value[key] ~= nil, ("%s.%s is promised and absent"):format(name, key))
  end
  for key in pairs(value) do
    assert(may[key] or type(key) ~= "string", ("%s has a field %s"):format(name, tostring(key)))
  end
end

describe("the annotations of the native module", function()
  it("have exactly its functions", function()
    local real = {}
    for key, value in pairs(core) do
      if type(value) == "function" then real[key] = true end
    end
    assert.same(sorted(real), sorted(classes["lualogue.Core"].functions))
  end)

  it("have exactly its JSON", function()
    assert.same(sorted(core.json), sorted(classes["lualogue.core.Json"].fields))
  end)

  for class, metatable in pairs({
    ["lualogue.core.Client"] = "lualogue.core.client",
    ["lualogue.core.Exchange"] = "lualogue.exchange",
    ["lualogue.core.Stream"] = "lualogue.stream",
    ["lualogue.Vector"] = "lualogue.vector",
  }) do
    it("have exactly the methods of " .. metatable, function()
      local meta = assert(debug.getregistry()[metatable], "no such class")
      local index = meta.__index
      if type(index) == "function" then
        -- It looks methods up itself: in the table that it keeps behind the class.
        local _, kept = debug.getupvalue(index, 2)
        if not kept then -- 5.1 shows nothing of a C function: at least, all that is annotated is there
          local vector = core.vector { 1 }
          for name in pairs(classes[class].functions) do assert.is_function(vector[name], name) end
          return
        end
        index = kept
      end
      assert.is_table(index)
      assert.same(sorted(index), sorted(classes[class].functions))
    end)
  end
end)

describe("the annotations of options", function()
  local for_client, for_call = {}, {}
  local known = sources.read("csrc/binding/options.c")
  for name, where in known:gmatch('{ "([%w_]+)", [%u]+, ([%u_]+),') do
    if where ~= "LLG_FOR_CALL" then for_client[name] = true end
    if where ~= "LLG_FOR_CLIENT" then for_call[name] = true end
  end
  -- Not the core's: lualogue.new reads them.
  for _, name in ipairs { "api_key_command", "cassette", "defaults", "dotenv", "limit", "log", "record" } do for_client[name] = true end
  for _, name in ipairs { "on_event", "on_event_body", "retry" } do -- lualogue.observe does
    for_client[name], for_call[name] = true, true
  end

  it("have exactly what a client takes", function()
    local _, may = fields_of("lualogue.ClientOptions", "lualogue.SharedOptions", "lualogue.WatchOptions")
    assert.same(sorted(for_client), sorted(may))
  end)

  it("have exactly what a call takes", function()
    local _, may = fields_of("lualogue.CallOptions", "lualogue.SharedOptions", "lualogue.WatchOptions")
    assert.same(sorted(for_call), sorted(may))
  end)
end)

describe("the annotations of what comes back", function()
  local server
  local messages = { { role = "user", content = "Hi" } }
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client_of(script)
    return lualogue.new({ base_url = server:script(script), api_key = false, max_retries = 0 })
  end

  it("fit the features", function() assert_is("lualogue.Features", lualogue.features) end)

  it("fit what is known of a reply", function()
    local client = client_of(fixture.json(200, fixture.chat_reply("Hello"), {
      ["x-request-id"] = "req_1",
      ["x-ratelimit-limit-requests"] = "60",
      ["x-ratelimit-remaining-requests"] = "59",
      ["x-ratelimit-reset-requests"] = "1s",
      ["x-ratelimit-limit-tokens"] = "60",
    }))
    local reply = assert(client:chat({ model = "m", messages = messages }))
    assert_is("lualogue.Meta", reply.meta)
    assert_is("lualogue.Timing", reply.meta.timing)
    assert_is("lualogue.RateLimits", reply.meta.rate_limit)
    assert_is("lualogue.RateLimit", reply.meta.rate_limit.requests)
    for name in pairs(classes["lualogue.Meta"].fields) do
      assert(reply.meta[name] ~= nil, "a reply with everything has no meta." .. name)
    end
  end)

  it("fit errors, all of whose fields occur", function()
    local seen = {}
    local function see(value, err)
      assert.is_nil(value)
      assert_is("lualogue.Error", err)
      for key in pairs(err) do seen[key] = true end
    end
    local params = { model = "m", messages = messages }
    local body = fixture.error_body("No.", { type = "t", code = "c", param = "p" })
    local headers = { ["x-request-id"] = "req_1", ["retry-after"] = "7" }
    see(client_of(fixture.json(429, body, headers)):chat(params))
    local cut = fixture.sse({ fixture.chunk({ content = "Hel" }) }, { done = false })
    see(assert(client_of(cut):stream(params)):message())
    see(client_of({ { stall = true } }):chat(params, { timeout = 0.2 }))
    see(client_of(fixture.json(200, { error = "No.", usage = { total_tokens = 1 } })):chat(params))
    assert.same(sorted(classes["lualogue.Error"].fields), sorted(seen))
  end)

  it("fit a stream", function()
    local first = fixture.chunk({ role = "assistant", content = "Hello" })
    local last = fixture.chunk({}, { finish_reason = "stop" })
    last.usage = { prompt_tokens = 1, completion_tokens = 2, total_tokens = 3 }
    local stream = assert(client_of(fixture.sse({ first, last })):stream({
      model = "m", messages = messages,
    }))
    assert(stream:message())
    for name in pairs(classes["lualogue.Stream"].fields) do
      assert(stream[name] ~= nil, "a stream that is complete has no " .. name)
    end
    for name in pairs(classes["lualogue.Stream"].functions) do
      assert.is_function(stream[name])
    end
  end)
end)
