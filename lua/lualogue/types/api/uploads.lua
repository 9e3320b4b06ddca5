---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Uploads
---@field parts lualogue.api.Uploads.Parts
local resource_1 = {}

---@class lualogue.api.UploadObject
---@field bytes integer
---@field created_at integer
---@field expires_at integer
---@field file? table
---@field filename string
---@field id string
---@field object? "upload"
---@field purpose string
---@field status "pending"|"completed"|"cancelled"|"expired"
---@field meta? lualogue.Meta of a reply

--- `POST /uploads/{upload_id}/cancel`.
---@param upload_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.UploadObject? reply the server's own
---@return lualogue.Error? err
function resource_1:cancel(upload_id, params, options) end

---@class lualogue.api.Uploads.CompleteParams
---@field md5? string
---@field part_ids string[]
---@field [string] any

--- `POST /uploads/{upload_id}/complete`.
---@param upload_id string
---@param params? lualogue.api.Uploads.CompleteParams
---@param options? lualogue.CallOptions
---@return lualogue.api.UploadObject? reply the server's own
---@return lualogue.Error? err
function resource_1:complete(upload_id, params, options) end

---@class lualogue.api.Uploads.CreateParams
---@field bytes integer
---@field expires_after? table
---@field filename string
---@field mime_type string
---@field purpose "assistants"|"batch"|"fine-tune"|"vision"
---@field [string] any

--- `POST /uploads`.
---@param params? lualogue.api.Uploads.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.UploadObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

---@class lualogue.api.Uploads.Parts
local resource_2 = {}

---@class lualogue.api.Uploads.Parts.CreateParams
---@field data lualogue.File
---@field [string] any

---@class lualogue.api.UploadPartObject
---@field created_at integer
---@field id string
---@field object "upload.part"
---@field upload_id string
---@field meta? lualogue.Meta of a reply

--- `POST /uploads/{upload_id}/parts`.
---@param upload_id string
---@param params? lualogue.api.Uploads.Parts.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.UploadPartObject? reply the server's own
---@return lualogue.Error? err
function resource_2:create(upload_id, params, options) end
