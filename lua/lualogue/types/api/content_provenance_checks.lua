---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.ContentProvenanceChecks
local resource_1 = {}

---@class lualogue.api.ContentProvenanceChecks.CreateParams
---@field file lualogue.File
---@field [string] any

---@class lualogue.api.ProvenanceResourceObject
---@field created_at integer
---@field object "content_provenance_check"
---@field results table[]
---@field meta? lualogue.Meta of a reply

--- `POST /content_provenance_checks`.
---@param params? lualogue.api.ContentProvenanceChecks.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProvenanceResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end
