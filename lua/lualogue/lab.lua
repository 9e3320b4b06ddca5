--- A lab for prompts: one Lua file of prompts, models, inputs, parameters and repeats; what came of
--- it as a table, with a log that survives a kill and a cache by which the second run is free.
---
--- ```lua
--- local lab = require "lualogue.lab"
--- return lab {
---   models = { "gpt-4o-mini", { name = "local", base_url = "http://127.0.0.1:8080/v1" } },
---   prompts = {
---     terse = "One word: ${question}", kind = { system = "Be kind.", user = "${question}" },
---   },
---   inputs = { { question = "The capital of France?", expect = "Paris" } },
---   vary = { temperature = { 0, 1 } },
---   repeats = 3,
---   check = { lab.icontains "${expect}", lab.max_words(5) },
--- }
--- ```

local checks = require "lualogue.lab.checks"
local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local plan = require "lualogue.lab.plan"
local specs = require "lualogue.lab.spec"

---@class lualogue.lab
---@overload fun(spec: lualogue.LabSpec): lualogue.lab.Spec
local lab = {}

local OPTIONS = {
  folder = "string", jobs = "number", cache = "boolean", fresh = "boolean", log = "boolean",
  resume = "boolean", only = "string", failing = "boolean", sample = "number", seed = "number",
  max_cost = "number", max_errors = "number", max_retries = "number", client = "table",
  on_cell = "function",
}

local function check_options(options, where)
  if options == nil then return {} end
  misuse.check(options, "table", "options", where)
  for name, value in next, options do
    local kind = OPTIONS[name]
    if not kind then
      misuse.raise(("bad argument '%s' to '%s' (unknown option)"):format(tostring(name), where))
    end
    misuse.check(value, kind, name, where)
    if kind == "number" and (value < 0 or name == "jobs" and (value < 1 or value % 1 ~= 0)) then
      misuse.raise(("bad argument '%s' to '%s' (a number from %d expected)"):format(
        name, where, name == "jobs" and 1 or 0))
    end
  end
  return options
end

--- Run a lab. Errors of single cells are in their cells; what is done is in the log at once, and a
--- run that was broken off is gone on with by the next one.
---
--- ```lua
--- local result = assert(lab.run(spec, { jobs = 8 }))
--- print(result:table())
--- ```
---@param spec lualogue.lab.Spec|lualogue.LabSpec
---@param options? lualogue.lab.RunOptions
---@return lualogue.lab.Result? result
---@return lualogue.Error? err nothing was sent: no key, no place to write to, nothing to go on with
function lab.run(spec, options)
  options = check_options(options, "run")
  return require("lualogue.lab.run").run(specs.new(spec), options)
end

--- What would be asked, in its order: `prompt`, `model`, `vary`, `input`, `nth`, and `params`, all
--- of the request.
---
--- ```lua
--- for _, cell in ipairs(lab.cells(spec)) do print(cell.prompt, cell.model, cell.label) end
--- ```
---@param spec lualogue.lab.Spec|lualogue.LabSpec
---@return lualogue.lab.Cell[]
function lab.cells(spec) return plan.cells(specs.new(spec)) end

--- What a run would send, without sending it: tokens counted as the server does, and what they cost
--- by the prices of the lab; what the cache has an answer to is not sent.
---
--- ```lua
--- print(lab.estimate(spec).total.tokens)
--- ```
---@param spec lualogue.lab.Spec|lualogue.LabSpec
---@param options? lualogue.lab.RunOptions
---@return lualogue.lab.Estimate? estimate
---@return lualogue.Error? err no cell is left
function lab.estimate(spec, options)
  options = check_options(options, "estimate")
  return require("lualogue.lab.run").estimate(specs.new(spec), options)
end

--- Load a lab file.
---
--- ```lua
--- local spec = assert(lab.load "examples/lab/lab.lua")
--- ```
---@param path string
---@return lualogue.lab.Spec? spec
---@return lualogue.Error? err with the line of the file
function lab.load(path)
  misuse.check(path, "string", "path", "load")
  local function failure(message)
    return nil, errors.new { kind = "lab", message = tostring(message) }
  end
  local chunk, why = loadfile(path)
  if not chunk then return failure(why) end
  local place, before = { path = path, line = 0 }, specs.loading
  local source, hook, mask, count = "@" .. path, debug.gethook()
  local is_free = hook == nil or type(hook) == "function" -- else it is one in C, which stays
  if is_free then
    debug.sethook(function(_, line)
      if debug.getinfo(2, "S").source == source then place.line = line end
    end, "l")
  end
  specs.loading = place
  local ok, value = pcall(chunk, path)
  specs.loading = before
  if is_free then debug.sethook(hook, mask, count) end
  if not ok then return failure(type(value) == "table" and value.message or value) end
  if not specs.is(value) then
    return failure(("%s: it returns no lab: return lab { ... } expected, got %s"):format(
      path, type(value)))
  end
  value.path = path
  return value
