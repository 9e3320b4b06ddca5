---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Beta
---@field assistants lualogue.api.Beta.Assistants
---@field chatkit lualogue.api.Beta.Chatkit
---@field realtime lualogue.api.Beta.Realtime
---@field responses lualogue.api.Beta.Responses
---@field threads lualogue.api.Beta.Threads
local resource_1 = {}

---@class lualogue.api.Beta.Assistants
local resource_2 = {}

---@class lualogue.api.Beta.Assistants.CreateParams
---@field description? string
---@field instructions? string
---@field metadata? table
---@field model string
---@field name? string
---@field reasoning_effort? "none"|"minimal"|"low"|"medium"|"high"|"xhigh"|"max"
---@field response_format? "auto"|table
---@field temperature? number
---@field tool_resources? table
---@field tools? table[]
---@field top_p? number
---@field [string] any

---@class lualogue.api.AssistantObjectObject
---@field created_at integer
---@field description string
---@field id string
---@field instructions string
---@field metadata table
---@field model string
---@field name string
---@field object "assistant"
---@field response_format? "auto"|table
---@field temperature? number
---@field tool_resources? table
---@field tools table[]
---@field top_p? number
---@field meta? lualogue.Meta of a reply

--- `POST /assistants`.
---@param params? lualogue.api.Beta.Assistants.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.AssistantObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_2:create(params, options) end

---@class lualogue.api.DeleteAssistantResponseObject
---@field deleted boolean
---@field id string
---@field object "assistant.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /assistants/{assistant_id}`.
---@param assistant_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteAssistantResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_2:delete(assistant_id, params, options) end

---@class lualogue.api.Beta.Assistants.ListParams
---@field after? string
---@field before? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /assistants`.
---@param params? lualogue.api.Beta.Assistants.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.AssistantObjectObject
function resource_2:list(params, options) end

--- `GET /assistants/{assistant_id}`.
---@param assistant_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.AssistantObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_2:retrieve(assistant_id, params, options) end

---@class lualogue.api.Beta.Assistants.UpdateParams
---@field description? string
---@field instructions? string
---@field metadata? table
---@field model? string
---@field name? string
---@field reasoning_effort? "none"|"minimal"|"low"|"medium"|"high"|"xhigh"|"max"
---@field response_format? "auto"|table
---@field temperature? number
---@field tool_resources? table
---@field tools? table[]
---@field top_p? number
---@field [string] any

--- `POST /assistants/{assistant_id}`.
---@param assistant_id string
---@param params? lualogue.api.Beta.Assistants.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.AssistantObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_2:update(assistant_id, params, options) end

---@class lualogue.api.Beta.Chatkit
---@field sessions lualogue.api.Beta.Chatkit.Sessions
---@field threads lualogue.api.Beta.Chatkit.Threads
local resource_3 = {}

---@class lualogue.api.Beta.Chatkit.Sessions
local resource_4 = {}

---@class lualogue.api.ChatSessionResourceObject
---@field chatkit_configuration table
---@field client_secret string
---@field expires_at integer
---@field id string
---@field max_requests_per_1_minute integer
---@field object "chatkit.session"
---@field rate_limits table
---@field status "active"|"expired"|"cancelled"
---@field user string
---@field workflow table
---@field meta? lualogue.Meta of a reply

--- `POST /chatkit/sessions/{session_id}/cancel`.
---@param session_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ChatSessionResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_4:cancel(session_id, params, options) end

---@class lualogue.api.Beta.Chatkit.Sessions.CreateParams
---@field chatkit_configuration? table
---@field expires_after? table
---@field rate_limits? table
---@field user string
---@field workflow table
---@field [string] any

--- `POST /chatkit/sessions`.
---@param params? lualogue.api.Beta.Chatkit.Sessions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ChatSessionResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_4:create(params, options) end

---@class lualogue.api.Beta.Chatkit.Threads
local resource_5 = {}

---@class lualogue.api.DeletedThreadResourceObject
---@field deleted boolean
---@field id string
---@field object "chatkit.thread.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /chatkit/threads/{thread_id}`.
---@param thread_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedThreadResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_5:delete(thread_id, params, options) end

