--- What stands in a file, held against what must, and put into a dialogue.

local errors = require "lualogue.errors"
local native = require "lualogue.native"
local turn = require "lualogue.dialogue.turn"

local reading = {}

reading.FORMAT, reading.VERSION = "lualogue.dialogue", 1

local function is_table(value) return type(value) == "table" end

local function is_message(value) return is_table(value) and type(value.role) == "string" end

local function is_place(value, n, least)
  return type(value) == "number" and value % 1 == 0 and value >= least and value <= n
end

local function check_nodes(data)
  if not is_table(data.nodes) then return "it has no messages" end
  for i, node in ipairs(data.nodes) do
    if not is_table(node) or not is_message(node.message) then
      return ("nodes[%d]: no message"):format(i)
    elseif not is_place(node.parent, i - 1, 0) then
      return ("nodes[%d]: its parent is not before it"):format(i)
    end
  end
end

-- Lists of things that belong to a node: the field that names it.
local LISTS = { checkpoints = "text", vectors = "text" }

local function check_lists(data, n)
  for name, field in pairs(LISTS) do
    for i, item in ipairs(is_table(data[name]) and data[name] or {}) do
      local good = is_table(item) and is_place(item.at, n, 1) and type(item[field]) == "string"
      if not good then return ("%s[%d]: it is of no message"):format(name, i) end
    end
  end
  for i, item in ipairs(is_table(data.vectors) and data.vectors or {}) do
    for _, x in ipairs(is_table(item.vector) and item.vector or { false }) do
      if type(x) ~= "number" then return ("vectors[%d]: no vector"):format(i) end
    end
  end
  for _, name in ipairs { "redo", "pins" } do
    for i, node in ipairs(is_table(data[name]) and data[name] or {}) do
      if not is_place(node, n, name == "redo" and 0 or 1) then
        return ("%s[%d]: no such message"):format(name, i)
      end
    end
  end
  for i, item in ipairs(is_table(data.injections) and data.injections or {}) do
    local good = is_table(item) and is_message(item.message) and type(item.depth) == "number"
      and type(item.order) == "number" and (type(item.id) == "string" or type(item.id) == "number")
    if not good then return ("injections[%d]: no note"):format(i) end
  end
end

local function check_pending(pending, n)
  if pending == nil then return end
  if not is_table(pending) or not is_place(pending.base, n, 0) or not is_table(pending.messages)
    or type(pending.rounds) ~= "number" or not is_table(pending.params) then
    return "pending: no turn"
  end
  for i, message in ipairs(pending.messages) do
    if not is_message(message) then return ("pending.messages[%d]: no message"):format(i) end
  end
  for _, name in ipairs { "calls", "answers" } do
    for i, record in ipairs(is_table(pending[name]) and pending[name] or {}) do
      local good = is_table(record) and type(record.content) == "string"
        and type(record.id) == "string" and is_place(record.index, 2 ^ 31, 1)
      if not good then return ("pending.%s[%d]: no call"):format(name, i) end
    end
  end
  local parse = pending.parse
  if parse ~= nil and not (is_table(parse) and is_table(parse.form)) then
    return "pending.parse: no schema"
  end
  local waiting = pending.waiting
  if waiting ~= nil and not (is_message(waiting) and is_table(waiting.tool_calls)) then
    return "pending.waiting: no calls"
  end
  local partial = pending.partial
  if partial ~= nil and not is_message(partial) then return "pending.partial: no message" end
end

-- What an account remembers, and of the last request.
local NUMBERS = { "n", "ratio", "spread", "window", "own", "prompt" }

local function check_account(account)
  if not is_table(account) or not is_table(account.learned) or not is_table(account.totals) then
    return "it has no account"
  end
  for name, n in pairs(account.totals) do
    if type(n) ~= "number" then return ("account.totals.%s: no number"):format(name) end
  end
  for name, entry in pairs(account.learned) do
    local why = ("account.learned[%q]: no account"):format(tostring(name))
    if not is_table(entry) or type(entry.n) ~= "number" then return why end
    for _, holder in ipairs { entry, is_table(entry.last) and entry.last or {} } do
      for _, field in ipairs(NUMBERS) do
        if holder[field] ~= nil and type(holder[field]) ~= "number" then return why end
      end
    end
    if entry.window and not is_place(entry.window, math.huge, 1) then return why end
    if entry.ratio and not (entry.ratio > 0 and entry.ratio < math.huge) then return why end
    local last = entry.last
    if last ~= nil and not (is_table(last) and last.own and last.prompt) then return why end
  end
