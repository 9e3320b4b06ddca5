-- The ways in: a client that goes on from another, defaults, a program that prints a key, files of
-- variables, Azure, webhooks.
local lualogue = require "lualogue"
local core = require "lualogue.core"
local dotenv = require "lualogue.dotenv"

local client = lualogue.new {
  model = "eliza", api_key = "k", max_retries = 0, headers = { ["X-One"] = "1" }, query = { a = 1, b = { 1, 2 } },
}
local params = { messages = { { role = "user", content = "Hi" } } }
local headers = {
  ["webhook-id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek", ["webhook-timestamp"] = "1614265330",
  ["webhook-signature"] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}

local function derive()
  local other = client:with { query = { b = 3 }, headers = { ["X-Two"] = "2" }, defaults = { temperature = 0 } }
  local reply, err = other:chat(params)
  if not reply then error(err, 0) end
  other:close()
  local azure = lualogue.azure { resource = "mine", deployment = "d", api_version = "2024-10-21", api_key = "k" }
  local ok, why = pcall(client.with, client, { base_url = "http://127.0.0.2:1/v1" })
  if not ok and not tostring(why):find("another server", 1, true) then error(why, 0) end
  return reply.text ~= "" and azure.server == "https://mine.openai.azure.com/openai" and not ok
end

local function run()
  local command, why = core.command { "echo", "key" }
  if not command then error(why, 0) end
  local printed
  repeat printed = command:result() until printed ~= false
  command:close()
  return printed == "key\n"
end

return function()
  local event = lualogue.webhook.verify('{"test": 2432232314}', headers, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    { now = 1614265330 })
  local values = dotenv.parse "export A='b'\nC=\"d\\n\" # e\n"
  return event and event.test == 2432232314 and values.C == "d\n" and derive() and run()
end
