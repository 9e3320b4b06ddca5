---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.ContentProvenanceChecks
local resource_1 = {}

---@class lualogue.api.ContentProvenanceChecks.CreateParams
---@field file string
---@field [string] any

--- `POST /content_provenance_checks`.
---@param params? lualogue.api.ContentProvenanceChecks.CreateParams
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end
