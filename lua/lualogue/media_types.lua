--- Media types by the end of a file's name: of what is sent to models, or what they answer with.

local BY_EXTENSION = {
  csv = "text/csv", html = "text/html", lua = "text/x-lua", md = "text/markdown",
  txt = "text/plain", json = "application/json", pdf = "application/pdf", xml = "application/xml",
  zip = "application/zip",
  docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  gif = "image/gif", jpeg = "image/jpeg", jpg = "image/jpeg", png = "image/png",
  webp = "image/webp",
  flac = "audio/flac", m4a = "audio/mp4", mp3 = "audio/mpeg", mpga = "audio/mpeg",
  oga = "audio/ogg", ogg = "audio/ogg", opus = "audio/opus", wav = "audio/wav",
  mp4 = "video/mp4", mpeg = "video/mpeg", webm = "video/webm",
}

local media_types = {}

--- The media type of a file of this name.
---@param name string
---@return string? type nil where its end says nothing
function media_types.of(name)
  local extension = name:match "%.(%w+)$"
  return extension and BY_EXTENSION[extension:lower()]
end

return media_types
