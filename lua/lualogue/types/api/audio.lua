---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Audio
---@field speech lualogue.api.Audio.Speech
---@field transcriptions lualogue.api.Audio.Transcriptions
---@field translations lualogue.api.Audio.Translations
---@field voice_consents lualogue.api.Audio.VoiceConsents
---@field voices lualogue.api.Audio.Voices
local resource_1 = {}

---@class lualogue.api.Audio.Speech
local resource_2 = {}

---@class lualogue.api.Audio.Speech.CreateParams
---@field input string
---@field instructions? string
---@field model string
---@field response_format? "mp3"|"opus"|"aac"|"flac"|"wav"|"pcm"
---@field speed? number
---@field stream_format? "sse"|"audio"
---@field voice string|table
---@field [string] any

--- `POST /audio/speech`.
---@param params? lualogue.api.Audio.Speech.CreateParams
---@param options? lualogue.CallOptions
---@return string|lualogue.Saved|lualogue.ByteStream|nil bytes
---@return lualogue.Error? err
function resource_2:create(params, options) end

--- `POST /audio/speech`.
---@param params? lualogue.api.Audio.Speech.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.ResourceStream? stream
---@return lualogue.Error? err
function resource_2:stream(params, options) end

---@class lualogue.api.Audio.Transcriptions
local resource_3 = {}

---@class lualogue.api.Audio.Transcriptions.CreateParams
---@field chunking_strategy? "auto"|table
---@field file lualogue.File
---@field include? "logprobs"[]
---@field keywords? string[]
---@field known_speaker_names? string[]
---@field known_speaker_references? string[]
---@field language? string
---@field languages? string[]
---@field model string
---@field prompt? string
---@field response_format? "json"|"text"|"srt"|"verbose_json"|"vtt"|"diarized_json"
---@field stream? boolean
---@field temperature? number
---@field timestamp_granularities? ("word"|"segment")[]
---@field [string] any

--- `POST /audio/transcriptions`.
---@param params? lualogue.api.Audio.Transcriptions.CreateParams
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_3:create(params, options) end

--- `POST /audio/transcriptions`.
---@param params? lualogue.api.Audio.Transcriptions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.ResourceStream? stream
---@return lualogue.Error? err
function resource_3:stream(params, options) end

---@class lualogue.api.Audio.Translations
local resource_4 = {}

---@class lualogue.api.Audio.Translations.CreateParams
---@field file lualogue.File
---@field model string|"whisper-1"
---@field prompt? string
---@field response_format? "json"|"text"|"srt"|"verbose_json"|"vtt"
---@field temperature? number
---@field [string] any

--- `POST /audio/translations`.
---@param params? lualogue.api.Audio.Translations.CreateParams
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_4:create(params, options) end

---@class lualogue.api.Audio.VoiceConsents
local resource_5 = {}

---@class lualogue.api.Audio.VoiceConsents.CreateParams
---@field language string
---@field name string
---@field recording lualogue.File
---@field [string] any

---@class lualogue.api.VoiceConsentResourceObject
---@field created_at integer
---@field id string
---@field language string
---@field name string
---@field object "audio.voice_consent"
---@field meta? lualogue.Meta of a reply

--- `POST /audio/voice_consents`.
---@param params? lualogue.api.Audio.VoiceConsents.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VoiceConsentResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_5:create(params, options) end

---@class lualogue.api.VoiceConsentDeletedResourceObject
---@field deleted boolean
---@field id string
---@field object "audio.voice_consent"
---@field meta? lualogue.Meta of a reply

--- `DELETE /audio/voice_consents/{consent_id}`.
---@param consent_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VoiceConsentDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_5:delete(consent_id, params, options) end

---@class lualogue.api.Audio.VoiceConsents.ListParams
---@field after? string
---@field limit? integer
---@field [string] any

--- `GET /audio/voice_consents`.
---@param params? lualogue.api.Audio.VoiceConsents.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.VoiceConsentResourceObject
function resource_5:list(params, options) end

--- `GET /audio/voice_consents/{consent_id}`.
---@param consent_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VoiceConsentResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_5:retrieve(consent_id, params, options) end

---@class lualogue.api.Audio.VoiceConsents.UpdateParams
---@field name string
---@field [string] any

--- `POST /audio/voice_consents/{consent_id}`.
---@param consent_id string
---@param params? lualogue.api.Audio.VoiceConsents.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VoiceConsentResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_5:update(consent_id, params, options) end

---@class lualogue.api.Audio.Voices
local resource_6 = {}

---@class lualogue.api.Audio.Voices.CreateParams
---@field audio_sample lualogue.File
---@field consent string
---@field name string
---@field [string] any

---@class lualogue.api.VoiceResourceObject
---@field created_at integer
---@field id string
---@field name string
---@field object "audio.voice"
---@field meta? lualogue.Meta of a reply

--- `POST /audio/voices`.
---@param params? lualogue.api.Audio.Voices.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VoiceResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_6:create(params, options) end
