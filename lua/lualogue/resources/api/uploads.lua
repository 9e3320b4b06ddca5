-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  cancel = { "POST", "/uploads/{upload_id}/cancel" },
  complete = { "POST", "/uploads/{upload_id}/complete", body = "json" },
  create = { "POST", "/uploads", body = "json" },
  ["parts.create"] = { "POST", "/uploads/{upload_id}/parts", body = "multipart", files = "data" },
}
