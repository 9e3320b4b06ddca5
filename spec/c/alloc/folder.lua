-- Files and folders: what was opened is closed, whichever allocation fails.
local core = require "lualogue.core"
local folder = os.tmpname()
os.remove(folder)

return function()
  assert(core.make_folder(folder))
  assert(core.append_file(folder .. "/log", "x\n"))
  local entries = core.folder(folder)
  os.remove(folder .. "/log")
  os.remove(folder)
  assert(entries and #entries >= 1)
  return core.current_folder() ~= nil
end
