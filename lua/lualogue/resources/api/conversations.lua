-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create = { "POST", "/conversations", body = "json" },
  delete = { "DELETE", "/conversations/{conversation_id}" },
  ["items.create"] = { "POST", "/conversations/{conversation_id}/items",
    query = "include", body = "json" },
  ["items.delete"] = { "DELETE", "/conversations/{conversation_id}/items/{item_id}" },
  ["items.list"] = { "GET", "/conversations/{conversation_id}/items",
    query = "limit order after include", page = "after" },
  ["items.retrieve"] = { "GET", "/conversations/{conversation_id}/items/{item_id}",
    query = "include" },
  retrieve = { "GET", "/conversations/{conversation_id}" },
  update = { "POST", "/conversations/{conversation_id}", body = "json" },
}
