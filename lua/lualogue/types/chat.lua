---@meta
--- Types of what a chat sends. Lists of values are what the official API knows: other servers may
--- know more or fewer, and every value goes through.

-- ------------------------------------------------------------------ parameters

--- Parameters of `client:chat` and `client:stream`. Any other field is sent as it is
--- (`top_k`, `min_p`, `reasoning`, `chat_template_kwargs`, …).
---@class lualogue.ChatParams
---@field messages lualogue.Message[] the conversation so far, oldest first
---@field model? string such as "gpt-4o-mini"; else the client's
---@field audio? lualogue.AudioParams for answers that are spoken; `modalities` must ask for it
---@field frequency_penalty? number -2 to 2: above 0, a word loses each time that it occurs
---@field function_call? "none"|"auto"|lualogue.NamedFunction deprecated: `tool_choice`
---@field functions? lualogue.FunctionSchema[] deprecated: `tools`
---@field logit_bias? table<integer|string, number> token id to -100 (never) … 100 (always)
---@field logprobs? boolean tell the probability of each token of the answer
---@field max_completion_tokens? integer at most so many tokens, those of reasoning included
---@field max_tokens? integer the older name, which most other servers know
---@field metadata? table<string, string> up to 16 pairs to find a stored answer by
---@field modalities? ("text"|"audio")[] forms of the answer
---@field moderation? lualogue.ModerationParams judge what comes in and goes out
---@field n? integer how many answers, 1 to 128; each is paid for
---@field parallel_tool_calls? boolean whether one answer may hold several tool calls; true
---@field prediction? lualogue.Prediction text that most of the answer will be equal to
---@field presence_penalty? number -2 to 2: above 0, a word loses once it has occurred
---@field prompt_cache_key? string calls with equal keys and beginnings share a cache
---@field prompt_cache_options? lualogue.PromptCacheOptions
---@field prompt_cache_retention? "in_memory"|"24h"|string deprecated: `prompt_cache_options`
---@field reasoning_effort? lualogue.ReasoningEffort how long a reasoning model may think
---@field response_format? lualogue.ResponseFormat what form the answer must have
---@field safety_identifier? string stands for your user, to detect abuse; no name or address
---@field seed? integer of 64 bits: equal calls then tend to equal answers
---@field service_tier? lualogue.ServiceTier how urgent it is, and what it costs
---@field stop? string|string[] up to four texts at which the answer ends; they are not part of it
---@field store? boolean keep the answer on the server
---@field stream? boolean `client:chat` with true is `client:stream`
---@field stream_options? lualogue.StreamOptions
---@field temperature? number 0 to 2: how freely the words are chosen
---@field tool_choice? lualogue.ToolChoice whether a tool must be called, and which
---@field tools? lualogue.Tool[] what the model may call
---@field top_logprobs? integer 0 to 20: so many alternatives for each token, with `logprobs`
---@field top_p? number 0 to 1: choose among the words that together are so probable
---@field user? string deprecated: `safety_identifier`, `prompt_cache_key`
---@field verbosity? "low"|"medium"|"high"|string how long the answer should be
---@field web_search_options? lualogue.WebSearchOptions
---@field [string] any

---@alias lualogue.ReasoningEffort "none"|"minimal"|"low"|"medium"|"high"|"xhigh"|"max"|string
---@alias lualogue.ServiceTier "auto"|"default"|"flex"|"scale"|"priority"|"fast"|string

---@class lualogue.StreamOptions
---@field include_usage? boolean a last chunk without choices tells the usage of the whole stream
---@field include_obfuscation? boolean false saves the padding that hides the length of words

---@class lualogue.AudioParams
---@field voice string|{ id: string } such as "alloy", or a voice of your own
---@field format "wav"|"aac"|"mp3"|"flac"|"opus"|"pcm16"|string

---@class lualogue.ModerationParams
---@field model string such as "omni-moderation-latest"
---@field policy? { input?: { mode: string }, output?: { mode: string } }

---@class lualogue.Prediction
---@field type "content"
---@field content string|lualogue.ContentPart[] parts of text

---@class lualogue.PromptCacheOptions
---@field mode? "implicit"|"explicit"|string
---@field ttl? "30m"|string

---@class lualogue.WebSearchOptions
---@field search_context_size? "low"|"medium"|"high"|string how much of what was found is read
---@field user_location? { type: "approximate", approximate: lualogue.Location }

---@class lualogue.Location
---@field country? string two letters, ISO 3166-1
---@field region? string
---@field city? string
---@field timezone? string such as "Europe/Berlin"