---@class lualogue.api.Beta.Chatkit.Threads.ListParams
---@field after? string
---@field before? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field user? string
---@field [string] any

---@class lualogue.api.ThreadResourceObject
---@field created_at integer
---@field id string
---@field object "chatkit.thread"
---@field status table
---@field title string
---@field user string
---@field meta? lualogue.Meta of a reply

--- `GET /chatkit/threads`.
---@param params? lualogue.api.Beta.Chatkit.Threads.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ThreadResourceObject
function resource_5:list(params, options) end

---@class lualogue.api.Beta.Chatkit.Threads.ListItemsParams
---@field after? string
---@field before? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /chatkit/threads/{thread_id}/items`.
---@param thread_id string
---@param params? lualogue.api.Beta.Chatkit.Threads.ListItemsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of table
function resource_5:list_items(thread_id, params, options) end

--- `GET /chatkit/threads/{thread_id}`.
---@param thread_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ThreadResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_5:retrieve(thread_id, params, options) end

---@class lualogue.api.Beta.Realtime
---@field sessions lualogue.api.Beta.Realtime.Sessions
---@field transcription_sessions lualogue.api.Beta.Realtime.TranscriptionSessions
local resource_6 = {}

---@class lualogue.api.Beta.Realtime.Sessions
local resource_7 = {}

---@class lualogue.api.Beta.Realtime.Sessions.CreateParams
---@field client_secret table
---@field input_audio_format? string
---@field input_audio_transcription? table
---@field instructions? string
---@field max_response_output_tokens? integer|"inf"
---@field modalities? any
---@field output_audio_format? string
---@field prompt? table
---@field speed? number
---@field temperature? number
---@field tool_choice? string
---@field tools? table[]
---@field tracing? "auto"|table
---@field truncation? "auto"|"disabled"|table
---@field turn_detection? table
---@field voice? string|table
---@field [string] any

---@class lualogue.api.RealtimeSessionCreateResponseObject
---@field audio? table
---@field expires_at? integer
---@field id? string
---@field include? "item.input_audio_transcription.logprobs"[]
---@field instructions? string
---@field max_output_tokens? integer|"inf"
---@field model? string
---@field object? string
---@field output_modalities? any
---@field tool_choice? string
---@field tools? table[]
---@field tracing? "auto"|table
---@field turn_detection? table
---@field meta? lualogue.Meta of a reply

--- `POST /realtime/sessions`.
---@param params? lualogue.api.Beta.Realtime.Sessions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RealtimeSessionCreateResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_7:create(params, options) end

---@class lualogue.api.Beta.Realtime.TranscriptionSessions
local resource_8 = {}

---@class lualogue.api.Beta.Realtime.TranscriptionSessions.CreateParams
---@field include? "item.input_audio_transcription.logprobs"[]
---@field input_audio_format? "pcm16"|"g711_ulaw"|"g711_alaw"
---@field input_audio_noise_reduction? table
---@field input_audio_transcription? table
---@field turn_detection? table
---@field [string] any

---@class lualogue.api.RealtimeTranscriptionSessionCreateResponseObject
---@field client_secret table
---@field input_audio_format? string
---@field input_audio_transcription? table
---@field modalities? any
---@field turn_detection? table
---@field meta? lualogue.Meta of a reply

--- `POST /realtime/transcription_sessions`.
---@param params? lualogue.api.Beta.Realtime.TranscriptionSessions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RealtimeTranscriptionSessionCreateResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_8:create(params, options) end

---@class lualogue.api.Beta.Responses
---@field input_items lualogue.api.Beta.Responses.InputItems
---@field input_tokens lualogue.api.Beta.Responses.InputTokens
local resource_9 = {}

---@class lualogue.api.BetaResponseObject
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

--- `POST /responses/{response_id}/cancel?beta=true`.
---@param response_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.BetaResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_9:cancel(response_id, params, options) end

---@class lualogue.api.Beta.Responses.CompactParams
---@field input? string|table[]
---@field instructions? string
---@field model string
---@field previous_response_id? string
---@field prompt_cache_key? string
---@field prompt_cache_options? table
---@field prompt_cache_retention? "in_memory"|"24h"
---@field service_tier? "auto"|"default"|"fast"|"flex"|"priority"
---@field [string] any

---@class lualogue.api.BetaCompactResourceObject
---@field created_at integer
---@field id string
---@field object "response.compaction"
---@field output table[]
---@field usage table
---@field meta? lualogue.Meta of a reply

--- `POST /responses/compact?beta=true`.
---@param params? lualogue.api.Beta.Responses.CompactParams
---@param options? lualogue.CallOptions
---@return lualogue.api.BetaCompactResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_9:compact(params, options) end

---@class lualogue.api.Beta.Responses.CreateParams
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
---@field multi_agent? table
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

--- `POST /responses?beta=true`.
---@param params? lualogue.api.Beta.Responses.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.BetaResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_9:create(params, options) end

--- `POST /responses?beta=true`.
---@param params? lualogue.api.Beta.Responses.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.ResourceStream? stream
---@return lualogue.Error? err
function resource_9:stream(params, options) end

--- `DELETE /responses/{response_id}?beta=true`.
---@param response_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table|true|nil reply
---@return lualogue.Error? err
function resource_9:delete(response_id, params, options) end

---@class lualogue.api.Beta.Responses.RetrieveParams
---@field include? string[]
---@field include_obfuscation? boolean
---@field starting_after? integer
---@field stream? boolean
---@field [string] any

--- `GET /responses/{response_id}?beta=true`.
---@param response_id string
---@param params? lualogue.api.Beta.Responses.RetrieveParams
---@param options? lualogue.CallOptions
---@return lualogue.api.BetaResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_9:retrieve(response_id, params, options) end

---@class lualogue.api.Beta.Responses.InputItems
local resource_10 = {}

---@class lualogue.api.Beta.Responses.InputItems.ListParams
---@field after? string
---@field include? string[]
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /responses/{response_id}/input_items?beta=true`.
---@param response_id string
---@param params? lualogue.api.Beta.Responses.InputItems.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of table
function resource_10:list(response_id, params, options) end

