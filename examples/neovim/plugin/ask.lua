-- Ask about the selection: the answer streams into a buffer of its own, and the editor goes on.
--     eval "$(make -s env LUA=luajit)" && nvim --cmd 'set rtp^=examples/neovim' README.md
-- :'<,'>Ask Why?   asks, several at once if you like; in an answer :Ask goes on with its dialogue.
-- There <C-c> stops and keeps what came, <C-x> stops and discards it.  See :checkhealth ask.
package.path = vim.fn.expand "<sfile>:p:h:h:h" .. "/?/init.lua;" .. package.path
local lualogue = require "lualogue"
require("lualogue.loop.uv").attach()
local api, client, answers = vim.api, nil, {} -- buffer -> its dialogue, its task, where that begins

local function append(buffer, text)
  local last = api.nvim_buf_get_lines(buffer, -2, -1, false)[1]
  api.nvim_buf_set_lines(buffer, -2, -1, false, vim.split(last .. text, "\n"))
end

local function ask(buffer, question, message)
  local own = answers[buffer]
  if own.task and own.task:status() == "running" then return vim.notify "It is still answering." end
  own.begin = api.nvim_buf_line_count(buffer) - 1
  append(buffer, "> " .. question .. "\n\n")
  own.task = lualogue.task(function()
    local stream, err = own.dialogue:stream(message)
    while stream do
      local text, why = stream:next()
      if text then append(buffer, text) else stream, err = nil, why end
    end
    append(buffer, (err and " [" .. tostring(err) .. "]" or "") .. "\n\n")
  end)
end

local function stop(buffer, keeps)
  local own = answers[buffer]
  return own.dialogue.pending and lualogue.task(function()
    own.task:cancel()
    own.task:wait()
    if keeps and own.dialogue:keep() then return append(buffer, " [stopped]\n\n") end
    own.dialogue:discard()
    api.nvim_buf_set_lines(buffer, own.begin, -1, false, { "" })
  end)
end

local function open()
  client = client or require("offline").connect(lualogue, vim.notify)
  vim.cmd "new | setlocal buftype=nofile bufhidden=hide noswapfile filetype=markdown wrap"
  local buffer = api.nvim_get_current_buf()
  answers[buffer] = { dialogue = client:dialogue { system = "You help in an editor. Be brief." } }
  for key, keeps in pairs { ["<C-c>"] = true, ["<C-x>"] = false } do
    vim.keymap.set("n", key, function() stop(buffer, keeps) end, { buffer = buffer })
  end
  local function cancel() answers[buffer].task:cancel() end
  api.nvim_create_autocmd("BufWipeout", { buffer = buffer, callback = cancel })
  return buffer
end

api.nvim_create_user_command("Ask", function(given)
  local here, last = api.nvim_get_current_buf(), given.range > 0 and given.line2 or 0
  local about = api.nvim_buf_get_lines(here, given.line1 - 1, last, false)
  table.insert(about, 1, given.args)
  ask(answers[here] and here or open(), given.args, table.concat(about, "\n"))
end, { nargs = "+", range = true })
