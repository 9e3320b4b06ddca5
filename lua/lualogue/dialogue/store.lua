--- A dialogue in a file: everything, so that what is loaded sends the same requests.

local errors = require "lualogue.errors"
local json = require "lualogue.json"
local native = require "lualogue.native"
local reading = require "lualogue.dialogue.reading"

local store = {}

local MAX_DEPTH = 8 -- of what a policy remembers

local function in_order(map)
  local list = {}
  for node in pairs(map) do list[#list + 1] = node end
  table.sort(list)
  return list
end

--- The state of a policy, with messages of the tree as their numbers. What was counted is left out:
--- it is counted again.
local function state_of(self)
  local numbers = {}
  for node, message in ipairs(self.tree.messages) do numbers[message] = node end
  local function plain(value, depth)
    local kind = type(value)
    if kind == "number" or kind == "string" or kind == "boolean" then return value end
    if kind ~= "table" or depth > MAX_DEPTH then return nil end -- of a caller's own policy
    if numbers[value] then return { message = numbers[value] } end
    if value.role ~= nil then return nil end -- a message that is not in the tree
    local copy = {}
    for key, inner in pairs(value) do copy[tostring(key)] = plain(inner, depth + 1) end
    return copy
  end
  return plain(self.trim_state and self.trim_state.policy or {}, 1)
end

--- Numbers of a vector with as many digits as it has.
local function short(vector)
  local list = {}
  for i = 1, #vector do list[i] = math.floor(vector[i] * 1e9 + 0.5) / 1e9 end
  return json.array(list)
end

local function list_of(items)
  local list = json.array {}
  for i, item in ipairs(items) do list[i] = item end
  return list
end

local function nodes_of(tree)
  local list = json.array {}
  for node = 1, tree.n do
    list[node] = { parent = tree.parents[node], message = tree.messages[node],
      mark = tree.marks[node] }
  end
  return list
end

local function checkpoints_of(tree)
  local list = json.array {}
  for node = 1, tree.n do
    local checkpoint = tree.checkpoints[tree.messages[node]]
    if checkpoint then list[#list + 1] = { at = node, text = checkpoint.text } end
  end
  return list
end

local function vectors_of(tree)
  local list = json.array {}
  for _, node in ipairs(in_order(tree.vectors)) do
    local item = tree.vectors[node]
    list[#list + 1] = { at = node, text = item.text, n = item.n, vector = short(item.vector) }
  end
  return list
end

local function injections_of(self)
  local list = json.array {}
  for id, injection in pairs(self.injections) do
    list[#list + 1] = {
      id = id, depth = injection.depth, order = injection.order, message = injection.message,
    }
  end
  table.sort(list, function(a, b) return a.order < b.order end)
  return list
end

--- Calls as they are written: what a tool gave may be anything, what the model was told is text.
local function records_of(list)
  local out = json.array {}
  for _, record in pairs(list or {}) do
    local copy = {}
    for name, value in pairs(record) do copy[name] = value end
    copy.value, copy.error = nil, record.error ~= nil and tostring(record.error) or nil
    out[#out + 1] = copy
  end
  return out
end

local function pending_of(self)
  local pending = self.face.pending
  if not pending then return nil end
  local err = pending.err
  return {
    base = pending.base, messages = list_of(pending.messages),
    partial = pending.partial, rounds = pending.rounds, params = pending.params,
    stream = pending.own.stream or nil, calls = records_of(pending.calls),
    waiting = pending.waiting, answers = records_of(pending.answers),
    parse = pending.own.parse, max_rounds = pending.own.max_rounds, serial = pending.own.serial,
    err = err and { kind = err.kind, message = err.message, code = err.code } or nil,
  }
end

--- Everything as plain data.
local function snapshot(self)
  local system = self.face.system
  return {
    format = reading.FORMAT, version = reading.VERSION, system = system, params = self.params,
    head = self.head, redo = list_of(self.redo),
    nodes = nodes_of(self.tree), checkpoints = checkpoints_of(self.tree),
    vectors = vectors_of(self.tree), pins = json.array(in_order(self.pins)),
    injections = injections_of(self), pending = pending_of(self),
    account = {
      server = self.account.server, learned = self.account.learned, totals = self.account.totals,
    },
    trim_state = state_of(self),
  }
end

--- Write it to a file. What cannot be encoded raises at the caller's line, with its path.
---@param self lualogue.dialogue.Inside
---@param path string
---@return boolean? done
---@return lualogue.Error? err
function store.save(self, path)
  local bytes = json.encode(snapshot(self))
  local ok, why = native.core().replace_file(path, bytes .. "\n")
  if ok then return true end
  return nil, errors.new { kind = "file", message = why }
end

--- Read a file.
---@param self lualogue.dialogue.Inside of a new dialogue
---@param path string
---@return boolean? done
---@return lualogue.Error? err and nothing is changed
function store.load(self, path)
  local file, why = io.open(path, "rb")
  local bytes
  if file then
    bytes, why = file:read("*a")
    file:close()
  end
  if not bytes then return nil, errors.new { kind = "file", message = tostring(why) } end
  local data, err = json.decode(bytes)
  if data == nil then
    return nil, errors.new { kind = "decode", message = ("%s: %s"):format(path, err.message) }
  end
  local bad, code = reading.check(data)
  if bad then
    return nil, errors.new { kind = "decode", code = code, message = ("%s: %s"):format(path, bad) }
  end
  reading.fill(self, data)
  return true
end

return store
