-- An answer as server-sent events: a `text` for each piece, then one `done`, `stopped` or `failed`,
-- with all that there is to show now. A browser that leaves ends its answer.
local cqueues = require "cqueues"
local condition = require "cqueues.condition"
local errno = require "cqueues.errno"
local json = require("lualogue").json
local wire = require "wire"

--- While it waits for an answer a browser sends nothing: what there is to read is its end.
local function when_gone(socket, over, fn)
  cqueues.running():wrap(function()
    local ok, _, why
    repeat
      if cqueues.poll({ pollfd = socket:pollfd(), events = "r" }, over) == over then return end
      ok, _, why = socket:fill(1, 0)
    until ok or why ~= errno.ETIMEDOUT
    if not ok then fn() end
  end)
end

---@param http table lua-http's stream
---@param talk table
---@param question? string nil: the last one again
return function(http, talk, question)
  if not wire.begin(http, 200, "text/event-stream") then return end
  -- Waits while the browser is slow, and so does the server behind; false once nobody listens.
  local function send(event, data)
    return http:write_chunk(("event: %s\ndata: %s\n\n"):format(event, json.encode(data)), false)
  end
  local over = condition.new()
  local task = talk:answer(question, function(text) return send("text", { text = text }) end)
  when_gone(http.connection.socket, over, function() task:cancel() end)
  local ok, err = task:wait()
  over:signal()
  talk:stop() -- keeps what came, if somebody stopped it
  local stopped = not ok and err.kind == "cancelled"
  if not ok and not stopped then io.stderr:write(tostring(err), "\n") end -- no browser's business
  send(ok and "done" or stopped and "stopped" or "failed", talk:state())
  http:write_chunk("", true)
end
