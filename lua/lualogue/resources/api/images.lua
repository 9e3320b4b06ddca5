-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create_variation = { "POST", "/images/variations", body = "multipart", files = "image" },
  edit = { "POST", "/images/edits", body = "json or multipart", streams = true },
  generate = { "POST", "/images/generations", body = "json", streams = true },
}
