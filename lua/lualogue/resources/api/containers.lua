-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create = { "POST", "/containers", body = "json" },
  delete = { "DELETE", "/containers/{container_id}", answer = "nothing" },
  ["files.content.retrieve"] = { "GET", "/containers/{container_id}/files/{file_id}/content",
    answer = "bytes" },
  ["files.create"] = { "POST", "/containers/{container_id}/files", body = "json or multipart" },
  ["files.delete"] = { "DELETE", "/containers/{container_id}/files/{file_id}", answer = "nothing" },
  ["files.list"] = { "GET", "/containers/{container_id}/files",
    query = "limit order after", page = "after" },
  ["files.retrieve"] = { "GET", "/containers/{container_id}/files/{file_id}" },
  list = { "GET", "/containers", query = "limit order after name", page = "after" },
  retrieve = { "GET", "/containers/{container_id}" },
}
