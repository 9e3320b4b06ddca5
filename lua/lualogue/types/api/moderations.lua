---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Moderations
local resource_1 = {}

---@class lualogue.api.Moderations.CreateParams
---@field input string|string[]|table[]
---@field model? string
---@field [string] any

---@class lualogue.api.CreateModerationResponseObject
---@field id string
---@field model string
---@field results table[]
---@field meta? lualogue.Meta of a reply

--- `POST /moderations`.
---@param params? lualogue.api.Moderations.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CreateModerationResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end
