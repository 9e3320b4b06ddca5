---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Responses
---@field input_items lualogue.api.Responses.InputItems
---@field input_tokens lualogue.api.Responses.InputTokens
local resource_1 = {}

---@class lualogue.api.ResponseObject
---@field background? boolean
---@field completed_at? number
---@field conversation? table
---@field created_at number
---@field error table
---@field id string
---@field incomplete_details table
---@field instructions string|table[]
---@field max_output_tokens? integer
---@field max_tool_calls? integer
---@field metadata table
---@field model string
---@field moderation? table
---@field object "response"
---@field output table[]
---@field output_text? string
---@field parallel_tool_calls boolean
---@field previous_response_id? string
---@field prompt? table
---@field prompt_cache_key? string
---@field prompt_cache_options? table
---@field prompt_cache_retention? "in_memory"|"24h"
---@field reasoning? table
---@field safety_identifier? string
---@field service_tier? string
---@field status? string
---@field temperature number
---@field text? table
---@field tool_choice "none"|"auto"|"required"|table
---@field tools table[]
---@field top_logprobs? integer
---@field top_p number
---@field truncation? "auto"|"disabled"
---@field usage? table
---@field user? string
---@field meta? lualogue.Meta of a reply

--- `POST /responses/{response_id}/cancel`.
---@param response_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:cancel(response_id, params, options) end

---@class lualogue.api.Responses.CompactParams
---@field input? string|table[]
---@field instructions? string
---@field model string
---@field previous_response_id? string
---@field prompt_cache_key? string
---@field prompt_cache_options? table
---@field prompt_cache_retention? "in_memory"|"24h"
---@field service_tier? "auto"|"default"|"fast"|"flex"|"priority"
---@field [string] any

---@class lualogue.api.CompactResourceObject
---@field created_at integer
---@field id string
---@field object "response.compaction"
---@field output table[]
---@field usage table
---@field meta? lualogue.Meta of a reply

--- `POST /responses/compact`.
---@param params? lualogue.api.Responses.CompactParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CompactResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:compact(params, options) end

---@class lualogue.api.Responses.CreateParams
---@field background? boolean
---@field context_management? table[]
---@field conversation? string|table
---@field include? string[]
---@field input? string|table[]
---@field instructions? string
---@field max_output_tokens? integer
---@field max_tool_calls? integer
---@field metadata? table
---@field model? string
---@field moderation? table
---@field parallel_tool_calls? boolean
---@field previous_response_id? string
---@field prompt? table
---@field prompt_cache_key? string
---@field prompt_cache_options? table
---@field prompt_cache_retention? "in_memory"|"24h"
---@field reasoning? table
---@field safety_identifier? string
---@field service_tier? string
---@field store? boolean
---@field stream? boolean
---@field stream_options? table
---@field temperature? number
---@field text? table
---@field tool_choice? "none"|"auto"|"required"|table
---@field tools? table[]
---@field top_logprobs? integer
---@field top_p? number
---@field truncation? "auto"|"disabled"
---@field user? string
---@field [string] any

--- `POST /responses`.
---@param params? lualogue.api.Responses.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

--- `POST /responses`.
---@param params? lualogue.api.Responses.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.ResourceStream? stream
---@return lualogue.Error? err
function resource_1:stream(params, options) end

--- `DELETE /responses/{response_id}`.
---@param response_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table|true|nil reply
---@return lualogue.Error? err
function resource_1:delete(response_id, params, options) end

---@class lualogue.api.Responses.RetrieveParams
---@field include? string[]
---@field include_obfuscation? boolean
---@field starting_after? integer
---@field stream? boolean
---@field [string] any

--- `GET /responses/{response_id}`.
---@param response_id string
---@param params? lualogue.api.Responses.RetrieveParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(response_id, params, options) end

---@class lualogue.api.Responses.InputItems
local resource_2 = {}

---@class lualogue.api.Responses.InputItems.ListParams
---@field after? string
---@field include? string[]
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /responses/{response_id}/input_items`.
---@param response_id string
---@param params? lualogue.api.Responses.InputItems.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of table
function resource_2:list(response_id, params, options) end

---@class lualogue.api.Responses.InputTokens
local resource_3 = {}

---@class lualogue.api.Responses.InputTokens.CountParams
---@field conversation? string|table
---@field input? string|table[]
---@field instructions? string
---@field model? string
---@field parallel_tool_calls? boolean
---@field personality? string|"friendly"|"pragmatic"
---@field previous_response_id? string
---@field reasoning? table
---@field text? table
---@field tool_choice? "none"|"auto"|"required"|table
---@field tools? table[]
---@field truncation? "auto"|"disabled"
---@field [string] any

---@class lualogue.api.TokenCountsResourceObject
---@field input_tokens integer
---@field object "response.input_tokens"
---@field meta? lualogue.Meta of a reply

--- `POST /responses/input_tokens`.
---@param params? lualogue.api.Responses.InputTokens.CountParams
---@param options? lualogue.CallOptions
---@return lualogue.api.TokenCountsResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_3:count(params, options) end
