---@meta
--- Types of what a chat brings back: the server's own tables, less nulls. Servers may send more
--- fields, and may leave out some of these.

--- A whole answer.
---@class lualogue.ChatReply: lualogue.ServerFields
---@field id string
---@field object "chat.completion"
---@field created integer Unix time, seconds
---@field model string that answered
---@field choices lualogue.Choice[]
---@field usage? lualogue.Usage
---@field service_tier? lualogue.ServiceTier that was used
---@field system_fingerprint? string deprecated: changes when the server's set-up does
---@field metadata? table<string, string> as it was sent
---@field moderation? lualogue.Moderation
---@field text string of choice 1, "" if there is none; of content in parts it is their text; not
---encoded with the reply
---@field meta lualogue.Meta not encoded with the reply

---@alias lualogue.FinishReason
---| "stop" the model came to its end, or to a text of `stop`
---| "length" as many tokens as were allowed
---| "tool_calls" it wants tools called
---| "content_filter" the server cut it
---| "function_call" it wants a function called, the deprecated way
---| string of another server

---@class lualogue.Choice: lualogue.ServerChoiceFields
---@field index integer counted from 0, as the server does
---@field message lualogue.Message
---@field finish_reason lualogue.FinishReason
---@field logprobs? lualogue.Logprobs

---@class lualogue.Logprobs
---@field content? lualogue.TokenLogprob[]
---@field refusal? lualogue.TokenLogprob[]

---@class lualogue.TokenLogprob
---@field token string
---@field logprob number natural logarithm of its probability
---@field bytes? integer[] UTF-8, since a token may be a part of a character
---@field top_logprobs? lualogue.TokenLogprob[] the likeliest ones in its place

---@class lualogue.Usage: lualogue.ServerUsage
---@field prompt_tokens integer of what was sent
---@field completion_tokens integer of what was answered
---@field total_tokens integer both
---@field prompt_tokens_details? lualogue.PromptTokensDetails
---@field completion_tokens_details? lualogue.CompletionTokensDetails

---@class lualogue.PromptTokensDetails
---@field cached_tokens? integer read from the cache, hence cheaper
---@field cache_write_tokens? integer written to it
---@field text_tokens? integer
---@field audio_tokens? integer
---@field image_tokens? integer
---@field video_tokens? integer
---@field multimodal_tokens? integer

---@class lualogue.CompletionTokensDetails
---@field reasoning_tokens? integer thought, not shown
---@field image_tokens? integer
---@field text_tokens? integer
---@field audio_tokens? integer
---@field accepted_prediction_tokens? integer of `prediction`, used
---@field rejected_prediction_tokens? integer of `prediction`, not used but paid for

---@class lualogue.Moderation
---@field input? lualogue.ModerationResult
---@field output? lualogue.ModerationResult

--- Results, or why there are none.
---@class lualogue.ModerationResult
---@field type string
---@field model? string
---@field results? table[]
---@field code? string
---@field message? string

-- ------------------------------------------------------------------ streams

--- One event of a stream.
---@class lualogue.Chunk: lualogue.ServerFields
---@field id? string the same in every chunk
---@field object? "chat.completion.chunk"
---@field created? integer Unix time, seconds
---@field model? string that answers
---@field choices lualogue.ChunkChoice[] empty in a chunk that only tells the usage
---@field usage? lualogue.Usage with `stream_options.include_usage`, in the last one
---@field service_tier? lualogue.ServiceTier
---@field system_fingerprint? string deprecated
---@field obfuscation? string padding, means nothing
---@field moderation? lualogue.Moderation

---@class lualogue.ChunkChoice: lualogue.ServerChoiceFields
---@field index? integer counted from 0, as the server does; absent: 0
---@field delta? lualogue.Delta
---@field message? lualogue.Message of servers that send the whole of it, instead or besides
---@field finish_reason? lualogue.FinishReason in the last chunk of the choice
---@field logprobs? lualogue.Logprobs of these tokens

--- What a chunk adds to the message.
---@class lualogue.Delta: lualogue.ServerMessageFields
---@field role? lualogue.Role|string usually in the first one only
---@field content? string|lualogue.ContentPart[] the next piece
---@field refusal? string the next piece
---@field tool_calls? lualogue.ToolCallDelta[]
---@field function_call? { name?: string, arguments?: string } deprecated
---@field annotations? lualogue.Annotation[]
---@field audio? lualogue.Audio

--- A piece of a tool call. `stream:message()` has the whole ones.
---@class lualogue.ToolCallDelta
---@field index? integer which call this is a piece of, counted from 0
---@field id? string in its first piece
---@field type? "function"|"custom"|string
---@field ["function"]? { name?: string, arguments?: string }
---@field custom? { name?: string, input?: string }
