---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Realtime
---@field calls lualogue.api.Realtime.Calls
---@field client_secrets lualogue.api.Realtime.ClientSecrets
---@field translations lualogue.api.Realtime.Translations
local resource_1 = {}

---@class lualogue.api.Realtime.Calls
local resource_2 = {}

---@class lualogue.api.Realtime.Calls.AcceptParams
---@field audio? table
---@field include? "item.input_audio_transcription.logprobs"[]
---@field instructions? string
---@field max_output_tokens? integer|"inf"
---@field model? string
---@field output_modalities? ("text"|"audio")[]
---@field parallel_tool_calls? boolean
---@field prompt? table
---@field reasoning? table
---@field tool_choice? "none"|"auto"|"required"|table
---@field tools? table[]
---@field tracing? "auto"|table
---@field truncation? "auto"|"disabled"|table
---@field type "realtime"
---@field [string] any

--- `POST /realtime/calls/{call_id}/accept`.
---@param call_id string
---@param params? lualogue.api.Realtime.Calls.AcceptParams
---@param options? lualogue.CallOptions
---@return table|true|nil reply
---@return lualogue.Error? err
function resource_2:accept(call_id, params, options) end

---@class lualogue.api.Realtime.Calls.CreateParams
---@field sdp string
---@field session? table
---@field [string] any

--- `POST /realtime/calls`.
---@param params? lualogue.api.Realtime.Calls.CreateParams
---@param options? lualogue.CallOptions
---@return string|lualogue.Saved|lualogue.ByteStream|nil bytes
---@return lualogue.Error? err
function resource_2:create(params, options) end

--- `POST /realtime/calls/{call_id}/hangup`.
---@param call_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table|true|nil reply
---@return lualogue.Error? err
function resource_2:hangup(call_id, params, options) end

---@class lualogue.api.Realtime.Calls.ReferParams
---@field target_uri string
---@field [string] any

--- `POST /realtime/calls/{call_id}/refer`.
---@param call_id string
---@param params? lualogue.api.Realtime.Calls.ReferParams
---@param options? lualogue.CallOptions
---@return table|true|nil reply
---@return lualogue.Error? err
function resource_2:refer(call_id, params, options) end

---@class lualogue.api.Realtime.Calls.RejectParams
---@field status_code? integer
---@field [string] any

--- `POST /realtime/calls/{call_id}/reject`.
---@param call_id string
---@param params? lualogue.api.Realtime.Calls.RejectParams
---@param options? lualogue.CallOptions
---@return table|true|nil reply
---@return lualogue.Error? err
function resource_2:reject(call_id, params, options) end

---@class lualogue.api.Realtime.ClientSecrets
local resource_3 = {}

---@class lualogue.api.Realtime.ClientSecrets.CreateParams
---@field expires_after? table
---@field session? table
---@field [string] any

---@class lualogue.api.RealtimeCreateClientSecretResponseObject
---@field expires_at integer
---@field session table
---@field value string
---@field meta? lualogue.Meta of a reply

--- `POST /realtime/client_secrets`.
---@param params? lualogue.api.Realtime.ClientSecrets.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RealtimeCreateClientSecretResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_3:create(params, options) end

---@class lualogue.api.Realtime.Translations
---@field client_secrets lualogue.api.Realtime.Translations.ClientSecrets
local resource_4 = {}

---@class lualogue.api.Realtime.Translations.ClientSecrets
local resource_5 = {}

---@class lualogue.api.Realtime.Translations.ClientSecrets.CreateParams
---@field expires_after? table
---@field session table
---@field [string] any

---@class lualogue.api.RealtimeTranslationClientSecretCreateResponseObject
---@field expires_at integer
---@field session table
---@field value string
---@field meta? lualogue.Meta of a reply

--- `POST /realtime/translations/client_secrets`.
---@param params? lualogue.api.Realtime.Translations.ClientSecrets.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RealtimeTranslationClientSecretCreateResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_5:create(params, options) end
