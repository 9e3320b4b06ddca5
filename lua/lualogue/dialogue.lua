--- Dialogues: memory that is trimmed well and survives everything.
---
---     local dialogue = client:dialogue { system = "You are terse." }
---     print(assert(dialogue:ask("What is AI?")))
---     for text in assert(dialogue:stream("Can you elaborate?")) do io.write(text) end
---
--- A dialogue is a tree of messages, a policy for what of it is sent, and an account. A turn is
--- staged, and committed when its answer is complete: whatever goes wrong, the history is what it
--- was, and `dialogue.pending` holds what can be retried, kept or discarded. Moves on the tree
--- (`undo`, `edit`, `fork`, `regenerate`) lose nothing.

local answers = require "lualogue.dialogue.answer"
local calls = require "lualogue.dialogue.calls"
local continuation = require "lualogue.dialogue.continuation"
local face = require "lualogue.dialogue.face"
local inside = require "lualogue.dialogue.inside"
local misuse = require "lualogue.misuse"
local moves = require "lualogue.dialogue.moves"
local notes = require "lualogue.dialogue.notes"
local options = require "lualogue.dialogue.options"
local parsing = require "lualogue.dialogue.parsing"
local run = require "lualogue.dialogue.run"
local store = require "lualogue.dialogue.store"
local tools = require "lualogue.tools"
local turn = require "lualogue.dialogue.turn"
local views = require "lualogue.dialogue.views"
local walks = require "lualogue.dialogue.walks"

local dialogue = {}

--- A conversation. While a turn is under way, whatever would change it returns nil and an error of
--- the kind `busy`, at once.
---@class lualogue.Dialogue:lualogue.dialogue.Walks,lualogue.dialogue.Notes, lualogue.dialogue.Views
---@field system? string|lualogue.Message|lualogue.Message[] what stands in front of every request;
---may be set at any time
---@field pending? lualogue.PendingTurn the turn that is not committed
---@field params table<string, any> parameters of every request; may be changed at any time
---@field package inside lualogue.dialogue.Inside
local methods = {}

--- A function that the model may call, in this dialogue and in branches that are made from now on.
--- One of the same name is replaced. What its calls come to is the same as with `client:run_tools`:
--- each is answered, whatever happens to it, and one that has finished never runs again, however
--- the turn fails and is retried, also after save and load (which keep calls and answers, not the
--- functions: declare them again).
---
--- ```lua
--- dialogue:tool {
---   name = "weather", description = "The weather in a city.", parameters = "city",
---   run = function(arguments) return forecast(arguments.city) end,
--- }
--- local text, answer = dialogue:ask "Do I need an umbrella in Oslo?"
--- print(text, answer.rounds, #answer.calls)
--- ```
---@param spec lualogue.ToolSpec
---@return lualogue.Dialogue self
function methods:tool(spec)
  local own = face.inside(self, "tool")
  own.tools = tools.with(own.tools or tools.empty(), tools.tool(spec, "tool", "spec"))
  return self
end

--- Ask for the answer of a turn: streamed or not, as the options of the turn say.
local function begin(own, base, messages, turn_own, params)
  local staged = turn.new(base, messages, turn_own, params)
  if turn_own.stream then return run.stream(own, staged) end
  return run.wait(own, staged)
end

--- Ask, and wait for the whole answer. The question and the answer are then in the history. A turn
--- that was pending is discarded.
---
--- ```lua
--- local text, answer = dialogue:ask("What is AI?")
--- if not text then print(answer) end                  -- the error; dialogue:retry() asks again
--- print(text, answer.usage.total_tokens)
--- dialogue:ask("And in a word?", { temperature = 0 })
--- ```
---@param message string|lualogue.Message
---@param overrides? lualogue.TurnOptions
---@return string? text
---@return lualogue.Answer|lualogue.Error answer or the error
function methods:ask(message, overrides)
  local own, err = face.free(self, "ask")
  local question = options.message(message, "ask", "user")
  local turn_own, params = options.overrides(overrides, "ask")
  if not own then return nil, err end
  return begin(own, own.head, { question }, turn_own, params)
end

--- Ask for an answer that fits a schema, and get the checked table; as `client:parse`, with the
--- memory and the tools of this dialogue. The history gets the question and the answer that fits:
--- never a re-ask.
---
--- ```lua
--- local mood, answer = dialogue:parse("How do you feel?", "mood happy|sad|angry, why")
--- ```
---@param message string|lualogue.Message
---@param schema string|lualogue.Schema|table in any form of `lualogue.schema`
---@param overrides? lualogue.ParseTurnOptions
---@return table? value
---@return lualogue.Answer|lualogue.ParseError answer or the error; `retry` asks again
function methods:parse(message, schema, overrides)
  local own, err = face.free(self, "parse")
  local question = options.message(message, "parse", "user")
  local settings, rest = parsing.split(overrides)
  local turn_own, params = options.overrides(rest, "parse")
  local form = require("lualogue.schema").of(schema)
  if not own then return nil, err end
  parsing.check(own)
  turn_own.parse = { form = form, settings = settings, name = settings.name or "answer" }
  return parsing.run(own, turn.new(own.head, { question }, turn_own, params))
end

--- The same, read as it comes. It is in the history when it was read to its end; a loop that was
--- left leaves it in `dialogue.pending`. (Before Lua 5.4 nobody tells when a loop is left: the turn
--- stays open until `retry`, `keep`, `discard` or `stream:close()`.)
---
--- ```lua
--- for text in assert(dialogue:stream("Tell me a story.")) do io.write(text) end
--- ```
---@param message string|lualogue.Message
---@param overrides? lualogue.TurnOptions
---@return lualogue.DialogueStream? stream
---@return lualogue.Error? err
---@return nil
---@return lualogue.DialogueStream? closing for the `for` of Lua 5.4, which closes it
function methods:stream(message, overrides)
  local own, err = face.free(self, "stream")
  local question = options.message(message, "stream", "user")
  local turn_own, params = options.overrides(overrides, "stream")
  if not own then return nil, err end
  turn_own.stream = true
  return begin(own, own.head, { question }, turn_own, params)
