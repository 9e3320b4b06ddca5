-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  ["content.retrieve"] = { "GET", "/skills/{skill_id}/content", answer = "bytes" },
  create = { "POST", "/skills", body = "json or multipart" },
  delete = { "DELETE", "/skills/{skill_id}" },
  list = { "GET", "/skills", query = "limit order after", page = "after" },
  retrieve = { "GET", "/skills/{skill_id}" },
  update = { "POST", "/skills/{skill_id}", body = "json" },
  ["versions.content.retrieve"] = { "GET", "/skills/{skill_id}/versions/{version}/content",
    answer = "bytes" },
  ["versions.create"] = { "POST", "/skills/{skill_id}/versions", body = "json or multipart" },
  ["versions.delete"] = { "DELETE", "/skills/{skill_id}/versions/{version}" },
  ["versions.list"] = { "GET", "/skills/{skill_id}/versions",
    query = "limit order after", page = "after" },
  ["versions.retrieve"] = { "GET", "/skills/{skill_id}/versions/{version}" },
}
