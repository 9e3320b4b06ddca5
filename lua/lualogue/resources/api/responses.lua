-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  cancel = { "POST", "/responses/{response_id}/cancel" },
  compact = { "POST", "/responses/compact", body = "json", model = true },
  create = { "POST", "/responses", body = "json", model = true, streams = true },
  delete = { "DELETE", "/responses/{response_id}", answer = "nothing" },
  ["input_items.list"] = { "GET", "/responses/{response_id}/input_items",
    query = "limit order after include", page = "after" },
  ["input_tokens.count"] = { "POST", "/responses/input_tokens", body = "json", model = true },
  retrieve = { "GET", "/responses/{response_id}",
    query = "include stream starting_after include_obfuscation", streams = true },
}
