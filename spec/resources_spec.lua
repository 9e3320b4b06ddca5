-- Every operation of the API under its name: what goes over the wire, and what comes back.
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local multipart = require "spec.support.multipart"
local json = lualogue.json
local names = require "lualogue.resources.names"
local resources = require "lualogue.resources"

local DESCRIPTION = "../shared/reference/openai-openapi.json"
local unpack = table.unpack or unpack
-- Serves as the answer of anything.
local ANY = '{"id":"x","data":[],"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}'

--- All operations: whole name -> operation.
local function all_operations()
  local all = {}
  for top in pairs(names) do
    for name, operation in pairs(require("lualogue.resources.api." .. top)) do all[top .. "." .. name] = operation end
  end
  return all
end

describe("the table of operations", function()
  it("has all of them, and what can be said of each", function()
    local n, paged, streamed = 0, 0, 0
    for name, o in pairs(all_operations()) do
      n = n + 1
      assert.truthy(({ GET = true, POST = true, DELETE = true })[o[1]], name)
      assert.truthy(o[2]:find "^/", name)
      if o.page then paged = paged + 1 end
      if o.streams then streamed = streamed + 1 end
      assert.equal(o, resources.operation(name))
    end
    assert.equal(288, n)
    assert.is_true(paged > 60 and streamed > 10, paged .. " lists, " .. streamed .. " streams")
    assert.is_nil(resources.operation "files.lost")
    assert.is_nil(resources.operation "lost.list")
    assert.is_nil(resources.operation "files")
  end)

  it("is what the script makes of the description", function()
    local file = io.open(DESCRIPTION)
    if not file then return pending(DESCRIPTION .. " is missing beside this checkout") end
    file:close()
    local folder = (os.getenv "TMPDIR" or "/tmp") .. "/operations"
    local function run(command)
      local status = os.execute(command)
      assert(status == true or status == 0, command)
    end
    run(("mkdir -p %s/resources/api %s/types/api"):format(folder, folder))
    run(("LUA_PATH='./?.lua;;' %s spec/support/operations.lua %s %s"):format(os.getenv "LLG_INTERPRETER" or "lua5.4", DESCRIPTION, folder))
    for _, part in ipairs { "resources/api", "resources/names.lua", "resources/parameters.lua", "types/api" } do
      run(("diff -r lua/lualogue/%s %s/%s >&2"):format(part, folder, part))
    end
    run("rm -r " .. folder)
  end)
end)

