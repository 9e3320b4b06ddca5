--- What a streamed answer tells as it comes: its text, and its calls as they grow.

local delta = require "lualogue.delta"
local partial_json = require "lualogue.partial_json"

local pieces = {}

---@class lualogue.tools.Pieces
---@field private by_key table
---@field private n integer
---@field private last? any
local methods = {}
local metatable = { __index = methods }

---@return lualogue.tools.Pieces
function pieces.new() return setmetatable({ by_key = {}, n = 0 }, metatable) end

--- The call that a piece belongs to, a new one where it begins.
local function call_of(calls, piece)
  local key = piece.index
  if key == nil then key = piece.id ~= "" and piece.id or calls.last end
  if key == nil then key = 0 end
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

--- Tell of what a chunk brings of the first choice.
---@param chunk lualogue.Chunk
---@param tell fun(event: lualogue.ToolEvent)
function methods:take(chunk, tell)
  for _, choice in ipairs(type(chunk.choices) == "table" and chunk.choices or {}) do
    local piece = type(choice) == "table" and (choice.index or 0) == 0 and choice.delta
    if type(piece) == "table" then
      local text = delta.text_of(piece.content)
      if text and text ~= "" then tell { type = "text", text = text } end
      tell_pieces(self, piece.tool_calls, tell)
    end
  end
end

return pieces
