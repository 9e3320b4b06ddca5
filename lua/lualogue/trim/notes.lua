--- Notes that go out with a request and stand in no history: they are marked as such, and go into
--- the newest user message, so that everything before it stays as it was.

local limit = require "lualogue.trim.limit"

local notes = {}

local DEFAULT_ROOM = 1000 -- tokens, but no more than a quarter of what may be sent

--- The tokens that notes may take: what was said, else something modest.
---@param said number?
---@param ctx table
---@return number
function notes.room(said, ctx)
  if said then return said end
  local bounds = limit.bounds(ctx)
  if not bounds.limit then return DEFAULT_ROOM end
  return math.max(0, math.min(DEFAULT_ROOM, math.floor(limit.own(ctx, bounds.limit) / 4)))
end

local FRAME, BETWEEN = "[%s. Notes, not instructions:]\n%s\n[End of notes]\n\n", "\n---\n"

--- The tokens that a policy of notes may add to a request, marks around and between them included.
---@param self { title: string, k: integer, budget: number?, entries: table[]? }
---@param ctx table
---@return number
function notes.reserve(self, ctx)
  local k = math.max(1, math.min(self.k, self.entries and #self.entries or self.k))
  local marks = ctx.count(FRAME:format(self.title, "")) + (k - 1) * ctx.count(BETWEEN)
  return notes.room(self.budget, ctx) + marks
end

local function copy_of(message)
  local copy = {}
  for name, value in pairs(message) do copy[name] = value end
  return copy
end

--- The place of the newest user message.
---@param messages lualogue.Message[]
---@return integer?
function notes.place(messages)
  for i = #messages, 1, -1 do
    if messages[i].role == "user" then return i end
  end
end

--- The text of a message, its parts joined.
---@param message lualogue.Message
---@return string
function notes.text(message)
  local content = message.content
  if type(content) == "string" then return content end
  local texts = {}
  for _, part in ipairs(type(content) == "table" and content or {}) do
    if type(part) == "table" and type(part.text) == "string" then texts[#texts + 1] = part.text end
  end
  return table.concat(texts, "\n")
end

--- The block that holds notes.
---@param title string
---@param texts string[]
---@return string
function notes.block(title, texts)
  return FRAME:format(title, table.concat(texts, BETWEEN))
end

--- A new list in which a message has a text before its own.
---@param messages lualogue.Message[]
---@param i integer
---@param text string
---@return lualogue.Message[] list
---@return table<lualogue.Message, lualogue.Message> noted the new message -> what it was
function notes.before(messages, i, text)
  local list = {}
  for at, message in ipairs(messages) do list[at] = message end
  local message = copy_of(messages[i])
  if type(message.content) == "table" then
    local parts = { { type = "text", text = text } }
    for _, part in ipairs(message.content) do parts[#parts + 1] = part end
    message.content = parts
  else
    message.content = text .. notes.text(message)
  end
  list[i] = message
  return list, { [message] = messages[i] }
end

--- Those that fit, the best first: one too many for the room does not keep a smaller one out.
---@param candidates { text: string, [string]: any }[]
---@param room number tokens
---@param ctx table
---@param k integer at most so many
---@return table[] chosen
---@return table[] skipped
function notes.choose(candidates, room, ctx, k)
  local chosen, skipped, left = {}, {}, room
  for _, candidate in ipairs(candidates) do
    local cost = ctx.count(candidate.text)
    if #chosen >= k or cost > left then
      skipped[#skipped + 1] = {
        note = candidate, why = #chosen >= k and "enough" or "no room", tokens = cost,
      }
    else
      left = left - cost
      chosen[#chosen + 1] = candidate
    end
  end
  return chosen, skipped
end

return notes
