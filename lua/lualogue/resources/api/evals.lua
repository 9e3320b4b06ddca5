-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create = { "POST", "/evals", body = "json" },
  delete = { "DELETE", "/evals/{eval_id}" },
  list = { "GET", "/evals", query = "after limit order order_by", page = "after" },
  retrieve = { "GET", "/evals/{eval_id}" },
  ["runs.cancel"] = { "POST", "/evals/{eval_id}/runs/{run_id}" },
  ["runs.create"] = { "POST", "/evals/{eval_id}/runs", body = "json" },
  ["runs.delete"] = { "DELETE", "/evals/{eval_id}/runs/{run_id}" },
  ["runs.list"] = { "GET", "/evals/{eval_id}/runs",
    query = "after limit order status", page = "after" },
  ["runs.output_items.list"] = { "GET", "/evals/{eval_id}/runs/{run_id}/output_items",
    query = "after limit status order", page = "after" },
  ["runs.output_items.retrieve"] = {
    "GET", "/evals/{eval_id}/runs/{run_id}/output_items/{output_item_id}",
     },
  ["runs.retrieve"] = { "GET", "/evals/{eval_id}/runs/{run_id}" },
  update = { "POST", "/evals/{eval_id}", body = "json" },
}