---@class lualogue.ResponseFormat
---@field type "text"|"json_object"|"json_schema"|string
---@field json_schema? lualogue.JsonSchemaFormat

---@class lualogue.JsonSchemaFormat
---@field name string letters, digits, "_" and "-"; at most 64
---@field description? string what the model should use it for
---@field schema? table a JSON schema
---@field strict? boolean the answer is held to the schema exactly

-- ------------------------------------------------------------------ messages

---@alias lualogue.Role "developer"|"system"|"user"|"assistant"|"tool"|"function"

--- One message: to send, or as it came. A message of a reply may be sent back as it is.
---@class lualogue.Message: lualogue.ServerMessageFields
---@field role lualogue.Role|string
---@field content? string|lualogue.ContentPart[]|lualogue.Null what is said
---@field name? string tells apart participants with the same role; of a function's answer: its name
---@field tool_calls? lualogue.ToolCall[] of an assistant: what it wants called
---@field tool_call_id? string of a tool: the `id` of the call that this answers
---@field refusal? string of an assistant: why it does not answer
---@field annotations? lualogue.Annotation[] of an assistant: where it has it from
---@field audio? lualogue.Audio of an assistant: what it said; to send it back the `id` suffices
---@field function_call? lualogue.FunctionCall deprecated: `tool_calls`

--- A part of a message. `type` says which of the other fields it has.
---@class lualogue.ContentPart
---@field type "text"|"image_url"|"input_audio"|"file"|"refusal"|"thinking"|string
---@field text? string
---@field image_url? lualogue.ImageUrl
---@field input_audio? lualogue.InputAudio
---@field file? lualogue.FilePart
---@field refusal? string
---@field thinking? string|lualogue.ContentPart[] what it thought (Mistral, Anthropic)
---@field closed? boolean of a thought: it is complete
---@field prompt_cache_breakpoint? { mode: "explicit"|string } what stands before it may be cached

---@class lualogue.ImageUrl
---@field url string of an image, or "data:image/png;base64,…"
---@field detail? "auto"|"low"|"high"|string how closely it is looked at

---@class lualogue.InputAudio
---@field data string base64
---@field format "wav"|"mp3"|string

---@class lualogue.FilePart
---@field file_id? string of a file that was uploaded
---@field file_data? string base64
---@field filename? string

---@class lualogue.Audio
---@field id string
---@field data? string base64
---@field transcript? string what is said in it
---@field expires_at? integer Unix time, seconds: until then the `id` may be sent back

---@class lualogue.Annotation
---@field type "url_citation"|string
---@field url_citation? lualogue.UrlCitation
---@field file? lualogue.FileAnnotation OpenRouter: what it read of a file

---@class lualogue.FileAnnotation
---@field hash string
---@field name? string
---@field content lualogue.ContentPart[]

---@class lualogue.UrlCitation
---@field start_index integer where in the content it begins, in characters from 0
---@field end_index integer where it ends
---@field url string
---@field title string

-- ------------------------------------------------------------------ tools

---@class lualogue.Tool
---@field type "function"|"custom"
---@field ["function"]? lualogue.FunctionSchema
---@field custom? lualogue.CustomTool

---@class lualogue.FunctionSchema
---@field name string letters, digits, "_" and "-"; at most 64
---@field description? string what it does and when to call it: the model reads this
---@field parameters? table a JSON schema of an object; absent: it takes none
---@field strict? boolean the arguments are held to the schema exactly

---@class lualogue.CustomTool
---@field name string
---@field description? string
---@field format? lualogue.CustomFormat unset: any text

---@class lualogue.CustomFormat
---@field type "text"|"grammar"
---@field grammar? { definition: string, syntax: "lark"|"regex" }

---@alias lualogue.ToolChoice "none"|"auto"|"required"|lualogue.NamedTool

--- One tool by its name, or those that are allowed.
---@class lualogue.NamedTool
---@field type "function"|"custom"|"allowed_tools"
---@field ["function"]? lualogue.NamedFunction
---@field custom? lualogue.NamedFunction
---@field allowed_tools? { mode: "auto"|"required", tools: lualogue.NamedTool[] }

---@class lualogue.NamedFunction
---@field name string

--- What the model wants called.
---@class lualogue.ToolCall
---@field id string to be repeated in the answer's `tool_call_id`
---@field type "function"|"custom"|string
---@field ["function"]? lualogue.FunctionCall
---@field custom? { name: string, input: string }
---@field index? integer of a streamed message: the server's number, from 0; it is not sent back

---@class lualogue.FunctionCall
---@field name string
---@field arguments string JSON as the model wrote it, which may be wrong
