--- What is asked: each prompt of each model for each row, with each of the varied parameters, so
--- many times. A cell is known by these, not by its number.

local json = require "lualogue.json"
local native = require "lualogue.native"
local prompts = require "lualogue.lab.prompts"

local plan = {}

local VERSION = "2:" -- of what an answer is kept under

---@class lualogue.lab.Cell
---@field prompt string name
---@field model string name
---@field vary table<string, any> the varied parameters
---@field input string id of the row
---@field nth integer which of the repeats, from 1
---@field key string all of these
---@field row_key string all but `nth`
---@field column_key string prompt, model and `vary`
---@field label string the row, for people
---@field row table
---@field verdict? "pass"|"fail"|"cut"|"error"
---@field checks? lualogue.lab.CheckResult[]
---@field text? string of the answer
---@field message? table the answer
---@field finish_reason? string
---@field usage? table
---@field latency? number seconds, of the request that was answered, however long ago
---@field cost? number in the unit of the prices
---@field cached? boolean the answer is an earlier one
---@field error? table `kind`, `message`, and what else the error had
---@field package params? table
---@field package bytes? string
---@field package digest? string

-- Texts as one, which no other texts give: each stands behind its length.
local REQUEST = VERSION .. "%d:%s%d:%s%d:%s%d"
local CELL = "%d:%s%s"

--- Under what an answer is kept: all of the request as it is sent, where to, and which of several.
---@param server string
---@param path string
---@param bytes string
---@param nth integer
---@return string digest
function plan.digest(server, path, bytes, nth)
  return native.core().sha256(REQUEST:format(#server, server, #path, path, #bytes, bytes, nth))
end

--- The combinations of the varied parameters, the last axis fastest.
local function combinations(axes)
  local list = { {} }
  for _, axis in ipairs(axes) do
    local longer = {}
    for _, before in ipairs(list) do
      for _, value in ipairs(axis.values) do
        local one = { [axis.name] = value }
        for name, other in next, before do one[name] = other end
        longer[#longer + 1] = one
      end
    end
    list = longer
  end
  return list
end

local function params_of(spec, model, prompt, vary, messages)
  local params = {}
  for _, from in ipairs { model.params, spec.params, prompt.params or {}, vary } do
    for name, value in next, from do params[name] = value end
  end
  params.model, params.messages = model.id, messages
  return params
end

local function text_of(value)
  return type(value) == "string" and value or json.encode(value)
end

--- `temperature=0 top_p=1`, "" for nothing.
---@param vary table
---@return string
function plan.vary_label(vary)
  local names, parts = {}, {}
  for name in next, vary do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do parts[i] = name .. "=" .. text_of(vary[name]) end
  return table.concat(parts, " ")
end

--- By what a cell, its row and its column are known, from what a run log has of it.
---@param cell table changed in place
---@return lualogue.lab.Cell cell
function plan.know(cell)
  local vary = json.object(cell.vary)
  cell.column_key = json.encode { cell.prompt, cell.model, vary }
  cell.row_key = json.encode { cell.prompt, cell.model, vary, cell.input }
  cell.key = ("%s %d"):format(cell.row_key, cell.nth)
  return cell
end

--- The cells of one row, prompt, model and set of parameters.
local function add_cells(cells, spec, first, bytes, why)
  for nth = 1, spec.repeats do
    cells[#cells + 1] = {
      prompt = first.prompt, model = first.model, vary = first.vary, input = first.input,
      label = first.label, row = first.row, params = first.params, model_of = first.model_of,
      column_key = first.column_key, row_key = first.row_key, nth = nth,
      key = ("%s %d"):format(first.row_key, nth), bytes = bytes,
      digest = bytes and plan.digest(first.model_of.server, "/chat/completions", bytes, nth),
      error = not bytes and { kind = "prompt", message = why } or nil,
    }
  end
end

--- The message of an error without the place of our own source.
local function plain(text) return (tostring(text):gsub("^[^\n]-:%d+: ", "")) end

--- All cells in their order: by row, prompt, model, parameters, repeat.
---@param spec lualogue.lab.Spec
---@return lualogue.lab.Cell[]
function plan.cells(spec)
  local cells, varied = {}, combinations(spec.vary)
  for _, input in ipairs(spec.inputs) do
    for _, prompt in ipairs(spec.prompts) do
      local messages, why = prompts.messages(prompt, input.row)
      if not messages then why = ("prompt %s, row %s: %s"):format(prompt.name, input.label, why) end
      for _, model in ipairs(spec.models) do
        for _, vary in ipairs(varied) do
          local first = plan.know {
            prompt = prompt.name, model = model.name, vary = vary, input = input.id, nth = 1,
            label = input.label, row = input.row,
          }
          local bytes
          if messages then
            first.params = params_of(spec, model, prompt, vary, messages)
            local ok, text = pcall(json.encode, first.params)
            if ok then bytes = text else why = plain(text) end
          end
          first.model_of = model
          add_cells(cells, spec, first, bytes, why)
        end
      end
    end
  end
  return cells
end

--- What a run is known by: the cells and all that is sent for them.
---@param cells lualogue.lab.Cell[]
---@return string digest
function plan.hash(cells)
  local parts = {}
  for i, cell in ipairs(cells) do
    parts[i] = CELL:format(#cell.key, cell.key, cell.digest or "-")
  end
  return native.core().sha256(table.concat(parts))
end

return plan
