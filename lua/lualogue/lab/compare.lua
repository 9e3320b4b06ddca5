--- Two runs beside each other: rows by what they are, not by where they stand. A row is lost or won
--- only where all of its repeats have turned.

local json = require "lualogue.json"
local sign_test = require "lualogue.lab.sign_test"
local summary = require "lualogue.lab.summary"

local compare = {}

local LEVEL = 0.05 -- what chance makes less often than this is no chance

---@class lualogue.lab.RowChange a row of one prompt, model and set of parameters
---@field verdict "lost"|"won"|"shaky"|"same"|"error"|"new"|"missing"
---@field prompt string
---@field model string
---@field vary table
---@field input string
---@field label string
---@field before? lualogue.lab.Group
---@field now? lualogue.lab.Group
---@field old_text? string where the texts differ
---@field new_text? string

---@class lualogue.lab.ColumnChange all rows of a prompt and a model
---@field label string
---@field lost integer
---@field won integer
---@field shaky integer
---@field same integer
---@field error integer
---@field p number that chance alone makes it as uneven as this
---@field verdict "better"|"worse"|"unclear"

---@class lualogue.lab.Comparison
---@field rows lualogue.lab.RowChange[] the worst first
---@field columns lualogue.lab.ColumnChange[]
---@field lost integer rows
---@field won integer
---@field shaky integer
---@field same integer
---@field error integer of which nothing is known, here or there
---@field new integer that were not there before
---@field missing integer that are not there now
---@field changed string[] prompts whose text is another one
---@field before lualogue.lab.Result
---@field now lualogue.lab.Result
local methods = {}
local metatable = { __name = "lualogue.lab.comparison", __index = methods }

local RANK = { lost = 1, shaky = 2, won = 3, error = 4, missing = 5, new = 6, same = 7 }

local function share(group) return group.n > 0 and group.pass / group.n or nil end

local function verdict_of(before, now)
  local old, new = share(before), share(now)
  if not old or not new then return "error" end
  if old == 1 and new == 0 then return "lost" end
  if old == 0 and new == 1 then return "won" end
  if old == new then return "same" end
  return "shaky"
end

--- The first of the repeats that turned, else the first whose texts differ.
local function texts_of(before, now)
  local by_nth, old_text, new_text = {}, nil, nil
  for _, cell in ipairs(before.cells) do by_nth[cell.nth] = cell end
  for _, cell in ipairs(now.cells) do
    local old = by_nth[cell.nth]
    if old and old.text ~= cell.text then
      if old.verdict ~= cell.verdict then return old.text, cell.text end
      if not old_text then old_text, new_text = old.text, cell.text end
    end
  end
  return old_text, new_text
end

local function row_of(before, now)
  local cell = (now or before).cells[1]
  local row = {
    prompt = cell.prompt, model = cell.model, vary = cell.vary, input = cell.input,
    label = cell.label, before = before, now = now,
    verdict = not before and "new" or not now and "missing" or verdict_of(before, now),
  }
  if before and now then row.old_text, row.new_text = texts_of(before, now) end
  return row
end

local function columns_of(rows)
  local columns, by_name = {}, {}
  for _, row in ipairs(rows) do
    local name = json.encode { row.prompt, row.model }
    local column = by_name[name]
    if not column and row.verdict ~= "new" and row.verdict ~= "missing" then
      column = { label = row.prompt .. " · " .. row.model, lost = 0, won = 0, shaky = 0, same = 0,
        error = 0 }
      by_name[name] = column
      columns[#columns + 1] = column
    end
    if column and column[row.verdict] then column[row.verdict] = column[row.verdict] + 1 end
  end
  for _, column in ipairs(columns) do
    column.p = sign_test(column.lost, column.won)
    column.verdict = column.p > LEVEL and "unclear" or column.lost > column.won and "worse"
      or "better"
  end
  return columns
end

--- Prompts that both have under the same name, with other words.
local function changed_of(before, now)
  local changed = {}
  for name, source in next, now.prompts do
    local old = before.prompts[name]
    if old ~= nil and json.encode { old } ~= json.encode { source } then
      changed[#changed + 1] = name
    end
  end
  table.sort(changed)
  return changed
end

--- Compare a run with an earlier one.
---@param now lualogue.lab.Result
---@param before lualogue.lab.Result
---@return lualogue.lab.Comparison
function compare.of(now, before)
  local old_groups, old_list = summary.groups(before.cells)
  local new_groups, new_list = summary.groups(now.cells)
  local rows = {}
  for _, group in ipairs(new_list) do
    rows[#rows + 1] = row_of(old_groups[group.row_key], group)
  end
  for _, group in ipairs(old_list) do
    if not new_groups[group.row_key] then rows[#rows + 1] = row_of(group, nil) end
  end
  local self = setmetatable({
    columns = columns_of(rows), changed = changed_of(before, now), before = before, now = now,
    lost = 0, won = 0, shaky = 0, same = 0, error = 0, new = 0, missing = 0,
  }, metatable)
  for i, row in ipairs(rows) do
    self[row.verdict] = self[row.verdict] + 1
    row.place = i
  end
  table.sort(rows, function(a, b)
    if a.verdict ~= b.verdict then return RANK[a.verdict] < RANK[b.verdict] end
    return a.place < b.place
  end)
  self.rows = rows
  return self
end

--- Whether it has become worse: with "worse" only where the sign test says so at 5 %, else as soon
--- as one row is lost.
---
--- ```lua
--- if result:compare(before):regressed() then os.exit(1) end
--- ```
---@param how? "worse"
---@return boolean
function methods:regressed(how)
  if how ~= "worse" then return self.lost > 0 end
  for _, column in ipairs(self.columns) do
    if column.verdict == "worse" then return true end
  end
  return false
end

--- As text for a terminal: the sums, then each row that turned, with what differs in its words.
---
--- ```lua
--- io.write(result:compare(before):table())
--- ```
---@param options? lualogue.lab.ShowOptions
---@return string
function methods:table(options)
  return require("lualogue.lab.show_change").table(self, options or {})
end

return compare
