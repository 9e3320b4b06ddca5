-- Opening an encoding, ids and text, special tokens, a cut, messages with tools, errors.
local tokens = require("lualogue.tokens")
local text = ("Hello, wörld! 你好 <|endoftext|> "):rep(40)
local messages = { { role = "user", content = text }, { role = "assistant", content = "hi" } }
local tools = {
  { type = "function", ["function"] = { name = "f", parameters = { properties = { a = { type = "string" } } } } },
}
tokens.for_model("gpt-4o"):count(text) -- whatever is made once is made
tokens.count_messages(messages, "gpt-4o", { tools = tools })

return function()
  local encoding = tokens.for_model("gpt-4o")
  local ids = encoding:encode(text, { allowed_special = { "<|endoftext|>" } })
  local kept, rest = encoding:truncate(text, 10)
  local ok = pcall(encoding.decode, encoding, { -1 })
  local n = tokens.count_messages(messages, "gpt-4o", { tools = tools })
  return not ok and encoding:decode(ids) == text and kept .. rest == text and n ~= nil
end
