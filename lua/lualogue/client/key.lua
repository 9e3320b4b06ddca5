--- Where the key of a call comes from, when it is no string, which is the core's affair: from a
--- function of the user's, which is asked before each call and may wait.

local native = require "lualogue.native"
local observe = require "lualogue.observe"
local protected = require("lualogue.task.wrap").pcall -- the function may wait

local key = {}

local function failure(message)
  return nil, native.core().error { kind = "key", message = message }
end

--- What is wrong with a key, in words that follow "the api_key function"; nil: nothing. It is
--- never shown.
local function flaw_of(text)
  return text == "" and "gave no key"
    or text:find "%c" and "gave a key with a control character in it"
    or text:find "[^!-~]" and "gave a key with a blank in it, or a character that is not ASCII"
    or nil
end

--- Ask a function for a key.
local function ask(source)
  local ok, text, why = protected(source)
  if not ok then return failure("the api_key function failed: " .. tostring(text)) end
  if type(text) ~= "string" or text == "" then
    why = why and ": " .. tostring(why) or ""
    return failure("the api_key function gave no key" .. why)
  end
  text = text:match "^%s*(.-)%s*$"
  local flaw = flaw_of(text)
  if flaw then return failure("the api_key function " .. flaw) end
  return text
end

--- Let a call go with the key that it needs.
---@param self table the client
---@param options any of the call; those that are no table go through, for the core to refuse
---@param send fun(core: lualogue.core.Client, options: any): any, any, any, any
---@return any ... what `send` returns; `nil, err` where there is no key
function key.send(self, options, send)
  local source = rawget(self, "key")
  if not source or options ~= nil and type(options) ~= "table"
    or options and rawget(options, "api_key") ~= nil then
    return send(observe.of_call(self.core, options), options)
  end
  local text, err = ask(source)
  if not text then return nil, err end
  local copy = { api_key = text }
  for name, value in next, options or {} do copy[name] = value end
  return send(observe.of_call(self.core, options), copy)
end

return key
