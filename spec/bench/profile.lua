--- Who spends what: instructions per item, counted by callgrind, of lualogue on one Lua and of bare
--- libcurl, by the library that they are executed in. Started by run, against a server that is up.
---
---     lua5.4 profile.lua URL BUILD ROOT LUA
---
--- Counted twice, for n and for more items, so that what a process costs once is in none of it; the
--- two lines about the start are of a whole process. A stream is read to its end. Instructions are
--- no time: the kernel is not seen, and bytes that are copied in one instruction are counted each.

local url, build, root, lua = arg[1], arg[2], arg[3], arg[4]

local COLUMNS = { "all", "libcurl", "ours, C", "Lua", "lua-cjson", "libc", "ld.so", "others" }

--- The column of a shared object.
local function column_of(path)
  if path:find "libcurl" then return "libcurl" end
  if path:find "cjson" then return "lua-cjson" end
  if path:find "lualogue/" then return "ours, C" end
  if path:find "/lua[%d%.jit]*$" or path:find "liblua" then return "Lua" end
  if path:find "libc%.so" then return "libc" end
  if path:find "ld%-linux" then return "ld.so" end
  return "others"
end

--- What each column spent, from a file of callgrind's.
local function read(path)
  local names, spent, column, skip = {}, { all = 0 }, "others", false
  local function named(text)
    local id, name = text:match "^%((%d+)%)%s*(.*)$"
    if not id then return text end
    if name ~= "" then names[id] = name end
    return names[id]
  end
  for line in io.lines(path) do
    local key, rest = line:match "^(c?ob)=(.*)$"
    if key == "ob" then
      column = column_of(named(rest))
    elseif key then
      named(rest)
    elseif line:find "^calls=" then
      skip = true -- the next line is what the called one spent
    elseif line:find "^[%d+*-]" then
      local cost = tonumber(line:match "^%S+ (%d+)")
      if cost and not skip then
        spent[column] = (spent[column] or 0) + cost
        spent.all = spent.all + cost
      end
      skip = false
    end
  end
  return spent
end

local PATHS = ("LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/%s/?.so;;' "):format(
  root, root, build, lua)
local COUNTER = PATHS .. "valgrind --tool=callgrind --callgrind-out-file=%s %s >/dev/null 2>&1"

local function count(command)
  local path = os.tmpname()
  local ok = os.execute(COUNTER:format(path, command))
  if not ok then error("failed: " .. command, 0) end
  local spent = read(path)
  os.remove(path)
  return spent
end

local function floor(workload, n)
  return ("%s/bench/floor %s %s %d"):format(build, workload, url, n)
end

local function ours(workload, n)
  return ("%s %s/spec/bench/client.lua %s %s %d"):format(lua, root, workload, url, n)
end

local function line(name, few, many, n)
  local shown = {}
  for i, column in ipairs(COLUMNS) do
    local spent = ((many[column] or 0) - (few and few[column] or 0)) / n
    shown[i] = ("%10.0f"):format(spent)
  end
  print(("%-32s%s"):format(name, table.concat(shown)))
  io.flush()
end

local function item(name, workload, bare, n)
  line(name .. ", libcurl", count(floor(bare, n)), count(floor(bare, 3 * n)), 2 * n)
  line(name .. ", " .. lua, count(ours(workload, n)), count(ours(workload, 3 * n)), 2 * n)
end

local head = {}
for i, column in ipairs(COLUMNS) do head[i] = ("%10s"):format(column) end
print(("%-32s%s"):format("instructions", table.concat(head)))
item("chat", "chats", "chats", 300)
item("stream of 16", "first", "first", 200)
item("padded event, text", "padded_text", "padded", 4000)
item("padded event, whole", "padded_chunks", "padded", 4000)
item("256 vectors, base64", "embeddings", "embeddings", 5)
line("start, libcurl", nil, count(floor("start", 1)), 1)
line("start, " .. lua, nil, count(ours("start", 1)), 1)
