--- busted --helper: the body of each `it` runs in a task, with others beside it that want turns.
--- What blocks in the same specs without it waits here by yielding.

local busted = require "busted"
local lualogue = require "lualogue"

-- What counts what runs in the process.
local outside = { ["wait_spec.lua"] = true }

--- Whether a spec file is about the main part of a program, which alone may call lualogue.run.
local function runs_itself(path)
  local name = path:match("[^/]+$")
  if outside[name] == nil then
    local file = assert(io.open(path, "rb"))
    outside[name] = file:read("*a"):find("lualogue.run%f[%W]") ~= nil
    file:close()
  end
  return outside[name]
end

local through_pcall = require("lualogue.task.yieldable").through_pcall
if not through_pcall then
  error("Lua 5.1 cannot wait below busted's own pcall: this is for the other ones")
end

local n_bodies, n_turns = 0, 0

local function stays_out(element)
  while element and element.descriptor ~= "file" do element = busted.parent(element) end
  return element ~= nil and runs_itself(element.name)
end

local function as_it_is(err) return { err } end -- a message or what busted makes of a failure

local function in_a_task(body)
  return function(...)
    n_bodies = n_bodies + 1
    local beside = lualogue.task(function()
      while true do
        lualogue.sleep(0.002)
        n_turns = n_turns + 1
      end
    end)
    local task = lualogue.task(function(...)
      local ok, err = xpcall(body, as_it_is, ...)
      return ok, err
    end, ...)
    local ok, err = task:wait()
    beside:cancel()
    if not ok then error(err[1], 0) end
  end
end

busted.subscribe({ "test", "start" }, function(element)
  if element.run and not stays_out(element) then element.run = in_a_task(element.run) end
  return nil, true
end)

busted.subscribe({ "exit" }, function()
  io.write(("%d tests ran in a task, beside one that had %d turns\n"):format(n_bodies, n_turns))
  return nil, true
end)
