--- From a dialogue and a staged turn to the request that goes out: the one way, for sending and
--- for showing.

local calls = require "lualogue.dialogue.calls"
local shape = require "lualogue.dialogue.shape"
local trim = require "lualogue.trim"

local request = {}

local UNKNOWN = "unknown" -- counted like any model that no table has

local function number(value) return type(value) == "number" and value >= 1 and value or nil end

--- The parameters of a request: those of the turn over those of the dialogue, and those over the
--- client's defaults, since what is asked for counts for what is sent.
local function params_of(self, turn)
  local params = {}
  for name, value in next, self.defaults do params[name] = value end
  for name, value in pairs(self.params) do params[name] = value end
  for name, value in pairs(turn.params) do params[name] = value end
  calls.declare(self, turn, params)
  if turn.shape then turn.shape.apply(params) end
  return params
end

--- The model that a request goes to, as far as is known.
---@param self table
---@param params table
---@return string?
function request.model(self, params)
  local model = params.model or self.client_model
  return type(model) == "string" and model or nil
end

local function context_of(self, turn, params)
  local model = request.model(self, params)
  local entry = self.account:of(model)
  local max = params.max_completion_tokens or params.max_tokens
  return {
    model = model or UNKNOWN, server = self.account.server,
    count = self.own.count, cost = self.own.cost,
    budget = turn.budget, window = entry.window, ratio = self.account:cautious_ratio(model),
    max_output = number(max),
    max_output_name = params.max_completion_tokens and "max_completion_tokens" or "max_tokens",
    tools = type(params.tools) == "table" and params.tools or nil,
    response_format = type(params.response_format) == "table" and params.response_format or nil,
    state = self.trim_state, checkpoints = self.tree.checkpoints, memories = turn.memories,
    strict = self.own.strict,
  }
end

--- What is open behind the staged messages, and whether it all can be sent as it is.
local function is_sound(tree, turn)
  local open, unsound = tree.open[turn.base], tree.unsound[turn.base]
  for _, list in ipairs { turn.messages, turn.tail } do
    for _, message in ipairs(list) do open, unsound = shape.after(open, unsound, message) end
  end
  return not open and not unsound
end

--- How much of the branch the policy needs: all of it where something must be mended or is pinned.
local function nodes_of(self, turn, enough)
  local tree = self.tree
  if not enough then return tree:walk(turn.base) end
  local staged = {}
  for _, list in ipairs { turn.messages, turn.tail } do
    for _, message in ipairs(list) do staged[#staged + 1] = message end
  end
  for i = #staged, 1, -1 do
    if enough(staged[i], staged[i - 1] or tree.messages[turn.base]) then return {} end
  end
  return tree:walk(turn.base, enough)
end

local function policy_of(self, turn)
  local policy = turn.own.trim
  if policy == nil then policy = self.own.trim end
  if policy == nil then return self.default_trim end
  return policy or self.everything
end

--- Pinned messages, by their places in the list.
local function places_of(self, nodes, n_system)
  local places = {}
  for i, node in ipairs(nodes) do
    if self.pins[node] then places[#places + 1] = n_system + i end
  end
  return places
end

--- What the info of a part of the branch says, for the whole of it.
local function widen(info, nodes, tree, base)
  local left_out = (tree.depths[nodes[1]] or (tree.depths[base] or 0) + 1) - 1
  local what = info.checkpoint and "covered" or "dropped"
  info[what] = info[what] + left_out
end

--- Build the request of a turn. Changes nothing.
---@param self table the dialogue's inside
---@param turn table
---@return lualogue.ChatParams? params
---@return lualogue.TrimInfo|lualogue.Error info
---@return lualogue.Message[] list what the policy was given
function request.build(self, turn)
  local params, policy = params_of(self, turn), policy_of(self, turn)
  local ctx = context_of(self, turn, params)
  ctx.sound = is_sound(self.tree, turn)
  ctx.injections = self:injections_in_order()
  local system = self:system_messages()
  local partial = ctx.sound and next(self.pins) == nil
  local nodes = nodes_of(self, turn, partial and trim.reach(policy, ctx) or nil)
  if turn.shape then system = turn.shape.system(system) end
  local list, n = {}, #system
  for i, message in ipairs(system) do list[i] = message end
  for i, node in ipairs(nodes) do list[n + i] = self.tree.messages[node] end
  for _, message in ipairs(turn.messages) do list[#list + 1] = message end
  for _, message in ipairs(turn.tail or {}) do list[#list + 1] = message end
  ctx.pinned = places_of(self, nodes, n)
  self.depth_of_calls = self.depth_of_calls + 1 -- a policy may be the caller's
  local messages, info = trim.apply(policy, list, ctx)
  self.depth_of_calls = self.depth_of_calls - 1
  if not messages then return nil, info, list end
  widen(info, nodes, self.tree, turn.base)
  info.model = request.model(self, params)
  params.messages = messages
  return params, info, list
end

return request
