-- A file goes up in a form, and comes back into a file and as bytes; a refusal of each.
local lualogue = require "lualogue"
local client = lualogue.new { model = "eliza", api_key = "k", max_retries = 0 }
local source, target = "LICENSE", os.tmpname()

--- All of a stream of bytes; nil where it failed.
local function length_of(stream)
  local n, piece, err = 0, stream:next()
  while piece do
    n = n + #piece
    piece, err = stream:next()
  end
  return not err and n
end

local function go()
  local up = lualogue.file(source, { name = "a.txt" })
  local more = { anchor = "created_at", seconds = 60 }
  local stored = client.files:create { file = up, purpose = "user_data", expires_after = more }
  if not stored then return false end
  local saved = client.files:content(stored.id, nil, { to = target })
  local stream = client.files:content(stored.id, nil, { stream = true })
  local n = stream and length_of(stream)
  if not saved or not n or saved.bytes ~= stored.bytes or n ~= stored.bytes then return false end
  local none, refused = client.files:content("file-none", nil, { to = target })
  if none ~= nil or refused.kind ~= "api" then return false end
  none, refused = client.files:create { file = lualogue.file "no such file", purpose = "user_data" }
  return none == nil and refused.kind == "file" and saved.meta.status == 200
end

assert(go())
os.remove(target)
return function()
  local ok = go()
  os.remove(target)
  return ok
end
