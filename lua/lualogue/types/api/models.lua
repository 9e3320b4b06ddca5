---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Models
local resource_1 = {}

---@class lualogue.api.DeleteModelResponseObject
---@field deleted boolean
---@field id string
---@field object string
---@field meta? lualogue.Meta of a reply

--- `DELETE /models/{model}`.
---@param model string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteModelResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:delete(model, params, options) end

---@class lualogue.api.ModelObject
---@field created integer
---@field id string
---@field object "model"
---@field owned_by string
---@field shutdown_date? string
---@field meta? lualogue.Meta of a reply

--- `GET /models`.
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ModelObject
function resource_1:list(params, options) end

--- `GET /models/{model}`.
---@param model string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ModelObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(model, params, options) end