---@class lualogue.api.Beta.Responses.InputTokens
local resource_11 = {}

---@class lualogue.api.Beta.Responses.InputTokens.CountParams
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

---@class lualogue.api.BetaTokenCountsResourceObject
---@field input_tokens integer
---@field object "response.input_tokens"
---@field meta? lualogue.Meta of a reply

--- `POST /responses/input_tokens?beta=true`.
---@param params? lualogue.api.Beta.Responses.InputTokens.CountParams
---@param options? lualogue.CallOptions
---@return lualogue.api.BetaTokenCountsResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_11:count(params, options) end

---@class lualogue.api.Beta.Threads
---@field messages lualogue.api.Beta.Threads.Messages
---@field runs lualogue.api.Beta.Threads.Runs
local resource_12 = {}

---@class lualogue.api.Beta.Threads.CreateParams
---@field messages? table[]
---@field metadata? table
---@field tool_resources? table
---@field [string] any

---@class lualogue.api.ThreadObjectObject
---@field created_at integer
---@field id string
---@field metadata table
---@field object "thread"
---@field tool_resources table
---@field meta? lualogue.Meta of a reply

--- `POST /threads`.
---@param params? lualogue.api.Beta.Threads.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ThreadObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_12:create(params, options) end

---@class lualogue.api.Beta.Threads.CreateAndRunParams
---@field assistant_id string
---@field instructions? string
---@field max_completion_tokens? integer
---@field max_prompt_tokens? integer
---@field metadata? table
---@field model? string
---@field parallel_tool_calls? boolean
---@field response_format? "auto"|table
---@field stream? boolean
---@field temperature? number
---@field thread? table
---@field tool_choice? table
---@field tool_resources? table
---@field tools? table[]
---@field top_p? number
---@field truncation_strategy? table
---@field [string] any

