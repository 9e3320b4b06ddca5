--- Going on with a run that was broken off: what is done is not asked again.

local json = require "lualogue.json"
local log = require "lualogue.lab.log"
local native = require "lualogue.native"

local resume = {}

local function digest(value) return native.core().sha256(json.encode(value)):sub(1, 16) end

--- What a run is made of, so that one can say what changed.
---@param spec lualogue.lab.Spec
---@param cells lualogue.lab.Cell[]
---@return table<string, any>
function resume.parts(spec, cells)
  local parts = {
    prompts = json.object {}, models = json.object {}, inputs = json.array {},
    vary = {}, params = digest { spec.params }, repeats = spec.repeats,
  }
  for _, prompt in ipairs(spec.prompts) do
    parts.prompts[prompt.name] = digest { prompt.source, prompt.params }
  end
  for _, model in ipairs(spec.models) do
    parts.models[model.name] = digest { model.id, model.server, model.params }
  end
  local known = {}
  for _, cell in ipairs(cells) do
    if not known[cell.input] then parts.inputs[#parts.inputs + 1] = cell.input end
    known[cell.input] = true
  end
  parts.inputs = digest(parts.inputs)
  for i, axis in ipairs(spec.vary) do parts.vary[i] = { axis.name, axis.values } end
  parts.vary = digest(json.array(parts.vary))
  return parts
end

local WORDS = {
  inputs = "the inputs", vary = "what is varied", params = "the parameters",
  repeats = "the repeats",
}

--- What differs between the parts of two runs, in words.
---@param before table<string, any>
---@param now table<string, any>
---@return string
function resume.difference(before, now)
  local changed = {}
  for _, kind in ipairs { "prompts", "models" } do
    local names, word = {}, kind:sub(1, -2)
    for _, list in ipairs { before[kind] or {}, now[kind] } do
      for name in next, list do names[#names + 1] = name end
    end
    table.sort(names)
    for i, name in ipairs(names) do
      if name ~= names[i - 1] and (before[kind] or {})[name] ~= now[kind][name] then
        changed[#changed + 1] = ("the %s %s"):format(word, name)
      end
    end
  end
  for _, name in ipairs { "inputs", "vary", "params", "repeats" } do
    if before[name] ~= now[name] then changed[#changed + 1] = WORDS[name] end
  end
  if #changed == 0 then return "what is sent changed" end
  return table.concat(changed, ", ") .. " changed"
end

--- The newest run of a lab, if it is one to go on with: not over, and of the same requests.
---@param folder string
---@param header lualogue.lab.Header of the run that is about to begin
---@return string? path
---@return table[]? records that are done
---@return string? note why a run that was broken off is not gone on with
function resume.find(folder, header)
  local run = log.list(folder, header.lab)[1]
  if not run or log.is_over(run.path) then return nil end
  local before, records = log.read(run.path)
  if not before then return nil end
  if before.spec == header.spec then return run.path, records end
  return nil, nil, ("the run %s stopped after %d of %d cells, and is not gone on with: %s"):format(
    run.id, #records, before.n, resume.difference(before.parts or {}, header.parts))
end

return resume
