--- Cancel each key of a set, which may shrink meanwhile.
---@param set table<lualogue.Strand, any>
---@param except? lualogue.Strand
return function(set, except)
  local list = {}
  for one in pairs(set) do list[#list + 1] = one end
  for _, one in ipairs(list) do
    if one ~= except then one:cancel() end
  end
end
