---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Files
local resource_1 = {}

--- `GET /files/{file_id}/content`.
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return string|lualogue.Saved|lualogue.ByteStream|nil bytes
---@return lualogue.Error? err
function resource_1:content(file_id, params, options) end

---@class lualogue.api.Files.CreateParams
---@field expires_after? table
---@field file lualogue.File
---@field purpose string
---@field [string] any

---@class lualogue.api.OpenAIFileObject
---@field bytes integer
---@field created_at integer
---@field expires_at? integer
---@field filename string
---@field id string
---@field object "file"
---@field purpose string
---@field status "uploaded"|"processed"|"error"
---@field status_details? string
---@field meta? lualogue.Meta of a reply

--- `POST /files`.
---@param params? lualogue.api.Files.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OpenAIFileObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

---@class lualogue.api.DeleteFileResponseObject
---@field deleted boolean
---@field id string
---@field object "file"
---@field meta? lualogue.Meta of a reply

--- `DELETE /files/{file_id}`.
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteFileResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:delete(file_id, params, options) end

---@class lualogue.api.Files.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field purpose? string
---@field [string] any

--- `GET /files`.
---@param params? lualogue.api.Files.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.OpenAIFileObject
function resource_1:list(params, options) end

--- `GET /files/{file_id}`.
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.OpenAIFileObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(file_id, params, options) end
