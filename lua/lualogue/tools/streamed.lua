--- A request of a run that streams: its text and its calls are told as they come.

local delta = require "lualogue.delta"
local partial_json = require "lualogue.partial_json"

--- The call that a piece belongs to, a new one where it begins.
local function call_of(calls, piece)
  local key = piece.index
  if key == nil then
    local id = piece.id
    if id and id ~= "" and not calls.by_key[id] then key = id end
    if key == nil then key = id and calls.by_key[id] and id or calls.last end
  end
  key = key or 0
  local call = calls.by_key[key]
  if not call then
    calls.n = calls.n + 1
    call = { index = calls.n, reader = partial_json.new() }
    calls.by_key[key] = call
  end
  calls.last = key
  return call
end

local function tell_pieces(calls, list, tell)
  for _, piece in ipairs(type(list) == "table" and list or {}) do
    local f = type(piece) == "table" and piece["function"]
    if type(f) == "table" then
      local call = call_of(calls, piece)
      if type(f.name) == "string" and f.name ~= "" then call.name = f.name end
      local text = type(f.arguments) == "string" and f.arguments or ""
      call.reader:feed(text)
      tell {
        type = "piece", index = call.index, name = call.name, piece = text, reader = call.reader,
      }
    end
  end
end

--- Ask as a stream, and tell of what comes.
---@param client lualogue.Client
---@param request lualogue.ChatParams
---@param options? lualogue.CallOptions
---@param tell fun(event: lualogue.ToolEvent)
---@return lualogue.ChatReply? reply
---@return lualogue.Error? err
return function(client, request, options, tell)
  local stream, err = client:stream(request, options)
  if not stream then return nil, err end
  local calls = { by_key = {}, n = 0 }
  local chunk
  chunk, err = stream:next()
  while chunk do
    local choice = type(chunk.choices) == "table" and chunk.choices[1]
    local piece = type(choice) == "table" and choice.delta
    if type(piece) == "table" then
      local text = delta.text_of(piece.content)
      if text and text ~= "" then tell { type = "text", text = text } end
      tell_pieces(calls, piece.tool_calls, tell)
    end
    chunk, err = stream:next()
  end
  if err then return nil, err end
  return stream:reply()
end
