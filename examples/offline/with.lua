--- Run a program with a server to talk to: that of the environment, a local one, else the offline
-- model, which ends with it.
--
--     lua5.4 examples/offline/with.lua lualogue "Hello"

local here = arg[0]:match "^(.*[/\\])" or "./"
local offline = dofile(here .. "init.lua")
local lualogue = require "lualogue"

local options, server = offline.endpoint(function(url)
  local client = lualogue.new {
    base_url = url:gsub("/models$", ""), api_key = os.getenv "OPENAI_API_KEY" or false,
  }
  return (client:request("GET", "/models", nil, { connect_timeout = 0.3, timeout = 3, max_retries = 0 }))
end)

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local words = { "OPENAI_BASE_URL=" .. quoted(options.base_url) }
if not os.getenv "LUALOGUE_MODEL" then words[2] = "LUALOGUE_MODEL=" .. quoted(options.model) end
for _, word in ipairs(arg) do words[#words + 1] = quoted(word) end
local ok, how, code = os.execute(table.concat(words, " "))
server:close()
if type(ok) == "number" then ok, how, code = ok == 0, "exit", ok % 256 == 0 and ok / 256 or 128 + ok % 128 end
if not ok then os.exit(how == "signal" and 128 + code or code) end
