-- A chat, relayed as server-sent events to many browsers; one that leaves ends its stream.
--     eval "$(make -s env LUA=luajit)" && examples/nginx/run.sh 8090
-- and then http://127.0.0.1:8090/, or curl -N 'http://127.0.0.1:8090/chat?q=Hello'.
-- Each piece comes as `data: {"text":...}`, then there is one event `done` or `failed`.
local lualogue = require "lualogue"

local relay = {}
local client

--- Once in each worker. The client keeps its connections for all that come.
function relay.start()
  client = require("offline").connect(lualogue, function(line) ngx.log(ngx.NOTICE, line) end)
  require("lualogue.loop.nginx").attach()
end

--- Waits while the browser is slow, and so does the server behind; false once nobody listens.
local function send(data, event)
  local head = event and "event: " .. event .. "\n" or ""
  return ngx.print(head, "data: ", lualogue.json.encode(data), "\n\n") and ngx.flush(true)
end

local function answer(question)
  local stream, err = client:stream { messages = { { role = "user", content = question } } }
  while stream do
    local chunk, why = stream:next()
    if not chunk then
      err = why
      break
    end
    local text = chunk.choices[1] and chunk.choices[1].delta.content
    if text and text ~= "" and not send { text = text } then return stream:close() end
  end
  if err then
    ngx.log(ngx.ERR, tostring(err))
    return send({ kind = err.kind }, "failed") -- the rest is no business of a browser's
  end
  send({ finish_reason = stream.finish_reason }, "done")
end

--- The location.
function relay.chat()
  local question = ngx.req.get_uri_args().q
  if type(question) ~= "string" or question == "" then
    ngx.status = 400
    return ngx.say "What is the question? /chat?q=..."
  end
  ngx.header["Content-Type"], ngx.header["Cache-Control"] = "text/event-stream", "no-cache"
  local task = lualogue.task(answer, question)
  assert(ngx.on_abort(function() task:cancel() end)) -- closes its connection to the server at once
  task:wait()
end

return relay
