--- What was read of a stream so far, as its fold (`lualogue.delta`). That is loaded when something
--- is asked of it, or when it has something to do: who reads plain text has the first piece sooner.

local native = require "lualogue.native"

local reading = {}

local MOST = 4 -- chunks that wait for it

---@class lualogue.stream.Reading
---@field private handle lualogue.core.Stream
---@field private waiting? table[] chunks that the fold has not seen; nil: there is one
---@field private fold? lualogue.delta.Accumulator
local methods = {}
local metatable = { __index = methods, __name = "lualogue.stream.reading" }

---@param handle lualogue.core.Stream
---@return lualogue.stream.Reading
function reading.new(handle)
  return setmetatable({ handle = handle, waiting = {} }, metatable)
end

--- The text of a chunk in which nothing else is said than a piece of content; nil of any other.
local function plain_text(chunk, index)
  local choices = chunk.choices
  local choice = type(choices) == "table" and choices[2] == nil and choices[1]
  local delta = type(choice) == "table" and choice.message == nil and choice.delta
  local content = type(delta) == "table" and (delta.content or "")
  if type(content) ~= "string" then return nil end
  local number = choice.index or 0
  if type(number) ~= "number" then return nil end
  return number == index and content or ""
end

--- The fold with everything that was read: the core keeps plain text until it is asked for.
---@return lualogue.delta.Accumulator
function methods:all()
  local fold = self.fold
  if not fold then
    fold = require("lualogue.delta").new(native.core().json.encode)
    for _, chunk in ipairs(self.waiting) do fold:add(chunk) end
    self.fold, self.waiting = fold, nil
  end
  local texts, choice, last = self.handle:take_text()
  if texts then
    for i = 1, #texts do fold:add_text(choice - 1, texts[i]) end
    if last then fold:add(last) end
  end
  return fold
end

--- Take a chunk that nobody else sees into account.
---@param chunk table
---@param index integer a choice, counted from 0
---@return string? text that it brings to the choice
function methods:text_of(chunk, index)
  local waiting = self.waiting
  local text = waiting and #waiting < MOST and plain_text(chunk, index)
  if text and not self.handle:has_text() then
    waiting[#waiting + 1] = chunk
    return text
  end
  local fold = self:all()
  fold:add(chunk)
  return fold:text_in(chunk, index)
end

return reading
