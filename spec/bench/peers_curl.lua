--- One workload of the bench the way editor plugins do it: a curl process per call, its output
--- read line by line through io.popen and decoded with lua-cjson.
---
---     lua peers_curl.lua WORKLOAD URL N
---
---     stream   one stream of N events         chats   N small chats, one after the other
---     start    one streamed request; says "first" at its first text
---
--- URL is the root of spec/bench/server. What came is checked; CPU is measured from outside
--- (launch), since most of it is the children's.

local cjson = require "cjson"

local EVENT_TEXT_BYTES = 9

local workload, root, n = arg[1], arg[2], tonumber(arg[3]) or 1

local CURL = "exec curl -q -sS -N -H 'Content-Type: application/json'"
  .. " -H 'Authorization: Bearer sk-bench' --data-raw %s %s"

local MESSAGES = {
  { role = "system", content = "You are terse." },
  { role = "user", content = "What is AI?" },
}

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function call(path, streams)
  local body = cjson.encode { model = "gpt-4o-mini", messages = MESSAGES, stream = streams }
  local url = root .. path .. "/v1/chat/completions"
  return assert(io.popen(CURL:format(quoted(body), quoted(url))))
end

local function expect(got, wanted, what)
  if got ~= wanted then
    error(("%s: %s instead of %s"):format(what, tostring(got), tostring(wanted)), 2)
  end
end

--- Calls `on_chunk` with every chunk of a stream of `events`.
local function each_chunk(events, on_chunk)
  local pipe = call("/padded/" .. events, true)
  for line in pipe:lines() do
    local data = line:match("^data: (.*)")
    if data and data ~= "[DONE]" then on_chunk(cjson.decode(data)) end
  end
  pipe:close()
end

local workloads = {}

function workloads.stream()
  local bytes, finish = 0, nil
  each_chunk(n, function(chunk)
    local choice = chunk.choices[1]
    local text = choice and choice.delta.content
    if text then bytes = bytes + #text end
    if choice and choice.finish_reason ~= cjson.null then finish = choice.finish_reason end
  end)
  expect(bytes, n * EVENT_TEXT_BYTES, "bytes of text")
  expect(finish, "stop", "finish_reason")
  print("done")
end

function workloads.chats()
  for _ = 1, n do
    local pipe = call("", nil)
    local reply = cjson.decode(pipe:read("*a"))
    pipe:close()
    expect(reply.usage.total_tokens, 29, "total_tokens")
  end
  print("done")
end

function workloads.start()
  local said = false
  each_chunk(16, function(chunk)
    local choice = chunk.choices[1]
    local text = choice and choice.delta.content
    if said or not text or text == "" then return end
    said = true
    io.write("first\n")
    io.flush()
  end)
end

local run = workloads[workload]
if not run then error("no such workload: " .. tostring(workload), 0) end
run()
