-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  ["alpha.graders.run"] = { "POST", "/fine_tuning/alpha/graders/run", body = "json" },
  ["alpha.graders.validate"] = { "POST", "/fine_tuning/alpha/graders/validate", body = "json" },
  ["checkpoints.permissions.create"] = {
    "POST", "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions",
    body = "json" },
  ["checkpoints.permissions.delete"] = {
    "DELETE", "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions/{permission_id}",
     },
  ["checkpoints.permissions.list"] = {
    "GET", "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions",
    query = "project_id after limit order", page = "after" },
  ["jobs.cancel"] = { "POST", "/fine_tuning/jobs/{fine_tuning_job_id}/cancel" },
  ["jobs.checkpoints.list"] = { "GET", "/fine_tuning/jobs/{fine_tuning_job_id}/checkpoints",
    query = "after limit", page = "after" },
  ["jobs.create"] = { "POST", "/fine_tuning/jobs", body = "json" },
  ["jobs.list"] = { "GET", "/fine_tuning/jobs", query = "after limit metadata", page = "after" },
  ["jobs.list_events"] = { "GET", "/fine_tuning/jobs/{fine_tuning_job_id}/events",
    query = "after limit", page = "after" },
  ["jobs.pause"] = { "POST", "/fine_tuning/jobs/{fine_tuning_job_id}/pause" },
  ["jobs.resume"] = { "POST", "/fine_tuning/jobs/{fine_tuning_job_id}/resume" },
  ["jobs.retrieve"] = { "GET", "/fine_tuning/jobs/{fine_tuning_job_id}" },
}
