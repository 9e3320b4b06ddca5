--- A large file up and down, in a process of its own: lua files.lua MIB [FOLDER]
---
--- Memory may not grow with it: fails where it grew by more than LIMIT_KIB above the start. Prints
--- one line of key=value; the server is that of the specs.

local fixture = require "spec.support.fixture"
local lualogue = require "lualogue"
local now = require("lualogue.core").now

local LIMIT_KIB = 16 * 1024
local MIB = 1024 * 1024

local mib, folder = tonumber(arg[1]), arg[2] or os.getenv "TMPDIR" or "/tmp"
local source, target = folder .. "/lualogue-up", folder .. "/lualogue-down"

local function memory_kib(name)
  for line in io.lines "/proc/self/status" do
    local kib = line:match("^" .. name .. ":%s*(%d+) kB")
    if kib then return tonumber(kib) end
  end
end

--- Do something, and see how much memory it takes at its worst, and how long.
local function measure(act)
  collectgarbage()
  collectgarbage()
  local reset = io.open("/proc/self/clear_refs", "w") -- the highest so far is what there is now
  if reset then
    reset:write "5"
    reset:close()
  end
  local before, begun = memory_kib "VmRSS", now()
  act()
  return memory_kib "VmHWM" - before, now() - begun
end

local server = fixture.start()
local OK = fixture.json(200, { id = "file-1" })
local up = server:script(fixture.join({ read = "head" }, { read = "discard" }, OK))
local down = server:script { routes = {
  ["/files/small/content"] = fixture.json(200, "x"),
  ["/files/large/content"] = {
    { send = ("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"):format(mib * MIB) },
    { send = ("x"):rep(65536), times = mib * 16 },
  },
} }

local client = lualogue.new { base_url = up, max_retries = 0 }
local downloader = lualogue.new { base_url = down, max_retries = 0 }
local function upload(path) assert(client.files:create { file = lualogue.file(path), purpose = "batch" }) end
local function download(id) assert(downloader.files:content(id, nil, { to = target })) end

local ok, err = pcall(function()
  assert(io.open(source, "wb")):close()
  upload(source) -- whatever is made once is made
  download "small"
  -- A file of holes: it takes no room.
  local file = assert(io.open(source, "wb"))
  file:seek("set", mib * MIB - 1)
  file:write "\0"
  file:close()
  local up_kib, up_s = measure(function() upload(source) end)
  local requests = server:requests(up)
  assert(requests[#requests].body_bytes > mib * MIB, "not all of it came")
  local down_kib, down_s = measure(function() download "large" end)
  print(("upload_kib=%d upload_mib_s=%.0f download_kib=%d download_mib_s=%.0f"):format(
    up_kib, mib / up_s, down_kib, mib / down_s))
  assert(up_kib < LIMIT_KIB and down_kib < LIMIT_KIB, "memory grows with the file")
end)
os.remove(source)
os.remove(target)
server:stop()
if not ok then error(err, 0) end
