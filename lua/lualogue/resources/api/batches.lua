-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  cancel = { "POST", "/batches/{batch_id}/cancel" },
  create = { "POST", "/batches", body = "json" },
  list = { "GET", "/batches", query = "after limit", page = "after" },
  retrieve = { "GET", "/batches/{batch_id}" },
}
