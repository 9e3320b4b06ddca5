---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Models
local resource_1 = {}

--- `DELETE /models/{model}`.
---@param model string
---@param params? table
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_1:delete(model, params, options) end

--- `GET /models`.
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages
function resource_1:list(params, options) end

--- `GET /models/{model}`.
---@param model string
---@param params? table
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(model, params, options) end
