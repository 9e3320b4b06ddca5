-- A file goes to the server and comes back: neither is ever held in memory.
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)

--- Say how far it is, in the place of what was said before.
local function show(event)
  if event.type ~= "upload" and event.type ~= "download" then return end
  io.stderr:write(("\r%-8s %d of %s bytes "):format(event.type, event.bytes, event.total or "?"))
  if event.bytes == event.total then io.stderr:write("\n") end
end

-- Two thousand questions, one a line, as the API for batches wants them.
local path = os.tmpname()
local file = assert(io.open(path, "w"))
for i = 1, 2000 do
  local body = { messages = { { role = "user", content = "What is " .. i .. "?" } } }
  body.model = "gpt-4o-mini"
  file:write(lualogue.json.encode({
    custom_id = "question-" .. i, method = "POST", url = "/v1/chat/completions", body = body,
  }), "\n")
end
file:close()

local function go()
  -- Read from the disk a piece at a time, while it is sent.
  local stored, err = client.files:create({
    file = lualogue.file(path, { name = "questions.jsonl" }), purpose = "batch",
  }, { on_event = show })
  if not stored then return nil, err end
  print(("%s is %s, %d bytes"):format(stored.filename, stored.id, stored.bytes))

  -- Into a file, which has its name once it is whole.
  local saved
  saved, err = client.files:content(stored.id, nil, { to = path .. ".back", on_event = show })
  if not saved then return nil, err end
  print(("it came back: %d bytes in a file"):format(saved.bytes))

  -- Or piece by piece, for a player or a parser.
  local stream, lines = lualogue.assert(client.files:content(stored.id, nil, { stream = true })), 0
  for piece in stream:bytes() do lines = lines + select(2, piece:gsub("\n", "")) end
  print(("and as bytes: %d lines"):format(lines))
  return client.files:delete(stored.id)
end

local ok, err = go()
if not ok then io.stderr:write(tostring(err), "\n") end
os.remove(path)
os.remove(path .. ".back")
server:close()
os.exit(ok and 0 or 1)