end

--- Why this is no dialogue that can be loaded; nil when it is one.
---@param data any what was decoded
---@return string? why
---@return string? code "version" where it is newer
function reading.check(data)
  if not is_table(data) or data.format ~= reading.FORMAT then
    return "it is no dialogue of lualogue's"
  end
  if data.version ~= reading.VERSION then
    return ("it is of version %s, and this lualogue knows version %d"):format(
      tostring(data.version), reading.VERSION), "version"
  end
  local why = check_nodes(data)
  if why then return why end
  local n = #data.nodes
  if not is_place(data.head, n, 0) then return "its head is no message" end
  return check_lists(data, n) or check_pending(data.pending, n) or check_account(data.account)
end

--- The state of a policy, with its messages again.
local function state_from(value, messages, depth)
  if not is_table(value) then return value end
  local message = is_place(value.message, #messages, 1) and messages[value.message]
  if message and depth > 1 then return message end
  local copy = {}
  for key, inner in pairs(value) do
    copy[tonumber(key) or key] = state_from(inner, messages, depth + 1)
  end
  -- Those of the parts of a chain, each of which is a table.
  if copy.parts ~= nil and not is_table(copy.parts) then copy.parts = nil end
  for key, part in pairs(copy.parts or {}) do
    if not is_table(part) then copy.parts[key] = nil end
  end
  return copy
end

local function fill_tree(tree, data)
  for i, node in ipairs(data.nodes) do
    tree:add(node.parent, node.message)
    tree.marks[i] = node.mark
  end
  for _, item in ipairs(data.checkpoints or {}) do
    tree.checkpoints[tree.messages[item.at]] = { text = item.text }
  end
  for _, item in ipairs(data.vectors or {}) do
    if is_table(item.vector) then
      tree.vectors[item.at] = {
        text = item.text, n = item.n, vector = native.core().vector(item.vector),
      }
    end
  end
end

local function fill_pending(self, pending)
  if not pending then return end
  local own = {
    stream = pending.stream, parse = pending.parse, max_rounds = pending.max_rounds,
    serial = pending.serial,
  }
  local staged = turn.new(pending.base, pending.messages, own, pending.params)
  staged.partial, staged.rounds = pending.partial, pending.rounds
  staged.calls, staged.waiting = pending.calls, pending.waiting
  if staged.waiting then staged.answers = {} end
  for _, record in ipairs(staged.waiting and pending.answers or {}) do
    staged.answers[record.index] = record
  end
  staged.err = is_table(pending.err) and errors.new(pending.err) or nil
  self.face.pending = staged
end

--- Put what was read into a new dialogue. What the caller gave is over what stands in the file.
---@param self lualogue.dialogue.Inside
---@param data table that was checked
function reading.fill(self, data)
  fill_tree(self.tree, data)
  self.head, self.redo = data.head, data.redo or {}
  if self.face.system == nil then self.face.system = data.system end
  for name, value in pairs(data.params or {}) do
    if self.params[name] == nil then self.params[name] = value end
  end
  for _, node in ipairs(data.pins or {}) do self.pins[node] = true end
  for _, item in ipairs(data.injections or {}) do
    self.injections[item.id] = { message = item.message, depth = item.depth, order = item.order }
    self.n_injections = math.max(self.n_injections, item.order)
  end
  local account = self.account
  -- Another server counts in its own way, and has windows of its own.
  if data.account.server == account.server then account.learned = data.account.learned end
  for name, n in pairs(data.account.totals) do account.totals[name] = n end
  self.trim_state = { policy = state_from(
    is_table(data.trim_state) and data.trim_state or {}, self.tree.messages, 1) }
  fill_pending(self, data.pending)
end

return reading
