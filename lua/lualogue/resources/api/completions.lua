-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create = { "POST", "/completions", body = "json", model = true, streams = true },
}
