---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Evals
---@field runs lualogue.api.Evals.Runs
local resource_1 = {}

---@class lualogue.api.Evals.CreateParams
---@field data_source_config table
---@field metadata? table
---@field name? string
---@field testing_criteria table[]
---@field [string] any

---@class lualogue.api.EvalObject
---@field created_at integer
---@field data_source_config table
---@field id string
---@field metadata table
---@field name string
---@field object "eval"
---@field testing_criteria table[]
---@field meta? lualogue.Meta of a reply

--- `POST /evals`.
---@param params? lualogue.api.Evals.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.EvalObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

--- `DELETE /evals/{eval_id}`.
---@param eval_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_1:delete(eval_id, params, options) end

---@class lualogue.api.Evals.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field order_by? "created_at"|"updated_at"
---@field [string] any

--- `GET /evals`.
---@param params? lualogue.api.Evals.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.EvalObject
function resource_1:list(params, options) end

--- `GET /evals/{eval_id}`.
---@param eval_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.EvalObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(eval_id, params, options) end

---@class lualogue.api.Evals.UpdateParams
---@field metadata? table
---@field name? string
---@field [string] any

--- `POST /evals/{eval_id}`.
---@param eval_id string
---@param params? lualogue.api.Evals.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.EvalObject? reply the server's own
---@return lualogue.Error? err
function resource_1:update(eval_id, params, options) end

---@class lualogue.api.Evals.Runs
---@field output_items lualogue.api.Evals.Runs.OutputItems
local resource_2 = {}

---@class lualogue.api.EvalRunObject
---@field created_at integer
---@field data_source table
---@field error table
---@field eval_id string
---@field id string
---@field metadata table
---@field model string
---@field name string
---@field object "eval.run"
---@field per_model_usage table[]
---@field per_testing_criteria_results table[]
---@field report_url string
---@field result_counts table
---@field status string
---@field meta? lualogue.Meta of a reply

--- `POST /evals/{eval_id}/runs/{run_id}`.
---@param eval_id string
---@param run_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.EvalRunObject? reply the server's own
---@return lualogue.Error? err
function resource_2:cancel(eval_id, run_id, params, options) end

---@class lualogue.api.Evals.Runs.CreateParams
---@field data_source table
---@field metadata? table
---@field name? string
---@field [string] any

--- `POST /evals/{eval_id}/runs`.
---@param eval_id string
---@param params? lualogue.api.Evals.Runs.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.EvalRunObject? reply the server's own
---@return lualogue.Error? err
function resource_2:create(eval_id, params, options) end

--- `DELETE /evals/{eval_id}/runs/{run_id}`.
---@param eval_id string
---@param run_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_2:delete(eval_id, run_id, params, options) end

---@class lualogue.api.Evals.Runs.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field status? "queued"|"in_progress"|"completed"|"canceled"|"failed"
---@field [string] any

--- `GET /evals/{eval_id}/runs`.
---@param eval_id string
---@param params? lualogue.api.Evals.Runs.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.EvalRunObject
function resource_2:list(eval_id, params, options) end

--- `GET /evals/{eval_id}/runs/{run_id}`.
---@param eval_id string
---@param run_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.EvalRunObject? reply the server's own
---@return lualogue.Error? err
function resource_2:retrieve(eval_id, run_id, params, options) end

---@class lualogue.api.Evals.Runs.OutputItems
local resource_3 = {}

---@class lualogue.api.Evals.Runs.OutputItems.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field status? "fail"|"pass"
---@field [string] any

---@class lualogue.api.EvalRunOutputItemObject
---@field created_at integer
---@field datasource_item table
---@field datasource_item_id integer
---@field eval_id string
---@field id string
---@field object "eval.run.output_item"
---@field results table[]
---@field run_id string
---@field sample table
---@field status string
---@field meta? lualogue.Meta of a reply

--- `GET /evals/{eval_id}/runs/{run_id}/output_items`.
---@param eval_id string
---@param run_id string
---@param params? lualogue.api.Evals.Runs.OutputItems.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.EvalRunOutputItemObject
function resource_3:list(eval_id, run_id, params, options) end

--- `GET /evals/{eval_id}/runs/{run_id}/output_items/{output_item_id}`.
---@param eval_id string
---@param run_id string
---@param output_item_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.EvalRunOutputItemObject? reply the server's own
---@return lualogue.Error? err
function resource_3:retrieve(eval_id, run_id, output_item_id, params, options) end
