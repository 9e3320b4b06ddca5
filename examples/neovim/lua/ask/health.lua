-- :checkhealth ask; Neovim looks for it in a file of this name.
local health = vim.health or require "health"
local function say(kind, ...) (health[kind] or health["report_" .. kind])(...) end

local function check()
  say("start", "ask")
  local ok, lualogue = pcall(require, "lualogue")
  if not ok then return say("error", lualogue, { "See the head of plugin/ask.lua" }) end
  local found, why = pcall(function() return lualogue.features end)
  if not found then return say("error", why, { "make build LUA=luajit" }) end
  if vim.fn.exists ":Ask" ~= 2 then say("warn", "there is no :Ask: plugin/ask.lua was not read") end

  local client, server = require("offline").connect(lualogue, function(line) say("info", line) end)
  for _, item in ipairs(client:check { timeout = 5, chat = false }) do -- nothing is paid for
    local line = item.name .. ": " .. item.message
    if item.ok == false then say("error", line, { item.mend }) end
    if item.ok then say("ok", line) end
  end
  server:close()
end

return { check = check }
