--- Which server an example talks to: the one of the environment, else a local one, else the
-- offline model, which is started for the purpose and ends with the program.
--
--     local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
--     package.path = here .. "?.lua;" .. here .. "?/init.lua;" .. package.path
--     local options, server = require("offline").endpoint(probe)
--     local client = lualogue.new(options)
--     ...
--     server:close()
--
-- Plain Lua for 5.1 to 5.4 and LuaJIT; it does not need lualogue.

local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
local child = dofile(here .. "child.lua")

local offline = {}

--- What `lualogue.new` is given.
---@class offline.Endpoint
---@field base_url string
---@field api_key? string|false nil: from the environment; false: none
---@field model? string nil if the environment's server was not asked

--- The server behind it.
---@class offline.Server
---@field name "environment"|"ollama"|"llama.cpp"|"offline"
---@field embedding_model? string
---@field child? offline.Child
local server_methods = {}
local server_mt = { __index = server_methods }

--- End the offline model, if that is what runs; otherwise nothing. May be called again.
function server_methods:close()
  if self.child then
    self.child:close()
  end
end

local local_servers = {
  { name = "ollama", title = "Ollama", base_url = "http://127.0.0.1:11434/v1" },
  { name = "llama.cpp", title = "llama.cpp", base_url = "http://127.0.0.1:8080/v1" },
}

--- An environment variable, nil if it is empty or blank, as `lualogue.new` has it.
local function env(name)
  local value = os.getenv(name)
  if value and value:match("%S") then return value:match("^%s*(.-)%s*$") end
end

--- The first model for chats and the first for embeddings of a decoded model list.
---@param list any what the probe gave
---@return string? model
---@return string? embedding_model
local function pick(list)
  local chat, embedding
  for _, model in ipairs(type(list) == "table" and type(list.data) == "table" and list.data or {}) do
    local id = type(model) == "table" and model.id
    if type(id) == "string" then
      if id:lower():find("embed", 1, true) then
        embedding = embedding or id
      else
        chat = chat or id
      end
    end
  end
  return chat or embedding, embedding or chat
end

local function from_environment(probe)
  local base_url, key = env("OPENAI_BASE_URL"), env("OPENAI_API_KEY")
  if not base_url and not key then
    return nil
  end
  local model, embedding = env("OPENAI_MODEL"), env("OPENAI_EMBEDDING_MODEL")
  if base_url and not (model and embedding) then
    local chat_found, embedding_found = pick(probe(base_url:gsub("/+$", "") .. "/models"))
    model, embedding = model or chat_found, embedding or embedding_found
  end
  local options = {
    base_url = base_url or "https://api.openai.com/v1", model = model or "gpt-4o-mini",
  }
  if not key then
    options.api_key = false
  end
  return options, {
    name = "environment", title = base_url and "OPENAI_BASE_URL" or "OpenAI",
    embedding_model = embedding or "text-embedding-3-small",
  }
end

local function from_this_machine(probe)
  for _, known in ipairs(local_servers) do
    local model, embedding = pick(probe(known.base_url .. "/models"))
    if model then
      return { base_url = known.base_url, api_key = false, model = model },
        { name = known.name, title = known.title, embedding_model = embedding }
    end
  end
end

-- Kept here so that a program which drops the handle does not lose its server to the collector.
local running = {}

--- Start the offline model.
--
--     local options, server = assert(offline.start())
---@param arguments? string more arguments of server.lua, quoted for the shell
---@return offline.Endpoint? options
---@return offline.Server|string server the handle, or why there is none
function offline.start(arguments)
  local process, err = child.start(here .. "server.lua", "--parent-pipe " .. (arguments or ""))
  if not process then
    return nil, "the offline model did not start: " .. tostring(err)
  end
  running[#running + 1] = process
  return { base_url = process.line, api_key = false, model = "eliza" }, setmetatable({
    name = "offline", title = "the offline model (ELIZA)", embedding_model = "eliza-embedding",
    child = process,
  }, server_mt)
end

local function to_stderr(line) io.stderr:write(line, "\n") end

--- Find the server to talk to, and say in one line which it is.
--
-- The order: `OPENAI_BASE_URL` or `OPENAI_API_KEY` (with `OPENAI_MODEL` and
-- `OPENAI_EMBEDDING_MODEL`, where set); an Ollama or a llama.cpp on this machine; the offline model.
---@param probe fun(url: string): table? GETs a URL, with a short timeout; the decoded model list or nil
---@param say? fun(line: string) default: to standard error
---@return offline.Endpoint options for `lualogue.new`
---@return offline.Server server
function offline.endpoint(probe, say)
  local options, server = from_environment(probe)
  if not options then
    options, server = from_this_machine(probe)
  end
  if not options then
    options, server = offline.start()
  end
  if not options then
    error(server, 0)
  end
  setmetatable(server, server_mt)
  say = say or to_stderr
  say(("talking to %s at %s, model %s"):format(server.title, options.base_url, options.model))
  return options, server
end

--- The same as a client, for examples: `connect(require "lualogue")`.
---@param lualogue lualogue
---@param say? fun(line: string) default: to standard error
---@return lualogue.Client client
---@return offline.Server server to be closed at the end
function offline.connect(lualogue, say)
  local options, server = offline.endpoint(function(url)
    local base_url = url:gsub("/models$", "")
    local client = lualogue.new { base_url = base_url, api_key = env("OPENAI_API_KEY") or false }
    return (client:request("GET", "/models", nil, { connect_timeout = 0.3, timeout = 3, max_retries = 0 }))
  end, say)
  return lualogue.new(options), server
end

return offline
