-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  create = { "POST", "/videos", body = "json or multipart" },
  create_character = { "POST", "/videos/characters", body = "multipart", files = "video" },
  delete = { "DELETE", "/videos/{video_id}" },
  download_content = { "GET", "/videos/{video_id}/content", query = "variant", answer = "bytes" },
  edit = { "POST", "/videos/edits", body = "json or multipart" },
  extend = { "POST", "/videos/extensions", body = "json or multipart" },
  get_character = { "GET", "/videos/characters/{character_id}" },
  list = { "GET", "/videos", query = "limit order after", page = "after" },
  remix = { "POST", "/videos/{video_id}/remix", body = "json or multipart" },
  retrieve = { "GET", "/videos/{video_id}" },
}
