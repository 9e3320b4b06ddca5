--- Checks: what an answer must be. Each is a value with a name; texts in it may have places for
--- what stands in the row (`${expect}`).

local json = require "lualogue.json"
local misuse = require "lualogue.misuse"
local template = require "lualogue.template"
local protected = require("lualogue.task.wrap").pcall -- a check may ask, and wait for it

local checks = {}

---@class lualogue.lab.Check
---@field name string
---@field run fun(cell: lualogue.lab.Cell, row: table, ask: table): boolean?, string?, number?
---@field asks? lualogue.lab.Model[] whom it asks itself
local metatable = { __name = "lualogue.lab.check" }

---@class lualogue.lab.CheckResult
---@field name string
---@field ok? boolean nil: the check itself failed, as `reason` says
---@field reason? string
---@field score? number

--- A check.
---@param name string
---@param run fun(cell: lualogue.lab.Cell, row: table, ask: table): boolean?, string?, number?
---@param asks? lualogue.lab.Model[]
---@return lualogue.lab.Check
function checks.new(name, run, asks)
  return setmetatable({ name = name, run = run, asks = asks }, metatable)
end

local function shown(value)
  local text = type(value) == "string" and ("%q"):format(value) or tostring(value)
  text = text:gsub("\\\n", "\\n")
  if #text <= 40 then return text end
  return (text:sub(1, 37):gsub("[\192-\255][\128-\191]*$", "")) .. "…"
end

--- A text of a check with the values of the row. An error of the check where one is missing.
local function fill(text, row)
  if type(text) ~= "string" then return text end
  local filled, name = template.fill(text, row)
  if not filled then error(("${%s} is missing in the row"):format(name), 0) end
  return filled
end

local function text_argument(value, name)
  misuse.check(value, "string", "text", name)
  return value
end

local function number_argument(value, name)
  misuse.check(value, "number", "max", name)
  return value
end

local function trimmed(text) return (text:match "^%s*(.-)%s*$") end

--- Checks of one text.
local function of_text(name, holds)
  return function(text)
    text_argument(text, name)
    return checks.new(name .. " " .. shown(text), function(cell, row)
      local wanted = fill(text, row)
      return holds(cell.text, wanted), "the answer is " .. shown(cell.text)
    end)
  end
end

--- Checks of a number that an answer may reach.
local function at_most(name, unit, measure)
  return function(max)
    number_argument(max, name)
    return checks.new(("%s %s"):format(name, json.encode(max)), function(cell)
      local value = measure(cell)
      if not value then error(("nothing is known of its %s"):format(unit), 0) end
      return value <= max, ("%s %s"):format(json.encode(value), unit), value
    end)
  end
end

-- ------------------------------------------------------------------ what a lab file calls

local made = {} -- the constructors, by name

