-- :checkhealth ask; Neovim looks for it in a file of this name.
local health = vim.health or require "health"
local function say(kind, ...) (health[kind] or health["report_" .. kind])(...) end

local function check()
  say("start", "ask")
  local ok, lualogue = pcall(require, "lualogue")
  if not ok then return say("error", lualogue, { "See the head of plugin/ask.lua" }) end
  local found, features = pcall(function() return lualogue.features end)
  if not found then return say("error", features, { "make build LUA=luajit" }) end
  say("ok", ("lualogue for %s with libcurl %s"):format(features.built_for, features.libcurl))
  for _, warning in ipairs(features.warnings) do say("warn", warning) end
  if vim.fn.exists ":Ask" ~= 2 then say("warn", "there is no :Ask: plugin/ask.lua was not read") end

  local client, server = require("offline").connect(lualogue, function(line) say("info", line) end)
  local models, err = client.models:list(nil, { timeout = 5, max_retries = 0 }):page()
  server:close()
  if models then say("ok", ("it answers, with %d models"):format(#models.data)) end
  if err then say("error", tostring(err), { "OPENAI_BASE_URL says who is asked" }) end
end

return { check = check }
