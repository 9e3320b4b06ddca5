---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Videos
local resource_1 = {}

---@class lualogue.api.Videos.CreateParams
---@field input_reference? table
---@field model? string
---@field prompt string
---@field seconds? "4"|"8"|"12"
---@field size? "720x1280"|"1280x720"|"1024x1792"|"1792x1024"
---@field [string] any

---@class lualogue.api.VideoResourceObject
---@field completed_at integer
---@field created_at integer
---@field error table
---@field expires_at integer
---@field id string
---@field model string
---@field object "video"
---@field progress integer
---@field prompt string
---@field remixed_from_video_id string
---@field seconds string
---@field size "720x1280"|"1280x720"|"1024x1792"|"1792x1024"
---@field status "queued"|"in_progress"|"completed"|"failed"
---@field meta? lualogue.Meta of a reply

--- `POST /videos`.
---@param params? lualogue.api.Videos.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VideoResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

---@class lualogue.api.Videos.CreateCharacterParams
---@field name string
---@field video lualogue.File
---@field [string] any

---@class lualogue.api.VideoCharacterResourceObject
---@field created_at integer
---@field id string
---@field name string
---@field meta? lualogue.Meta of a reply

--- `POST /videos/characters`.
---@param params? lualogue.api.Videos.CreateCharacterParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VideoCharacterResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create_character(params, options) end

---@class lualogue.api.DeletedVideoResourceObject
---@field deleted boolean
---@field id string
---@field object "video.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /videos/{video_id}`.
---@param video_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedVideoResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:delete(video_id, params, options) end

---@class lualogue.api.Videos.DownloadContentParams
---@field variant? "video"|"thumbnail"|"spritesheet"
---@field [string] any

--- `GET /videos/{video_id}/content`.
---@param video_id string
---@param params? lualogue.api.Videos.DownloadContentParams
---@param options? lualogue.CallOptions
---@return string|lualogue.Saved|lualogue.ByteStream|nil bytes
---@return lualogue.Error? err
function resource_1:download_content(video_id, params, options) end

---@class lualogue.api.Videos.EditParams
---@field prompt string
---@field video table
---@field [string] any

--- `POST /videos/edits`.
---@param params? lualogue.api.Videos.EditParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VideoResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:edit(params, options) end

---@class lualogue.api.Videos.ExtendParams
---@field prompt string
---@field seconds "4"|"8"|"12"
---@field video table
---@field [string] any

--- `POST /videos/extensions`.
---@param params? lualogue.api.Videos.ExtendParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VideoResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:extend(params, options) end

--- `GET /videos/characters/{character_id}`.
---@param character_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VideoCharacterResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:get_character(character_id, params, options) end

---@class lualogue.api.Videos.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /videos`.
---@param params? lualogue.api.Videos.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.VideoResourceObject
function resource_1:list(params, options) end

---@class lualogue.api.Videos.RemixParams
---@field prompt string
---@field [string] any

--- `POST /videos/{video_id}/remix`.
---@param video_id string
---@param params? lualogue.api.Videos.RemixParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VideoResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:remix(video_id, params, options) end

--- `GET /videos/{video_id}`.
---@param video_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VideoResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(video_id, params, options) end
