--- The inputs of a lab: rows of a list or of a file, each known by what is in it.

local csv = require "lualogue.lab.csv"
local files = require "lualogue.lab.files"
local json = require "lualogue.json"
local native = require "lualogue.native"

local rows = {}

---@class lualogue.lab.Input
---@field id string its `id`, else by what is in it: whatever is inserted shifts nothing
---@field row table
---@field label string for people

local function of_jsonl(text)
  local list, number = {}, 0
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    number = number + 1
    if line:find "%S" then
      local value, err = json.decode(line)
      if type(value) ~= "table" then
        return nil, ("line %d: %s"):format(number, err and err.message or "no object")
      end
      list[#list + 1] = value
    end
  end
  if #list == 0 then return nil, "it has no rows" end
  return list
end

--- The rows of a file, by the end of its name.
local function of_file(path)
  local text, why = files.read(path)
  if not text then return nil, why end
  local list, columns
  if path:find "%.jsonl$" or path:find "%.ndjson$" then
    list, why = of_jsonl(text)
  elseif path:find "%.json$" then
    local err
    list, err = json.decode(text)
    if type(list) ~= "table" or #list == 0 then
      list, why = nil, err and err.message or "a list of rows expected"
    end
  else
    list, columns = csv.rows(text)
    why = columns
  end
  if not list then return nil, ("%s: %s"):format(path, why) end
  return list, columns
end

local USUAL = { "id", "name", "title", "question", "input", "prompt", "text" }

local function label_of(row, columns)
  local candidates = { row.id ~= nil and "id" or columns and columns[1] }
  for _, name in ipairs(USUAL) do candidates[#candidates + 1] = name end
  local rest = {}
  for name in next, row do rest[#rest + 1] = tostring(name) end
  table.sort(rest)
  for _, name in ipairs(rest) do candidates[#candidates + 1] = name end
  for _, name in ipairs(candidates) do
    local value = row[name]
    if type(value) == "string" or type(value) == "number" then return tostring(value) end
  end
  return ""
end

local function id_of(row)
  if row.id ~= nil then
    local id = row.id
    return type(id) == "number" and json.encode(id) or tostring(id), true
  end
  return native.core().sha256(json.encode(row)):sub(1, 12)
end

--- Each of a list as an input.
local function known(list, columns)
  local inputs, count = {}, {}
  for i, row in ipairs(list) do
    if type(row) == "string" or type(row) == "number" then row = { input = row } end
    if type(row) ~= "table" then
      return nil, ("[%d]: a row (a table or a text) expected, got %s"):format(i, type(row))
    end
    local ok, id, is_given = pcall(id_of, row)
    if not ok then return nil, ("[%d]: %s"):format(i, id:gsub("^[^\n]-:%d+: ", "")) end
    count[id] = (count[id] or 0) + 1
    if count[id] > 1 then
      if is_given then return nil, ("[%d]: the id %s comes twice"):format(i, id) end
      id = ("%s#%d"):format(id, count[id]) -- the same row once more
    end
    inputs[i] = { id = id, row = row, label = label_of(row, columns) }
  end
  return inputs
end

--- Inputs as a lab file gives them: a list, or the name of a CSV, JSONL or JSON file. None: one row
--- without variables.
---@param given? string|table[]
---@param folder string of the lab file, ending in a slash, or ""
---@return lualogue.lab.Input[]? inputs
---@return string? why
function rows.of(given, folder)
  if type(given) == "string" then
    local path = given:sub(1, 1) == "/" and given or folder .. given
    local list, columns = of_file(path)
    if not list then return nil, ": " .. tostring(columns) end
    local inputs, why = known(list, columns)
    return inputs, why and (": %s%s"):format(path, why)
  end
  if given == nil or next(given) == nil then
    return { { id = "", row = {}, label = "" } }
  end
  if #given == 0 then return nil, ": a list of rows expected, got a table with named fields" end
  return known(given)
end

return rows
