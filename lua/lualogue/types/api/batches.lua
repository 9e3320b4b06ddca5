---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Batches
local resource_1 = {}

---@class lualogue.api.BatchObject
---@field cancelled_at? integer
---@field cancelling_at? integer
---@field completed_at? integer
---@field completion_window string
---@field created_at integer
---@field endpoint string
---@field error_file_id? string
---@field errors? table
---@field expired_at? integer
---@field expires_at? integer
---@field failed_at? integer
---@field finalizing_at? integer
---@field id string
---@field in_progress_at? integer
---@field input_file_id string
---@field metadata? table
---@field model? string
---@field object "batch"
---@field output_file_id? string
---@field request_counts? table
---@field status string
---@field usage? table
---@field meta? lualogue.Meta of a reply

--- `POST /batches/{batch_id}/cancel`.
---@param batch_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.BatchObject? reply the server's own
---@return lualogue.Error? err
function resource_1:cancel(batch_id, params, options) end

---@class lualogue.api.Batches.CreateParams
---@field completion_window "24h"
---@field endpoint string
---@field input_file_id string
---@field metadata? table
---@field output_expires_after? table
---@field [string] any

--- `POST /batches`.
---@param params? lualogue.api.Batches.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.BatchObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

---@class lualogue.api.Batches.ListParams
---@field after? string
---@field limit? integer
---@field [string] any

--- `GET /batches`.
---@param params? lualogue.api.Batches.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.BatchObject
function resource_1:list(params, options) end

--- `GET /batches/{batch_id}`.
---@param batch_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.BatchObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(batch_id, params, options) end