made.equals = of_text("equals", function(text, wanted) return trimmed(text) == trimmed(wanted) end)
made.contains = of_text("contains", function(text, wanted)
  return text:find(wanted, 1, true) ~= nil
end)
made.icontains = of_text("icontains", function(text, wanted)
  return text:lower():find(wanted:lower(), 1, true) ~= nil
end)
made.starts_with = of_text("starts_with", function(text, wanted)
  return trimmed(text):sub(1, #wanted) == wanted
end)
made.match = of_text("match", function(text, pattern) return text:find(pattern) ~= nil end)

made.max_tokens = at_most("max_tokens", "tokens", function(cell)
  return cell.usage and cell.usage.completion_tokens
end)
made.max_words = at_most("max_words", "words", function(cell)
  return select(2, cell.text:gsub("%S+", ""))
end)
made.cost = at_most("cost", "cost", function(cell) return cell.cost end)
made.latency = at_most("latency", "seconds", function(cell) return cell.latency end)

function made.one_of(values)
  misuse.check(values, "table", "values", "one_of")
  local names = {}
  for i, value in ipairs(values) do names[i] = shown(value) end
  return checks.new("one_of " .. table.concat(names, "|"), function(cell, row)
    for _, value in ipairs(values) do
      if trimmed(cell.text) == trimmed(fill(value, row)) then return true end
    end
    return false, "the answer is " .. shown(cell.text)
  end)
end

--- The JSON of an answer, which may stand in a block of code.
local function json_of(text)
  local block = text:match "^%s*```%w*%s*\n(.-)\n%s*```%s*$"
  return json.decode(block or text)
end

function made.json()
  return checks.new("json", function(cell)
    local value, err = json_of(cell.text)
    if value == nil then return false, err.message end
    return true
  end)
end

function made.schema(what)
  local library = require "lualogue.schema"
  local schema = library(what)
  return checks.new("schema", function(cell)
    local value, err = json_of(cell.text)
    if value == nil then return false, err.message end
    local fitting
    fitting, err = library.validate(value, schema)
    if fitting == nil and err then return false, err.message end
    return true
  end)
end

function made.finish(reason)
  text_argument(reason, "finish")
  return checks.new("finish " .. reason, function(cell)
    return cell.finish_reason == reason, "finish_reason is " .. tostring(cell.finish_reason)
  end)
end

--- Whether all of `wanted` stands in `value`, with what else there may be.
local function covers(value, wanted, row)
  if type(wanted) ~= "table" then return value == fill(wanted, row) end
  if type(value) ~= "table" then return false end
  for key, inner in next, wanted do
    if not covers(value[key], inner, row) then return false end
  end
  return true
end

function made.tool(name, arguments)
  misuse.check(name, "string", "name", "tool")
  if arguments ~= nil then misuse.check(arguments, "table", "arguments", "tool") end
  return checks.new("tool " .. name, function(cell, row)
    local called = {}
    for i, call in ipairs(cell.message.tool_calls or {}) do
      local fn = call["function"] or {}
      called[i] = tostring(fn.name) .. shown(fn.arguments)
      local given = type(fn.arguments) == "string" and json.decode(fn.arguments) or fn.arguments
      if fn.name == name and (not arguments or covers(given, arguments, row)) then return true end
    end
    return false, #called > 0 and "called " .. table.concat(called, ", ") or "no tool was called"
  end)
end

local function all_asks(list)
  local asks = {}
  for _, check in ipairs(list) do
    for _, model in ipairs(check.asks or {}) do asks[#asks + 1] = model end
  end
  return asks[1] and asks or nil
end

local function several(name, decides)
  made[name] = function(list)
    local inner, why = checks.list(list)
    if not inner then misuse.raise(("bad argument 'list' to '%s' (%s)"):format(name, why)) end
    local names = {}
    for i, check in ipairs(inner) do names[i] = check.name end
    return checks.new(("%s{%s}"):format(name, table.concat(names, ", ")), function(cell, row, ask)
      local reasons = {}
      for _, check in ipairs(inner) do
        local ok, reason = check.run(cell, row, ask)
        if (ok and true or false) == decides then return decides, not ok and reason or nil end
        if not ok then reasons[#reasons + 1] = reason end
      end
      return not decides, table.concat(reasons, "; ")
    end, all_asks(inner))
  end
end
several("any", true)
several("all", false)

made["no"] = function(given)
  local inner, why = checks.list { given }
  if not inner then misuse.raise(("bad argument 'check' to 'no' (%s)"):format(why)) end
  local check = inner[1]
  return checks.new("no " .. check.name, function(cell, row, ask)
    local ok, _, score = check.run(cell, row, ask)
    return not ok, "it is so: " .. shown(cell.text), score
  end, check.asks)
end

checks.made = made

--- As a lab file has them, by name: one that was not called is a mistake.
---@type table<string, function>
checks.constructors = {}

-- ------------------------------------------------------------------ for the lab

--- Checks as a lab file gives them: one or a list, of our own or functions.
---@param given any
---@return lualogue.lab.Check[]? list
---@return string? why
function checks.list(given)
  if given == nil then return {} end
  if type(given) == "function" or getmetatable(given) == metatable then given = { given } end
  if type(given) ~= "table" then return nil, ": a list of checks expected, got " .. type(given) end
  local list, n = {}, 0
  for _ in next, given do n = n + 1 end
  for i = 1, n do
    local item = given[i]
    for name, constructor in next, checks.constructors do
      if item == constructor then
        if name ~= "json" then return nil, ("[%d]: call it: lab.%s(...)"):format(i, name) end
        item = constructor()
        break
      end
    end
    if type(item) == "function" then
      local info = debug.getinfo(item, "S")
      item = checks.new(("function at %s:%d"):format(
        info.short_src:match "[^/]*$", info.linedefined), item)
    elseif getmetatable(item) ~= metatable then
      return nil, ("[%d]: a check or a function expected, got %s"):format(i, type(item))
    end
    list[i] = item
  end
  return list
end

--- Try a check on an answer. A check that raises is none that failed: `ok` is nil.
---@param check lualogue.lab.Check
---@param cell lualogue.lab.Cell
---@param row table
---@param ask table what checks ask with, see `asker`
---@return lualogue.lab.CheckResult
function checks.try(check, cell, row, ask)
  local done, ok, reason, score = protected(check.run, cell, row, ask)
  if not done then
    if type(ok) == "table" and ok.kind == "cancelled" then error(ok, 0) end
    return { name = check.name, reason = tostring(ok) }
  end
  if type(reason) == "number" then reason, score = nil, reason end
  return {
    name = check.name, ok = ok and true or false,
    reason = not ok and reason ~= nil and tostring(reason) or nil,
    score = type(score) == "number" and score == score and score or nil,
  }
end

return checks