---@class lualogue.api.RunObjectObject
---@field assistant_id string
---@field cancelled_at integer
---@field completed_at integer
---@field created_at integer
---@field expires_at integer
---@field failed_at integer
---@field id string
---@field incomplete_details table
---@field instructions string
---@field last_error table
---@field max_completion_tokens integer
---@field max_prompt_tokens integer
---@field metadata table
---@field model string
---@field object "thread.run"
---@field parallel_tool_calls boolean
---@field required_action table
---@field response_format "auto"|table
---@field started_at integer
---@field status string
---@field temperature? number
---@field thread_id string
---@field tool_choice table
---@field tools table[]
---@field top_p? number
---@field truncation_strategy table
---@field usage table
---@field meta? lualogue.Meta of a reply

--- `POST /threads/runs`.
---@param params? lualogue.api.Beta.Threads.CreateAndRunParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RunObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_12:create_and_run(params, options) end

---@class lualogue.api.DeleteThreadResponseObject
---@field deleted boolean
---@field id string
---@field object "thread.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /threads/{thread_id}`.
---@param thread_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteThreadResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_12:delete(thread_id, params, options) end

--- `GET /threads/{thread_id}`.
---@param thread_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ThreadObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_12:retrieve(thread_id, params, options) end

---@class lualogue.api.Beta.Threads.UpdateParams
---@field metadata? table
---@field tool_resources? table
---@field [string] any

--- `POST /threads/{thread_id}`.
---@param thread_id string
---@param params? lualogue.api.Beta.Threads.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ThreadObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_12:update(thread_id, params, options) end

---@class lualogue.api.Beta.Threads.Messages
local resource_13 = {}

---@class lualogue.api.Beta.Threads.Messages.CreateParams
---@field attachments? table[]
---@field content string|table[]
---@field metadata? table
---@field role "user"|"assistant"
---@field [string] any

---@class lualogue.api.MessageObjectObject
---@field assistant_id string
---@field attachments table[]
---@field completed_at integer
---@field content table[]
---@field created_at integer
---@field id string
---@field incomplete_at integer
---@field incomplete_details table
---@field metadata table
---@field object "thread.message"
---@field role "user"|"assistant"
---@field run_id string
---@field status "in_progress"|"incomplete"|"completed"
---@field thread_id string
---@field meta? lualogue.Meta of a reply

--- `POST /threads/{thread_id}/messages`.
---@param thread_id string
---@param params? lualogue.api.Beta.Threads.Messages.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.MessageObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_13:create(thread_id, params, options) end

---@class lualogue.api.DeleteMessageResponseObject
---@field deleted boolean
---@field id string
---@field object "thread.message.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /threads/{thread_id}/messages/{message_id}`.
---@param thread_id string
---@param message_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteMessageResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_13:delete(thread_id, message_id, params, options) end

---@class lualogue.api.Beta.Threads.Messages.ListParams
---@field after? string
---@field before? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field run_id? string
---@field [string] any

--- `GET /threads/{thread_id}/messages`.
---@param thread_id string
---@param params? lualogue.api.Beta.Threads.Messages.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.MessageObjectObject
function resource_13:list(thread_id, params, options) end

--- `GET /threads/{thread_id}/messages/{message_id}`.
---@param thread_id string
---@param message_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.MessageObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_13:retrieve(thread_id, message_id, params, options) end

---@class lualogue.api.Beta.Threads.Messages.UpdateParams
---@field metadata? table
---@field [string] any

--- `POST /threads/{thread_id}/messages/{message_id}`.
---@param thread_id string
---@param message_id string
---@param params? lualogue.api.Beta.Threads.Messages.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.MessageObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_13:update(thread_id, message_id, params, options) end

---@class lualogue.api.Beta.Threads.Runs
---@field steps lualogue.api.Beta.Threads.Runs.Steps
local resource_14 = {}

