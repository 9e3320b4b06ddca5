---@meta
--- Types of dialogues: what they are given.

--- Options of a dialogue. Any other field is a parameter of every request: `model`, `temperature`,
--- `tools`, …
---@class lualogue.DialogueOptions
---@field system? string|lualogue.Message|lualogue.Message[] what stands in front of every request
---@field trim? lualogue.Policy|false what is sent, see `lualogue.trim`; absent: what the model
---takes; false: everything
---@field strict? boolean the form that strict chat templates want, see `trim.repair`
---@field on_event? fun(event: lualogue.DialogueEvent) is told what happens beside the answers
---@field prices? lualogue.Prices for `usage`
---@field load? string path of a file that `save` has written
---@field options? lualogue.CallOptions of every call: clocks, headers
---@field max_rounds? integer rounds of tools in one turn until it is an error (`limit`, code
---`rounds`), which `retry { max_rounds = … }` goes on from; 10
---@field serial? boolean calls of one message run one after the other; default: at once
---@field count? fun(text: string): integer?, any counts a text, not the tokenizer
---@field cost? fun(message: lualogue.Message): (number?, any) counts a whole message
---@field [string] any

--- What a single turn is given over the dialogue's own. Any other field is a parameter.
---@class lualogue.TurnOptions
---@field trim? lualogue.Policy|false
---@field options? lualogue.CallOptions
---@field stream? boolean read it as it comes
---@field max_rounds? integer rounds of tools
---@field serial? boolean
---@field [string] any

--- What `dialogue:parse` is given: what a turn is, and how it is asked for.
---@class lualogue.ParseTurnOptions: lualogue.TurnOptions
---@field retries? 0|1 how often it is asked once more, with what was wrong; 1
---@field method? lualogue.ParseMethod how the server is asked; default: the best that it has
---@field name? string of the schema, for the model to see; "answer"

---@class lualogue.ContinueOptions: lualogue.TurnOptions
---@field prefill? "ask"|"plain"|"vllm"|"mistral" how the server is told: a note that asks to go on,
---as every server understands; the beginning as the last message, plainly or with the marks that
---vLLM or Mistral want; "ask"

--- USD, or whatever they are given in, for a million tokens.
---@class lualogue.Prices
---@field input? number
---@field cached? number those of the prompt that came from the cache; absent: as the others
---@field output? number

---@class lualogue.DialogueUsage
---@field prompt_tokens integer
---@field completion_tokens integer
---@field total_tokens integer
---@field cached_tokens integer of the prompt
---@field reasoning_tokens integer of the completion
---@field calls integer
---@field turns integer
---@field cost? number where prices are known

---@class lualogue.DialogueEvent
---@field type lualogue.DialogueEventType
---@field info? lualogue.TrimInfo of the request
---@field err? lualogue.Error
---@field window? integer that was learned
---@field counted? number tokens of our own count
---@field call? lualogue.ToolCallInfo|lualogue.ToolResult of a tool: before it runs, and what came
---@field arguments? table of the call
---@field round? integer of tools
---@field checkpoint? lualogue.Checkpoint
---@field messages? integer how many a summary stands for
---@field shortened? integer how many of them were too long to be read whole

---@alias lualogue.DialogueEventType
---| "call" a tool is about to run
---| "result" what came of a call
---| "round" all calls of a message are answered
---| "trimmed" the beginning of what is sent has moved
---| "recalled" notes went along: lore, memories
---| "recall_failed" nothing could be looked for
---| "summarised" a summary was made
---| "summary_failed" it could not be made; nothing has changed
---| "summary_stopped" no more are made, since they free nothing; `compact` takes it up again
---| "retried" the prompt was too long for the server, and is sent once more, tighter
---| "input_truncated" the server took less than was sent, without a word

--- A note that goes along with every request, see `dialogue:inject`.
---@class lualogue.Note
---@field text? string absent: the note of this `id` is taken away
---@field depth? integer counted from the end: 0 is behind the last message, 1 before it; 0
---@field role? lualogue.Role "user"; strict servers take no system message in the middle
---@field id? string|number
