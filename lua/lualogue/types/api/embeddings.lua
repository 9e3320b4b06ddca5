---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Embeddings
local resource_1 = {}

---@class lualogue.api.Embeddings.CreateParams
---@field dimensions? integer
---@field encoding_format? "float"|"base64"
---@field input string|string[]|integer[]|integer[][]
---@field model string
---@field user? string
---@field [string] any

---@class lualogue.api.CreateEmbeddingResponseObject
---@field data table[]
---@field model string
---@field object "list"
---@field usage table
---@field meta? lualogue.Meta of a reply

--- `POST /embeddings`.
---@param params? lualogue.api.Embeddings.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CreateEmbeddingResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end
