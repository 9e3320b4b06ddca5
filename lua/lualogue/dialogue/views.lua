--- The verbs that look: what was said, what would be sent, what it has cost; and that put it away.

local export = require "lualogue.dialogue.export"
local face = require "lualogue.dialogue.face"
local misuse = require "lualogue.misuse"
local options = require "lualogue.dialogue.options"
local request = require "lualogue.dialogue.request"
local store = require "lualogue.dialogue.store"
local summary = require "lualogue.dialogue.summary"
local turn = require "lualogue.dialogue.turn"

---@class lualogue.dialogue.Views
local views = {}

--- The messages of this branch, oldest first, without the system message, which is
--- `dialogue.system`. With `sent = true` what of it would be sent now.
---@param given? { sent?: boolean }
---@return lualogue.Message[]? messages the dialogue's own: they must not be changed
---@return table<integer, string>|lualogue.Error marks of answers that are not whole, by place:
---"interrupted", "length", "content_filter"; or why nothing can be sent
function views:history(given)
  local own = face.inside(self, "history")
  if given ~= nil then misuse.check(given, "table", "options", "history") end
  if given and given.sent then
    local params, err = request.build(own, turn.new(own.head, {}, {}, {}))
    if not params then return nil, err end
    return params.messages, {}
  end
  local nodes, marks = own.tree:walk(own.head), {}
  for i, node in ipairs(nodes) do marks[i] = own.tree.marks[node] end
  return own.tree:texts(nodes), marks
end

--- The request that a question would send, with the tokens of each part. Nothing is sent: where a
--- summary would be made before or memories looked for, `info.wanted` and the policy tell.
---
--- ```lua
--- local request, parts, total = dialogue:preview("What is AI?")
--- print(#request.messages, parts.system, parts.history, total)
--- ```
---@param message? string|lualogue.Message absent: the pending turn, or the history as it is
---@param overrides? lualogue.TurnOptions
---@return lualogue.ChatParams? request
---@return lualogue.TrimParts|lualogue.Error parts or why nothing can be sent
---@return number? total tokens
---@return lualogue.TrimInfo? info
function views:preview(message, overrides)
  local own = face.inside(self, "preview")
  local turn_own, params = options.overrides(overrides, "preview")
  local staged
  if message == nil and self.pending then
    staged = {}
    for name, value in pairs(self.pending) do staged[name] = value end
    staged.own, staged.params = {}, {}
    turn.again(staged, self.pending.own, self.pending.params)
    turn.again(staged, turn_own, params)
    staged.rounds = self.pending.rounds
  else
    local messages = message ~= nil and { options.message(message, "preview", "user") } or {}
    staged = turn.new(own.head, messages, turn_own, params)
  end
  local built, info = request.build(own, staged)
  if not built then return nil, info end
  return built, info.parts, info.total, info
end

--- What all calls of this dialogue and its branches have cost: turns, summaries, memories.
---@return lualogue.DialogueUsage
function views:usage()
  local own = face.inside(self, "usage")
  return own.account:sum(own.own.prices)
end

--- Make a summary now, of everything but the newest turn.
---@return lualogue.Checkpoint? checkpoint nil, nil where there is nothing to summarise
---@return lualogue.Error? err
function views:compact()
  local own, err = face.free(self, "compact")
  if not own then return nil, err end
  local made
  made, err = summary.now(own)
  if made then own.summaries.stopped = nil end
  return made, err
end

--- Write everything to a file: all branches, the pending turn, summaries, memories, what was
--- learned. The file is replaced as a whole or not at all, and only its owner may read it.
---
--- ```lua
--- assert(dialogue:save("npc.json"))
--- local dialogue = assert(client:dialogue { load = "npc.json" })
--- ```
---@param path string
---@return boolean? done
---@return lualogue.Error? err of the kind `file`
function views:save(path)
  misuse.check(path, "string", "path", "save")
  return store.save(face.inside(self, "save"), path)
end

--- The messages of this branch, to read or for other programs.
---@param format "markdown"|"jsonl" a document, or a JSON text for each message
---@return string
function views:export(format)
  local own = face.inside(self, "export")
  if not export[format] then
    misuse.raise("bad argument 'format' to 'export' (\"markdown\" or \"jsonl\" expected)")
  end
  local list = {}
  for i, message in ipairs(own:system_messages()) do list[i] = message end
  for _, node in ipairs(own.tree:walk(own.head)) do list[#list + 1] = own.tree.messages[node] end
  return export[format](list)
end

return views
