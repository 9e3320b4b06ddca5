--- A request of a run that streams: its text and its calls are told as they come.

local pieces = require "lualogue.tools.pieces"

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
  local reader = pieces.new()
  local chunk
  chunk, err = stream:next()
  while chunk do
    reader:take(chunk, tell)
    chunk, err = stream:next()
  end
  if err then return nil, err end
  return stream:reply()
end
