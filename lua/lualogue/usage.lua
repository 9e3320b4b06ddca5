--- What several requests cost together.

local usage = {}

--- The sum of two usages, a new table; anything but numbers is kept as it came first.
---@param a? table
---@param b? table
---@return table?
function usage.add(a, b)
  if type(b) ~= "table" then return a end
  local sum = {}
  for key, value in next, a or {} do sum[key] = value end
  for key, value in next, b do
    if type(value) == "number" then
      sum[key] = (type(sum[key]) == "number" and sum[key] or 0) + value
    elseif type(value) == "table" then
      sum[key] = usage.add(type(sum[key]) == "table" and sum[key] or nil, value)
    elseif sum[key] == nil then
      sum[key] = value
    end
  end
  return sum
end

return usage
