-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  ["calls.accept"] = { "POST", "/realtime/calls/{call_id}/accept",
    body = "json", answer = "nothing" },
  ["calls.create"] = { "POST", "/realtime/calls",
    body = "multipart", parts = "sdp=application/sdp session=application/json", answer = "bytes" },
  ["calls.hangup"] = { "POST", "/realtime/calls/{call_id}/hangup", answer = "nothing" },
  ["calls.refer"] = { "POST", "/realtime/calls/{call_id}/refer",
    body = "json", answer = "nothing" },
  ["calls.reject"] = { "POST", "/realtime/calls/{call_id}/reject",
    body = "json", answer = "nothing" },
  ["client_secrets.create"] = { "POST", "/realtime/client_secrets", body = "json" },
  ["translations.client_secrets.create"] = { "POST", "/realtime/translations/client_secrets",
    body = "json" },
}
