--- What new TLS connections cost the thread of their host, with all of the system's authorities.
---
---     lua tls.lua [N]            N connections, 20 unless said otherwise
---
--- One after the other, then all at once: CPU for each, and the longest single step(0). The server's
--- own authority is put among the system's in a mount namespace of this program's own.

local N = tonumber(arg[1]) or 20
local SYSTEM = "/etc/ssl/certs"

local function run(command)
  if not os.execute(command) then error("failed: " .. command, 0) end
end

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- Start the server, and this program once more where its authority is the system's too.
local function outer()
  local fixture = require "spec.support.fixture"
  local server = fixture.start()
  local hello = fixture.json(200, fixture.chat_reply "Hello", { Connection = "close" }, { close = true })
  local url, ca_file = server:tls(hello)
  local folder = io.popen("mktemp -d"):read("l")
  run(("cp -rL %s/. %s"):format(SYSTEM, folder))
  run(("cp %s %s/fixture.pem && openssl rehash %s 2>/dev/null"):format(ca_file, folder, folder))
  run(("cat %s >> %s/ca-certificates.crt"):format(ca_file, folder))
  local inner = ("mount --bind %s %s && exec %s %s %d %s"):format(
    folder, SYSTEM, os.getenv "LLG_INTERPRETER" or "lua5.4", arg[0], N, url)
  local ok = os.execute("unshare -m sh -c " .. quoted(inner))
  run("rm -r " .. folder)
  server:stop()
  if not ok then os.exit(1) end
end

--- Let the exchanges go on until all are over; the CPU of all, and of the worst step, in ms.
local function drive(core, exchanges)
  local worst, begun, left = 0, os.clock(), #exchanges
  while left > 0 do
    local from = os.clock()
    core.step(0)
    worst = math.max(worst, os.clock() - from)
    left = 0
    for _, exchange in ipairs(exchanges) do
      local reply, err = exchange:result()
      if reply == nil then error(err) end
      left = left + (reply and 0 or 1)
    end
    if left > 0 then core.step(1) end
  end
  return (os.clock() - begun) * 1000, worst * 1000
end

local function inner(url)
  local core = require "lualogue.core"
  local client = core.client { base_url = url, api_key = "sk-bench" }
  local function chat() return client:chat { messages = {} } end
  local first, first_step = drive(core, { chat() })
  local later, later_step = 0, 0
  for _ = 1, N do
    local cpu, step = drive(core, { chat() })
    later, later_step = later + cpu, math.max(later_step, step)
  end
  local many = {}
  for i = 1, N do many[i] = chat() end
  local all, worst = drive(core, many)
  print(("%-32s %8s %12s"):format("TLS, CPU in ms", "each", "worst step"))
  print(("%-32s %8.2f %12.2f"):format("the first connection", first, first_step))
  print(("%-32s %8.2f %12.2f"):format(N .. " more, one after the other", later / N, later_step))
  print(("%-32s %8.2f %12.2f"):format(N .. " at once", all / N, worst))
end

if arg[2] then inner(arg[2]) else outer() end
