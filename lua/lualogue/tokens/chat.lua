--- What a list of messages costs. Text is counted exactly; what the server adds to it is
--- exact where it is documented and an estimate elsewhere, and the report says which.

local cache = require "lualogue.tokens.cache"
local images = require "lualogue.tokens.images"
local models = require "lualogue.tokens.models"
local tools = require "lualogue.tokens.tools"

---@class lualogue.CountOptions
---@field tools? table[] as they are sent
---@field tool_choice? string|table
---@field functions? table[] the older form of tools
---@field function_call? string|table the older form of tool_choice

---@class lualogue.CountPart
---@field tokens integer
---@field precision "exact"|"estimate" exact: the text and what is added to it are documented
---@field uncounted? string[] types of content whose tokens nobody can know here (a file), as 0

---@class lualogue.CountReport
---@field tokens integer the sum of all parts
---@field precision "exact"|"estimate" exact if every part is
---@field encoding lualogue.EncodingName
---@field messages lualogue.CountPart[] one for each message
---@field tools? lualogue.CountPart the tools, and what their presence changes
---@field reply lualogue.CountPart what opens the reply

local M = {}

local PER_MESSAGE, PER_NAME, REPLY = 3, 1, 3
local FUNCTIONS, FUNCTIONS_WITH_SYSTEM = 9, -4
local FUNCTION_CALL, FUNCTION_ROLE = 3, -2
local CHOICE_NONE, CHOICE_NAMED = 1, 4
local AUDIO_PER_SECOND, AUDIO_BYTES_PER_SECOND = 10, { wav = 48000, mp3 = 16000 }

-- By the encoding's name; the counter of a caller, which is a function, takes its own along.
local caches = setmetatable({}, { __mode = "k" }) ---@type table<any, lualogue.tokens.Cache>

---@class lualogue.tokens.Counter one call's state
---@field encoding lualogue.Encoding
---@field model string
---@field raise fun(message: string)
---@field err lualogue.Error? the first failure
local Counter = {}
Counter.__index = Counter

function Counter:bad(path, why)
  self.raise(("bad argument 'messages' to 'count_messages' (%s: %s)"):format(path, why))
end

function Counter:text(text)
  if text == nil or text == "" then return 0 end
  local n, err = self.cache:count(self.encoding, text)
  self.err = self.err or err
  return n or 0
end

local function is_text(value)
  return type(value) == "string"
end

