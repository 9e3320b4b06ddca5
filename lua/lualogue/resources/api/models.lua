-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  delete = { "DELETE", "/models/{model}" },
  list = { "GET", "/models", page = true },
  retrieve = { "GET", "/models/{model}" },
}