end

--- An earlier run, or a blessed one.
---
--- ```lua
--- local before = assert(lab.read ".lualogue/runs/20261125T140000Z-0123abcd.jsonl")
--- ```
---@param path string
---@return lualogue.lab.Result? result
---@return lualogue.Error? err
function lab.read(path)
  misuse.check(path, "string", "path", "read")
  return require("lualogue.lab.result").read(path)
end

-- ------------------------------------------------------------------ checks

local made = checks.made

--- The answer is this text, but for blanks around it. Texts of checks may have places for what is
--- in the row.
---
--- ```lua
--- check = lab.equals "${expect}"
--- ```
---@param text string
---@return lualogue.lab.Check
function lab.equals(text) return made.equals(text) end

--- The text stands in the answer.
---@param text string
---@return lualogue.lab.Check
function lab.contains(text) return made.contains(text) end

--- Likewise, whatever the case of ASCII letters.
---@param text string
---@return lualogue.lab.Check
function lab.icontains(text) return made.icontains(text) end

--- The answer begins with the text, but for blanks before it.
---@param text string
---@return lualogue.lab.Check
function lab.starts_with(text) return made.starts_with(text) end

--- A Lua pattern fits somewhere in the answer.
---@param pattern string
---@return lualogue.lab.Check
function lab.match(pattern) return made.match(pattern) end

--- The answer is one of these texts, but for blanks around it.
---@param values string[]
---@return lualogue.lab.Check
function lab.one_of(values) return made.one_of(values) end

--- The answer is JSON, which may stand in a block of code.
---@return lualogue.lab.Check
function lab.json() return made.json() end

--- The answer is JSON that fits a schema, in any form of `lualogue.schema`.
---
--- ```lua
--- check = lab.schema "verdict yes|no, score int"
--- ```
---@param what string|table
---@return lualogue.lab.Check
function lab.schema(what) return made.schema(what) end

--- The answer has no more tokens, as its usage says.
---@param max integer
---@return lualogue.lab.Check
function lab.max_tokens(max) return made.max_tokens(max) end

--- The answer has no more words.
---@param max integer
---@return lualogue.lab.Check
function lab.max_words(max) return made.max_words(max) end

--- The answer costs no more, by the prices of the lab.
---@param max number
---@return lualogue.lab.Check
function lab.cost(max) return made.cost(max) end

--- The answer took no longer; of one that is cached, then.
---@param max number seconds
---@return lualogue.lab.Check
function lab.latency(max) return made.latency(max) end

--- The answer ended for this reason.
---@param reason string such as "tool_calls"
---@return lualogue.lab.Check
function lab.finish(reason) return made.finish(reason) end

--- A tool was called, with at least these arguments.
---
--- ```lua
--- check = lab.tool("weather", { city = "${city}" })
--- ```
---@param name string
---@param arguments? table
---@return lualogue.lab.Check
function lab.tool(name, arguments) return made.tool(name, arguments) end

--- A check does not hold. One that cannot be made is an error all the same.
---@param check lualogue.lab.Check|function
---@return lualogue.lab.Check
function lab.no(check) return made.no(check) end

--- One of several holds.
---@param list (lualogue.lab.Check|function)[]
---@return lualogue.lab.Check
function lab.any(list) return made.any(list) end

--- All of several hold.
---@param list (lualogue.lab.Check|function)[]
---@return lualogue.lab.Check
function lab.all(list) return made.all(list) end

--- The answer is near a text: the cosine of their embeddings is at least `min`.
---
--- ```lua
--- check = lab.similar("${expect}", 0.8, { model = "text-embedding-3-small" })
--- ```
---@param text string
---@param min number -1 to 1
---@param options? { model: string|table? } who embeds; "text-embedding-3-small"
---@return lualogue.lab.Check
function lab.similar(text, min, options)
  return require("lualogue.lab.judging").similar(text, min, options)
end

--- A model judges the answer by a rubric.
---
--- ```lua
--- check = lab.judge { model = "gpt-4o", rubric = "It is polite, and says that ${fact}." }
--- ```
---@param options { model: string|table, rubric: string, params: table? }
---@return lualogue.lab.Check
function lab.judge(options) return require("lualogue.lab.judging").judge(options) end

for name in next, made do checks.constructors[name] = lab[name] end
checks.constructors.similar, checks.constructors.judge = lab.similar, lab.judge

return setmetatable(lab, { __call = function(_, given) return specs.new(given) end })