describe("an operation", function()
  local server
  setup(function() server = fixture.start() end)
  teardown(function() server:stop() end)

  local function client_of(script, options)
    options = options or {}
    options.base_url, options.max_retries = server:script(script or fixture.json(200, ANY)), 0
    return lualogue.new(options), options.base_url
  end

  local function last(base_url)
    local requests = server:requests(base_url)
    return requests[#requests]
  end

  --- Call an operation by its whole name.
  local function call(client, name, ...)
    local at, path = client, name:gsub("^chat%.", "chat_")
    for word in path:match("^(.*)%."):gmatch "[^.]+" do at = assert(at[word], name .. ": no " .. word) end
    local method = assert(at[path:match "[^.]+$"], name .. " is not there")
    return method(at, ...)
  end

  it("of all 288 goes where it says, with its ids and parameters in their places", function()
    local client, base_url = client_of()
    local want = {}
    for name, o in pairs(all_operations()) do
      local arguments, path = {}, o[2]:gsub("%?.*", "")
      path = path:gsub("{[^}]*}", function()
        arguments[#arguments + 1] = "i/d ü"
        return "i%2Fd%20%C3%BC"
      end)
      local params = { odd = "value", messages = { { role = "user", content = "Hi" } } }
      local queried = (o.query or ""):match "%S+"
      if queried then params[queried] = "q" end
      arguments[#arguments + 1] = params
      if name ~= "embeddings.create" then -- client.embeddings is a method
        local result, err = call(client, name, unpack(arguments))
        if o.page then result, err = result:page() end
        if o.answer == "bytes" then assert.equal(ANY, result) end
        assert(result, name .. ": " .. tostring(err))
        want[#want + 1] = { name = name, o = o, path = path, queried = queried }
      end
    end
    local requests = server:requests(base_url)
    assert.equal(#want, #requests)
    for i, w in ipairs(want) do
      local r, queried = requests[i], w.queried
      assert.equal(w.o[1], r.method, w.name)
      assert.equal(w.path, r.target:match "^[^?]*":gsub("^/v1", ""), w.name)
      local query = r.target:match "%?(.*)$" or ""
      assert.equal(queried ~= nil, query:find((queried or "no") .. "=q", 1, true) ~= nil, w.name .. "?" .. query)
      assert.equal(w.o[2]:find("?beta=true", 1, true) ~= nil, query:find("beta=true", 1, true) ~= nil, w.name)
      if w.o.body == "multipart" then
        local parts = multipart.parts(r)
        assert.same({ "odd", "value" }, { parts[#parts].name, parts[#parts].body }, w.name)
      elseif w.o[1] == "POST" then
        assert.equal("value", r:json().odd, w.name)
      else
        assert.truthy(query:find("odd=value", 1, true), w.name)
        assert.equal("", r.body)
      end
    end
  end)

  it("takes ids as segments of the path: dots alone and nothing are none", function()
    local client, base_url = client_of()
    assert(client.models:retrieve "org/model v1.2~x")
    assert.equal("/v1/models/org%2Fmodel%20v1.2~x", last(base_url).target)
    assert(client.files:retrieve(17))
    assert.equal("/v1/files/17", last(base_url).target)
    assert(client.files:retrieve "...")
    for _, wrong in ipairs { "", ".", "..", 1.5, 1e300, 0 / 0, true, {}, "nil" } do
      local ok, err = pcall(function()
        if wrong == "nil" then wrong = nil end
        client.vector_stores.files:retrieve("vs_1", wrong)
      end)
      assert.is_false(ok)
      assert.truthy(err:find("^[^:]*resources_spec.lua:%d+: bad argument 'file_id' to 'retrieve'"), err)
    end
    assert.equal(3, #server:requests(base_url))
  end)

  it("raises for wrong arguments at the caller's line, with the name", function()
    local client = client_of()
    for name, wrong in pairs {
      params = function() client.files:list "file-1" end, options = function() client.batches:create({}, 5) end,
      query = function() client.batches:create({}, { query = "a=b" }) end, headers = function() client.batches:create({}, { headers = 5 }) end,
      self = function() client.files.list() end,
    } do
      local ok, err = pcall(wrong)
      assert.is_false(ok)
      assert.truthy(err:find("^[^:]*resources_spec.lua:%d+: bad argument '" .. name .. "'"), err)
    end
    assert.is_false(pcall(client.files.retrieve, { "file-1" }, "x"))
    local ok, err = pcall(function() client.files:create { file = "a.jsonl", purpose = "batch" } end)
    assert.is_false(ok)
    assert.truthy(err:find("lualogue.file", 1, true))
  end)

  it("sends lists and tables of a query as the SDKs do, and the caller's own query too", function()
    local client, base_url = client_of()
    local params = { include = { "a", "b" }, metadata = { k = "v" } }
    assert(client.responses:retrieve("r1", params, { query = { more = 1 } }))
    local query = last(base_url).target:match "%?(.*)$"
    for _, part in ipairs { "include%5B%5D=a&include%5B%5D=b", "metadata%5Bk%5D=v", "more=1" } do
      assert.truthy((query:gsub("%[", "%%5B"):gsub("%]", "%%5D")):find(part, 1, true), query)
    end
    assert.same({ include = { "a", "b" }, metadata = { k = "v" } }, params)
    assert(client.conversations.items:create("c1", { items = {}, include = { "x" } }))
    assert.same({ items = {} }, last(base_url):json())
    assert.truthy(last(base_url).target:find "include")
  end)

  it("sends an empty object where a body is due, and none where it is not", function()
    local client, base_url = client_of()
    assert(client.vector_stores:create())
    assert.equal("{}", last(base_url).body)
    assert(client.batches:cancel "b1")
    assert.equal("", last(base_url).body)
  end)

  it("asks for a beta where it needs one, unless the caller says another", function()
    local client, base_url = client_of()
    assert(client.beta.threads:create())
    assert.equal("assistants=v2", last(base_url):header "OpenAI-Beta")
    local options = { headers = { ["OpenAI-Beta"] = "assistants=v3" } }
    assert(client.beta.threads:create({}, options))
    assert.equal("assistants=v3", last(base_url):header "OpenAI-Beta")
    assert.same({ headers = { ["OpenAI-Beta"] = "assistants=v3" } }, options)
    assert(client.models:retrieve "m")
    assert.is_nil(last(base_url):header "OpenAI-Beta")
  end)

  it("gives bytes where no JSON comes, and true where nothing does", function()
    local client = client_of(fixture.json(200, "\0bytes", { ["Content-Type"] = "application/octet-stream" }))
    assert.equal("\0bytes", client.files:content "f1")
    client = client_of(fixture.json(200, ""))
    assert.is_true(client.containers:delete "c1")
    client = client_of(fixture.json(200, '{"deleted":true}'))
    assert.same({ deleted = true }, client.containers:delete "c1")
    client = client_of(fixture.json(404, fixture.error_body "gone"))
    local reply, err = client.containers:delete "c1"
    assert.is_nil(reply)
    assert.equal("gone", err.message)
  end)

  it("sends the parts of a form by the types that they must have", function()
    local client, base_url = client_of()
    assert(client.realtime.calls:create { sdp = "v=0", session = { type = "realtime", tools = {} } })
    local body = last(base_url).body
    assert.truthy(body:find('name="sdp"\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n', 1, true), body)
    assert.truthy(body:find('name="session"\r\nContent-Type: application/json\r\n\r\n{"tools":[],"type":"realtime"}\r\n', 1, true), body)
  end)

  it("uses the client's model where it is a model that answers in text", function()
    local client, base_url = client_of(nil, { model = "m1" })
    assert(client.responses:create { input = "Hi" })
    assert.equal("m1", last(base_url):json().model)
    assert(client.completions:create { prompt = "Hi", model = "m2" })
    assert.equal("m2", last(base_url):json().model)
    assert(client.images:generate { prompt = "a cat" })
    assert.is_nil(last(base_url):json().model)
    assert(client.responses:create { prompt = { id = "p1" } })
    assert.is_nil(last(base_url):json().model)
  end)

  it("replies as the server does, with text and meta", function()
    local client = client_of(fixture.json(200, '{"output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]}'))
    local reply = assert(client.responses:create { model = "m", input = "Hi" })
    assert.equal("Hi", reply.text)
    assert.equal(200, reply.meta.status)
  end)

  it("is there under its official name alone; what is none is nil", function()
    local client = client_of()
    assert.is_function(client.chat)
    assert.equal(client.files, client.files)
    assert.equal("lualogue.resource (files)", tostring(client.files))
    assert.is_nil(client.fils)
    assert.is_nil(client.files.lits)
    assert.is_nil(client.files[1])
    assert.is_nil(client[1])
    assert.is_nil(client["a.b"])
    assert.is_nil(client.vector_stores.files.files)
    local base_url
    client, base_url = client_of(fixture.json(200, fixture.chat_reply "Hello"))
    assert.equal("Hello", client.chat_completions:create({ messages = { { role = "user", content = "Hi" } } }).text)
    assert.equal("/v1/chat/completions", last(base_url).target)
  end)

  it("costs nothing before it is asked for", function()
    local loaded, kept = {}, {}
    for name in pairs(package.loaded) do
      if name:find "^lualogue%.resources" then kept[name] = package.loaded[name] end
    end
    for name in pairs(kept) do package.loaded[name] = nil end
    local client = client_of(fixture.json(200, fixture.chat_reply "Hello"))
    assert(client:chat { messages = { { role = "user", content = "Hi" } } })
    for name in pairs(package.loaded) do
      if name:find "^lualogue%.resources" then loaded[#loaded + 1] = name end
    end
    assert.same({}, loaded)
    assert.is_not_nil(client.files.list)
    assert.is_nil(package.loaded["lualogue.resources.api.admin"])
    for name, module in pairs(kept) do package.loaded[name] = module end
  end)

  -- ---------------------------------------------------------------- lists

  describe("that is a list", function()
    local function page(items, more)
      local body = { object = "list", data = json.array(items) }
      for name, value in pairs(more or {}) do body[name] = value end
      return fixture.json(200, json.encode(body))
    end

    local function targets(base_url)
      local list = {}
      for i, r in ipairs(server:requests(base_url)) do list[i] = r.target:gsub("^/v1", "") end
      return list
    end

    local function ids(list)
      local got = {}
      for item in list do got[#got + 1] = item.id end
      return got
    end

    it("gives the items of all pages, each a request", function()
      local client, base_url = client_of {
        page({ { id = "a" }, { id = "b" } }, { has_more = true }), page({ { id = "c" } }, { has_more = true, last_id = "x" }),
        page({ { id = "d" } }, { has_more = false }),
      }
      assert.same({ "a", "b", "c", "d" }, ids(client.files:list { limit = 2 }))
      assert.same({ "/files?limit=2", "/files?after=b&limit=2", "/files?after=x&limit=2" }, (function()
        local list = targets(base_url)
        for i, target in ipairs(list) do
          local parts = {}
          for part in target:match "%?(.*)":gmatch "[^&]+" do parts[#parts + 1] = part end
          table.sort(parts)
          list[i] = target:match "^[^?]*" .. "?" .. table.concat(parts, "&")
        end
        return list
      end)())
    end)

    it("goes on as the server says: next, next_page, or not at all", function()
      local client, base_url = client_of { page({ { id = "a" } }, { has_more = true, next = "n1" }), page({ { id = "b" } }, { has_more = false }) }
      assert.same({ "a", "b" }, ids(client.admin.organization.roles:list()))
      assert.equal("/organization/roles?after=n1", targets(base_url)[2])
      client, base_url = client_of { page({ { id = "a" } }, { has_more = true, next_page = "p1" }), page({ { id = "b" } }, { has_more = false }) }
      assert.same({ "a", "b" }, ids(client.admin.organization.usage:costs { start_time = 1 }))
      assert.truthy(targets(base_url)[2]:find("page=p1", 1, true))
      client, base_url = client_of(page { { id = "a" }, { id = "b" } })
      assert.same({ "a", "b" }, ids(client.models:list()))
      assert.same({ "/models" }, targets(base_url))
      client, base_url = client_of { page { { id = "a" } }, page {} } -- has_more is not said
      assert.same({ "a" }, ids(client.files:list()))
      assert.equal(2, #targets(base_url))
    end)

    it("asks for nothing before it must, and no more once it is left", function()
      local client, base_url = client_of { page({ { id = "a" }, { id = "b" } }, { has_more = true }), page({ { id = "c" } }, { has_more = false }) }
      local list = client.files:list()
      assert.equal(0, #targets(base_url))
      for item in list do
        if item.id == "b" then break end
      end
      assert.equal(1, #targets(base_url))
      assert.equal("c", list:next().id)
      assert.is_nil(list:next())
      assert.is_nil(list:next())
      assert.equal(2, #targets(base_url))
    end)

    it("gives pages as they came, or all that is left", function()
      local client = client_of { page({ { id = "a" }, { id = "b" } }, { has_more = true }), page({ { id = "c" } }, { has_more = false }) }
      local list = client.files:list()
      local first = assert(list:page())
      assert.same({ true, 200, 2 }, { first.has_more, first.meta.status, #first.data })
      assert.equal("a", list:next().id)
      assert.same({ { id = "b" }, { id = "c" } }, list:all())
      assert.same({}, list:all())
      assert.is_nil(list:page())
    end)

    it("that fails raises the error object from a loop, and returns it elsewhere, again and again", function()
      local function new() return client_of { page({ { id = "a" } }, { has_more = true }), fixture.json(500, fixture.error_body "down") } end
      local list, got = new().files:list(), {}
      local ok, err = pcall(function()
        for item in list do got[#got + 1] = item.id end
      end)
      assert.is_false(ok)
      assert.same({ "api", "down" }, { err.kind, err.message })
      assert.same({ "a" }, got)
      for _ = 1, 2 do
        local item, again = list:next()
        assert.is_nil(item)
        assert.equal(err, again)
      end
      local all, why = new().files:list():all()
      assert.is_nil(all)
      assert.equal("down", why.message)
    end)

    it("that does not end, or is none, is an error", function()
      local list = client_of(page({ { id = "a" } }, { has_more = true })).files:list()
      assert.equal("a", list:next().id)
      local none, err = list:next()
      assert.is_nil(none)
      assert.equal("protocol", err.kind)
      assert.truthy(err.message:find("same page", 1, true))
      none, err = client_of(fixture.json(200, '{"data":5}')).files:list():next()
      assert.is_nil(none)
      assert.equal("protocol", err.kind)
    end)

    it("raises where a method is called with a dot", function()
      local list = client_of(page {}).files:list()
      local ok, err = pcall(function() list.next() end)
      assert.is_false(ok)
      assert.truthy(err:find("resources_spec.lua:%d+: bad argument 'self' to 'next'"), err)
    end)
  end)
end)
