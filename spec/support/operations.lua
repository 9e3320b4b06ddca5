-- Write what `client.files:list()` and its like are made of: every operation of the API, read from
-- its OpenAPI description, and the annotations of them.
--
--   lua5.4 spec/support/operations.lua openai-openapi.json [FOLDER]
--
-- writes FOLDER/resources/api/NAME.lua and FOLDER/types/api/NAME.lua, one for each resource, and
-- FOLDER/resources/parameters.lua; the folder is lua/lualogue. Names are those of the official
-- SDKs: most follow from method and path; the others are listed here, since a description does
-- not name them.

local cjson = require "cjson"
local typing = require "spec.support.operation_types"

local NAMED = {
  ["POST /images/generations"] = "images.generate",
  ["POST /images/edits"] = "images.edit",
  ["POST /images/variations"] = "images.create_variation",
  ["GET /fine_tuning/jobs/{}/events"] = "fine_tuning.jobs.list_events",
  ["GET /vector_stores/{}/file_batches/{}/files"] = "vector_stores.file_batches.list_files",
  ["GET /chatkit/threads/{}/items"] = "beta.chatkit.threads.list_items",
  ["POST /threads/runs"] = "beta.threads.create_and_run",
  ["POST /responses/input_tokens"] = "responses.input_tokens.count",
  ["GET /files/{}/content"] = "files.content",
  ["GET /vector_stores/{}/files/{}/content"] = "vector_stores.files.content",
  ["GET /videos/{}/content"] = "videos.download_content",
  ["POST /videos/characters"] = "videos.create_character",
  ["GET /videos/characters/{}"] = "videos.get_character",
  ["POST /videos/edits"] = "videos.edit",
  ["POST /videos/extensions"] = "videos.extend",
  ["POST /evals/{}/runs/{}"] = "evals.runs.cancel",
  ["GET /organization/costs"] = "admin.organization.usage.costs",
  ["GET /organization/projects/{}/rate_limits"] = "admin.organization.projects.rate_limits.list_rate_limits",
  ["POST /organization/projects/{}/rate_limits/{}"] = "admin.organization.projects.rate_limits.update_rate_limit",
}

-- Where a path begins -> where its name does.
local PREFIXES = {
  organization = "admin.organization", projects = "admin.organization.projects", assistants = "beta.assistants",
  threads = "beta.threads", chatkit = "beta.chatkit", ["realtime.sessions"] = "beta.realtime.sessions",
  ["realtime.transcription_sessions"] = "beta.realtime.transcription_sessions",
}

local VERBS, SINGLE = {}, {}
for word in ([[cancel complete pause resume archive activate deactivate run validate accept hangup refer
  reject compact search submit_tool_outputs remix]]):gmatch "%S+" do VERBS[word] = true end
for word in ("data_retention spend_limit hosted_tool_permissions model_permissions content"):gmatch "%S+" do
  SINGLE[word] = true
end

-- What streams, and what is no JSON, though the description does not say so.
local STREAMS = {
  ["completions.create"] = true, ["responses.retrieve"] = true, ["beta.responses.retrieve"] = true,
  ["beta.threads.create_and_run"] = true, ["beta.threads.runs.create"] = true,
  ["beta.threads.runs.submit_tool_outputs"] = true,
}
local BYTES = {
  ["files.content"] = true, ["containers.files.content.retrieve"] = true, ["realtime.calls.create"] = true,
}
-- Where the model of the client serves as well.
local MODELS = {
  ["completions.create"] = true, ["responses.create"] = true, ["responses.compact"] = true,
  ["responses.input_tokens.count"] = true,
}
-- What these take and give must be asked for by a header.
local BETA = { assistants = "assistants=v2", threads = "assistants=v2", chatkit = "chatkit_beta=v1" }

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = assert(file:read "*a")
  file:close()
  return cjson.decode(text)
end

local function sorted_keys(set)
  local keys = {}
  for key in pairs(set) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

