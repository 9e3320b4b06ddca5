--- Which fields of a value the annotations do not know.

local annotations = require "spec.support.annotations"
local sources = require "spec.support.sources"

local typed = {}

--- All classes of these files, by name: field -> type, what is inherited included.
---@param paths string[]
---@return table<string, table<string, string>>
function typed.classes(paths)
  local classes, parents = {}, {}
  for _, path in ipairs(paths) do
    for _, class in ipairs(annotations.parse(path).classes) do
      local fields = classes[class.name] or {}
      classes[class.name] = fields
      for _, field in ipairs(class.fields) do fields[field.name:gsub('^%["(.-)"%]$', "%1")] = field.type end
    end
    for name, parent in sources.read(path):gmatch "@class ([%w_%.]+): ([%w_%.]+)" do parents[name] = parent end
  end
  for name, parent in pairs(parents) do
    for field, type in pairs(classes[parent] or {}) do classes[name][field] = type end
  end
  return classes
end

--- The class that a value of this type has, or nil where the type says nothing of fields.
local function class_in(classes, type)
  for name in type:gmatch "lualogue%.[%w_%.]*[%w_]" do
    if classes[name] then return name end
  end
end

--- Add what is unknown to `found`, as "class.field".
---@param classes table<string, table<string, string>>
---@param name string the class of the value
---@param value any
---@param found table<string, boolean>
function typed.unknown(classes, name, value, found)
  if type(value) ~= "table" then return end
  if value[1] ~= nil then
    for _, item in ipairs(value) do typed.unknown(classes, name, item, found) end
    return
  end
  for key, v in pairs(value) do
    local known = classes[name][key]
    if not known then
      found[name .. "." .. tostring(key)] = true
    else
      local inside = class_in(classes, known)
      if inside then typed.unknown(classes, inside, v, found) end
    end
  end
end

return typed
