-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create = { "POST", "/moderations", body = "json" },
}
