-- Encode and decode, a mark, an error with a path.
local json = require("lualogue.json")
local value = {
  model = "m",
  messages = json.array({ { role = "user", content = ("héllo \" \n"):rep(20) } }),
  seed = 123456789012345678,
  temperature = 0.1,
  stop = json.null,
}
json.decode(json.encode(value)) -- whatever is made once is made

return function()
  local text = json.encode(value)
  local back, err = json.decode(text)
  if not back then return not assert(err, "nil came without an error") end
  local ok = pcall(json.encode, { messages = { { content = print } } })
  return not ok and back.seed ~= nil and #back.messages == 1
end
