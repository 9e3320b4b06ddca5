--- What a dialogue is made of, apart from its methods: the tree, where it stands in it, and what
--- it was told. Also what every verb asks first: whether a turn is under way.

local account = require "lualogue.dialogue.account"
local answers = require "lualogue.dialogue.answer"
local errors = require "lualogue.errors"
local memory = require "lualogue.dialogue.memory"
local options = require "lualogue.dialogue.options"
local request = require "lualogue.dialogue.request"
local summary = require "lualogue.dialogue.summary"
local tree = require "lualogue.dialogue.tree"
local trim = require "lualogue.trim"
local window = require "lualogue.dialogue.window"

local inside = {}

local ALL = 2 ^ 53 -- messages: more than there can be

---@class lualogue.dialogue.Inside
---@field client table what has `chat` and `stream`
---@field client_model? string the client's own model
---@field tree lualogue.dialogue.Tree
---@field head integer
---@field account lualogue.dialogue.Account
---@field own table the dialogue's own options
---@field defaults table<string, any> of the client: what it adds to every request
---@field params table<string, any> of every request
---@field face table the dialogue that users hold, with `system` and `pending`
---@field trim_state? table
---@field default_trim lualogue.Policy
---@field everything lualogue.Policy
---@field pins table<integer, boolean>
---@field injections table<any, table> by their id
---@field n_injections integer
---@field redo integer[] heads that were left
---@field parse_ways table<string, table> how a server is asked for what fits a schema, by model
---@field tools? lualogue.tools.Set what the model may call; never changed, but replaced
---@field running? table the turn that is under way
---@field depth_of_calls integer how many functions of the caller's are running
local methods = {}
local metatable = { __index = methods }

--- The inside of a new dialogue.
---@param client table
---@param own table
---@param params table
---@return lualogue.dialogue.Inside
function inside.new(client, own, params)
  local model, server = client.model, client.server
  local defaults = type(client.defaults) == "table" and client.defaults
  return setmetatable({
    client = client, client_model = type(model) == "string" and model or nil, tree = tree.new(),
    head = 0, account = account.new(type(server) == "string" and server or nil), own = own,
    defaults = defaults and require("lualogue.client.defaults").of_chats(defaults) or {},
    params = params, default_trim = trim.tokens(), everything = trim.messages(ALL), pins = {},
    injections = {}, n_injections = 0, redo = {}, depth_of_calls = 0, summaries = {},
    parse_ways = {},
  }, metatable)
end

--- The inside of a branch: the same tree and account, a place of its own in it.
---@param head integer
---@return lualogue.dialogue.Inside
function methods:branch(head)
  local copy = {}
  for name, value in pairs(self) do copy[name] = value end
  for _, name in ipairs { "own", "params", "pins", "injections" } do
    copy[name] = {}
    for key, value in pairs(self[name]) do copy[name][key] = value end
  end
  copy.head, copy.redo, copy.summaries, copy.depth_of_calls = head, {}, {}, 0
  copy.running, copy.face = nil, nil
  return setmetatable(copy, metatable)
end

--- The messages in front.
---@return lualogue.Message[]
function methods:system_messages()
  local system = self.face.system
  if self.system_for ~= system or type(system) == "table" then
    self.system_for, self.system_list = system, options.system(system, "dialogue.system")
  end
  return self.system_list or {}
end

--- The notes that go along, in the order in which they were made.
---@return lualogue.Injection[]?
function methods:injections_in_order()
  if next(self.injections) == nil then return nil end
  local list = {}
  for _, injection in pairs(self.injections) do list[#list + 1] = injection end
  table.sort(list, function(a, b) return a.order < b.order end)
  return list
end

--- Tell the caller's function something; whatever it does, the turn goes on.
---@param event table with `type`
function methods:tell(event)
  local listener = self.own.on_event
  if not listener then return end
  self.depth_of_calls = self.depth_of_calls + 1
  pcall(listener, event)
  self.depth_of_calls = self.depth_of_calls - 1
end

local function this_coroutine() return coroutine.running() or "main" end

--- Whether who began a turn cannot come back to it: the coroutine has ended, or is the one that
--- asks now, after an error went through the call.
local function is_stale(self, turn)
  local owner = turn.owner
  if type(owner) == "thread" and coroutine.status(owner) == "dead" then return true end
  return owner == this_coroutine() and not turn.stream and self.depth_of_calls == 0
end

--- Nil, and an error of the kind `busy`, while a turn is under way.
---@return boolean? free
---@return lualogue.Error? err
function methods:is_free()
  local turn = self.running
  if not turn then return true end
  if is_stale(self, turn) then
    self:stop(turn)
    return true
  end
  local why = "a turn of this dialogue is under way"
  if turn.stream then
    why = "an answer of this dialogue is still being read: read on, or discard, keep or retry it"
  end
  return nil, errors.new { kind = "busy", message = why }
end

--- Do what takes other requests before a turn is sent: a summary, memories. Whatever comes of it,
--- the turn goes out.
---@param turn table
function methods:prepare(turn)
  window.ask(self, request.model(self, turn.params.model and turn.params or self.params))
  local policy, recalls = summary.policy(self), memory.policy(self)
  if not policy and not recalls then return end
  local params, info, list = request.build(self, turn)
  if params and policy and info.wanted and summary.serve(self, info.wanted, list) and recalls then
    params = request.build(self, turn)
  end
  if recalls then memory.prepare(self, turn, recalls, params and params.messages or {}) end
end

--- A turn is under way now.
---@param turn table
function methods:begin(turn)
  turn.owner, turn.err = this_coroutine(), nil
  self.running, self.face.pending = turn, turn
end

--- Remember what has come of an answer. A later attempt of which nothing came takes nothing away.
---@param turn table
---@param partial? lualogue.Message
function methods:came(turn, partial)
  if partial and (not turn.partial or partial.tool_calls or answers.text(partial) ~= "") then
    turn.partial = partial
  end
end

--- A turn is not under way any more; what there is of it stays in `pending`.
---@param turn table
---@param err? lualogue.Error
function methods:stop(turn, err)
  if turn.stream then
    self:came(turn, turn.stream:abandon())
    turn.stream = nil
  end
  turn.err = err or turn.err
  if turn.depth then self.depth_of_calls, turn.depth = turn.depth, nil end
  if self.running == turn then self.running = nil end
end

--- Move to another place of the tree, and remember the one that was left.
---@param head integer
function methods:move(head)
  if head ~= self.head then self.redo[#self.redo + 1] = self.head end
  self.head, self.face.pending = head, nil
end

return inside
