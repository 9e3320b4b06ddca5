-- A chat in the terminal: streamed, with its history kept. `exit` ends it; Ctrl-C during an
-- answer ends the answer. Without a terminal it holds one short scripted exchange.
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)

local status = os.execute("test -t 0") -- true since Lua 5.2, 0 before
local interactive, failed = status == true or status == 0, false
local script = { "Hello, I am a little tired today.", "My work never ends.", "exit" }
local messages = { { role = "system", content = "You are a friendly and brief companion." } }

local function read_line()
  io.write("\nyou> ")
  io.flush()
  if interactive then return io.read("*l") end
  local line = table.remove(script, 1)
  print(line)
  return line
end

-- Streams one answer; returns the message, or what there is of it and the error.
local function answer()
  local params = { messages = messages, stream_options = { include_usage = true } }
  local stream, err = client:stream(params)
  if not stream then return nil, err end
  local ok, raised = pcall(function()
    for text in stream:text() do io.write(text) io.flush() end
  end)
  stream:close()
  if not ok then return stream:snapshot(), raised end
  local usage, meta = stream.usage or {}, stream.meta
  io.write(("\n     [%s tokens, %.2f s]\n"):format(usage.total_tokens or "?", meta.elapsed or 0))
  return stream:message()
end

while true do
  local line = read_line()
  if not line or line == "exit" then break end
  if line:match("%S") then
    messages[#messages + 1] = { role = "user", content = line }
    io.write(" ai> ")
    lualogue.interrupts(true)
    local message, err = answer()
    lualogue.interrupts(false)
    if err then io.write(("\n     [%s]\n"):format(tostring(err))) end
    failed = failed or err ~= nil
    if message and (message.content or "") ~= "" then
      messages[#messages + 1] = message
    else
      messages[#messages] = nil -- nothing came: the question may be asked again
    end
  end
end
print()
server:close()
if failed and not interactive then os.exit(1) end
