--- Send what `main.mjs cases` has made up, each through the method of its operation.
---
---   lua5.4 spec/validate/call.lua CASES
---
--- The fixture server writes down what came where FIXTURE_RECORD says.

local cjson = require "cjson"
local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local names = require "lualogue.resources.names"

local unpack = table.unpack or unpack
local ANY = '{"id":"x","data":[],"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}'

--- Method and path -> the operation's whole name.
local name_of = {}
for top in pairs(names) do
  for name, o in pairs(require("lualogue.resources.api." .. top)) do name_of[o[1] .. " " .. o[2]] = top .. "." .. name end
end

--- Whole numbers as such, files as files.
local function given(value)
  if type(value) == "number" and value % 1 == 0 then return math.tointeger and math.tointeger(value) or value end
  if type(value) ~= "table" then return value end
  if value["$file"] then return lualogue.bytes(value["$file"], "file.bin") end
  local copy = {}
  for k, v in pairs(value) do copy[k] = given(v) end
  return copy
end

local function call(client, case, number)
  local name = assert(name_of[case.method .. " " .. case.template], "no operation is " .. case.key)
  case.headers["X-Case"] = tostring(number)
  local options = { headers = case.headers }
  if name == "embeddings.create" then return client:embeddings(given(case.body), options) end -- a method
  local at, path = client, name:gsub("^chat%.", "chat_")
  for word in path:match("^(.*)%."):gmatch "[^.]+" do at = at[word] end
  local arguments, params = {}, {}
  for id in case.template:gmatch "{([^}]*)}" do arguments[#arguments + 1] = given(case.ids[id]) end
  for _, part in ipairs { case.query, case.body or {} } do
    for key, value in pairs(part) do params[key] = given(value) end
  end
  arguments[#arguments + 1] = params
  arguments[#arguments + 1] = options
  local result, err = at[path:match "[^.]+$"](at, unpack(arguments))
  if type(result) == "table" and result.page then result, err = result:page() end
  return result, err
end

local server = fixture.start()
local client = lualogue.new {
  base_url = server:script(fixture.json(200, ANY)), api_key = "sk-validate-0123456789", max_retries = 0,
}
local failed, number = 0, -1
for line in io.lines(arg[1]) do
  local case = cjson.decode(line)
  number = number + 1
  local ok, result, err = pcall(call, client, case, number)
  if not ok or not result then
    failed = failed + 1
    print("FAILED " .. case.key .. ": " .. tostring(ok and err or result))
  end
end
server:stop()
os.exit(failed == 0 and 0 or 1)
