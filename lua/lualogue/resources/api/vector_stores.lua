-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create = { "POST", "/vector_stores", body = "json" },
  delete = { "DELETE", "/vector_stores/{vector_store_id}" },
  ["file_batches.cancel"] = {
    "POST", "/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel",
     },
  ["file_batches.create"] = { "POST", "/vector_stores/{vector_store_id}/file_batches",
    body = "json" },
  ["file_batches.list_files"] = {
    "GET", "/vector_stores/{vector_store_id}/file_batches/{batch_id}/files",
    query = "limit order after before filter", page = "after" },
  ["file_batches.retrieve"] = { "GET", "/vector_stores/{vector_store_id}/file_batches/{batch_id}" },
  ["files.content"] = { "GET", "/vector_stores/{vector_store_id}/files/{file_id}/content" },
  ["files.create"] = { "POST", "/vector_stores/{vector_store_id}/files", body = "json" },
  ["files.delete"] = { "DELETE", "/vector_stores/{vector_store_id}/files/{file_id}" },
  ["files.list"] = { "GET", "/vector_stores/{vector_store_id}/files",
    query = "limit order after before filter", page = "after" },
  ["files.retrieve"] = { "GET", "/vector_stores/{vector_store_id}/files/{file_id}" },
  ["files.update"] = { "POST", "/vector_stores/{vector_store_id}/files/{file_id}", body = "json" },
  list = { "GET", "/vector_stores", query = "limit order after before", page = "after" },
  retrieve = { "GET", "/vector_stores/{vector_store_id}" },
  search = { "POST", "/vector_stores/{vector_store_id}/search", body = "json" },
  update = { "POST", "/vector_stores/{vector_store_id}", body = "json" },
}
