--- Recorded answers of real servers as a cassette: one interaction each, known by the model, which
--- is the name of the recording's file.
---
---     lua5.4 spec/support/recorded.lua FOLDER > cassette.json

local json = require "lualogue.json"
local tape = require "lualogue.cassette.tape"

local recorded = {}

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local bytes = file:read "*a"
  file:close()
  return bytes
end

--- The recordings of a folder, each with its `body`; nil if it is not there.
---@param folder string
---@return table[]?
function recorded.list(folder)
  local manifest = read(folder .. "/manifest.json")
  if not manifest then return nil end
  local list = assert(json.decode(manifest)).recordings
  for _, recording in ipairs(list) do
    recording.body = assert(read(folder .. "/" .. recording.file), recording.file)
  end
  return list
end

--- What is asked to get a recording played.
---@param recording table
---@return table params
function recorded.params(recording)
  return { model = recording.file, messages = json.array {} }
end

--- The text of a cassette with all of them.
---@param list table[]
---@return string
function recorded.cassette(list)
  local interactions = json.array {}
  for i, recording in ipairs(list) do
    local params = recorded.params(recording)
    if recording.stream then params.stream = true end
    local response = { status = recording.status, headers = { ["content-type"] = recording.content_type } }
    if recording.stream and recording.status == 200 then
      local cuts = json.array { json.array { 0, #recording.body } }
      response.stream = tape.put_bytes({ cuts = cuts, ["end"] = "done" }, recording.body)
    else
      tape.put_bytes(response, recording.body)
    end
    local request = { method = "POST", path = "/chat/completions", body = params }
    interactions[i] = { request = request, response = response }
  end
  return json.encode { lualogue = 1, interactions = interactions }
end

if arg and arg[0] and arg[0]:find "recorded%.lua$" then
  io.write(recorded.cassette(assert(recorded.list(assert(arg[1], "usage: recorded.lua FOLDER")))), "\n")
end

return recorded
