--- Checks that ask a model themselves: a judge, and how similar two texts are. What they ask goes
--- through the same cache as the cells, and is counted apart.

local checks = require "lualogue.lab.checks"
local json = require "lualogue.json"
local misuse = require "lualogue.misuse"
local models = require "lualogue.lab.models"
local native = require "lualogue.native"
local template = require "lualogue.template"

local judging = {}

local SYSTEM = "You judge an answer by a rubric, and by nothing else. Reply with a JSON object and"
  .. " nothing around it: {\"reason\": \"one sentence\", \"pass\": true or false}"

local function model_of(given, where)
  local model, why = models.of(given)
  if not model then misuse.raise(("bad argument 'model' to '%s' (%s)"):format(where, why)) end
  return model
end

local function filled(text, row)
  local out, name = template.fill(text, row)
  if not out then error(("${%s} is missing in the row"):format(name), 0) end
  return out
end

--- The verdict in a judge's answer: its last JSON object with `pass`.
local function verdict_of(text)
  for object in text:gmatch "%b{}" do
    local value = json.decode(object)
    if type(value) == "table" and type(value.pass) == "boolean" then return value end
  end
end

--- A judge: a model decides by a rubric in plain words whether an answer is good.
---@param options { model: string|table, rubric: string, params: table? }
---@return lualogue.lab.Check
function judging.judge(options)
  misuse.check(options, "table", "options", "judge")
  for name in next, options do
    if name ~= "model" and name ~= "rubric" and name ~= "params" then
      local why = "bad argument 'options' to 'judge' (unknown field '%s')"
      misuse.raise(why:format(tostring(name)))
    end
  end
  misuse.check(options.rubric, "string", "rubric", "judge")
  local model = model_of(options.model, "judge")
  return checks.new("judge " .. model.name, function(cell, row, ask)
    local params = {}
    for name, value in next, model.params do params[name] = value end
    for name, value in next, options.params or {} do params[name] = value end
    params.model = model.id
    params.messages = {
      { role = "system", content = SYSTEM },
      { role = "user", content = ("Rubric:\n%s\n\nAnswer:\n%s"):format(
        filled(options.rubric, row), cell.text) },
    }
    local reply, err = ask:beside(model, "chat", params, cell.nth)
    if not reply then error("the judge could not be asked: " .. tostring(err), 0) end
    local choice = reply.choices and reply.choices[1]
    local text = choice and choice.message and choice.message.content
    local verdict = type(text) == "string" and verdict_of(text)
    if not verdict then
      error("the judge gave no verdict but: " .. tostring(text):sub(1, 200), 0)
    end
    return verdict.pass, verdict.reason
  end, { model })
end

--- The vector of a text, from whatever form the server or the cache has it in.
local function vector_of(reply, i)
  local item = reply.data and reply.data[i]
  local embedding = item and item.embedding
  if type(embedding) == "userdata" then return embedding end
  if type(embedding) ~= "table" then error("the reply has no embedding", 0) end
  return native.core().vector(embedding)
end

--- How near an answer is to a text: the cosine of their embeddings is at least `min`.
---@param text string
---@param min number from -1 to 1
---@param options? { model: string|table? } "text-embedding-3-small"
---@return lualogue.lab.Check
function judging.similar(text, min, options)
  misuse.check(text, "string", "text", "similar")
  misuse.check(min, "number", "min", "similar")
  if options ~= nil then misuse.check(options, "table", "options", "similar") end
  local model = model_of(options and options.model or "text-embedding-3-small", "similar")
  return checks.new(("similar %s"):format(json.encode(min)), function(cell, row, ask)
    local wanted = filled(text, row)
    if wanted == cell.text then return true, nil, 1 end
    local params = { model = model.id, input = { wanted, cell.text } }
    for name, value in next, model.params do params[name] = value end
    local reply, err = ask:beside(model, "embeddings", params, 1)
    if not reply then error("the embeddings could not be had: " .. tostring(err), 0) end
    local score = vector_of(reply, 1):cosine(vector_of(reply, 2))
    return score >= min, ("%.3f"):format(score), score
  end, { model })
end

return judging