--- The official name of an operation.
local function name_of(method, path)
  local bare, beta = path:match "^([^?]*)(.*)$"
  local named = NAMED[method .. " " .. bare:gsub("{[^}]*}", "{}")]
  if not named then
    local words, last = {}, nil
    for segment in bare:gmatch "[^/]+" do
      last = segment
      if not segment:find "{" then words[#words + 1] = segment end
    end
    local verb
    if words[#words - 1] == "usage" then
      verb = table.remove(words)
    elseif VERBS[last] then
      verb = table.remove(words)
    elseif SINGLE[last] then
      verb = ({ GET = "retrieve", POST = "update", DELETE = "delete" })[method]
    elseif last:find "{" then
      verb = ({ GET = "retrieve", POST = "update", DELETE = "delete" })[method]
    else
      verb = ({ GET = "list", POST = "create" })[method]
    end
    named = table.concat(words, ".") .. "." .. assert(verb, method .. " " .. path)
  end
  for from, to in pairs(PREFIXES) do
    if named:sub(1, #from + 1) == from .. "." then return to .. named:sub(#from + 1) end
  end
  return beta ~= "" and "beta." .. named or named
end

--- Which parameters of a form are files, where all that the operation takes is a form.
local function files_of(api, operation)
  local content = (operation.requestBody or {}).content or {}
  if not content["multipart/form-data"] or content["application/json"] then return nil end
  local names = typing.binary_fields(api, content["multipart/form-data"].schema)
  return names[1] and table.concat(names, " ")
end

local function body_of(operation)
  local content = (operation.requestBody or {}).content or {}
  local json, multipart = content["application/json"], content["multipart/form-data"]
  return json and (multipart and "json or multipart" or "json") or multipart and "multipart" or nil
end

--- Parts of a form that have a media type of their own: "name=type", with blanks between them.
local function parts_of(operation)
  local multipart = ((operation.requestBody or {}).content or {})["multipart/form-data"] or {}
  local parts = {}
  for _, name in ipairs(sorted_keys(multipart.encoding or {})) do
    parts[#parts + 1] = name .. "=" .. multipart.encoding[name].contentType
  end
  return parts[1] and table.concat(parts, " ")
end

--- What comes back, and whether it can be a stream of events.
local function answer_of(operation, name)
  local content, streams = {}, STREAMS[name]
  for status, response in pairs(operation.responses) do
    if status:find "^2" then content = response.content or {} end
  end
  if content["text/event-stream"] then streams = true end
  local answer = "json"
  for kind in pairs(content) do
    if kind ~= "application/json" and kind ~= "text/event-stream" then answer = "bytes" end
  end
  if BYTES[name] then answer = "bytes" elseif next(content) == nil then answer = "nothing" end
  return answer, streams
end

--- Which parameter the next page is asked for with; true: there is one page.
local function page_of(method, name, query)
  if method ~= "GET" then return nil end
  for _, parameter in ipairs { "after", "page" } do
    for _, given in ipairs(query) do
      if given == parameter then return parameter end
    end
  end
  return name:find "[.]list[%w_]*$" and true or nil
end

--- The names of the fields of a schema, those that it takes over from others among them.
local function properties(api, schema, found)
  if schema["$ref"] then
    local target = api
    for step in schema["$ref"]:gmatch "[^#/]+" do target = target[step] end
    schema = target
  end
  for name in pairs(schema.properties or {}) do found[name] = true end
  for _, kind in ipairs { "allOf", "anyOf", "oneOf" } do
    for _, part in ipairs(schema[kind] or {}) do properties(api, part, found) end
  end
  return found
end

local function operation_of(api, method, path, operation)
  local name, query = name_of(method, path), {}
  for _, parameter in ipairs(operation.parameters or {}) do
    if parameter["in"] == "query" then query[#query + 1] = (parameter.name:gsub("%[%]$", "")) end
  end
  local answer, streams = answer_of(operation, name)
  return {
    name = name, method = method, path = path, query = query, body = body_of(operation), parts = parts_of(operation), answer = answer,
    files = files_of(api, operation),
    streams = streams, page = page_of(method, name, query), beta = BETA[path:match "^/([^/]+)"],
    model = MODELS[name], operation = operation, api = api,
  }
end

local function quoted(value) return type(value) == "string" and ("%q"):format(value) or tostring(value) end

--- An operation as a field of a table, broken where it is long.
local function source_of(name, o)
  local parts = { quoted(o.method), quoted(o.path) }
  if #o.query > 0 then
    local words = quoted(table.concat(o.query, " "))
    if #words > 70 then words = words:gsub("^(.-) ([^ ]* ?[^ ]* ?[^ ]* ?[^ ]*)$", '%1"\n      .. " %2') end
    parts[#parts + 1] = "query = " .. words
  end
  for _, key in ipairs { "body", "parts", "files", "model", "streams", "page", "beta" } do
    if o[key] ~= nil then parts[#parts + 1] = key .. " = " .. quoted(o[key]) end
  end
  if o.answer ~= "json" then parts[#parts + 1] = "answer = " .. quoted(o.answer) end
  local key = name:find "^[%a_][%w_]*$" and name or ("[%q]"):format(name)
  local line = ("  %s = { %s },"):format(key, table.concat(parts, ", "))
  if #line <= 100 then return line end
  line = ("  %s = { %s,"):format(key, table.concat(parts, ", ", 1, 2))
  local rest = table.concat(parts, ", ", 3) .. " },"
  if #line > 100 then line = ("  %s = {\n    %s,"):format(key, table.concat(parts, ", ", 1, 2)) end
  return line .. "\n    " .. rest
end

local HEAD = "-- Made by spec/support/operations.lua from the API's description: do not edit.\n"

local function write(path, lines)
  local file = assert(io.open((arg[2] or "lua/lualogue") .. "/" .. path, "wb"))
  assert(file:write(table.concat(lines, "\n"), "\n"))
  assert(file:close())
end

local api = read((assert(arg[1], "usage: operations.lua DESCRIPTION")))
local tops = {}
for path, methods in pairs(api.paths) do
  for method, operation in pairs(methods) do
    local o = operation_of(api, method:upper(), path, operation)
    local top, rest = o.name:match "^([^.]+)%.(.*)$"
    tops[top] = tops[top] or {}
    assert(not tops[top][rest], "two operations have the name " .. o.name)
    tops[top][rest] = o
  end
end

for _, top in ipairs(sorted_keys(tops)) do
  local lines = { HEAD .. "return {" }
  for _, name in ipairs(sorted_keys(tops[top])) do lines[#lines + 1] = source_of(name, tops[top][name]) end
  lines[#lines + 1] = "}"
  write("resources/api/" .. top .. ".lua", lines)
  write("types/api/" .. top .. ".lua", typing.lines(top, tops[top], HEAD))
end

-- The parameters of what asks a model for text or vectors: a client's defaults go there.
local lines = { HEAD .. "return {" }
for _, name in ipairs { "chat.completions.create", "completions.create", "embeddings.create", "responses.create" } do
  local top, rest = name:match "^([^.]+)%.(.*)$"
  local schema = tops[top][rest].operation.requestBody.content["application/json"].schema
  local words, line, found = {}, "", properties(api, schema, {})
  if name == "completions.create" then found.logprobs = nil end -- a number there, not a boolean
  for _, word in ipairs(sorted_keys(found)) do
    if #line + #word > (words[1] and 80 or 58) then
      words[#words + 1], line = ("%q"):format(line .. " "), ""
    end
    line = line == "" and word or line .. " " .. word
  end
  words[#words + 1] = ("%q"):format(line)
  lines[#lines + 1] = ("  [%q] = %s,"):format(name, table.concat(words, "\n    .. "))
end
lines[#lines + 1] = "}"
write("resources/parameters.lua", lines)

local names = { HEAD .. "return {" }
for _, top in ipairs(sorted_keys(tops)) do names[#names + 1] = ("  %s = true,"):format(top) end
names[#names + 1] = "}"
write("resources/names.lua", names)
write("types/api/resources.lua", typing.resources(sorted_keys(tops), HEAD))