end

--- Ask again for what has no answer (of `parse`: none that fits): the pending turn, from its last
--- finished round of tools on, or a history that ends with a question. With `stream = true` as
--- `stream`.
---
--- ```lua
--- local text, err = dialogue:ask("Who goes there?")
--- if not text then text, err = dialogue:retry { options = { timeout = 120 } } end
--- ```
---@param overrides? lualogue.TurnOptions over those of the turn
---@return string|lualogue.DialogueStream|nil text
---@return lualogue.Answer|lualogue.Error|nil answer or the error
function methods:retry(overrides)
  local own, err = face.stopped(self, "retry")
  local turn_own, params = options.overrides(overrides, "retry")
  if not own then return nil, err end
  local pending = self.pending
  if not pending then
    local first, base = moves.answer(own)
    local last = own.tree.messages[own.head]
    if last and last.role == "tool" then first, base = nil, own.head end -- answered by the caller
    if first or base == 0 then return face.nothing "retry" end
    return begin(own, base, {}, turn_own, params)
  end
  calls.check(own, pending, "retry")
  turn.again(pending, turn_own, params)
  if pending.own.parse then return parsing.run(own, pending) end
  if pending.own.stream then return run.stream(own, pending) end
  return run.wait(own, pending)
end

--- Answer the newest question anew. The old answer is kept, see `alternatives`.
---
--- ```lua
--- dialogue:regenerate { temperature = 1.2 }
--- ```
---@param overrides? lualogue.TurnOptions with `stream = true` as `stream`
---@return string|lualogue.DialogueStream|nil text
---@return lualogue.Answer|lualogue.Error|nil answer or the error
function methods:regenerate(overrides)
  local own, err = face.free(self, "regenerate")
  local turn_own, params = options.overrides(overrides, "regenerate")
  if not own then return nil, err end
  local _, base = moves.answer(own)
  if base == 0 then return face.nothing "answer" end
  return begin(own, base, {}, turn_own, params)
end

--- Commit what has come of the pending turn: the question, finished rounds of tools, and the text
--- so far, marked as interrupted. A turn of which nothing has come is discarded.
---@return lualogue.Message? message the answer as far as it came; nil when there was none
---@return lualogue.Error? err
function methods:keep()
  local own, err = face.stopped(self, "keep")
  if not own then return nil, err end
  local pending = self.pending
  if not pending then return face.nothing "keep" end
  local text = pending.partial and answers.text(pending.partial) or ""
  if text == "" and pending.rounds == 0 then
    self.pending = nil
    return nil
  end
  local message
  if text ~= "" then
    message = {}
    for name, value in pairs(pending.partial) do message[name] = value end
    message.tool_calls, message.function_call = nil, nil
  end
  turn.commit(own, pending, message, "interrupted")
  return message
end

--- Forget the pending turn: the history is what it was before the question.
---@return boolean? discarded false when there was none
---@return lualogue.Error? err
function methods:discard()
  local own, err = face.stopped(self, "discard")
  if not own then return nil, err end
  local had = self.pending ~= nil
  self.pending = nil
  return had
end

--- Go on where an answer was cut: by `keep`, by a limit of its length, or in the pending turn. What
--- comes is joined to what there is, which stays an alternative.
---
--- ```lua
--- local text, answer = dialogue:ask("Count to a thousand.", { max_tokens = 100 })
--- if answer.finish_reason == "length" then text = assert(dialogue:continue()) end
--- ```
---@param overrides? lualogue.ContinueOptions how the server is asked to go on
---@return string? text the whole of it
---@return lualogue.Answer|lualogue.Error|nil answer or the error
function methods:continue(overrides)
  local own, err = face.stopped(self, "continue")
  local turn_own, params = options.overrides(overrides, "continue")
  local prefill = options.prefill(params, "continue")
  if not own then return nil, err end
  local staged = continuation.stage(own, turn_own, params, prefill)
  if not staged then return face.nothing "continue" end
  return run.wait(own, staged)
end

face.add(methods)
face.add(walks)
face.add(notes)
face.add(views)

--- A new dialogue of a client, or of anything that has `chat` and `stream` like one. Everything
--- that is no option of ours is a parameter of every request.
---
--- ```lua
--- local dialogue = lualogue.dialogue.new(client, { system = "Be brief.", temperature = 0.3 })
--- local dialogue = assert(lualogue.dialogue.new(client, { load = "npc.json" }))
--- ```
---@param client table `chat(self, params, options)`, `stream(self, params, options)`; `embeddings`
---for recall; `model` and `server` say what it talks to
---@param given? lualogue.DialogueOptions
---@return lualogue.Dialogue? dialogue nil when a file cannot be loaded
---@return lualogue.Error? err
function dialogue.new(client, given)
  misuse.check(client, "table", "client", "dialogue.new")
  for _, name in ipairs { "chat", "stream" } do
    if type(client[name]) ~= "function" then
      misuse.raise(("bad argument 'client' to 'dialogue.new' (it has no method '%s')"):format(name))
    end
  end
  local own, params = options.split(given, "dialogue")
  options.system(own.system, "dialogue")
  local made = inside.new(client, own, params)
  local self = face.new(made, own.system)
  if own.load then
    local ok, err = store.load(made, own.load)
    if not ok then return nil, err end
  end
  return self
end

return dialogue
