-- Encode and decode, a mark, an error with a path.
local json = require("lualogue.json")
local value = {
  model = "m",
  messages = json.array({ { role = "user", content = ("héllo \" \n"):rep(20) } }),
  seed = 123456789012345678,
  temperature = 0.1,
  stop = json.null,
  logit_bias = { [50256] = -100, [11] = 1 },
  response_format = json.ordered({ { "b", 1 }, { "a", json.raw("[1.0]") } }),
}
for i = 1, 20 do value["key" .. i] = i end
json.decode(json.encode(value)) -- whatever is made once is made

return function()
  local text = json.encode(value)
  local back, err = json.decode(text)
  if not back then return not assert(err, "nil came without an error") end
  local ok = pcall(json.encode, { messages = { { content = print } } })
  return not ok and back.seed ~= nil and #back.messages == 1
    and text:find('"response_format":{"b":1,"a":[1.0]}', 1, true) ~= nil
end