-- lualogue.null (and cjson's) is content that is not there.
local function is_absent(value)
  return value == nil or type(value) == "userdata"
end

local function audio_tokens(audio)
  local seconds = #(is_text(audio.data) and audio.data or "") * 0.75
    / (AUDIO_BYTES_PER_SECOND[audio.format] or AUDIO_BYTES_PER_SECOND.mp3)
  return math.ceil(seconds * AUDIO_PER_SECOND)
end

-- Tokens of one part of a content, and whether they are exact; nil for what has no count.
function Counter:part(part, path)
  if type(part) ~= "table" then self:bad(path, "a table expected, got " .. type(part)) end
  local text = part.text or part.refusal
  if is_text(text) then return self:text(text), true end
  if part.type == "image_url" or part.type == "input_image" then
    -- The two APIs nest it differently.
    local image = type(part.image_url) == "table" and part.image_url
      or { url = part.image_url, detail = part.detail }
    return images.count(is_text(image.url) and image.url or "", image.detail, self.model), false
  end
  if part.type == "input_audio" and type(part.input_audio) == "table" then
    return audio_tokens(part.input_audio), false
  end
end

function Counter:content(message, path, result)
  local content = message.content
  if is_absent(content) then return end
  if is_text(content) then
    result.tokens = result.tokens + self:text(content)
    return
  end
  if type(content) ~= "table" then
    self:bad(path .. ".content", "a string or a list expected, got " .. type(content))
  end
  for i, part in ipairs(content) do
    local n, exact = self:part(part, ("%s.content[%d]"):format(path, i))
    result.tokens = result.tokens + (n or 0)
    if not exact then result.precision = "estimate" end
    if not n then
      result.uncounted = result.uncounted or {}
      table.insert(result.uncounted, tostring(part.type))
    end
  end
end

-- A call of a function that the assistant made, in either form.
function Counter:call(call, result)
  if type(call) ~= "table" then return end
  result.precision = "estimate"
  local n = FUNCTION_CALL
  for _, field in ipairs { "name", "arguments" } do
    if is_text(call[field]) then n = n + self:text(call[field]) end
  end
  result.tokens = result.tokens + n
end

---@param message lualogue.Message
---@param i integer its place in the list
---@return lualogue.CountPart
function Counter:message(message, i)
  local path = ("messages[%d]"):format(i)
  if type(message) ~= "table" then self:bad(path, "a table expected, got " .. type(message)) end
  if not is_text(message.role) then
    self:bad(path .. ".role", "a string expected, got " .. type(message.role))
  end
  local result = { tokens = PER_MESSAGE + self:text(message.role), precision = self.precision }
  self:content(message, path, result)
  if is_text(message.name) then
    result.tokens = result.tokens + PER_NAME + self:text(message.name)
  end
  if message.role == "function" then result.tokens = result.tokens + FUNCTION_ROLE end
  if message.role == "function" or message.role == "tool" then result.precision = "estimate" end
  self:call(message.function_call, result)
  if type(message.tool_calls) == "table" then
    for _, call in ipairs(message.tool_calls) do
      self:call(type(call) == "table" and call["function"], result)
    end
  end
  return result
end

-- With functions the first system message ends in a newline, and shares some overhead.
function Counter:system_change(messages)
  for _, message in ipairs(messages) do
    if message.role == "system" then
      local text = is_text(message.content) and message.content or ""
      return FUNCTIONS_WITH_SYSTEM + self:text(text .. "\n") - self:text(text)
    end
  end
  return 0
end

function Counter:choice(choice)
  if choice == "none" then return CHOICE_NONE end
  if type(choice) ~= "table" then return 0 end
  local name = choice.name or type(choice["function"]) == "table" and choice["function"].name
  return is_text(name) and CHOICE_NAMED + self:text(name) or 0
end

---@return lualogue.CountPart?
function Counter:tools(messages, options)
  local functions = options.functions
  if options.tools then functions = tools.functions(options.tools) end
  local n = 0
  if functions and functions[1] then
    n = FUNCTIONS + self:text(tools.render(functions)) + self:system_change(messages)
  end
  n = n + self:choice(options.tool_choice or options.function_call)
  if n ~= 0 or options.tools then return { tokens = n, precision = "estimate" } end
end

local OPTIONS = { tools = "table", functions = "table", tool_choice = true, function_call = true }

local function check(messages, options, raise)
  local function bad(name, why)
    raise(("bad argument '%s' to 'count_messages' (%s)"):format(name, why))
  end
  if type(messages) ~= "table" then
    bad("messages", "table expected, got " .. type(messages))
  end
  if options == nil then return {} end
  if type(options) ~= "table" then bad("options", "table expected, got " .. type(options)) end
  for name, value in pairs(options) do
    local wanted = OPTIONS[name]
    if not wanted then bad("options", ("unknown option '%s'"):format(tostring(name))) end
    if wanted ~= true and type(value) ~= wanted then
      bad(name, ("%s expected, got %s"):format(wanted, type(value)))
    end
  end
  return options
end

--- What lualogue.tokens.count_messages does, with the encoding found and a way to raise.
---@param messages lualogue.Message[]
---@param model string
---@param options lualogue.CountOptions?
---@param encoding lualogue.Encoding
---@param raise fun(message: string)
---@return integer? n
---@return lualogue.CountReport|lualogue.Error report
function M.count(messages, model, options, encoding, raise)
  options = check(messages, options, raise)
  caches[encoding.name] = caches[encoding.name] or cache.new()
  local exact = not encoding.approximate and models.has_documented_overhead(model)
  local counter = setmetatable({
    encoding = encoding,
    cache = caches[encoding.name],
    model = models.base_name(model),
    precision = exact and "exact" or "estimate",
    raise = raise,
    err = nil,
  }, Counter)
  local report = {
    tokens = REPLY,
    precision = counter.precision,
    encoding = encoding.name,
    messages = {},
    tools = nil,
    reply = { tokens = REPLY, precision = counter.precision },
  }
  local function add(part)
    report.tokens = report.tokens + part.tokens
    if part.precision == "estimate" then report.precision = "estimate" end
    return part
  end
  for i, message in ipairs(messages) do report.messages[i] = add(counter:message(message, i)) end
  local part = counter:tools(messages, options)
  report.tools = part and add(part)
  if counter.err then return nil, counter.err end
  return report.tokens, report
end

return M
