-- What the world does: a refusal, a closed port, a wrong argument.
local lualogue = require "lualogue"
local client = lualogue.new { api_key = "k", max_retries = 0 }
local nobody = lualogue.new { base_url = "http://127.0.0.1:1/v1", api_key = false, max_retries = 0 }
local params = { model = "no such model", messages = { { role = "user", content = "Hi" } } }
client:request("GET", "/models")

return function()
  local reply, err = client:request("GET", "/no/such/path")
  if reply or not err then return false end
  if err.kind ~= "api" or not tostring(err):find("404") then return false end
  reply, err = nobody:chat(params)
  if reply or not err or err.kind ~= "connection" then return false end
  local ok, why = pcall(client.chat, client, { messages = { print } })
  return not ok and tostring(why):find("messages[1]", 1, true) ~= nil
end
