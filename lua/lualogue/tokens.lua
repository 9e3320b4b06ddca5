--- Exact token counts, natively: the published byte-pair encodings in C, with their
--- vocabularies on board. Needs neither libcurl nor a network nor the rest of lualogue.
---
---     local tokens = require "lualogue.tokens"
---     local enc = tokens.for_model("gpt-4o-mini")
---     print(enc:count("How many tokens is this?"))                --> 6
---     print(tokens.count_messages(messages, "gpt-4o-mini"))
---
--- The first call loads the module `lualogue.tokenizer`; a vocabulary is read-only data that
--- all processes share, and its pages are touched only when it is asked for. Each encoding in
--- use keeps half a megabyte of its own for recently seen words.

local models = require "lualogue.tokens.models"

---@alias lualogue.EncodingName
---| "o200k_base" gpt-4o, gpt-4.1, gpt-5, o1, o3, o4
---| "o200k_harmony" gpt-oss: o200k_base with the harmony format's special tokens
---| "cl100k_base" gpt-4, gpt-3.5-turbo, text-embedding-3, text-embedding-ada-002
---| "p50k_base" text-davinci-002 and -003, code models
---| "r50k_base" GPT-3 and GPT-2

---@class lualogue.SpecialOptions
---@field allowed_special? "all"|string[] special tokens that are more than text: every one of
---the encoding, or those listed, for instance `{ "<|endoftext|>" }`. None by default, so that
---what a user types can never become a control token.

---@class lualogue.Encoding
---@field name lualogue.EncodingName
---@field approximate boolean true when a model was asked for whose encoding is not known
---@field private native lualogue.Tokenizer
local Encoding = {}
Encoding.__index = Encoding
Encoding.__name = "lualogue.encoding"

local M = {}

---@class lualogue.Tokenizer userdata of the native module: an encoding and its cache

local native
local opened = {} ---@type table<string, lualogue.Tokenizer> one for each encoding in use

local function load_native()
  native = require("lualogue.loader").load "lualogue.tokenizer"
  return native
end

local function wrap(tokenizer, name, approximate)
  return setmetatable({ name = name, approximate = approximate, native = tokenizer }, Encoding)
end

local function open(name)
  local tokenizer = opened[name]
  if tokenizer then return tokenizer end
  local err
  tokenizer, err = (native or load_native()).open(name)
  if not tokenizer then error(err, 0) end
  opened[name] = tokenizer
  return tokenizer
end

local function check_model(model, name)
  if type(model) == "string" then return end
  local module = native or load_native()
  module.raise(("bad argument 'model' to '%s' (string expected, got %s)"):format(name, type(model)))
end

--- An encoding by its name.
---
---     local enc = tokens.encoding("o200k_base")
---
---@param name lualogue.EncodingName raises for any other name, and when memory runs out
---@return lualogue.Encoding
function M.encoding(name)
  return wrap(open(name), name, false)
end

--- The encoding of a model, by the longest known beginning of its name ("gpt-4o-2024-08-06"
--- is a gpt-4o); a fine-tuned model ("ft:gpt-4o:…") has that of its base, and "openai/…", as
--- gateways spell it, that of the rest.
---
--- A model that is not known gets o200k_base with `approximate = true`: its counts are then a
--- fair guess of what other vocabularies of this size give, no more.
---
---@param model string raises when it is not a string
---@return lualogue.Encoding
function M.for_model(model)
  check_model(model, "for_model")
  local name = models.encoding(model)
  return wrap(open(name or models.fallback), name or models.fallback, name == nil)
end

--- The ids of a text's tokens. Any bytes are a text: what is not UTF-8 is split as if it were
--- U+FFFD and encoded as it is, so that `decode` gives it back unchanged.
---
---     enc:encode("Hello, world!")                                    --> { 13225, 11, 2375, 0 }
---     enc:encode("<|endoftext|>")                                    --> seven tokens of text
---     enc:encode("<|endoftext|>", { allowed_special = "all" })       --> { 199999 }
---
---@param text string
---@param options? lualogue.SpecialOptions raises for unknown options and special tokens
---@return integer[]|nil ids nil when a single word of the text is longer than 16 MiB
---@return lualogue.Error|nil err of the kind "limit"
function Encoding:encode(text, options)
  return native.encode(self and self.native, text, options)
end

--- The text that the ids stand for: bytes, which are UTF-8 if no character is cut.
---
---@param ids integer[] raises, with the position, for what is no token of this encoding
---@return string text
function Encoding:decode(ids)
  return native.decode(self and self.native, ids)
end

--- The number of a text's tokens, without a list of them: `#enc:encode(text)`.
---
---@param text string
---@param options? lualogue.SpecialOptions
---@return integer|nil n nil when a single word of the text is longer than 16 MiB
---@return lualogue.Error|nil err of the kind "limit"
function Encoding:count(text, options)
  return native.count(self and self.native, text, options)
end

--- The number of a text's tokens if there are at most `limit`, else false. Stops as soon as
--- it knows: a long text costs no more than its first `limit` tokens.
---
---     if not enc:count_within(text, 4000) then text = enc:truncate(text, 4000) end
---
---@param text string
---@param limit number tokens, from 0 on; raises for anything else
---@return integer|false|nil n nil when a single word is longer than 16 MiB
---@return lualogue.Error|nil err of the kind "limit"
function Encoding:count_within(text, limit)
  return native.count_within(self and self.native, text, limit)
end

--- The beginning of a text, at most `limit` tokens of it, never cut inside of a UTF-8
--- character. `kept .. rest == text`, always.
---
---     local kept, rest = enc:truncate(text, 4000)
---     if rest ~= "" then log(#rest .. " bytes left out") end
---
---@param text string
---@param limit number tokens, from 0 on; raises for anything else
---@return string|nil kept nil when a single word is longer than 16 MiB
---@return string|lualogue.Error rest what was cut, "" when nothing was; or the error (`limit`)
---@return integer|nil n the tokens of `kept`
function Encoding:truncate(text, limit)
  return native.truncate(self and self.native, text, limit)
end

function Encoding:__tostring()
  local mark = self.approximate and " (approximate)" or ""
  return ("%s: %s%s"):format(Encoding.__name, self.name, mark)
end

---@param a any
---@param b any
---@return boolean # whether both count in the same way
function Encoding.__eq(a, b)
  return a.name == b.name and a.approximate == b.approximate
end

--- What a request would be billed for its messages, and how far that can be trusted.
---
---     local n, report = tokens.count_messages(messages, "gpt-4o-mini", { tools = tools })
---     report.messages[1].tokens, report.messages[1].precision        --> 24, "exact"
---     report.tools.tokens, report.tools.precision                    --> 68, "estimate"
---
--- Counting a list that has grown costs its new messages: texts counted lately are
--- remembered (see lualogue.tokens.cache for the bounds).
---
---@param messages lualogue.Message[] as they are sent
---@param model string
---@param options? lualogue.CountOptions
---@return integer|nil n nil when a single word of a text is longer than 16 MiB
---@return lualogue.CountReport|lualogue.Error report or the error, of the kind "limit"
function M.count_messages(messages, model, options)
  check_model(model, "count_messages")
  local encoding = M.for_model(model)
  return require("lualogue.tokens.chat").count(messages, model, options, encoding, native.raise)
end

--- The names of all encodings.
---@return lualogue.EncodingName[]
function M.encodings()
  local names = {}
  for i, name in ipairs((native or load_native()).names) do names[i] = name end
  return names
end

return M
