--- Names in a schema: the order of an object's properties, and paths to what is wrong.

local names = {}

--- The order that `in_order` has marked properties with, where it still has all of them.
local function marked(properties)
  local mark = getmetatable(properties)
  local order = type(mark) == "table" and rawget(mark, "whole") and mark.__jsonorder
  if not order then return nil end
  local n = 0
  for _ in next, properties do n = n + 1 end
  if n ~= #order then return nil end
  for i = 1, n do
    if rawget(properties, order[i]) == nil then return nil end
  end
  return order
end

--- The names of properties in the order in which the model is to write them: that of a
--- `__jsonorder` where there is one, then that of `required`, then that of their bytes.
---@param properties table<string, table>
---@param required? string[]
---@return string[] list not to be changed
function names.ordered(properties, required)
  local known = marked(properties)
  if known then return known end
  local list, seen = {}, {}
  local function take(more)
    for _, name in ipairs(type(more) == "table" and more or {}) do
      if rawget(properties, name) ~= nil and not seen[name] then
        seen[name] = true
        list[#list + 1] = name
      end
    end
  end
  local mark = getmetatable(properties)
  take(type(mark) == "table" and rawget(mark, "__jsonorder"))
  take(required)
  local rest = {}
  for name in next, properties do
    if type(name) == "string" and not seen[name] then rest[#rest + 1] = name end
  end
  table.sort(rest)
  for _, name in ipairs(rest) do list[#list + 1] = name end
  return list
end

--- Mark a table so that JSON has its fields in this order: all of them, each once.
---@generic T: table
---@param fields T
---@param order string[]
---@return T fields the same table
function names.in_order(fields, order)
  return setmetatable(fields, { __jsonorder = order, whole = true })
end

--- A path, one key further: `tags` and 2 are `tags[2]`, `a` and `b` are `a.b`.
---@param path string "" is the root
---@param key string|integer
---@return string
function names.join(path, key)
  if type(key) == "number" then return ("%s[%d]"):format(path, key) end
  if not key:find("^[%a_$][%w_]*$") then
    if #key > 60 then key = key:sub(1, 57) .. "..." end
    return ('%s["%s"]'):format(path, (key:gsub("[%c\128-\255]", "?")))
  end
  return path == "" and key or path .. "." .. key
end

return names
