--- How much a model takes and gives: its context window, its input limit, its longest output.
---
---     local models = require "lualogue.models"
---     models.get("gpt-5-mini").input                    --> 272000
---     models.set("my-model", { window = 8192 })         -- that of a server of your own
---
--- A window that a server has told (`learn`) beats what was set, which beats the table. There are
--- no prices here: they rot.

local known = require "lualogue.models.known"
local encodings = require "lualogue.tokens.models"
local misuse = require "lualogue.misuse"

--- What is known of a model. Numbers are tokens.
---@class lualogue.Model
---@field window? integer prompt and answer together
---@field input? integer the longest prompt, where it is less than the window
---@field output? integer the longest answer
---@field encoding? lualogue.EncodingName that it counts in; absent: not known
---@field learned? boolean whether the window is what a server told

---@class lualogue.models
local models = {}

local FIELDS = { window = "number", input = "number", output = "number", encoding = "string" }
local MAX_LEARNED = 1000 -- servers that make up names must not fill the memory

local own = {} ---@type table<string, lualogue.Model> by the beginning of the name
local learned, n_learned = {}, 0 ---@type table<string, integer> windows by server and model

--- The longest entry that a name begins with, whole words alone: "gpt-4" is no "gpt-4.5".
local function longest(map, name)
  for n = #name, 1, -1 do
    local entry = map[name:sub(1, n)]
    if entry and not name:find("^[%w.]", n + 1) then return entry end
  end
end

--- The name without what gateways and fine-tuning put around it.
local function base_name(name)
  name = name:gsub("^ft:", "")
  return (name:gsub("^.*/", ""))
end

local function key_of(name, server) return (server or "") .. "\n" .. name end

--- What is known of a model, by the longest known beginning of its name; "openai/gpt-4o",
--- "ft:gpt-4o:acme" and "gpt-4o-2024-08-06" are a gpt-4o.
---
---     local model = models.get("gpt-4o")
---     print(model and model.window)                     --> 128000
---@param name string
---@param server? string base URL of the server, since windows of one name differ between them
---@return lualogue.Model? model a copy; nil when nothing is known
function models.get(name, server)
  misuse.check(name, "string", "name", "get")
  if server ~= nil then misuse.check(server, "string", "server", "get") end
  local base = base_name(name)
  local entry = longest(own, name) or longest(own, base) or longest(known, base)
  local window = learned[key_of(name, server)]
  if not entry and not window then return nil end
  local model = { encoding = encodings.encoding(name) }
  for field, value in pairs(entry or {}) do model[field] = value end
  if window then
    model.window, model.learned = window, true
    model.input = model.input and math.min(model.input, window)
    model.output = model.output and math.min(model.output, window)
  end
  return model
end

local function check_size(model, field)
  local n = model[field]
  if n ~= nil and (n < 1 or n % 1 ~= 0 or n == math.huge) then
    misuse.raise(("bad argument '%s' to 'set' (a whole number of tokens expected)"):format(field))
  end
  if n and model.window and n > model.window then
    misuse.raise(("bad argument '%s' to 'set' (more than the window of %d)"):format(
      field, model.window))
  end
end

--- Say what a model takes, for every name that begins like this; nil forgets it again.
---
---     models.set("qwen3", { window = 32768, output = 8192 })
---@param prefix string raises when it is empty
---@param model? lualogue.Model raises for unknown fields, and for a limit beyond the window
function models.set(prefix, model)
  misuse.check(prefix, "string", "prefix", "set")
  if prefix == "" then misuse.raise("bad argument 'prefix' to 'set' (it is empty)") end
  if model == nil then
    own[prefix] = nil
    return
  end
  misuse.check(model, "table", "model", "set")
  local copy = {}
  for field, value in pairs(model) do
    if not FIELDS[field] then
      misuse.raise(("bad argument 'model' to 'set' (unknown field '%s')"):format(tostring(field)))
    end
    misuse.check(value, FIELDS[field], field, "set")
    copy[field] = value
  end
  for _, field in ipairs { "window", "input", "output" } do check_size(copy, field) end
  own[prefix] = copy
end

--- Remember the window that a server told, for this process. Dialogues do this by themselves.
---
---     models.learn("llama3.2", 2048, "http://127.0.0.1:8080/v1")
---@param name string
---@param window integer tokens
---@param server? string base URL
function models.learn(name, window, server)
  misuse.check(name, "string", "name", "learn")
  misuse.check(window, "number", "window", "learn")
  if window < 1 or window % 1 ~= 0 or window == math.huge then
    misuse.raise("bad argument 'window' to 'learn' (a whole number of tokens expected)")
  end
  if server ~= nil then misuse.check(server, "string", "server", "learn") end
  local key = key_of(name, server)
  if not learned[key] then
    if n_learned >= MAX_LEARNED then learned, n_learned = {}, 0 end
    n_learned = n_learned + 1
  end
  learned[key] = window
end

return models
