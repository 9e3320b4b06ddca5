---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Files
local resource_1 = {}

--- `GET /files/{file_id}/content`.
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return string? bytes
---@return lualogue.Error? err
function resource_1:content(file_id, params, options) end

---@class lualogue.api.Files.CreateParams
---@field expires_after? table
---@field file string
---@field purpose string
---@field [string] any

--- `POST /files`.
---@param params? lualogue.api.Files.CreateParams
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

--- `DELETE /files/{file_id}`.
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table? reply the server's own
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
---@return lualogue.Pages pages
function resource_1:list(params, options) end

--- `GET /files/{file_id}`.
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(file_id, params, options) end
