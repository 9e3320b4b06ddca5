---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.FineTuning
---@field alpha lualogue.api.FineTuning.Alpha
---@field checkpoints lualogue.api.FineTuning.Checkpoints
---@field jobs lualogue.api.FineTuning.Jobs
local resource_1 = {}

---@class lualogue.api.FineTuning.Alpha
---@field graders lualogue.api.FineTuning.Alpha.Graders
local resource_2 = {}

---@class lualogue.api.FineTuning.Alpha.Graders
local resource_3 = {}

---@class lualogue.api.FineTuning.Alpha.Graders.RunParams
---@field grader table
---@field item? table
---@field model_sample string
---@field [string] any

---@class lualogue.api.RunGraderResponseObject
---@field metadata table
---@field model_grader_token_usage_per_model table
---@field reward number
---@field sub_rewards table
---@field meta? lualogue.Meta of a reply

--- `POST /fine_tuning/alpha/graders/run`.
---@param params? lualogue.api.FineTuning.Alpha.Graders.RunParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RunGraderResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_3:run(params, options) end

---@class lualogue.api.FineTuning.Alpha.Graders.ValidateParams
---@field grader table
---@field [string] any

---@class lualogue.api.ValidateGraderResponseObject
---@field grader? table
---@field meta? lualogue.Meta of a reply

--- `POST /fine_tuning/alpha/graders/validate`.
---@param params? lualogue.api.FineTuning.Alpha.Graders.ValidateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ValidateGraderResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_3:validate(params, options) end

---@class lualogue.api.FineTuning.Checkpoints
---@field permissions lualogue.api.FineTuning.Checkpoints.Permissions
local resource_4 = {}

---@class lualogue.api.FineTuning.Checkpoints.Permissions
local resource_5 = {}

---@class lualogue.api.FineTuning.Checkpoints.Permissions.CreateParams
---@field project_ids string[]
---@field [string] any

---@class lualogue.api.ListFineTuningCheckpointPermissionResponseObject
---@field data table[]
---@field first_id? string
---@field has_more boolean
---@field last_id? string
---@field object "list"
---@field meta? lualogue.Meta of a reply

--- `POST /fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions`.
---@param fine_tuned_model_checkpoint string
---@param params? lualogue.api.FineTuning.Checkpoints.Permissions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ListFineTuningCheckpointPermissionResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_5:create(fine_tuned_model_checkpoint, params, options) end

---@class lualogue.api.DeleteFineTuningCheckpointPermissionResponseObject
---@field deleted boolean
---@field id string
---@field object "checkpoint.permission"
---@field meta? lualogue.Meta of a reply

--- `DELETE /fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions/{permission_id}`.
---@param fine_tuned_model_checkpoint string
---@param permission_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteFineTuningCheckpointPermissionResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_5:delete(fine_tuned_model_checkpoint, permission_id, params, options) end

---@class lualogue.api.FineTuning.Checkpoints.Permissions.ListParams
---@field after? string
---@field limit? integer
---@field order? "ascending"|"descending"
---@field project_id? string
---@field [string] any

---@class lualogue.api.FineTuningCheckpointPermissionObject
---@field created_at integer
---@field id string
---@field object "checkpoint.permission"
---@field project_id string
---@field meta? lualogue.Meta of a reply

--- `GET /fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions`.
---@param fine_tuned_model_checkpoint string
---@param params? lualogue.api.FineTuning.Checkpoints.Permissions.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.FineTuningCheckpointPermissionObject
function resource_5:list(fine_tuned_model_checkpoint, params, options) end

---@class lualogue.api.FineTuning.Jobs
---@field checkpoints lualogue.api.FineTuning.Jobs.Checkpoints
local resource_6 = {}

