--- The output of our busted runs: one line for each spec file, each failure as it comes, each
--- skip with its reason, and as the last line the totals that the gates add up:
--- "N passed, N failed, N skipped". What goes wrong outside a test (a file that does not load,
--- a failed setup) and a file without a single test count as failed.

local busted = require "busted"

local function full_name(element)
  local names = {}
  while element and element.descriptor ~= "file" and (element.name or element.descriptor) do
    if element.descriptor ~= "suite" then
      table.insert(names, 1, element.name or element.descriptor)
    end
    element = busted.parent(element)
  end
  return table.concat(names, " ")
end

local function text(message)
  if type(message) ~= "table" then return tostring(message) end
  local mt = getmetatable(message)
  if type(mt) == "table" and mt.__tostring then return tostring(message) end
  return require("pl.pretty").write(message)
end

local function place(element, trace)
  trace = element.trace or trace
  if not trace or not trace.short_src then return element.name or "?" end
  return ("%s:%d"):format(trace.short_src, trace.currentline)
end

return function()
  local passed, failed, skipped = 0, 0, 0
  local reasons = {} -- of the skips, in order
  local bad = {} -- elements already counted as failed
  local at_file = {} -- the totals when the current file began
  local handler = {}

  local function on_trouble(element, _, message, trace)
    if not bad[element] then
      bad[element] = true
      failed = failed + 1
    end
    local what = full_name(element)
    io.write(
      "\nFAILED ", place(element, trace), what ~= "" and ": " or "", what, "\n",
      (text(message):gsub("[^\n]+", "  %0")), "\n")
    if trace and trace.traceback and element.descriptor ~= "it" then
      io.write((trace.traceback:gsub("[^\n]+", "  %0")), "\n")
    end
    io.write("\n")
    return nil, true
  end

  local function on_skip(element, _, message)
    element.skip_reason = message
    return nil, true
  end

  local function on_test_end(element, _, status)
    if status == "success" and not bad[element] then
      passed = passed + 1
    elseif status == "pending" then
      skipped = skipped + 1
      -- The position is busted's own.
      local reason = text(element.skip_reason or "no reason given"):gsub("^[^%s:]+:%d+: ", "")
      reasons[#reasons + 1] = ("skipped: %s: %s (%s)"):format(
        place(element), full_name(element), reason)
    end
    return nil, true
  end

  local function on_file_start()
    at_file = { passed = passed, failed = failed, skipped = skipped }
    return nil, true
  end

  local function on_file_end(file)
    local p, f, s = passed - at_file.passed, failed - at_file.failed, skipped - at_file.skipped
    if p + f + s == 0 then
      failed, f = failed + 1, 1
      io.write("FAILED ", file.name, ": a spec file without a test\n")
    end
    io.write(("%-40s %4d passed"):format((file.name:gsub("^%./", "")), p))
    if f > 0 then io.write((", %d failed"):format(f)) end
    if s > 0 then io.write((", %d skipped"):format(s)) end
    io.write((" (%.1f s)\n"):format(file.duration or 0))
    io.flush()
    return nil, true
  end

  local function on_exit()
    for _, reason in ipairs(reasons) do io.write(reason, "\n") end
    if passed == 0 then io.write("no test passed\n") end
    io.write(("%d passed, %d failed, %d skipped\n"):format(passed, failed, skipped))
    io.flush()
    return nil, true
  end

  function handler.subscribe()
    require "busted.languages.en"
    busted.subscribe({ "file", "start" }, on_file_start)
    busted.subscribe({ "file", "end" }, on_file_end)
    busted.subscribe({ "pending" }, on_skip)
    busted.subscribe({ "test", "end" }, on_test_end)
    busted.subscribe({ "failure" }, on_trouble)
    busted.subscribe({ "error" }, on_trouble)
    busted.subscribe({ "exit" }, on_exit)
  end

  return handler
end
