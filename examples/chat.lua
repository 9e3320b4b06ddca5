-- A chat in the terminal: streamed, with a memory that can be moved in; /help says how. Ctrl-C
-- stops an answer. Without a terminal it holds one short scripted conversation.
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?.lua;" .. here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)
local console = require("offline.console").new {
  "Hello, I am a little tired today.", "My work never ends.", "/tokens", "/undo", "/redo",
  "/regenerate", "exit",
}
local chat = client:dialogue { system = "You are a friendly and brief companion." }

-- Prints one answer as it comes, or why it did not.
local function show(stream, err)
  console.interruptible(function()
    io.write(" ai> ")
    local text
    if stream then
      repeat
        text, err = stream:next()
        io.write(text or "")
        io.flush()
      until not text
    end
  end)
  if err then return console.failed(err, chat.pending and "/retry, /keep or /discard" or "") end
  local usage, meta = stream.usage or {}, stream.answer.meta
  local seconds = meta and meta.elapsed or 0
  io.write(("\n     [%s tokens, %.2f s]\n"):format(usage.total_tokens or "?", seconds))
end

local commands
commands = {
  help = function() return "/" .. table.concat(console.names(commands), " /") end,
  reset = function() return chat:reset() end,
  undo = function() return chat:undo() end,
  redo = function() return chat:redo() end,
  retry = function() show(chat:retry { stream = true }) end,
  regenerate = function() show(chat:regenerate { stream = true }) end,
  edit = function(_, i, text) return chat:edit(tonumber(i), text) end, -- then /retry
  keep = function() return chat:keep() end,
  discard = function() return chat:discard() end,
  continue = function() return chat:continue() end,
  fork = function() chat = chat:fork() end,
  select = function(i) return chat:select(tonumber(i)) end,
  save = function(path) return chat:save(path) end,
  load = function(path) chat = assert(client:dialogue { load = path }) end,
  export = function() return chat:export "markdown" end,
  model = function(name) chat.params.model = name end,
  system = function(text) chat.system = text end,
  tokens = function() return chat:usage().total_tokens .. " tokens" end,
  preview = function(text) return (select(3, chat:preview(text ~= "" and text or nil))) end,
}

for line in console.lines "\nyou> " do
  if not console.command(commands, line) then show(chat:stream(line)) end
end
server:close()
console.exit()
