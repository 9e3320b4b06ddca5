-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  ["completions.create"] = { "POST", "/chat/completions", body = "json", streams = true },
  ["completions.delete"] = { "DELETE", "/chat/completions/{completion_id}" },
  ["completions.list"] = { "GET", "/chat/completions",
    query = "model metadata after limit order", page = "after" },
  ["completions.messages.list"] = { "GET", "/chat/completions/{completion_id}/messages",
    query = "after limit order", page = "after" },
  ["completions.retrieve"] = { "GET", "/chat/completions/{completion_id}" },
  ["completions.update"] = { "POST", "/chat/completions/{completion_id}", body = "json" },
}
