---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Containers
---@field files lualogue.api.Containers.Files
local resource_1 = {}

---@class lualogue.api.Containers.CreateParams
---@field expires_after? table
---@field file_ids? string[]
---@field memory_limit? "1g"|"4g"|"16g"|"64g"
---@field name string
---@field network_policy? table
---@field skills? table[]
---@field [string] any

---@class lualogue.api.ContainerResourceObject
---@field created_at integer
---@field expires_after? table
---@field id string
---@field last_active_at? integer
---@field memory_limit? "1g"|"4g"|"16g"|"64g"
---@field name string
---@field network_policy? table
---@field object string
---@field status string
---@field meta? lualogue.Meta of a reply

--- `POST /containers`.
---@param params? lualogue.api.Containers.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ContainerResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

--- `DELETE /containers/{container_id}`.
---@param container_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table|true|nil reply
---@return lualogue.Error? err
function resource_1:delete(container_id, params, options) end

---@class lualogue.api.Containers.ListParams
---@field after? string
---@field limit? integer
---@field name? string
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /containers`.
---@param params? lualogue.api.Containers.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ContainerResourceObject
function resource_1:list(params, options) end

--- `GET /containers/{container_id}`.
---@param container_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ContainerResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(container_id, params, options) end

---@class lualogue.api.Containers.Files
---@field content lualogue.api.Containers.Files.Content
local resource_2 = {}

---@class lualogue.api.Containers.Files.CreateParams
---@field file? lualogue.File
---@field file_id? string
---@field [string] any

---@class lualogue.api.ContainerFileResourceObject
---@field bytes integer
---@field container_id string
---@field created_at integer
---@field id string
---@field object string
---@field path string
---@field source string
---@field meta? lualogue.Meta of a reply

--- `POST /containers/{container_id}/files`.
---@param container_id string
---@param params? lualogue.api.Containers.Files.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ContainerFileResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_2:create(container_id, params, options) end

--- `DELETE /containers/{container_id}/files/{file_id}`.
---@param container_id string
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table|true|nil reply
---@return lualogue.Error? err
function resource_2:delete(container_id, file_id, params, options) end

---@class lualogue.api.Containers.Files.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /containers/{container_id}/files`.
---@param container_id string
---@param params? lualogue.api.Containers.Files.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ContainerFileResourceObject
function resource_2:list(container_id, params, options) end

--- `GET /containers/{container_id}/files/{file_id}`.
---@param container_id string
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ContainerFileResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_2:retrieve(container_id, file_id, params, options) end

---@class lualogue.api.Containers.Files.Content
local resource_3 = {}

--- `GET /containers/{container_id}/files/{file_id}/content`.
---@param container_id string
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return string|lualogue.Saved|lualogue.ByteStream|nil bytes
---@return lualogue.Error? err
function resource_3:retrieve(container_id, file_id, params, options) end