--- `POST /threads/{thread_id}/runs/{run_id}/cancel`.
---@param thread_id string
---@param run_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.RunObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_14:cancel(thread_id, run_id, params, options) end

---@class lualogue.api.Beta.Threads.Runs.CreateParams
---@field additional_instructions? string
---@field additional_messages? table[]
---@field assistant_id string
---@field include? string
---@field instructions? string
---@field max_completion_tokens? integer
---@field max_prompt_tokens? integer
---@field metadata? table
---@field model? string
---@field parallel_tool_calls? boolean
---@field reasoning_effort? "none"|"minimal"|"low"|"medium"|"high"|"xhigh"|"max"
---@field response_format? "auto"|table
---@field stream? boolean
---@field temperature? number
---@field tool_choice? table
---@field tools? table[]
---@field top_p? number
---@field truncation_strategy? table
---@field [string] any

--- `POST /threads/{thread_id}/runs`.
---@param thread_id string
---@param params? lualogue.api.Beta.Threads.Runs.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RunObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_14:create(thread_id, params, options) end

--- `POST /threads/{thread_id}/runs`.
---@param thread_id string
---@param params? lualogue.api.Beta.Threads.Runs.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.ResourceStream? stream
---@return lualogue.Error? err
function resource_14:stream(thread_id, params, options) end

---@class lualogue.api.Beta.Threads.Runs.ListParams
---@field after? string
---@field before? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /threads/{thread_id}/runs`.
---@param thread_id string
---@param params? lualogue.api.Beta.Threads.Runs.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.RunObjectObject
function resource_14:list(thread_id, params, options) end

--- `GET /threads/{thread_id}/runs/{run_id}`.
---@param thread_id string
---@param run_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.RunObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_14:retrieve(thread_id, run_id, params, options) end

---@class lualogue.api.Beta.Threads.Runs.SubmitToolOutputsParams
---@field stream? boolean
---@field tool_outputs table[]
---@field [string] any

--- `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`.
---@param thread_id string
---@param run_id string
---@param params? lualogue.api.Beta.Threads.Runs.SubmitToolOutputsParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RunObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_14:submit_tool_outputs(thread_id, run_id, params, options) end

---@class lualogue.api.Beta.Threads.Runs.UpdateParams
---@field metadata? table
---@field [string] any

--- `POST /threads/{thread_id}/runs/{run_id}`.
---@param thread_id string
---@param run_id string
---@param params? lualogue.api.Beta.Threads.Runs.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RunObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_14:update(thread_id, run_id, params, options) end

---@class lualogue.api.Beta.Threads.Runs.Steps
local resource_15 = {}

---@class lualogue.api.Beta.Threads.Runs.Steps.ListParams
---@field after? string
---@field before? string
---@field include? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

---@class lualogue.api.RunStepObjectObject
---@field assistant_id string
---@field cancelled_at integer
---@field completed_at integer
---@field created_at integer
---@field expired_at integer
---@field failed_at integer
---@field id string
---@field last_error table
---@field metadata table
---@field object "thread.run.step"
---@field run_id string
---@field status "in_progress"|"cancelled"|"failed"|"completed"|"expired"
---@field step_details table
---@field thread_id string
---@field type "message_creation"|"tool_calls"
---@field usage table
---@field meta? lualogue.Meta of a reply

--- `GET /threads/{thread_id}/runs/{run_id}/steps`.
---@param thread_id string
---@param run_id string
---@param params? lualogue.api.Beta.Threads.Runs.Steps.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.RunStepObjectObject
function resource_15:list(thread_id, run_id, params, options) end

---@class lualogue.api.Beta.Threads.Runs.Steps.RetrieveParams
---@field include? string
---@field [string] any

--- `GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}`.
---@param thread_id string
---@param run_id string
---@param step_id string
---@param params? lualogue.api.Beta.Threads.Runs.Steps.RetrieveParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RunStepObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_15:retrieve(thread_id, run_id, step_id, params, options) end
