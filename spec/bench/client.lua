--- One workload of the bench through lualogue, in a process of its own.
---
---     lua client.lua WORKLOAD URL N
---
--- URL is the root of spec/bench/server. Prints one line of key=value as floor.c does: CPU of
--- this process (user and system) in microseconds around the workload alone, and what was
--- counted. The requests are those of floor.c. Each workload checks what came: a fast wrong
--- answer is an error.

local EVENT_TEXT_BYTES = 9
local WARM_UP_EVENTS = 1000
local WARM_UP_CHATS = 100
local WARM_UP_REPLIES = 5 -- until the heap has its size

local workload, root, n = arg[1], arg[2], tonumber(arg[3]) or 1

local MESSAGES = {
  { role = "system", content = "You are terse." },
  { role = "user", content = "What is AI?" },
}

local function new_client(path)
  return require("lualogue").new {
    base_url = root .. path .. "/v1", api_key = "sk-bench", model = "gpt-4o-mini",
  }
end

local function expect(got, wanted, what)
  if got ~= wanted then
    error(("%s: %s instead of %s"):format(what, tostring(got), tostring(wanted)), 2)
  end
end

--- Run `work(items)` once small and unmeasured, then measured, and print the line.
local function measure(warm_up, items, work)
  work(warm_up)
  collectgarbage()
  local start = os.clock()
  work(items)
  local cpu_us = (os.clock() - start) * 1e6
  print(("cpu_us=%.0f items=%d lua_kib=%.0f"):format(cpu_us, items, collectgarbage("count")))
end

local workloads = {}

-- The kinds of event that spec/bench/answers.h tells of: `plain_text` reads a stream of n of them
-- through stream:text(), `plain_chunks` as whole chunks.
for _, kind in ipairs { "plain", "padded", "counted" } do
  workloads[kind .. "_text"] = function()
    measure(WARM_UP_EVENTS, n, function(events)
      local client = new_client(("/%s/%d"):format(kind, events))
      local stream = assert(client:stream { messages = MESSAGES })
      local bytes = 0
      for text in stream:text() do bytes = bytes + #text end
      expect(bytes, events * EVENT_TEXT_BYTES, "bytes of text")
      expect(stream.finish_reason, "stop", "finish_reason")
    end)
  end

  workloads[kind .. "_chunks"] = function()
    measure(WARM_UP_EVENTS, n, function(events)
      local client = new_client(("/%s/%d"):format(kind, events))
      local bytes = 0
      for chunk in assert(client:stream { messages = MESSAGES }) do
        local choice = chunk.choices[1]
        local text = choice and choice.delta.content
        if text then bytes = bytes + #text end
      end
      expect(bytes, events * EVENT_TEXT_BYTES, "bytes of text")
    end)
  end
end

--- n small chats on one client.
function workloads.chats()
  local client = new_client("")
  measure(WARM_UP_CHATS, n, function(chats)
    for _ = 1, chats do
      local reply = assert(client:chat { messages = MESSAGES })
      expect(reply.usage.total_tokens, 29, "total_tokens")
    end
  end)
end

local function embed(format, warm_up)
  local client = new_client("")
  local input = {}
  for i = 1, 256 do input[i] = "sentence number " .. i end
  measure(warm_up or WARM_UP_REPLIES, n, function(replies)
    for _ = 1, replies do
      local reply = assert(client:embeddings {
        model = "text-embedding-3-small", input = input, encoding_format = format,
      })
      expect(#reply.data, 256, "vectors")
      expect(#reply.data[256].embedding, 1536, "dimensions")
    end
  end)
end

--- n replies of 256 x 1536, as base64.
function workloads.embeddings() embed("base64") end

--- The first n of them in a process.
function workloads.cold() embed("base64", 0) end

--- n replies of 256 x 1536, as lists of numbers.
function workloads.floats() embed("float") end

--- n streams on one client, each up to its first text; reading the rest is not counted.
function workloads.first()
  local client, cpu_us = new_client("/padded/16"), 0
  for i = 1, n + WARM_UP_CHATS do
    local start, bytes = os.clock(), 0
    local stream = assert(client:stream { messages = MESSAGES })
    for text in stream:text() do
      if bytes == 0 and i > WARM_UP_CHATS then cpu_us = cpu_us + (os.clock() - start) * 1e6 end
      bytes = bytes + #text
    end
    expect(bytes, 16 * EVENT_TEXT_BYTES, "bytes of text")
  end
  print(("cpu_us=%.0f items=%d"):format(cpu_us, n))
end

local function say_first()
  io.write("first\n")
  io.flush()
  os.exit(0)
end

--- A client, and no request; ends the process.
function workloads.ready()
  new_client("")
  say_first()
end

--- One streamed request; ends the process at its first text.
function workloads.start()
  for _ in assert(new_client("/plain/16"):stream { messages = MESSAGES }):text() do
    say_first()
  end
end

local run = workloads[workload]
if not run then error("no such workload: " .. tostring(workload), 0) end
run()
