--- Answers that there are already: a file each, under what was asked. The file is a cassette with
--- one interaction, and can be played as one.

local files = require "lualogue.lab.files"
local json = require "lualogue.json"

local cache = {}
cache.__index = cache

local VERSION = 1 -- of cassettes

---@class lualogue.lab.Cache
---@field folder string

--- The cache below a folder.
---@param folder string
---@return lualogue.lab.Cache
function cache.new(folder) return setmetatable({ folder = folder .. "/cache" }, cache) end

---@param digest string
---@return string path
function cache:path(digest)
  return ("%s/%s/%s.json"):format(self.folder, digest:sub(1, 2), digest)
end

--- Whether there seems to be an answer.
---@param digest string
---@return boolean
function cache:has(digest)
  local handle = io.open(self:path(digest), "rb")
  if handle then handle:close() end
  return handle ~= nil
end

--- The answer that is kept. What is torn or somebody else's is none.
---@param digest string
---@return table? reply
---@return number? latency seconds that it took then
function cache:get(digest)
  local bytes = files.read(self:path(digest))
  local value = bytes and json.decode(bytes)
  local is_ours = type(value) == "table" and value.lualogue == VERSION and value.digest == digest
  local interaction = is_ours and type(value.interactions) == "table" and value.interactions[1]
  local response = type(interaction) == "table" and interaction.response
  if type(response) ~= "table" or response.status ~= 200 or type(response.body) ~= "table" then
    return nil
  end
  local ms = type(response.ms) == "table" and response.ms[2]
  return response.body, type(ms) == "number" and ms / 1000 or 0
end

--- Keep an answer.
---@param digest string
---@param path string of the endpoint
---@param request string JSON as it was sent
---@param reply string JSON
---@param latency number seconds
---@return true? done
---@return string? why
function cache:put(digest, path, request, reply, latency)
  local ms = math.floor(latency * 1000 + 0.5)
  return files.put(self:path(digest), json.encode {
    lualogue = VERSION, digest = digest, interactions = json.array { {
      request = { method = "POST", path = path, body = json.raw(request) },
      response = {
        status = 200, headers = { ["content-type"] = "application/json" },
        ms = json.array { ms, ms }, body = json.raw(reply),
      },
    } },
  } .. "\n", true)
end

--- Call fn(path, bytes, time) for each file of the cache.
---@param fn fun(path: string, bytes: number, time: number)
function cache:each(fn)
  local native = require "lualogue.native"
  for _, part in ipairs(files.names(self.folder, "^%x%x$")) do
    local folder = self.folder .. "/" .. part
    for _, entry in ipairs(native.core().folder(folder) or {}) do
      if not entry.is_folder then fn(folder .. "/" .. entry.name, entry.bytes, entry.time) end
    end
  end
end

--- How much there is.
---@return integer n answers
---@return number bytes
function cache:size()
  local n, sum = 0, 0
  self:each(function(_, bytes) n, sum = n + 1, sum + bytes end)
  return n, sum
end

--- Remove what is older.
---@param seconds number
---@return integer n that were removed
---@return number bytes
function cache:prune(seconds)
  local n, sum, oldest = 0, 0, os.time() - seconds
  self:each(function(path, bytes, time)
    if math.floor(time) <= oldest and os.remove(path) then n, sum = n + 1, sum + bytes end
  end)
  return n, sum
end

return cache
