--- Where the key of a call comes from, when it is no string, which is the core's affair: from a
--- function of the user's, which is asked before each call and may wait, or from a program.

local environment = require "lualogue.environment"
local native = require "lualogue.native"
local observe = require "lualogue.observe"

local key = {}

--- An error of the kind `key`.
---@param message string
---@return nil
---@return lualogue.Error err
function key.failure(message)
  return nil, native.core().error { kind = "key", message = message }
end

--- A key without the blanks around it, or what is wrong with it, in words that follow the name of
--- who gave it. It is never shown.
---@param text any
---@return string? key
---@return string? flaw
function key.check(text)
  if type(text) ~= "string" then return nil, "gave no key" end
  text = environment.trim(text)
  if text == "" then return nil, "gave no key" end
  if text:find "%c" then return nil, "gave a key with a control character in it" end
  if text:find "[^!-~]" then
    return nil, "gave a key with a blank in it, or a character that is not ASCII"
  end
  return text
end

local of_function = {}
of_function.__index = of_function

--- Another one of the same, for another client.
function of_function:fork() return self end

function of_function:send(client, options, send, ...)
  local ok, text, why = require("lualogue.task.wrap").pcall(self.ask) -- it may wait
  if not ok then return key.failure("the api_key function failed: " .. tostring(text)) end
  local flaw
  text, flaw = key.check(text)
  if not text then
    why = why and ": " .. tostring(why) or ""
    return key.failure("the api_key function " .. flaw .. why)
  end
  local copy = { api_key = text }
  for name, value in next, options or {} do copy[name] = value end
  return send(key.core_of(client, options, ...), copy)
end

--- A function as a source of keys.
---@param ask fun(): string?, any
function key.of_function(ask) return setmetatable({ ask = ask }, of_function) end

--- The core for a call: that of its place, where a client has several, and watched where the call
--- says so.
---@param client table
---@param options any
---@param method string of HTTP
---@param path any
---@param body any its parameters
---@return lualogue.core.Client
function key.core_of(client, options, method, path, body)
  local core, places = client.core, rawget(client, "places")
  if places then core = places:core_for(client, method, path, body) end
  return observe.of_call(core, options)
end

--- Let a call go with the key that it needs.
---@param client table
---@param options any of the call; those that are no table go through, for the core to refuse
---@param send fun(core: lualogue.core.Client, options: any): any, any
---@param ... any method, path and body of the request
---@return any ... what `send` returns; `nil, err` where there is no key
function key.send(client, options, send, ...)
  local source = rawget(client, "key")
  if not source or options ~= nil and type(options) ~= "table"
    or options and rawget(options, "api_key") ~= nil then
    return send(key.core_of(client, options, ...), options)
  end
  return source:send(client, options, send, ...)
end

return key
