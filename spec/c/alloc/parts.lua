-- A file in a message: its type, base64 of several blocks.
local lualogue = require "lualogue"
local bytes = "\137PNG\r\n\26\n" .. ("x"):rep(10000)
assert(lualogue.image { bytes = bytes }) -- whatever is made once is made

return function()
  local part, err = lualogue.image { bytes = bytes }
  if not part then return nil, err end
  return #part.image_url.url == #"data:image/png;base64," + 4 * math.ceil(#bytes / 3)
end
