-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create = { "POST", "/content_provenance_checks", body = "multipart", files = "file" },
}
