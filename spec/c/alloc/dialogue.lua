-- A dialogue with a summary, saved and loaded: whatever fails, its history is whole.
local lualogue = require "lualogue"
local client = lualogue.new { model = "eliza", api_key = "k", max_retries = 0 }
local trim = lualogue.trim
local policy = trim.chain { trim.summary { when = 5, keep = 1 }, trim.tokens(4000) }
local path = os.tmpname()
os.remove(path)

local function is_whole(dialogue)
  local history = dialogue:history()
  for i, message in ipairs(history) do
    if message.role ~= (i % 2 == 1 and "user" or "assistant") then return false end
  end
  return #history % 2 == 0
end

local function read()
  local dialogue = client:dialogue { system = "S", trim = policy }
  for _ = 1, 2 do
    local text = dialogue:ask "I am sad" or dialogue:retry()
    if not text then return not assert(is_whole(dialogue)) end
  end
  local ok, err = dialogue:save(path)
  local loaded
  if ok then loaded, err = client:dialogue { load = path, trim = policy } end
  os.remove(path)
  if not loaded then return not assert(err, "nil came without an error") end
  return assert(is_whole(loaded)) and #loaded:history() == 4
end

read()
return read
