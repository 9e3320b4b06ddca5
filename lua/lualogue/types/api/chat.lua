---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Chat
---@field completions lualogue.api.Chat.Completions
local resource_1 = {}

---@class lualogue.api.Chat.Completions
---@field messages lualogue.api.Chat.Completions.Messages
local resource_2 = {}

---@class lualogue.api.Chat.Completions.CreateParams
---@field audio? table
---@field frequency_penalty? number
---@field function_call? "none"|"auto"|table
---@field functions? table[]
---@field logit_bias? table
---@field logprobs? boolean
---@field max_completion_tokens? integer
---@field max_tokens? integer
---@field messages table[]
---@field metadata? table
---@field modalities? ("text"|"audio")[]
---@field model string
---@field moderation? table
---@field n? integer
---@field parallel_tool_calls? boolean
---@field prediction? table
---@field presence_penalty? number
---@field prompt_cache_key? string
---@field prompt_cache_options? table
---@field prompt_cache_retention? "in_memory"|"24h"
---@field reasoning_effort? "none"|"minimal"|"low"|"medium"|"high"|"xhigh"|"max"
---@field response_format? table
---@field safety_identifier? string
---@field seed? integer
---@field service_tier? "auto"|"default"|"flex"|"scale"|"priority"|"fast"
---@field stop? string|string[]
---@field store? boolean
---@field stream? boolean
---@field stream_options? table
---@field temperature? number
---@field tool_choice? "none"|"auto"|"required"|table
---@field tools? table[]
---@field top_logprobs? integer
---@field top_p? number
---@field user? string
---@field verbosity? "low"|"medium"|"high"
---@field web_search_options? table
---@field [string] any

---@class lualogue.api.CreateChatCompletionResponseObject
---@field choices table[]
---@field created integer
---@field id string
---@field metadata? table
---@field model string
---@field moderation? table
---@field object "chat.completion"
---@field service_tier? "auto"|"default"|"flex"|"scale"|"priority"|"fast"
---@field system_fingerprint? string
---@field usage? table
---@field meta? lualogue.Meta of a reply

--- `POST /chat/completions`.
---@param params? lualogue.api.Chat.Completions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CreateChatCompletionResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_2:create(params, options) end

--- `POST /chat/completions`.
---@param params? lualogue.api.Chat.Completions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.Stream? stream
---@return lualogue.Error? err
function resource_2:stream(params, options) end

---@class lualogue.api.ChatCompletionDeletedObject
---@field deleted boolean
---@field id string
---@field object "chat.completion.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /chat/completions/{completion_id}`.
---@param completion_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ChatCompletionDeletedObject? reply the server's own
---@return lualogue.Error? err
function resource_2:delete(completion_id, params, options) end

---@class lualogue.api.Chat.Completions.ListParams
---@field after? string
---@field limit? integer
---@field metadata? table
---@field model? string
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /chat/completions`.
---@param params? lualogue.api.Chat.Completions.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.CreateChatCompletionResponseObject
function resource_2:list(params, options) end

--- `GET /chat/completions/{completion_id}`.
---@param completion_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.CreateChatCompletionResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_2:retrieve(completion_id, params, options) end

---@class lualogue.api.Chat.Completions.UpdateParams
---@field metadata table
---@field [string] any

--- `POST /chat/completions/{completion_id}`.
---@param completion_id string
---@param params? lualogue.api.Chat.Completions.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CreateChatCompletionResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_2:update(completion_id, params, options) end

---@class lualogue.api.Chat.Completions.Messages
local resource_3 = {}

---@class lualogue.api.Chat.Completions.Messages.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /chat/completions/{completion_id}/messages`.
---@param completion_id string
---@param params? lualogue.api.Chat.Completions.Messages.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of table
function resource_3:list(completion_id, params, options) end
