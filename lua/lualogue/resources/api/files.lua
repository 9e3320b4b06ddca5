-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  content = { "GET", "/files/{file_id}/content", answer = "bytes" },
  create = { "POST", "/files", body = "multipart", files = "file" },
  delete = { "DELETE", "/files/{file_id}" },
  list = { "GET", "/files", query = "purpose limit order after", page = "after" },
  retrieve = { "GET", "/files/{file_id}" },
}
