--- What a JSON text that is still coming already says. Fed by pieces of any size; each byte is
--- read once.
---
---     local reader = require("lualogue.partial_json").new()
---     reader:feed '{"name":"Ad'            --> growing
---     reader:value().name                  --> Ad
---     reader:feed 'a","age":3'
---     reader:value().age                   --> nil: it may become 36
---     reader:feed '6}'                     --> complete
---
--- Open objects and lists are there with what they have; an open text as far as it came, less an
--- escape, half of a surrogate pair or a character that is cut; `tr` is true already. A number
--- that may go on is no value yet, nor is a key without one. A complete text gives what
--- `lualogue.json.decode` does: null fields are absent.

local misuse = require "lualogue.misuse"
local number_of = require "lualogue.partial_json.number"
local steps = require "lualogue.partial_json.steps"
local text_of = require "lualogue.partial_json.text"

---@class lualogue.PartialJsonLibrary
local partial_json = {}

local type = type

---@alias lualogue.PartialState
---| "complete" the text is JSON; a number without anything around it may still go on
---| "growing" more has to come
---| "broken" whatever comes, it will not be JSON

--- A text that is being read. Make it with `partial_json.new`.
---@class lualogue.PartialJson
---@field state lualogue.PartialState
---@field fault? string why it is broken, such as "byte 7: a value expected"
---@field private read integer bytes before the piece that is being read
---@field private step fun(self: lualogue.PartialJson, piece: string, at: integer): integer?
---@field private depth integer how many containers are open
---@field private tops table[] by depth, what was around: the container, its items, its key
---@field private counts integer[]
---@field private keys string[]
---@field private top? table the innermost container that is open
---@field private count? integer items of `top`; nil: it is an object
---@field private key? string the key whose value comes
---@field private root any
---@field private inside? "key"|"text"|"number"|"word" what is open and has no parts
---@field private text lualogue.partial_json.Text
---@field private number lualogue.partial_json.Number
---@field private word? string a literal that is open, and how much of it came
---@field private matched? integer
---@field private null any
local methods = {}
local metatable = { __index = methods, __name = "lualogue.partial_json" }

--- Read on. What comes behind a text that is broken is ignored.
---
---     for text in stream:text() do reader:feed(text) end
---@param piece string
---@return lualogue.PartialState state
---@return string? fault why it is broken
function methods:feed(piece)
  if type(piece) ~= "string" then misuse.check(piece, "string", "piece", "feed") end
  local at, n = 1, #piece
  while at and at <= n do at = self.step(self, piece, at) end
  self.read = self.read + n
  return self.state, self.fault
end

--- The value as far as it came, without waiting for more: of a broken text, what it was before.
--- Objects and lists are the same tables each time, and grow.
---
---     local value, state = reader:value()
---@return any value nil while there is none
---@return lualogue.PartialState state
function methods:value()
  steps.show(self)
  return self.root, self.state
end

--- Begin to read a text.
---
---     local reader = partial_json.new()
---     for text in stream:text() do
---       if reader:feed(text) == "broken" then break end
---       show(reader:value())
---     end
---@param null? any what stands for null in lists; default `lualogue.null`, which loads the core
---@return lualogue.PartialJson
function partial_json.new(null)
  return setmetatable({
    state = "growing", read = 0, step = steps.start, null = null,
    depth = 0, tops = {}, counts = {}, keys = {},
    text = text_of.new(), number = number_of.new(),
  }, metatable)
end

--- What a text says that is cut off somewhere.
---
---     partial_json.decode '{"a":[1,2'      --> { a = { 1 } }  growing
---@param text string
---@return any value
---@return lualogue.PartialState state
---@return string? fault why it is broken
function partial_json.decode(text)
  misuse.check(text, "string", "text", "decode")
  local reader = partial_json.new()
  reader:feed(text)
  local value, state = reader:value()
  return value, state, reader.fault
end

return partial_json
