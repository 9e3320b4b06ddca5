-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  ["speech.create"] = { "POST", "/audio/speech", body = "json", streams = true, answer = "bytes" },
  ["transcriptions.create"] = { "POST", "/audio/transcriptions",
    body = "multipart", files = "file", streams = true },
  ["translations.create"] = { "POST", "/audio/translations", body = "multipart", files = "file" },
  ["voice_consents.create"] = { "POST", "/audio/voice_consents",
    body = "multipart", files = "recording" },
  ["voice_consents.delete"] = { "DELETE", "/audio/voice_consents/{consent_id}" },
  ["voice_consents.list"] = { "GET", "/audio/voice_consents",
    query = "after limit", page = "after" },
  ["voice_consents.retrieve"] = { "GET", "/audio/voice_consents/{consent_id}" },
  ["voice_consents.update"] = { "POST", "/audio/voice_consents/{consent_id}", body = "json" },
  ["voices.create"] = { "POST", "/audio/voices", body = "multipart", files = "audio_sample" },
}
