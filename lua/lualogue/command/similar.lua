--- `lualogue similar`: what in an index is most like a text.

local embed = require "lualogue.command.embed"
local fault = require "lualogue.command.fault"
local index = require "lualogue.command.index"
local json = require "lualogue.json"
local output = require "lualogue.command.output"

local similar = {}

---@param options table
---@return integer code
function similar.run(options)
  if not options.index then fault.use "similar: --index FILE is missing" end
  local text = table.concat(options, " ")
  if text == "" then fault.use "similar: what shall be looked for?" end
  local known = index.read(options.index, true)
  if not known.texts[1] then fault.use("%s has no lines", known.path) end
  local client, model = embed.by(known.model)
  require("lualogue").interrupts(true)
  local vector = embed.vectors(client, model, { text })[1]
  if #vector ~= known.dimensions then
    fault.raise(fault.WORLD, ("%s has vectors of %d numbers, the model gave %d"):format(
      known.path, known.dimensions, #vector))
  end
  local write = output.answer()
  for _, hit in ipairs(vector:top_k(known.vectors, options.number or 5)) do
    local found = known.texts[hit.index]
    write(options.json and json.encode { text = found, score = hit.score } .. "\n"
      or ("%.3f  %s\n"):format(hit.score, found))
  end
  write()
  return 0
end

return similar