---@class lualogue.api.FineTuningJobObject
---@field created_at integer
---@field error table
---@field estimated_finish? integer
---@field fine_tuned_model string
---@field finished_at integer
---@field hyperparameters table
---@field id string
---@field integrations? table[]
---@field metadata? table
---@field method? table
---@field model string
---@field object "fine_tuning.job"
---@field organization_id string
---@field result_files string[]
---@field seed integer
---@field status string
---@field trained_tokens integer
---@field training_file string
---@field validation_file string
---@field meta? lualogue.Meta of a reply

--- `POST /fine_tuning/jobs/{fine_tuning_job_id}/cancel`.
---@param fine_tuning_job_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.FineTuningJobObject? reply the server's own
---@return lualogue.Error? err
function resource_6:cancel(fine_tuning_job_id, params, options) end

---@class lualogue.api.FineTuning.Jobs.CreateParams
---@field hyperparameters? table
---@field integrations? table[]
---@field metadata? table
---@field method? table
---@field model string
---@field seed? integer
---@field suffix? string
---@field training_file string
---@field validation_file? string
---@field [string] any

--- `POST /fine_tuning/jobs`.
---@param params? lualogue.api.FineTuning.Jobs.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.FineTuningJobObject? reply the server's own
---@return lualogue.Error? err
function resource_6:create(params, options) end

---@class lualogue.api.FineTuning.Jobs.ListParams
---@field after? string
---@field limit? integer
---@field metadata? table
---@field [string] any

--- `GET /fine_tuning/jobs`.
---@param params? lualogue.api.FineTuning.Jobs.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.FineTuningJobObject
function resource_6:list(params, options) end

---@class lualogue.api.FineTuning.Jobs.ListEventsParams
---@field after? string
---@field limit? integer
---@field [string] any

---@class lualogue.api.FineTuningJobEventObject
---@field created_at integer
---@field data? table
---@field id string
---@field level "info"|"warn"|"error"
---@field message string
---@field object "fine_tuning.job.event"
---@field type? "message"|"metrics"
---@field meta? lualogue.Meta of a reply

--- `GET /fine_tuning/jobs/{fine_tuning_job_id}/events`.
---@param fine_tuning_job_id string
---@param params? lualogue.api.FineTuning.Jobs.ListEventsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.FineTuningJobEventObject
function resource_6:list_events(fine_tuning_job_id, params, options) end

--- `POST /fine_tuning/jobs/{fine_tuning_job_id}/pause`.
---@param fine_tuning_job_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.FineTuningJobObject? reply the server's own
---@return lualogue.Error? err
function resource_6:pause(fine_tuning_job_id, params, options) end

--- `POST /fine_tuning/jobs/{fine_tuning_job_id}/resume`.
---@param fine_tuning_job_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.FineTuningJobObject? reply the server's own
---@return lualogue.Error? err
function resource_6:resume(fine_tuning_job_id, params, options) end

--- `GET /fine_tuning/jobs/{fine_tuning_job_id}`.
---@param fine_tuning_job_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.FineTuningJobObject? reply the server's own
---@return lualogue.Error? err
function resource_6:retrieve(fine_tuning_job_id, params, options) end

---@class lualogue.api.FineTuning.Jobs.Checkpoints
local resource_7 = {}

---@class lualogue.api.FineTuning.Jobs.Checkpoints.ListParams
---@field after? string
---@field limit? integer
---@field [string] any

---@class lualogue.api.FineTuningJobCheckpointObject
---@field created_at integer
---@field fine_tuned_model_checkpoint string
---@field fine_tuning_job_id string
---@field id string
---@field metrics table
---@field object "fine_tuning.job.checkpoint"
---@field step_number integer
---@field meta? lualogue.Meta of a reply

--- `GET /fine_tuning/jobs/{fine_tuning_job_id}/checkpoints`.
---@param fine_tuning_job_id string
---@param params? lualogue.api.FineTuning.Jobs.Checkpoints.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.FineTuningJobCheckpointObject
function resource_7:list(fine_tuning_job_id, params, options) end
